"""Tables -> Parquet: types that every BI tool reads, descriptions in the metadata, the same bytes every time.

What the numbers are good for is measured by `python -m tests.benchmarks.parquet_sweep`.
"""

import io
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobs.coded import plain, plain_schema
from jobs.outputs.edition import Edition, Make, Parts

ROWS_PER_GROUP: Final = 65_536
"""DuckDB reads or skips whole groups by the least and greatest value of a column: so few that a force's rows of an area
are a small part of a large table, so many that what the file tells of its groups is one as well."""
ROWS_AT_A_TIME: Final = 1_024
"""Rows of a chunk that Arrow writes at a time."""
LEVEL: Final = 3
KEY_LEVEL: Final = 6
"""Of zstd. Keys, whose neighbours are much alike, gain most by a high one; all columns with it take twice as long, and
a higher one makes files at most 2 % smaller. Only tables that are sorted for readers of large files get it: where texts
are most of a table, keys with it take as long as all else together, for 4 to 6 % of the file."""
DICTIONARY: Final = 2**22
"""Bytes of the different texts of a column in a group of rows, up to which each of them is written once: room for
sentences and addresses, which come again and again, and make up most of the statements."""
CLUSTERS: Final = ("force_id", "area_id")
"""What readers ask for most, and what the rows of a table may therefore be sorted by before its key."""


def parquet_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file a table."""
    for name, table in edition.tables.items():
        yield f"{name}.parquet", partial(parquet_parts, table)


def parquet_parts(table: pa.Table) -> Parts:
    """A table as Parquet 2.6, zstd; what fields and the table mean stands in the metadata, and how rows are sorted.

    Its parts are row groups and what comes after them, made as they are taken.
    """
    sink = _Sink()
    order, schema = [(name, "ascending") for name in order_of(table)], plain_schema(table.schema)
    names, once, key = table.column_names, _seldom_repeated(table), _key(table)
    high = key if len(order) > len(key) else ()
    with pq.ParquetWriter(
        sink,
        schema,
        version="2.6",
        compression="zstd",
        compression_level={name: KEY_LEVEL if name in high else LEVEL for name in names},
        use_dictionary=[name for name in names if name not in once],
        dictionary_pagesize_limit=DICTIONARY,
        write_page_index=True,
        write_batch_size=ROWS_AT_A_TIME,
        sorting_columns=pq.SortingColumn.from_ordering(schema, order) if order else None,
    ) as writer:
        for start in range(0, len(table) or 1, ROWS_PER_GROUP):
            writer.write_table(_evened(plain(table.slice(start, ROWS_PER_GROUP))), ROWS_PER_GROUP)
            yield sink.taken()
    yield sink.taken()


def _evened(rows: pa.Table) -> pa.Table:
    """The same rows in chunks that make no difference to the file: so many are looked at before a page may end."""
    uneven = (len(chunk) % ROWS_AT_A_TIME for column in rows.columns for chunk in column.chunks[:-1])
    return rows.combine_chunks() if any(uneven) else rows


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet."""
    return b"".join(parquet_parts(table))


class _Sink(io.RawIOBase):
    """A file of which only what was written last is there."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """What was written since it was asked for."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def order_of(table: pa.Table) -> tuple[str, ...]:
    """The columns by which the rows are sorted, ascending, nulls last: the key, perhaps after what clusters them.

    Found by looking, since readers may rely on it; empty where the rows are in neither order.
    """
    key = _key(table)
    clusters = tuple(name for name in CLUSTERS if name in table.column_names and name not in key)
    return next((names for names in ((*clusters, *key), key) if key and _sorted(table, names)), ())


def _key(table: pa.Table) -> tuple[str, ...]:
    told = (table.schema.metadata or {}).get(b"primary_key", b"").decode()
    return tuple(name for name in told.split("|") if name in table.column_names)


def _seldom_repeated(table: pa.Table) -> set[str]:
    """Columns for which a dictionary is made in vain: a key of one column, addresses."""
    key = _key(table)
    addresses = {field.name for field in table.schema if (field.metadata or {}).get(b"kind") == b"url"}
    return addresses | ({*key} if len(key) == 1 else set())


def _sorted(table: pa.Table, names: Sequence[str]) -> bool:
    tied = None
    for place, name in enumerate(names, 1):
        one, next_ = table[name][:-1], table[name][1:]
        falls = pc.or_(pc.fill_null(pc.greater(one, next_), False), pc.and_(pc.is_null(one), pc.is_valid(next_)))
        if pc.any(falls if tied is None else pc.and_(falls, tied)).as_py():
            return False
        if place < len(names):
            same = pc.or_(pc.fill_null(pc.equal(one, next_), False), pc.and_(pc.is_null(one), pc.is_null(next_)))
            tied = same if tied is None else pc.and_(same, tied)
    return True
