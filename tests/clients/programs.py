"""pandas, polars and DuckDB: the tables in a folder -> what these libraries hold, with the options that a reader needs.

pandas needs none. polars looks at 100 rows only and leaves dates unless told otherwise. DuckDB needs none.
"""

import datetime as dt
import math
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl

Columns = dict[str, list[object]]


def _plain(cell: object) -> object:
    """A cell of pandas as a plain value; NaN, NaT and NA are null there."""
    if cell is None or cell is pd.NA or cell is pd.NaT or (isinstance(cell, float) and math.isnan(cell)):
        return None
    return cell.date() if isinstance(cell, dt.datetime) else cell


def _of_frame(frame: pd.DataFrame) -> Columns:
    return {str(name): [_plain(cell) for cell in frame[name].tolist()] for name in frame.columns}


def pandas_csv(folder: Path, names: list[str]) -> dict[str, Columns]:
    """`pandas.read_csv(path)`."""
    return {name: _of_frame(pd.read_csv(folder / f"{name}.csv")) for name in names}


def pandas_parquet(folder: Path, names: list[str]) -> dict[str, Columns]:
    """`pandas.read_parquet(path)`."""
    return {name: _of_frame(pd.read_parquet(folder / f"{name}.parquet")) for name in names}


def polars_csv(folder: Path, names: list[str]) -> dict[str, Columns]:
    """`polars.read_csv(path, try_parse_dates=True, infer_schema_length=None)`."""
    paths = {name: folder / f"{name}.csv" for name in names}
    frames = {n: pl.read_csv(path, try_parse_dates=True, infer_schema_length=None) for n, path in paths.items()}
    return {name: frame.to_dict(as_series=False) for name, frame in frames.items()}


def polars_parquet(folder: Path, names: list[str]) -> dict[str, Columns]:
    """`polars.read_parquet(path)`."""
    return {name: pl.read_parquet(folder / f"{name}.parquet").to_dict(as_series=False) for name in names}


def _of_query(path: Path) -> Columns:
    with duckdb.connect() as connection:
        result = connection.execute("SELECT * FROM '" + str(path).replace("'", "''") + "'")
        names = [column[0] for column in result.description or []]
        rows = result.fetchall()
    return {name: [row[index] for row in rows] for index, name in enumerate(names)}


def duckdb_csv(folder: Path, names: list[str]) -> dict[str, Columns]:
    """`SELECT * FROM 'path.csv'`."""
    return {name: _of_query(folder / f"{name}.csv") for name in names}


def duckdb_parquet(folder: Path, names: list[str]) -> dict[str, Columns]:
    """`SELECT * FROM 'path.parquet'`."""
    return {name: _of_query(folder / f"{name}.parquet") for name in names}
