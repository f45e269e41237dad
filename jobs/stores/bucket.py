"""What a store of objects asks a file system of fsspec, each question in one place; everything fails as StoreError."""

import errno
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from jobs.addresses import Address, AddressError, Lost, Wanted, opened, reaching, sound
from jobs.stores import StoreError

_CONDITIONS: Final = ("s3", "s3a", "gs", "gcs", "memory")
"""Protocols that can make an object only where there is none, in one request."""
_TAGS: Final = ("s3", "s3a")
"""Protocols that can replace an object only as it was read."""


class Bucket:
    """A folder of objects. Nothing that is asked for is remembered, nothing is deleted."""

    def __init__(self, address: str) -> None:
        """Those at an address. Raises StoreError where it is none or cannot be used."""
        with _refusing():
            self.place = Address(sound(address), list(opened(address, kept=False)))
        self.protocol = address.partition(":")[0]
        self.tells_tags = self.protocol in _TAGS

    def refuse_without_conditions(self) -> None:
        """Raises StoreError where two runs cannot be kept apart."""
        if self.protocol not in _CONDITIONS:
            words = f"{self.protocol}:// cannot make a file only where there is none, so nothing can be published there"
            raise StoreError(f"{self.place}: {words} safely; releases can be read from it")

    def sizes(self, folder: str) -> dict[str, int | None]:
        """Name -> bytes of whatever stands in a folder; empty where there is none."""
        with _refusing():
            try:
                return {entry.name: entry.size for entry in (self.place / folder).entries()}
            except (FileNotFoundError, NotADirectoryError):
                return {}

    def read(self, folder: str, names: Sequence[str], limit: int) -> list[bytes]:
        """The bytes of small objects, all asked for at the same time."""
        with _refusing():
            found = (self.place / folder).read([Wanted(name, None, limit) for name in names])
        return [_whole(part, f"{self.place / folder}/{name}") for name, part in zip(names, found, strict=True)]

    def get(self, name: str, path: Path) -> None:
        """Downloads an object into a new file."""
        system, root = self._opened()
        with _refusing(), reaching(str(self.place / name)):
            system.get_file(f"{root}/{name}", str(path))

    def put(self, path: Path, name: str) -> None:
        """Sends a file, whatever was there."""
        system, root = self._opened()
        with _refusing(), reaching(str(self.place / name)):
            system.put_file(str(path), f"{root}/{name}")

    def create(self, name: str, data: bytes) -> bool:
        """Makes an object where there is none; whether it was this request that made it.

        If it is not clear how the request ended, what is there now tells.
        """
        system, root = self._opened()
        try:
            with _refusing(), reaching(str(self.place / name)):
                system.pipe_file(f"{root}/{name}", data, mode="create")
        except FileExistsError:
            return False
        except StoreError:
            folder, _, last = name.rpartition("/")
            if last not in self.sizes(folder):
                raise
            return self.read(folder, [last], len(data) + 1) == [data]
        return True

    def tag(self, name: str) -> str:
        """What tells an object from what it was before; empty where there is none."""
        system, root = self._opened()
        try:
            with reaching(str(self.place / name)):
                return str(system.info(f"{root}/{name}")["ETag"])
        except FileNotFoundError:
            return ""
        except AddressError as error:
            raise StoreError(str(error)) from None

    def replace(self, name: str, data: bytes, tag: str) -> None:
        """Replaces an object that still has a tag, or makes it where it had none; else nothing."""
        system, root = self._opened()
        how = {"IfMatch": tag} if tag else {"IfNoneMatch": "*"}
        with _refusing(), reaching(str(self.place / name)):
            try:
                system.pipe_file(f"{root}/{name}", data, **how)
            except FileExistsError:
                return
            except OSError as error:
                if error.errno != errno.EINVAL:  # so s3fs calls a tag that is not the one of the object
                    raise

    def _opened(self) -> tuple[Any, str]:
        system, root = self.place.opened()
        return system, root.rstrip("/")


@contextmanager
def _refusing() -> Iterator[None]:
    """What an address refuses, the store refuses."""
    try:
        yield
    except AddressError as error:
        raise StoreError(str(error)) from None
    except FileNotFoundError as error:
        raise StoreError(f"{error.filename or error} is not there") from None


def _whole(part: bytes | Lost, name: str) -> bytes:
    if isinstance(part, Lost):
        raise StoreError(f"{name} cannot be read: {part.words}")
    return part
