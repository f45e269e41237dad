"""The record of a store of objects: numbered notes, each made once and never changed -> what the store holds.

A note says that a release is published or not to be used. It is made under the next free number, and only where there
is none yet: so of two runs one is first, the other reads on and sees what has changed.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from jobs.releases.version import parsed
from jobs.stores import Stored, StoreError, ordered

MAX_NOTE: Final = 2**14
_NAME: Final = re.compile(r"([0-9]{8})\.json", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class Record(NamedTuple):
    """What a store holds: the digest of each release, why some are not to be used, and how many notes say so."""

    digests: Mapping[str, str]
    yanked: Mapping[str, str]
    notes: int

    @property
    def stored(self) -> list[Stored]:
        """All releases, oldest version first."""
        return ordered(Stored(version, self.yanked.get(version, "")) for version in self.digests)

    @property
    def next(self) -> str:
        """The name of the next note."""
        return f"{self.notes + 1:08}.json"


def published(version: str, digest: str) -> bytes:
    """The note that a release is public. digest: of its `SHA256SUMS`."""
    return _written({"publish": version, "folder": folder_of(version, digest), "sha256": digest})


def yanked(version: str, reason: str) -> bytes:
    """The note that a release is not to be used."""
    return _written({"yank": version, "reason": reason})


def pointer(version: str | None = None, digest: str = "") -> bytes:
    """What readers are told to be the latest release, or that there is none."""
    place = {"folder": folder_of(version, digest), "sha256": digest} if version else {}
    return _written({"version": version, **place})


def folder_of(version: str, digest: str) -> str:
    """Where the files of a release are: another folder for each content, so that runs never write over each other."""
    return f"v{version}-{digest[:16]}"


def numbers(names: Iterable[str]) -> int:
    """How many notes there are. Raises StoreError where one is missing: to pass over it could move latest back."""
    found = sorted(int(match[1]) for match in map(_NAME.fullmatch, names) if match)
    if found != list(range(1, len(found) + 1)):
        raise StoreError("a note of its record is missing, so nobody knows what is published")
    return len(found)


def read_record(notes: Iterable[bytes]) -> Record:
    """What notes say, in their order. Raises StoreError where one is none or contradicts those before it."""
    digests: dict[str, str] = {}
    why: dict[str, str] = {}
    number = 0
    for number, data in enumerate(notes, 1):
        try:
            note = json.loads(data)
            if set(note) == {"publish", "folder", "sha256"}:
                _publish(digests, note["publish"], note["folder"], note["sha256"])
            elif set(note) == {"yank", "reason"}:
                _yank(digests, why, note["yank"], note["reason"])
            else:
                raise ValueError
        except (ValueError, TypeError, RecursionError):
            raise StoreError(f"the note {number} of its record cannot be understood") from None
    return Record(digests, why, number)


def _publish(digests: dict[str, str], version: str, folder: str, digest: str) -> None:
    sound = parsed(version) and _DIGEST.fullmatch(digest) and folder == folder_of(version, digest)
    if not sound or digests.setdefault(version, digest) != digest:
        raise ValueError


def _yank(digests: Mapping[str, str], why: dict[str, str], version: str, reason: str) -> None:
    if version not in digests or not isinstance(reason, str) or not reason:
        raise ValueError
    why[version] = reason


def _written(note: Mapping[str, str | None]) -> bytes:
    return (json.dumps(note, ensure_ascii=False) + "\n").encode()
