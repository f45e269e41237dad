"""Published tables -> proof that every schema and every reference holds, or problems at the rows that break one."""

import importlib
from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pandera.errors
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import ascends, plain, plain_column
from jobs.describe import describe
from jobs.problems import shown
from schemas.optional import without
from schemas.tables import TABLES

_MANY: Final = 10_000
"""Rows from which on it is worth while to look for values that come again."""
_LOOK: Final = 4_096
"""Rows at the beginning by which columns are judged."""


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
        found = dict(zip(largest_first, threads.map(lambda name: _check(name, tables), largest_first), strict=True))
    return [breach for name in names for breach in found[name]]


def _check(name: str, tables: Mapping[str, pa.Table]) -> list[Breach]:
    return [*_check_schema(name, tables[name]), *_check_references(name, tables)]


def _check_schema(name: str, table: pa.Table) -> Iterator[Breach]:
    if len(table) > _MANY and _is_sound(name, table):
        return
    try:
        TABLES[name].validate(_frame(table), lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.to_dict("records")
        for case in cases:
            yield _breach(name, table, case)


def _is_sound(name: str, table: pa.Table) -> bool:
    """Whether the schema holds for a large table, asked of each different value once.

    All checks of a column are about single values, but for a value's being the only one of its kind: of the key by
    which the rows are sorted that is seen at a glance, any other such column is looked at whole. `describe` refuses all
    other checks.
    """
    schema, key = TABLES[name].to_schema(), describe(name).key
    if table.column_names != list(schema.columns) or len(key) != 1 or not ascends(table[key[0]]):
        return False
    schema = schema.update_column(key[0], unique=False)
    alike = [column for column in table.column_names if not schema.columns[column].unique]
    found = {column: values for column in alike if (values := _different(table[column])) is not None}
    some = {column: values for column, values in found.items() if len(values) > _MANY}
    few = {column: values for column, values in found.items() if len(values) <= _MANY}
    try:
        for part in (_padded(few), _padded(some), table.drop_columns(list(found))):
            schema.select_columns(part.column_names).validate(_frame(part))
    except (pandera.errors.SchemaError, pandera.errors.SchemaErrors):
        return False
    return True


def _different(column: pa.ChunkedArray) -> pa.Array | None:
    """The different values of a column, if it looks as if these are few."""
    few = pa.types.is_dictionary(column.type) or len(pc.unique(column[:_LOOK])) < _LOOK // 4
    return plain_column(pc.unique(column)) if few else None


def _padded(columns: dict[str, pa.Array]) -> pa.Table:
    """Columns as a table, the last value of the shorter ones again and again."""
    rows = np.arange(max(map(len, columns.values()), default=0))
    return pa.table(
        {name: values.take(pa.array(np.minimum(rows, len(values) - 1))) for name, values in columns.items()}
    )


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = plain(table).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


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


def _check_references(name: str, tables: Mapping[str, pa.Table]) -> Iterator[Breach]:
    table = tables[name]
    for column in describe(name).columns:
        if not column.references:
            continue
        target, key = column.references.split(".")
        known = plain_column(tables[target][key]).combine_chunks()
        missing = pc.and_(pc.is_valid(table[column.name]), pc.invert(pc.is_in(table[column.name], value_set=known)))
        for row in pc.indices_nonzero(missing).to_pylist():
            value = shown(str(table[column.name][row].as_py()))
            message = f"{name}.{column.name}: {value} is not in {column.references}"
            yield Breach(name, row, column.name, "broken-reference", message)
