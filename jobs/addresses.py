"""An address such as `s3://bucket/sources` -> what stands there, through fsspec: listed first, then read at once.

What a listing has shown stays as it was for as long as an address is used: a run works with one state of a folder.
Whoever may read there is settled by the environment; an address holds no credentials, so it can be printed.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

from jobs import WrongUseError
from jobs.problems import escaped

MAX_ENTRIES: Final = 1_000_000
"""Of one folder."""
MAX_TOTAL: Final = 2**32
"""Bytes that are held in memory at the same time."""
AT_ONCE: Final = 1_000
"""Files asked for together; fsspec sends some of these requests at the same time."""

_HERE: Final = ("file", "local")
_EXTRAS: Final = {"s3": "s3", "s3a": "s3"}
"""Protocol -> our extra that installs what it needs."""
_PATIENT: Final[dict[str, Any]] = {"connect_timeout": 10, "read_timeout": 60, "retries": {"total_max_attempts": 2}}
_ROUNDS: Final = 2
"""Of those attempts, as s3fs counts; so a silent host is given up after minutes, not after half an hour."""
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]*:(?:/|:)[!-~]*", re.ASCII)
_SECRET: Final = re.compile(r"SECRET|TOKEN|PASSWORD|KEY", re.ASCII)


class AddressError(WrongUseError):
    """An address that is none, cannot be reached or refuses, in one line without secrets."""


class Entry(NamedTuple):
    """What stands in a folder at an address; answers what an `os.DirEntry` is asked. size: None where nobody knows."""

    name: str
    mode: int
    size: int | None

    def is_symlink(self) -> bool:
        """Whether it is a link."""
        return stat.S_ISLNK(self.mode)

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        return stat.S_ISDIR(self.mode)

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Kind and size."""
        return os.stat_result((self.mode, 0, 0, 1, 0, 0, self.size or 0, 0, 0, 0))


class Wanted(NamedTuple):
    """A file to be read: where it is, the size that its folder told, and how many bytes it may have."""

    path: str
    size: int | None
    limit: int


@dataclass(frozen=True)
class Lost:
    """A file that could not be read, and why."""

    words: str

    def read(self) -> bytes:
        """Raises OSError."""
        raise OSError(errno.EIO, self.words)


@dataclass(frozen=True)
class Address:
    """A folder or file at an address. Every method raises AddressError where the address cannot be reached."""

    text: str
    _opened: list[Any] = field(default_factory=list, repr=False, compare=False)
    _under: str = ""

    def __str__(self) -> str:
        """The address, as it may be shown."""
        return f"{self.text.rstrip('/')}/{self._under}" if self._under else self.text

    def __truediv__(self, name: str) -> "Address":
        """What has this name in the folder."""
        return Address(self.text, self._opened, "/".join(part for part in (self._under, name) if part))

    def entries(self) -> list[Entry]:
        """What stands in the folder, sorted by name. Raises FileNotFoundError or NotADirectoryError if it is none."""
        system, path = self.opened()[0], self._path()
        with reaching(str(self)):
            try:
                listed = system.ls(path, detail=True)
            except FileNotFoundError as error:
                if hasattr(error.__cause__, "response"):  # the server says so: there is no such bucket
                    raise AddressError(f"{self} is not there: {told(error)}") from None
                raise
        if len(listed) > MAX_ENTRIES:
            raise AddressError(f"{self} holds more than {MAX_ENTRIES:,} files")
        entries = [entry for entry in (_entry(told, path) for told in listed) if entry]
        if any(not entry.name for entry in entries):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(self))
        return sorted(entries, key=lambda entry: os.fsencode(entry.name))

    def read(self, wanted: Sequence[Wanted]) -> "list[bytes | Lost]":
        """The bytes of files, asked for at the same time; of a file that is larger by now than it may be, why not."""
        if sum(file.size or 0 for file in wanted) > MAX_TOTAL:
            raise AddressError(f"{self} holds more than {MAX_TOTAL:,} bytes")
        found: list[bytes | Lost] = []
        for start in range(0, len(wanted), AT_ONCE):
            found += self._read(wanted[start : start + AT_ONCE])
        return found

    def _read(self, wanted: Sequence[Wanted]) -> "Iterator[bytes | Lost]":
        system = self.opened()[0]
        some = [file for file in wanted if file.size != 0]
        paths = [self._path(file.path) for file in some]
        with reaching(str(self)):
            ends = [file.limit + 1 for file in some]
            parts = system.cat_ranges(paths, [0] * len(some), ends, on_error="return") if some else []
        read = dict(zip((file.path for file in some), parts, strict=True))
        for file in wanted:
            part = read.get(file.path, b"")
            if isinstance(part, BaseException):
                yield Lost(told(part))
            else:
                yield bytes(part) if len(part) <= file.limit else Lost(os.strerror(errno.EFBIG))

    def _path(self, name: str = "") -> str:
        return "/".join(part for part in (self.opened()[1].rstrip("/"), self._under, name) if part)

    def opened(self) -> tuple[Any, str]:
        """The file system and the path in it of the address that was named."""
        if not self._opened:
            self._opened.extend(opened(self.text, kept=True))
        return self._opened[0], self._opened[1]


def place_of(text: str) -> Path | Address:
    """The folder that a text names, on this machine or at an address. Raises AddressError where it is neither."""
    if not is_address(text):
        return Path(text)
    protocol, _, path = text.partition("://")
    return Path(path) if protocol in _HERE else Address(sound(text))


def is_address(text: str) -> bool:
    """Whether a text is meant as an address."""
    return "://" in text or "::" in text


def sound(text: str) -> str:
    """An address that can be printed. Raises AddressError, without showing what it holds."""
    protocol = text.partition(":")[0]
    if re.search(r"//[^/]*:[^/]*@", text) and protocol != "github":
        raise AddressError("an address with credentials would show them everywhere; these belong into the environment")
    if not _ADDRESS.fullmatch(text) or re.search(r"[?#*\[\]]", text) or ".." in re.split(r"[/:]", text):
        raise AddressError(f"{escaped(text.partition('?')[0])[:200]} is no address such as s3://bucket/folder")
    return text


def opened(text: str, *, kept: bool) -> tuple[Any, str]:
    """The file system of an address and the path in it. kept: whether listings are asked for only once."""
    protocol = text.partition(":")[0]
    with reaching(text):
        import fsspec

        options = {name: {"config_kwargs": _PATIENT} for name in _EXTRAS if f"{name}://" in text}
        try:
            system, path = fsspec.url_to_fs(text, skip_instance_cache=True, use_listings_cache=kept, **options)
        except ImportError as error:
            extra = _EXTRAS.get(protocol)
            how = f'pip install "openpeel[{extra}]"' if extra else told(error)
            raise AddressError(f"{text} cannot be used: it needs {how}") from None
        except ValueError:
            raise AddressError(f"{text} is no address: fsspec knows no {escaped(protocol)}") from None
        if hasattr(system, "retries"):
            system.retries = _ROUNDS
    return system, str(path)


@contextmanager
def reaching(address: str) -> Iterator[None]:
    """Whatever a file system raises becomes an AddressError, but for what is there or not there.

    The libraries behind fsspec raise errors of many families, so all of them are caught, here only.
    """
    try:
        yield
    except (AddressError, FileNotFoundError, NotADirectoryError, FileExistsError):
        raise
    except PermissionError as error:
        raise AddressError(f"{address} refuses: {told(error)} (are the credentials in the environment?)") from None
    except Exception as error:
        raise AddressError(f"{address} cannot be reached: {told(error)}") from None


def told(error: BaseException) -> str:
    """What an error of a library says, in one line without secrets."""
    line = " ".join(str(error).split()) or type(error).__name__
    line = re.sub(r"//[^/@\s]+@", "//…@", line)
    for name, value in os.environ.items():
        if _SECRET.search(name.upper()) and len(value) > 3:
            line = line.replace(value, "…")
    return escaped(line)[:200]


def _entry(listed: dict[str, Any], folder: str) -> Entry | None:
    """One entry of a listing; None for the mark that some programs leave for an empty folder."""
    path, base = str(listed["name"]).lstrip("/"), folder.strip("/")
    name = path.removeprefix(base).removeprefix("/") if base else path
    kinds = {"file": stat.S_IFREG, "directory": stat.S_IFDIR, "link": stat.S_IFLNK}
    kind = "link" if listed.get("islink") else str(listed.get("type"))
    if path.endswith("/") and kind == "file" and not listed.get("size"):
        return None
    return Entry(name or "/" * path.endswith("/"), kinds.get(kind, stat.S_IFCHR) | 0o644, listed.get("size"))
