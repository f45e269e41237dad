"""Tables -> CSV that spreadsheets, BI tools and programs read alike.

UTF-8 with byte order mark, LF, commas, quotes only where needed, TRUE and FALSE, ISO dates, shortest decimals, empty
for null. pyarrow's own writer quotes every text and writes true and false, so lines are joined here, as whole columns.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.outputs.edition import Edition, Make, Parts

Indexes = npt.NDArray[np.int64]

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
ROWS_AT_A_TIME: Final = 8_192
"""Few enough that their cells stay in the cache."""
_QUOTE: Final = ord('"')
_OTHERS: Final = b",\r\n"
"""Bytes of cells that need quotes; in UTF-8 they are never part of another letter."""
_GREATEST: Final = max(_QUOTE, *_OTHERS)
"""Codes and keys have only greater ones."""


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.large_string())


def csv_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file a table."""
    for name, table in edition.tables.items():
        yield f"{name}.csv", partial(csv_parts, table)


def csv_bytes(table: pa.Table) -> bytes:
    """A table as CSV."""
    return b"".join(csv_parts(table))


def csv_parts(table: pa.Table) -> Parts:
    """A table as CSV, in parts of some rows, which are made as they are taken."""
    header = ",".join(table.column_names) + "\n"
    yield BYTE_ORDER_MARK + header.encode()
    yield from map(_lines, table.to_batches(max_chunksize=ROWS_AT_A_TIME))


def _lines(batch: pa.RecordBatch) -> memoryview:
    *cells, last = (_cells(column) for column in batch.columns)
    last = _joined(last, _text(""), _text("\n"))  # here and not to whole lines, of which that would be one more copy
    return _data(_joined(*cells, last, _text(",")))


def _joined(*texts: pa.Array | pa.Scalar) -> pa.Array:
    return pc.binary_join_element_wise(*texts, null_handling="replace", null_replacement="")


def _data(texts: pa.Array) -> memoryview:
    """The bytes of all texts, one after the other."""
    data, ends = texts.buffers()[2], _ends(texts)
    return memoryview(data)[ends[0] : ends[-1]] if data else memoryview(b"")


def _ends(texts: pa.Array) -> Indexes:
    """Where each text begins in the bytes of all, and where the last one ends."""
    offsets = texts.buffers()[1]
    count = len(texts) + 1
    return np.frombuffer(offsets, np.int64, count, texts.offset * 8) if len(texts) else np.zeros(count, dtype=np.int64)


def _cells(column: pa.Array) -> pa.Array:
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "TRUE", "FALSE").cast(pa.large_string())
    texts = column.cast(pa.large_string())
    if column.type == pa.float64():
        whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 1e15))
        return pc.if_else(whole, pc.if_else(whole, column, 0.0).cast(pa.int64()).cast(pa.large_string()), texts)
    if column.type != pa.string():
        return texts
    return _quoted(texts)


def _quoted(texts: pa.Array) -> pa.Array:
    """Texts, with quotes around those that need them.

    These are found in the bytes of all texts at once: a regular expression, text by text, takes ten times as long.
    """
    letters = np.frombuffer(_data(texts), np.uint8)
    if letters.min(initial=_GREATEST + 1) > _GREATEST:
        return texts
    quotes = letters == _QUOTE
    found = quotes.copy()
    for byte in _OTHERS:
        found |= letters == byte
    if not found.any():
        return texts
    special = np.zeros(len(texts), dtype=np.bool_)
    ends = _ends(texts)
    special[np.searchsorted(ends, np.flatnonzero(found) + ends[0], side="right") - 1] = True
    marks = pc.if_else(pa.array(special), _text('"'), _text(""))
    doubled = pc.replace_substring(texts, '"', '""') if quotes.any() else texts
    return _joined(marks, doubled, marks, _text(""))
