"""Who does the work on single articles, and a bar that shows how far it is."""

import ctypes
import gc
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from importlib import import_module
from multiprocessing.process import BaseProcess
from threading import Thread, active_count
from typing import Any, Final, TypeVar

import pyarrow as pa

from jobs.forked import unwarned
from jobs.lent import Lending, with_lent
from jobs.pipeline import FILES_AT_A_TIME, Workers

_Result = TypeVar("_Result")

WORTH_A_POOL: Final = 3 * FILES_AT_A_TIME
"""Articles from which on starting processes costs less than it saves."""

RENEWALS: Final = 3
"""How often processes that died are replaced before this process does the work itself."""
DASK: Final = "dask:"

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of glibc's mallopt; 32 MiB is the most that it takes for the latter."""


def settle_memory() -> None:
    """Makes a short-lived process keep the memory that it has been given: a large build takes half the system time.

    Arrow allocates with jemalloc where it has it; glibc, where it is the C library, returns nothing to the system.
    """
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)
        libc.mallopt(_MMAP_THRESHOLD, 2**25)  # or each array of some 100 kB is new pages, which the system must clear


def give_back() -> None:
    """Gives the memory that is free back to the system, once much of it has become free that is not wanted again."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)


def settle_worker(lent: str = "") -> None:
    """What a process of the pool begins with; lent: the folder of what is lent to it."""
    gc.disable()
    settle_memory()
    if parent := multiprocessing.parent_process():
        Thread(target=_follow, args=(parent, lent), daemon=True).start()


def _follow(parent: BaseProcess, lent: str) -> None:
    """Ends this process as soon as the one is dead that it works for; nothing else would tell it, or clear up."""
    parent.join()
    if lent:
        shutil.rmtree(lent, ignore_errors=True)
    os._exit(1)


class Pool(Executor):
    """Processes of this machine, a new set of them where one of them dies."""

    near: Final = True
    """They see the same files."""

    def __init__(self, workers: int, begun: Callable[[object], object] = id) -> None:
        """workers: how many at the same time. None is started yet. begun: called with the first work that is done."""
        self._workers, self._renewals = workers, RENEWALS
        self._begun: Callable[[object], object] | None = begun
        self._pool: ProcessPoolExecutor | None = None
        self._lending: Lending | None = None

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """Gives the work to one of the processes. Raises BrokenExecutor where too many of them have died.

        A large argument in bytes is read by each process once, however often it is given.
        """
        while True:
            try:
                pool, lending = self.started()
                future = pool.submit(with_lent, fn, *map(lending.lend, args), **kwargs)
            except BrokenExecutor:
                if not self._renewals:
                    raise
                self._renewals -= 1
                self._end(wait=False)
            else:
                if self._begun:
                    future.add_done_callback(self._begun)
                    self._begun = None
                return future

    def started(self, fresh: bool = False) -> tuple[ProcessPoolExecutor, Lending]:
        """The processes, which have imported what they need or do so at once, and what is lent to them.

        fresh: no thread of ours runs beside the caller, and no lock is held by an open file, so that they can be copies
        of this process where the system is made for that, which spares each the imports. Raises OSError where there is
        no room for them.
        """
        if self._lending is None:
            self._lending = Lending()
        if self._pool is None:
            copies, before = fresh and sys.platform == "linux", multiprocessing.active_children()
            context = multiprocessing.get_context("fork" if copies else "spawn")
            given = (self._lending.place,)
            pool = ProcessPoolExecutor(self._workers, context, initializer=settle_worker, initargs=given)
            try:
                with unwarned() if copies else nullcontext():
                    for _ in range(self._workers):
                        pool.submit(ready)
            except BaseException:  # some may run that nobody would ever end
                for child in multiprocessing.active_children():
                    if child not in before:
                        child.kill()
                raise
            self._pool = pool
        return self._pool, self._lending

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the processes."""
        self._end(wait, cancel_futures)
        if self._lending is not None:
            self._lending.close()
            self._lending = None

    def _end(self, wait: bool, cancel_futures: bool = False) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)
            self._pool = None


@contextmanager
def executor_for(fresh: bool) -> Iterator[Workers]:
    """Tells who works on how many articles: a process per core where there is enough to do, otherwise this one.

    fresh: this process has done nothing yet and holds no lock.
    """
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def meanwhile(_: object) -> None:
        """Imports what wave two needs; while the first work is handed out, this would be in its way."""
        Thread(target=import_module, args=("jobs.across",), daemon=True).start()

    pool = Pool(workers, meanwhile)

    def crew(number: int) -> Executor | None:
        if number < WORTH_A_POOL or workers == 1:
            return None
        with suppress(OSError, BrokenExecutor):  # whoever submits work meets it again
            pool.started(fresh and active_count() == 1)
        return pool

    try:
        yield crew
    finally:
        pool.shutdown(wait=False)  # they take a while to end, and wave two can begin; Python itself waits for them


@contextmanager
def chosen(name: str, fresh: bool = False) -> Iterator[Workers]:
    """The executor of that name: `process`, `serial`, or `dask:ADDRESS`. Raises WrongUseError where there is none.

    fresh: this process has done nothing yet and holds no lock.
    """
    if name == "serial":
        yield None
    elif name.startswith(DASK):
        from jobs.cluster import cluster

        with cluster(name.removeprefix(DASK)) as executor:
            yield executor
    else:
        with executor_for(fresh) as workers:
            yield workers


def ready() -> None:
    """What a new process is asked first; to answer, it imports this module and with it the job, unless it is a copy."""


@contextmanager
def progress(articles: int) -> Iterator[Callable[[int], object]]:
    """A bar on the terminal while there is something to wait for; yields what moves it on by a number of articles."""
    if not (sys.stderr and sys.stderr.isatty()) or articles < WORTH_A_POOL:
        yield int
        return
    from tqdm import tqdm

    with tqdm(total=articles, unit=" articles", leave=False) as bar:
        yield bar.update
