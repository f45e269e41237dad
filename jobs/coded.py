"""Columns as their different values and, for each row, the number of its value.

Articles repeat each other far more than they differ: what follows from cells is worked out once for each value, or
combination of values, that occurs, and what is asked of a text is asked of each different text.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise, starmap
from typing import Any, Final, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

_Value = TypeVar("_Value")
_Made = TypeVar("_Made")
Numbers = npt.NDArray[np.int64]
"""Numbers of rows or of values, from 0."""
Mask = npt.NDArray[np.bool_]

TEXT: Final = pa.large_string()
SPACES: Final = r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""All that Python takes for space, for a class of characters in an expression of Arrow."""
_MOST: Final = 2**62
"""Combinations of values from which on they are numbered anew, so that their numbers keep within 64 bits."""


class Column(Generic[_Value]):
    """A value for each row. No value comes twice among the values; there may be some that no row has."""

    __slots__ = ("_texts", "_values", "numbers")

    def __init__(self, numbers: Numbers, values: Sequence[_Value] | None, texts: pa.Array | None = None) -> None:
        """numbers: for each row that of its value; the values are given, or texts of Arrow that are the values."""
        self.numbers, self._values, self._texts = numbers, values, texts

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.numbers)

    @property
    def size(self) -> int:
        """How many values there are."""
        return len(self.texts) if self._values is None else len(self._values)

    @property
    def tells(self) -> bool:
        """Whether there may be a value that is true, such as a text that is not empty."""
        return self.size > 1 or any(self.values)

    @property
    def values(self) -> Sequence[_Value]:
        """The different values."""
        if self._values is None:
            self._values = self.texts.to_pylist()
        return self._values

    @property
    def texts(self) -> pa.Array:
        """The different values of a column of texts, as Arrow has them."""
        if self._texts is None:
            self._texts = pa.array(self._values, TEXT)
        return self._texts

    def cells(self) -> list[_Value]:
        """The value of each row."""
        return self.at(self.numbers)

    def value(self, row: int) -> _Value:
        """The value of one row."""
        return self.values[int(self.numbers[row])]

    def at(self, numbers: Numbers) -> list[_Value]:
        """The values of these numbers."""
        return list(map(self.values.__getitem__, numbers.tolist()))

    def array(self) -> pa.Array:
        """The text of each row."""
        return self.texts.take(pa.array(self.numbers))

    def coded(self) -> pa.DictionaryArray:
        """The text of each row, each different one once."""
        return pa.DictionaryArray.from_arrays(pa.array(self.numbers.astype(np.int32)), self.texts)

    def take(self, rows: Numbers) -> "Column[_Value]":
        """The values of these rows."""
        return Column(self.numbers[rows], self._values, self._texts)

    def map(self, function: Callable[[_Value], _Made]) -> "Column[_Made]":
        """What a pure function makes of the value of each row."""
        return column_of(self.numbers, list(map(function, self.values)))

    def mask(self) -> Mask:
        """Which rows have a value that is true, such as a text that is not empty."""
        return np.fromiter(map(bool, self.values), np.bool_, self.size)[self.numbers]

    def among(self, values: Iterable[int]) -> Mask:
        """Which rows have one of the values of these numbers."""
        wanted = np.zeros(self.size, np.bool_)
        wanted[list(values)] = True
        return wanted[self.numbers]


def column_of(numbers: Numbers, values: Sequence[_Value]) -> Column[_Value]:
    """A column of values of which some may be equal."""
    known = dict.fromkeys(values)
    if len(known) == len(values):
        return Column(numbers, values)
    numbered = dict(zip(known, range(len(known)), strict=True))
    places = np.fromiter(map(numbered.__getitem__, values), np.int64, len(values))
    return Column(places[numbers], list(known))


def coded(cells: Sequence[_Value]) -> Column[_Value]:
    """The column of some cells."""
    return column_of(np.arange(len(cells)), cells)


def coded_texts(cells: pa.Array | Sequence[str]) -> Column[str]:
    """The column of some texts."""
    texts = encoded(cells if isinstance(cells, pa.Array) else pa.array(cells, TEXT))
    return Column(texts.indices.to_numpy().astype(np.int64), None, texts.dictionary)


def whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column of Arrow in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def encoded(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """A column of Arrow without nulls, each different value once, as in a dictionary it must be already."""
    values = whole(column)
    return values if pa.types.is_dictionary(values.type) else values.dictionary_encode(null_encoding="encode")


def occurring(column: pa.ChunkedArray) -> pa.Array:
    """The values that a column has, in the order of their first rows; each once, but for what its dictionary repeats.

    Where its pieces have one dictionary their numbers tell; Arrow compares the dictionary of each piece, text by text.
    """
    dictionaries = [chunk.dictionary for chunk in column.chunks] if pa.types.is_dictionary(column.type) else []
    if len(set(map(_place, dictionaries))) != 1:
        return plain_column(pc.unique(column))
    return dictionaries[0].take(pc.unique(pa.chunked_array([chunk.indices for chunk in column.chunks])))


def _place(values: pa.Array) -> tuple[int, ...]:
    """Where the cells of an array are in memory."""
    return len(values), values.offset, *(buffer.address if buffer else 0 for buffer in values.buffers())


def different(numbers: npt.NDArray[np.signedinteger[Any]]) -> npt.NDArray[np.signedinteger[Any]]:
    """Each different number once, ascending; `np.unique` hashes and looks for masks, which takes longer."""
    ascending = np.sort(numbers)
    first = np.ones(len(ascending), np.bool_)
    first[1:] = ascending[1:] != ascending[:-1]
    once: npt.NDArray[np.signedinteger[Any]] = ascending[first]
    return once


def different_per(groups: Numbers, values: Numbers, number: int) -> Numbers:
    """How many different values each of so many groups has, of which each row has the number; values: from 0."""
    width = int(values.max(initial=0)) + 1
    return np.bincount(different(groups * width + values) // width, minlength=number).astype(np.int64)


def ascends(keys: pa.ChunkedArray) -> bool:
    """Whether each value is greater than the one before it, so that none is null and none comes twice."""
    chunks = [chunk for chunk in keys.chunks if len(chunk)]
    if keys.null_count or not all(one[-1].as_py() < other[0].as_py() for one, other in pairwise(chunks)):
        return False
    return all(pc.all(pc.less(chunk[:-1], chunk[1:]), min_count=0).as_py() for chunk in chunks)


def equal_to(column: pa.Array | pa.ChunkedArray, text: str) -> pa.Array | pa.ChunkedArray:
    """Whether each text of a column, which may be a dictionary of different ones, is this one."""
    if not pa.types.is_dictionary(column.type):
        return pc.equal(column, text)
    texts = encoded(column)
    return pc.equal(texts.indices, pc.index(texts.dictionary, text).as_py())


def placed(values: pa.Array, places: pa.Array) -> pa.DictionaryArray:
    """The values at some places as a dictionary, null where either is.

    Arrow puts no pieces together whose dictionaries have nulls and differ: all of a column must have the same values.
    """
    if values.null_count:
        places = pc.if_else(values.is_null().take(places), None, places)
    return pa.DictionaryArray.from_arrays(places, values)


def plain(table: pa.Table) -> pa.Table:
    """A table with texts in place of dictionaries of texts."""
    return pa.Table.from_arrays(list(map(plain_column, table.columns)), schema=plain_schema(table.schema))


def plain_schema(schema: pa.Schema) -> pa.Schema:
    """The schema of such a table."""
    fields = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in schema]
    return pa.schema(fields, schema.metadata)


def plain_tables(tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Tables without dictionaries."""
    return {name: plain(table) for name, table in tables.items()}


def plain_column(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """A column with texts in place of a dictionary of texts."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def combined(columns: Sequence[Column[Any]]) -> tuple[Numbers, Numbers]:
    """For each row the number of its combination of values, and of each combination the first row that has it."""
    numbers, size = columns[0].numbers, columns[0].size
    for column in columns[1:]:
        if column.size == 1:
            continue
        if size * column.size >= _MOST:
            numbers, first = _numbered(numbers)
            size = len(first)
        numbers, size = numbers * column.size + column.numbers, size * column.size
    return _numbered(numbers)


def _numbered(numbers: Numbers) -> tuple[Numbers, Numbers]:
    encoded = pa.array(numbers).dictionary_encode()
    dense = encoded.indices.to_numpy().astype(np.int64)
    first = np.empty(len(encoded.dictionary), np.int64)
    first[dense[::-1]] = np.arange(len(dense))[::-1]
    return dense, first


def combinations(columns: Sequence[Column[Any]]) -> tuple[Numbers, Numbers, list[tuple[Any, ...]]]:
    """The same as `combined`, and the cells of each combination."""
    numbers, first = combined(columns)
    return numbers, first, list(zip(*(column.at(column.numbers[first]) for column in columns), strict=True))


def mapped(function: Callable[..., _Made], *columns: Column[Any]) -> Column[_Made]:
    """What a pure function makes of the cells of each row; called once for each combination of values."""
    if len(columns) == 1:
        return columns[0].map(function)
    numbers, _, cells = combinations(columns)
    return column_of(numbers, list(starmap(function, cells)))


def or_else(column: Column[str], other: Column[str]) -> Column[str]:
    """What a column of texts says, or where it says nothing what another one says."""
    return mapped(_or_else, column, other) if column.tells else other


def _or_else(text: str, other: str) -> str:
    return text or other


def hyphenated(*columns: Column[str]) -> pa.Array:
    """The texts of each row that are not empty, with hyphens between them.

    Each gets one before it, and the first goes: were empty texts nulls, Arrow would drop the rows that have no others.
    """
    nothing, hyphen = pa.scalar("", TEXT), pa.scalar("-", TEXT)
    parts = []
    for column in columns:
        begun = pc.binary_join_element_wise(hyphen, column.texts, nothing)
        parts.append(pc.if_else(pc.equal(column.texts, ""), nothing, begun))
    whole = "" not in columns[0].values
    parts[0] = columns[0].texts if whole else parts[0]
    cells = [part.take(pa.array(column.numbers)) for part, column in zip(parts, columns, strict=True)]
    text = pc.binary_join_element_wise(*cells, nothing)
    return text if whole else pc.utf8_slice_codeunits(text, 1)


def unlike(texts: pa.Array, pattern: str, least: int, most: int) -> Numbers:
    """The numbers of the texts that an expression does not match, or that have fewer or more characters than named."""
    lengths = pc.utf8_length(texts)
    sound = pc.and_(
        pc.and_(pc.greater_equal(lengths, least), pc.less_equal(lengths, most)),
        pc.match_substring_regex(texts, pattern),
    )
    return np.flatnonzero(~sound.to_numpy(zero_copy_only=False))
