"""Tables -> `openpeel.sqlite`: types, keys, checks, views that join, full-text search, a dictionary.

The same edition gives the same bytes as long as libsqlite is the same: it writes its version number into the header.
Tables are not STRICT, since clients older than SQLite 3.37, which are in use, could not open such a file at all; a
check of each cell's type promises the same.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from functools import partial
from typing import Final

from jobs.describe import TableDescription, describe
from jobs.outputs.edition import Edition, Make, Parts
from jobs.outputs.sqlite.dictionary import write_dictionary
from jobs.outputs.sqlite.rows import insert
from jobs.outputs.sqlite.search import INDEXED, create_search
from jobs.outputs.sqlite.tables import create_table, indices
from jobs.outputs.sqlite.views import create_view, views_of
from schemas.dataset import NAME

FILE: Final = f"{NAME}.sqlite"
APPLICATION_ID: Final = int.from_bytes(b"PEEL", "big")
"""Tells programs such as `file` whose database it is."""


def sqlite_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file for all tables."""
    yield FILE, partial(sqlite_parts, edition)


def sqlite_parts(edition: Edition) -> Parts:
    """The database, in one part."""
    return [database_bytes(edition, {name: describe(name) for name in edition.tables})]


def database_bytes(edition: Edition, described: Mapping[str, TableDescription]) -> bytes:
    """The database of tables that are described so.

    Raises sqlite3.IntegrityError where a row breaks what its table promises or refers to nothing.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as base:
        base.execute("PRAGMA page_size = 4096")
        base.execute("PRAGMA encoding = 'UTF-8'")
        base.execute("BEGIN")
        for name, table in edition.tables.items():
            base.execute(create_table(described[name], described))
            insert(base, name, table)
        for statement in (statement for table in described.values() for statement in indices(table, described)):
            base.execute(statement)
        for view in views_of(described):
            base.execute(create_view(view))
        if INDEXED in described:
            create_search(base)
        write_dictionary(base, edition, described)
        _check_references(base)
        base.execute("COMMIT")
        base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        base.execute(f"PRAGMA user_version = {user_version(edition.version)}")
        base.execute("VACUUM")
        return base.serialize()


def user_version(version: str) -> int:
    """The version of a release as SQLite keeps one, as a number: 1.4.2 is 1004002; 0 where there is none."""
    major, minor, patch = (int(part) for part in (version or "0.0.0").split("."))
    return major * 1_000_000 + minor * 1_000 + patch


def _check_references(base: sqlite3.Connection) -> None:
    """References are checked once, at the end, so that the order of tables does not matter."""
    broken = base.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise sqlite3.IntegrityError(f"{len(broken)} rows refer to nothing, first {broken[0]}")
