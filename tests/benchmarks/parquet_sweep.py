"""How large Parquet files get and how much of them a reader needs, by the settings of the writer.

    python -m tests.benchmarks.parquet_sweep                  # the sweep, over 1,000,000 rows of metrics
    python -m tests.benchmarks.parquet_sweep --rows 10000000 --chosen   # what is published, at scale

A reader asks DuckDB for all columns of one force and one area; counted are the bytes that it reads of the file. Sizes
are told against the smallest of the table; times are of this machine, for orientation. Levels of zstd above 9 are left
out: of 100,000 rows 12 took 7 times as long as 3 and 19 ninety times, for files 15 and 24 % smaller.
"""

import argparse
import io
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobs.describe import arrow_schema
from jobs.outputs.parquet import DICTIONARY, LEVEL, ROWS_PER_GROUP, parquet_bytes
from tests.benchmarks.metrics_rows import metrics_rows
from tests.counting import asked

KEY: Final = ("metric_id",)
CLUSTERED: Final = ("force_id", "area_id", *KEY)
NARROW: Final = "measure, value, unit, as_of"

Settings = dict[str, Any]
REPEATED: Final = [field.name for field in arrow_schema("metrics") if field.name not in ("metric_id", "evidence_url")]
COMMON: Final[Settings] = {
    "version": "2.6", "compression": "zstd", "compression_level": LEVEL, "row_group_size": ROWS_PER_GROUP,
    "write_page_index": True, "use_dictionary": REPEATED, "dictionary_pagesize_limit": DICTIONARY,
}  # fmt: skip
BLOOM: Final = {name: {"ndv": 1_000} for name in ("force_id", "area_id")}

SWEEP: Final[dict[str, Settings]] = {
    "as published": {},
    "the same, one level for all columns": {"compression_level": LEVEL},
    **{f"groups of {rows:,} rows": {"row_group_size": rows} for rows in (8_192, 16_384, 32_768, 131_072, 1_048_576)},
    "snappy": {"compression": "snappy", "compression_level": None},
    **{f"zstd {level}": {"compression_level": level} for level in (1, 6, 9)},
    "zstd 9, groups of 131,072 rows": {"compression_level": 9, "row_group_size": 131_072},
    "zstd 9, groups of 131,072 rows, keys and addresses without dictionaries": {
        "compression_level": 9,
        "row_group_size": 131_072,
        "use_dictionary": REPEATED,
    },
    "no page index": {"write_page_index": False},
    "pages of 2,048 rows": {"max_rows_per_page": 2_048},
    "pages of 128 KiB": {"data_page_size": 2**17},
    "dictionaries for all columns": {"use_dictionary": True},
    "dictionaries of 1 MiB": {"dictionary_pagesize_limit": 2**20},
    "no dictionaries": {"use_dictionary": False},
    "numbers split by byte": {"use_dictionary": [], "use_byte_stream_split": ["value", "threshold"]},
    "data pages 2.0": {"data_page_version": "2.0"},
    "Bloom filters for force and area": {"bloom_filter_options": BLOOM},
}


class Result(NamedTuple):
    """One way of writing: bytes of the file, seconds, the parts of it that two queries read."""

    name: str
    size: int
    seconds: float
    whole: float
    narrow: float


def main(arguments: Sequence[str]) -> int:
    """Prints the table; 0."""
    parser = argparse.ArgumentParser(prog="parquet_sweep", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="rows of metrics (default: 1,000,000)")
    parser.add_argument("--chosen", action="store_true", help="only what is published")
    options = parser.parse_args(arguments)
    results = []
    for order in (CLUSTERED,) if options.chosen else (CLUSTERED, KEY):
        table = metrics_rows(options.rows, order)
        results += list(
            _swept(table, f"by {', '.join(order)}: ", SWEEP if order == CLUSTERED else _GROUPS, options.chosen)
        )
        del table
    sys.stdout.writelines(f"{line}\n" for line in _as_table(options.rows, results))
    return 0


_GROUPS: Final = {
    name: settings for name, settings in SWEEP.items() if name.startswith(("as published", "groups", "Bloom"))
}


def _swept(table: pa.Table, order: str, sweep: dict[str, Settings], chosen: bool) -> Iterator[Result]:
    force, area = _busiest(table)
    for name, settings in sweep.items():
        if not chosen or not settings:
            yield _measured(order + name, lambda settings=settings: _made(table, settings), force, area)  # type: ignore[misc]


def _made(table: pa.Table, settings: Settings) -> bytes:
    if not settings:
        return parquet_bytes(table)
    sink = io.BytesIO()
    pq.write_table(table, sink, **(COMMON | settings))
    return sink.getvalue()


def _measured(name: str, make: Callable[[], bytes], force: str, area: str) -> Result:
    begun = time.perf_counter()
    data = make()
    seconds = time.perf_counter() - begun
    whole, narrow = asked(data, force, area), asked(data, force, area, NARROW)
    return Result(name, len(data), seconds, whole.bytes / len(data), narrow.bytes / len(data))


def _busiest(table: pa.Table) -> tuple[str, str]:
    """The force and area with most rows, for which most is to be read."""
    counts = table.select(["force_id", "area_id"]).group_by(["force_id", "area_id"]).aggregate([([], "count_all")])
    row = counts.take([pc.index(counts["count_all"], pc.max(counts["count_all"]))]).to_pylist()[0]
    return row["force_id"], row["area_id"]


def _as_table(rows: int, results: Sequence[Result]) -> Iterator[str]:
    least = min(result.size for result in results)
    yield f"| {rows:,} rows of metrics | MB | to the smallest | seconds | all columns read | four columns read |"
    yield "|---|---|---|---|---|---|"
    for name, size, seconds, whole, narrow in results:
        yield f"| {name} | {size / 1e6:.1f} | {size / least:.3f} | {seconds:.1f} | {whole:.2%} | {narrow:.2%} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
