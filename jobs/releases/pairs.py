"""Two folders of tables that others made -> two releases that can be compared, and what had to be made out for it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.releases.cells import distinct, keys, whole
from jobs.releases.content import CHANGES, Content
from jobs.releases.foreign import Found
from jobs.releases.load import UnsoundError
from jobs.releases.plain import kind_of, release_of

ROW: Final = "(row)"
"""The column by which rows without a key are told apart: all of their cells, and which of several equal rows it is."""
_PARTS: Final = 4
"""Columns of a key that is made out."""
_KEYS: Final = ("text", "whole", "date")

Keys = Mapping[str, tuple[str, ...]]
Tables = dict[str, pa.Table]


def paired(old: Found, new: Found, given: Keys) -> tuple[Content, Content, list[str]]:
    """Two releases with types and keys that are comparable, and in words what nobody had declared of them.

    given: keys that somebody named, which come before those that are declared. Raises UnsoundError where a key does not
    tell the rows of a table apart.
    """
    one, two = _agreed(old, new)
    unknown = sorted(given.keys() - one.keys() - two.keys())
    if unknown:
        raise UnsoundError(f"there is no table {unknown[0]}, of which a key is named")
    keys_of: tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]] = {}, {}
    notes = []
    for name in sorted({*one, *two}):
        said = [given.get(name) or found.keys.get(name) for found in (old, new) if name in found.tables]
        known = [key for key in said if key]
        if len(known) < len(said):
            sides = [tables[name] for tables in (one, two) if name in tables]
            made_out = known[0] if known else _made_out(sides)
            notes.append(
                f"{name} declares no key; its rows are told apart by {' + '.join(made_out) or 'all of their cells'}"
            )
            for tables in (one, two) if not made_out else ():
                if name in tables:  # first, so that a new column at the end stays one
                    tables[name] = tables[name].add_column(0, ROW, _rows(tables[name], sides))
            known = [made_out or (ROW,)]
        keys_of[0][name], keys_of[1][name] = known[0], known[-1]
    licences = (old.licence, new.licence) if old.licence and new.licence else ("", "")
    before = _content(old, one, keys_of[0], licences[0])
    return before, _content(new, two, keys_of[1], licences[1]), notes


def _content(found: Found, tables: Tables, keys_of: Keys, licence: str) -> Content:
    try:
        return release_of(tables, keys_of, about=found.about, files=found.files, licence=licence, version=found.version)
    except ValueError as error:
        raise UnsoundError(str(error)) from None


def _agreed(old: Found, new: Found) -> tuple[Tables, Tables]:
    """The tables of both, without those of changes; where nobody told a type, it is one that fits both if there is one.

    A column without a filled cell has the type of the other; of whole and other numbers both are other numbers.
    """
    one = {name: table for name, table in old.tables.items() if name != CHANGES}
    two = {name: table for name, table in new.tables.items() if name != CHANGES}
    for name in one.keys() & two.keys():
        for column in {*one[name].column_names} & {*two[name].column_names}:
            types = [tables[name].schema.field(column).type for tables in (one, two)]
            due = _common(types, [(name, column) in found.guessed for found in (old, new)])
            for tables, type_ in zip((one, two), due, strict=True):
                tables[name] = _cast(tables[name], column, type_)
    return one, two


def _common(types: list[pa.DataType], guessed: list[bool]) -> list[pa.DataType]:
    """The types of a column in both releases; guessed: whether they follow from the cells alone."""
    kinds = [kind_of(type_) for type_ in types]
    if "" in kinds:
        known = types[1 - kinds.index("")]
        return [known, known] if kind_of(known) else types
    if any(guessed) and set(kinds) == {"whole", "number"}:
        return [pa.float64(), pa.float64()]
    return types


def _cast(table: pa.Table, column: str, type_: pa.DataType) -> pa.Table:
    place = table.column_names.index(column)
    if table.schema.field(place).type == type_:
        return table
    return table.set_column(place, column, table.column(place).cast(type_))


def _made_out(sides: list[pa.Table]) -> tuple[str, ...]:
    """The first column, or columns from the first on, that tell the rows of all sides apart; none if none do."""
    names = [name for name in sides[0].column_names if all(name in side.column_names for side in sides)]
    for key in _candidates(sides[0], names):
        if all(distinct(_text(side, key)) for side in sides):
            return key
    return ()


def _candidates(table: pa.Table, names: list[str]) -> Iterator[tuple[str, ...]]:
    fit = [name for name in names if kind_of(table.schema.field(name).type) in _KEYS]
    yield from ((name,) for name in fit)
    yield from (tuple(fit[:number]) for number in range(2, min(_PARTS, len(fit)) + 1))


def _text(table: pa.Table, key: tuple[str, ...]) -> pa.Array:
    plain = {name: table[name] for name in key}
    return keys(pa.table({name: _decoded(column) for name, column in plain.items()}), key)


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def _wide(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def _rows(table: pa.Table, sides: list[pa.Table]) -> pa.Array:
    """The cells of each row that all sides have, as one text; the second of equal rows ends in ` (2)`, and so on."""
    names = [name for name in table.column_names if all(name in side.column_names for side in sides)]
    plain: dict[str, Any] = {name: _decoded(table[name]) for name in names}
    texts = {name: pc.fill_null(whole(pc.cast(cells, pa.large_string())), "") for name, cells in plain.items()}
    named = keys(pa.table(texts), tuple(names)) if names else pa.array([""] * len(table), pa.large_string())
    codes = named.dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    turn = np.empty(len(codes), np.int64)
    turn[order] = np.arange(len(codes)) - np.repeat(starts, np.diff(starts, append=len(codes)))
    parts = (named, _wide(" ("), pa.array(turn + 1).cast(pa.large_string()), _wide(")"), _wide(""))
    again = pc.binary_join_element_wise(*parts)
    return pc.if_else(pa.array(turn == 0), named, again)
