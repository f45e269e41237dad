"""Real clients: each reads published files back, and what it holds then is compared with the tables, cell by cell."""

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from tests.clients import libreoffice, programs, r

Columns = dict[str, list[object]]
"""A table as a client holds it: its columns in order, a null as None."""


class Client(NamedTuple):
    """A program that reads our files.

    missing: why it cannot be asked on this machine, or nothing; read: a folder and the names of its tables -> what the
    client holds; leaves_dates: dates stay text in it unless one asks for more; digits: significant digits that it
    keeps of a decimal, 17 being all.
    """

    missing: Callable[[], str]
    read: Callable[[Path, list[str]], Mapping[str, Columns]]
    leaves_dates: bool = False
    digits: int = 17


CLIENTS: Final[dict[str, Client]] = {
    "pandas, CSV": Client(str, programs.pandas_csv, leaves_dates=True),
    "pandas, Parquet": Client(str, programs.pandas_parquet),
    "polars, CSV": Client(str, programs.polars_csv),
    "polars, Parquet": Client(str, programs.polars_parquet),
    "DuckDB, CSV": Client(str, programs.duckdb_csv),
    "DuckDB, Parquet": Client(str, programs.duckdb_parquet),
    "R, read.csv": Client(r.missing_r, partial(r.read, "read.csv"), leaves_dates=True),
    "R, readr": Client(r.missing_readr, partial(r.read, "readr")),
    "LibreOffice": Client(libreoffice.missing, libreoffice.read, digits=15),
}


def differences(client: Client, table: pa.Table, found: Columns) -> list[str]:
    """What a client holds otherwise than the table; empty if every cell has its value and its type."""
    if list(found) != table.column_names:
        return [f"columns {list(found)}"]
    lines = []
    for name, column in zip(table.column_names, table.columns, strict=True):
        due = column.to_pylist()
        held = _dates(found[name]) if client.leaves_dates and pa.types.is_date(column.type) else found[name]
        if len(held) != len(due):
            lines.append(f"{name}: {len(held)} rows, not {len(due)}")
            continue
        pairs = enumerate(zip(due, held, strict=True))
        lines += [f"{name}[{row}]: {d!r} is {h!r}" for row, (d, h) in pairs if not _same(d, h, client.digits)]
    return lines


def _dates(cells: list[object]) -> list[object]:
    return [dt.date.fromisoformat(c) if isinstance(c, str) and _DATE.fullmatch(c) else c for c in cells]


_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _same(due: object, held: object, digits: int) -> bool:
    """Equal, and of one kind: TRUE is not 1, and the number 7 is not the text 7."""
    if isinstance(due, int | float) and not isinstance(due, bool):
        if isinstance(held, bool) or not isinstance(held, int | float) or math.isnan(held):
            return False
        return held == due if digits >= 17 else f"{held:.{digits - 1}e}" == f"{due:.{digits - 1}e}"
    return type(due) is type(held) and due == held
