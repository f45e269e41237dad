"""What the watchdog finds goes into one issue: opened once, added to where there is news, never opened twice."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from jobs.__main__ import main
from jobs.verbs.report import NOTHING
from tests.servers import Answer, Request, serving

TOKEN = "ghs_not-to-be-seen"
Issue = dict[str, Any]


class Repository:
    """The issues of a repository, as GitHub's API shows them; `refuse` answers otherwise for `METHOD /path`."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.comments: dict[int, list[str]] = {}
        self.labels = 0
        self.refuse: dict[str, Answer | None] = {}
        self.asked: list[Request] = []

    def answer(self, request: Request) -> Answer | None:
        self.asked.append(request)
        address = urlsplit(request.path)
        path, query = address.path.removeprefix("/repos/o/r"), parse_qs(address.query)
        if f"{request.method} {path}" in self.refuse:
            return self.refuse[f"{request.method} {path}"]
        data = json.loads(request.body or b"null")
        if (request.method, path) == ("POST", "/labels"):
            self.labels += 1
            return Answer(201 if self.labels == 1 else 422, b"{}")
        if (request.method, path) == ("POST", "/issues"):
            return self.made(data)
        if (request.method, path) == ("GET", "/issues"):
            return said([issue for issue in self.issues if matches(issue, query)])
        number = int(path.split("/")[2])
        if request.method == "POST":
            self.comments.setdefault(number, []).append(data["body"])
            return said({}, 201)
        page, each = int(query["page"][0]), int(query["per_page"][0])
        return said([{"body": body} for body in self.comments.get(number, [])[(page - 1) * each : page * each]])

    def made(self, data: dict[str, Any]) -> Answer:
        issue = {"number": len(self.issues) + 1, "state": "open", **data}
        self.issues.append(issue)
        return said(issue, 201)


def matches(issue: Issue, query: dict[str, list[str]]) -> bool:
    return issue["state"] == query["state"][0] and query["labels"][0] in issue["labels"]


def said(data: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(data).encode())


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    made = Repository()
    with serving(made.answer) as address:
        monkeypatch.setenv("GITHUB_API_URL", address)
        monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
        for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"):
            monkeypatch.delenv(name, raising=False)
        yield made


def told(tmp_path: Path, *findings: str) -> int:
    file = tmp_path / "report.md"
    file.write_text("\n".join(["# Watchdog", "", *findings, "", "Looked at it."]), encoding="utf-8")
    return main(["report", str(file), "--repository", "o/r"])


def test_one_issue_is_opened_and_news_are_added(repository: Repository, tmp_path: Path) -> None:
    assert told(tmp_path, "- one", "- two") == 0
    assert told(tmp_path, "- one", "- two") == 0
    assert told(tmp_path, "- two", "- three") == 0
    assert told(tmp_path, "- three", "- one") == 0
    (issue,) = repository.issues
    assert (issue["title"], issue["labels"], issue["body"]) == (
        "The watchdog found something wrong",
        ["watchdog"],
        "- one\n- two",
    )
    assert repository.comments == {1: ["- three"]}


def test_a_closed_issue_is_followed_by_a_new_one(repository: Repository, tmp_path: Path) -> None:
    assert told(tmp_path, "- one") == 0
    repository.issues[0]["state"] = "closed"
    assert told(tmp_path, "- one") == 0
    assert [issue["body"] for issue in repository.issues] == ["- one", "- one"]


def test_strangers_issues_and_pull_requests_are_not_its_own(repository: Repository, tmp_path: Path) -> None:
    title = "The watchdog found something wrong"
    repository.made({"title": title, "body": "- one", "labels": []})
    repository.made({"title": title, "body": "- one", "labels": ["watchdog"], "pull_request": {}})
    assert told(tmp_path, "- one") == 0
    assert len(repository.issues) == 3


def test_many_comments_are_read_to_the_end(repository: Repository, tmp_path: Path) -> None:
    repository.made({"title": "", "body": None, "labels": ["watchdog"]})
    repository.comments[1] = [f"- {number}\r\n" for number in range(250)]
    assert told(tmp_path, "- 249", "- 100") == 0
    assert len(repository.comments[1]) == 250


def test_a_watchdog_that_died_is_told_with_its_run(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.com")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/r")
    monkeypatch.setenv("GITHUB_RUN_ID", "17")
    assert main(["report", str(tmp_path / "nothing"), "--repository", "o/r"]) == 0
    assert repository.issues[0]["body"] == f"{NOTHING}\n\nFrom https://github.com/o/r/actions/runs/17"
    assert main(["report", str(tmp_path / "nothing"), "--repository", "o/r"]) == 0
    assert repository.comments == {}


def test_a_report_of_any_length_fits(repository: Repository, tmp_path: Path) -> None:
    assert told(tmp_path, *(f"- {number} {'x' * 200}" for number in range(1000))) == 0
    assert len(repository.issues[0]["body"]) < 65_000


@pytest.mark.parametrize(
    ("place", "answer", "words"),
    [
        ("GET /issues", Answer(500, b"{}"), "GitHub answers 500 to GET /issues"),
        ("GET /issues", Answer(403, b"{}"), "GitHub answers 403 to GET /issues"),
        ("GET /issues", Answer(200, b"<html>"), "GitHub does not answer GET /issues: JSONDecodeError"),
        ("GET /issues", None, "GitHub does not answer GET /issues"),
        ("POST /labels", Answer(403, b"{}"), "GitHub answers 403 to POST /labels"),
        ("POST /issues", Answer(502, b"{}"), "GitHub answers 502 to POST /issues"),
        ("POST /issues", None, "GitHub does not answer POST /issues"),
    ],
)
def test_a_refusal_is_told_without_the_token_and_asked_once(
    place: str,
    answer: Answer | None,
    words: str,
    repository: Repository,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    repository.refuse[place] = answer
    assert told(tmp_path, "- one") == 2
    said = capsys.readouterr()
    assert words in said.err
    assert TOKEN not in said.out + said.err
    assert repository.issues == []
    assert len([request for request in repository.asked if request.method == "POST"]) <= 2


def test_the_token_goes_to_no_other_server(repository: Repository, tmp_path: Path) -> None:
    seen: list[Request] = []

    def other(request: Request) -> Answer:
        seen.append(request)
        return said([])

    with serving(other) as address:
        repository.refuse["GET /issues"] = Answer(302, headers=(("Location", f"{address}/repos/o/r/issues"),))
        assert told(tmp_path, "- one") == 2
    assert seen == []


@pytest.mark.parametrize("name", ["o", "o/r/s", "o/r?x=1", "../r/x", "o/r\n", "o/.."])
def test_what_is_no_repository_is_wrong_use(name: str, repository: Repository, tmp_path: Path) -> None:
    assert main(["report", str(tmp_path / "report.md"), "--repository", name]) == 2
    assert repository.asked == []


def test_without_a_token_nothing_is_asked(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_TOKEN")
    assert told(tmp_path, "- one") == 2
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    for address in ("http://example.org", "http://127.0.0.1:80@example.org"):
        monkeypatch.setenv("GITHUB_API_URL", address)
        assert told(tmp_path, "- one") == 2
    assert repository.asked == []
