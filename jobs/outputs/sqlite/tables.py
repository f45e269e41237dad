"""The description of a table -> its SQL: types, keys, checks and references; what columns mean, as comments."""

from collections.abc import Container, Iterator
from typing import Final

import pyarrow as pa

from jobs.describe import ColumnDescription, TableDescription

TYPES: Final = {
    pa.string(): ("TEXT", "text"),
    pa.int32(): ("INTEGER", "integer"),
    pa.float64(): ("REAL", "real"),
    pa.bool_(): ("BOOLEAN", "integer"),
    pa.date32(): ("DATE", "text"),
}
"""How a column is declared, by which many clients know dates and booleans, and what SQLite stores."""
DATE: Final = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"
SOUGHT: Final = {"claims": ("fact_id",), "conflicts": ("fact_id",)}
"""Columns by which rows are sought though they refer to several tables, hence to none by a foreign key."""


def create_table(table: TableDescription, present: Container[str]) -> str:
    """The statement that makes a table; references to tables that are not present are left out."""
    columns = [f"  {_comment(column)}\n  {_column(column)}" for column in table.columns]
    keys = [f"PRIMARY KEY ({_names(table.key)})", *_foreign_keys(table, present)]
    body = ",\n".join([*columns, *(f"  {key}" for key in keys)])
    return f"CREATE TABLE {quoted(table.name)} (\n  -- {table.description}\n{body}\n)"


def indices(table: TableDescription, present: Container[str]) -> Iterator[str]:
    """The statements that make the indices of a table: of each column that refers to another table."""
    referring = [column.name for column in table.columns if column.references.split(".")[0] in present]
    for name in (*referring, *SOUGHT.get(table.name, ())):
        yield f"CREATE INDEX {quoted(f'{table.name}_{name}')} ON {quoted(table.name)} ({quoted(name)})"


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def declared(column: ColumnDescription) -> str:
    """The type with which a column is declared."""
    return TYPES[column.arrow][0]


def _comment(column: ColumnDescription) -> str:
    return f"-- {column.title}: {column.description}"


def _column(column: ColumnDescription) -> str:
    words = [quoted(column.name), declared(column)]
    words += [] if column.nullable else ["NOT NULL"]
    words += ["UNIQUE"] if column.unique and not column.key else []
    return " ".join([*words, f"CHECK ({' AND '.join(_checks(column))})"])


def _checks(column: ColumnDescription) -> Iterator[str]:
    """What a cell must be."""
    name, stored = quoted(column.name), literal(TYPES[column.arrow][1])
    yield f"typeof({name}) IN ({stored}, 'null')" if column.nullable else f"typeof({name}) = {stored}"
    if column.values:
        yield f"{name} IN ({', '.join(map(literal, column.values))})"
    if column.least is not None:
        yield f"{name} >= {column.least}"
    if column.arrow == pa.bool_():
        yield f"{name} IN (0, 1)"
    if column.arrow == pa.date32():
        yield f"{name} GLOB {literal(DATE)}"


def _foreign_keys(table: TableDescription, present: Container[str]) -> Iterator[str]:
    for column in table.columns:
        target, _, key = column.references.partition(".")
        if target in present:
            yield f"FOREIGN KEY ({quoted(column.name)}) REFERENCES {quoted(target)} ({quoted(key)})"


def _names(names: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, names))
