"""Tables -> CSV that spreadsheets, BI tools and programs read alike.

UTF-8 with byte order mark, LF, commas, quotes only where needed, TRUE and FALSE, ISO dates, shortest decimals, empty
for null. pyarrow's own writer quotes every text and writes true and false, so lines are joined here, as whole columns.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.outputs.edition import Edition, Make, Parts

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
ROWS_AT_A_TIME: Final = 8_192
"""Few enough that their cells stay in the cache."""


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
    """A table as CSV, in parts of some rows."""
    header = ",".join(table.column_names) + "\n"
    return [BYTE_ORDER_MARK + header.encode(), *map(_lines, table.to_batches(max_chunksize=ROWS_AT_A_TIME))]


def _lines(batch: pa.RecordBatch) -> memoryview:
    cells = [_cells(column) for column in batch.columns]
    lines = pc.binary_join_element_wise(*cells, _text(","), null_handling="replace", null_replacement="")
    lines = pc.binary_join_element_wise(lines, _text(""), _text("\n"))
    _, offsets, data = lines.buffers()
    ends = pa.Array.from_buffers(pa.int64(), len(lines) + 1, [None, offsets], offset=lines.offset)
    start, end = ends[0].as_py(), ends[len(lines)].as_py()
    return memoryview(data)[start:end]


def _cells(column: pa.Array) -> pa.Array:
    if pa.types.is_boolean(column.type):
        return pc.if_else(column, "TRUE", "FALSE").cast(pa.large_string())
    texts = column.cast(pa.large_string())
    if column.type == pa.float64():
        whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(pc.abs(column), 1e15))
        return pc.if_else(whole, pc.if_else(whole, column, 0.0).cast(pa.int64()).cast(pa.large_string()), texts)
    if column.type != pa.string():
        return texts
    special = pc.match_substring_regex(texts, '[",\r\n]')
    if not pc.any(special).as_py():
        return texts
    quoted = pc.binary_join_element_wise(_text('"'), pc.replace_substring(texts, '"', '""'), _text('"'), _text(""))
    return pc.if_else(special, quoted, texts)
