"""openpeel diff: in what two releases differ, and which version would follow."""

import argparse
import sys
import tempfile
from pathlib import Path

from jobs.releases.show import FORMATS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    words = "a folder with a release, or a store (its latest), or STORE@VERSION"
    parser.add_argument("old", metavar="OLD", help=words)
    parser.add_argument("new", metavar="NEW", help=words)
    parser.add_argument("--format", choices=list(FORMATS), default="text", help="how it is written (default: text)")


def run(arguments: argparse.Namespace) -> int:
    """Prints the findings; 0 also if there are some. Raises WrongUseError where there is no sound release."""
    from jobs.releases.compare import compare
    from jobs.releases.load import load, reasons_between

    with tempfile.TemporaryDirectory(prefix="openpeel-") as folder:
        before = release_at(arguments.old, Path(folder) / "old")
        after = release_at(arguments.new, Path(folder) / "new")
        findings = compare(load(before), load(after), reasons_between(before, after))
    for line in FORMATS[arguments.format](findings):
        sys.stdout.write(line + "\n")
    return 0


def release_at(address: str, folder: Path) -> Path:
    """The folder of a release: the one named, one of a folder of releases, or `folder`, into which it is downloaded.

    Raises WrongUseError where there is none.
    """
    from jobs import WrongUseError
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
    if chosen is None:
        raise WrongUseError(f"{address} has no release{f' {version}' if version else ''}")
    if isinstance(store, FolderStore):
        return store.root / chosen.version
    store.fetch(chosen.version, folder)
    return folder


def parted(address: str) -> tuple[str, str]:
    """The store and the version of `STORE@VERSION`; an empty version where none is named."""
    from jobs.releases.version import parsed

    store, _, version = address.rpartition("@")
    return (store, version) if store and parsed(version) else (address, "")
