"""What is made ahead comes in its order, never piles up, and nobody waits for what is not wanted any more."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from jobs import across, ahead, staging
from jobs.__main__ import main
from jobs.checks import Breach
from jobs.outputs import OUTPUTS, Edition, file_names, render
from jobs.tables import Traced
from tests.clients.real import real_tables
from tests.publishing import ROOT, beside, state

SOURCES = Path(__file__).parent.parent / "sources"


def counted(made: list[bytes], number: int = 3) -> Callable[[], Iterator[bytes]]:
    def make() -> Iterator[bytes]:
        for part in range(number):
            made.append(b"%03d" % part)
            yield made[-1]

    return make


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> int:
    """Room for so many parts."""
    monkeypatch.setattr(ahead, "AHEAD", 4 * 20)  # each counts for one byte more than it has
    return 20


def test_things_and_their_parts_come_in_order() -> None:
    things = ((name, counted([], len(name))) for name in ("a", "", "ccc", "dd") * 5)
    assert [(name, list(parts)) for name, parts in ahead.ahead(things)] == [
        ("a", [b"000"]), ("", []), ("ccc", [b"000", b"001", b"002"]), ("dd", [b"000", b"001"]),
    ] * 5  # fmt: skip


def test_what_is_not_taken_is_passed_over(little_room: int) -> None:
    number = 10 * little_room
    things = [(name, counted([], number)) for name in "abcd"]
    taken = [(name, [] if name in "ac" else list(parts)) for name, parts in ahead.ahead(things)]
    assert taken == [("a", []), ("b", list(counted([], number)())), ("c", []), ("d", list(counted([], number)()))]


def test_few_bytes_wait_for_whoever_takes_them(little_room: int) -> None:
    made: list[bytes] = []
    for _, parts in ahead.ahead([("a", counted(made, 10 * little_room))]):
        for number, _ in enumerate(parts):
            assert len(made) <= number + little_room + 2
    assert len(made) == 10 * little_room


def test_a_part_for_which_there_is_no_room_comes_all_the_same(little_room: int) -> None:
    large: list[bytes | memoryview] = [b"x" * 100 * little_room, b"", memoryview(b"y" * 100 * little_room)]
    things: list[tuple[str, Callable[[], list[bytes | memoryview]]]] = [("a", lambda: large), ("b", lambda: large)]
    assert [list(parts) for _, parts in ahead.ahead(things)] == [large, large]


def test_what_goes_wrong_is_raised_where_the_parts_are_taken() -> None:
    def failing() -> Iterator[bytes]:
        yield b"1"
        raise ZeroDivisionError

    things = ahead.ahead([("a", counted([])), ("b", failing), ("c", counted([]))])
    assert list(next(things)[1]) == [b"000", b"001", b"002"]
    _, parts = next(things)
    assert next(parts) == b"1"
    with pytest.raises(ZeroDivisionError):
        next(parts)
    things.close()


def test_nothing_is_made_any_more_when_nobody_wants_it(little_room: int) -> None:
    made: list[bytes] = []
    things = ahead.ahead([("a", counted(made, 1_000_000)), ("b", counted(made, 1_000_000))])
    next(things)
    things.close()
    known, threads = len(made), threading.active_count()
    assert known < 10 * little_room
    assert len(made) == known
    assert threads == 1 or all("ThreadPool" not in thread.name for thread in threading.enumerate())


def test_documents_tell_of_files_that_nobody_took() -> None:
    wanted, edition = ("csv", "data_package"), Edition(real_tables())
    taken = {name: b"".join(parts) for name, parts in render(edition, wanted)}
    passed = {name: b"".join(parts) for name, parts in render(edition, wanted) if name.endswith(".json")}
    assert list(taken) == list(file_names(edition.tables, [name for name in OUTPUTS if name in wanted]))
    assert passed == {name: data for name, data in taken.items() if name in passed} != {}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An earlier result."""
    staging.publish_folder(tmp_path / "out", [("grades.csv", [b"old"])])
    return tmp_path / "out"


def built(out: Path) -> int:
    return main(["build", "--sources", str(SOURCES), "--out", str(out), "--no-cache", "--quiet"])


def breaking(wait: threading.Event | None = None) -> Callable[[dict[str, Traced]], list[Breach]]:
    """A check that finds something wrong in the first grade, in its own time."""

    def check(tables: dict[str, Traced]) -> list[Breach]:
        if wait is not None and not wait.wait(60):
            raise AssertionError("nothing is written while tables are checked")
        return [Breach("grades", 0, "grade", "schema", "grades.grade: is wrong")]

    return check


@pytest.mark.parametrize("last", ["claims.parquet", "units.parquet"])
def test_a_fault_found_while_tables_are_written_changes_nothing(
    last: str, out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Found when one of the files has been written, or all of them."""
    written, before, write = threading.Event(), state(out), staging._write_file

    def write_file(path: Path, parts: "Iterator[bytes]") -> str:
        digest = write(path, parts)
        if path.name == last:
            written.set()
        return digest

    monkeypatch.setattr(staging, "_write_file", write_file)
    monkeypatch.setattr(across, "check_tables", breaking(written))
    assert built(out) == 1
    said = capsys.readouterr()
    assert "grades.grade: is wrong [schema]" in said.out
    assert said.err == f"1 problem; {out} is as it was\n"
    assert (state(out), beside(out)) == (before, [])


def test_a_fault_counts_more_than_a_disk_that_refuses(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(path: Path, parts: object) -> str:
        raise OSError(28, "No space left on device", str(path))

    before = state(out)
    monkeypatch.setattr(staging, "_write_file", refuse)
    assert built(out) == 2
    assert "No space left on device" in capsys.readouterr().err
    monkeypatch.setattr(across, "check_tables", breaking())
    assert built(out) == 1
    assert "grades.grade: is wrong [schema]" in capsys.readouterr().out
    assert (state(out), beside(out)) == (before, [])


def test_a_check_that_fails_is_a_defect_and_changes_nothing(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(tables: object) -> list[Breach]:
        raise ZeroDivisionError

    before = state(out)
    monkeypatch.setattr(across, "check_tables", failing)
    assert built(out) == 3
    assert (state(out), beside(out)) == (before, [])


BREAKS = """
import jobs.outputs
from jobs.__main__ import command

def parts(name):
    def make():
        for _ in range(2_000):
            if name == "grades":
                raise {error}
            yield b"x" * 1_000
    return make

jobs.outputs.FORMATS["csv"] = lambda edition: ((f"{{name}}.csv", parts(name)) for name in edition.tables)
command()
"""


@pytest.mark.parametrize("error", ["RuntimeError('broken')", "MemoryError"])
@pytest.mark.parametrize("store", [False, True], ids=["tables", "release"])
def test_a_renderer_that_breaks_ends_the_run(error: str, store: bool, out: Path, tmp_path: Path) -> None:
    """Others still wait for room for their parts then; without the collector, whoever holds on to them is held by them."""
    before = state(out)
    options = ["--store", str(tmp_path / "store")] if store else []
    command = [sys.executable, "-c", BREAKS.format(error=error), "build", "--sources", str(SOURCES), "--out", str(out)]
    run = subprocess.run(
        [*command, "--no-cache", *options], cwd=ROOT, capture_output=True, timeout=120, text=True, check=False
    )
    assert run.returncode == 3
    assert error.partition("(")[0] in run.stderr
    assert (state(out), beside(out)) == (before, [])
