"""Large arguments of work are read by each process once, small ones travel with it."""

import os
import tempfile
from pathlib import Path

import pytest

from jobs.lent import LARGE, Lending, Lent, with_lent
from jobs.workers import Pool

DATA = bytes(LARGE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_is_large_stands_in_one_file_until_it_is_taken_back(folder: Path) -> None:
    lending = Lending()
    lent = lending.lend(DATA)
    assert isinstance(lent, Lent)
    assert lending.lend(bytes(LARGE)) == lent
    assert len(list(folder.rglob("*"))) == 2
    assert with_lent(bytes.count, lent, b"\0") == LARGE
    assert with_lent(id, lent) == with_lent(id, lent)
    lending.close()
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("argument", [b"few", "text" * LARGE, 7, None])
def test_what_is_small_or_no_bytes_is_given_as_it_is(argument: object, folder: Path) -> None:
    lending = Lending()
    assert lending.lend(argument) is argument
    assert list(Path(lending.place).iterdir()) == []


def test_where_there_is_no_room_it_travels_each_time(folder: Path) -> None:
    lending = Lending()
    Path(lending.place).rmdir()
    assert lending.lend(DATA) is DATA
    folder.rmdir()
    assert Lending().lend(DATA) is DATA
    assert Lending().place == ""


def test_arguments_with_names_are_passed_on(folder: Path) -> None:
    assert with_lent(int, "ff", base=16) == 255


def where(data: bytes) -> tuple[int, int]:
    """The process, and where it holds its argument."""
    return os.getpid(), id(data)


def test_each_process_reads_it_once_and_nothing_is_left(folder: Path) -> None:
    with Pool(1) as pool:
        found = {pool.submit(where, DATA).result() for _ in range(5)}
        assert len(found) == 1
        assert len(list(folder.iterdir())) == 1
    assert list(folder.iterdir()) == []
