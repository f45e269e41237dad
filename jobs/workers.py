"""How many processes the work on single articles gets, and a bar that shows how far it is."""

import ctypes
import gc
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from threading import Thread
from typing import Final

import pyarrow as pa

from jobs.pipeline import FILES_AT_A_TIME

WORTH_A_POOL: Final = 6 * FILES_AT_A_TIME
"""Articles from which on starting processes costs less than it saves."""


_TRIM_THRESHOLD: Final = -1
"""M_TRIM_THRESHOLD of glibc's mallopt."""


def settle_memory() -> None:
    """Makes a short-lived process keep the memory that it has been given: a large build takes half the system time.

    Arrow allocates with jemalloc where it has it; glibc, where it is the C library, returns nothing to the system.
    """
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_TRIM_THRESHOLD, 2**31 - 1)


def settle_worker() -> None:
    """What a process of the pool begins with."""
    gc.disable()
    settle_memory()


@contextmanager
def executor_for(articles: int) -> Iterator[Executor | None]:
    """A pool with a process per core where there is enough to do, otherwise None: this process."""
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if articles < WORTH_A_POOL or workers < 2:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=settle_worker) as pool:
        for _ in range(workers):
            pool.submit(ready)  # the processes start, and import what they need, while the sources are read
        Thread(target=import_module, args=("jobs.across",), daemon=True).start()  # meanwhile, what wave two needs
        yield pool


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
