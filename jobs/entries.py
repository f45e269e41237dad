"""What stands in a folder, here or at an address; nothing is followed, opened or skipped that is not a regular file."""

import os
import stat
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, overload

from jobs.addresses import Address, AddressError, Entry, Wanted
from jobs.contents import Content, StoredFile, loaded, status_of
from jobs.problems import Problem

Place = Path | Address
"""Where a folder or a file is: on this machine or at an address."""


class Here(NamedTuple):
    """What stands in a folder of this machine; an `os.DirEntry` takes longer to tell the same of many files."""

    name: str
    path: str


class Looks(NamedTuple):
    """All that stands in a folder of this machine, as it was seen at once.

    names: in their order; numbers: mode and `Status` of each, one after the other, or zeros where nothing was told.
    """

    names: list[str]
    numbers: "array[int]"


WIDTH: Final = 6
"""Numbers of each file."""
_NOTHING: Final = (0,) * WIDTH


def looks_at(folder: Path) -> Looks:
    """What stands in a folder; nothing where that cannot be seen, or counted in 64 bits."""
    numbers = array("q")
    try:
        names = _names(folder)
        prefix = prefix_of(folder)
        for name in names:
            try:
                told = os.stat(prefix + name, follow_symlinks=False)  # noqa: PTH116
                numbers.extend((told.st_mode, *status_of(told)))
            except FileNotFoundError:
                numbers.extend(_NOTHING)
    except (OSError, OverflowError):
        return Looks([], array("q"))
    return Looks(names, numbers)


class Stored(Sequence[tuple[str, Content]]):
    """The files of a folder that were seen at once: path and content of each, made when somebody asks."""

    def __init__(self, folder: Path, looks: Looks) -> None:
        """looks: at files alone."""
        self._prefix, self.looks = prefix_of(folder), looks

    def __len__(self) -> int:
        """How many there are."""
        return len(self.looks.names)

    @overload
    def __getitem__(self, index: int) -> tuple[str, Content]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, Content]]: ...

    def __getitem__(self, index: int | slice) -> tuple[str, Content] | Sequence[tuple[str, Content]]:
        """One of them, or some."""
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        path, start = self._prefix + self.looks.names[index], range(len(self))[index] * WIDTH
        return path, StoredFile(path, status=tuple(self.looks.numbers[start + 1 : start + WIDTH]))


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
        names = _names(folder)
    except (FileNotFoundError, NotADirectoryError):
        return []
    prefix = prefix_of(folder)
    return [Here(name, prefix + name) for name in names]


def _names(folder: Path) -> list[str]:
    names = os.listdir(folder)  # noqa: PTH208  (there are many)
    return sorted(names, key=None if "".join(names).isascii() else os.fsencode)


@dataclass(frozen=True)
class _Distant:
    """A file at an address that is yet to be read."""

    folder: Address
    wanted: Wanted

    def read(self) -> bytes:
        """Its bytes. Raises OSError where it cannot be read, AddressError where the address cannot be reached."""
        (found,) = self.folder.read([self.wanted])
        return found if isinstance(found, bytes) else found.read()


def prefix_of(folder: Place) -> str:
    """What stands before a name in the path of an entry."""
    return str(folder / "x").removesuffix("x")


def fetched(folder: Address, files: Sequence[tuple[str, Content]]) -> list[tuple[str, Content]]:
    """Files in one folder, read all together."""
    contents = folder.read([content.wanted for _, content in files if isinstance(content, _Distant)])
    return [(path, content) for (path, _), content in zip(files, contents, strict=True)]


def data_of(folder: Place, entry: Here | Entry, path: str, limit: int) -> bytes | Problem:
    """The bytes of what should be a regular file within a limit of bytes, or what is wrong with it."""
    found = content_of(folder, entry, path, limit)
    if isinstance(found, Problem):
        return found
    data = loaded(found)
    if isinstance(data, OSError):
        return Problem(path, 1, 1, "unreadable", f"cannot be read: {data.strerror}")
    return data


def content_of(folder: Place, entry: Here | Entry, path: str, limit: int) -> Content | Problem:
    """What should be a regular file within a limit of bytes, to be read when it is needed; or what is wrong with it."""
    try:
        told = os.stat(entry.path, follow_symlinks=False) if isinstance(entry, Here) else entry.stat()  # noqa: PTH116
    except OSError as error:
        return Problem(path, 1, 1, "unreadable", f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(told.st_mode):
        return Problem(path, 1, 1, "not-a-file", f"this is {_kind(told.st_mode)}, not a file")
    if told.st_size > limit:
        return Problem(path, 1, 1, "too-large", f"{told.st_size:,} bytes; a source file has at most {limit:,}")
    if isinstance(folder, Address):
        return _Distant(folder, Wanted(entry.name, entry.size if isinstance(entry, Entry) else None, limit))
    return StoredFile(path, status=status_of(told))


def _kind(mode: int) -> str:
    kinds = {stat.S_ISDIR: "a folder", stat.S_ISLNK: "a link", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    return next((words for test, words in kinds.items() if test(mode)), "a device")
