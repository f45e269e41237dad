"""What stands in a folder, here or at an address; nothing is followed, opened or skipped that is not a regular file."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from jobs.addresses import Address, AddressError, Entry, Wanted
from jobs.contents import Content, StoredFile, loaded, status_of
from jobs.problems import Problem

Place = Path | Address
"""Where a folder or a file is: on this machine or at an address."""


class Here(NamedTuple):
    """What stands in a folder of this machine; an `os.DirEntry` takes longer to tell the same of many files."""

    name: str
    path: str

    def stat(self, *, follow_symlinks: bool = False) -> os.stat_result:
        """What the system tells of it. Raises OSError."""
        return os.stat(self.path, follow_symlinks=follow_symlinks)  # noqa: PTH116  (there are many)


Entries = Sequence[os.DirEntry[str] | Entry]
Files = Sequence[Here | Entry]


def refuse_nothing(folder: Place) -> None:
    """Raises NotADirectoryError or FileNotFoundError where a folder is none, AddressError where it is not reached."""
    if isinstance(folder, Address):
        try:
            folder.entries()
        except (FileNotFoundError, NotADirectoryError):
            raise AddressError(f"{folder} is not there, or nothing is in it") from None
    else:
        os.scandir(folder).close()


def entries_of(folder: Place) -> Entries:
    """Whatever stands in a folder, in the order of the names; nothing where there is no folder."""
    if isinstance(folder, Address):
        return _entries_there(folder)
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _entries_there(folder: Address) -> Sequence[Entry]:
    try:
        return folder.entries()
    except (FileNotFoundError, NotADirectoryError):
        return []


def files_of(folder: Place) -> Files:
    """The entries of a folder that are meant to be files, in the order of their names."""
    if isinstance(folder, Address):
        return _entries_there(folder)
    try:
        names = sorted(os.listdir(folder), key=os.fsencode)  # noqa: PTH208  (there are many)
    except (FileNotFoundError, NotADirectoryError):
        return []
    prefix = prefix_of(folder)
    return [Here(name, prefix + name) for name in names]


@dataclass(frozen=True)
class _Distant:
    """A file at an address that is yet to be read."""

    folder: Address
    wanted: Wanted

    def read(self) -> bytes:
        """Its bytes. Raises OSError where it cannot be read, AddressError where the address cannot be reached."""
        (found,) = self.folder.read([self.wanted])
        return found if isinstance(found, bytes) else found.read()


def content_of(folder: Place, entry: Here | Entry, path: str, limit: int, status: os.stat_result) -> Content:
    """The content of a file of at most so many bytes, to be read when it is needed; status: as it was found."""
    if isinstance(folder, Address):
        return _Distant(folder, Wanted(entry.name, entry.size if isinstance(entry, Entry) else None, limit))
    return StoredFile(path, status=status_of(status))


def prefix_of(folder: Place) -> str:
    """What stands before a name in the path of an entry."""
    return str(folder / "x").removesuffix("x")


def fetched(folder: Address, files: Sequence[tuple[str, Content]]) -> list[tuple[str, Content]]:
    """Files in one folder, read all together."""
    contents = folder.read([content.wanted for _, content in files if isinstance(content, _Distant)])
    return [(path, content) for (path, _), content in zip(files, contents, strict=True)]


def data_of(folder: Place, entry: Here | Entry, path: str, limit: int) -> bytes | Problem:
    """The bytes of what should be a regular file within a limit of bytes, or what is wrong with it."""
    found = look(entry, path, limit)
    if isinstance(found, Problem):
        return found
    data = loaded(content_of(folder, entry, path, limit, found))
    if isinstance(data, OSError):
        return Problem(path, 1, 1, "unreadable", f"cannot be read: {data.strerror}")
    return data


def look(entry: Here | Entry, path: str, limit: int) -> os.stat_result | Problem:
    """What the system tells of what should be a regular file within a limit of bytes, or what is wrong with it."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Problem(path, 1, 1, "unreadable", f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(status.st_mode):
        return Problem(path, 1, 1, "not-a-file", f"this is {_kind(status.st_mode)}, not a file")
    if status.st_size > limit:
        return Problem(path, 1, 1, "too-large", f"{status.st_size:,} bytes; a source file has at most {limit:,}")
    return status


def _kind(mode: int) -> str:
    kinds = {stat.S_ISDIR: "a folder", stat.S_ISLNK: "a link", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    return next((words for test, words in kinds.items() if test(mode)), "a device")
