"""Descriptions -> tables that tell what the database holds: `release`, `dictionary_tables`, `_columns` and `_codes`."""

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.common import cited
from jobs.outputs.edition import Edition
from jobs.outputs.sqlite.search import DESCRIPTION, INDEXED, SEARCH
from jobs.outputs.sqlite.tables import declared, quoted
from jobs.outputs.sqlite.views import Shown, View, views_of
from schemas.dataset import (
    ATTRIBUTION,
    CREATOR,
    LICENCE,
    LICENCE_URL,
    SUBTITLE,
    TITLE,
    WARNINGS,
)
from schemas.dataset import DESCRIPTION as ABOUT
from schemas.meanings import KINDS

Cells = tuple[str | int | None, ...]


class Told(NamedTuple):
    """A table that describes: its title, meaning, SQL, and the meaning of its columns."""

    title: str
    description: str
    key: tuple[str, ...]
    columns: Mapping[str, tuple[str, str]]


TOLD: Final = {
    "release": Told(
        "The release",
        "What this database is: version, date, licence, and what to know before comparing anything.",
        ("name",),
        {"name": ("TEXT", "What is told."), "value": ("TEXT", "What there is to tell.")},
    ),
    "dictionary_tables": Told(
        "Dictionary of tables",
        "One row per table and view, and the index for searching.",
        ("table_name",),
        {
            "table_name": ("TEXT", "Its name."),
            "sort": ("TEXT", "table, view or search."),
            "title": ("TEXT", "Its title."),
            "description": ("TEXT", "What one row is, or how it is used."),
            "row_count": ("INTEGER", "How many rows a table has; empty for the others."),
        },
    ),
    "dictionary_columns": Told(
        "Dictionary of columns",
        "One row per column of a table or view.",
        ("table_name", "column_name"),
        {
            "table_name": ("TEXT", "The table or view."),
            "column_name": ("TEXT", "The column."),
            "position": ("INTEGER", "Its place, from 1."),
            "title": ("TEXT", "Its title."),
            "description": ("TEXT", "What it means."),
            "kind": ("TEXT", "What sort of value it holds."),
            "declared_type": ("TEXT", "Its type as declared; of a view that of the column it shows."),
            "part_of_key": ("BOOLEAN", "1 where it is the primary key or part of it."),
            "may_be_empty": ("BOOLEAN", "1 where it may be empty."),
            "refers_to": ("TEXT", "table.column that it refers to."),
            "unit": ("TEXT", "Unit of its numbers."),
            "at_least": ("INTEGER", "Its least possible value."),
        },
    ),
    "dictionary_codes": Told(
        "Dictionary of codes",
        "One row per code of a column that has a closed list of them.",
        ("table_name", "column_name", "code"),
        {
            "table_name": ("TEXT", "The table."),
            "column_name": ("TEXT", "The column."),
            "code": ("TEXT", "The code."),
            "meaning": ("TEXT", "What it means."),
        },
    ),
}
"""The tables that describe, among them themselves."""


def write_dictionary(base: sqlite3.Connection, edition: Edition, described: Mapping[str, TableDescription]) -> None:
    """Makes and fills the tables that describe."""
    rows = {
        "release": release(edition),
        "dictionary_tables": _tables(edition, described),
        "dictionary_columns": _columns(described),
        "dictionary_codes": _codes(described),
    }
    for name, told in TOLD.items():
        columns = "".join(
            f"  -- {words}\n  {quoted(column)} {kind},\n" for column, (kind, words) in told.columns.items()
        )
        key = ", ".join(map(quoted, told.key))
        base.execute(f"CREATE TABLE {quoted(name)} (\n  -- {told.description}\n{columns}  PRIMARY KEY ({key})\n)")
        places = ", ".join("?" * len(told.columns))
        base.executemany(f"INSERT INTO {quoted(name)} VALUES ({places})", rows[name])  # noqa: S608  (quoted)


def release(edition: Edition) -> Iterator[tuple[str, str]]:
    """What the database says of itself."""
    said = {
        "title": TITLE,
        "subtitle": SUBTITLE,
        "version": edition.version,
        "date": edition.date,
        "address": edition.place,
        "commit": edition.commit,
        "previous": edition.previous,
        "description": ABOUT,
        "creator": CREATOR,
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "attribution": ATTRIBUTION,
        "citation": cited(edition),
    }
    said |= {f"warning_{number}": warning for number, warning in enumerate(WARNINGS, 1)}
    return ((name, value) for name, value in said.items() if value)


def _tables(edition: Edition, described: Mapping[str, TableDescription]) -> Iterator[Cells]:
    for name, table in described.items():
        yield name, "table", table.title, table.description, len(edition.tables[name])
    for view in views_of(described):
        yield view.name, "view", view.title, view.description, None
    if INDEXED in described:
        yield SEARCH, "search", "Search in statements", DESCRIPTION, None
    for name, told in TOLD.items():
        yield name, "table", told.title, told.description, None


def _columns(described: Mapping[str, TableDescription]) -> Iterator[Cells]:
    for name, table in described.items():
        for position, column in enumerate(table.columns, 1):
            yield name, column.name, position, *_told(column), *_bounds(column)
    for view in views_of(described):
        for position, shown in enumerate(view.columns, 1):
            yield view.name, shown.name, position, *_shown(shown, described)
    for name, told in TOLD.items():
        for position, (column_name, (kind, words)) in enumerate(told.columns.items(), 1):
            key = int(column_name in told.key)
            yield name, column_name, position, column_name, words, None, kind, key, 1 - key, None, None, None


def _told(column: ColumnDescription) -> Cells:
    return column.title, column.description, KINDS[column.kind].words, declared(column)


def _bounds(column: ColumnDescription) -> Cells:
    return int(column.key), int(column.nullable), column.references or None, column.unit or None, column.least


def _shown(shown: Shown, described: Mapping[str, TableDescription]) -> Cells:
    if not shown.same_as:
        return shown.title, shown.description, None, None, 0, 1, None, None, None
    column = meant(shown, described)
    return *_told(column), 0, 1, shown.same_as, column.unit or None, column.least


def meant(shown: Shown, described: Mapping[str, TableDescription]) -> ColumnDescription:
    """The column of a table that a column of a view shows."""
    table, _, name = shown.same_as.partition(".")
    return next(column for column in described[table].columns if column.name == name)


def words_of(view: View, described: Mapping[str, TableDescription]) -> dict[str, str]:
    """What the columns of a view mean."""
    return {
        shown.name: meant(shown, described).description if shown.same_as else shown.description
        for shown in view.columns
    }


def _codes(described: Mapping[str, TableDescription]) -> Iterator[Cells]:
    for name, table in described.items():
        for column in table.columns:
            yield from ((name, column.name, code, meaning) for code, meaning in column.values.items())
