"""A CSV file of a table that has hardly changed is made of the one before, and is what it would be without."""

import os
import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jobs import UnfitError
from jobs.contents import status_of
from jobs.kept import pieces
from jobs.kept.pieces import Pieces, Standing, measured, piecewise
from jobs.kept.tables import Spliced
from jobs.outputs import csv
from jobs.outputs.csv import ROWS_AT_A_TIME, ROWS_PER_PART, csv_bytes
from jobs.outputs.edition import Parts
from tests.test_kept_files import build, change, colder, content

ARTICLES = 60
SEED = 5
ROWS = 4
Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def few_rows(monkeypatch: Patch) -> None:
    """Pieces of few rows."""
    monkeypatch.setattr(csv, "ROWS_AT_A_TIME", 2 * ROWS)
    monkeypatch.setattr(csv, "ROWS_PER_PART", ROWS)
    monkeypatch.setattr(pieces, "ROWS_PER_PART", ROWS)
    monkeypatch.setattr(pieces, "_TOGETHER", 2)
    monkeypatch.setattr(pieces, "_BLOCK", 20)


def table(rows: list[str]) -> pa.Table:
    return pa.table({"key": pa.array(rows, pa.string()), "text": pa.array([f"{row}, '\n'" for row in rows])})


def spliced(kept: list[str], rng: random.Random) -> Spliced:
    """Some rows less, and some more, anywhere."""
    gone = sorted(rng.sample(range(len(kept)), min(rng.choice((0, 0, 1, 3)), len(kept))))
    places = sorted(rng.randrange(len(kept) + 1) for _ in range(rng.choice((0, 0, 1, 2, 9))))
    rows, new = [], iter(f"new{number}" for number in range(len(places)))
    for at in range(len(kept) + 1):
        rows += [next(new) for _ in range(places.count(at))]
        rows += [kept[at]] if at < len(kept) and at not in gone else []
    return Spliced(table(rows), gone, places)


def standing(path: Path, made: Pieces) -> Standing:
    return Standing(path, made, status_of(path.stat()) if path.exists() else ())


def whole(parts: Parts) -> bytes:
    """Parts that are taken one by one, each being gone when the next is there."""
    data = bytearray()
    for part in parts:
        data += part
    return bytes(data)


@pytest.mark.parametrize("seed", range(60))
def test_pieces_make_the_same_file_whatever_has_changed(seed: int, tmp_path: Path) -> None:
    """Each is made of the one before it, and all of them differ from the kept table and not from each other."""
    rng, path = random.Random(seed), tmp_path / "table.csv"
    kept = [f"row{number:02}" for number in range(rng.choice((0, 1, 3, 4, 5, 8, 23)))]
    before = Pieces()
    path.write_bytes(b"".join(measured(csv.csv_parts(table(kept)), before)))
    for _ in range(8):
        now, made = spliced(kept, rng), Pieces()
        data = whole(piecewise(now, standing(path, before), made))
        assert data == csv_bytes(now.table)
        assert sum(made.sizes) == len(data)
        path.unlink()
        path.write_bytes(data)
        before = made


def test_pieces_without_changed_rows_are_read_and_all_others_made(tmp_path: Path, monkeypatch: Patch) -> None:
    path, kept, before = tmp_path / "table.csv", [f"row{number:02}" for number in range(18)], Pieces()
    path.write_bytes(b"".join(measured(csv.csv_parts(table(kept)), before)))
    made, lines = [], csv.csv_lines

    def making(rows: pa.Table, ends: Sequence[int]) -> Iterator[memoryview]:
        made.append(rows["key"].to_pylist())
        return lines(rows, ends)

    monkeypatch.setattr(pieces, "csv_lines", making)
    now, second = Spliced(table([*kept[:5], "new", *kept[5:7], *kept[8:]]), [7], [5]), Pieces()
    path.write_bytes(whole(piecewise(now, standing(path, before), second)))
    assert made == [["row04", "new", "row05", "row06"]]
    assert second.others == [1]
    made.clear()
    back, third = Spliced(table([*kept, "new"]), [], [18]), Pieces()
    whole(piecewise(back, standing(path, second), third))
    assert made == [["row04", "row05", "row06", "row07"], ["row16", "row17", "new"]]
    assert third.others == [4]


def test_parts_end_where_lines_that_are_made_together_do() -> None:
    assert ROWS_AT_A_TIME % ROWS_PER_PART == 0


def nothing(path: Path) -> None:
    path.unlink()


def other_bytes(path: Path) -> None:
    told = path.stat()
    path.write_bytes(path.read_bytes().replace(b"row", b"ROW"))
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("harm", [nothing, other_bytes, a_pipe])
def test_a_file_that_is_not_as_it_was_written_is_not_used(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    path, kept, before = tmp_path / "table.csv", [f"row{number:02}" for number in range(18)], Pieces()
    path.write_bytes(b"".join(measured(csv.csv_parts(table(kept)), before)))
    there = standing(path, before)
    harm(path)
    assert whole(piecewise(Spliced(table(kept)), there, Pieces())) == csv_bytes(table(kept))


@pytest.mark.parametrize("harm", [other_bytes, lambda path: os.truncate(path, 40)])
def test_a_file_that_changes_while_it_is_read_does_not_do(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    path, kept, before = tmp_path / "table.csv", [f"row{number:02}" for number in range(18)], Pieces()
    path.write_bytes(b"".join(measured(csv.csv_parts(table(kept)), before)))
    parts = iter(piecewise(Spliced(table(kept)), standing(path, before), Pieces()))
    taken = [next(parts), next(parts)]
    harm(path)
    with pytest.raises(UnfitError):
        taken += parts


def test_a_build_begins_again_if_a_file_changes_while_it_is_read(
    corpus: Path, tmp_path: Path, cache_home: Path, monkeypatch: Patch
) -> None:
    shutil.copytree(corpus, tmp_path / "sources")
    assert build(tmp_path) == 0
    change(tmp_path / "sources")
    read, path = pieces._bytes, tmp_path / "out/statements.csv"

    def reading(*given: Any) -> Iterator[memoryview]:
        os.utime(path)
        yield from read(*given)

    with monkeypatch.context() as patched:
        patched.setattr(pieces, "_bytes", reading)
        assert colder(tmp_path, patched)
    change(tmp_path / "sources", "once more")
    assert not colder(tmp_path, monkeypatch)


@pytest.mark.parametrize("options", [(), ("--formats", "csv"), ("--formats", "csv,sqlite")])
def test_a_build_makes_only_the_lines_that_have_changed(
    corpus: Path, tmp_path: Path, cache_home: Path, monkeypatch: Patch, options: tuple[str, ...]
) -> None:
    """Whichever formats were made before; and again after another change, and when all is as it was."""
    shutil.copytree(corpus, tmp_path / "sources")
    assert build(tmp_path, *options) == 0
    first = content(tmp_path / "sources/articles")
    made, lines = [], csv.csv_lines

    def making(rows: pa.Table, ends: Sequence[int]) -> Iterator[memoryview]:
        made.append(len(rows))
        return lines(rows, ends)

    monkeypatch.setattr(pieces, "csv_lines", making)
    for words in ("indeed", "once more", ""):
        if words:
            change(tmp_path / "sources", words)
        else:
            for name, data in first.items():
                (tmp_path / "sources/articles" / name).write_bytes(data)
        made.clear()
        assert build(tmp_path) == 0
        assert [rows for rows in made if rows] == [ROWS], words
        assert build(tmp_path, "--no-cache", out="cold") == 0
        assert content(tmp_path / "out") == content(tmp_path / "cold")
