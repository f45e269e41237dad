"""A second process that begins before this one has imported anything large, and does what can be done meanwhile.

It looks at the files of a source folder, then imports what it takes to check tables, and checks those that it is given.
It is a copy of this process, made while nothing else runs in it, and ends with it. Whatever becomes of it, its work can
be done here as well.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import active_count
from typing import TYPE_CHECKING, Any, Final, NoReturn
from weakref import finalize

from jobs.forked import unwarned

if TYPE_CHECKING:
    import pyarrow as pa

    from jobs.checks import Breach
    from jobs.entries import Looks

CORES: Final = 2
"""So many, or nothing can be done meanwhile."""
PATIENCE: Final = 300.0
"""Seconds after which an answer is not waited for any more; a look at many files of a slow disk takes some."""
READY: Final = True
"""What it says once it has imported what checks take: then it listens, and whatever is sent is read."""


class Aside:
    """The other process, as this one sees it."""

    def __init__(self, process: int, there: Connection) -> None:
        """Its number, and what leads to it."""
        self._there = there
        self.close: Callable[[], object] = finalize(self, _ended, process, there)
        """Ends it, at the latest when nobody has this any more."""

    def looked(self) -> "Looks | None":
        """What it has seen of the articles, to be asked for once and before its work; None if it is lost."""
        looks: Looks | None = self._answer()
        return looks

    def asked(self, work: Callable[..., Any], *given: object) -> Any:
        """What `work(*given)` returns there, or here if it is lost; with this it ends."""
        try:
            if self._answer() is READY:
                self._there.send((work, given))
                if (answer := self._answer()) is not None:
                    return answer
        except OSError:
            pass
        finally:
            self.close()
        return work(*given)

    def _answer(self) -> Any:
        """What it says next; None if it is lost, or has nothing to say for so long that it must be."""
        try:
            if self._there.poll(PATIENCE):
                return self._there.recv()
        except (OSError, EOFError, pickle.UnpicklingError):
            pass
        self.close()
        return None


def _ended(process: int, there: Connection) -> None:
    with suppress(OSError):
        there.close()
    with suppress(OSError):
        if not os.waitpid(process, os.WNOHANG)[0]:
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)


def aside_of(folder: object) -> Aside | None:
    """Another process that looks at the articles of a source folder; None where there is no room or no use for it."""
    alone = active_count() == 1 and "pyarrow" not in sys.modules  # which has threads of its own
    if sys.platform != "linux" or not isinstance(folder, Path) or not alone or len(os.sched_getaffinity(0)) < CORES:
        return None
    import pyarrow.compute  # noqa: F401  (both need it; its threads are at rest before it has work)

    try:
        there, here = Pipe()
    except OSError:
        return None
    with here, unwarned(), _uninterrupted() as interrupts:
        try:
            process = os.fork()
        except OSError:
            there.close()
            return None
        if not process:
            _serve(folder / "articles", here, there, interrupts)
    return Aside(process, there)


def check(tables: "Mapping[str, pa.Table]", wanted: Collection[str]) -> "list[Breach]":
    """All breaches in the wanted tables; of the others, to which these refer, the keys will do.

    It is asked of the other process, and imports there what this one can do without.
    """
    from jobs.checks import check_tables

    return check_tables(tables, wanted)


@contextmanager
def _uninterrupted() -> Iterator[set[signal.Signals]]:
    """Lets no interruption come between; yields what may interrupt otherwise."""
    interrupts = {signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, interrupts)
    try:
        yield interrupts
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, interrupts)


def _serve(folder: Path, first: Connection, own: Connection, interrupts: set[signal.Signals]) -> NoReturn:
    """What the other process does, until nobody listens any more; what is open or waiting here belongs to the first.

    own: the end of the first process; interrupts: what that one sees to, and what makes it end this one.
    """
    try:
        for interrupt in interrupts:
            signal.signal(interrupt, signal.SIG_IGN)
        own.close()
        from jobs.entries import looks_at

        first.send(looks_at(folder))
        import jobs.checks  # noqa: F401

        first.send(READY)
        work, given = first.recv()
        first.send(work(*given))
    finally:
        os._exit(0)
