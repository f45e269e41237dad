"""The README is true: every block of code in it is run, every command, file and question that it names is there."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from jobs.__main__ import VERBS, main
from jobs.outputs import OUTPUTS, file_names
from jobs.recipes import ADDRESS, RECIPES
from schemas.dataset import WARNINGS
from schemas.tables import ALL_TABLES
from tests.clients import shell
from tests.clients.questions import QUESTIONS, in_sql

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
NOT_COPIED = (".git", ".venv", "dist", "__pycache__", ".hypothesis")
MAKE = """\
#!/bin/sh
for target in "$@"; do
  case $target in
    build) exec {make} --old-file=.venv/ready build ;;
    *) exec {make} --old-file=.venv/ready --dry-run "$target" ;;
  esac
done
"""
"""`make` where the environment is there already: it builds, and tells what it would do to test, which is being done."""


class Block(NamedTuple):
    """A block of code."""

    language: str
    text: str


BLOCKS = [Block(*found) for found in re.findall(r"```(\w*)\n(.*?)```", README, flags=re.DOTALL)]
REMOTE = [block for block in BLOCKS if ADDRESS in block.text]
QUERIES = [block for block in BLOCKS if block.language == "sql" and block not in REMOTE]
LOCAL = [block for block in BLOCKS if block not in REMOTE and block not in QUERIES]


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the environment of this one."""
    folder = tmp_path_factory.mktemp("readme") / "openpeel"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_COPIED))
    (folder / ".venv").symlink_to(Path(shell.PROGRAMS).parent)
    return folder


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with a `make` that uses the environment as it is."""
    make = shutil.which("make")
    if not make:
        pytest.skip("make is not installed")
    folder = tmp_path_factory.mktemp("commands")
    (folder / "make").write_text(MAKE.format(make=make))
    (folder / "make").chmod(0o755)
    return str(folder)


def test_the_first_thing_is_a_loaded_table() -> None:
    assert BLOCKS[0].language == "python"
    assert README[: README.index("```")].count("\n") <= 12
    assert len(BLOCKS[0].text.splitlines()) <= 5


def test_what_loads_from_the_address_is_a_recipe_word_by_word() -> None:
    """Which `test_recipes.py` runs."""
    recipes = {Block(recipe.language, recipe.text) for recipe in RECIPES}
    assert [block for block in REMOTE if block not in recipes] == []
    assert {block.language for block in REMOTE} >= {"python", "r", "sql", "sh"}


def test_queries_are_those_that_clients_answer() -> None:
    """Which `test_questions.py` asks of SQLite, Datasette and DuckDB."""
    assert QUERIES
    assert [block for block in QUERIES if block.text not in in_sql.queries().values()] == []


def test_the_ten_questions_are_asked_with_the_tables_that_answer_them() -> None:
    due = []
    for number, (name, question) in enumerate(QUESTIONS.items(), 1):
        tables = re.findall(r"(?:FROM|JOIN) (\w+)", in_sql.queries()[name])
        due.append(f"{number}. {question} ({', '.join(f'`{table}`' for table in tables)})")
    assert re.findall(r"^\d+\. .*$", README, re.MULTILINE) == due


def test_every_other_block_runs_in_a_clone_one_after_the_other(clone: Path, commands: str) -> None:
    assert {block.language for block in LOCAL} <= {"sh", "python"}
    said = [shell.ran(block.text, block.language, clone, commands) for block in LOCAL]
    assert "PEEL 2023-25" in said[1]
    assert any(re.search(r"^\S+ -m pytest -n auto$", text, re.MULTILINE) for text in said)
    assert (clone / "dist/releases/0.1.0/release.json").is_file()
    assert (clone / "dist/site/latest/grades.csv").is_file()


def commands_named() -> Iterator[str]:
    yield from re.findall(r"`(openpeel [^`]*)`", README)
    for block in LOCAL:
        yield from re.findall(r"^\.venv/bin/(openpeel .*?)(?: +#.*)?$", block.text, re.MULTILINE)


@pytest.mark.parametrize("command", sorted(set(commands_named())))
def test_every_command_and_option_is_there(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    verb = command.split()[1]
    assert verb in VERBS
    assert main([verb, "--help"]) == 0
    said = capsys.readouterr().out
    assert [option for option in re.findall(r"--[a-z-]+", command) if option not in said] == []


def test_every_file_of_a_release_is_named_and_no_other() -> None:
    made = {*file_names(ALL_TABLES), "release.json", "CHANGELOG.md", "SHA256SUMS"}
    named = set(re.findall(r"`([\w.]+\.(?:csv|parquet|xlsx|sqlite|html|json|jsonld|md|cff)|SHA256SUMS)`", README))
    whole = {name for name in made if name.split(".")[0] not in ALL_TABLES}
    assert named - {"NAME.csv", "NAME.parquet", "changes.csv", "changes.parquet"} == whole


def test_every_format_is_told() -> None:
    for name in OUTPUTS:
        assert all(file in README for file in file_names(["NAME"], [name]))


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README)
    assert [link for link in links if not link.startswith("https://") and not (ROOT / link).exists()] == []


def test_the_warnings_are_given() -> None:
    plain = " ".join(README.replace("*", "").split())
    for warning in WARNINGS:
        assert warning.split(". ")[-1].rstrip(".") in plain
