"""Releases in a folder: whatever strikes, the store is the old one or the new one, and nothing in it is ever lost."""

import errno
import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from jobs import staging
from jobs.__main__ import main
from jobs.stores import BaseMovedError, Stored, StoreError, fetch_latest, folder, open_store
from jobs.stores.folder import FolderStore
from jobs.stores.parcel import parsed_list, read_parcel
from tests.publishing import Point, missing_strace, points, struck
from tests.stores import Files, held, release, trusting, written

ROOT: Final = Path(__file__).parent.parent
CHILD: Final = ROOT / "tests" / "stores" / "folder_child.py"
OLD: Final = release("0.1.0", None)
NEW: Final = release("0.2.0", "0.1.0", "new")
OTHER: Final = release("0.2.0", "0.1.0", "other")
FAULTS: Final = ("signal=KILL", "error=ENOSPC", "error=EIO", "error=EROFS")

traced = pytest.mark.skipif(bool(missing_strace()), reason=missing_strace() or "strace is there")


class State(NamedTuple):
    """What stands in a store: its releases, the one that `latest` names, the yanked ones, and whatever else."""

    releases: dict[str, Files]
    latest: str
    yanked: dict[str, str]
    others: list[str]


def state(store: Path) -> State:
    releases, others, yanked, latest = {}, [], {}, ""
    for path in sorted(store.iterdir()) if store.exists() else []:
        if path.name == "latest":
            latest = str(path.readlink())
        elif path.name == "yanked.json":
            yanked = json.loads(path.read_bytes())
        elif path.name.startswith("."):
            others.append(path.name)
        else:
            releases[path.name] = held(path)
    return State(releases, latest, yanked, others)


OLD_STATE: Final = State({"0.1.0": OLD}, "0.1.0", {}, [])
NEW_STATE: Final = State({"0.1.0": OLD, "0.2.0": NEW}, "0.2.0", {}, [])


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    return written(tmp_path / "candidate", NEW)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A store with one release."""
    made = FolderStore(tmp_path / "dist" / "releases")
    made.publish(written(tmp_path / "first", OLD), None)
    return made


def test_a_release_is_published_and_fetched(store: FolderStore, candidate: Path, tmp_path: Path) -> None:
    assert state(store.root) == OLD_STATE
    store.publish(candidate, "0.1.0")
    assert state(store.root) == NEW_STATE
    assert store.versions() == [Stored("0.1.0", ""), Stored("0.2.0", "")]
    assert fetch_latest(open_store(str(store.root)), tmp_path / "latest") == "0.2.0"
    assert held(tmp_path / "latest") == NEW
    store.fetch("0.1.0", tmp_path / "old")
    assert held(tmp_path / "old") == OLD
    assert held(store.root / "latest") == NEW
    assert {path.stat().st_mode & 0o777 for path in (store.root / "0.2.0").iterdir()} == {0o644}


def test_a_store_that_is_not_there_has_no_release(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "nowhere"))
    assert (store.latest(), store.versions(), fetch_latest(store, tmp_path / "x")) == (None, [], None)
    with pytest.raises(StoreError, match=r"no release 0\.1\.0"):
        store.fetch("0.1.0", tmp_path / "x")
    with pytest.raises(StoreError, match=r"no release 0\.1\.0"):
        store.yank("0.1.0", "bad")
    assert not (tmp_path / "nowhere").exists()


def test_versions_are_ordered_as_versions_are(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store")
    previous = None
    for number in range(8, 12):
        version = f"0.{number}.0"
        store.publish(written(tmp_path / version, release(version, previous)), previous)
        previous = version
    assert [stored.version for stored in store.versions()] == ["0.8.0", "0.9.0", "0.10.0", "0.11.0"]
    assert state(store.root).latest == "0.11.0"


def test_the_same_release_again_changes_nothing(store: FolderStore, candidate: Path) -> None:
    for _ in range(2):
        store.publish(candidate, "0.1.0")
        assert state(store.root) == NEW_STATE


def test_a_version_is_never_used_twice(store: FolderStore, candidate: Path, tmp_path: Path) -> None:
    store.publish(candidate, "0.1.0")
    other = written(tmp_path / "other", OTHER)
    with pytest.raises(BaseMovedError, match=r"the latest release is 0\.2\.0 now"):
        store.publish(other, "0.1.0")
    with pytest.raises(StoreError, match="never used twice"):
        store.publish(other, "0.2.0")
    assert state(store.root) == NEW_STATE


@pytest.mark.parametrize("base", ["0.1.5", None])
def test_another_base_than_the_latest_is_refused(store: FolderStore, candidate: Path, base: str | None) -> None:
    with pytest.raises(BaseMovedError):
        store.publish(candidate, base)
    assert state(store.root) == OLD_STATE


def test_an_older_run_never_moves_latest_back(store: FolderStore, candidate: Path, tmp_path: Path) -> None:
    store.publish(candidate, "0.1.0")
    older = written(tmp_path / "older", release("0.1.1", "0.1.0"))
    with pytest.raises(BaseMovedError):
        store.publish(older, "0.1.0")
    with pytest.raises(StoreError, match="not newer"):
        store.publish(older, "0.2.0")
    store.publish(tmp_path / "first", None)  # the very first run once more
    assert state(store.root) == NEW_STATE


def test_a_latest_that_is_gone_or_wrong_is_put_right(store: FolderStore, candidate: Path) -> None:
    for change in (lambda path: path.symlink_to("0.1.0"), lambda path: path.write_bytes(b"x"), lambda path: None):
        store.publish(candidate, "0.1.0")
        (store.root / "latest").unlink()
        change(store.root / "latest")
        assert store.latest() == Stored("0.2.0", "")
        store.publish(candidate, "0.1.0")
        assert state(store.root) == NEW_STATE


def test_where_links_cannot_be_made_latest_is_a_file(
    store: FolderStore, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, target: str) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    store.publish(candidate, "0.1.0")
    assert (store.root / "latest").read_text(encoding="utf-8") == "0.2.0\n"
    assert (store.latest(), store.shown()) == (Stored("0.2.0", ""), "0.2.0")


LATESTS: Final[dict[str, Callable[[Path], object]]] = {
    "gone": lambda path: None,
    "of before": lambda path: path.symlink_to("0.1.0"),
    "out of the store": lambda path: path.symlink_to("/tmp/0.2.0"),
    "a file": lambda path: path.write_bytes(b"\xff"),
    "a pipe": os.mkfifo,
}


@pytest.mark.parametrize("how", LATESTS)
def test_what_a_run_that_died_has_left_is_finished_without_a_candidate(
    how: str, store: FolderStore, candidate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The next build says that nothing has changed: there is nothing to publish, and `latest` has not moved yet."""
    store.publish(candidate, "0.1.0")
    (store.root / "latest").unlink()
    LATESTS[how](store.root / "latest")
    (store.root / ".openpeel-1-dead").mkdir()
    assert store.shown() == ("0.1.0" if how == "of before" else None)
    for _ in range(2):
        assert main(["publish", "--store", str(store.root), "--settle"]) == 0
        assert capsys.readouterr() == ("", f"nothing is left open; latest is 0.2.0: {store.root}\n")
        assert state(store.root) == NEW_STATE
    assert store.shown() == "0.2.0"


def test_where_there_is_no_store_nothing_is_left_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["publish", "--store", str(tmp_path / "nowhere"), "--settle"]) == 0
    assert capsys.readouterr().err == f"nothing is left open; latest is none: {tmp_path / 'nowhere'}\n"
    assert FolderStore(tmp_path / "nowhere").shown() is None
    assert not (tmp_path / "nowhere").exists()


def test_yanking_moves_latest_to_the_newest_that_is_left(store: FolderStore, candidate: Path, tmp_path: Path) -> None:
    store.publish(candidate, "0.1.0")
    store.yank("0.2.0", " two columns\nare swapped ")
    yanked = NEW_STATE._replace(latest="0.1.0", yanked={"0.2.0": "two columns are swapped"})
    assert state(store.root) == yanked
    assert store.versions() == [Stored("0.1.0", ""), Stored("0.2.0", "two columns are swapped")]
    store.fetch("0.2.0", tmp_path / "yanked")
    assert held(tmp_path / "yanked") == NEW
    store.publish(candidate, "0.1.0")
    assert state(store.root) == yanked
    with pytest.raises(StoreError, match="never used twice"):
        store.publish(written(tmp_path / "other", OTHER), "0.1.0")
    store.publish(written(tmp_path / "next", release("0.2.1", "0.1.0")), "0.1.0")
    assert state(store.root).latest == "0.2.1"
    for version in ("0.2.1", "0.1.0"):
        store.yank(version, "bad")
    assert (store.latest(), state(store.root).latest) == (None, "")
    for reason in ("", " \n ", "a\x1bb", "x" * 501):
        with pytest.raises(StoreError, match="reason"):
            store.yank("0.1.0", reason)
    with pytest.raises(StoreError, match=r"no release 0\.9\.0"):
        store.yank("0.9.0", "bad")


def changed(name: str, data: bytes | None) -> Callable[[Path], None]:
    """A candidate or release in which one file is another or gone."""

    def change(place: Path) -> None:
        (place / name).unlink(missing_ok=True)
        if data is not None:
            (place / name).write_bytes(data)

    return change


def replaced(name: str, make: Callable[[Path], None]) -> Callable[[Path], None]:
    """A candidate or release in which a file is something else than a file."""

    def change(place: Path) -> None:
        (place / name).unlink()
        make(place / name)

    return change


DAMAGES: Final[dict[str, Callable[[Path], None]]] = {
    "a forged file": changed("grades.csv", b"grade\nforged\n"),
    "a cut file": changed("grades.csv", NEW["grades.csv"][:-1]),
    "a file that is gone": changed("empty.csv", None),
    "a file more": changed("evil.csv", b"x"),
    "a cut list": changed("SHA256SUMS", NEW["SHA256SUMS"][:100]),
    "a list cut at a line": changed("SHA256SUMS", NEW["SHA256SUMS"].rpartition(b"\n")[0].rpartition(b"\n")[0] + b"\n"),
    "an empty list": changed("SHA256SUMS", b""),
    "no list": changed("SHA256SUMS", None),
    "a list that is not text": changed("SHA256SUMS", b"\xff\x00" * 100),
    "a list that points elsewhere": changed("SHA256SUMS", b"0" * 64 + b"  ../../../etc/passwd\n" + NEW["SHA256SUMS"]),
    "no description": changed("release.json", None),
    "a link": replaced("grades.csv", lambda path: path.symlink_to("/etc/passwd")),
    "a link to itself": replaced("grades.csv", lambda path: path.symlink_to(path)),
    "a list that is a link": replaced("SHA256SUMS", lambda path: path.symlink_to("/etc/passwd")),
    "a pipe": replaced("grades.csv", os.mkfifo),
    "a list that is a pipe": replaced("SHA256SUMS", os.mkfifo),
    "a folder": replaced("grades.csv", Path.mkdir),
    "an endless file": replaced("grades.csv", lambda path: path.symlink_to("/dev/zero")),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_candidate_that_is_not_whole_is_refused(damage: str, store: FolderStore, candidate: Path) -> None:
    DAMAGES[damage](candidate)
    with pytest.raises(StoreError) as error:
        store.publish(candidate, "0.1.0")
    assert "\n" not in str(error.value)
    assert state(store.root) == OLD_STATE


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_release_is_not_fetched_and_not_taken_for_whole(
    damage: str, store: FolderStore, candidate: Path, tmp_path: Path
) -> None:
    store.publish(candidate, "0.1.0")
    DAMAGES[damage](store.root / "0.2.0")
    with pytest.raises(StoreError):
        fetch_latest(store, tmp_path / "into")
    assert not (tmp_path / "into").exists() or list((tmp_path / "into").iterdir()) == []
    with pytest.raises(StoreError):
        store.publish(candidate, "0.1.0")


@pytest.mark.parametrize(
    "about",
    [
        b"",
        b"{",
        b"[]",
        b'{"name": "openpeel"}',
        b'{"name": "openpeel", "version": "1.2", "previous": null}',
        b"[" * 100_000,
    ],
)
def test_a_candidate_that_does_not_describe_itself_is_refused(about: bytes, store: FolderStore, tmp_path: Path) -> None:
    folder = written(tmp_path / "odd", release("0.2.0", "0.1.0", more={"release.json": about}))
    with pytest.raises(StoreError, match="does not describe a release"):
        store.publish(folder, "0.1.0")
    assert state(store.root) == OLD_STATE


def test_a_folder_with_another_release_than_its_name_says_is_not_fetched(
    store: FolderStore, candidate: Path, tmp_path: Path
) -> None:
    shutil.copytree(candidate, store.root / "0.3.0")
    with pytest.raises(StoreError, match=r"is not the release 0\.3\.0"):
        fetch_latest(store, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []


@pytest.mark.parametrize("kind", ["link", "link to nothing", "file", "empty", "half", "pipe"])
def test_what_has_the_name_of_a_release_and_is_none_stops_everything(
    kind: str, store: FolderStore, candidate: Path, tmp_path: Path
) -> None:
    """To pass over it could move `latest` back."""
    path = store.root / "0.3.0"
    if kind.startswith("link"):
        path.symlink_to(candidate if kind == "link" else "nowhere")
    elif kind == "file":
        path.write_bytes(b"x")
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        written(path, {"grades.csv": b"half"} if kind == "half" else {})
    for act in (
        store.latest,
        lambda: store.publish(candidate, "0.1.0"),
        lambda: store.yank("0.1.0", "bad"),
        lambda: store.fetch("0.1.0", tmp_path / "into"),
    ):
        with pytest.raises(StoreError, match="has the name of a release"):
            act()
    assert not (store.root / "0.2.0").exists()
    assert not (store.root / "yanked.json").exists()


def test_junk_beside_releases_is_left_alone(store: FolderStore, candidate: Path, tmp_path: Path) -> None:
    (store.root / "notes.txt").write_bytes(b"mine")
    (store.root / "v0.9.0").mkdir()
    (store.root / "0.9").symlink_to("/etc")
    (store.root / ".openpeel-link").symlink_to(tmp_path)
    store.publish(candidate, "0.1.0")
    assert store.latest() == Stored("0.2.0", "")
    assert (store.root / "notes.txt").read_bytes() == b"mine"
    assert sorted(path.name for path in store.root.iterdir()) == [
        ".openpeel-link", "0.1.0", "0.2.0", "0.9", "latest", "notes.txt", "v0.9.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", [b"", b"[]", b"{", b'{"0.1.0": 5}', b'{"x": "y"}', b'{"0.1.0": ""}', b"[" * 100_000, b"\xff"]
)
def test_a_list_of_yanked_releases_that_is_none_is_said(text: bytes, store: FolderStore, candidate: Path) -> None:
    (store.root / "yanked.json").write_bytes(text)
    for act in (store.latest, lambda: store.publish(candidate, "0.1.0"), lambda: store.yank("0.1.0", "bad")):
        with pytest.raises(StoreError, match="not a list of yanked versions"):
            act()
    assert not (store.root / "0.2.0").exists()


def test_a_latest_that_is_a_folder_is_not_replaced(store: FolderStore, candidate: Path) -> None:
    (store.root / "latest").unlink()
    written(store.root / "latest", {"mine": b"mine"})
    with pytest.raises(StoreError, match="not a link"):
        store.publish(candidate, "0.1.0")
    assert held(store.root / "latest") == {"mine": b"mine"}
    assert not (store.root / "0.2.0").exists()


def test_a_latest_that_points_out_of_the_store_is_replaced_and_not_followed(
    store: FolderStore, candidate: Path, tmp_path: Path
) -> None:
    (store.root / "latest").unlink()
    (store.root / "latest").symlink_to(tmp_path / "first")
    store.publish(candidate, "0.1.0")
    assert state(store.root) == NEW_STATE
    assert held(tmp_path / "first") == OLD


def test_a_candidate_that_changes_while_it_is_read_is_not_published(
    store: FolderStore, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = staging.publish_folder

    def publish(*arguments: object) -> None:
        (candidate / "grades.csv").write_bytes(b"grade\nlate\n")
        real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(folder, "publish_folder", publish)
    with pytest.raises(StoreError, match="changed while it was read"):
        store.publish(candidate, "0.1.0")
    assert state(store.root) == OLD_STATE


def test_a_folder_that_is_not_empty_is_not_filled(store: FolderStore, tmp_path: Path) -> None:
    written(tmp_path / "mine", {"mine": b"mine"})
    with pytest.raises(StoreError, match="not empty"):
        store.fetch("0.1.0", tmp_path / "mine")
    assert held(tmp_path / "mine") == {"mine": b"mine"}


@pytest.mark.parametrize("data", [b"", b"\n", OLD["SHA256SUMS"][:-1], OLD["SHA256SUMS"] * 2, OLD["SHA256SUMS"].upper()])
def test_lists_have_one_form(data: bytes) -> None:
    assert parsed_list(OLD["SHA256SUMS"]) is not None
    assert parsed_list(data) is None
    assert parsed_list(OLD["SHA256SUMS"].replace(b"\n", b"\r\n")) is None
    assert parsed_list(b"".join(reversed(OLD["SHA256SUMS"].splitlines(keepends=True)))) is None


def test_publishers_at_once_make_one_release(store: FolderStore, tmp_path: Path) -> None:
    made = [release("0.2.0", "0.1.0", f"run {number}") for number in range(4)]
    folders = [written(tmp_path / f"run{number}", files) for number, files in enumerate(made)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    commands = [[sys.executable, "-S", str(CHILD), str(store.root), "publish", str(f), "0.1.0"] for f in folders]
    runs = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for command in commands]
    said = [run.communicate(timeout=60)[1] for run in runs]
    won = [number for number, run in enumerate(runs) if run.returncode == 0]
    assert len(won) == 1, said
    assert state(store.root) == NEW_STATE._replace(releases={"0.1.0": OLD, "0.2.0": made[won[0]]})
    assert sum("BaseMovedError" in text for text in said) == 3, said


def test_a_run_waits_for_another_and_not_for_ever(
    store: FolderStore, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_PATIENCE", 0.2)
    lock = os.open(store.root, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    begun = time.monotonic()
    with pytest.raises(StoreError, match="another run is at work"):
        store.publish(candidate, "0.1.0")
    assert time.monotonic() - begun >= 0.2
    assert store.latest() == Stored("0.1.0", "")  # readers do not wait
    os.close(lock)
    store.publish(candidate, "0.1.0")
    assert state(store.root) == NEW_STATE


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_disk_that_cannot_lock_is_said(
    number: int, store: FolderStore, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(handle: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(staging.fcntl, "flock", refuse)  # type: ignore[attr-defined]
    assert main(["publish", "--store", str(store.root), "--settle"]) == 2
    words = f"openpeel: {store.root}: folders cannot be locked here ({os.strerror(number)})"
    assert capsys.readouterr().err.startswith(words)
    assert state(store.root) == OLD_STATE


class Sweep(NamedTuple):
    """A run to be struck: the store before it, what it does, and every state that may be seen from then on."""

    before: Path
    arguments: list[str]
    states: list[State]

    def run(self, place: Path, faults: list[str], log: Path) -> int:
        """Runs with faults on a fresh copy of the store."""
        shutil.rmtree(place, ignore_errors=True)
        if self.before.exists():
            shutil.copytree(self.before, place, symlinks=True)
        return struck([sys.executable, "-S", str(CHILD), str(place), *self.arguments], faults, log)

    def again(self, place: Path) -> None:
        """The same, undisturbed."""
        verb, what, how = self.arguments
        if verb == "publish":
            FolderStore(place).publish(Path(what), how or None)
        else:
            FolderStore(place).yank(what, how)


def without_rest(found: State) -> State:
    return found._replace(others=[])


def swept(sweep: Sweep, family: str, fault: str, tmp_path: Path) -> int:
    """Strikes each call of a family once; how many there are."""
    place, log = tmp_path / "struck", tmp_path / "log"
    assert sweep.run(place, [], log) == 0
    assert state(place) == sweep.states[-1]
    places: list[Point] = points(log, family)
    for call, number in places:
        status = sweep.run(place, [f"{call}:{fault}:when={number}"], log)
        found, where = state(place), f"{fault} at {call} {number}, status {status}"
        assert without_rest(found) in sweep.states, where
        assert status != 0 or without_rest(found) == sweep.states[-1], where
        assert status == -9 or fault != "signal=KILL", where
        assert status == -9 or found.others == [], where
        sweep.again(place)
        assert state(place) == sweep.states[-1], where
    return len(places)


@pytest.fixture
def second(store: FolderStore, candidate: Path) -> Sweep:
    """A second release over a first."""
    published = NEW_STATE._replace(latest="0.1.0")
    return Sweep(store.root, ["publish", str(candidate), "0.1.0"], [OLD_STATE, published, NEW_STATE])


@traced
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("family", ["write", "flush", "rename", "link"])
def test_whatever_strikes_the_store_is_old_or_new_and_the_next_run_finishes(
    family: str, fault: str, tmp_path: Path, second: Sweep
) -> None:
    assert swept(second, family, fault, tmp_path) >= 1


@traced
@pytest.mark.parametrize(
    ("family", "fault"),
    [
        ("open", "signal=KILL"),
        *((family, fault) for family in ("mkdir", "chmod", "remove", "lock") for fault in ("signal=KILL", "error=EIO")),
    ],
)
def test_the_same_holds_for_every_other_call(family: str, fault: str, tmp_path: Path, second: Sweep) -> None:
    assert swept(second, family, fault, tmp_path) >= 1


@traced
@pytest.mark.parametrize("family", ["flush", "rename", "link", "mkdir"])
def test_the_same_holds_for_a_first_release(family: str, tmp_path: Path, candidate: Path) -> None:
    nothing, done = State({}, "", {}, []), State({"0.2.0": NEW}, "0.2.0", {}, [])
    sweep = Sweep(tmp_path / "nowhere", ["publish", str(candidate), ""], [nothing, done._replace(latest=""), done])
    assert swept(sweep, family, "signal=KILL", tmp_path) >= 1


@traced
@pytest.mark.parametrize("fault", ["signal=KILL", "error=ENOSPC"])
@pytest.mark.parametrize("family", ["write", "flush", "rename", "link"])
def test_the_same_holds_for_yanking(
    family: str, fault: str, tmp_path: Path, store: FolderStore, candidate: Path
) -> None:
    store.publish(candidate, "0.1.0")
    marked = NEW_STATE._replace(yanked={"0.2.0": "bad"})
    sweep = Sweep(store.root, ["yank", "0.2.0", "bad"], [NEW_STATE, marked, marked._replace(latest="0.1.0")])
    assert swept(sweep, family, fault, tmp_path) >= 1


def test_the_command_publishes_and_yanks(
    store: FolderStore, candidate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(monkeypatch)
    monkeypatch.chdir(store.root.parent.parent)
    shutil.copytree(candidate, "dist/candidate")
    assert main(["publish"]) == 0
    assert capsys.readouterr() == ("", "0.2.0 is published: dist/releases\n")
    assert main(["publish", "--scheduled"]) == 0
    assert capsys.readouterr() == ("", "0.2.0 was published already, with the same files: dist/releases\n")
    assert state(store.root) == NEW_STATE
    assert main(["yank", "0.2.0", "--reason", "bad"]) == 0
    assert capsys.readouterr() == ("", "0.2.0 is yanked; latest is 0.1.0 now: dist/releases\n")
    assert main(["yank", "0.4.0", "--reason", "bad"]) == 2
    assert capsys.readouterr() == ("", "openpeel: dist/releases has no release 0.4.0\n")


def test_a_scheduled_run_leaves_what_breaks_readers_to_a_person(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(monkeypatch)
    files = release("0.2.0", "0.1.0", breaking=True)
    command = ["publish", "--store", str(store.root), "--candidate", str(written(tmp_path / "breaking", files))]
    assert main([*command, "--scheduled"]) == 0  # nothing is wrong: the candidate waits, and the watchdog says so
    said = capsys.readouterr().err
    assert "may break" in said
    assert "latest stays" in said
    assert state(store.root) == OLD_STATE
    assert held(tmp_path / "breaking") == files
    assert main(command) == 0
    assert main([*command, "--scheduled"]) == 0  # a person has published it


def test_a_candidate_with_faults_is_not_published(
    store: FolderStore, candidate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(monkeypatch)
    monkeypatch.setattr(sys.modules["jobs.releases.verify"], "verify_folder", lambda folder: ["grades: a key repeats"])
    assert main(["publish", "--store", str(store.root), "--candidate", str(candidate)]) == 1
    assert capsys.readouterr() == ("grades: a key repeats\n", f"{candidate}: 1 fault; nothing is published\n")
    assert state(store.root) == OLD_STATE


def test_a_candidate_that_is_not_there_is_wrong_use(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trusting(monkeypatch)
    command = ["publish", "--store", str(store.root), "--candidate"]
    (tmp_path / "empty").mkdir()
    for name in ("nowhere", "empty"):
        assert main([*command, str(tmp_path / name)]) == 2
        assert capsys.readouterr().err == f"openpeel: {tmp_path / name} holds no release: there is no SHA256SUMS\n"


def test_a_parcel_tells_what_a_release_says_of_itself(candidate: Path) -> None:
    parcel = read_parcel(candidate)
    assert (parcel.version, parcel.previous, parcel.breaking, parcel.commit) == ("0.2.0", "0.1.0", False, "")
    assert parcel.notes == "## 0.2.0 (2026-11-22)\n\nNew rows: new"
    assert parcel.files.keys() == NEW.keys()
