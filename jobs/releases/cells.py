"""Typed cells: the keys of rows, where two columns differ, and the digest of a table; whole columns at a time."""

import hashlib
import json
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BETWEEN: Final = " | "
"""What stands between the parts of a key."""
_PLAIN: Final = (("\\", "\\\\"), ("|", "\\|"))
"""How a part of a key is written, so that no two keys read the same."""


def keys(table: pa.Table, key: tuple[str, ...]) -> pa.Array:
    """The primary keys of the rows as one text each; several parts are joined with ` | `. Null where a part is."""
    parts = [_text(table[name]) for name in key]
    if len(parts) == 1:
        return parts[0]
    for plain, written in _PLAIN:
        parts = [pc.replace_substring(part, plain, written) for part in parts]
    return pc.binary_join_element_wise(*parts, pa.scalar(BETWEEN, pa.large_string()))


def plain(column: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """A column whose texts may be kept once each, with a text in every cell."""
    return column.cast(cell_type(column.type)) if pa.types.is_dictionary(column.type) else column


def cell_type(type_: pa.DataType) -> pa.DataType:
    """The type of the cells of a column, also where these are kept once each."""
    return type_.value_type if pa.types.is_dictionary(type_) else type_


def plain_table(table: pa.Table) -> pa.Table:
    """The same of all columns of a table."""
    return pa.table(list(map(plain, table.columns)), names=table.column_names)


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece; texts of any length."""
    cells = plain(column)
    wide = cells.cast(pa.large_string()) if pa.types.is_string(cells.type) else cells
    return wide.combine_chunks() if isinstance(wide, pa.ChunkedArray) else wide


def _text(column: pa.ChunkedArray) -> pa.Array:
    """The cells of a column as texts that are equal where the cells are."""
    cells = whole(column)
    if pa.types.is_boolean(cells.type):
        return pc.if_else(cells, "TRUE", "FALSE").cast(pa.large_string())
    if pa.types.is_floating(cells.type):
        return pa.array([None if x is None else repr(x + 0.0) for x in cells.to_pylist()], pa.large_string())
    return cells.cast(pa.large_string())


def differing(old: pa.ChunkedArray | pa.Array, new: pa.ChunkedArray | pa.Array) -> pa.Array:
    """TRUE where the cells of two columns differ; an empty text is not an empty cell, and there is one NaN."""
    before, after = whole(old), whole(new)
    if before.type != after.type:
        return pc.or_(pc.is_valid(before), pc.is_valid(after))
    same = pc.equal(before, after)
    if pa.types.is_floating(before.type):
        same = pc.or_(same, pc.and_(pc.is_nan(before), pc.is_nan(after)))
    return pc.invert(pc.coalesce(same, pc.and_(pc.is_null(before), pc.is_null(after))))


def rising(cells: pa.Array) -> bool:
    """Whether each cell is larger than the one before, so that none is empty and none repeats."""
    return not cells.null_count and bool(pc.all(pc.less(cells[:-1], cells[1:])).as_py())


def distinct(cells: pa.Array) -> bool:
    """Whether no cell is empty and none repeats."""
    return rising(cells) or (not cells.null_count and len(cells.unique()) == len(cells))


def at(cells: pa.Array, places: pa.Array) -> pa.Array:
    """The cells at some places, not copied where these are all of them in order."""
    everywhere = len(places) == len(cells) and np.array_equal(places.to_numpy(), np.arange(len(cells)))
    return cells if everywhere else cells.take(places)


def every(column: pa.ChunkedArray, test: Callable[[pa.ChunkedArray | pa.Array], Any]) -> bool:
    """Whether all filled cells pass a test of whole columns.

    Texts that are kept once each are tested once; if one fails, the cells are asked, since it may stand in no cell.
    """
    if pa.types.is_dictionary(column.type) and column.num_chunks:
        texts = pa.chunked_array([part.dictionary for part in column.chunks]).drop_null()
        if pc.all(test(texts)).as_py() is not False:
            return True
    filled = plain(column).drop_null()
    return not len(filled) or bool(pc.all(test(filled)).as_py())


def digest(table: pa.Table, key: tuple[str, ...], named: pa.Array | None = None) -> str:
    """The sha256 of the typed cells of a table, whatever the order of its rows and the format of its file.

    Digested are the names and types of the columns and the number of rows (as JSON); then, rows sorted by key, of each
    column which cells are filled (a byte each), and its cells: numbers, days since 1970 and flags as 8 bytes, the low
    end first, an empty one as 0; of texts first their lengths in bytes, in the same way, then the texts in UTF-8.

    named: the keys of its rows, where they are known.
    """
    types = (str(cell_type(field.type)) for field in table.schema)
    head = [list(map(list, zip(table.column_names, types, strict=True))), len(table)]
    made = hashlib.sha256(json.dumps(head).encode())
    named = keys(table, key) if named is None else named
    order = None if rising(named) else pc.sort_indices(named)
    for column in table.columns:
        cells = whole(column) if order is None else whole(column).take(order)
        made.update(_numbers(pc.is_valid(cells), np.int8))
        if pa.types.is_large_string(cells.type):
            filled = pc.fill_null(cells, "")
            made.update(_numbers(pc.binary_length(filled), np.int64))
            made.update(_characters(filled))
        elif pa.types.is_floating(cells.type):
            numbers = pc.add(pc.fill_null(cells, 0.0), 0.0)  # there is one zero
            made.update(_numbers(pc.if_else(pc.is_nan(numbers), float("nan"), numbers), np.float64))
        else:
            days = cells.cast(pa.int32()) if pa.types.is_date32(cells.type) else cells
            made.update(_numbers(pc.fill_null(days.cast(pa.int64()), 0), np.int64))
    return made.hexdigest()


def _numbers(cells: pa.Array, type_: Any) -> bytes:
    """The bytes of numbers without nulls, the same on every machine."""
    return cells.to_numpy(zero_copy_only=False).astype(np.dtype(type_).newbyteorder("<")).tobytes()  # type: ignore[no-any-return]


def _characters(cells: pa.Array) -> memoryview:
    """The bytes of texts without nulls, one after the other."""
    _, offsets, data = cells.buffers()
    ends = np.frombuffer(offsets, np.int64)[cells.offset : cells.offset + len(cells) + 1]
    return memoryview(data or b"")[ends[0] : ends[-1]]
