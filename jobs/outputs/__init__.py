"""The published formats: one file each, one line below.

To add a format: a module with a function that turns the tables into named bytes, and a line in `OUTPUTS`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import pyarrow as pa

from jobs.outputs.csv import csv_files
from jobs.outputs.parquet import parquet_files

Tables = Mapping[str, pa.Table]
Output = Callable[[Tables], Iterator[tuple[str, bytes]]]

OUTPUTS: Final[dict[str, Output]] = {
    "csv": csv_files,
    "parquet": parquet_files,
}


def render(tables: Tables) -> Iterator[tuple[str, bytes]]:
    """Every file of every format, as (name, bytes)."""
    for output in OUTPUTS.values():
        yield from output(tables)
