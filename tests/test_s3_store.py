"""Releases at an address: whatever fails, and whoever else is at work, what is public is whole and stays."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from jobs.__main__ import main
from jobs.stores import BaseMovedError, Store, Stored, StoreError, fetch_latest, open_store
from jobs.stores.bucket import Bucket as StoreBucket
from jobs.stores.folder import FolderStore
from tests.objects import SECRET, Bucket, Strike
from tests.stores import Files, held, release, trusting, written

PLACE: Final = "s3://peel/releases"
OLD: Final = release("0.1.0", None)
NEW: Final = release("0.2.0", "0.1.0", "new")
OTHER: Final = release("0.2.0", "0.1.0", "other")


class State(NamedTuple):
    """What readers meet: the releases with their files, the yanked ones, and what `latest.json` names."""

    releases: dict[str, Files]
    yanked: dict[str, str]
    latest: str | None


OLD_STATE: Final = State({"0.1.0": OLD}, {}, "0.1.0")
NEW_STATE: Final = State({"0.1.0": OLD, "0.2.0": NEW}, {}, "0.2.0")


@pytest.fixture
def store(s3: Bucket, tmp_path: Path) -> Store:
    """A store with one release."""
    made = open_store(PLACE)
    made.publish(written(tmp_path / "first", OLD), None)
    return made


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    return written(tmp_path / "candidate", NEW)


def state(s3: Bucket) -> State:
    """What stands in the bucket, read by other means than the store's own."""
    there = s3.held("releases/")
    notes = [json.loads(data) for name, data in sorted(there.items()) if name.startswith("record/")]
    releases, yanked = {}, {}
    for note in notes:
        if "publish" in note:
            inside = f"{note['folder']}/"
            releases[note["publish"]] = {n.removeprefix(inside): d for n, d in there.items() if n.startswith(inside)}
        else:
            yanked[note["yank"]] = note["reason"]
    return State(releases, yanked, json.loads(there.get("latest.json", b"{}")).get("version"))


def test_a_release_is_published_and_fetched(s3: Bucket, store: Store, candidate: Path, tmp_path: Path) -> None:
    assert state(s3) == OLD_STATE
    store.publish(candidate, "0.1.0")
    assert state(s3) == NEW_STATE
    assert store.versions() == [Stored("0.1.0", ""), Stored("0.2.0", "")]
    assert (fetch_latest(store, tmp_path / "latest"), held(tmp_path / "latest")) == ("0.2.0", NEW)
    store.fetch("0.1.0", tmp_path / "old")
    assert held(tmp_path / "old") == OLD
    assert sorted(s3.held("releases/record/")) == ["00000001.json", "00000002.json"]


def test_a_store_that_is_not_there_has_no_release(s3: Bucket, tmp_path: Path) -> None:
    store = open_store(PLACE)
    assert (store.latest(), store.versions(), store.shown(), fetch_latest(store, tmp_path / "x")) == (
        None,
        [],
        None,
        None,
    )
    with pytest.raises(StoreError, match=r"has no release 0\.1\.0"):
        store.fetch("0.1.0", tmp_path / "x")
    with pytest.raises(StoreError, match=r"has no release 0\.1\.0"):
        store.yank("0.1.0", "bad")
    store.settle()
    assert s3.held() == {}


def test_the_same_release_again_changes_nothing(s3: Bucket, store: Store, candidate: Path) -> None:
    store.publish(candidate, "0.1.0")
    before = s3.held()
    store.publish(candidate, "0.1.0")
    assert s3.held() == before


def test_a_version_is_never_used_twice(s3: Bucket, store: Store, candidate: Path, tmp_path: Path) -> None:
    store.publish(candidate, "0.1.0")
    other = written(tmp_path / "other", OTHER)
    with pytest.raises(BaseMovedError, match=r"the latest release is 0\.2\.0 now"):
        store.publish(other, "0.1.0")
    with pytest.raises(StoreError, match="never used twice"):
        store.publish(other, "0.2.0")
    assert state(s3) == NEW_STATE


def test_an_older_run_never_moves_latest_back(s3: Bucket, store: Store, candidate: Path, tmp_path: Path) -> None:
    store.publish(candidate, "0.1.0")
    older = written(tmp_path / "older", release("0.1.1", "0.1.0"))
    with pytest.raises(BaseMovedError):
        store.publish(older, "0.1.0")
    with pytest.raises(StoreError, match="not newer"):
        store.publish(older, "0.2.0")
    store.publish(tmp_path / "first", None)  # the very first run once more
    assert state(s3) == NEW_STATE


def test_a_yanked_release_is_kept(s3: Bucket, store: Store, candidate: Path, tmp_path: Path) -> None:
    store.publish(candidate, "0.1.0")
    for _ in range(2):
        store.yank("0.2.0", "wrong rows")
    assert state(s3) == NEW_STATE._replace(yanked={"0.2.0": "wrong rows"}, latest="0.1.0")
    assert (store.latest(), store.shown()) == (Stored("0.1.0", ""), "0.1.0")
    store.fetch("0.2.0", tmp_path / "yanked")
    assert held(tmp_path / "yanked") == NEW
    store.yank("0.1.0", "all wrong")
    assert (store.latest(), store.shown(), state(s3).latest) == (None, None, None)


def test_requests_that_fail_leave_the_old_or_the_new_and_the_next_run_finishes(
    s3: Bucket, store: Store, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that fails at a request and sends no other one is, for the server, a run that was killed there."""
    before, strike = s3.held(), Strike(monkeypatch)
    strike.begin()
    store.publish(candidate, "0.1.0")
    for at, after in _points(strike.made):
        s3.restore(before)
        strike.begin(at, after=after)
        with pytest.raises(StoreError):
            store.publish(candidate, "0.1.0")
        strike.begin()
        assert state(s3) in (OLD_STATE, NEW_STATE._replace(latest="0.1.0"), NEW_STATE), (at, after)
        store.publish(candidate, "0.1.0")
        assert state(s3) == NEW_STATE, (at, after)


def _points(methods: list[str]) -> list[tuple[int, bool]]:
    """Before each request but for those amid their like, and after each that changes something."""
    first = [at for at, method in enumerate(methods) if [method] * 3 != methods[max(at - 1, 0) : at + 2]]
    return [(at, False) for at in first] + [(at, True) for at in first if methods[at] == "put_object"]


def test_one_request_that_fails_before_or_after_it_was_done_is_sent_again(
    s3: Bucket, store: Store, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The note is the request that counts: if its answer is lost, the record tells what became of it."""
    strike = Strike(monkeypatch)
    for once in (False, True):
        strike.only(lambda method, named: method == "put_object" and "/record/" in named["Key"], after=once)
        if once:
            store.publish(candidate, "0.1.0")
        else:
            with pytest.raises(StoreError, match=r"cannot be reached: .*struck"):
                store.publish(candidate, "0.1.0")
            assert state(s3) == OLD_STATE
    assert state(s3) == NEW_STATE


def test_publishers_at_once_make_one_release(s3: Bucket, store: Store, tmp_path: Path) -> None:
    """Of other bytes for one version, and of other versions on one base."""
    made = [release(f"0.{2 + number // 2}.0", "0.1.0", f"run {number}") for number in range(4)]
    folders = [written(tmp_path / f"run{number}", files) for number, files in enumerate(made)]

    def publish(folder: Path) -> str:
        try:
            open_store(PLACE).publish(folder, "0.1.0")
        except StoreError as error:
            return type(error).__name__
        return ""

    with ThreadPoolExecutor(4) as threads:
        said = list(threads.map(publish, folders))
    assert sorted(said) == ["", *["BaseMovedError"] * 3]
    won = made[said.index("")]
    version = json.loads(won["release.json"])["version"]
    assert state(s3) == State({"0.1.0": OLD, version: won}, {}, version)


def test_another_run_between_looking_and_noting_is_seen(
    s3: Bucket, store: Store, candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = written(tmp_path / "other", OTHER)
    _before(monkeypatch, "create", "record/", lambda: open_store(PLACE).publish(other, "0.1.0"))
    with pytest.raises(BaseMovedError):
        store.publish(candidate, "0.1.0")
    assert state(s3) == NEW_STATE._replace(releases={"0.1.0": OLD, "0.2.0": OTHER})


def test_a_yank_between_looking_and_noting_is_no_obstacle(
    s3: Bucket, store: Store, candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.publish(candidate, "0.1.0")
    third = written(tmp_path / "third", release("0.3.0", "0.2.0"))
    _before(monkeypatch, "create", "record/", lambda: open_store(PLACE).yank("0.1.0", "old"))
    store.publish(third, "0.2.0")
    assert state(s3).yanked == {"0.1.0": "old"}
    assert state(s3).latest == "0.3.0"


def test_a_slow_run_does_not_move_latest_back(
    s3: Bucket, store: Store, candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    third = written(tmp_path / "third", release("0.3.0", "0.2.0"))
    _before(monkeypatch, "replace", "latest.json", lambda: open_store(PLACE).publish(third, "0.2.0"))
    store.publish(candidate, "0.1.0")
    assert state(s3).latest == "0.3.0"


def _before(monkeypatch: pytest.MonkeyPatch, method: str, name: str, act: Callable[[], None]) -> None:
    """Lets something happen just before the first request of a kind."""
    real = getattr(StoreBucket, method)
    left = [act]

    def first(self: StoreBucket, path: str, *arguments: Any) -> Any:
        if left and path.startswith(name):
            left.pop()()
        return real(self, path, *arguments)

    monkeypatch.setattr(StoreBucket, method, first)


DAMAGES: Final[dict[str, Callable[[Bucket, str], None]]] = {
    "a file is gone": lambda s3, folder: s3.remove(f"releases/{folder}/grades.csv"),
    "a file is another": lambda s3, folder: s3.put({f"releases/{folder}/grades.csv": b"x"}),
    "a file is more": lambda s3, folder: s3.put({f"releases/{folder}/more.csv": b"x"}),
    "the list is gone": lambda s3, folder: s3.remove(f"releases/{folder}/SHA256SUMS"),
    "the list is another": lambda s3, folder: s3.put({f"releases/{folder}/SHA256SUMS": OTHER["SHA256SUMS"]}),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_release_is_not_fetched_and_not_taken_for_whole(
    damage: str, s3: Bucket, store: Store, candidate: Path, tmp_path: Path
) -> None:
    store.publish(candidate, "0.1.0")
    folder = json.loads(s3.held("releases/")["latest.json"])["folder"]
    DAMAGES[damage](s3, folder)
    with pytest.raises(StoreError):
        fetch_latest(store, tmp_path / "into")
    assert list((tmp_path / "into").iterdir()) == []
    with pytest.raises(StoreError):
        store.publish(candidate, "0.1.0")


@pytest.mark.parametrize(
    "notes",
    [
        {"00000003.json": b"{}"},
        {"00000002.json": b"{}"},
        {"00000002.json": b"["},
        {"00000002.json": b'{"yank": "0.9.0", "reason": "x"}'},
        {"00000002.json": b'{"publish": "0.2.0", "folder": "../secrets", "sha256": "' + b"a" * 64 + b'"}'},
        {"00000002.json": b"[" * 20_000},
    ],
)
def test_a_record_that_is_not_sound_stops_everything(
    notes: Files, s3: Bucket, store: Store, candidate: Path, tmp_path: Path
) -> None:
    s3.put({f"releases/record/{name}": data for name, data in notes.items()})
    before = s3.held()
    for act in (
        store.latest,
        lambda: store.publish(candidate, "0.1.0"),
        lambda: store.yank("0.1.0", "bad"),
        lambda: store.fetch("0.1.0", tmp_path / "into"),
    ):
        with pytest.raises(StoreError):
            act()
    assert s3.held() == before


def test_a_store_that_ignores_conditions_is_refused(
    s3: Bucket, store: Store, candidate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strike = Strike(monkeypatch)
    strike.careless()
    with pytest.raises(StoreError, match="cannot keep two runs apart"):
        store.publish(candidate, "0.1.0")
    assert state(s3) == OLD_STATE


def test_a_store_in_memory_works_as_well_and_one_in_a_zip_is_only_read(candidate: Path, tmp_path: Path) -> None:
    store = open_store("memory://releases-of-a-test")
    store.publish(written(tmp_path / "first", OLD), None)
    store.publish(candidate, "0.1.0")
    store.yank("0.2.0", "bad")
    assert (store.versions(), store.shown()) == ([Stored("0.1.0", ""), Stored("0.2.0", "bad")], "0.1.0")
    assert (fetch_latest(store, tmp_path / "latest"), held(tmp_path / "latest")) == ("0.1.0", OLD)
    with pytest.raises(StoreError, match="nothing can be published there safely"):
        open_store(f"dir://x::file://{tmp_path}").yank("0.1.0", "bad")


def test_a_folder_named_by_an_address_is_a_folder(tmp_path: Path) -> None:
    store = open_store(f"file://{tmp_path}/releases")
    assert isinstance(store, FolderStore)
    assert store.root == tmp_path / "releases"


def test_the_command_publishes_yanks_and_verifies(
    s3: Bucket, store: Store, candidate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    trusting(monkeypatch)
    assert main(["publish", "--store", PLACE, "--candidate", str(candidate)]) == 0
    assert capsys.readouterr() == ("", f"0.2.0 is published: {PLACE}\n")
    assert main(["yank", "0.2.0", "--reason", "bad", "--store", PLACE]) == 0
    assert capsys.readouterr() == ("", f"0.2.0 is yanked; latest is 0.1.0 now: {PLACE}\n")
    assert state(s3) == NEW_STATE._replace(yanked={"0.2.0": "bad"}, latest="0.1.0")
    assert main(["site", "--store", PLACE, "--out", str(tmp_path / "site")]) == 0
    assert (tmp_path / "site" / "latest" / "grades.csv").read_bytes() == OLD["grades.csv"]


def test_a_real_release_goes_there_and_comes_back(
    s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    out = str(tmp_path / "out")
    assert main(["build", "--store", PLACE, "--out", out, "--quiet", "--no-cache"]) == 0
    assert main(["publish", "--store", PLACE, "--candidate", out]) == 0
    assert main(["verify", PLACE]) == 0
    assert main(["verify", f"{PLACE}@0.1.0"]) == 0
    capsys.readouterr()
    assert main(["diff", f"{PLACE}@0.1.0", PLACE]) == 0
    assert main(["build", "--store", PLACE, "--out", out, "--quiet", "--no-cache"]) == 0
    said = capsys.readouterr()
    assert f"nothing has changed since the latest release in {PLACE}" in said.err


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://nobody-has-this/releases", "The specified bucket does not exist"),
        ("s3://me:a-secret-that-nobody-prints@peel/releases", "credentials"),
        ("nothing://peel/releases", "fsspec knows no nothing"),
        ("s3://peel/../releases", "is no address"),
        ("s3://peel/releases?versionId=1", "is no address"),
        ("s3://peel/re leases", "is no address"),
    ],
)
def test_an_address_that_will_not_do_is_wrong_use(
    address: str,
    words: str,
    s3: Bucket,
    candidate: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    trusting(monkeypatch)
    assert main(["publish", "--store", address, "--candidate", str(candidate)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("openpeel: ")
    assert said.count("\n") == 1
    assert words in said
    assert SECRET not in said


def test_a_server_that_is_not_there_is_said(
    s3: Bucket, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://me:{SECRET}@127.0.0.1:9")
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    assert main(["verify", PLACE]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"openpeel: {PLACE}/record cannot be reached: ")
    assert SECRET not in said
