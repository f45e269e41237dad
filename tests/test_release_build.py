"""From sources to a release: what stops it, what it holds, which day it bears, and the same bytes wherever it is made."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.releases.verify import verify_folder
from tests.cases import quicken
from tests.releases import NAMES, Shop, approval, article, bytes_of, correction, name_of, ran, retraction, sealed

TELEGRAPH, BBC, HUNTS = NAMES
FACT = "cambridgeshire-peel-2023-25-respond"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def write(shop: Shop, publisher: str, *grade: str) -> None:
    shop.article(name_of(publisher)).write_text(article(publisher, *grade), encoding="utf-8")


def more(shop: Shop, name: str = "wired-gov") -> None:
    """Another article, about nothing that is known."""
    shop.article(f"cambridgeshire-2024-03-13-{name}").write_text(article(BBC).replace(BBC, name), encoding="utf-8")


def test_a_first_release_then_none_then_the_next(shop: Shop) -> None:
    first = shop.release()
    assert (first.name, verify_folder(first)) == ("0.1.0", [])
    shop.out.rename(shop.out.with_name("elsewhere"))
    status, out, err = shop.build()
    assert (status, out) == (0, "")
    assert err == f"nothing has changed since the latest release in {shop.store}; {shop.out} is as it was\n"
    assert not shop.out.exists()
    more(shop)
    second = shop.release()
    assert (second.name, verify_folder(second), shop.about()["previous"]) == ("0.2.0", [], "0.1.0")
    rules = {(f["rule"], f["table"]) for f in shop.about()["findings"]}
    assert {("rows-added", "articles"), ("rows-added", "claims"), ("cells-updated", "grades")} <= rules
    log = (second / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", log, re.MULTILINE) == ["0.2.0", "0.1.0"]
    assert ran("verify", second)[0] == 0


def test_without_a_store_there_are_tables_and_nothing_of_a_release(shop: Shop) -> None:
    assert shop.run("build", "--out", str(shop.out), "--quiet") == (0, "", "")
    assert not {"release.json", "changes.csv", "CHANGELOG.md"} & set(bytes_of(shop.out))


def test_a_build_says_what_it_made(shop: Shop) -> None:
    status, _, err = shop.run("build", "--store", str(shop.store), "--out", str(shop.out))
    assert status == 0
    assert err.endswith(f"3 articles -> {shop.out}, release 0.1.0 (FIRST)\n")
    assert "        0  changes\n" in err


def test_an_article_that_vanishes_is_named(shop: Shop) -> None:
    shop.release()
    before = bytes_of(shop.out)
    shop.article(name_of(BBC)).unlink()
    assert [(p.path, p.code) for p in shop.problems()] == [
        (str(shop.article(name_of(BBC))), "vanished-row"),
    ]  # fmt: skip
    assert bytes_of(shop.out) == before


def test_a_retraction_makes_it_a_release_with_its_reason(shop: Shop) -> None:
    shop.release()
    shop.article(name_of(BBC)).unlink()
    shop.decide(retraction("articles", name_of(BBC), reason="It was about another force."))
    second = shop.release()
    assert second.name == "0.2.0"
    assert {f["rule"] for f in shop.about()["findings"]} == {"rows-retracted", "cells-updated"}
    log = (second / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"- [articles](articles.csv) `{name_of(BBC)}` and 2 more: It was about another force.\n" in log
    tombstone = b"grades,cambridgeshire-peel-2023-25-prevent,grade,retracted,good,,,,,,,,It was about another force.,\n"
    assert tombstone in bytes_of(second)["changes.csv"]


def test_a_changed_grade_needs_a_correction_of_its_own(shop: Shop) -> None:
    shop.release()
    write(shop, TELEGRAPH, "adequate")
    (problem,) = shop.problems()
    assert (problem.path, problem.code) == (str(shop.article(name_of(TELEGRAPH))), "unexplained-change")
    shop.decide(correction("grades", FACT, "grade"))
    second = shop.release()
    assert (second.name, shop.about()["bump"]) == ("0.2.0", "MINOR")  # one of three grades is a large part of them
    changes = [line for line in bytes_of(second)["changes.csv"].decode().splitlines() if ",grade," in line]
    assert changes[0].startswith(f"claims,{name_of(TELEGRAPH)}-grade-{FACT},grade,corrected,good,adequate")
    assert ",We misread it.," in changes[0]  # what is corrected in a fact is corrected in what says so
    assert changes[1] == f"grades,{FACT},grade,corrected,good,adequate,,,,,,,We misread it.,{name_of(TELEGRAPH)}"
    write(shop, TELEGRAPH, "inadequate")
    assert [p.code for p in shop.problems()] == ["unexplained-change"]  # what was said was said of another change
    shop.decide(correction("grades", FACT, "grade"), correction("grades", FACT, "grade", reason="Misread again."))
    assert shop.release().name == "0.3.0"


def test_a_correction_by_the_inspectorate_needs_none(shop: Shop) -> None:
    shop.release()
    revised = article(TELEGRAPH, "adequate", "    previous: good\n    revised_on: 2024-03-10\n")
    shop.article(name_of(TELEGRAPH)).write_text(revised, encoding="utf-8")
    assert shop.release().name == "0.2.0"
    assert {f["column"] for f in shop.about()["findings"] if f["rule"] == "cells-revised"} >= {"grade", "revised_on"}


def test_a_collapse_is_approved_for_one_release(shop: Shop) -> None:
    shop.release()
    for publisher in NAMES:
        shop.article(name_of(publisher)).unlink()
    avon = article(BBC).replace("cambridgeshire", "avon-and-somerset")
    shop.article("avon-and-somerset-2024-03-12-bbc-news").write_text(avon, encoding="utf-8")
    gone = [retraction("articles", name_of(publisher)) for publisher in NAMES]
    shop.decide(*gone)
    assert [(p.path, p.code, p.message) for p in shop.problems()] == [
        (str(shop.sources / "decisions.yaml"), "collapse", "cambridgeshire has no grade any more"),
    ]  # fmt: skip
    shop.decide(*gone, approval("force-gone cambridgeshire", after="0.0.9"))
    assert [p.code for p in shop.problems()] == ["collapse"]
    shop.decide(*gone, approval("force-gone cambridgeshire", after="0.1.0"))
    assert shop.release().name == "0.2.0"


def test_the_next_version_is_above_all_that_were_published(shop: Shop) -> None:
    shop.release()
    more(shop)
    shop.release()
    assert ran("yank", "0.2.0", "--reason", "Wrong.", "--store", shop.store)[0] == 0
    more(shop, "hello-rayo")
    third = shop.release()
    assert (third.name, shop.about()["previous"]) == ("0.3.0", "0.1.0")
    assert ran("verify", third)[0] == 0


def test_a_release_that_is_damaged_is_not_compared_with(shop: Shop) -> None:
    first = shop.release()
    for name in ("grades.csv", "grades.parquet"):
        shutil.copy(first / name.replace("grades", "events"), first / name)
    sealed(first)
    more(shop)
    status, out, err = shop.build()
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert "the latest release 0.1.0" in err


def test_words_alone_wait(shop: Shop) -> None:
    about = shop.release() / "release.json"
    about.write_text(
        about.read_text(encoding="utf-8").replace("One row per claim", "One row for a claim"), encoding="utf-8"
    )
    sealed(about.parent)
    status, _, err = shop.build()
    assert status == 0
    assert err.startswith("only titles and descriptions have changed (--descriptions makes a release of that) since")
    assert shop.build("--descriptions") == (0, "", "")
    assert shop.about()["version"] == "0.1.1"


def test_a_bump_can_be_raised(shop: Shop) -> None:
    shop.release()
    more(shop)
    for bump, version, breaking in (("PATCH", "0.2.0", False), ("MAJOR", "1.0.0", True)):
        assert shop.build("--bump", bump)[0] == 0
        assert (shop.about()["version"], shop.about()["breaking"]) == (version, breaking)
        assert verify_folder(shop.out) == []
    assert shop.build("--bump", "NONE")[0] == 2


def test_an_address_that_is_no_store_is_wrong_use(shop: Shop) -> None:
    for store in ("github:nobody", "https://example.org", "a\0b"):
        status, out, err = shop.run("build", "--store", store, "--out", str(shop.out))
        assert (status, out, err.count("\n")) == (2, "", 1)


# --- the day of a release


def git(folder: Path, *arguments: str, **environment: str) -> None:
    who = [part for key in ("user.name", "user.email") for part in ("-c", f"{key}=a")]
    command = [
        "git",
        "-C",
        str(folder),
        "-c",
        "init.defaultBranch=main",
        "-c",
        "commit.gpgsign=false",
        *who,
        *arguments,
    ]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})


def committed(folder: Path, when: str = "2024-05-06T23:30:00-05:00") -> str:
    """Makes a folder a repository with all that is in it; the commit."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "-m", "x", GIT_COMMITTER_DATE=when, GIT_AUTHOR_DATE="2001-01-01T00:00:00Z")
    shown = subprocess.run(["git", "-C", str(folder), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return shown.stdout.strip()


def day_and_commit(shop: Shop) -> tuple[str, str | None]:
    assert shop.build()[0] == 0
    return shop.about()["date"], shop.about()["source"]["commit"]


def test_the_day_is_that_of_the_commit_or_of_the_sources(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert day_and_commit(shop) == ("2024-03-12", None)  # the latest day that the sources name
    shutil.rmtree(shop.out)
    (tmp_path / "requirements.lock").write_text("msgspec\n", encoding="utf-8")
    commit = committed(tmp_path)
    assert day_and_commit(shop) == ("2024-05-07", commit)  # in UTC
    assert shop.about()["source"]["lock"] == hashlib.sha256(b"msgspec\n").hexdigest()
    (shop.sources / "articles" / ".swp").write_text("x")
    assert day_and_commit(shop) == ("2024-03-12", None)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert day_and_commit(shop) == ("2030-03-17", None)


def test_sources_that_git_does_not_keep_are_of_no_commit(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".gitignore").write_text("sources/\n", encoding="utf-8")
    committed(tmp_path)
    assert day_and_commit(shop) == ("2024-03-12", None)


def test_settings_of_git_do_not_show(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = committed(tmp_path)
    settings = tmp_path / "settings"
    settings.write_text(
        "[log]\n showSignature = true\n date = relative\n[status]\n showUntrackedFiles = no\n[color]\n ui = always\n"
    )
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    assert day_and_commit(shop) == ("2024-05-07", commit)
    more(shop)
    assert day_and_commit(shop) == ("2024-03-12", None)


def test_a_day_that_is_no_number_is_wrong_use(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for epoch in ("yesterday", "1e9", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
        status, out, err = shop.build()
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert "SOURCE_DATE_EPOCH" in err


# --- the same bytes

VARIATIONS: dict[str, dict[str, str]] = {
    "as it is": {},
    "again": {},
    "a zone in the east": {"zone": "Pacific/Kiritimati"},
    "a zone in the west": {"zone": "America/St_Johns", "locale": "C"},
    "another language": {"locale": "C.UTF-8"},
    "a narrow mask": {"mask": "077"},
    "a wide mask": {"mask": "000"},
    "articles in the opposite order": {"order": "reversed"},
    "articles in any order": {"order": "shuffled"},
    "a clock far behind": {"clock": "2025-01-03"},
    "a clock far ahead": {"clock": "2087-12-31", "zone": "Asia/Kathmandu"},
    "another working directory": {"directory": "/"},
    "relative paths": {"directory": "beside"},
    "threads": {"executor": "threads"},
    "threads with one article each": {"executor": "threads", "share": "1"},
    "one article at a time": {"share": "1"},
    "one file at a time": {"at_once": "1"},
    "many files at a time": {"at_once": "8"},
    "one core": {"cores": "1"},
    "a copy made backwards": {"copy": "backwards"},
    "a copy with a long name": {"copy": "ä long näme " + "x" * 100},
    "a copy of other days": {"copy": "old", "touch": "1"},
    "everything at once": {
        "zone": "Pacific/Apia", "locale": "C", "mask": "077", "order": "reversed", "clock": "2050-02-28",
        "executor": "threads", "share": "1", "at_once": "3", "cores": "1", "copy": "all", "directory": "beside",
    },
}  # fmt: skip
SEEDS = ("0", "4711", "random")


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_sources_give_the_same_bytes(seed: str, tmp_path: Path) -> None:
    """Each seed is a process of its own, which makes the second release of a store in many ways."""
    shop = Shop(tmp_path)
    shop.release()
    more(shop)
    write(shop, TELEGRAPH, "adequate")
    shop.decide(correction("grades", FACT, "grade"))
    mine = [name for number, name in enumerate(VARIATIONS) if seed == SEEDS[number % 3] or name == "as it is"]
    environment = {k: v for k, v in os.environ.items() if k != "SOURCE_DATE_EPOCH"} | {"PYTHONHASHSEED": seed}
    command = [
        sys.executable,
        "-m",
        "tests.releases",
        str(tmp_path),
        json.dumps({name: VARIATIONS[name] for name in mine}),
    ]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert list(found) == mine
    assert shop.build() == (0, "", "")
    due = bytes_of(shop.out)["SHA256SUMS"].decode()
    assert verify_folder(shop.out) == []
    assert [name for name, sums in found.items() if sums != due] == []


def test_there_are_twenty_variations() -> None:
    assert len(VARIATIONS) >= 20
    assert {key for variation in VARIATIONS.values() for key in variation} == {
        "zone", "locale", "mask", "order", "clock", "directory", "executor", "share", "at_once", "cores", "copy", "touch",
    }  # fmt: skip


def test_two_clones_of_a_commit_give_the_same_bytes(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = committed(shop.sources)
    made = []
    for name in ("one", "two"):
        git(tmp_path, "clone", "--quiet", str(shop.sources), str(tmp_path / name / "sources"))
        shop.sources = tmp_path / name / "sources"
        assert shop.build()[0] == 0
        made.append(bytes_of(shop.out))
    assert made[0] == made[1]
    assert shop.about()["source"]["commit"] == commit
