"""Large arguments of work, which other processes of this machine read once instead of being sent them each time."""

import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

LARGE: Final = 100_000
"""Bytes from which on an argument travels to a worker only once."""

_Result = TypeVar("_Result")


class Lent(NamedTuple):
    """An argument that stands in a file."""

    path: str


class Lending:
    """Arguments in files of a folder of their own, for as long as somebody may want them."""

    def __init__(self) -> None:
        """Nothing is lent yet."""
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._lent: dict[bytes, Lent] = {}

    def lend(self, argument: Any) -> Any:
        """What stands for an argument; itself where it is no bytes, or few, or where there is no room for a file."""
        if not isinstance(argument, bytes) or len(argument) < LARGE:
            return argument
        if argument not in self._lent:
            try:
                self._folder = self._folder or tempfile.TemporaryDirectory(prefix="openpeel-")
                path = Path(self._folder.name, str(len(self._lent)))
                path.write_bytes(argument)
            except OSError:
                return argument
            self._lent[argument] = Lent(str(path))
        return self._lent[argument]

    def close(self) -> None:
        """Takes everything back."""
        self._lent.clear()
        if self._folder:
            self._folder.cleanup()
            self._folder = None


def with_lent(work: Callable[..., _Result], *arguments: Any) -> _Result:
    """What the work returns, given its arguments, of which some are lent. Raises OSError where one is not there."""
    return work(*(_read(each.path) if isinstance(each, Lent) else each for each in arguments))


@lru_cache(maxsize=2)
def _read(path: str) -> bytes:
    """The same object each time, so that nobody needs to look whether it is equal to the one before."""
    return Path(path).read_bytes()
