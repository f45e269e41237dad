"""A table and its CSV file -> whether these are the same cells."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from jobs.contents import StoredFile, loaded
from jobs.problems import escaped
from jobs.releases.cells import cell_type, differing, plain
from jobs.releases.load import MAX_FILE

_FLAGS: Final = {"true_values": ["TRUE"], "false_values": ["FALSE"]}
_ERRORS: Final = (pa.ArrowException, ValueError, MemoryError)
_BLOCK: Final = 2**22
"""Bytes of a CSV file that are compared at a time: so few that they stay in the cache."""
_LARGEST: Final = 2**24
"""A row is shorter, in bytes."""


def csv_faults(folder: Path, name: str, table: pa.Table) -> Iterator[str]:
    """Whether the CSV file has the same cells, read with nothing but the types of the table."""
    data = loaded(StoredFile(str(folder / f"{name}.csv"), MAX_FILE))
    if isinstance(data, OSError):
        yield f"{name}.csv: {data.strerror}"
        return
    types = {field.name: cell_type(field.type) for field in table.schema}
    options = pv.ConvertOptions(
        column_types=types, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=False, **_FLAGS
    )
    if not _same_by_blocks(data, options, table):
        yield from _faults(data, options, name, table)


def _same_by_blocks(data: bytes, options: pv.ConvertOptions, table: pa.Table) -> bool:
    """Whether all cells are the same, looked at in passing. What is not, or cannot be read, is for others to tell."""
    rows = 0
    try:
        blocks = pv.open_csv(pa.BufferReader(data), pv.ReadOptions(block_size=_BLOCK), convert_options=options)
        if blocks.schema.names != table.column_names:
            return False
        for block in blocks:
            due = table.slice(rows, len(block))
            rows += len(block)
            if len(due) < len(block) or not all(
                map(_equal, pa.table(block.columns, block.schema).columns, due.columns)
            ):
                return False
    except _ERRORS:
        return False
    return rows == len(table)


def _faults(data: bytes, options: pv.ConvertOptions, name: str, table: pa.Table) -> Iterator[str]:
    try:
        read = pv.read_csv(pa.BufferReader(data), pv.ReadOptions(block_size=_LARGEST), convert_options=options)
        same = read.column_names == table.column_names and len(read) == len(table)
    except _ERRORS as error:
        yield f"{name}.csv cannot be read: {escaped(str(error).splitlines()[0])[:120]}"
        return
    if not same or not all(map(_equal, read.columns, table.columns)):
        yield f"{name}.csv does not have the cells of {name}.parquet"


def _equal(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    cells = plain(other)
    return one.equals(cells) or not pc.any(differing(one, cells)).as_py()
