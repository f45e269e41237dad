"""The published formats: one file each, one line below.

To add a format: a module with a function that names its files and how to make them, and a line in `OUTPUTS`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final

import pyarrow as pa

from jobs.outputs.csv import csv_files
from jobs.outputs.parquet import parquet_files

Tables = Mapping[str, pa.Table]
Parts = list[bytes | memoryview]
"""The content of a file, in parts, so that a large one is never copied whole."""
Make = Callable[[], Parts]
Output = Callable[[Tables], Iterator[tuple[str, Make]]]

OUTPUTS: Final[dict[str, Output]] = {
    "csv": csv_files,
    "parquet": parquet_files,
}

AT_ONCE: Final = 2
"""Files made at the same time; more would hold more of them in memory."""


def render(tables: Tables) -> Iterator[tuple[str, Parts]]:
    """Every file of every format, as (name, parts), in the order of the list."""
    waiting: deque[tuple[str, Future[Parts]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for output in OUTPUTS.values():
            for name, make in output(tables):
                waiting.append((name, threads.submit(make)))
                if len(waiting) > AT_ONCE:
                    yield _finished(waiting)
        while waiting:
            yield _finished(waiting)


def file_names(tables: Iterable[str]) -> Iterator[str]:
    """The names of the files of all formats, without making them."""
    nothing = pa.table({})
    for output in OUTPUTS.values():
        yield from (name for name, _ in output(dict.fromkeys(tables, nothing)))


def _finished(waiting: deque[tuple[str, Future[Parts]]]) -> tuple[str, Parts]:
    name, future = waiting.popleft()
    return name, future.result()
