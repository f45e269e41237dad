"""Any Arrow tables with their keys -> a release that can be compared, whoever made them.

With two sets of tables at hand the whole engine is three calls:

    old, new = release_of(tables, keys), release_of(later, keys)
    findings = compare(old, new)    # jobs.releases.compare: everything in which they differ, data loss first
    bump_of(findings)               # jobs.releases.version: NONE, PATCH, MINOR or MAJOR

What tables do not say of themselves (units, code lists, references) can be given in `about`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.releases.cells import distinct, keys
from jobs.releases.content import Column, Content, Declared

About = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Table -> column -> what is declared of it: fields of `jobs.releases.content.Column` and their values."""

_NO_TEXT: Final = (pa.types.is_nested, pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)


def release_of(
    tables: Mapping[str, pa.Table],
    keys_of: Mapping[str, Sequence[str]],
    *,
    about: About | None = None,
    files: Iterable[str] = (),
    licence: str = "",
    version: str = "0.0.0",
) -> Content:
    """The release that consists of these tables, to be compared with another one.

    tables: name -> rows, of any Arrow types; keys_of: name -> the columns that tell its rows apart. Whole numbers,
    other numbers, dates, flags and texts count as such however they are kept (int8 and int64 are one type to a reader);
    what is none of these is compared as text. A column that its schema says is not nullable is declared so.

    Raises ValueError where a key is missing, empty or repeats, or a column stands twice.
    """
    made, declared = {}, {}
    for name, table in tables.items():
        if len(set(table.column_names)) < len(table.column_names):
            raise ValueError(f"{name}: two columns have one name")
        key = tuple(keys_of.get(name, ()))
        kinds = [kind_of(column.type) for column in table.columns]
        made[name] = pa.table([_plain(column) for column in table.columns], names=table.column_names)
        declared[name] = _declared(name, table.schema, made[name].schema, kinds, key, (about or {}).get(name, {}))
        _refuse_faulty(name, made[name], key)
    return Content(version, licence, frozenset(files), declared, made)


def _declared(
    name: str, said: pa.Schema, made: pa.Schema, kinds: list[str], key: tuple[str, ...], about: Mapping[str, Any]
) -> Declared:
    columns = []
    for field, plain, kind in zip(said, made, kinds, strict=True):
        known: dict[str, Any] = {"nullable": field.nullable and field.name not in key, "unique": key == (field.name,)}
        known |= {"kind": kind, **about.get(field.name, {})}
        columns.append(Column(name=field.name, type=str(plain.type), key=field.name in key, **known))
    return Declared(name, "", "", key, tuple(columns))


def _refuse_faulty(name: str, table: pa.Table, key: tuple[str, ...]) -> None:
    """Raises ValueError where the key does not tell the rows apart."""
    if not key:
        raise ValueError(f"{name}: no key is given that tells its rows apart")
    missing = [column for column in key if column not in table.column_names]
    if missing:
        raise ValueError(f"{name} has no column {missing[0]}, which its key names")
    if not distinct(keys(table, key)):
        raise ValueError(f"{name}: the key {' + '.join(key)} is empty in a row, or repeats")


def kind_of(type_: pa.DataType) -> str:
    """What sort of cells a column has to a reader, however they are kept; empty of a column without any cell."""
    if pa.types.is_dictionary(type_):
        return kind_of(type_.value_type)
    if pa.types.is_decimal(type_):
        return f"number with {type_.scale} decimals"
    if pa.types.is_timestamp(type_):
        return f"date and time{f' in {type_.tz}' if type_.tz else ''}"
    return next((kind for is_, kind, _ in _KINDS if is_(type_)), str(type_))


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The cells of a column as one of the types that are compared."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if any(is_(column.type) for is_ in _NO_TEXT):
        return _as_json(column)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("us", column.type.tz))
    due = next((due for is_, _, due in _KINDS if is_(column.type)), pa.string())
    try:
        return column.cast(due)
    except pa.ArrowInvalid:  # numbers that are too large
        return column.cast(pa.string())


def _as_json(column: pa.ChunkedArray) -> pa.ChunkedArray:
    cells = (None if cell is None else json.dumps(cell, default=repr, sort_keys=True) for cell in column.to_pylist())
    return pa.chunked_array([pa.array(cells, pa.string())])


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_) or pa.types.is_string_view(type_))


_KINDS: Final[tuple[tuple[Callable[[pa.DataType], bool], str, pa.DataType], ...]] = (
    (pa.types.is_boolean, "flag", pa.bool_()),
    (pa.types.is_integer, "whole", pa.int64()),
    (pa.types.is_floating, "number", pa.float64()),
    (pa.types.is_date, "date", pa.date32()),
    (_is_text, "text", pa.string()),
    (pa.types.is_null, "", pa.string()),
)
"""Which types are alike to a reader, what they are called, and as which they are compared."""


# --- texts whose types nobody has told

_LOOKS: Final[tuple[tuple[str, pa.DataType], ...]] = (
    (r"^-?(0|[1-9][0-9]{0,17})$", pa.int64()),
    (r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?$", pa.float64()),
    (r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", pa.date32()),
    (r"^(TRUE|FALSE|True|False|true|false)$", pa.bool_()),
)
"""What texts look like that are numbers, dates or flags: `012` is a code, not a number."""


def typed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Texts as numbers, dates or flags where all of them are such; as they are where one is not; empty ones as null."""
    filled = column.drop_null()
    if not len(filled):
        return pa.chunked_array([pa.nulls(len(column))])
    for form, type_ in _LOOKS:
        if pc.all(pc.match_substring_regex(filled, form)).as_py():
            return as_type(column, type_)
    return column


def as_type(column: pa.ChunkedArray, type_: pa.DataType) -> pa.ChunkedArray:
    """Texts as cells of a type; as they are where one of them cannot be read so."""
    try:
        return pc.utf8_lower(column).cast(type_) if pa.types.is_boolean(type_) else column.cast(type_)
    except pa.ArrowInvalid:
        return column
