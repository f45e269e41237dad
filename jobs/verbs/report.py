"""openpeel report: a report with findings -> one open issue of a repository on GitHub, and never a second one.

It needs nothing but Python, so that the job that may write issues installs nothing.
"""

import argparse
import http.client
import json
import os
import re
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Final

from jobs import WrongUseError
from jobs.verbs import say

LABEL: Final = "watchdog"
TITLE: Final = "The watchdog found something wrong"
NOTHING: Final = "- The watchdog failed without a finding of its own; its run tells why."
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9-]+/(?!\.{1,2}$)[A-Za-z0-9._-]+", re.ASCII)
_LONGEST: Final = 60_000
"""Letters of an issue; GitHub takes some more."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    words = "a report of openpeel watch; if it is not there, the issue says that there is none"
    parser.add_argument("report", type=Path, metavar="FILE", help=words)
    words = "where the issue is; the token is read from GITHUB_TOKEN"
    parser.add_argument("--repository", required=True, metavar="OWNER/REPO", help=words)


def run(arguments: argparse.Namespace) -> int:
    """Opens the issue, or adds to the open one what it does not say yet; 0. Raises WrongUseError if GitHub refuses."""
    if not _REPOSITORY.fullmatch(arguments.repository):
        raise WrongUseError(f"{arguments.repository!r} is not OWNER/REPO")
    github = Github(arguments.repository)
    text = arguments.report.read_text(encoding="utf-8", errors="replace") if arguments.report.is_file() else ""
    findings = [line for line in text.splitlines() if line.startswith("- ")] or [NOTHING]
    issue = open_issue(github)
    if issue is None:
        github.ask("POST", "/labels", {"name": LABEL, "color": "b60205"}, also=(422,))  # 422: it is there
        made = github.ask("POST", "/issues", {"title": TITLE, "body": _body(findings), "labels": [LABEL]})
        say(f"issue {made['number']} opened")
        return 0
    number = int(issue["number"])
    new = [line for line in findings if line not in _said(github, issue)]
    if new:
        github.ask("POST", f"/issues/{number}/comments", {"body": _body(new)})
    say(f"issue {number} is open; {len(new)} of {len(findings)} findings are new to it")
    return 0


class Github:
    """The API of one repository. The token stays in here: no message or error names it."""

    def __init__(self, repository: str) -> None:
        """Takes address and token from the environment. Raises WrongUseError where there is no token."""
        base = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
        self._address = f"{base.rstrip('/')}/repos/{repository}"
        self._token = os.environ.get("GITHUB_TOKEN", "")
        if not self._token:
            raise WrongUseError("GITHUB_TOKEN is not set")
        if not base.startswith(("https://", "http://127.0.0.1:")) or "@" in base:
            raise WrongUseError("GITHUB_API_URL is not an https address")

    def ask(self, method: str, path: str, data: object = None, also: tuple[int, ...] = ()) -> Any:
        """The answer to one request, asked once. Raises WrongUseError for any other answer than a good one."""
        request = urllib.request.Request(  # noqa: S310  (https, as seen above)
            self._address + path,
            method=method,
            data=None if data is None else json.dumps(data).encode(),
            headers={
                "Authorization": f"Bearer {self._token}",
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "User-Agent": "openpeel-report",
            },
        )
        place = f"{method} {path.partition('?')[0]}"
        try:
            with urllib.request.build_opener(_Stay).open(request, timeout=30) as response:
                return json.loads(response.read())
        except urllib.error.HTTPError as error:
            with error:
                if error.code in also:
                    return None
            raise WrongUseError(f"GitHub answers {error.code} to {place}") from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise WrongUseError(f"GitHub does not answer {place}: {type(error).__name__}") from None


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirection: the token goes nowhere else."""

    def redirect_request(self, *_arguments: object) -> None:
        """None: the answer is an error then."""


def open_issue(github: Github) -> dict[str, Any] | None:
    """The oldest open issue of the watchdog; only people of the project can give it its label."""
    found = github.ask("GET", f"/issues?labels={LABEL}&state=open&sort=created&direction=asc&per_page=100")
    return next((issue for issue in found if "pull_request" not in issue), None)


def _said(github: Github, issue: dict[str, Any]) -> set[str]:
    """The lines that an issue and its comments hold."""
    bodies, page = [str(issue["body"] or "")], 1
    while comments := github.ask("GET", f"/issues/{issue['number']}/comments?per_page=100&page={page}"):
        bodies += [str(comment["body"] or "") for comment in comments]
        page += 1
    return {line for body in bodies for line in body.splitlines()}


def _body(findings: list[str]) -> str:
    server, run = os.environ.get("GITHUB_SERVER_URL", ""), os.environ.get("GITHUB_RUN_ID", "")
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    source = f"\n\nFrom {server}/{repository}/actions/runs/{run}" if server and run else ""
    text = "\n".join(findings)
    return (text if len(text) <= _LONGEST else text[:_LONGEST] + "\n…") + source
