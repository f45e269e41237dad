"""The files of a release against its checksums."""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

from jobs.contents import StoredFile, loaded
from jobs.problems import shown
from jobs.releases.load import ABOUT, MAX_FILE
from jobs.staging import SUMS

MAX_TOTAL: Final = 2**32
"""Bytes of all files together."""
MAX_FILES: Final = 1_000
MAX_LIST: Final = 2**20
AT_ONCE: Final = 2
"""Files, and tables, that are looked at at the same time; more would hold more of them in memory."""
_ALWAYS: Final = (ABOUT, "CHANGELOG.md")
_SHOWN: Final = 20
"""Faults of one kind that are told one by one."""
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})", re.ASCII)


class Files(NamedTuple):
    """The digests of the files of a folder by their names, if nothing is wrong with them; else what is wrong."""

    digests: Mapping[str, str]
    faults: list[str]


def files_of(folder: Path) -> Files:
    """Looks whether there are exactly the files that the checksums list, regular ones, each with its digest."""
    if not folder.is_dir():
        return Files({}, [f"{folder} is not a folder"])
    sums = loaded(StoredFile(str(folder / SUMS), MAX_LIST))
    if isinstance(sums, OSError):
        return Files({}, [f"{SUMS}: {sums.strerror}"])
    listed = _listed(sums)
    if listed is None:
        return Files({}, [f"{SUMS} is not a list of checksums, sorted by name, each once"])
    return Files(listed, list(_faults(folder, listed)))


def _faults(folder: Path, listed: Mapping[str, str]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        found = {entry.name: entry.stat(follow_symlinks=False) for entry in islice(entries, MAX_FILES + 1)}
    yield from _few(f"{name} is listed in {SUMS} and not there" for name in sorted(listed.keys() - found.keys()))
    strays = sorted(found.keys() - listed.keys() - {SUMS})
    yield from _few(f"{shown(name)} is not listed in {SUMS}" for name in strays)
    if sum(found[name].st_size for name in listed.keys() & found.keys()) > MAX_TOTAL:
        yield f"its files have more than {MAX_TOTAL:,} bytes"
        return
    names = sorted(listed.keys() & found.keys())
    with ThreadPoolExecutor(AT_ONCE) as threads:
        largest_first = sorted(names, key=lambda name: -found[name].st_size)
        looks = {name: threads.submit(_fault, folder / name, found[name], listed[name]) for name in largest_first}
    yield from _few(fault for name in names for fault in looks[name].result())


def _fault(path: Path, found: os.stat_result, due: str) -> list[str]:
    """What is wrong with a file, if anything is."""
    if not stat.S_ISREG(found.st_mode):
        return [f"{path.name} is not a regular file"]
    try:
        made = StoredFile(str(path), MAX_FILE).sha256()
    except OSError as error:
        return [f"{path.name}: {error.strerror}"]
    return [] if made == due else [f"{path.name} does not have the digest that {SUMS} lists"]


def _few(faults: Iterable[str]) -> Iterator[str]:
    """The first of many faults, and how many more there are."""
    number = 0
    for number, fault in enumerate(faults, 1):
        if number <= _SHOWN:
            yield fault
    if number > _SHOWN:
        yield f"… and {number - _SHOWN:,} more of this kind"


def _listed(data: bytes) -> dict[str, str] | None:
    """Name -> digest; None where the list is cut, not sorted or not a list."""
    lines = data.decode("ascii", errors="replace").split("\n")
    if lines[-1] or len(lines) > MAX_FILES:
        return None
    matches = [match for line in lines[:-1] if (match := _LINE.fullmatch(line))]
    names = [match.group(2) for match in matches]
    if len(names) < len(lines) - 1 or names != sorted(set(names)) or SUMS in names or set(_ALWAYS) - set(names):
        return None
    return {match.group(2): match.group(1) for match in matches}
