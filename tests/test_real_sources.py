"""The real sources: what a careful reader of the articles must find in the tables.

What is said of single rows rests on two articles alone, so that it stays true whatever articles are added.
"""

import datetime as dt
from collections import Counter
from pathlib import PurePath
from typing import Any

import pytest

from jobs.pipeline import Sources, check_articles, make_tables
from jobs.sources import read_sources
from tests.cases import EVER, REAL

Tables = dict[str, list[dict[str, Any]]]

CAMBRIDGESHIRE = "cambridgeshire-peel-2023-25"
TWO = ("cambridgeshire-2024-03-12-peterborough-telegraph", "cambridgeshire-2024-03-13-wired-gov")
"""A newspaper and the reprint of a press release, of both of which the text is held."""


def tables_of(sources: Sources) -> Tables:
    checked = check_articles(sources, EVER)
    assert checked.problems == []
    made, problems = make_tables(sources, checked)
    assert problems == []
    return {name: table.to_pylist() for name, table in made.items()}


def all_sources() -> Sources:
    sources, problems = read_sources(REAL)
    assert problems == []
    return sources


@pytest.fixture(scope="module")
def tables() -> Tables:
    """Of all articles."""
    return tables_of(all_sources())


@pytest.fixture(scope="module")
def two() -> Tables:
    """Of the two articles, with all code lists."""
    found = all_sources()
    articles = [(path, content) for path, content in found.articles if PurePath(path).stem in TWO]
    return tables_of(Sources(articles, found.codelists, {name: found.pins[name] for name in TWO}))


def test_cambridgeshire_has_eight_grades_one_of_them_derived(two: Tables) -> None:
    rows = two["grades"]
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
    assert {row["inspection_id"] for row in rows} == {CAMBRIDGESHIRE}
    assert {row["published_on"] for row in rows} == {dt.date(2024, 3, 12)}


def test_what_followed_for_cambridgeshire_is_what_articles_state(tables: Tables, two: Tables) -> None:
    """The eighth grade was derived from two articles; others name it, and name the same."""
    stated, derived = (
        {row["grade_id"]: row for row in made["grades"] if row["inspection_id"] == CAMBRIDGESHIRE}
        for made in (tables, two)
    )
    assert {key: row["grade"] for key, row in stated.items()} == {key: row["grade"] for key, row in derived.items()}
    assert {(row["basis"], row["derivation"]) for row in stated.values()} == {("stated", None)}


def test_the_inspector_said_seven_things_that_both_articles_print(two: Tables) -> None:
    rows = [row for row in two["statements"] if row["speaker_id"] == "roy-wilsher"]
    assert len(rows) == 7
    assert {(row["claims"], row["independent_sources"], row["said_on"]) for row in rows} == {
        (2, 1, dt.date(2024, 3, 12))
    }


def test_the_chief_constable_explains_answers_and_promises(two: Tables) -> None:
    rows = [row for row in two["statements"] if row["speaker_id"] == "nick-dean"]
    assert {row["role"] for row in rows} == {"Chief Constable"}
    assert set(Counter(row["kind"] for row in rows)) == {"claim", "commitment", "concern", "explanation", "response"}
    assert len(rows) >= 18


def test_figures_say_what_is_known_and_leave_open_what_is_not(two: Tables) -> None:
    rows = {(row["measure_id"], row["claimed_by_id"]): row for row in two["metrics"]}
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
    only = [row for row in two["metrics"] if row["measure_id"] == "forces-graded-outstanding"]
    assert [(row["claimed_by_id"], row["value"], row["subject_kind"]) for row in only] == [
        ("cambridgeshire", 1.0, "country"),
        ("peterborough-telegraph", 1.0, "country"),
    ]


def test_the_counts_are_as_printed(two: Tables) -> None:
    counts = {row["grade"]: row["areas"] for row in two["grade_counts"]}
    assert counts == {"outstanding": 1, "good": 2, "adequate": 2, "requires-improvement": 1, "inadequate": 2}
    assert {(row["inspection_id"], row["total_as_printed"]) for row in two["grade_counts"]} == {(CAMBRIDGESHIRE, 8)}


def test_every_claim_of_the_two_is_verified(two: Tables) -> None:
    assert {row["verified"] for row in two["claims"]} == {True}
    assert all(row["span_start"] < row["span_end"] and len(row["span_sha256"]) == 64 for row in two["claims"])


def test_there_are_43_forces_with_official_codes(tables: Tables) -> None:
    codes = [row["gss_code"] for row in tables["forces"] if row["kind"] == "territorial"]
    assert len(set(codes)) == len(codes) == 43
    assert Counter(code[0] for code in codes) == {"E": 39, "W": 4}


def test_a_claim_is_verified_where_the_text_is_held_and_nowhere_else(tables: Tables) -> None:
    held = {name for name, (path, _) in all_sources().pins.items()}
    assert {row["verified"] for row in tables["claims"] if row["article_id"] in held} == {True}
    rest = [row for row in tables["claims"] if row["article_id"] not in held]
    assert {(row["verified"], row["span_start"], row["span_sha256"]) for row in rest} <= {(None, None, None)}


KEYS = {
    "grades": "grade_id",
    "other_grades": "grade_id",
    "statements": "statement_id",
    "metrics": "metric_id",
    "events": "event_id",
    "grade_counts": "grade_count_id",
}


@pytest.mark.parametrize("name", KEYS)
def test_every_fact_has_a_claim_and_every_claim_a_fact(name: str, tables: Tables) -> None:
    claims = [row for row in tables["claims"] if row["table"] == name]
    facts = {row[KEYS[name]]: row for row in tables[name]}
    assert {row["fact_id"] for row in claims} == set(facts)
    if name != "grade_counts":
        agreeing = Counter(row["fact_id"] for row in claims if row["agrees"] is not False)
        assert agreeing == {key: row["claims"] for key, row in facts.items()}
        undecided = {row["fact_id"] for row in claims if row["agrees"] is None}
        assert undecided == {key for key, row in facts.items() if row["disputed"]}


def test_every_conflict_has_two_values_at_least_and_one_prevails_unless_it_is_open(tables: Tables) -> None:
    conflicts: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in tables["conflicts"]:
        conflicts.setdefault((row["table"], row["fact_id"], row["column_name"]), []).append(row)
    for rows in conflicts.values():
        assert len(rows) > 1
        (resolution,) = {row["resolution"] for row in rows}
        assert (resolution == "decided") == any(row["prevails"] for row in rows)
        assert all(row["reason"] and row["decided_by"] for row in rows)
