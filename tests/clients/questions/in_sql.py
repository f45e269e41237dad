"""The ten questions in SQL, one file each, the same for DuckDB over the files and for openpeel.sqlite."""

import asyncio
import sqlite3
import warnings
from collections.abc import Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb

from schemas.tables import ALL_TABLES

Answers = Mapping[str, list[tuple[Any, ...]]]

FOLDER: Final = Path(__file__).with_name("sql")


@cache
def queries() -> dict[str, str]:
    """The queries by the name of their question."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.sql"))}


def duckdb_csv(folder: Path) -> Answers:
    """`SELECT … FROM 'grades.csv'`, as the view `grades`."""
    return _duckdb(folder, "csv")


def duckdb_parquet(folder: Path) -> Answers:
    """`SELECT … FROM 'grades.parquet'`, as the view `grades`."""
    return _duckdb(folder, "parquet")


def _duckdb(folder: Path, ending: str) -> Answers:
    with duckdb.connect() as connection:
        for name in ALL_TABLES:
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM '{folder / name}.{ending}'")
        return {name: connection.execute(query).fetchall() for name, query in queries().items()}


def sqlite(folder: Path) -> Answers:
    """Python's `sqlite3`."""
    with closing(sqlite3.connect(f"{(folder / 'openpeel.sqlite').as_uri()}?mode=ro", uri=True)) as connection:
        return {name: connection.execute(query).fetchall() for name, query in queries().items()}


def datasette(folder: Path) -> Answers:
    """Datasette's API: `/openpeel.json?sql=…`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own dependencies
        return asyncio.run(_datasette(folder / "openpeel.sqlite"))


async def _datasette(path: Path) -> Answers:
    from datasette.app import Datasette

    served = Datasette([], immutables=[str(path)])
    answers = {}
    for name, query in queries().items():
        parameters = {"sql": query.strip().removesuffix(";"), "_shape": "arrays", "_size": "max"}
        said = (await served.client.get("/openpeel.json", params=parameters)).json()
        assert said["ok"], said
        assert not said["truncated"]
        answers[name] = [tuple(row) for row in said["rows"]]
    return answers
