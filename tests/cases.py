"""Small cases: the real code lists, articles as the test writes them, the tables that come out."""

import contextlib
import io
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jobs.__main__ import main
from jobs.across import weigh_and_check
from jobs.checks import Breach, check_tables
from jobs.codelists import Codelists
from jobs.pipeline import Sources, check_articles, make_tables
from jobs.problems import Problem
from jobs.read_lists import read_codelists
from jobs.sources import read_sources
from jobs.tables import FACTS

TODAY = "2026-01-01"
"""The day of made-up cases."""
EVER = "2098-12-31"
"""A day after everything in the real sources, whenever the tests run."""
REAL = Path(__file__).parent.parent / "sources"

HEAD = """\
url: https://www.example.org/{name}
publisher: {publisher}
published: {published}
text: not-held
inspection: cambridgeshire-peel-2023-25
"""
BODY = HEAD.count("\n") + 1
"""The first line after the head."""


def head(name: str, published: str = "2024-03-12", publisher: str = "peterborough-telegraph") -> str:
    """The first lines of an article."""
    return HEAD.format(name=name, published=published, publisher=publisher)


def outcome(
    articles: dict[str, str], lists: dict[str, str] | None = None, decisions: str = ""
) -> tuple[dict[str, Any], list[Problem]]:
    """The tables (as lists of rows) or the problems of articles by id.

    lists: lines added to code lists, by name; decisions: the text of `decisions.yaml`.
    """
    codelists = dict(read_sources(REAL)[0].codelists)
    for name, lines in (lists or {}).items():
        path, data = codelists[name]
        codelists[name] = (path, data + lines.encode())
    texts = [(f"articles/{name}.yaml", text.encode()) for name, text in sorted(articles.items())]
    checked = check_articles(Sources(texts, codelists, decisions=("decisions.yaml", decisions.encode())), TODAY)
    if checked.problems:
        return {}, checked.problems
    tables, problems = weigh_and_check(texts, codelists, checked.claims, checked.lists, checked.decisions)
    return {name: table.to_pylist() for name, table in tables.items()}, problems


def tables_of(articles: dict[str, str], lists: dict[str, str] | None = None, decisions: str = "") -> dict[str, Any]:
    """The tables of articles that have no problems."""
    tables, problems = outcome(articles, lists, decisions)
    assert problems == []
    return tables


def quicken(patch: pytest.MonkeyPatch, *, checks: bool = False) -> None:
    """Lets code lists be read once, and tables go unchecked, where tests of other things make many.

    checks: whether at least the tables of facts are checked.
    """
    patch.setattr("jobs.across.check_tables", _check_facts if checks else lambda tables: [])
    for module in ("jobs.pipeline", "jobs.read_lists"):
        patch.setattr(f"{module}.read_codelists", _read_once)


def _check_facts(tables: Mapping[str, pa.Table]) -> list[Breach]:
    facts = [name for name in FACTS if len(tables[name])]
    return check_tables(tables, facts) if facts else []


_LISTS: dict[tuple[tuple[str, bytes], ...], Codelists] = {}


def _read_once(files: dict[str, tuple[str, bytes]]) -> tuple[Codelists, list[Problem]]:
    key = tuple((name, data) for name, (_, data) in sorted(files.items()))
    if key not in _LISTS:
        lists, problems = read_codelists(files)
        if problems:
            return lists, problems
        _LISTS[key] = lists
    return _LISTS[key], []


DECISION = """\
  - table: {table}
    key: {key}
    choose: {choose}
    reason: One of them is nearer to the report.
    decided_on: 2025-01-02
    decided_by: A curator
"""


def decided(table: str, key: str, choose: str, column: str = "") -> str:
    """A decision on a conflict, as an item of `conflicts` in `decisions.yaml`."""
    text = DECISION.format(table=table, key=key, choose=choose)
    return text + (f"    column: {column}\n" if column else "")


def distinct(first: str, second: str) -> str:
    """A whole `decisions.yaml` by which two statements are two."""
    keys = f"distinct:\n  - first: {first}\n    second: {second}\n"
    return keys + "    reason: They are two.\n    decided_on: 2025-01-02\n    decided_by: A curator\n"


class Desk:
    """A curator's desk: a source folder with the real code lists, a folder of texts, and the command at hand."""

    def __init__(
        self, folder: Path, articles: Mapping[str, str], texts: Mapping[str, str | bytes] | None = None
    ) -> None:
        """Articles by id, texts by the name of their file."""
        self.sources, self.texts = folder / "sources", folder / "texts"
        shutil.copytree(REAL / "codelists", self.sources / "codelists")
        (self.sources / "articles").mkdir()
        self.texts.mkdir()
        for name, text in articles.items():
            self.article(name).write_text(text, encoding="utf-8")
        for name, content in (texts or {}).items():
            self.text(name).write_bytes(content if isinstance(content, bytes) else content.encode())

    def article(self, name: str) -> Path:
        """The source file of an article."""
        return self.sources / "articles" / f"{name}.yaml"

    def pins(self, name: str) -> Path:
        """The file of an article's pins."""
        return self.sources / "evidence" / f"{name}.json"

    def text(self, name: str) -> Path:
        """A text."""
        return self.texts / name

    def run(self, verb: str, *options: str) -> tuple[int, str, str]:
        """A verb on these sources: exit status, what it prints, what it says besides."""
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            status = main([verb, "--sources", str(self.sources), *options])
        return status, out.getvalue(), err.getvalue()

    def pin(self) -> list[Problem]:
        """The problems that `openpeel pin` shows."""
        return self._problems("pin", "--texts", str(self.texts))

    def check(self, *, texts: bool = False) -> list[Problem]:
        """The problems that `openpeel check` shows, with the texts at hand or without."""
        return self._problems("check", *(["--texts", str(self.texts)] if texts else []))

    def _problems(self, verb: str, *options: str) -> list[Problem]:
        status, out, err = self.run(verb, *options, "--format", "json")
        assert status in (0, 1), err
        problems = [Problem(**problem) for problem in json.loads(out)]
        assert status == bool(problems)
        return problems

    def tables(self) -> dict[str, list[dict[str, Any]]]:
        """The tables, where nothing is wrong."""
        sources, problems = read_sources(self.sources)
        checked = check_articles(sources, EVER)
        assert problems + checked.problems == []
        tables, problems = make_tables(sources, checked)
        assert problems == []
        return {name: table.to_pylist() for name, table in tables.items()}

    def files(self) -> dict[str, bytes]:
        """All files of the sources and all texts, by their path."""
        both = [*self.sources.rglob("*"), *self.texts.rglob("*")]
        return {str(path.relative_to(self.sources.parent)): path.read_bytes() for path in both if path.is_file()}
