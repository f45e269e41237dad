"""A folder with a release -> what a store needs to know of it, every digest compared."""

import hashlib
import json
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from jobs.releases.version import parsed
from jobs.staging import SUMS
from jobs.stores import StoreError

ABOUT: Final = "release.json"
CHANGELOG: Final = "CHANGELOG.md"
MAX_SMALL: Final = 2**26
"""Bytes of a file that is read as a whole: the list of checksums, `release.json`, the changelog."""
MAX_FILES: Final = 1_000
_LINE: Final = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})", re.ASCII)
_PART: Final = 2**18


class Parcel(NamedTuple):
    """A complete release: where it is, what it says of itself, its files with their digests.

    sums: every file but `SHA256SUMS`, whose own digest is `digest`; breaking: whether a finding of it is MAJOR.
    """

    folder: Path
    version: str
    previous: str | None
    breaking: bool
    commit: str
    notes: str
    sums: dict[str, str]
    digest: str

    @property
    def files(self) -> dict[str, str]:
        """Every file with its digest, `SHA256SUMS` last."""
        return self.sums | {SUMS: self.digest}


def read_parcel(folder: Path) -> Parcel:
    """The release in a folder. Raises StoreError where it is not whole, OSError where the disk refuses."""
    listed, digest = read_list(folder)
    compare_names(folder, listed)
    for name, due in listed.items():
        if digest_of(folder / name) != due:
            raise StoreError(f"{folder / name} does not have the digest that {SUMS} lists")
    about = _about(folder, listed)
    commit = about.get("source", {}).get("commit") if isinstance(about.get("source"), dict) else None
    return Parcel(
        folder,
        about["version"],
        about["previous"],
        bool(about.get("breaking")) or about.get("bump") == "MAJOR",
        commit if isinstance(commit, str) and re.fullmatch(r"[0-9a-f]{40}", commit) else "",
        _notes(folder, about["version"]) if CHANGELOG in listed else "",
        listed,
        digest,
    )


def read_list(folder: Path) -> tuple[dict[str, str], str]:
    """The files that a release lists, and the digest of the list. Raises StoreError where there is no sound list."""
    try:
        data = small(folder / SUMS)
    except FileNotFoundError:
        raise StoreError(f"{folder} holds no release: there is no {SUMS}") from None
    except NotADirectoryError:
        raise StoreError(f"{folder} is not a folder") from None
    listed = parsed_list(data)
    if listed is None:
        raise StoreError(f"{folder / SUMS} is cut or not a list of checksums, sorted by name")
    return listed, hashlib.sha256(data).hexdigest()


def parsed_list(data: bytes) -> dict[str, str] | None:
    """The name and digest of every line of a `SHA256SUMS`; None where it is cut or not such a list."""
    found = [_LINE.fullmatch(line) for line in data.decode("ascii", errors="replace").split("\n")]
    listed = {match[2]: match[1] for match in found if match}
    same = "".join(f"{digest}  {name}\n" for name, digest in sorted(listed.items())).encode() == data
    return listed if same and ABOUT in listed and SUMS not in listed and len(listed) <= MAX_FILES else None


def compare_names(folder: Path, listed: Mapping[str, str]) -> None:
    """Raises StoreError where a folder does not hold exactly the listed files and their list."""
    with os.scandir(folder) as entries:
        found = {entry.name for entry in entries}
    refuse_others(str(folder), found, listed)


def refuse_others(place: str, found: Iterable[str], listed: Mapping[str, str]) -> None:
    """Raises StoreError where the names that are there are not exactly the listed ones and that of the list."""
    held = set(found)
    for words, names in (
        ("lacks", {*listed, SUMS} - held),
        ("holds what its SHA256SUMS does not list:", held - {*listed, SUMS}),
    ):
        if names:
            raise StoreError(f"{place} {words} {', '.join(repr(name)[1:-1] for name in sorted(names)[:3])}")


@contextmanager
def empty_folder(target: Path) -> Iterator[None]:
    """An empty folder that is filled, and emptied again where that fails. Raises StoreError where it is not empty."""
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise StoreError(f"{target} is not empty")
    try:
        yield
    except BaseException:
        for path in target.iterdir():
            path.unlink()
        raise


def parts(path: Path) -> Iterator[bytes]:
    """The bytes of a regular file, in parts; follows no link, waits for no pipe. Raises StoreError where it is none."""
    with opened(path) as file:
        while part := file.read(_PART):
            yield part


def digest_of(path: Path) -> str:
    """The sha256 of a regular file. Raises StoreError where it is none."""
    found = hashlib.sha256()
    for part in parts(path):
        found.update(part)
    return found.hexdigest()


def opened(path: Path) -> BinaryIO:
    """A regular file, to be read. Raises StoreError where it is none, OSError where it cannot be read."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        if path.is_symlink():
            raise StoreError(f"{path} is a link") from None
        raise
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise StoreError(f"{path} is not a regular file")
    return os.fdopen(handle, "rb")


def small(path: Path) -> bytes:
    """The bytes of a small regular file. Raises StoreError where it is none or too large."""
    with opened(path) as file:
        data = file.read(MAX_SMALL + 1)
    if len(data) > MAX_SMALL:
        raise StoreError(f"{path} is too large")
    return data


def _about(folder: Path, listed: Mapping[str, str]) -> dict[str, Any]:
    """What `release.json` says, `version` and `previous` being versions."""
    data = small(folder / ABOUT)
    if hashlib.sha256(data).hexdigest() != listed[ABOUT]:
        raise StoreError(f"{folder / ABOUT} changed while it was read")
    try:
        about = json.loads(data)
        before, version = about["previous"], about["version"]
        if about["name"] != "openpeel" or parsed(version) is None or not (before is None or parsed(before)):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise StoreError(f"{folder / ABOUT} does not describe a release of Open PEEL") from None
    return dict(about)


def _notes(folder: Path, version: str) -> str:
    """What the changelog says of a version."""
    text = small(folder / CHANGELOG).decode("utf-8", errors="replace")
    chapters = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    return next((chapter for chapter in chapters if chapter.startswith(f"## {version} ")), "").strip()
