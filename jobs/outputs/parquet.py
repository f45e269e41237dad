"""Tables -> Parquet: types that every BI tool reads, descriptions in the metadata, the same bytes every time."""

import io
from collections.abc import Iterator
from functools import partial
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from jobs.outputs.edition import Edition, Make, Parts

ROWS_PER_GROUP: Final = 131_072


def parquet_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file a table."""
    for name, table in edition.tables.items():
        yield f"{name}.parquet", partial(parquet_parts, table)


def parquet_parts(table: pa.Table) -> Parts:
    """A table as Parquet, in one part."""
    return [parquet_bytes(table)]


def parquet_bytes(table: pa.Table) -> bytes:
    """A table as Parquet 2.6, zstd; what fields and the table mean stands in the metadata."""
    sink = io.BytesIO()
    pq.write_table(
        table,
        sink,
        version="2.6",
        compression="zstd",
        row_group_size=ROWS_PER_GROUP,
        write_page_index=True,
    )
    return sink.getvalue()
