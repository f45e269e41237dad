"""Who does the work on single articles, and a bar that shows how far it is."""

import ctypes
import gc
import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from multiprocessing.process import BaseProcess
from threading import Thread, active_count
from typing import Any, Final, TypeVar

import pyarrow as pa

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


def settle_worker() -> None:
    """What a process of the pool begins with."""
    gc.disable()
    settle_memory()
    if parent := multiprocessing.parent_process():
        Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: BaseProcess) -> None:
    """Ends this process as soon as the one is dead that it works for; nothing else would tell it."""
    parent.join()
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
        self._lending = Lending()

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """Gives the work to one of the processes. Raises BrokenExecutor where too many of them have died.

        A large argument in bytes is read by each process once, however often it is given.
        """
        given = [self._lending.lend(arg) for arg in args]
        while True:
            try:
                future = self.started().submit(with_lent, fn, *given, **kwargs)
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

    def started(self, fresh: bool = False) -> ProcessPoolExecutor:
        """The processes, which have imported what they need, or do so at once.

        fresh: nothing runs beside the caller and nothing is open that others may not have, so that they can be copies
        of this process where the system is made for that, which spares each the imports.
        """
        if self._pool is None:
            context = multiprocessing.get_context("fork" if fresh and sys.platform == "linux" else "spawn")
            self._pool = ProcessPoolExecutor(self._workers, mp_context=context, initializer=settle_worker)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of libraries are at rest
                for _ in range(self._workers):
                    self._pool.submit(ready)
        return self._pool

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Ends the processes."""
        self._end(wait, cancel_futures)
        self._lending.close()

    def _end(self, wait: bool, cancel_futures: bool = False) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)
            self._pool = None


@contextmanager
def executor_for(articles: int) -> Iterator[Workers]:
    """Tells who works on how many articles: a process per core where there is enough to do, otherwise this one.

    articles: how many there will be, as far as is known; if they are worth it, the processes start now.
    """
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def meanwhile(_: object) -> None:
        """Imports what wave two needs; before the first work has been handed out, this would be in its way."""
        Thread(target=import_module, args=("jobs.across",), daemon=True).start()

    pool = Pool(workers, meanwhile)

    def crew(number: int) -> Executor | None:
        return pool if number >= WORTH_A_POOL and workers > 1 else None

    try:
        if articles >= WORTH_A_POOL and workers > 1:
            pool.started(fresh=active_count() == 1)
        yield crew
    finally:
        pool.shutdown(wait=False)  # they take a while to end, and wave two can begin; Python itself waits for them


@contextmanager
def chosen(name: str, articles: int) -> Iterator[Workers]:
    """The executor of that name: `process`, `serial`, or `dask:ADDRESS`. Raises WrongUseError where there is none."""
    if name == "serial":
        yield None
    elif name.startswith(DASK):
        from jobs.cluster import cluster

        with cluster(name.removeprefix(DASK)) as executor:
            yield executor
    else:
        with executor_for(articles) as workers:
            yield workers


def ready() -> None:
    """What a new process is asked first; to answer, it imports this module and with it the job."""


@contextmanager
def progress(articles: int) -> Iterator[Callable[[int], object]]:
    """A bar on the terminal while there is something to wait for; yields what moves it on by a number of articles."""
    if not (sys.stderr and sys.stderr.isatty()) or articles < WORTH_A_POOL:
        yield int
        return
    from tqdm import tqdm

    with tqdm(total=articles, unit=" articles", leave=False) as bar:
        yield bar.update
