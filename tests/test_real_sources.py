"""The real sources: what a careful reader of the articles must find in the tables."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest

from jobs.pipeline import check_articles, make_tables
from jobs.sources import read_sources
from tests.cases import REAL, TODAY

CAMBRIDGESHIRE = "cambridgeshire-peel-2023-25"


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, Any]]]:
    sources, problems = read_sources(REAL)
    checked = check_articles(sources, TODAY)
    assert problems + checked.problems == []
    made, problems = make_tables(sources, checked)
    assert problems == []
    return {name: table.to_pylist() for name, table in made.items()}


def test_cambridgeshire_has_eight_grades_one_of_them_derived(tables: dict[str, Any]) -> None:
    rows = [row for row in tables["grades"] if row["inspection_id"] == CAMBRIDGESHIRE]
    assert {row["area_id"].removeprefix("peel-2023-25-"): (row["grade"], row["basis"]) for row in rows} == {
        "powers": ("outstanding", "stated"),
        "prevent": ("good", "stated"),
        "workforce": ("good", "stated"),
        "invest": ("adequate", "stated"),
        "vuln": ("adequate", "stated"),
        "leadership": ("requires-improvement", "derived"),
        "respond": ("inadequate", "stated"),
        "offend": ("inadequate", "stated"),
    }
    assert {row["published_on"] for row in rows} == {dt.date(2024, 3, 12)}


def test_the_inspector_said_seven_things_that_both_articles_print(tables: dict[str, Any]) -> None:
    rows = [row for row in tables["statements"] if row["speaker_id"] == "roy-wilsher"]
    assert len(rows) == 7
    assert {(row["claims"], row["independent_sources"], row["said_on"]) for row in rows} == {
        (2, 1, dt.date(2024, 3, 12))
    }


def test_the_chief_constable_explains_answers_and_promises(tables: dict[str, Any]) -> None:
    rows = [row for row in tables["statements"] if row["speaker_id"] == "nick-dean"]
    assert {row["role"] for row in rows} == {"Chief Constable"}
    assert set(Counter(row["kind"] for row in rows)) == {"claim", "commitment", "concern", "explanation", "response"}
    assert len(rows) >= 18


def test_figures_say_what_is_known_and_leave_open_what_is_not(tables: dict[str, Any]) -> None:
    rows = {(row["measure_id"], row["claimed_by_id"]): row for row in tables["metrics"]}
    calls = rows["calls-answered-in-time", "cambridgeshire"]
    assert (calls["value"], calls["unit"], calls["threshold"], calls["threshold_unit"]) == (
        91.8,
        "percent",
        10.0,
        "seconds",
    )
    assert (calls["period_start"], calls["period_end"]) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    more = rows["emergency-calls-change", "cambridgeshire"]
    assert (more["value"], more["baseline"], more["baseline_start"]) == (27.0, "pre-covid", None)
    rank = rows["call-answering-rank", "cambridgeshire"]
    assert (rank["value"], rank["unit"], rank["population"]) == (13.0, "rank", None)
    only = [row for row in tables["metrics"] if row["measure_id"] == "forces-graded-outstanding"]
    assert [(row["claimed_by_id"], row["value"], row["subject_kind"]) for row in only] == [
        ("cambridgeshire", 1.0, "country"),
        ("peterborough-telegraph", 1.0, "country"),
    ]


def test_the_counts_are_as_printed(tables: dict[str, Any]) -> None:
    rows = [row for row in tables["grade_counts"] if row["inspection_id"] == CAMBRIDGESHIRE]
    counts = {row["grade"]: row["areas"] for row in rows}
    assert counts == {"outstanding": 1, "good": 2, "adequate": 2, "requires-improvement": 1, "inadequate": 2}
    assert {row["total_as_printed"] for row in rows} == {8}


def test_there_are_43_forces_with_official_codes(tables: dict[str, Any]) -> None:
    codes = [row["gss_code"] for row in tables["forces"]]
    assert len(set(codes)) == 43
    assert Counter(code[0] for code in codes) == {"E": 39, "W": 4}


def test_every_fact_has_a_claim_and_every_claim_a_fact(tables: dict[str, Any]) -> None:
    keys = {
        "grades": "grade_id",
        "statements": "statement_id",
        "metrics": "metric_id",
        "grade_counts": "grade_count_id",
    }
    for name, key in keys.items():
        claims = Counter(row["fact_id"] for row in tables["claims"] if row["table"] == name)
        assert set(claims) == {row[key] for row in tables[name]}
        if name != "grade_counts":
            assert all(claims[row[key]] == row["claims"] for row in tables[name])
