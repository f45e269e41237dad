"""An Arrow table -> rows of a table in SQLite: whole columns made plain, then inserted in one go."""

import sqlite3
from typing import Any, Final

import pyarrow as pa

from jobs.outputs.sqlite.tables import quoted

ROWS_AT_A_TIME: Final = 65_536


def insert(base: sqlite3.Connection, name: str, table: pa.Table) -> None:
    """Inserts all rows, in their order."""
    places = ", ".join("?" * table.num_columns)
    statement = f"INSERT INTO {quoted(name)} VALUES ({places})"  # noqa: S608  (the name is quoted)
    for batch in table.to_batches(max_chunksize=ROWS_AT_A_TIME):
        base.executemany(statement, zip(*map(_plain, batch.columns), strict=True))


def _plain(column: pa.Array) -> list[Any]:
    """Its cells as SQLite keeps them: dates as text, flags as 0 and 1."""
    if pa.types.is_date(column.type):
        return list(column.cast(pa.string()).to_pylist())
    if pa.types.is_boolean(column.type):
        return list(column.cast(pa.int8()).to_pylist())
    return list(column.to_pylist())
