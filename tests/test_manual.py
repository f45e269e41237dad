"""The curators' manual is true and complete: its articles pass, every problem code is explained, every example does as it says."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from jobs.__main__ import main
from jobs.pipeline import check_articles, make_tables
from jobs.problems import CODES
from jobs.sources import read_sources
from jobs.verbs.common import today

ROOT = Path(__file__).parent.parent
MANUAL = (ROOT / "sources/README.md").read_text(encoding="utf-8")
NEWS = "articles/cambridgeshire-2024-03-12-peterborough-telegraph.yaml"
BROADCAST = "articles/cambridgeshire-undated-bbc-news.yaml"
WITHOUT_EXAMPLE = {"broken-reference"}
"""What no source file can bring about, as the manual says."""


class Example(NamedTuple):
    """An example: the code that it is about, how it is given, what it is appended to, and its lines."""

    code: str
    language: str
    target: str
    text: str


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", MANUAL, flags=re.DOTALL)


def examples() -> Iterator[Example]:
    part = MANUAL[MANUAL.index("## 9.") :]
    for entry in re.split(r"\n(?=\*\*[a-z])", part)[1:]:
        codes = re.findall(r"\*\*([a-z0-9-]+)\*\*", entry)
        found = re.findall(r"```(sh|diff)([^\n]*)\n(.*?)```", entry, flags=re.DOTALL)
        for language, words, text in found:
            named, _, target = words.partition("appended to")
            yield Example(named.strip() or codes[0], language, target.strip(), text)


@cache
def base_files() -> dict[str, str]:
    yaml = blocks("yaml")
    news, decisions, broadcast = (
        next(b for b in yaml if f in b) for f in ("grades:\n  - area: police", "choose:", "bbc-news")
    )
    return {NEWS: news, BROADCAST: broadcast, "decisions.yaml": decisions, "texts/example.txt": blocks("text")[0]}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("manual") / "sources"
    shutil.copytree(ROOT / "sources/codelists", folder / "codelists")
    for name, text in base_files().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    shutil.move(folder / "texts", folder.parent / "texts")
    assert main(["pin", "--sources", str(folder), "--texts", str(folder.parent / "texts")]) == 0
    return folder


@pytest.fixture
def copy(base: Path, tmp_path: Path) -> Path:
    shutil.copytree(base.parent, tmp_path / "m")
    return tmp_path / "m/sources"


def codes_of(folder: Path) -> set[str]:
    sources, problems = read_sources(folder)
    checked = check_articles(sources, today())
    problems = problems + checked.problems
    return {p.code for p in problems or make_tables(sources, checked)[1]}


def test_the_articles_of_the_manual_pass(base: Path) -> None:
    assert codes_of(base) == set()
    assert main(["check", "--sources", str(base), "--texts", str(base.parent / "texts")]) == 0


def test_every_code_is_explained_once_in_a_bold_word() -> None:
    part = MANUAL[MANUAL.index("## 9.") :]
    assert sorted(re.findall(r"\*\*([a-z0-9-]+)\*\*", part)) == sorted(CODES)


def test_every_code_has_an_example() -> None:
    assert {example.code for example in examples()} | WITHOUT_EXAMPLE == set(CODES)


@pytest.mark.parametrize("example", [e for e in examples() if e.language == "diff"], ids=lambda e: e.code)
def test_what_stands_after_a_minus_fails_and_after_a_plus_passes(example: Example, copy: Path) -> None:
    fails, passes = ("\n".join(lines) + "\n" if lines else "" for lines in sides(example.text))
    if example.target:
        path = copy / example.target
        kept = path.read_text(encoding="utf-8")
        path.write_text(kept + fails, encoding="utf-8")
        assert example.code in codes_of(copy)
        path.write_text(kept + passes, encoding="utf-8")
        assert codes_of(copy) == set()
        return
    names = [name for name, text in base_files().items() if passes in text]
    assert len(names) == 1, f"what passes stands in {names}"
    path = copy / names[0]
    text = path.read_text(encoding="utf-8")
    assert text.count(passes) == 1
    path.write_text(text.replace(passes, fails), encoding="utf-8")
    assert example.code in codes_of(copy)


def sides(text: str) -> tuple[list[str], list[str]]:
    """The lines that fail and those that pass, each with the lines around them."""
    lines = text.splitlines()
    return [line[1:] for line in lines if line[:1] != "+"], [line[1:] for line in lines if line[:1] != "-"]


@pytest.mark.parametrize("example", [e for e in examples() if e.language == "sh"], ids=lambda e: e.code)
def test_commands_fail_and_pass_as_they_say(example: Example, copy: Path, tmp_path: Path) -> None:
    if example.code == "unreadable" and os.geteuid() == 0:
        pytest.skip("root can read everything")
    command = tmp_path / "openpeel"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m jobs "$@"\n')
    command.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    lines = [line.rpartition("   # ") for line in example.text.splitlines()]
    assert [word.strip() for _, _, word in lines] == ["fails", "passes"]
    for line, _, due in lines:
        run = subprocess.run(
            ["bash", "-c", line],
            cwd=copy.parent,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        found = set(re.findall(r"\[([a-z0-9-]+)\]$", run.stdout, flags=re.MULTILINE)) | codes_of(copy)
        assert (example.code in found) if due.strip() == "fails" else not found, run.stdout + run.stderr
