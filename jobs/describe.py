"""pandera models -> plain descriptions, from which every format and every document is made.

A check that could not be put into words would be one that readers never hear of, so it is refused. The models come with
pandas and pandera, which take half a second to import; what the same code has said of them before does without.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from schemas.meanings import KINDS, Meaning


class ColumnDescription(NamedTuple):
    """A column in words: what a data dictionary says of it.

    least: the least value, if there is one; pattern: the form of its texts; values: its only codes with their meanings;
    role: one of `schemas.meanings.ROLES`.
    """

    name: str
    kind: str
    title: str
    description: str
    nullable: bool
    unique: bool
    key: bool
    references: str
    unit: str
    least: int | None
    pattern: str
    values: dict[str, str]
    role: str

    @property
    def arrow(self) -> pa.DataType:
        """The type of its values."""
        return KINDS[self.kind].arrow

    @property
    def facts(self) -> Iterator[str]:
        """All that is to be known besides title and description, in words."""
        yield KINDS[self.kind].words
        if self.key:
            yield "part of the key" if not self.unique else "the key"
        elif self.unique:
            yield "unique"
        if self.nullable:
            yield "may be empty"
        if self.references:
            yield f"refers to {self.references}"
        if self.unit:
            yield f"unit: {self.unit}"
        if self.least is not None:
            yield f"at least {self.least}"
        if self.values:
            yield f"one of {', '.join(self.values)}"


class TableDescription(NamedTuple):
    """A table in words; key: the names of its primary key."""

    name: str
    title: str
    description: str
    columns: tuple[ColumnDescription, ...]
    key: tuple[str, ...]


class UndescribableError(Exception):
    """A schema has something that no description would tell its readers."""


_said: Final[dict[str, TableDescription]] = {}
"""What was said of the published tables before, if that is known."""
_decoder = msgspec.json.Decoder(dict[str, TableDescription])


def published() -> tuple[str, ...]:
    """The names of the published tables, in the order in which a reader meets them."""
    if _said:
        return tuple(_said)
    from schemas.tables import TABLES

    return tuple(TABLES)


def told() -> bytes:
    """What is to be said of the published tables, for `heard` in another process."""
    return msgspec.json.encode({name: describe(name) for name in published()})


def heard(data: bytes | None) -> None:
    """Takes what the same code has told, so that `describe` need not import the models; nothing is not taken.

    Raises msgspec.MsgspecError where it is something else.
    """
    if data and not _said:
        _said.update(_decoder.decode(data))


@cache
def describe(name: str) -> TableDescription:
    """The description of a table.

    Raises UndescribableError where the model checks or leaves out something that readers would not be told.
    """
    return _said.get(name) or _described(name)


def _described(name: str) -> TableDescription:
    from schemas.tables import ALL_TABLES

    model = ALL_TABLES[name]
    schema = model.to_schema()
    columns = tuple(_column(name, column) for column in schema.columns.values())
    key = tuple(column.name for column in columns if column.key)
    if not key:
        raise UndescribableError(f"{name} has no key")
    if schema.checks:
        raise UndescribableError(f"{name} has checks over several columns")
    if (schema.unique or None) != (list(key) if len(key) > 1 else None):
        raise UndescribableError(f"{name}: the columns that are unique together are not its key")
    doc = " ".join((model.__doc__ or "").split())
    if not doc or not schema.title:
        raise UndescribableError(f"{name} has no title or description")
    return TableDescription(name, schema.title, doc, columns, key)


def _column(table: str, column: Any) -> ColumnDescription:
    where = f"{table}.{column.name}"
    meaning = (column.metadata or {}).get("meaning")
    if not isinstance(meaning, Meaning):
        raise UndescribableError(f"{where} is not made with schemas.columns.column")
    arrow = column.dtype.type.pyarrow_dtype
    if arrow != KINDS[meaning.kind].arrow:
        raise UndescribableError(f"{where} is annotated as {arrow}, but its kind {meaning.kind} is another type")
    if not column.title or not column.description:
        raise UndescribableError(f"{where} has no title or description")
    checks = {check.name: check.statistics for check in column.checks}
    unknown = set(checks) - {"isin", "str_matches", "greater_than_or_equal_to"}
    if unknown:
        raise UndescribableError(f"{where} has checks without words: {', '.join(sorted(map(str, unknown)))}")
    return ColumnDescription(
        name=column.name,
        kind=meaning.kind,
        title=column.title,
        description=column.description,
        nullable=column.nullable,
        unique=column.unique,
        key=meaning.key,
        references=meaning.references,
        unit=meaning.unit,
        least=checks.get("greater_than_or_equal_to", {}).get("min_value"),
        pattern=str(checks.get("str_matches", {}).get("pattern", "")),
        values=meaning.values or {},
        role=meaning.role,
    )


@cache
def arrow_schema(name: str) -> pa.Schema:
    """The Arrow schema of a table, with descriptions in the metadata of its fields and of the table."""
    table = describe(name)
    fields = []
    for column in table.columns:
        texts = {"title": column.title, "description": column.description, "kind": column.kind, "unit": column.unit}
        texts |= {"key": "true" if column.key else "", "references": column.references}
        texts |= {"values": "|".join(column.values)}
        metadata = {key: text for key, text in texts.items() if text}
        fields.append(pa.field(column.name, column.arrow, nullable=column.nullable, metadata=metadata))
    about = {"title": table.title, "description": table.description, "primary_key": "|".join(table.key)}
    return pa.schema(fields, metadata=about)
