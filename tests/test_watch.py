"""The watchdog tells what readers of the latest release would run into, and nothing else."""

import datetime as dt
import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.__main__ import main
from jobs.releases import readers
from jobs.verbs.watch import Link, sample, stale
from tests.servers import Answer, Request, serving

DAY = dt.date(2026, 3, 1)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = dt.datetime(DAY.year, DAY.month, DAY.day, tzinfo=dt.UTC).timestamp()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(seconds)))


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes every release of these tests, which have no tables, for a sound one."""
    monkeypatch.setattr("jobs.releases.verify.verify_folder", lambda folder: [])


def release(
    store: Path, version: str, date: str, links: dict[str, str] | None = None, *, breaking: bool = False
) -> dict[str, bytes]:
    """Puts a release into a folder store, as its latest, and tells its files; links: article -> address."""
    about = {"name": "openpeel", "format": 1, "version": version, "previous": None, "date": date, "breaking": breaking}
    rows = "".join(f"{article},{address}\n" for article, address in (links or {}).items())
    made = {"articles.csv": f"\ufeffarticle_id,url\n{rows}".encode(), "release.json": json.dumps(about).encode()}
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(made.items())]
    made["SHA256SUMS"] = "".join(lines).encode()
    (store / version).mkdir(parents=True)
    for name, data in made.items():
        (store / version / name).write_bytes(data)
    (store / "latest").unlink(missing_ok=True)
    (store / "latest").symlink_to(version)
    return made


def watched(tmp_path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str]:
    """The exit status and the report."""
    arguments = ["--store", str(tmp_path / "store"), "--sources", str(tmp_path / "sources"), *more]
    status = main(["watch", *arguments])
    return status, capsys.readouterr().out


def test_a_fresh_release_is_well(tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0", "2026-02-01")
    assert watched(tmp_path, capsys) == (
        0,
        "# Watchdog: all is well\n\nRelease 0.1.0 is whole.\n0 of 0 links followed; 0 could not be reached.\n",
    )


def test_an_old_release_is_not(tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0", "2026-02-01")
    status, said = watched(tmp_path, capsys, "--days", "20")
    assert status == 1
    assert said.splitlines()[:3] == [
        "# Watchdog: 1 finding",
        "",
        "- Release 0.1.0 is of 2026-02-01, more than 20 days ago: is there no news, or does publishing fail?",
    ]


@pytest.mark.parametrize(
    ("date", "days", "words"),
    [
        ("2026-02-19", 10, ""),
        ("2026-02-18", 10, "more than 10 days ago"),
        ("2026-02-27", 1, "more than 1 day ago"),
        ("2026-03-01", 0, ""),
        ("2026-03-02", 10, "still to come"),
        ("soon", 10, "has no date"),
        ("", 10, "has no date"),
    ],
)
def test_freshness(date: str, days: int, words: str) -> None:
    said = list(stale("0.1.0", date, days, DAY))
    assert len(said) == bool(words)
    assert words in "".join(said)


def test_without_a_release_there_is_nothing_to_watch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "store").mkdir()
    assert watched(tmp_path, capsys) == (0, "# Watchdog: all is well\n\nThere is no release yet.\n")


def test_releases_that_are_all_withdrawn_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0", "2026-02-01")
    (tmp_path / "store/yanked.json").write_text('{"0.1.0": "wrong"}')
    assert watched(tmp_path, capsys) == (
        1,
        "# Watchdog: 1 finding\n\n- Every release is withdrawn: readers find none.\n",
    )


def test_a_damaged_release_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0", "2026-02-01")
    (tmp_path / "store/0.1.0/articles.csv").write_text("other")
    status, said = watched(tmp_path, capsys)
    assert status == 1
    assert "- The latest release cannot be downloaded: `" in said
    assert "articles.csv does not have the digest" in said


def test_a_release_that_is_not_true_to_itself_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0", "2026-02-01")
    status, said = watched(tmp_path, capsys)
    assert status == 1
    assert "- Release 0.1.0: `" in said
    assert said.endswith("\nRelease 0.1.0 is not sound, so nothing else was looked at.\n")


def test_what_is_no_store_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["watch", "--store", "github:nobody"]) == 2
    assert main(["watch", "--store", str(tmp_path), "--days", "-1"]) == 2
    assert main(["watch", "--store", str(tmp_path), "--keep", str(Path(__file__).parent)]) == 2
    assert capsys.readouterr().out == ""


def test_the_downloaded_release_can_be_kept(tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]) -> None:
    made = release(tmp_path / "store", "0.1.0", "2026-02-01")
    assert watched(tmp_path, capsys, "--keep", str(tmp_path / "a/b"))[0] == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "a/b").iterdir()} == made


# what is not published


def following(tmp_path: Path, date: str, *, breaking: bool = False) -> str:
    """A candidate, as built from the sources."""
    release(tmp_path / "candidates", "0.2.0", date, breaking=breaking)
    return str(tmp_path / "candidates/0.2.0")


@pytest.mark.parametrize(
    ("date", "breaking", "words"),
    [
        ("2026-02-28", False, ""),
        ("2026-02-28", True, ""),
        ("2026-02-27", False, "- Release 0.2.0 of 2026-02-27 is not published: the last runs of `publish` tell why."),
        (
            *("2026-02-27", True),
            "- Release 0.2.0 of 2026-02-27 may break formulas, queries or links: a person has to publish it.",
        ),
        ("soon", True, ""),
    ],
)
@pytest.mark.parametrize("first", [False, True])
def test_a_release_that_waits_is_told_once_it_has_waited_for_two_days(
    date: str, breaking: bool, words: str, first: bool, tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "store").mkdir()
    if not first:
        release(tmp_path / "store", "0.1.0", "2026-02-01")
    status, said = watched(tmp_path, capsys, "--next", following(tmp_path, date, breaking=breaking))
    assert status == bool(words)
    assert [line for line in said.splitlines() if line.startswith("- ")] == ([words] if words else [])
    assert watched(tmp_path, capsys, "--next", str(tmp_path / "nothing"))[0] == 0


@pytest.mark.parametrize(("named", "words"), [("0.1.0", "0.1.0"), ("nothing", "none of ours"), ("", "none of ours")])
def test_a_latest_that_did_not_move_is_told(
    named: str, words: str, tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for version in ("0.1.0", "0.2.0"):
        release(tmp_path / "store", version, "2026-02-01")
    (tmp_path / "store/latest").unlink()
    if named:
        (tmp_path / "store/latest").symlink_to(named)
    status, said = watched(tmp_path, capsys)
    assert status == 1
    assert f"- Readers get {words} as the latest release, not 0.2.0: start `publish`.\n" in said


# what readers get


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("none", ""),
        ("old", "/SHA256SUMS` is not the file of the latest release."),
        ("changed", "/articles.csv` is not the file of the latest release."),
        ("endless", "/articles.csv` is not the file of the latest release."),
        ("missing", "/articles.csv` answers 404."),
        ("nothing", "/SHA256SUMS` answers 404."),
    ],
)
def test_the_files_that_readers_get(
    change: str, words: str, tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]
) -> None:
    made = release(tmp_path / "store", "0.2.0", "2026-02-01")
    served = {**made, **release(tmp_path / "older", "0.1.0", "2026-01-01")} if change == "old" else dict(made)
    if change == "changed":
        served["articles.csv"] += b"x"
    elif change == "endless":
        served["articles.csv"] += b"x" * 2_000_000
    elif change == "missing":
        del served["articles.csv"]
    elif change == "nothing":
        served = {}

    def answer(request: Request) -> Answer:
        if request.path.startswith("/latest/"):  # as GitHub does
            return Answer(302, headers=(("Location", request.path.replace("/latest/", "/files/")),))
        name = request.path.removeprefix("/files/")
        return Answer(200, served[name]) if name in served else Answer(404)

    with serving(answer) as address:
        status, said = watched(tmp_path, capsys, "--at", f"{address}/latest/")
    assert status == bool(words)
    assert (f"- `{address}/latest{words}" if words else f"`{address}/latest` gives its 3 files.") in said


def test_trouble_on_the_way_is_no_finding(tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0", "2026-02-01", {"kent-a": nowhere()})
    status, said = watched(tmp_path, capsys, "--at", nowhere())
    assert status == 0
    assert "could not be reached.\n1 of 1 link followed; 1 could not be reached.\n" in said


def nowhere() -> str:
    """An address at which nobody answers."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{found.getsockname()[1]}/a"


# links


@pytest.fixture
def address() -> Iterator[str]:
    """A server with links of every kind; only those that begin with /dead are dead."""

    def answer(request: Request) -> Answer | None:
        kind, _, rest = request.path.removeprefix("/").partition("/")
        head = request.method == "HEAD"
        if kind == "moved":
            return Answer(301, headers=(("Location", f"/{rest}"),))
        if kind == "elsewhere":
            return Answer(302, headers=(("Location", "file:///etc/passwd"),))
        if kind == "silent":
            return None
        codes = {"dead": 404, "dead-gone": 410, "dead-to-get": 405 if head else 404, "no-head": 404 if head else 200}
        return Answer(codes.get(kind) or (int(kind) if kind.isdigit() else 200))

    with serving(answer) as found:
        yield found


KINDS = ("ok", "dead", "dead-gone", "dead-to-get", "no-head", "silent", "elsewhere", "403", "429", "500", "503")


def test_only_links_that_are_gone_are_dead(address: str) -> None:
    links = {kind: f"{address}/{kind}" for kind in KINDS} | {f"moved {k}": f"{address}/moved/{k}" for k in KINDS}
    links |= {"loop": f"{address}/{'moved/' * 30}ok", "ftp": "ftp://127.0.0.1/dead", "odd": "http://[/"}
    answers = readers.asked(list(links.values()))
    assert set(answers) == set(links.values())
    assert {name for name, link in links.items() if answers[link] in readers.DEAD} == {
        *("dead", "dead-gone", "dead-to-get"),
        *("moved dead", "moved dead-gone", "moved dead-to-get"),
    }


def test_a_dead_link_is_told_at_its_place(
    address: str, tmp_path: Path, sound: None, capsys: pytest.CaptureFixture[str]
) -> None:
    links = {"kent-a": f"{address}/dead/@one", "kent-b": f"{address}/ok", "kent-c": f"{address}/dead/replaced"}
    release(tmp_path / "store", "0.1.0", "2026-02-01", links | {"kent-d": f"{address}/dead-gone/`two`"})
    articles = tmp_path / "sources/articles"
    articles.mkdir(parents=True)
    (articles / "kent-a.yaml").write_text(f"# a comment\nurl: {links['kent-a']}\n")
    (articles / "kent-c.yaml").write_text("url: https://example.org/archived\n")
    assert watched(tmp_path, capsys) == (
        1,
        "# Watchdog: 2 findings\n\n"
        f"- `{articles}/kent-d.yaml`: `{address}/dead-gone/ˋtwoˋ` answers 410.\n"
        f"- `{articles}/kent-a.yaml:2`: `{address}/dead/@one` answers 404.\n"
        "\nRelease 0.1.0 is whole.\n4 of 4 links followed; 0 could not be reached.\n",
    )


def test_time_is_bounded() -> None:
    over = threading.Event()
    with serving(lambda request: Answer(200) if over.wait(60) else None) as address:
        begin = time.monotonic()
        answers = readers.asked([f"{address}/{number}" for number in range(60)], seconds=0.3)
        took = time.monotonic() - begin
        over.set()
    assert answers == {}
    assert 0.3 <= took < 10


def test_every_link_has_its_turn_and_none_twice() -> None:
    links = [Link(f"https://example.org/{number:03}", "a-b") for number in range(101)]
    for number in (1, 7, 40, 100, 101, 500):
        turns = -(-len(links) // number)
        days = [sample(links, DAY + dt.timedelta(day), number) for day in range(turns)]
        assert all(len(day) <= number for day in days)
        assert sorted(link for day in days for link in day) == links
        assert sample(links, DAY, number) == days[0]
    assert sample(links, DAY, 0) == sample([], DAY, 40) == []


def test_a_release_as_it_is_made_is_whole_for_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH")  # the sources are of later
    store, candidate, site = (str(tmp_path / name) for name in ("store", "candidate", "site"))
    sources = str(Path(__file__).parent.parent / "sources")
    assert main(["build", "--sources", sources, "--store", store, "--out", candidate, "--quiet"]) == 0
    assert main(["publish", "--store", store, "--candidate", candidate]) == 0
    assert main(["site", "--store", store, "--out", site]) == 0

    def answer(request: Request) -> Answer:
        file = Path(site) / request.path.removeprefix("/")
        return Answer(200, file.read_bytes()) if file.is_file() else Answer(404)

    with serving(answer) as address:
        capsys.readouterr()
        status, said = watched(tmp_path, capsys, "--links", "0", "--days", "99999", "--at", f"{address}/latest")
    assert (status, said.splitlines()[0]) == (0, "# Watchdog: all is well"), said
