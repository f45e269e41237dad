"""The database: what clients read from it is what the tables hold; it refuses what a table does not promise."""

import asyncio
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlite_utils
from datasette.app import Datasette

from jobs.describe import arrow_schema, describe
from jobs.outputs.datasette import datasette_files
from jobs.outputs.edition import Edition, nothing_but
from jobs.outputs.sqlite import APPLICATION_ID, database_bytes, sqlite_files, user_version
from jobs.outputs.sqlite.search import QUERY
from jobs.outputs.sqlite.views import VIEWS
from schemas.dataset import WARNINGS
from schemas.tables import ALL_TABLES, TABLES
from tests.clients import Client, Columns, differences, nasty
from tests.clients.described import described_as
from tests.clients.real import real_tables

READER = Client(str, lambda folder, names: {}, leaves_dates=True)
PLACES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711"},
)


def changes() -> pa.Table:
    """Three cells that differ from a release before."""
    rows = [
        {"table_name": "grades", "row_key": "a-1", "column_name": "disputed", "kind": "updated", "old_flag": True, "new_flag": False},
        {"table_name": "metrics", "row_key": "b-1", "column_name": "value", "kind": "filled", "new_number": 91.8, "article_id": article()},
        {"table_name": "grades", "row_key": "c-1", "column_name": "grade_rank", "kind": "revised", "old_number": 3.0, "new_number": 4.0},
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, arrow_schema("changes"))


def article() -> str:
    return str(real_tables()["articles"]["article_id"][0].as_py())


def real_edition() -> Edition:
    tables = real_tables() | {"changes": changes()}
    return Edition(tables, "1.4.2", "2026-11-22", address="https://data.example.org/openpeel/")


@cache
def real() -> bytes:
    """The database of the real tables."""
    ((name, make),) = sqlite_files(real_edition())
    assert name == "openpeel.sqlite"
    return b"".join(make())


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "openpeel.sqlite"
    path.write_bytes(real())
    return path


@pytest.fixture
def base() -> Iterator[sqlite3.Connection]:
    """The database of the real tables, in memory; what is written to it is gone afterwards."""
    with closing(opened(real())) as base:
        yield base


def opened(data: bytes) -> sqlite3.Connection:
    base = sqlite3.connect(":memory:")
    base.deserialize(data)
    base.execute("PRAGMA foreign_keys = ON")
    return base


def asked(base: sqlite3.Connection, question: str, *values: object) -> list[Any]:
    return base.execute(question, values).fetchall()


def rows_of(base: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    """The rows of a table or view."""
    cursor = base.execute(f'SELECT * FROM "{name}"')
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def held(base: sqlite3.Connection, name: str, table: pa.Table) -> Columns:
    """What a table of the database holds; 0 and 1 are truth values where the column is declared so."""
    rows = rows_of(base, name)
    found: dict[str, list[Any]] = {column: [row[column] for row in rows] for column in table.column_names}
    for field in (field for field in table.schema if pa.types.is_boolean(field.type)):
        found[field.name] = [{None: None, 0: False, 1: True}[cell] for cell in found[field.name]]
    return found


def lost(tables: Mapping[str, pa.Table], base: sqlite3.Connection) -> list[str]:
    return [f"{n}.{line}" for n, t in tables.items() for line in differences(READER, t, held(base, n, t))]


def database(tables: Mapping[str, pa.Table]) -> bytes:
    """The database of made-up tables."""
    return database_bytes(Edition(tables), {name: described_as(name, table) for name, table in tables.items()})


def test_sqlite_holds_every_cell_of_the_real_tables(base: sqlite3.Connection) -> None:
    assert lost(real_edition().tables, base) == []


def test_sqlite_holds_every_cell_of_tables_that_would_trip_up_a_careless_writer() -> None:
    texts = nasty.listed((*nasty.TEMPTING, "'; DROP TABLE x; --", '"quoted"', "07", "x" * 100_000))
    tables = {"mixed": nasty.mixed(), "no_rows": nasty.mixed().slice(0, 0), "texts": texts}
    with closing(opened(database(tables))) as base:
        assert lost(tables, base) == []


def test_pandas_holds_every_cell_of_the_real_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as base:
        for name, table in real_tables().items():
            frame = pd.read_sql(f'SELECT * FROM "{name}"', base, dtype_backend="pyarrow")
            found: Columns = {str(column): [None if pd.isna(c) else c for c in frame[column]] for column in frame}
            for field in (field for field in table.schema if pa.types.is_boolean(field.type)):
                found[field.name] = [None if cell is None else bool(cell) for cell in found[field.name]]
            assert differences(READER, table, found) == []


def test_a_whole_file_is_sound_and_says_whose_and_which_it_is(base: sqlite3.Connection) -> None:
    assert asked(base, "PRAGMA integrity_check") == [("ok",)]
    assert asked(base, "PRAGMA foreign_key_check") == []
    assert asked(base, "PRAGMA page_size") == [(4096,)]
    assert asked(base, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert asked(base, "PRAGMA user_version") == [(1_004_002,)]
    assert asked(base, "PRAGMA freelist_count") == [(0,)]
    assert (user_version(""), user_version("0.1.0"), user_version("12.34.56")) == (0, 1_000, 12_034_056)


def test_old_clients_can_open_it(base: sqlite3.Connection) -> None:
    """Bytes 18 and 19 are 1: no write-ahead log. No STRICT, no computed columns: SQLite 3.9 of 2015 knows it all."""
    assert real()[18:20] == b"\x01\x01"
    statements = [sql for (sql,) in asked(base, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
    assert [sql for sql in statements if sql.endswith("STRICT")] == []
    assert [sql for sql in statements if "GENERATED" in sql or " OVER " in sql] == []


def test_sqlite_utils_finds_types_keys_and_references(path: Path) -> None:
    found = sqlite_utils.Database(path)
    types = {"whole": "INTEGER", "number": "REAL", "flag": "BOOLEAN", "date": "DATE"}
    for name in ALL_TABLES:
        table, due = found[name], describe(name)
        assert [(c.name, c.type, c.notnull) for c in table.columns] == [
            (c.name, types.get(c.kind, "TEXT"), int(not c.nullable)) for c in due.columns
        ]
        assert table.pks == list(due.key)
        referring = {(c.name, *c.references.split(".")) for c in due.columns if c.references}
        assert {(f.column, f.other_table, f.other_column) for f in table.foreign_keys} == referring
        indexed = {index.columns[0] for index in table.indexes}
        assert {column for column, _, _ in referring} <= indexed
        unique = {index.columns[0] for index in table.indexes if index.unique and index.origin == "u"}
        assert unique == {c.name for c in due.columns if c.unique and not c.key}
    assert found["statements"].detect_fts() == "statements_fts"
    found.close()


REFUSED = {
    "a grade without a force": ("grades", "force_id", None, "NOT NULL"),
    "a force that is not there": ("grades", "force_id", "no-such-force", "FOREIGN KEY"),
    "a code that is not on the list": ("grades", "basis", "guessed", "CHECK"),
    "a rank below 1": ("grades", "grade_rank", 0, "CHECK"),
    "a rank that is no whole number": ("grades", "grade_rank", 1.5, "CHECK"),
    "a rank in words": ("grades", "grade_rank", "first", "CHECK"),
    "a flag that is neither 0 nor 1": ("grades", "disputed", 2, "CHECK"),
    "a day that is no date": ("grades", "published_on", "yesterday", "CHECK"),
    "a date that is a number": ("grades", "published_on", 45000, "CHECK"),
    "a text that is bytes": ("grades", "force", b"Kent Police", "CHECK"),
    "an id twice": ("grades", "grade_id", "kent-peel-2021-22-invest", "UNIQUE"),
    "an address twice": ("articles", "url", None, "NOT NULL"),
    "a number in words": ("metrics", "value", "many", "CHECK"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_table_does_not_promise_is_refused(base: sqlite3.Connection, case: str) -> None:
    table, column, value, why = REFUSED[case]
    with pytest.raises(sqlite3.IntegrityError, match=why):
        base.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE rowid < 3', [value])


def test_a_row_that_refers_to_nothing_stops_the_making() -> None:
    tables = {name: real_tables()[name] for name in ("units", "measures")}
    tables["units"] = tables["units"].slice(0, 0)
    with pytest.raises(sqlite3.IntegrityError, match=f"{len(tables['measures'])} rows refer to nothing"):
        database_bytes(Edition(tables), {name: describe(name) for name in tables})


def test_latest_grades_are_those_of_the_latest_cycle_of_each_force(base: sqlite3.Connection) -> None:
    tables = {name: real_tables()[name].to_pylist() for name in ("grades", "cycles", "forces", "inspections")}
    years = {row["cycle_id"]: row["first_year"] for row in tables["cycles"]}
    latest: dict[str, int] = {}
    for row in tables["grades"]:
        latest[row["force_id"]] = max(latest.get(row["force_id"], 0), years[row["cycle_id"]])
    due = {r["grade_id"]: r for r in tables["grades"] if years[r["cycle_id"]] == latest[r["force_id"]]}
    urls = {row["inspection_id"]: row["url"] for row in tables["inspections"]}
    found = rows_of(base, "latest_grades")
    assert len(found) == len(due) > 0
    assert {row["force_id"] for row in found} == set(latest)
    for row in found:
        grade = due[row["grade_id"]]
        same = ("force", "cycle", "area", "grade_label", "grade_rank", "basis", "evidence_url", "disputed")
        assert [row[name] for name in same] == [grade[name] for name in same]
        assert row["report_url"] == urls[grade["inspection_id"]]
    assert len(set(latest.values())) > 1
    told = {row["table_name"]: row["description"] for row in rows_of(base, "dictionary_tables")}
    assert "not the same cycle for all forces" in told["latest_grades"]


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_shows_the_cells_of_its_table_and_loses_no_row(base: sqlite3.Connection, view: Any) -> None:
    """Each row once, with the cells that the table has under the same key."""
    key = "row_key" if view.tables[0] == "changes" else describe(view.tables[0]).key[0]
    rows, found = rows_of(base, view.tables[0]), rows_of(base, view.name)
    if view.name != "latest_grades":
        assert sorted(row[key] for row in found) == sorted(row[key] for row in rows)
    by_key = {row[key]: row for row in rows}
    plain = [c.name for c in view.columns if c.same_as == f"{view.tables[0]}.{c.name}"]
    assert [[r[n] for n in plain] for r in found] == [[by_key[r[key]][n] for n in plain] for r in found]


def test_statements_tell_who_printed_them(base: sqlite3.Connection) -> None:
    publishers = {row["article_id"]: row["publisher"] for row in real_tables()["articles"].to_pylist()}
    due: dict[str, set[str]] = {}
    for claim in real_tables()["claims"].to_pylist():
        if claim["table"] == "statements":
            due.setdefault(claim["fact_id"], set()).add(publishers[claim["article_id"]])
    found = {row["statement_id"]: set(row["printed_by"].split("; ")) for row in rows_of(base, "statements_readable")}
    assert found == due


def test_metrics_have_their_units_in_words(base: sqlite3.Connection) -> None:
    names = {row["unit_id"]: row["unit_name"] for row in real_tables()["units"].to_pylist()} | {None: None}
    due = {r["metric_id"]: (names[r["unit"]], names[r["threshold_unit"]]) for r in real_tables()["metrics"].to_pylist()}
    assert {r["metric_id"]: (r["unit"], r["threshold_unit"]) for r in rows_of(base, "metrics_readable")} == due


def test_changes_stand_side_by_side(base: sqlite3.Connection) -> None:
    """Whole numbers as whole as in CSV."""
    url = real_tables()["articles"]["url"][0].as_py()
    assert [(r["old"], r["new"], r["article_url"]) for r in rows_of(base, "changes_readable")] == [
        ("TRUE", "FALSE", None),
        (None, 91.8, url),
        (3, 4, None),
    ]
    assert asked(base, "SELECT typeof(old), typeof(new) FROM changes_readable")[2] == ("integer", "integer")


def test_the_search_finds_words_in_all_their_forms(base: sqlite3.Connection) -> None:
    rows = real_tables()["statements"].to_pylist()
    for words, forms in (("improve", "improv"), ('"She speaks"', "she speaks"), ("victims NOT children", "victim")):
        found = base.execute(QUERY, {"words": words}).fetchall()
        assert found, words
        texts = {r["statement_id"]: " ".join(str(cell) for cell in r.values()).lower() for r in rows}
        assert [row for row in found if forms not in texts[row[-1]]] == [], words
    literally = {r["statement_id"] for r in rows if "victims" in str(r["summary"]).lower()}
    assert literally <= {row[-1] for row in base.execute(QUERY, {"words": "victim"})}
    assert base.execute(QUERY, {"words": "nosuchwordanywhere"}).fetchall() == []
    base.execute("INSERT INTO statements_fts (statements_fts) VALUES ('integrity-check')")


def test_every_column_of_every_table_and_view_is_described(base: sqlite3.Connection) -> None:
    told = {(r["table_name"], r["column_name"]): r for r in rows_of(base, "dictionary_columns")}
    shown = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE '%\\_fts%' ESCAPE '\\'"
    there = {(n, c[1]) for (n,) in asked(base, shown) for c in asked(base, f'PRAGMA table_info("{n}")')}
    assert set(told) == there
    assert [name for name, row in told.items() if not row["description"] or not row["title"]] == []
    for name in ALL_TABLES:
        (statement,) = asked(base, "SELECT sql FROM sqlite_master WHERE name = ?", name)[0]
        for column in describe(name).columns:
            row = told[name, column.name]
            assert (row["title"], row["description"]) == (column.title, column.description)
            assert (row["part_of_key"], row["may_be_empty"]) == (column.key, column.nullable)
            assert (row["refers_to"] or "", row["unit"] or "") == (column.references, column.unit)
            assert f"-- {column.title}: {column.description}\n" in statement
    codes = {(r["table_name"], r["column_name"], r["code"]): r["meaning"] for r in rows_of(base, "dictionary_codes")}
    assert codes == {
        (n, c.name, *pair[:1]): pair[1] for n in ALL_TABLES for c in describe(n).columns for pair in c.values.items()
    }
    counts = {r["table_name"]: r["row_count"] for r in rows_of(base, "dictionary_tables") if r["row_count"] is not None}
    assert counts == {name: len(table) for name, table in real_edition().tables.items()}


def test_it_says_which_release_it_is(base: sqlite3.Connection) -> None:
    said = {row["name"]: row["value"] for row in rows_of(base, "release")}
    assert (said["version"], said["date"], said["licence"]) == ("1.4.2", "2026-11-22", "CC-BY-4.0")
    assert said["address"] == "https://data.example.org/openpeel/v1.4.2/"
    assert [said[f"warning_{number}"] for number in range(1, len(WARNINGS) + 1)] == list(WARNINGS)


# --- Datasette


def shown_by(path: Path, *addresses: str) -> list[Any]:
    """What Datasette answers, with the metadata that belongs to the database."""
    ((name, make),) = datasette_files(real_edition())
    assert name == "datasette.json"
    said = json.loads(b"".join(make()))

    async def ask() -> list[Any]:
        served = Datasette(files=[str(path)], metadata=said)
        await served.invoke_startup()
        try:
            return [await served.client.get(address) for address in addresses]
        finally:
            for held in served.databases.values():
                held.close()

    return asyncio.run(ask())


@pytest.mark.filterwarnings("ignore")
def test_datasette_shows_titles_descriptions_and_names_of_what_is_referred_to(path: Path) -> None:
    (home, table, row, view) = shown_by(
        path, "/", "/openpeel/grades", "/openpeel/forces/kent", "/openpeel/latest_grades"
    )
    assert [answer.status_code for answer in (home, table, row, view)] == [200] * 4
    assert "Open PEEL 1.4.2" in home.text
    assert "Creative Commons Attribution 4.0 International" in home.text
    assert describe("grades").description in table.text
    for page, name in ((table, "grades"), (view, "latest_grades")):
        column = next(c for c in describe("grades").columns if c.name == "grade_rank")
        assert f'data-column-description="{column.description}"' in page.text, name
    assert f"<title>openpeel: grades: {len(real_tables()['grades'])} rows" in table.text
    assert '<a href="/openpeel/forces/avon-and-somerset">Avon and Somerset Police</a>' in table.text


@pytest.mark.filterwarnings("ignore")
def test_datasette_searches_statements(path: Path) -> None:
    asked_for = "/openpeel/search_statements.json?words=victims&_shape=objects"
    (form, found) = shown_by(path, asked_for, "/openpeel/statements.json?_search=victims&_shape=objects&_size=max")
    assert form.json()["rows"]
    by_table = {row["statement_id"] for row in found.json()["rows"]}
    assert {row["statement_id"] for row in form.json()["rows"]} == by_table


@pytest.mark.filterwarnings("ignore")
def test_datasette_shows_every_table_and_view(path: Path) -> None:
    names = [*ALL_TABLES, *(view.name for view in VIEWS), "dictionary_columns", "release"]
    answers = shown_by(path, "/openpeel.json", *(f"/openpeel/{name}.json?_size=1" for name in names))
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    counts = {table["name"]: table["count"] for table in answers[0].json()["tables"]}
    assert {name: counts[name] for name in TABLES} == {name: len(table) for name, table in real_tables().items()}


def test_its_metadata_describe_every_column_of_the_database(base: sqlite3.Connection) -> None:
    ((_, make),) = datasette_files(real_edition())
    tables = json.loads(b"".join(make()))["databases"]["openpeel"]["tables"]
    told = {(r["table_name"], r["column_name"]): r["description"] for r in rows_of(base, "dictionary_columns")}
    assert {(n, c): words for n, t in tables.items() for c, words in t["columns"].items()} == told


# --- other editions


@pytest.mark.parametrize("names", [[], ["grades"], ["grades", "forces", "changes"], ["statements"], list(ALL_TABLES)])
def test_it_is_made_of_some_tables_without_rows_and_of_no_release(names: list[str]) -> None:
    edition = Edition({name: arrow_schema(name).empty_table() for name in names})
    ((_, make),) = sqlite_files(edition)
    with closing(opened(b"".join(make()))) as base:
        found = {name for (name,) in asked(base, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
        assert set(names) == found & set(ALL_TABLES)
        for name in found:
            assert isinstance(asked(base, f'SELECT * FROM "{name}"'), list)  # no view without its tables
    ((_, make),) = datasette_files(edition)
    assert set(names) <= set(json.loads(b"".join(make()))["databases"]["openpeel"]["tables"])


def test_its_name_is_told_without_making_it() -> None:
    nothing = nothing_but(["grades", "no-such-table"])
    assert [name for files in (sqlite_files, datasette_files) for name, _ in files(nothing)] == [
        "openpeel.sqlite",
        "datasette.json",
    ]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["TZ"])
def test_it_has_the_same_bytes_everywhere(place: dict[str, str], tmp_path: Path) -> None:
    tables = real_edition().tables
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    ran = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, json.dumps(list(tables))],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **place},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == hashlib.sha256(real()).hexdigest()
    assert b"".join(next(make for _, make in sqlite_files(real_edition()))()) == real()


ELSEWHERE = """
import hashlib, json, os, sys
os.umask(0o077)
import pyarrow.parquet as pq
from jobs.outputs.edition import Edition
from jobs.outputs.sqlite import sqlite_files
tables = {name: pq.read_table(f"{name}.parquet") for name in json.loads(sys.argv[1])}
edition = Edition(tables, "1.4.2", "2026-11-22", address="https://data.example.org/openpeel/")
((_, make),) = sqlite_files(edition)
print(hashlib.sha256(b"".join(make())).hexdigest())
"""
