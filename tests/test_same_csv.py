"""A table against its CSV file, block by block: whatever differs is found, in the words in which the whole file tells it."""

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jobs.outputs.csv import csv_bytes
from jobs.releases import same_csv
from jobs.releases.cells import every, plain, plain_table
from jobs.releases.same_csv import csv_faults

ROWS = 2_000
OTHER_CELLS = ["t.csv does not have the cells of t.parquet"]
COLUMNS = {
    "key": pa.array([f"key-{n:05}" for n in range(ROWS)]),
    "text": pa.array([[None, "a, b", 'say "x"', "é", "plain"][n % 5] for n in range(ROWS)]).dictionary_encode(),
    "whole": pa.array([None if n % 7 == 0 else n for n in range(ROWS)], pa.int32()),
    "number": pa.array([None if n % 5 == 0 else n / 8 for n in range(ROWS)]),
    "flag": pa.array([[True, False, None][n % 3] for n in range(ROWS)]),
    "date": pa.array([None if n % 4 == 0 else dt.date(2020, 1, 1) + dt.timedelta(n) for n in range(ROWS)]),
}
TABLE = pa.concat_tables([pa.table(COLUMNS).slice(0, 700), pa.table(COLUMNS).slice(700)])
CSV = csv_bytes(plain_table(TABLE))


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_csv, "_BLOCK", 2**10)


def faults(data: bytes, folder: Path, table: pa.Table = TABLE) -> list[str]:
    (folder / "t.csv").write_bytes(data)
    return list(csv_faults(folder, "t", table))


def line(number: int, change: Callable[[bytes], bytes]) -> bytes:
    """The file with another line."""
    lines = CSV.splitlines(keepends=True)
    lines[number] = change(lines[number])
    return b"".join(lines)


@pytest.mark.parametrize("table", [TABLE, plain_table(TABLE), TABLE.combine_chunks(), TABLE.slice(0, 0)])
def test_the_same_cells_are_the_same_however_texts_are_kept(table: pa.Table, tmp_path: Path) -> None:
    assert faults(csv_bytes(plain_table(table)), tmp_path, table) == []


@pytest.mark.parametrize(
    "data",
    [
        CSV.replace(b"plain", b'"plain"'),
        CSV.replace(b"\n", b"\r\n"),
        CSV.removesuffix(b"\n"),
        CSV.removeprefix(b"\xef\xbb\xbf"),
        CSV.replace(b".5,", b".50,"),
    ],
    ids=["quotes", "ends of lines", "no last end", "no mark", "a zero more"],
)
def test_the_same_cells_in_another_form_are_the_same(data: bytes, tmp_path: Path) -> None:
    assert data != CSV
    assert faults(data, tmp_path) == []


@pytest.mark.parametrize("number", [1, 700, 1_001, ROWS])
@pytest.mark.parametrize("place", range(6))
def test_one_cell_that_differs_is_found(number: int, place: int, tmp_path: Path) -> None:
    """In the first block, in a later one, in the last; of every type."""
    other = [b"x", b"y", b"-1", b"0.1", b"TRUE", b"1999-12-31"][place]

    def change(cells: bytes) -> bytes:
        quoted = cells.replace(b"a, b", b"a; b")
        parts = quoted.rstrip(b"\n").split(b",")
        parts[place] = b"FALSE" if parts[place] == other else other
        return b",".join(parts).replace(b"a; b", b"a, b") + b"\n"

    assert faults(line(number, change), tmp_path) == OTHER_CELLS


def test_an_empty_text_is_no_empty_cell(tmp_path: Path) -> None:
    row = next(n for n, text in enumerate(COLUMNS["text"].to_pylist()) if text is None and n > 1_500)
    assert faults(line(row + 1, lambda cells: cells.replace(b",,", b',"",', 1)), tmp_path) == OTHER_CELLS


CUT: dict[str, tuple[bytes, str]] = {
    "a row less": (line(ROWS, lambda _: b""), "does not have the cells"),
    "a row less, in the middle": (line(900, lambda _: b""), "does not have the cells"),
    "a row twice": (line(ROWS, lambda cells: cells * 2), "does not have the cells"),
    "many rows more": (line(ROWS, lambda cells: cells * 500), "does not have the cells"),
    "two rows in the wrong order": (line(1, lambda _: b"").replace(b"\n", b"\n" + CSV.splitlines()[1] + b"\n", 2), "does not have"),
    "a name of a column": (line(0, lambda head: head.replace(b"flag", b"flags")), "does not have the cells"),
    "a column more": (CSV.replace(b"\n", b",x\n"), "does not have the cells"),
    "a cell more": (line(1_500, lambda cells: cells[:-1] + b",x\n"), "cannot be read: CSV parse error"),
    "a cell more, and one that differs before": (
        line(1_500, lambda cells: cells[:-1] + b",x\n").replace(b"key-00000", b"x"),
        "cannot be read: CSV parse error",
    ),
    "a text for a number": (line(1_200, lambda cells: cells.replace(b",1199,", b",x,")), "cannot be read: In CSV column #2"),
    "no text": (line(1_200, lambda cells: b"\xff" + cells[1:]), "cannot be read: In CSV column #0"),
    "nothing": (b"", "cannot be read: Empty CSV file"),
    "a head": (CSV[: CSV.index(b"\n") + 1], "does not have the cells"),
    "zeros": (bytes(10_000), "t.csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", CUT)
def test_a_file_with_other_rows_or_none_is_found(case: str, tmp_path: Path) -> None:
    data, words = CUT[case]
    (found,) = faults(data, tmp_path)
    assert words in found


def test_any_change_is_told_as_the_whole_file_tells_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(5)
    changed = []
    for _ in range(150):
        data = bytearray(CSV)
        for _ in range(rng.choice([1, 1, 3])):
            place = rng.randrange(len(data))
            data[place : place + rng.choice([0, 1, 1, 40])] = rng.choice([b"", b"\n", b",", b'"', b"x", b"0", b"\r"])
        changed.append(bytes(data))

    def told() -> list[list[str]]:
        """What is wrong; of several cells that cannot be read, the reader's threads name any."""
        return [[fault.partition("cannot be read: ")[0] for fault in faults(data, tmp_path)] for data in changed]

    found = told()
    monkeypatch.setattr(same_csv, "_same_by_blocks", lambda *_: False)
    assert found == told()
    assert sum(map(bool, found)) > 100


def test_a_row_may_be_larger_than_a_block(tmp_path: Path) -> None:
    table = pa.table({"key": ["a", "b", "c"], "text": ["x", "y" * 5_000, None]})
    assert faults(csv_bytes(table), tmp_path, table) == []
    assert faults(csv_bytes(table).replace(b"yyy", b"yzy", 1), tmp_path, table) == OTHER_CELLS


def test_no_file(tmp_path: Path) -> None:
    assert list(csv_faults(tmp_path, "t", TABLE)) == ["t.csv: No such file or directory"]


# --- texts that are kept once each


def texts(*parts: tuple[list[str | None], list[int | None]]) -> pa.ChunkedArray:
    """A column of parts: the texts of each, and which of them stands in which cell."""
    type_ = pa.dictionary(pa.int32(), pa.string())
    made = [pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(once)) for once, places in parts]
    return pa.chunked_array(made, type_)


@pytest.mark.parametrize(
    ("column", "holds"),
    [
        (texts((["a", "aa"], [0, 1, None, 0])), True),
        (texts((["a", "b"], [0, 1])), False),
        (texts((["a", "b"], [0, None, 0])), True),
        (texts((["a"], [0]), (["a", "b"], [0])), True),
        (texts((["a"], [0]), (["a", "b"], [1])), False),
        (texts((["b"], [None])), True),
        (texts(), True),
        (plain(texts((["a", "b"], [0, 0]))), True),
        (plain(texts((["a", "b"], [0, 1]))), False),
        (plain(texts()), True),
    ],
)
def test_every_cell_is_tested_and_no_text_that_stands_in_none(column: pa.ChunkedArray, holds: bool) -> None:
    assert every(column, lambda cells: pc.match_substring_regex(cells, "^a+$")) is holds
