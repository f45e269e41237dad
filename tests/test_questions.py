"""Ten questions that readers ask: every client loads the whole release as it was made, and gives the same answers."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.tables import ALL_TABLES
from tests.clients import CLIENTS, Client, differences, sqlite
from tests.clients.questions import CLIENTS as ASKED
from tests.clients.questions import QUESTIONS, Answer, in_sql, plain, sorted_rows
from tests.clients.released import CORRECTED
from tests.releases import ran

RESPONDING = "northamptonshire-peel-2023-25-respond"


@pytest.fixture(scope="module")
def tables(released: Path) -> dict[str, pa.Table]:
    """What the release holds, read by the library that wrote it."""
    return {name: pq.read_table(released / f"{name}.parquet") for name in ALL_TABLES}


@pytest.fixture(scope="module")
def due(tables: dict[str, pa.Table]) -> Mapping[str, Answer]:
    """The answers of the tables themselves."""
    return {name: sorted_rows(rows) for name, rows in plain.from_arrow(tables).items()}


@pytest.fixture
def folder(released: Path, tmp_path: Path) -> Path:
    """The release where a client may write."""
    return Path(shutil.copytree(released, tmp_path / "release"))


def test_the_release_is_whole_and_follows_another(released: Path) -> None:
    assert ran("verify", released, "--before", released.with_name("0.1.0"))[0] == 0


def test_everybody_is_asked_the_same_ten_questions() -> None:
    assert len(QUESTIONS) == 10
    assert list(in_sql.queries()) == sorted(QUESTIONS)
    assert [question.__name__ for question in plain.ANSWERED] == list(QUESTIONS)


@pytest.mark.parametrize("client", ASKED)
def test_a_client_answers_as_the_tables_do(client: str, folder: Path, due: Mapping[str, Answer]) -> None:
    if ASKED[client].missing():
        pytest.skip(ASKED[client].missing())
    given = {name: sorted_rows(rows) for name, rows in ASKED[client].answers(folder).items()}
    assert given.keys() == QUESTIONS.keys()
    for name, question in QUESTIONS.items():
        assert given[name] == due[name], question


@pytest.mark.parametrize("client", [*CLIENTS, "SQLite"])
def test_a_client_loads_every_table_of_the_release(client: str, folder: Path, tables: dict[str, pa.Table]) -> None:
    """With its rows, its types and its nulls; also the changes, which tables without a release lack."""
    asked = {**CLIENTS, "SQLite": Client(str, sqlite.read, leaves_dates=True)}[client]
    if asked.missing():
        pytest.skip(asked.missing())
    held = asked.read(folder, list(ALL_TABLES))
    assert [f"{name}.{line}" for name in ALL_TABLES for line in differences(asked, tables[name], held[name])] == []


def test_every_question_has_an_answer_worth_asking_for(due: Mapping[str, Answer]) -> None:
    assert due.keys() == QUESTIONS.keys()
    assert {name: len(set(rows)) == len(rows) for name, rows in due.items()} == dict.fromkeys(due, True)
    assert {name: len(rows) for name, rows in due.items() if len(rows) < 2} == {"revised_grades": 1}


def test_which_forces_are_inadequate_at_responding_to_the_public(due: Mapping[str, Answer]) -> None:
    assert ("Cambridgeshire Constabulary",) in due["inadequate_in_responding"]
    assert ("Northamptonshire Police",) not in due["inadequate_in_responding"]


def test_the_grades_of_a_cycle_are_counted_on_its_whole_scale(
    due: Mapping[str, Answer], tables: dict[str, pa.Table]
) -> None:
    assert [row[:2] for row in due["areas_by_grade"]] == [
        (1, "outstanding"),
        (2, "good"),
        (3, "adequate"),
        (4, "requires improvement"),
        (5, "inadequate"),
    ]
    of_the_cycle = tables["grades"]["cycle"].to_pylist().count("PEEL 2023-25")
    assert sum(row[2] for row in due["areas_by_grade"] if isinstance(row[2], int)) == of_the_cycle


def test_a_figure_stands_with_whoever_claims_it(due: Mapping[str, Answer]) -> None:
    surrey = {row[1]: row[2] for row in due["answered_in_ten_seconds"] if row[0] == "Surrey Police"}
    assert len(surrey) == 2
    assert set(surrey.values()) == {77, 88}


def test_a_grade_that_the_inspectorate_revised_has_both_grades_and_a_day(due: Mapping[str, Answer]) -> None:
    (row,) = due["revised_grades"]
    assert row[:5] == (
        "Northamptonshire Police",
        "Responding to the public",
        "adequate",
        "requires-improvement",
        "2024-08-08",
    )


def test_an_article_of_before_the_revision_does_not_agree(due: Mapping[str, Answer]) -> None:
    assert {row[2:4] for row in due["evidence_of_a_grade"]} == {("adequate", False), ("requires-improvement", True)}
    assert all("#:~:text=" in str(row[4]) for row in due["evidence_of_a_grade"])


def test_of_every_contradiction_something_prevails_or_nothing_does_yet(due: Mapping[str, Answer]) -> None:
    assert {row[4] for row in due["contradictions"]} >= {True, False}


def test_what_is_held_of_a_cycle_adds_up(due: Mapping[str, Answer]) -> None:
    assert {row[0] for row in due["missing_grades"]} >= {"PEEL 2021/22", "PEEL 2023-25"}
    assert [row for row in due["derived_from_counts"] if not str(row[4]).startswith("Named by no article")] == []


def test_a_release_says_what_has_changed_and_why(due: Mapping[str, Answer]) -> None:
    changed = {row[:2]: row[2:] for row in due["changed_since"]}
    reason = "We had misread the article."
    assert changed[CORRECTED, "value"] == ("corrected", None, None, 62, 61, reason)
    assert changed[RESPONDING, "grade"][:3] == ("revised", "adequate", "requires-improvement")
