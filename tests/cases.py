"""Small cases: the real code lists, articles as the test writes them, the tables that come out."""

from pathlib import Path
from typing import Any

from jobs.across import weigh_and_check
from jobs.pipeline import Sources, check_articles
from jobs.problems import Problem
from jobs.sources import read_sources

TODAY = "2026-01-01"
REAL = Path(__file__).parent.parent / "sources"

HEAD = """\
url: https://www.example.org/{name}
publisher: {publisher}
published: {published}
inspection: cambridgeshire-peel-2023-25
"""


def head(name: str, published: str = "2024-03-12", publisher: str = "peterborough-telegraph") -> str:
    """The first lines of an article."""
    return HEAD.format(name=name, published=published, publisher=publisher)


def outcome(articles: dict[str, str], lists: dict[str, str] | None = None) -> tuple[dict[str, Any], list[Problem]]:
    """The tables (as lists of rows) or the problems of articles by id; `lists` adds lines to code lists by name."""
    codelists = dict(read_sources(REAL)[0].codelists)
    for name, lines in (lists or {}).items():
        path, data = codelists[name]
        codelists[name] = (path, data + lines.encode())
    texts = [(f"articles/{name}.yaml", text.encode()) for name, text in sorted(articles.items())]
    checked = check_articles(Sources(texts, codelists), TODAY)
    if checked.problems:
        return {}, checked.problems
    tables, problems = weigh_and_check(texts, codelists, checked.claims, checked.lists)
    return {name: table.to_pylist() for name, table in tables.items()}, problems


def tables_of(articles: dict[str, str], lists: dict[str, str] | None = None) -> dict[str, Any]:
    """The tables of articles that have no problems."""
    tables, problems = outcome(articles, lists)
    assert problems == []
    return tables
