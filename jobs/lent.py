"""Large arguments of work, which other processes of this machine read once instead of being sent them each time."""

import shutil
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeGuard, TypeVar

LARGE: Final = 100_000
"""Bytes from which on an argument does not travel with each piece of work."""

_Result = TypeVar("_Result")


def is_large(argument: object) -> TypeGuard[bytes]:
    """Whether an argument is worth more than sending it with each piece of work."""
    return isinstance(argument, bytes) and len(argument) >= LARGE


class Lent(NamedTuple):
    """An argument that stands in a file."""

    path: str


class Lending:
    """Arguments in files of a folder of their own, for as long as somebody may want them."""

    def __init__(self) -> None:
        """Makes the folder, if there is room for one; nothing is lent yet."""
        self._lent: dict[bytes, Lent] = {}
        try:
            self.place = tempfile.mkdtemp(prefix="openpeel-")
            """The folder, to be closed by whoever made this; empty where there is none."""
        except OSError:
            self.place = ""

    def lend(self, argument: Any) -> Any:
        """What stands for an argument; itself where it is no bytes, or few, or where there is no room for a file."""
        if not is_large(argument) or not self.place:
            return argument
        if argument not in self._lent:
            path = Path(self.place, str(len(self._lent)))
            try:
                path.write_bytes(argument)
            except OSError:
                return argument
            self._lent[argument] = Lent(str(path))
        return self._lent[argument]

    def close(self) -> None:
        """Takes everything back."""
        self._lent.clear()
        if self.place:
            shutil.rmtree(self.place, ignore_errors=True)
            self.place = ""


def with_lent(work: Callable[..., _Result], /, *arguments: Any, **named: Any) -> _Result:
    """What the work returns, given its arguments, of which some are lent. Raises OSError where one is not there."""
    return work(*(_read(each.path) if isinstance(each, Lent) else each for each in arguments), **named)


@lru_cache(maxsize=2)
def _read(path: str) -> bytes:
    """The same object each time, so that nobody needs to look whether it is equal to the one before."""
    return Path(path).read_bytes()
