"""What the tests of bad input share: cases with their expectations beside them, and one call that checks a case.

A file in tests/bad holds cases. `#= title` begins one; `#+ list: line` adds a line to a code list; `#! code@column` at the
end of a line says which problem is due on that line (the column may be left out; several stand side by side). None of
the three reaches the code under test.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from jobs.alone import check_article
from jobs.codelists import NO_LISTS, Codelists
from jobs.pipeline import Sources, run
from jobs.problems import Problem
from jobs.read_lists import read_codelists
from jobs.rules.many import Many
from jobs.sources import read_sources
from jobs.written import Written
from schemas.article import Article

ROOT: Final = Path(__file__).parent.parent
BAD: Final = Path(__file__).parent / "bad"
TODAY: Final = "2026-01-01"

HEAD: Final = """\
url: https://example.org/a
publisher: wired-gov
published: 2024-03-13
text: not-held
inspection: cambridgeshire-peel-2023-25
"""
"""The first lines of an article without faults."""
BODY: Final = HEAD.count("\n") + 1
"""The first line after them."""

Expected = list[tuple[int, str, int | None]]
"""Line, code and column (None: any) of each problem that is due."""


class Case(NamedTuple):
    """A text, the lines added to code lists for it, and the problems that are due."""

    name: str
    text: str
    lists: dict[str, str]
    expected: Expected


def cases_of(path: Path) -> list[Case]:
    """The cases of a file."""
    parts = re.split(r"^#= (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [_case(name, text) for name, text in zip(parts[1::2], parts[2::2], strict=True)]


def all_cases() -> list[Case]:
    """The cases of all files."""
    return [case for path in sorted(BAD.rglob("*.yaml")) for case in cases_of(path)]


def _case(name: str, text: str) -> Case:
    lists: dict[str, str] = {}
    for key, line in re.findall(r"^#\+ (\w+): (.*\n)", text, flags=re.MULTILINE):
        lists[key] = lists.get(key, "") + line
    marked = re.sub(r"^#\+ .*\n", "", text, flags=re.MULTILINE)
    bare, expected = unmarked(marked.rstrip("\n") + "\n")
    return Case(name, bare, lists, expected)


def unmarked(text: str) -> tuple[str, Expected]:
    """A text without its expectations, and these."""
    lines, expected = [], []
    for number, line in enumerate(text.split("\n"), 1):
        bare, _, marks = line.partition("#! ")
        lines.append(bare.rstrip(" ") if marks else bare)
        for mark in marks.split():
            code, _, column = mark.partition("@")
            expected.append((number, code, int(column) if column else None))
    return "\n".join(lines), expected


def compared(problems: Iterable[Problem], expected: Expected) -> tuple[Expected, Expected]:
    """What was found and what is due, in a form that can be compared; columns count where they are due."""
    found = sorted((p.line, p.code, p.column) for p in problems)
    columns = {(line, code) for line, code, column in expected if column is not None}
    shown = [(line, code, column if (line, code) in columns else None) for line, code, column in found]
    return shown, sorted(expected, key=lambda due: (due[0], due[1], due[2] or 0))


@cache
def real() -> Sources:
    """The real sources."""
    return read_sources(ROOT / "sources")[0]


def code_lists(added: Mapping[str, str] | None = None) -> dict[str, tuple[str, bytes]]:
    """The real code lists with lines added, as name -> (path, bytes)."""
    files = dict(real().codelists)
    for name, lines in (added or {}).items():
        path, data = files[name]
        files[name] = (path, data + lines.encode())
    return files


def lists_with(added: Mapping[str, str] | None = None) -> Codelists:
    """The real code lists with lines added, read."""
    return _read(tuple(sorted((added or {}).items())))


@cache
def _read(added: tuple[tuple[str, str], ...]) -> Codelists:
    lists, problems = read_codelists(code_lists(dict(added)))
    assert problems == []
    return lists


def check(text: str | bytes, added: Mapping[str, str] | None = None) -> list[Problem]:
    """The problems that wave one finds in an article."""
    data = text if isinstance(text, bytes) else text.encode()
    return check_article("a-b.yaml", data, lists_with(added), TODAY).problems


def build(
    articles: Mapping[str, str], added: Mapping[str, str] | None = None, decisions: str = ""
) -> tuple[dict[str, bytes], list[Problem]]:
    """The files or the problems of articles, given as id -> text, with the real code lists and lines added to them.

    decisions: the text of `decisions.yaml`.
    """
    texts = [(f"articles/{name}.yaml", text.encode()) for name, text in sorted(articles.items())]
    return run(Sources(texts, code_lists(added), decisions=("decisions.yaml", decisions.encode())), TODAY)


def changed(name: str, change: Callable[[str], str]) -> dict[str, tuple[str, bytes]]:
    """The real code lists with one of them changed."""
    path, data = real().codelists[name]
    return real().codelists | {name: (path, change(data.decode()).encode())}


def source_folder(folder: Path, articles: Mapping[str, str | bytes] | None = None) -> Path:
    """A source folder with the real code lists and the given articles, as file name -> content."""
    for part in ("articles", "codelists"):
        (folder / part).mkdir(parents=True)
    for path, data in real().codelists.values():
        (folder / "codelists" / Path(path).name).write_bytes(data)
    for name, content in (articles or {}).items():
        data = content if isinstance(content, bytes) else content.encode()
        (folder / "articles" / name).write_bytes(data)
    return folder


def articles_in(written: Written) -> list[Article]:
    """The articles that the columns of some articles make."""
    many = Many(written, NO_LISTS)
    contents = [msgspec.structs.asdict(many.bare(number)) for number in range(len(written))]
    for name, section in many.sections.items():
        for row, owner in enumerate(section.owners):
            contents[owner][name].append(section.item(row))
    return [Article(**content) for content in contents]
