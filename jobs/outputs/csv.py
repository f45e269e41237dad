"""Tables -> CSV that spreadsheets, BI tools and programs read alike.

UTF-8 with byte order mark, LF, commas, quotes only where needed, TRUE and FALSE, ISO dates, shortest decimals, empty
for null. pyarrow's own writer quotes every text and writes true and false, so lines are joined here, as whole columns.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import plain_column
from jobs.outputs.edition import Edition, Make, Parts

Indexes = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
ROWS_AT_A_TIME: Final = 8_192
"""Rows whose lines are made together; few enough that their cells stay in the cache of the processor."""
ROWS_PER_PART: Final = 1_024
"""Rows whose lines are one part; so few that it does not take long to make one of them anew."""
_QUOTE: Final = ord('"')
_OTHERS: Final = b",\r\n"
"""Bytes of cells that need quotes; in UTF-8 they are never part of another letter."""
_SELDOM: Final = 0.25
"""Share of texts that need quotes, below which these are made for them alone and put between the others."""
_GREATEST: Final = max(_QUOTE, *_OTHERS)
"""Codes and keys have only greater ones."""


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, pa.string())


def csv_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file a table."""
    for name, table in edition.tables.items():
        yield f"{name}.csv", partial(csv_parts, table)


def csv_bytes(table: pa.Table) -> bytes:
    """A table as CSV."""
    return b"".join(csv_parts(table))


def csv_parts(table: pa.Table) -> Parts:
    """A table as CSV: the header, then the lines of so many rows each, which are made as they are taken."""
    yield csv_header(table)
    for start in range(0, len(table), ROWS_AT_A_TIME):
        yield from csv_lines(table.slice(start, ROWS_AT_A_TIME))


def csv_header(table: pa.Table) -> bytes:
    """What comes before the lines of the rows."""
    header = ",".join(table.column_names) + "\n"
    return BYTE_ORDER_MARK + header.encode()


def csv_lines(rows: pa.Table, ends: Sequence[int] = ()) -> Iterator[memoryview]:
    """The lines of some rows of a table, which are the same wherever these stand.

    They come in parts of so many rows, or in parts that end after as many rows as `ends` tells.
    """
    lasts = ends or [*range(ROWS_PER_PART, len(rows), ROWS_PER_PART), len(rows)]
    lines = [_lines(batch) for batch in rows.combine_chunks().to_batches()]
    data, bounds = (_data(lines[0]), _ends(lines[0])) if lines else (memoryview(b""), np.zeros(1, np.int32))
    cuts = (bounds - bounds[0])[[0, *lasts]].tolist()
    yield from (data[start:end] for start, end in pairwise(cuts))


def _lines(batch: pa.RecordBatch) -> pa.Array:
    *columns, last = map(plain_column, batch.columns)
    return _joined(*map(_cells, columns), _cells(last, "\n"), _text(","))


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
    return np.frombuffer(offsets, np.int32, count, texts.offset * 4) if len(texts) else np.zeros(count, dtype=np.int32)


def _cells(column: pa.Array, end: str = "") -> pa.Array:
    """The cells of a column, each with what comes after it.

    An end is put to the cells of the last column and not to whole lines, of which that would be one more copy.
    """
    if column.type == pa.string():
        return _quoted(column, end)
    return _joined(_plain(column), _text(""), _text(end)) if end else _plain(column)


def _plain(column: pa.Array) -> pa.Array:
    """The cells of a column that is not text."""
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "TRUE", "FALSE")
    texts = column.cast(pa.string())
    if column.type == pa.float64():
        whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 1e15))
        return pc.if_else(whole, pc.if_else(whole, column, 0.0).cast(pa.int64()).cast(pa.string()), texts)
    return texts


def _quoted(texts: pa.Array, end: str) -> pa.Array:
    """Texts with quotes around those that need them, each with what comes after it.

    These are found in the bytes of all texts at once: a regular expression, text by text, takes ten times as long.
    """
    special, quotes = _special(texts)
    if special is not None and special.mean() < _SELDOM:
        odd = pa.array(special)
        texts, special = pc.replace_with_mask(texts, odd, _quoted(texts.filter(odd), "")), None
    if special is None:
        return _joined(texts, _text(""), _text(end)) if end else texts
    doubled = pc.replace_substring(texts, '"', '""') if quotes else texts
    before, after = _text('"'), _text(f'"{end}')
    if not special.all():
        marked = pa.array(special)
        before, after = pc.if_else(marked, before, _text("")), pc.if_else(marked, after, _text(end))
    return _joined(before, doubled, after, _text(""))


def _special(texts: pa.Array) -> tuple[Mask | None, bool]:
    """Which texts need quotes, if any does, and whether there are quotes in any."""
    letters = np.frombuffer(_data(texts), np.uint8)
    if letters.min(initial=_GREATEST + 1) > _GREATEST:
        return None, False
    quotes = letters == _QUOTE
    found = quotes.copy()
    for byte in _OTHERS:
        found |= letters == byte
    places = np.flatnonzero(found)
    if not len(places):
        return None, False
    special = np.zeros(len(texts), dtype=np.bool_)
    ends = _ends(texts)
    special[np.searchsorted(ends, places + ends[0], side="right") - 1] = True
    return special, bool(quotes.any())
