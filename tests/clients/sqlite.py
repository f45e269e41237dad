"""SQLite: the tables of openpeel.sqlite -> what it holds; a flag by its declared type, a date as text."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

FILE: Final = "openpeel.sqlite"

Columns = dict[str, list[object]]


def read(folder: Path, names: list[str]) -> Mapping[str, Columns]:
    """`SELECT * FROM name`."""
    with closing(sqlite3.connect(f"{(folder / FILE).as_uri()}?mode=ro", uri=True)) as connection:
        return {name: _columns(connection, name) for name in names}


def _columns(connection: sqlite3.Connection, table: str) -> Columns:
    types = {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})")}
    rows = connection.execute(f"SELECT * FROM {table}").fetchall()
    return {name: [_cell(row[index], types[name]) for row in rows] for index, name in enumerate(types)}


def _cell(cell: object, declared: str) -> object:
    return bool(cell) if cell is not None and declared.upper().startswith("BOOL") else cell
