"""openpeel diff: in what two releases differ, and which version would follow."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import WrongUseError
from jobs.releases.show import FORMATS
from jobs.verbs import say
from schemas.optional import pandas_unseen

if TYPE_CHECKING:
    from jobs.releases.foreign import Found
    from jobs.releases.rules import Finding


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    words = (
        "a folder with a release, or a store (its latest), or STORE@VERSION; or a folder of any CSV and Parquet files"
    )
    parser.add_argument("old", metavar="OLD", help=words)
    parser.add_argument("new", metavar="NEW", help=words)
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="how it is written (default: text)")
    words = "the columns that tell the rows of a table apart, where its folder has no release.json; may be repeated"
    parser.add_argument("--key", action="append", default=[], metavar="TABLE=COLUMN,…", help=words)


class NoReleaseError(WrongUseError):
    """A store holds no release that could be used."""


def run(arguments: argparse.Namespace) -> int:
    """Prints the findings; 0 also if there are some, or if the old store is still empty.

    Raises WrongUseError where there is no sound release.
    """
    pandas_unseen()
    with tempfile.TemporaryDirectory(prefix="openpeel-") as folder:
        try:
            before = release_at(arguments.old, Path(folder) / "old")
        except NoReleaseError:
            say(f"there is no release in {arguments.old} yet to compare with")
            return 0
        after = release_at(arguments.new, Path(folder) / "new")
        findings = _compared(before, after, arguments.key)
    for line in FORMATS[arguments.format](findings):
        sys.stdout.write(line + "\n")
    return 0


def _compared(before: Path, after: Path, named: Sequence[str]) -> "list[Finding]":
    from jobs.releases.compare import compare
    from jobs.releases.load import ABOUT, load, reasons_between
    from jobs.releases.pairs import paired

    if all((folder / ABOUT).exists() for folder in (before, after)):
        if named:
            raise WrongUseError("--key is for folders without release.json; these say themselves what their keys are")
        return compare(load(before), load(after), reasons_between(before, after))
    old, new, notes = paired(_found(before), _found(after), dict(map(_key, named)))
    for note in notes:
        say(note)
    return compare(old, new)


def _found(folder: Path) -> "Found":
    from jobs.releases.foreign import found_at, found_in
    from jobs.releases.load import ABOUT, load

    return found_in(load(folder)) if (folder / ABOUT).exists() else found_at(folder)


def _key(text: str) -> tuple[str, tuple[str, ...]]:
    """The table and the columns in `TABLE=COLUMN,COLUMN`. Raises WrongUseError where it is something else."""
    table, _, columns = text.partition("=")
    if not table or not all(columns.split(",")):
        raise WrongUseError(f"{text!r} names no key; write --key TABLE=COLUMN or --key TABLE=COLUMN,COLUMN")
    return table, tuple(columns.split(","))


def release_at(address: str, folder: Path) -> Path:
    """The folder of a release: the one named, one of a folder of releases, or `folder`, into which it is downloaded.

    A folder that holds no release and no store, but tables, counts as one. Raises WrongUseError where there is none.
    """
    from jobs.releases.foreign import holds_tables
    from jobs.releases.load import ABOUT
    from jobs.staging import SUMS
    from jobs.stores import newest, open_store
    from jobs.stores.folder import FolderStore

    if any((Path(address) / name).is_file() for name in (ABOUT, SUMS)):
        return Path(address)
    place, version = parted(address)
    store = open_store(place)
    held = [stored for stored in store.versions() if version in ("", stored.version)]
    chosen = held[0] if version and held else newest(held)
    if chosen is None and isinstance(store, FolderStore) and not held and holds_tables(Path(address)):
        return Path(address)
    if chosen is None:
        words = f"{address} has no release{f' {version}' if version else ''}"
        wrong = version or isinstance(store, FolderStore)  # a folder without releases is a wrong name
        raise WrongUseError(words) if wrong else NoReleaseError(words)
    if isinstance(store, FolderStore):
        return store.root / chosen.version
    store.fetch(chosen.version, folder)
    return folder


def parted(address: str) -> tuple[str, str]:
    """The store and the version of `STORE@VERSION`; an empty version where none is named."""
    from jobs.releases.version import parsed

    store, _, version = address.rpartition("@")
    return (store, version) if store and parsed(version) else (address, "")
