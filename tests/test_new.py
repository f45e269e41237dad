"""The beginning of an article's file: it holds what is known, leaves only what a curator must fill in, overwrites nothing."""

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.cases import REAL, Desk, quicken
from tests.helpers import ROOT

URL: Final = "https://www.example.org/news/1"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, {})


def new(desk: Desk, **options: str) -> tuple[int, str]:
    """Exit status and what is said; nothing is ever printed but what is said."""
    given = {"force": "cambridgeshire", "publisher": "bbc-news", "published": "2024-03-12"} | options
    status, out, said = desk.run("new", *(f"--{name}={value}" for name, value in given.items()))
    assert out == ""
    return status, said


def made(desk: Desk) -> Path:
    """The only article."""
    (path,) = (desk.sources / "articles").iterdir()
    return path


def read(desk: Desk) -> dict[str, str]:
    content = yaml.load(made(desk).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    assert isinstance(content, dict)
    return content


def test_a_new_article_lacks_only_its_address(desk: Desk) -> None:
    status, said = new(desk)
    path = desk.article("cambridgeshire-2024-03-12-bbc-news")
    assert (status, said) == (0, f"{path}: fill it in, then openpeel check\n")
    assert made(desk) == path
    assert [(p.path, p.line, p.code) for p in desk.check()] == [(str(path), 3, "empty-value")]


def test_with_its_address_nothing_is_wrong_with_it(desk: Desk) -> None:
    assert new(desk, url=URL, title="A headline")[0] == 0
    assert desk.check() == []
    assert read(desk) == {
        "url": URL, "title": "A headline", "publisher": "bbc-news", "published": "2024-03-12",
        "text": "cambridgeshire-2024-03-12-bbc-news.txt", "inspection": "cambridgeshire-peel-2023-25",
    }  # fmt: skip
    assert made(desk).read_bytes().endswith(b"\n")
    assert b"\r" not in made(desk).read_bytes()


def test_it_begins_like_every_article_and_lists_codes_in_comments(desk: Desk) -> None:
    assert new(desk, url=URL)[0] == 0
    text = made(desk).read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../article.schema.json\n")
    codes = text.partition("# --- codes")[2]
    assert all(line.startswith("#") for line in codes.splitlines()[1:])
    for words in (
        "cambridgeshire-peel-2023-25 (report 2024-03-12, 8 areas graded)", "powers (", "requires improvement",
        "nick-dean (Chief Constable)", "roy-wilsher", "calls-answered-in-time (percent)", "commitment", "engage-left",
    ):  # fmt: skip
        assert words in codes
    assert "surrey-peel" not in codes
    assert max(map(len, text.splitlines())) < 200


def test_comments_become_an_article_without_a_problem(desk: Desk) -> None:
    """The way that a curator goes: what is commented out is made use of, and filled in."""
    assert new(desk, url=URL, text="not-held")[0] == 0
    text = made(desk).read_text(encoding="utf-8").partition("# --- codes")[0]
    lines = (
        text.replace("# title: the headline as printed\n", "")
        .replace("# said_on:", "#said_on:")
        .replace("# origin:", "#origin:")
    )
    lines = "\n".join(
        line.removeprefix("# ") if "schema" not in line and "sentence" not in line else line
        for line in lines.split("\n")
    )
    values = {
        "area:": "respond", "grade:": "good", "total:": "8", "good:": "1", "id:": "a-point", "speaker:": "nick-dean", "kind:": "response",
        "stance:": "positive", "summary:": "All is well.", "measure:": "calls-abandoned", "value:": "3", "claimed_by:": "nick-dean",
        "event:": "engage-left", "on:": "2023", "evidence:": "some words of it",
    }  # fmt: skip
    filled = [
        f"{line} {values[line.split()[-1]]}" if line.split()[-1:] and line.split()[-1] in values else line
        for line in lines.split("\n")
    ]
    made(desk).write_text("\n".join(filled), encoding="utf-8")
    assert desk.check() == []
    rows = desk.tables()
    assert [len(rows[name]) for name in ("grades", "grade_counts", "statements", "metrics", "events")] == [1] * 5


@pytest.mark.parametrize(
    ("published", "name", "gaps"),
    [
        ("2024-03-12", "cambridgeshire-2024-03-12-bbc-news", []),
        ("Tuesday 2024-03-12", "cambridgeshire-2024-03-12-bbc-news", []),
        ("2024-03", "cambridgeshire-2024-03-bbc-news", ["date-basis"]),
        ("2024", "cambridgeshire-2024-bbc-news", ["date-basis"]),
        ("unknown", "cambridgeshire-undated-bbc-news", []),
        ("after 2024-08-08", "cambridgeshire-undated-bbc-news", ["date-basis"]),
        ("from 2024-08-08", "cambridgeshire-undated-bbc-news", ["date-basis"]),
        ("before 2024-08-08", "cambridgeshire-undated-bbc-news", ["date-basis"]),
        ("until 2024-08-08", "cambridgeshire-undated-bbc-news", ["date-basis"]),
        ("2024-03 to 2024-05", "cambridgeshire-undated-bbc-news", ["date-basis"]),
        ("2024-03-12 to 2024-03-13", "cambridgeshire-undated-bbc-news", ["date-basis"]),
    ],
)
def test_the_name_holds_the_date_as_far_as_it_is_known(desk: Desk, published: str, name: str, gaps: list[str]) -> None:
    assert new(desk, published=published, url=URL)[0] == 0
    assert made(desk).stem == name
    assert read(desk)["published"] == published
    assert [p.code for p in desk.check()] == gaps


@pytest.mark.parametrize(
    ("published", "latest"),
    [
        ("2024-03-12", "2024-03-12"), ("2024-03-11", "2024-03-11"), ("2024-03", "2024-03-31"), ("2024", "2024-12-31"),
        ("before 2024-01-01", "2023-12-31"), ("until 2024-03-12", "2024-03-12"), ("2010-01-01", "2010-01-01"),
        ("unknown", ""), ("after 2024-08-08", ""), ("from 2024-08-08", ""),
    ],
)  # fmt: skip
def test_the_inspection_is_the_last_one_that_the_article_can_be_about(desk: Desk, published: str, latest: str) -> None:
    with (REAL / "codelists/inspections.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["force_id"] == "cambridgeshire" and row["published_on"]]
    before = sorted((row["published_on"], row["inspection_id"]) for row in rows if row["published_on"] <= latest)
    assert new(desk, published=published)[0] == 0
    assert read(desk).get("inspection") == (before[-1][1] if before else None)


def test_another_inspection_may_be_named(desk: Desk) -> None:
    assert new(desk, inspection="cambridgeshire-peel-2021-22", url=URL)[0] == 0
    assert read(desk)["inspection"] == "cambridgeshire-peel-2021-22"
    assert "record (" in made(desk).read_text(encoding="utf-8")
    assert desk.check() == []


TITLES: Final = (
    "Chief: “we’re improving” – report", 'He said: "No # comment": yes', "It's 'fine' \\ {really} [so] & *more*", "- a hyphen: first"[2:],
    "Heddlu Dyfed-Powys yn ‘dda’", "no", "a: b: c", "% and @ and `", "tab\there", "several   spaces", "100% of calls: met?",
)  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_headlines_are_kept_whatever_signs_they_hold(desk: Desk, title: str) -> None:
    assert new(desk, title=title, url=URL)[0] == 0
    assert read(desk)["title"] == " ".join(title.split())
    assert desk.check() == []


@pytest.mark.parametrize("url", [URL, f"{URL}?a=b&c=d#e", "https://example.org/x:", "http://example.org/%C5%B5?open"])
def test_addresses_are_kept_whatever_signs_they_hold(desk: Desk, url: str) -> None:
    assert new(desk, url=url)[0] == 0
    assert read(desk)["url"] == url
    assert desk.check() == []


def test_nothing_is_overwritten(desk: Desk) -> None:
    assert new(desk)[0] == 0
    made(desk).write_text("the work of an hour\n", encoding="utf-8")
    for options in ({}, {"published": "Tuesday 2024-03-12", "title": "Another one"}):
        status, said = new(desk, **options)
        assert status == 2
        assert (
            said
            == f"openpeel: {made(desk)} is there already; a second article of that day and publisher needs --suffix\n"
        )
    assert made(desk).read_text(encoding="utf-8") == "the work of an hour\n"
    assert new(desk, suffix="2")[0] == 0
    assert desk.article("cambridgeshire-2024-03-12-bbc-news-2").exists()


def test_what_is_there_is_not_followed_either(desk: Desk) -> None:
    elsewhere = desk.texts / "elsewhere"
    desk.article("cambridgeshire-2024-03-12-bbc-news").symlink_to(elsewhere)
    status, said = new(desk)
    assert (status, elsewhere.exists()) == (2, False)
    assert "is there already" in said


def test_a_folder_of_articles_that_is_a_link_is_not_written_to(desk: Desk) -> None:
    (desk.sources / "articles").rmdir()
    (desk.sources / "articles").symlink_to(desk.texts)
    status, said = new(desk)
    assert (status, said) == (2, f"openpeel: {desk.sources / 'articles'} is not a folder of its own\n")
    assert list(desk.texts.iterdir()) == []


def test_a_folder_of_articles_is_made_where_there_is_none(desk: Desk) -> None:
    (desk.sources / "articles").rmdir()
    assert new(desk)[0] == 0
    (desk.sources / "articles").rename(desk.texts / "articles")
    (desk.sources / "articles").write_text("a file\n", encoding="utf-8")
    assert new(desk)[0] == 2


WRONG: Final = {
    "a misspelt force": ({"force": "cambridgshire"}, "--force: ‘cambridgshire’ is not known here; did you mean cambridgeshire?"),
    "no force": ({"force": ""}, "--force: ‘’ is not known here"),
    "a misspelt publisher": ({"publisher": "bbc-new"}, "--publisher: ‘bbc-new’ is not known here; did you mean bbc-news?"),
    "a new publisher": ({"publisher": "daily-unheard-of"}, "a new one is a line in organisations.csv or publishers.csv"),
    "no publisher": ({"publisher": ""}, "--publisher: ‘’ is not known here"),
    "a misspelt inspection": ({"inspection": "cambridgeshire-peel-2023"}, "did you mean cambridgeshire-peel-2023-25?"),
    "no date": ({"published": ""}, "--published: ‘’ is not the date of an article"),
    "a day of no calendar": ({"published": "2024-02-30"}, "--published: ‘2024-02-30’ is not in the calendar"),
    "another weekday": ({"published": "Monday 2024-03-12"}, "2024-03-12 is a Tuesday, not a Monday"),
    "a date as printed": ({"published": "12 March 2024"}, "--published: ‘12 March 2024’ is not the date of an article; 2024-03-12, "),
    "an address that is none": ({"url": "www.example.org"}, "--url: ‘www.example.org’ is not an address"),
    "a formula": ({"title": "=1+1"}, "--title: a spreadsheet would take ‘=1+1’ for a formula"),
    "a control character": ({"title": "a\x1b[31m"}, "--title: control character U+001B"),
    "an invisible character": ({"title": "a\N{ZERO WIDTH SPACE}b"}, "--title: invisible character U+200B"),
    "a path for a force": ({"force": "../../etc"}, "--force: ‘../../etc’ is not known here"),
    "a path for a publisher": ({"publisher": "/bbc-news"}, "--publisher: ‘/bbc-news’ is not known here; did you mean bbc-news?"),
    "a path for a date": ({"published": "../2024-03-12"}, "is not the date of an article"),
    "a path for a suffix": ({"suffix": "../../x"}, "--suffix: ‘../../x’ is not part of an id"),
    "a file for a suffix": ({"suffix": "2.yaml"}, "--suffix: ‘2.yaml’ is not part of an id"),
    "a large letter": ({"suffix": "B"}, "--suffix: ‘B’ is not part of an id"),
    "a line break": ({"suffix": "b\n"}, "--suffix: ‘b\\x0a’ is not part of an id"),
    "a path for a text": ({"text": "../a.txt"}, "--text: ‘../a.txt’ does not name a text"),
    "a text that is none": ({"text": "a.pdf"}, "--text: ‘a.pdf’ does not name a text"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_no_source_file_could_hold_is_refused(desk: Desk, what: str) -> None:
    options, words = WRONG[what]
    before = desk.files()
    status, said = new(desk, **options)
    assert status == 2
    assert words in said
    assert "\x1b" not in said
    assert desk.files() == before


@pytest.mark.parametrize("absent", ["force", "publisher", "published"])
def test_what_must_be_said_is_asked_for(desk: Desk, absent: str, capsys: pytest.CaptureFixture[str]) -> None:
    options = {"force": "cambridgeshire", "publisher": "bbc-news", "published": "2024-03-12"}
    status, _, said = desk.run("new", *(f"--{name}={value}" for name, value in options.items() if name != absent))
    assert status == 2
    assert f"--{absent}" in said + capsys.readouterr().err


def test_broken_code_lists_are_shown_and_nothing_is_written(desk: Desk) -> None:
    (desk.sources / "codelists/forces.csv").unlink()
    given = ("--force=cambridgeshire", "--publisher=bbc-news", "--published=2024-03-12")
    status, out, _ = desk.run("new", *given)
    assert status == 1
    assert "[missing-list]" in out
    assert list((desk.sources / "articles").iterdir()) == []


def test_a_folder_of_sources_that_is_not_there(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    desk.sources = tmp_path / "nowhere"
    status, said = new(desk)
    assert status == 2
    assert "No such file or directory" in said


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {})
    given = [b"--force=cambridgeshire", b"--publisher=bbc-news", b"--published=2024-03-12", b"--title=caf\xe9"]
    command = [os.fsencode(sys.executable), b"-m", b"jobs", b"new", b"--sources", os.fsencode(desk.sources), *given]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, env=os.environ | {"LC_ALL": "C.UTF-8"}, check=False)
    assert run.returncode == 2
    assert b"--title: byte 0xe9 is not UTF-8" in run.stderr
    assert list((desk.sources / "articles").iterdir()) == []


@pytest.mark.parametrize("force", ["cambridgeshire", "surrey", "cleveland", "city-of-london", "dyfed-powys"])
def test_whatever_force_it_is_about(desk: Desk, force: str) -> None:
    assert new(desk, force=force, published="2025-06-01", url=URL)[0] == 0
    assert desk.check() == []


def test_the_real_sources_are_left_alone(desk: Desk) -> None:
    before = sorted(path.name for path in (REAL / "articles").iterdir())
    assert new(desk)[0] == 0
    assert sorted(path.name for path in (REAL / "articles").iterdir()) == before
