"""A release as it is compared: typed tables with what their columns mean.

What columns mean comes from the release itself (its `release.json`), never from the schemas of today.
"""

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec
import pyarrow as pa

if TYPE_CHECKING:  # it imports pandas, which takes longer than to compare most releases
    from jobs.describe import TableDescription

CHANGES: Final = "changes"
"""The table that tells how a release differs from the one before; its cells are not themselves compared."""
TYPES: Final = {
    str(type_): type_ for type_ in (pa.string(), pa.int32(), pa.int64(), pa.float64(), pa.bool_(), pa.date32())
}
"""The types that columns of any release have, by their names in `release.json`."""
_NUMBERS: Final = ("int32", "int64", "double")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_MAX_PATTERN: Final = 200


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """What a release declares of a column."""

    name: str
    type: str
    kind: str
    nullable: bool
    unique: bool
    key: bool
    references: str = ""
    unit: str = ""
    least: Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)] | None = None
    pattern: str = ""
    values: dict[str, str] = {}
    title: str = ""
    description: str = ""
    role: str = "fact"


class Declared(msgspec.Struct, frozen=True):
    """What a release declares of a table."""

    name: str
    title: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The names of its columns."""
        return [column.name for column in self.columns]


class Content(NamedTuple):
    """A release to be compared.

    files: their names, without that of the checksums; declared: its tables, also `changes`; tables: their rows, of all
    but `changes`; spent: digests of the corrections and retractions that were in its sources already.
    """

    version: str
    licence: str
    files: frozenset[str]
    declared: Mapping[str, Declared]
    tables: Mapping[str, pa.Table]
    spent: frozenset[str] = frozenset()


def declared(description: "TableDescription") -> Declared:
    """What the schemas of today declare of a table."""
    shared = [field for field in Column.__struct_fields__ if field != "type"]
    columns = tuple(
        Column(**{field: getattr(column, field) for field in shared}, type=str(column.arrow))
        for column in description.columns
    )
    return Declared(description.name, description.title, description.description, description.key, columns)


def faults_of(table: Declared) -> Iterator[str]:
    """What keeps a declaration that somebody else made from being used."""
    names = table.names
    if not all(_NAME.fullmatch(name) for name in (table.name, *names)) or len(set(names)) < len(names):
        yield "a name is not of lower-case letters, digits and underscores, or repeats"
    if not table.key or set(table.key) - set(names) or len(set(table.key)) < len(table.key):
        yield "the primary key is not made of its columns"
    if any(column.key != (column.name in table.key) for column in table.columns):
        yield "the columns of the primary key are not those that say so"
    for column in table.columns:
        yield from (f"{column.name}: {fault}" for fault in _column_faults(column))


def _column_faults(column: Column) -> Iterator[str]:
    if column.type not in TYPES:
        yield "a type that no column has"
    if column.least is not None and column.type not in _NUMBERS:
        yield "a least value of what is not a number"
    if (column.values or column.pattern) and column.type != "string":
        yield "codes or a form of what is not a text"
    if len(column.pattern) > _MAX_PATTERN or re.search(r"\{|\\[pPXC]", column.pattern):
        yield "a form that would take long to look for"
    if column.references and not re.fullmatch(rf"{_NAME.pattern}\.{_NAME.pattern}", column.references, re.ASCII):
        yield "a reference that is not a table and its column"
