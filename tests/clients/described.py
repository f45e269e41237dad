"""Descriptions of made-up tables, for the formats that are made from descriptions."""

import pyarrow as pa

from jobs.describe import ColumnDescription, TableDescription

KINDS = {pa.string(): "text", pa.int32(): "whole", pa.float64(): "number", pa.bool_(): "flag", pa.date32(): "date"}


def described_as(name: str, table: pa.Table) -> TableDescription:
    """A description of a table: its first column is the key, the others may be empty; an `…url` is an address."""
    columns = tuple(_column(field, key=index == 0) for index, field in enumerate(table.schema))
    return TableDescription(name, f"Title of {name}", f"One row of {name}.", columns, (table.column_names[0],))


def _column(field: pa.Field, *, key: bool) -> ColumnDescription:
    return ColumnDescription(
        name=field.name,
        kind="url" if field.name.endswith("url") else KINDS[field.type],
        title=f"Title of {field.name}",
        description=f"What {field.name} means.",
        nullable=not key,
        unique=key,
        key=key,
        references="",
        unit="",
        least=None,
        pattern="",
        values={},
        role="fact",
    )
