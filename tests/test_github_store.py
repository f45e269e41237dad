"""Releases on GitHub: whatever request fails, and however, there is one public release, whole, and nothing is lost."""

import hashlib
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from jobs.__main__ import main
from jobs.stores import BaseMovedError, Stored, StoreError, fetch_latest, open_store
from jobs.stores.api import beside
from jobs.stores.github import GitHubStore
from jobs.stores.http import Patience
from tests.stores import QUICK, REPOSITORY, SHORT, TOKEN, Files, github, held, release, trusting, written
from tests.stores.fake import KINDS, Fake, Fault, Reply, serving

ROOT: Final = Path(__file__).parent.parent
OLD: Final = release("0.1.0", None)
NEW: Final = release("0.2.0", "0.1.0", "new")
OTHER: Final = release("0.2.0", "0.1.0", "other")
FAULTS: Final = [Fault(kind, after) for kind in KINDS for after in (False, True)]


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A repository with one release, and drafts and releases of strangers."""
    with serving(Fake()) as server:
        filled(server)
        yield server


def filled(server: Fake) -> Fake:
    server.whole |= {"v0.2.0": [NEW]}
    server.add("v0.1.0", OLD)
    for count, draft in enumerate((True, True, False)):
        body = "SHA256 of `SHA256SUMS`: `" + "0" * 64 + "`"  # copied notes make nobody's draft ours
        body += "" if draft else "\n<!-- openpeel draft " + "0" * 64 + " " + "0" * 16 + " -->"
        server.add(f"nightly-{count}", {"a.zip": b"x"}, draft=draft, body=body, strange=True)
    server.pointer = min(server.releases)
    return server


@pytest.fixture
def candidate(tmp_path: Path) -> Path:
    return written(tmp_path / "candidate", NEW)


def fresh() -> Fake:
    return filled(Fake())


def once(number: int, fault: Fault, server: Fake) -> None:
    """Lets the n-th request from now on fail."""
    due = len(server.requests) + number
    server.plan = lambda at, request: fault if at == due else None


def attempted(server: Fake, candidate: Path, base: str | None = "0.1.0", patience: Patience = QUICK) -> str:
    """Publishes; the error, or nothing if there is none."""
    said = ""
    try:
        github(server.url, patience=patience).publish(candidate, base)
    except StoreError as error:
        said = str(error)
    assert TOKEN not in said
    return said


def settled(server: Fake) -> None:
    """One public release with all its files, nothing of ours left over, nothing that never may be."""
    assert server.wrong == []
    assert server.public("v0.2.0") == [NEW]
    assert server.public("v0.1.0") == [OLD]
    assert server.drafts() == []
    assert server.latest() == "v0.2.0"


def requests_of(candidate: Path, server: Fake) -> list[str]:
    """The requests of a run that nothing disturbs."""
    with serving(server):
        before = len(server.requests)
        assert attempted(server, candidate) == ""
        settled(server)
        return server.requests[before:]


def worth_striking(requests: list[str], fault: Fault) -> Iterator[tuple[int, str]]:
    """The requests to fail: a read that is applied is none the less a read; a wait for the same read is had once."""
    for number, request in enumerate(requests):
        again = fault.kind == "timeout" and request in requests[:number]
        if not request.startswith("GET") or not (fault.after or again):
            yield number, request


def test_a_release_is_published_and_fetched(fake: Fake, candidate: Path, tmp_path: Path) -> None:
    store = github(fake.url)
    assert store.latest() == Stored("0.1.0", "")
    store.publish(candidate, "0.1.0")
    settled(fake)
    assert store.versions() == [Stored("0.1.0", ""), Stored("0.2.0", "")]
    assert fetch_latest(store, tmp_path / "latest") == "0.2.0"
    assert held(tmp_path / "latest") == NEW
    store.fetch("0.1.0", tmp_path / "first")
    assert held(tmp_path / "first") == OLD
    notes = fake.releases[fake.pointer or 0]["body"]
    assert notes.startswith("## 0.2.0 (2026-11-22)")
    assert "Old." not in notes
    assert "openpeel draft" not in notes
    assert fake.wrong == []


def test_a_first_release_needs_none_before(candidate: Path, tmp_path: Path) -> None:
    with serving(Fake()) as server:
        server.whole["v0.2.0"] = [NEW]
        assert github(server.url).latest() is None
        assert fetch_latest(github(server.url), tmp_path / "none") is None
        assert attempted(server, candidate, None) == ""
        assert server.latest() == "v0.2.0"
        assert server.wrong == []


def test_before_the_first_release_there_is_nothing_to_compare_with(
    candidate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with serving(Fake()) as server:
        monkeypatch.setenv("GITHUB_API_URL", server.url)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        assert main(["diff", f"github:{REPOSITORY}", str(candidate)]) == 0
        assert capsys.readouterr() == ("", f"there is no release in github:{REPOSITORY} yet to compare with\n")
        assert main(["diff", f"github:{REPOSITORY}@1.0.0", str(candidate)]) == 2
        assert "has no release 1.0.0" in capsys.readouterr().err


@pytest.mark.parametrize("digests", [True, False])
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{'after' if fault.after else 'before'}")
def test_whatever_request_fails_there_is_one_whole_release(fault: Fault, digests: bool, candidate: Path) -> None:
    def server() -> Fake:
        return filled(Fake(digests=digests))

    for number, request in worth_striking(requests_of(candidate, server()), fault):
        if not digests and request.startswith("GET"):
            continue
        with serving(server()) as struck:
            once(number, fault, struck)
            patience = SHORT if fault.kind == "timeout" else QUICK
            assert attempted(struck, candidate, patience=patience) == "", request  # one fault is made good at once
            assert struck.made == 1, request
            struck.plan = lambda at, request: None
            assert attempted(struck, candidate) == "", request
            settled(struck)


@pytest.mark.parametrize("kind", ["starter", "corrupt", "late"])
def test_uploads_that_arrive_in_part_or_late_are_made_good(kind: str, candidate: Path) -> None:
    for number, request in enumerate(requests_of(candidate, fresh())):
        if "/uploads/" in request or (kind == "late" and not request.startswith("GET")):
            with serving(fresh()) as server:
                once(number, Fault(kind, False), server)
                assert attempted(server, candidate) == "", request
                server.plan = lambda at, request: None
                github(server.url).versions()  # what was on its way arrives
                github(server.url).versions()
                assert attempted(server, candidate) == "", request
                settled(server)


@pytest.mark.parametrize("seed", range(25))
def test_many_faults_at_once_cost_time_and_nothing_else(seed: int, candidate: Path) -> None:
    chance = random.Random(seed)
    kinds = [*(kind for kind in KINDS if kind != "timeout"), "starter", "corrupt", "late"]
    with serving(fresh()) as server:
        server.plan = lambda at, request: (
            Fault(chance.choice(kinds), chance.random() < 0.5) if chance.random() < 0.35 else None
        )
        for _ in range(6):
            attempted(server, candidate)
            assert server.wrong == []
        server.plan = lambda at, request: None
        github(server.url).versions()
        github(server.url).versions()
        assert attempted(server, candidate) == ""
        settled(server)


class Runs:
    """Runs in processes of their own, which a server can kill."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.stores.child"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.known = threading.Event()
        self.child = 0

    def publish(self, server: Fake, candidate: Path) -> int:
        """The wait status of a run."""
        assert self.process.stdin
        assert self.process.stdout
        self.known.clear()
        server.kill = self.kill
        self.process.stdin.write(f"{server.url}\t{candidate}\t0.1.0\n")
        self.process.stdin.flush()
        self.child = int(self.process.stdout.readline())
        self.known.set()
        return int(self.process.stdout.readline())

    def kill(self) -> None:
        assert self.known.wait(60)
        os.kill(self.child, signal.SIGKILL)


@pytest.fixture
def runs() -> Iterator[Runs]:
    made = Runs()
    yield made
    assert made.process.stdin
    assert made.process.stdout
    made.process.stdin.close()
    made.process.wait(60)
    made.process.stdout.close()


@pytest.mark.parametrize("after", [False, True])
def test_wherever_a_run_is_killed_the_next_one_finishes(after: bool, runs: Runs, candidate: Path) -> None:
    for number, request in enumerate(requests_of(candidate, fresh())):
        with serving(fresh()) as server:
            once(number, Fault("kill", after), server)
            assert runs.publish(server, candidate) == signal.SIGKILL, request
            assert server.wrong == [], request
            server.plan = lambda at, request: None
            assert runs.publish(server, candidate) == 0, request
            settled(server)


@pytest.mark.parametrize("after", [False, True])
def test_a_draft_of_a_killed_run_with_other_files_is_cleared_away(after: bool, runs: Runs, tmp_path: Path) -> None:
    """The sources change between the two runs: what the first has left is no use to the second."""
    first, second = written(tmp_path / "first", OTHER), written(tmp_path / "second", NEW)
    with serving(fresh()) as whole:
        whole.whole["v0.2.0"] = [OTHER]
        assert runs.publish(whole, first) == 0
        requests = whole.requests
    for number in range(next(i for i, request in enumerate(requests) if request.startswith("PATCH"))):
        with serving(fresh()) as server:
            once(number, Fault("kill", after), server)
            assert runs.publish(server, first) == signal.SIGKILL
            server.plan = lambda at, request: None
            assert attempted(server, second) == ""
            settled(server)


def test_a_killed_clearing_is_finished_by_the_next_run(runs: Runs, tmp_path: Path) -> None:
    first, second = written(tmp_path / "first", OTHER), written(tmp_path / "second", NEW)

    def left(server: Fake) -> None:
        server.plan = lambda at, request: Fault("kill", True) if "name=release.json" in request else None
        assert runs.publish(server, first) == signal.SIGKILL
        server.plan = lambda at, request: None
        server.requests.clear()

    with serving(fresh()) as server:
        left(server)
        assert attempted(server, second) == ""
        number = len(server.requests)
    for at in range(number):
        for after in (False, True):
            with serving(fresh()) as server:
                left(server)
                once(at, Fault("kill", after), server)
                runs.publish(server, second)
                server.plan = lambda at, request: None
                assert attempted(server, second) == ""
                settled(server)


@pytest.mark.parametrize("same", [True, False])
def test_of_two_publishers_at_once_one_wins(same: bool, tmp_path: Path, candidate: Path) -> None:
    """The second comes in between any two requests of the first."""
    second = candidate if same else written(tmp_path / "other", OTHER)
    count = len(requests_of(candidate, fresh()))
    for number in range(count):
        with serving(fresh()) as server:
            server.whole["v0.2.0"] = [NEW, OTHER]
            said: list[str] = []

            def plan(at: int, request: str, number: int = number, said: list[str] = said) -> None:
                if at == number and not said:
                    said.append("")
                    server.lock.release()  # the server is asked by the other one meanwhile
                    said.append(attempted(server, second))
                    server.lock.acquire()

            server.plan = plan
            first = attempted(server, candidate)
            server.plan = lambda at, request: None
            assert server.wrong == []
            assert len(server.public("v0.2.0")) == 1
            assert [first, said[1]].count("") >= 1, number
            assert same or [first, said[1]].count("") == 1, number
            assert server.latest() == "v0.2.0"
            assert server.drafts() == []


def test_another_version_that_comes_in_between_leaves_one_release(tmp_path: Path, candidate: Path) -> None:
    """Their tags differ: GitHub itself would take both."""
    other = release("0.1.1", "0.1.0")
    second = written(tmp_path / "other", other)
    for number in range(len(requests_of(candidate, fresh()))):
        with serving(fresh()) as server:
            server.whole["v0.1.1"] = [other]
            said: list[str] = []

            def plan(at: int, request: str, number: int = number, said: list[str] = said) -> None:
                if at == number and not said:
                    said.append("")
                    server.lock.release()
                    said.append(attempted(server, second))
                    server.lock.acquire()

            server.plan = plan
            first = attempted(server, candidate)
            assert server.wrong == []
            assert len(server.public("v0.2.0")) + len(server.public("v0.1.1")) == [first, said[1]].count("") == 1
            assert server.drafts() == []


@pytest.mark.parametrize("versions", [("0.2.0", "0.2.0", "0.2.0"), ("0.2.0", "0.1.1", "0.1.2")])
def test_publishers_that_start_together_make_one_release(versions: tuple[str, ...], tmp_path: Path) -> None:
    for attempt in range(4):
        with serving(fresh()) as server:
            made = [release(version, "0.1.0", f"{attempt} {n}") for n, version in enumerate(versions)]
            server.whole |= {f"v{version}": made for version in versions}
            folders = [written(tmp_path / f"{attempt}-{n}", files) for n, files in enumerate(made)]
            with ThreadPoolExecutor(len(folders)) as pool:
                said = list(pool.map(partial(attempted, server, patience=QUICK._replace(rivals=0.5)), folders))
            assert server.wrong == []
            public = [files for version in set(versions) for files in server.public(f"v{version}")]
            assert len(public) == said.count("") == 1
            assert server.drafts() == []
            assert server.latest() == f"v{versions[made.index(public[0])]}"


@pytest.mark.parametrize("before", range(1, 5))
def test_no_release_is_missed_while_another_run_deletes_drafts(before: int) -> None:
    """Pages shift: what was first on the second page is then last on the first one."""
    with serving(fresh()) as server:
        drafts = [server.add(f"v0.1.{n}", {}, draft=True) for n in range(1, 6)]

        def plan(at: int, request: str) -> None:
            if at >= before and drafts:
                del server.releases[drafts.pop()]

        server.plan = plan
        assert github(server.url).versions() == [Stored("0.1.0", "")]


def test_a_list_that_never_stays_the_same_ends() -> None:
    with serving(fresh()) as server:

        def plan(at: int, request: str) -> None:
            server.add(f"nightly-{at + 9}", {})

        server.plan = plan
        with pytest.raises(StoreError, match="changes all the time"):
            github(server.url).versions()


@pytest.mark.parametrize("what", ["gone", "other", "more", "half", "taken"])
def test_a_draft_that_somebody_changes_meanwhile_is_not_published(what: str, candidate: Path) -> None:
    requests = requests_of(candidate, fresh())
    sent = next(at for at, request in enumerate(requests) if "name=SHA256SUMS" in request) + 1
    public = next(at for at, request in enumerate(requests) if request.startswith("PATCH"))
    lists = [at for at in range(sent, public) if requests[at].endswith("releases?per_page=50&page=1")]
    for number in range(sent, lists[0] + 1) if what == "taken" else [sent]:
        with serving(fresh()) as server:

            def plan(at: int, request: str, number: int = number, server: Fake = server) -> None:
                if at == number:
                    draft = next(made for made in server.releases.values() if made["tag_name"] == "v0.2.0")
                    change(server, draft, what)

            server.plan = plan
            assert attempted(server, candidate) != ""
            assert server.public("v0.2.0") == []


def change(server: Fake, draft: dict[str, Any], what: str) -> None:
    """What a person or another run can do to a draft."""
    if what == "gone":
        draft["assets"].pop()
    elif what == "other":
        server.blobs[draft["assets"][0]["id"]] = b"x"
    elif what == "half":
        draft["assets"][0]["state"] = "starter"
    elif what == "more":
        server.keep(draft["id"], "evil.csv", b"x", "uploaded")
    else:
        draft["body"] = re.sub(r" [0-9a-f]{16} -->", " 0123456789abcdef -->", draft["body"])


def left_over(server: Fake, files: Files, word: str, *, half: bool = False) -> int:
    """A draft of ours that a run has left."""
    mark = f"<!-- openpeel draft {hashlib.sha256(files['SHA256SUMS']).hexdigest()} {word * 16} -->"
    draft = server.add("v0.2.0", files, draft=True, body=f"notes\n{mark}")
    if half:
        server.releases[draft]["assets"][0]["state"] = "starter"
    return draft


def test_whatever_earlier_runs_have_left_is_taken_up_or_cleared_away(fake: Fake, candidate: Path) -> None:
    left_over(fake, OTHER, "a")
    draft = left_over(fake, NEW | {"stray.csv": b"x"}, "b", half=True)
    left_over(fake, NEW, "c")
    assert attempted(fake, candidate) == ""
    assert fake.made == 0
    assert next(made["id"] for made in fake.releases.values() if made["tag_name"] == "v0.2.0") == draft
    left_over(fake, NEW, "d")
    assert attempted(fake, candidate) == ""
    settled(fake)


@pytest.mark.parametrize("late", [False, True])
def test_a_draft_that_becomes_public_while_it_is_cleared_away_stays(late: bool, fake: Fake, candidate: Path) -> None:
    """Its own run publishes it in the moment before ours takes it, or before ours deletes it."""
    fake.whole["v0.2.0"] = [NEW, OTHER]
    draft = fake.releases[left_over(fake, OTHER, "a")]

    def plan(at: int, request: str) -> None:
        taken = any(earlier.startswith("PATCH") for earlier in fake.requests[:-1])
        if request.startswith("GET" if late else "PATCH") and taken == late and draft["draft"]:
            draft.update(draft=False, body="notes")

    fake.plan = plan
    assert "latest release is 0.2.0 now" in attempted(fake, candidate)
    assert fake.public("v0.2.0") == [OTHER]
    assert draft["body"] == "notes"
    assert fake.drafts() == []
    assert fake.wrong == []


def test_lists_that_lag_behind_do_not_move_latest_back(fake: Fake, candidate: Path) -> None:
    def plan(at: int, request: str) -> None:
        fake.lag = any(earlier.startswith("PATCH") for earlier in fake.requests)

    fake.plan = plan
    assert attempted(fake, candidate) == ""
    fake.lag = False
    settled(fake)


def unsettled(server: Fake) -> Fake:
    """What a run leaves that dies before it moves `latest`, and drafts of two others."""
    server.add("v0.2.0", NEW, body="SHA256 of `SHA256SUMS`: `" + "0" * 64 + "`")
    left_over(server, OTHER, "a", half=True)
    left_over(server, NEW, "b")
    server.pointer = min(server.releases)
    return server


def test_what_a_run_that_died_has_left_is_finished_without_a_candidate() -> None:
    """The next build says that nothing has changed: there is nothing to publish, and `latest` has not moved yet."""
    with serving(unsettled(fresh())) as server:
        store = github(server.url)
        assert (store.latest(), store.shown()) == (Stored("0.2.0", ""), "0.1.0")
        store.settle()
        settled(server)
        assert store.shown() == "0.2.0"
        before = len(server.requests)
        store.settle()
        assert all(request.startswith("GET") for request in server.requests[before:])
        with pytest.raises(StoreError, match="GITHUB_TOKEN is not set"):
            github(server.url, "").settle()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{'after' if fault.after else 'before'}")
def test_finishing_survives_whatever_fails(fault: Fault) -> None:
    with serving(unsettled(fresh())) as server:
        github(server.url).settle()
        requests = list(server.requests)
    for number, _ in worth_striking(requests, fault):
        with serving(unsettled(fresh())) as server:
            once(number, fault, server)
            github(server.url, patience=SHORT if fault.kind == "timeout" else QUICK).settle()
            settled(server)


def test_finishing_makes_no_release_of_another_run_its_own(fake: Fake) -> None:
    """A release of a stranger is the latest; a release is not there yet."""
    with serving(Fake()) as server:
        server.pointer = server.add("nightly", {"a.zip": b"x"}, strange=True)
        github(server.url).settle()
        assert (github(server.url).shown(), server.latest(), server.wrong) == (None, "nightly", [])


def test_the_same_release_again_changes_nothing(fake: Fake, candidate: Path) -> None:
    assert attempted(fake, candidate) == ""
    before = len(fake.requests)
    assert attempted(fake, candidate) == ""
    assert all(request.startswith("GET") for request in fake.requests[before:])
    settled(fake)


def test_a_version_is_never_used_twice(fake: Fake, candidate: Path, tmp_path: Path) -> None:
    assert attempted(fake, candidate) == ""
    other = written(tmp_path / "other", OTHER)
    with pytest.raises(BaseMovedError, match=r"latest release is 0\.2\.0 now"):
        github(fake.url).publish(other, "0.1.0")
    with pytest.raises(StoreError, match="never used twice"):
        github(fake.url).publish(other, "0.2.0")
    settled(fake)


@pytest.mark.parametrize("base", ["0.1.5", None])
def test_another_base_than_the_latest_is_refused(fake: Fake, candidate: Path, base: str | None) -> None:
    before = len(fake.requests)
    with pytest.raises(BaseMovedError):
        github(fake.url).publish(candidate, base)
    assert all(request.startswith("GET") for request in fake.requests[before:])


def test_a_run_that_comes_late_moves_latest_to_what_is_newest_then(fake: Fake, candidate: Path, tmp_path: Path) -> None:
    """0.3.0 is published in the moment before the run of 0.2.0 moves `latest`."""
    later = release("0.3.0", "0.2.0")
    fake.whole["v0.3.0"] = [later]
    folder = written(tmp_path / "later", later)
    seen: list[str] = []

    def plan(at: int, request: str) -> None:
        if request.startswith("PATCH"):
            seen.append(request)
            if len(seen) == 2:
                fake.lock.release()
                github(fake.url).publish(folder, "0.2.0")
                fake.lock.acquire()

    fake.plan = plan
    assert attempted(fake, candidate) == ""
    assert fake.latest() == "v0.3.0"
    assert attempted(fake, candidate) == ""
    assert fake.latest() == "v0.3.0"
    assert fake.wrong == []


@pytest.mark.parametrize("draft", [True, False])
def test_a_stranger_with_the_tag_is_left_alone(fake: Fake, candidate: Path, draft: bool) -> None:
    fake.add("v0.2.0", {"thesis.pdf": b"mine"}, draft=draft, strange=True)
    before = len(fake.requests)
    assert "made by somebody else" in attempted(fake, candidate)
    assert all(request.startswith("GET") for request in fake.requests[before:])
    assert fake.wrong == []


def test_a_stranger_who_comes_in_between_is_left_alone(fake: Fake, candidate: Path) -> None:
    def plan(at: int, request: str) -> None:
        if "name=SHA256SUMS" in request:
            fake.add("v0.2.0", {"thesis.pdf": b"mine"}, draft=True, strange=True)

    fake.plan = plan
    assert "made by somebody else" in attempted(fake, candidate)
    assert fake.public("v0.2.0") == []
    assert fake.wrong == []


def test_a_release_of_strangers_with_a_version_is_not_taken_for_ours(fake: Fake) -> None:
    fake.add("v9.0.0", {"app.exe": b"x"}, strange=True)
    fake.add("0.1.0", {"app.exe": b"x"}, strange=True)
    assert github(fake.url).versions() == [Stored("0.1.0", "")]


def test_yanking_moves_latest_to_the_newest_that_is_left(fake: Fake, candidate: Path, tmp_path: Path) -> None:
    store = github(fake.url)
    store.publish(candidate, "0.1.0")
    store.yank("0.2.0", "  two columns\n are swapped ")
    assert store.versions() == [Stored("0.1.0", ""), Stored("0.2.0", "two columns are swapped")]
    assert (store.latest(), fake.latest()) == (Stored("0.1.0", ""), "v0.1.0")
    store.fetch("0.2.0", tmp_path / "yanked")
    assert held(tmp_path / "yanked") == NEW
    store.yank("0.2.0", "worse than that")
    body = next(made["body"] for made in fake.releases.values() if made["tag_name"] == "v0.2.0")
    assert body.startswith("YANKED: worse than that\n\n## 0.2.0")
    store.yank("0.1.0", "this one too")
    assert (store.latest(), fake.latest()) == (None, None)
    with pytest.raises(StoreError, match=r"no release 0\.3\.0"):
        store.yank("0.3.0", "x")
    with pytest.raises(StoreError, match="reason"):
        store.yank("0.1.0", " \n")
    assert fake.wrong == []


def test_another_reason_that_begins_like_the_one_before_is_not_taken_for_it(fake: Fake) -> None:
    store = github(fake.url)
    store.yank("0.1.0", "bad rows")
    number = sum(1 for request in fake.requests if request.startswith("PATCH"))
    fake.plan = lambda at, request: (
        Fault("500", False)
        if request.startswith("PATCH") and sum(r.startswith("PATCH") for r in fake.requests) == number + 1
        else None
    )
    store.yank("0.1.0", "bad")
    assert store.versions() == [Stored("0.1.0", "bad")]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{'after' if fault.after else 'before'}")
def test_yanking_survives_whatever_fails(fault: Fault, candidate: Path) -> None:
    with serving(fresh()) as server:
        github(server.url).publish(candidate, "0.1.0")
        before = len(server.requests)
        github(server.url).yank("0.2.0", "bad")
        requests = server.requests[before:]
    for number, _ in worth_striking(requests, fault):
        with serving(fresh()) as server:
            github(server.url).publish(candidate, "0.1.0")
            once(number, fault, server)
            patience = SHORT if fault.kind == "timeout" else QUICK
            github(server.url, patience=patience).yank("0.2.0", "bad")
            assert github(server.url).versions() == [Stored("0.1.0", ""), Stored("0.2.0", "bad")]
            assert (server.latest(), server.wrong) == ("v0.1.0", [])


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "timeout"])
def test_fetching_survives_whatever_fails(kind: str, tmp_path: Path) -> None:
    with serving(fresh()) as server:
        github(server.url).fetch("0.1.0", tmp_path / "whole")
        count = len(server.requests)
    for number in range(count):
        with serving(fresh()) as server:
            once(number, Fault(kind, False), server)
            github(server.url).fetch("0.1.0", tmp_path / f"{number}")
            assert held(tmp_path / f"{number}") == OLD


def by_number(server: Fake) -> list[str]:
    """The downloads that count as requests, and for which the token is sent."""
    return [request for request in server.requests if re.search(r"releases/assets/\d+", request)]


@pytest.mark.parametrize("token", [TOKEN, ""])
def test_files_are_fetched_as_readers_fetch_them_which_no_limit_counts(fake: Fake, token: str, tmp_path: Path) -> None:
    """A site is laid out of all files of all releases: thousands, where a server takes a thousand requests an hour."""
    store = github(fake.url, token)
    assert [stored.version for stored in store.versions()] == ["0.1.0"]
    fake.requests.clear()
    store.fetch("0.1.0", tmp_path / "first")
    assert held(tmp_path / "first") == OLD
    assert by_number(fake) == []
    assert sum("/repos/" in request for request in fake.requests) <= 2  # the list of its files
    assert fake.wrong == []


@pytest.mark.parametrize("why", ["none", "elsewhere", "private", "damaged", "odd"])
def test_what_readers_cannot_get_is_fetched_by_its_number(
    why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Fake._asset

    def asset(fake: Fake, asset: dict[str, Any], release: dict[str, Any]) -> dict[str, Any]:
        addresses = {"elsewhere": "http://collector.example/x", "odd": "http://[", "none": ""}
        return real(fake, asset, release) | ({"browser_download_url": addresses[why]} if why in addresses else {})

    monkeypatch.setattr(Fake, "_asset", asset)
    answers = {"private": (404, b"Not Found"), "damaged": (200, b"<html>")}
    if why in answers:
        monkeypatch.setattr(Fake, "_openly", lambda *a: Reply(*answers[why]))
    with serving(fresh()) as server:
        github(server.url).fetch("0.1.0", tmp_path / "first")
        assert held(tmp_path / "first") == OLD
        assert len(by_number(server)) == len(OLD)
        tried = [request for request in server.requests if "/download/" in request]
        assert len(tried) == (3 if why in answers else 0)  # not once for each of many files
        assert server.wrong == []


def test_without_digests_the_list_of_checksums_comes_from_the_interface_itself(tmp_path: Path) -> None:
    with serving(filled(Fake(digests=False))) as server:
        github(server.url).fetch("0.1.0", tmp_path / "first")
        assert held(tmp_path / "first") == OLD
        assert len(by_number(server)) == 1


def test_a_redirection_to_nowhere_is_no_defect(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Fake, "_list", lambda *a: Reply(302, None, {"Location": "http://[1"}))
    with pytest.raises(StoreError, match="does not answer"):
        github(fake.url).versions()


@pytest.mark.parametrize(
    "change",
    [
        {"grades.csv": b"grade\nforged\n"},
        {"SHA256SUMS": NEW["SHA256SUMS"][:100]},
        {"SHA256SUMS": b""},
        {"evil.csv": b"x"},
        {"SHA256SUMS": b"0" * 64 + b"  ../../evil\n"},
        {"grades.csv": None},
        {"SHA256SUMS": None},
    ],
)
@pytest.mark.parametrize("digests", [True, False])
def test_a_damaged_release_is_not_fetched(change: dict[str, bytes | None], digests: bool, tmp_path: Path) -> None:
    with serving(Fake(digests=digests)) as server:
        files: Files = {name: data for name, data in (NEW | change).items() if data is not None}
        server.add("v0.2.0", files, body="SHA256 of `SHA256SUMS`: `" + "0" * 64 + "`")
        with pytest.raises(StoreError):
            github(server.url).fetch("0.2.0", tmp_path / "into" / "here")
        assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_folder_that_is_not_empty_is_not_filled(fake: Fake, tmp_path: Path) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    with pytest.raises(StoreError, match="not empty"):
        github(fake.url).fetch("0.1.0", tmp_path)
    assert held(tmp_path) == {"mine": b"mine"}


def test_a_server_that_fails_for_good_is_left_after_a_few_tries(fake: Fake, candidate: Path) -> None:
    fake.plan = lambda at, request: Fault("500", False)
    before = len(fake.requests)
    assert "answers 502 (4 times)" in attempted(fake, candidate)
    assert len(fake.requests) - before == QUICK.tries


def test_the_server_says_how_long_to_wait_and_is_believed_up_to_a_point(candidate: Path) -> None:
    with serving(fresh()) as server:
        for headers, least, said in (
            ({"Retry-After": "1"}, 1.0, ""),
            ({"Retry-After": "4000"}, 0.0, "asks to wait 67 minutes"),
            ({"Retry-After": formatdate(time.time() + 7200, usegmt=True)}, 0.0, "asks to wait 120 minutes"),
            ({"Retry-After": "Sat, 99 Nov 2026 10:00:00 GMT"}, 0.0, ""),
            ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 7200)}, 0.0, "to wait 120 min"),
        ):
            server.limits = [headers]
            begun, before = time.monotonic(), len(server.requests)
            assert said in attempted(server, candidate)
            assert time.monotonic() - begun >= least
            assert bool(said) == (len(server.requests) - before == 1)


def test_a_refusal_is_said_once_and_not_tried_again(fake: Fake, candidate: Path) -> None:
    store = github(fake.url, "ghs_wrong")
    before = len(fake.requests)
    with pytest.raises(StoreError, match=r"answers 401: Bad credentials: Bearer \*\*\* \(is GITHUB_TOKEN right\?\)"):
        store.publish(candidate, "0.1.0")
    assert len(fake.requests) - before == 1


def test_without_a_token_releases_are_read_and_not_written(fake: Fake, candidate: Path, tmp_path: Path) -> None:
    store = github(fake.url, "")
    assert fetch_latest(store, tmp_path / "latest") == "0.1.0"
    with pytest.raises(StoreError, match="GITHUB_TOKEN is not set"):
        store.publish(candidate, "0.1.0")
    with pytest.raises(StoreError, match="GITHUB_TOKEN is not set"):
        store.yank("0.1.0", "bad")


def test_uploads_go_to_no_other_server(fake: Fake, candidate: Path) -> None:
    real, fake.url = fake.url, "http://collector.example"
    assert "is not its own server" in attempted_at(real, candidate)
    assert not any("/uploads/" in request for request in fake.requests)


@pytest.mark.parametrize(
    ("base", "address", "may"),
    [
        ("https://api.github.com", "https://uploads.github.com/repos/a/b", True),
        ("https://peel.example/api/v3", "https://peel.example/api/uploads/repos/a/b", True),
        ("http://localhost:1", "http://127.0.0.1:2/uploads", True),
        ("https://api.github.com", "http://uploads.github.com/repos/a/b", False),
        ("https://api.github.com", "https://uploads.github.com.example/repos", False),
        ("https://api.github.com", "https://uploads.github.com@example.org/repos", False),
        ("https://api.github.com", "https://127.0.0.1/repos", False),
        ("https://api.github.com", "https://github.com/a/b", False),
        ("https://api.github.com", "https://[/", False),
        ("https://api.github.com", "", False),
    ],
)
def test_the_server_for_uploads_belongs_to_the_one_that_is_asked(base: str, address: str, may: bool) -> None:
    assert beside(base, address) is may


@pytest.mark.parametrize(
    ("base", "address", "may"),
    [
        ("https://api.github.com", "https://github.com/open/peel/releases/download/v0.1.0/grades.csv", True),
        ("https://peel.example/api/v3", "https://peel.example/open/peel/releases/download/v0.1.0/grades.csv", True),
        ("http://127.0.0.1:1", "http://localhost:2/grades.csv", True),
        ("http://127.0.0.1:1", "https://github.com/open/peel/releases/download/v0.1.0/grades.csv", False),
        ("https://api.github.com", "http://github.com/grades.csv", False),
        ("https://api.github.com", "https://github.com.example/grades.csv", False),
        ("https://api.github.com", "https://user@github.com/grades.csv", False),
        ("https://api.github.com", "file:///etc/passwd", False),
    ],
)
def test_the_server_for_downloads_belongs_to_the_one_that_is_asked(base: str, address: str, may: bool) -> None:
    assert beside(base, address, "") is may


def attempted_at(url: str, candidate: Path) -> str:
    with pytest.raises(StoreError) as error:
        github(url).publish(candidate, "0.1.0")
    return str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GITHUB_TOKEN", "ghs_a\nb"),
        ("GITHUB_TOKEN", "ghs_ä"),
        ("GITHUB_API_URL", "api.example.org"),
        ("GITHUB_API_URL", "file:///etc/passwd"),
        ("GITHUB_API_URL", "https://me:pass@api.github.com"),
    ],
)
def test_settings_that_cannot_be_are_refused_unshown(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(StoreError, match=name) as error:
        open_store("github:open/peel")
    assert value not in str(error.value)


@pytest.mark.parametrize("address", ["github:", "github:open", "github:open/peel/x", "github:../x", "github:a/..", ""])
def test_addresses_that_are_no_store_are_refused(address: str) -> None:
    with pytest.raises(StoreError, match="is no store"):
        open_store(address)


def test_the_command_publishes_yanks_and_never_shows_the_token(
    fake: Fake, candidate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", fake.url + "/")
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN + "\n")
    trusting(monkeypatch)
    command = ["publish", "--store", "github:open/peel", "--candidate", str(candidate), "--scheduled"]
    assert main(command) == 0
    assert capsys.readouterr() == ("", "0.2.0 is published: github:open/peel\n")
    assert main(command) == 0
    assert capsys.readouterr() == ("", "0.2.0 was published already, with the same files: github:open/peel\n")
    settled(fake)
    assert main(["yank", "0.2.0", "--reason", "bad", "--store", "github:open/peel"]) == 0
    assert capsys.readouterr() == ("", "0.2.0 is yanked; latest is 0.1.0 now: github:open/peel\n")
    fake.url = "http://collector.example"
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_otherotherother")
    assert main(command) == 2
    said = capsys.readouterr()
    assert "ghs_" not in said.out + said.err
    assert said.err.count("\n") == 1


def test_a_defect_shows_no_token(
    fake: Fake, candidate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", fake.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    trusting(monkeypatch)
    monkeypatch.setattr("jobs.stores.http._drained", lambda *a: 1 // 0)
    assert main(["publish", "--store", "github:open/peel", "--candidate", str(candidate)]) == 3
    assert TOKEN not in capsys.readouterr().err
    assert TOKEN not in repr(vars(GitHubStore(github(fake.url).releases).releases.server))
