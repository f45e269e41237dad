"""Parquet of large tables: how much a reader has to read, how it is laid out, and the layout of many files."""

import io
from pathlib import Path
from typing import Final

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from jobs import WrongUseError
from jobs import partitions as laying
from jobs.__main__ import main
from jobs.outputs.parquet import ROWS_PER_GROUP, order_of, parquet_bytes
from jobs.partitions import NOTHING, lay_out, partitions
from tests.benchmarks.metrics_rows import metrics_rows
from tests.counting import asked

CLUSTERED: Final = ("force_id", "area_id", "metric_id")
ROWS: Final = 300_000
REAL: Final = Path(__file__).parent.parent / "sources"


@pytest.fixture(scope="module")
def metrics() -> pa.Table:
    return metrics_rows(ROWS, CLUSTERED)


@pytest.fixture(scope="module")
def data(metrics: pa.Table) -> bytes:
    return parquet_bytes(metrics)


def test_one_force_and_area_need_one_or_two_groups(metrics: pa.Table, data: bytes) -> None:
    """Of 10 million rows, two groups and the list of groups are less than 2 % of the file."""
    kent = metrics.filter(pc.equal(metrics["force_id"], "kent"))
    for area in pc.unique(kent["area_id"]).to_pylist()[::25]:
        answer = asked(data, "kent", area)
        footer = pq.read_metadata(io.BytesIO(data)).serialized_size
        assert answer.rows == pc.sum(pc.equal(kent["area_id"], area)).as_py() > 0
        assert answer.bytes <= 1.02 * (2 * len(data) * ROWS_PER_GROUP / len(metrics) + footer), area
    groups = pq.read_metadata(io.BytesIO(data)).num_row_groups
    assert 2 / (10_000_000 / ROWS_PER_GROUP) + footer / groups * 153 / (len(data) * 10_000_000 / len(metrics)) < 0.02


def test_few_columns_need_few_bytes(data: bytes) -> None:
    assert asked(data, "kent", "peel-2023-25-respond", "value, unit, as_of").bytes < 0.03 * len(data)


def test_what_is_written_is_what_clients_read_well(metrics: pa.Table, data: bytes) -> None:
    file = pq.ParquetFile(io.BytesIO(data))
    assert file.read().equals(metrics)
    assert file.metadata.format_version == "2.6"
    for number in range(file.metadata.num_row_groups):
        group = file.metadata.row_group(number)
        assert group.num_rows <= ROWS_PER_GROUP
        assert [(c.column_index, c.descending, c.nulls_first) for c in group.sorting_columns] == [
            (metrics.column_names.index(name), False, False) for name in CLUSTERED
        ]
        columns = [group.column(index) for index in range(group.num_columns)]
        assert {column.compression for column in columns} == {"ZSTD"}
        assert {encoding for column in columns for encoding in column.encodings} <= {"PLAIN", "RLE", "RLE_DICTIONARY"}
        assert all(column.is_stats_set and column.has_column_index and column.has_offset_index for column in columns)


def test_the_order_is_told_where_it_holds_and_only_there(metrics: pa.Table) -> None:
    some = metrics.slice(0, 500)
    by_key = some.take(pc.sort_indices(some["metric_id"]))
    assert order_of(some) == CLUSTERED
    assert order_of(by_key) == ("metric_id",)
    assert order_of(some.take(list(reversed(range(500))))) == ()
    assert order_of(some.replace_schema_metadata({})) == ()
    nulls = pa.nulls(500, pa.string())
    assert order_of(by_key.set_column(by_key.column_names.index("area_id"), "area_id", nulls)) == CLUSTERED
    place = some.column_names.index("area_id")
    assert order_of(some.set_column(place, "area_id", pc.if_else(pc.equal(some["area_id"], some["area_id"][0]), None, some["area_id"]))) == ()  # fmt: skip
    assert order_of(some.slice(0, 0)) == CLUSTERED


def test_files_do_not_depend_on_how_a_table_is_held(metrics: pa.Table) -> None:
    some = metrics.slice(1_000, 5_000)
    parts = pa.concat_tables([some.slice(0, 17), some.slice(17)])
    assert parquet_bytes(parts) == parquet_bytes(some.combine_chunks())


@pytest.fixture
def tables(metrics: pa.Table) -> dict[str, pa.Table]:
    """Some rows of three forces, of which a few have no force, and a table without forces."""
    some = pa.concat_tables(metrics.slice(start, 40) for start in (0, 100_000, 200_000))
    none = pa.array([i % 10 == 0 for i in range(len(some))])
    place = some.column_names.index("force_id")
    force = pa.array(pc.if_else(none, None, some["force_id"].combine_chunks()), pa.string())
    return {
        "metrics": some.set_column(place, some.schema.field(place), force),
        "units": pa.table({"unit": ["percent"]}),
    }


@pytest.mark.parametrize("rows", [700, 1_024, 8_191])
def test_files_do_not_depend_on_the_chunks_of_a_table(metrics: pa.Table, rows: int) -> None:
    """Nor on whether these begin where Arrow looks how large a page is."""
    some = metrics.slice(0, 40_000).combine_chunks()
    chunked = pa.concat_tables([some.slice(start, rows) for start in range(0, len(some), rows)])
    assert chunked["metric_id"].num_chunks > 1
    assert parquet_bytes(chunked) == parquet_bytes(some)


def test_partitions_hold_all_rows_for_every_reader(tables: dict[str, pa.Table], tmp_path: Path) -> None:
    lay_out(tables, tmp_path / "parts")
    files = sorted(str(path.relative_to(tmp_path / "parts")) for path in tmp_path.rglob("*.parquet"))
    assert files == sorted(dict(partitions(tables)))
    assert "units/part-0.parquet" in files
    assert any(f"/force_id={NOTHING}/" in name for name in files)
    due = sorted(tables["metrics"].select(["metric_id", "cycle_id", "force_id", "value"]).to_pylist(), key=str)
    where = str(tmp_path / "parts" / "metrics")
    query = f"SELECT metric_id, cycle_id, force_id, value FROM read_parquet('{where}/**/*.parquet', hive_partitioning = true)"
    with duckdb.connect() as connection:
        found = connection.execute(query).fetchall()
    assert sorted([dict(zip(due[0], row, strict=True)) for row in found], key=str) == due
    read = ds.dataset(where, partitioning="hive").to_table(columns=list(due[0]))
    assert sorted(read.to_pylist(), key=str) == due
    frame = pl.scan_parquet(f"{where}/**/*.parquet", hive_partitioning=True).select(list(due[0])).collect()
    assert sorted(frame.to_dicts(), key=str) == due


def test_partitions_are_the_same_each_time_and_keep_the_order(tables: dict[str, pa.Table]) -> None:
    assert dict(partitions(tables)) == dict(partitions(tables))
    for path, data in partitions({"metrics": tables["metrics"]}):
        read = pq.read_table(io.BytesIO(data))
        assert not {"cycle_id", "force_id"} & set(read.column_names), path
        ids = tables["metrics"]["metric_id"].to_pylist()
        places = [ids.index(each) for each in read["metric_id"].to_pylist()]
        assert places == sorted(places)
    empty = {"metrics": tables["metrics"].slice(0, 0)}
    assert list(dict(partitions(empty))) == [f"metrics/cycle_id={NOTHING}/force_id={NOTHING}/part-0.parquet"]


def test_a_folder_that_holds_something_is_left_alone(
    tables: dict[str, pa.Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes").write_text("mine")
    with pytest.raises(WrongUseError, match="not an empty folder"):
        lay_out(tables, tmp_path / "mine")

    def half(_: object) -> object:
        yield "grades/part-0.parquet", b"x"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(laying, "partitions", half)
    with pytest.raises(OSError, match="No space"):
        lay_out(tables, tmp_path / "parts")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine"]


def test_the_command_lays_out_the_real_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    out, parts = tmp_path / "out", tmp_path / "parts"
    command = ["build", "--sources", str(REAL), "--out", str(out), "--partitions", str(parts), "--quiet"]
    assert main(command) == 0
    grades = pq.read_table(out / "grades.parquet")
    read = ds.dataset(parts / "grades", partitioning="hive").to_table(columns=grades.column_names)
    assert read.sort_by("grade_id").to_pylist() == grades.sort_by("grade_id").to_pylist()
    first = grades.to_pylist()[0]
    assert (parts / f"grades/cycle_id={first['cycle_id']}/force_id={first['force_id']}/part-0.parquet").is_file()
    assert main(command) == 2
