"""Tables -> a folder of many Parquet files by cycle and force, so that a query opens only those that it asks for.

The layout is that of Hive, which DuckDB, pyarrow, polars and Spark take for columns: `grades/cycle_id=peel-2023-25/
force_id=kent/part-0.parquet`. A table without the two columns is one file. What has no cycle or force is under the name
that Hive has for that.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs import WrongUseError
from jobs.coded import plain
from jobs.outputs.parquet import parquet_bytes
from jobs.staging import staged, sweep

BY: Final = ("cycle_id", "force_id")
NOTHING: Final = "__HIVE_DEFAULT_PARTITION__"


def partitions(tables: Mapping[str, pa.Table]) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of every file; rows keep the order of their table, in which texts may be dictionaries."""
    for name, table in zip(tables, map(plain, tables.values()), strict=True):
        for folder, rows in _parted(table) if set(BY) <= set(table.column_names) else [("", table)]:
            yield f"{name}/{folder}part-0.parquet", parquet_bytes(rows)


def lay_out(tables: Mapping[str, pa.Table], out: Path) -> None:
    """Makes a new or empty folder one of partitions, all or nothing. Raises WrongUseError where it holds something."""
    out = out.absolute()
    _refuse(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    sweep(out.parent)
    with staged(out.parent) as beside:
        for path, data in partitions(tables):
            file = beside / "partitions" / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        _refuse(out)  # again: writing took its time
        (beside / "partitions").replace(out)


def _refuse(out: Path) -> None:
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise WrongUseError(f"{out} is not an empty folder; name another one")


def _parted(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each cycle and force, without these two columns; an empty table has one part all the same."""
    values = [pc.fill_null(table[name], NOTHING) for name in BY]
    names = pc.binary_join_element_wise(*values, "/").combine_chunks().dictionary_encode()
    rest = table.drop_columns(list(BY)).take(pc.sort_indices(names.indices))
    start = 0
    for number, length in sorted(
        (found["values"], found["counts"]) for found in names.indices.value_counts().to_pylist()
    ):
        pair = zip(BY, names.dictionary[number].as_py().split("/"), strict=True)
        yield "".join(f"{name}={value}/" for name, value in pair), rest.slice(start, length)
        start += length
    if not len(table):
        yield "".join(f"{name}={NOTHING}/" for name in BY), rest
