"""An edition -> the rows that the page needs, whatever tables are there."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.outputs.edition import Edition
from schemas.tables import ALL_TABLES

Row = dict[str, Any]


def table(edition: Edition, name: str) -> pa.Table:
    """A table; an empty one with all columns that it should have where it is not there."""
    held = edition.tables.get(name)
    if held is not None and held.num_columns:
        return held
    columns = ALL_TABLES[name].to_schema().columns
    return pa.table({column: pa.array([], kind.dtype.type.pyarrow_dtype) for column, kind in columns.items()})


def rows(edition: Edition, name: str) -> list[Row]:
    """All rows of a table that is small, such as a dimension."""
    return rows_of(table(edition, name))


def rows_of(found: pa.Table) -> list[Row]:
    """The rows of a table."""
    listed: list[Row] = found.to_pylist()
    return listed


def by(found: Iterable[Row], key: str) -> dict[Any, Row]:
    """Rows by a column that is unique."""
    return {row[key]: row for row in found}


def grouped(found: Iterable[Row], *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns, in the order in which these appear."""
    groups: dict[tuple[Any, ...], list[Row]] = {}
    for row in found:
        groups.setdefault(tuple(row[key] for key in keys), []).append(row)
    return groups


def cycles_of(edition: Edition) -> list[Row]:
    """The cycles, newest first; those of which only grades tell are the oldest."""
    known = by(rows(edition, "cycles"), "cycle_id")
    listed = table(edition, "grades").group_by(["cycle_id", "cycle"]).aggregate([]).to_pylist()
    for row in listed:
        known.setdefault(row["cycle_id"], _UNKNOWN | row)
    return sorted(known.values(), key=lambda row: (row["first_year"] or 0, row["cycle_id"]), reverse=True)


_UNKNOWN: Final[Row] = {"first_year": None, "comparable_with": None, "note": None, "scale_id": None}


def equal(found: pa.Table, column: str, value: str) -> pa.Table:
    """The rows with a value in a column."""
    return found.filter(pc.equal(found[column], value))


def first(found: pa.Table, order: Sequence[tuple[str, str]], most: int) -> pa.Table:
    """The first rows in an order of columns, each `ascending` or `descending`."""
    return found.sort_by(list(order)).slice(0, most)
