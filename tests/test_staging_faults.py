"""A run that dies or meets a disk that refuses, at any system call: the folder is the old one or the new one, never between."""

import shutil
import sys
from pathlib import Path

import pytest

from jobs.__main__ import main
from jobs.staging import publish_folder
from schemas.tables import TABLES
from tests.publishing import FAMILIES, Point, State, beside, child, files, missing_strace, points, state, struck

ROOT = Path(__file__).parent.parent
FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO", "error=EROFS")
NO_EXCHANGE = "renameat2:error=EINVAL"

pytestmark = pytest.mark.skipif(bool(missing_strace()), reason=missing_strace() or "strace is there")


def published(folder: Path, word: str) -> State:
    publish_folder(folder, ((name, [data]) for name, data in files(word).items()))
    held = state(folder)
    assert held is not None
    return held


@pytest.fixture
def old(tmp_path: Path) -> State:
    """An earlier result in `before/out`, and beside it what a run left that died."""
    held = published(tmp_path / "before" / "out", "old")
    (tmp_path / "before" / ".openpeel-1-dead").mkdir()
    (tmp_path / "before" / ".openpeel-1-dead" / "half.csv").write_bytes(b"half")
    return held


@pytest.fixture
def new(tmp_path: Path) -> State:
    return published(tmp_path / "elsewhere" / "out", "new")


def named(held: State | None, old: State, new: State) -> str:
    """Which state a folder is in."""
    return "old" if held == old else "new" if held == new else "gone" if held is None else "between"


def reached(tmp_path: Path, family: str, faults: list[str]) -> list[Point]:
    """Where the calls of a family stand in a run that is otherwise left alone."""
    shutil.copytree(tmp_path / "before", tmp_path / "first")
    assert struck(child(tmp_path / "first" / "out", "new"), faults, tmp_path / "log") == 0
    return points(tmp_path / "log", family)


def strike(tmp_path: Path, faults: list[str]) -> tuple[int, Path]:
    """Publishes over a fresh copy of the old state with faults; the exit status and the target."""
    place = tmp_path / "struck"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(tmp_path / "before", place)
    return struck(child(place / "out", "new"), faults, tmp_path / "log"), place / "out"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("family", FAMILIES)
def test_whatever_strikes_the_folder_is_old_or_new_and_the_next_run_cleans_up(
    family: str, fault: str, tmp_path: Path, old: State, new: State
) -> None:
    places = reached(tmp_path, family, [])
    assert places
    for call, number in places:
        status, target = strike(tmp_path, [f"{call}:{fault}:when={number}"])
        held, where = named(state(target), old, new), f"{fault} at {call} {number}, status {status}"
        assert held in ("old", "new"), where
        assert status != 0 or held == "new", where
        assert status == -9 or fault != "signal=KILL", where
        assert published(target, "next").keys() == {*files("next"), "SHA256SUMS"}, where
        assert beside(target) == [], where


@pytest.mark.parametrize("family", FAMILIES)
def test_a_run_that_fails_leaves_the_folder_as_it_was(family: str, tmp_path: Path, old: State, new: State) -> None:
    """`publish_folder` promises that where it raises OSError the target is as it was."""
    for call, number in reached(tmp_path, family, []):
        status, target = strike(tmp_path, [f"{call}:error=EIO:when={number}"])
        held = named(state(target), old, new)
        assert held == ("new" if status == 0 else "old"), f"{call} {number}, status {status}"


@pytest.mark.parametrize("fault", FAULTS[1:])
def test_where_the_system_cannot_exchange_a_refused_rename_is_undone(
    fault: str, tmp_path: Path, old: State, new: State
) -> None:
    places = [point for point in reached(tmp_path, "rename", [NO_EXCHANGE]) if point.call != "renameat2"]
    assert places
    for call, number in places:
        status, target = strike(tmp_path, [NO_EXCHANGE, f"{call}:{fault}:when={number}"])
        assert named(state(target), old, new) in ("old", "new"), f"{fault} at {call} {number}, status {status}"


def test_where_the_system_cannot_exchange_two_runs_that_die_lose_nothing(
    tmp_path: Path, old: State, new: State
) -> None:
    """There is a moment without a folder then; whoever comes next must not throw the old one away before it has a new one."""
    places = [point for point in reached(tmp_path, "rename", [NO_EXCHANGE]) if point.call != "renameat2"]
    assert places
    for call, number in places:
        status, target = strike(tmp_path, [NO_EXCHANGE, f"{call}:signal=KILL:when={number}"])
        assert status == -9
        struck(child(target, "next"), ["fsync:signal=KILL"], tmp_path / "log")
        left = [state(target), *(state(target.parent / name) for name in beside(target))]
        assert {"old", "new"} & {named(held, old, new) for held in left}, f"killed at {call} {number}"
        assert published(target, "next").keys() == {*files("next"), "SHA256SUMS"}
        assert beside(target) == []


BUILD = [sys.executable, "-m", "jobs", "build", "--sources", str(ROOT / "sources"), "--quiet", "--out"]


def test_a_whole_build_that_is_killed_changes_nothing_and_the_next_one_finishes(tmp_path: Path, old: State) -> None:
    target = tmp_path / "before" / "out"
    assert struck([*BUILD, str(target)], ["fsync:signal=KILL:when=7"], tmp_path / "log") == -9
    assert state(target) == old
    assert len(beside(target)) == 1
    assert main(["build", "--sources", str(ROOT / "sources"), "--out", str(target), "--quiet"]) == 0
    assert len(state(target) or {}) == 2 * len(TABLES) + 1
    assert beside(target) == []
