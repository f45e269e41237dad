"""Published tables -> proof that every schema and every reference holds, or problems at the rows that break one."""

import importlib
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import pandas as pd
import pandera.errors
import pyarrow as pa
import pyarrow.compute as pc

from jobs.at_once import frame_of, holding
from jobs.coded import occurring, plain_column
from jobs.describe import describe
from jobs.problems import shown
from schemas.optional import without
from schemas.tables import TABLES


class Breach(NamedTuple):
    """A row of a published table that breaks its schema or refers to nothing."""

    table: str
    row: int
    column: str
    code: str
    message: str


def _without_hypothesis() -> None:
    """Imports what pandera imports late, without hypothesis, which takes long and only makes data for tests."""
    with without("hypothesis"):
        importlib.import_module("pandera.backends.pandas.builtin_checks")


def check_tables(tables: Mapping[str, pa.Table], wanted: Collection[str] = ()) -> list[Breach]:
    """All breaches in all tables, or in the wanted ones; empty if every schema and every reference holds."""
    _without_hypothesis()
    names = [name for name in tables if not wanted or name in wanted]
    largest_first = sorted(names, key=lambda name: len(tables[name]), reverse=True)
    with ThreadPoolExecutor(2) as threads:
        broken = {name: threads.submit(_broken_references, name, tables) for name in largest_first}
        sound = holding({name: tables[name] for name in largest_first}, threads)
        asked = {name: [] if name in sound else list(_check_schema(name, tables[name])) for name in names}
        return [breach for name in names for breach in (*asked[name], *broken[name].result())]


def _check_schema(name: str, table: pa.Table) -> Iterator[Breach]:
    try:
        TABLES[name].validate(frame_of(table), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.to_dict("records")
        for case in cases:
            yield _breach(name, table, case)


def _breach(name: str, table: pa.Table, case: dict[str, Any]) -> Breach:
    row = case["index"]
    column = case["column"] if case["column"] in table.column_names else describe(name).key[0]
    if row is None or pd.isna(row):
        message = f"{name}: {case['check']} does not hold: {shown(str(case['failure_case']))}"
        return Breach(name, 0, column, "schema", message)
    value = table[column][int(row)].as_py()
    words = _CHECKS.get(str(case["check"]).split("(")[0], f"breaks {case['check']}")
    text = "an empty cell" if value is None else shown(str(value))
    return Breach(name, int(row), column, "schema", f"{name}.{column}: {text} {words}")


_CHECKS = {
    "field_uniqueness": "stands in more than one row",
    "multiple_fields_uniqueness": "stands in more than one row",
    "not_nullable": "where a value is due",
    "isin": "is not one of the allowed codes",
    "str_matches": "is not of the form that this column has",
    "greater_than_or_equal_to": "is too small",
}


def _broken_references(name: str, tables: Mapping[str, pa.Table]) -> list[Breach]:
    table, found = tables[name], list[Breach]()
    for column in describe(name).columns:
        if not column.references:
            continue
        target, key = column.references.split(".")
        known = plain_column(tables[target][key]).combine_chunks()
        values = occurring(table[column.name]).drop_null()
        unknown = values.filter(pc.invert(pc.is_in(values, value_set=known)))
        if not len(unknown):
            continue
        missing = pc.is_in(table[column.name], value_set=unknown)
        for row in pc.indices_nonzero(missing).to_pylist():
            value = shown(str(table[column.name][row].as_py()))
            message = f"{name}.{column.name}: {value} is not in {column.references}"
            found.append(Breach(name, row, column.name, "broken-reference", message))
    return found
