"""A folder is published all at once or not at all, and only where nothing of somebody else's stands."""

import contextlib
import errno
import fcntl
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import staging
from jobs.__main__ import main
from jobs.staging import NotOursError, publish_folder, write_file
from tests.publishing import ROOT, State, beside, child, files, state


def summed(word: str) -> State:
    """What a folder holds after `files(word)` were published."""
    made = files(word)
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(made.items())]
    return dict(sorted((made | {"SHA256SUMS": "".join(lines).encode()}).items()))


def publish(target: Path, word: str) -> None:
    publish_folder(target, ((name, [data]) for name, data in files(word).items()))


@contextlib.contextmanager
def somebody_without_rights() -> Iterator[Path]:
    """A folder in which this process may write nothing for as long as the context lasts."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    publish(folder / "out", "old")
    folder.chmod(0o555)
    was = os.geteuid()
    if was == 0:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        os.seteuid(was)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_a_new_folder_holds_exactly_the_files_and_their_sums(tmp_path: Path) -> None:
    publish(tmp_path / "a" / "b" / "out", "new")
    assert state(tmp_path / "a" / "b" / "out") == summed("new")
    assert beside(tmp_path / "a" / "b" / "out") == []
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "a" / "b" / "out").iterdir()} == {0o644}


def test_a_build_over_an_earlier_one_leaves_nothing_of_it(tmp_path: Path) -> None:
    for word in ("old", "new", "new"):
        publish(tmp_path / "out", word)
        assert state(tmp_path / "out") == summed(word)
    assert beside(tmp_path / "out") == []


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    publish(tmp_path / "out", "new")
    assert state(tmp_path / "out") == summed("new")


@pytest.mark.parametrize("foreign", ["notes.txt", ".hidden", "sub/grades.csv", "Grades.csv"])
@pytest.mark.parametrize("earlier", [True, False])
def test_a_folder_with_anything_of_somebody_else_is_not_replaced(tmp_path: Path, foreign: str, earlier: bool) -> None:
    target = tmp_path / "out"
    if earlier:
        publish(target, "old")
    (target / foreign).parent.mkdir(parents=True, exist_ok=True)
    (target / foreign).write_bytes(b"mine")
    before = state(target)
    with pytest.raises(NotOursError, match=foreign.split("/")[0]):
        publish(target, "new")
    assert state(target) == before
    assert beside(target) == []


@pytest.mark.parametrize("kind", ["a file", "a link to a folder", "a link to a file", "a link to nothing", "a pipe"])
def test_a_target_that_is_no_folder_is_not_replaced(tmp_path: Path, kind: str) -> None:
    target, other = tmp_path / "here" / "out", tmp_path / "other"
    target.parent.mkdir()
    if kind == "a file":
        target.write_bytes(b"mine")
    elif kind == "a pipe":
        os.mkfifo(target)
    else:
        if kind == "a link to a folder":
            other.mkdir()
        elif kind == "a link to a file":
            other.touch()
        target.symlink_to(other)
    before = target.lstat()
    with pytest.raises(NotOursError, match="not a folder"):
        publish(target, "new")
    assert target.lstat() == before
    assert beside(target) == []
    assert not other.is_dir() or list(other.iterdir()) == []


def test_the_command_names_a_foreign_folder_and_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_bytes(b"mine")
    assert main(["build", "--sources", str(ROOT / "sources"), "--out", str(tmp_path / "out")]) == 2
    assert "thesis.docx" in capsys.readouterr().err
    assert state(tmp_path / "out") == {"thesis.docx": b"mine"}


def test_what_a_dead_run_left_is_swept_and_what_a_living_one_needs_is_not(tmp_path: Path) -> None:
    for name in (".openpeel-1-dead", ".openpeel-2-alive", "neighbour"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half.csv").write_bytes(b"half")
    (tmp_path / ".openpeel-file").write_bytes(b"mine")
    (tmp_path / ".openpeel-link").symlink_to(tmp_path / "neighbour")
    lock = os.open(tmp_path / ".openpeel-2-alive", os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    publish(tmp_path / "out", "new")
    assert beside(tmp_path / "out") == [".openpeel-2-alive", ".openpeel-file", ".openpeel-link", "neighbour"]
    assert state(tmp_path / "neighbour") == state(tmp_path / ".openpeel-2-alive") == {"half.csv": b"half"}
    os.close(lock)
    publish(tmp_path / "out", "new")
    assert beside(tmp_path / "out") == [".openpeel-file", ".openpeel-link", "neighbour"]


def test_a_renderer_that_fails_halfway_changes_nothing(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")

    def failing() -> Iterator[tuple[str, list[bytes]]]:
        yield "grades.csv", [b"half"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_folder(tmp_path / "out", failing())
    assert state(tmp_path / "out") == summed("old")
    assert beside(tmp_path / "out") == []


def test_a_parent_that_cannot_be_written_is_said_and_changes_nothing() -> None:
    with somebody_without_rights() as folder:
        with pytest.raises(PermissionError):
            publish(folder / "out", "new")
        with pytest.raises(PermissionError):
            publish(folder / "other", "new")
        assert state(folder / "out") == summed("old")
        assert beside(folder / "out") == []


def test_a_run_that_ends_while_another_writes_is_replaced_by_it_and_does_not_disturb_it(tmp_path: Path) -> None:
    publish(tmp_path / "out", "old")

    def slow() -> Iterator[tuple[str, list[bytes]]]:
        yield from ((name, [data]) for name, data in files("slow").items())
        publish(tmp_path / "out", "fast")
        assert state(tmp_path / "out") == summed("fast")

    publish_folder(tmp_path / "out", slow())
    assert state(tmp_path / "out") == summed("slow")
    assert beside(tmp_path / "out") == []


def test_a_run_is_not_swept_before_it_holds_its_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another run may start in the moment between the making of the staged folder and its lock."""
    real, others = fcntl.flock, iter(["other"])

    def flock(handle: int, operation: int) -> None:
        for word in others:
            publish(tmp_path / word, word)
        real(handle, operation)

    monkeypatch.setattr(staging.fcntl, "flock", flock)  # type: ignore[attr-defined]
    publish(tmp_path / "out", "new")
    assert state(tmp_path / "out") == summed("new")
    assert state(tmp_path / "other") == summed("other")
    assert beside(tmp_path / "out") == ["other"]


@pytest.mark.parametrize("moment", ["chmod", "open"])
def test_a_run_that_is_swept_before_it_asks_for_its_lock_begins_again(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = Path if moment == "chmod" else staging.os  # type: ignore[attr-defined]
    real, others = getattr(module, moment), iter(["other"])

    def call(path: Path, *arguments: int) -> object:
        if path.name.startswith(".openpeel-"):
            for word in others:
                publish(tmp_path / word, word)
        return real(path, *arguments)

    monkeypatch.setattr(module, moment, call)
    publish(tmp_path / "out", "new")
    assert state(tmp_path / "out") == summed("new")
    assert beside(tmp_path / "out") == ["other"]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.EWOULDBLOCK])
def test_a_disk_that_cannot_lock_is_said_and_nothing_is_left(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    publish(tmp_path / "out", "old")
    monkeypatch.setattr(staging.fcntl, "flock", refuse)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match=r"cannot be locked here|is taken away by others") as error:
        publish(tmp_path / "out", "new")
    assert error.value.filename == str(tmp_path)
    assert state(tmp_path / "out") == summed("old")
    assert beside(tmp_path / "out") == []


def test_a_folder_that_appears_at_the_last_moment_is_whole_whoever_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, others = Path.rename, iter(["other"])

    def rename(path: Path, target: Path) -> Path:
        for word in others:
            publish(tmp_path / "out", word)
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with contextlib.suppress(OSError):
        publish(tmp_path / "out", "new")
    assert state(tmp_path / "out") in (summed("new"), summed("other"))
    assert beside(tmp_path / "out") == []


@pytest.mark.parametrize("earlier", [True, False])
def test_runs_at_once_leave_one_whole_result_and_nothing_else(tmp_path: Path, earlier: bool) -> None:
    words = [f"run{number}" for number in range(6)]
    if earlier:
        publish(tmp_path / "out", "old")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [child(tmp_path / "out", word) for word in words]
    runs = [subprocess.Popen(line, env=environment, stderr=subprocess.PIPE) for line in command]
    said = [run.communicate(timeout=60)[1] for run in runs]
    done = [word for word, run in zip(words, runs, strict=True) if run.returncode == 0]
    assert state(tmp_path / "out") in [summed(word) for word in done], said
    publish(tmp_path / "out", "next")
    assert beside(tmp_path / "out") == []


def test_a_build_on_a_full_disk_says_so_and_changes_nothing(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: `claims.csv` is larger."""
    publish(tmp_path / "out", "old")
    limit, sources = 20_000, str(ROOT / "sources")
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit})); from jobs.__main__ import command; command()"
    command = [sys.executable, "-c", code, "build", "--sources", sources, "--out", str(tmp_path / "out")]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != limit
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "File too large" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert state(tmp_path / "out") == summed("old")
    assert beside(tmp_path / "out") == []


def test_a_single_file_is_written_whole_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "evidence" / "a-b.json"
    for data in (b"old", b"", b"new" * 1000):
        write_file(path, data)
        assert state(path.parent) == {"a-b.json": data}
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_single_file_that_cannot_be_written_is_left_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a-b.json"
    write_file(path, b"old")

    def refuse(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staging.os, "fsync", refuse)  # type: ignore[attr-defined]
    with pytest.raises(OSError, match="No space"):
        write_file(path, b"new")
    assert state(tmp_path) == {"a-b.json": b"old"}


def test_a_link_is_replaced_and_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_bytes(b"mine")
    (tmp_path / "a-b.json").symlink_to(other)
    write_file(tmp_path / "a-b.json", b"new")
    assert state(tmp_path) == {"a-b.json": b"new", "other": b"mine"}
    assert not (tmp_path / "a-b.json").is_symlink()
