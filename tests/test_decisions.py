"""Articles that disagree: nothing is settled in silence, what curators decided stays on record, and decides something."""

import random
import re
from typing import Any, Final

import pytest

from jobs.decisions import COLUMNS
from jobs.problems import Problem
from jobs.weigh import grades as weigh_grades
from jobs.weigh import metrics as weigh_metrics
from schemas import vocabulary
from tests.cases import BODY, Desk, decided, distinct, head, outcome, quicken, tables_of

CAMBS: Final = "cambridgeshire-peel-2023-25"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch, checks=True)


def grade(name: str, of: str = "", published: str = "2024-03-12", area: str = "respond") -> str:
    return head(name, published) + f"grades:\n  - area: {area}\n    grade: {of}\n"


def corrected(name: str, of: str, previous: str, on: str, published: str) -> str:
    return grade(name, of, published) + f"    previous: {previous}\n    revised_on: {on}\n"


def metric(name: str, value: str, **details: str) -> str:
    top = (
        head(name)
        + f"metrics:\n  - measure: call-answering-rank\n    value: {value}\n    claimed_by: hmicfrs\n    as_of: 2024-03-01\n"
    )
    return top + "".join(f"    {key}: {text}\n" for key, text in details.items())


def statement(name: str, said_on: str, described: bool = False) -> str:
    text = head(name) + f"statements:\n  - id: a-point\n    speaker: hmicfrs\n    said_on: {said_on}\n"
    return text + ("    kind: finding\n    stance: neutral\n    summary: A point.\n" if described else "")


def event(name: str, on: str) -> str:
    return head(name) + f"events:\n  - event: engage-left\n    on: {on}\n"


def counts(name: str, numbers: dict[str, int], total: str = "", published: str = "2024-03-12") -> str:
    lines = "".join(f"      {key}: {number}\n" for key, number in numbers.items())
    return head(name, published) + "counts:\n  - grades:\n" + lines + (f"    total: {total}\n" if total else "")


RESPOND: Final = f"{CAMBS}-respond"
RANK: Final = "call-answering-rank-cambridgeshire-hmicfrs-2024-03-01"
POINT: Final = f"{CAMBS}-hmicfrs-a-point"
LEFT: Final = "cambridgeshire-engage-left"


def conflicts(*items: str) -> str:
    return "conflicts:\n" + "".join(items)


def only(rows: list[Any]) -> Any:
    (row,) = rows
    return row


def agreeing(tables: Rows, table: str = "") -> dict[str, bool | None]:
    return {row["article_id"]: row["agrees"] for row in tables["claims"] if table in ("", row["table"])}


def rivals(tables: Rows, value: str) -> list[tuple[Any, bool, str | None]]:
    """The values on record as in conflict, which prevails, and who says so."""
    return [(row[value], row["prevails"], row["article_ids"]) for row in tables["conflicts"]]


# --- what disagrees stops the build

DISAGREEING: Final[dict[str, tuple[str, str, str, str, int, str, str]]] = {
    "grades": (grade("a", "good"), grade("b", "adequate"), "grade-conflict", RESPOND, 2, "", "adequate"),
    "metrics": (metric("a", "13"), metric("b", "14"), "metric-conflict", RANK, 2, "", "14.00"),
    "statements": (
        statement("a", "2024-03-10", described=True), statement("b", "Monday 2024-03-11"), "statement-conflict", POINT, 3,
        "", "2024-03-11",
    ),
    "events": (event("a", "2023"), event("b", "2024-01"), "event-conflict", LEFT, 2, "", "2024-01"),
    "revised_on": (
        corrected("a", "good", "adequate", "2024-08-08", "2024-09-01"),
        corrected("b", "good", "adequate", "2024-08-09", "2024-09-01"),
        "grade-conflict", RESPOND, 4, "revised_on", "Friday 2024-08-09",
    ),
    "previous_grade": (
        corrected("a", "good", "adequate", "2024-08-08", "2024-09-01"),
        corrected("b", "good", "Requires Improvement", "2024-08-08", "2024-09-01"),
        "grade-conflict", RESPOND, 3, "previous_grade", "Requires improvement",
    ),
    "unit": (metric("a", "13", unit="rank"), metric("b", "13", unit="calls"), "metric-conflict", RANK, 5, "unit", "calls"),
    "population": (
        metric("a", "13", population="43"), metric("b", "13", population="44"), "metric-conflict", RANK, 5, "population", "44",
    ),
    "sample": (metric("a", "13", sample="99"), metric("b", "13", sample="98"), "metric-conflict", RANK, 5, "sample", "98"),
    "comparator_value": (
        metric("a", "13", comparator_value="1"), metric("b", "13", comparator_value="2.50"), "metric-conflict", RANK, 5,
        "comparator_value", "2.5",
    ),
}  # fmt: skip
"""Two articles, the problem at both, the key, its line after the section's, the column, what is chosen of the second."""


@pytest.mark.parametrize("what", DISAGREEING)
def test_what_disagrees_stops_the_build_at_both_lines_and_names_the_key(what: str) -> None:
    one, other, code, key, line, column, _ = DISAGREEING[what]
    tables, problems = outcome({"a-one": one, "b-two": other})
    assert tables == {}
    at = BODY + line
    assert [(p.path, p.line, p.code) for p in problems] == [
        ("articles/a-one.yaml", at, code), ("articles/b-two.yaml", at, code),
    ]  # fmt: skip
    table = what if what in vocabulary.DECIDED_TABLES else {"grade-conflict": "grades"}.get(code, "metrics")
    words = f"(table: {table}, key: {key}{f', column: {column}' if column else ''})"
    assert problems[0].hint.startswith(f"see articles/b-two.yaml:{at}; ")
    assert problems[1].hint.startswith(f"see articles/a-one.yaml:{at}; ")
    assert all(p.hint.endswith(words) for p in problems)


def named_in(problem: Problem) -> tuple[str, str, str]:
    """Table, key and column that a problem names."""
    match = re.search(r"\(table: (\S+), key: (\S+?)(?:, column: (\S+))?\)$", problem.hint)
    assert match
    return match[1], match[2], match[3] or ""


@pytest.mark.parametrize("what", DISAGREEING)
def test_a_decision_on_what_the_problem_names_settles_it(what: str) -> None:
    one, other, *_, chosen = DISAGREEING[what]
    articles = {"a-one": one, "b-two": other}
    table, key, column = named_in(outcome(articles)[1][0])
    tables = tables_of(articles, decisions=conflicts(decided(table, key, f'"{chosen}"', column)))
    assert [(row["prevails"], row["article_ids"]) for row in tables["conflicts"] if row["prevails"]] == [
        (True, "b-two")
    ]
    assert {(row["resolution"], row["table"], row["fact_id"]) for row in tables["conflicts"]} == {
        ("decided", table, key)
    }
    assert len(tables["conflicts"]) == 2


@pytest.mark.parametrize("what", DISAGREEING)
def test_what_disagrees_may_be_left_open(what: str) -> None:
    one, other, *_ = DISAGREEING[what]
    articles = {"a-one": one, "b-two": other}
    table, key, column = named_in(outcome(articles)[1][0])
    tables = tables_of(articles, decisions=conflicts(decided(table, key, "open", column)))
    assert [(row["resolution"], row["prevails"]) for row in tables["conflicts"]] == [("left-open", False)] * 2
    assert {row["article_id"] for row in tables["claims"]} == {"a-one", "b-two"}


def test_every_column_that_may_disagree_can_be_decided() -> None:
    """A column that claims are compared in, but that decisions do not know, could never be settled."""
    assert set(COLUMNS["grades"]) == set(weigh_grades._DETAILS)
    assert set(COLUMNS["metrics"]) == {*weigh_metrics._DETAILS, "unit"}
    assert {name for names in COLUMNS.values() for name in names} == set(vocabulary.DECIDED_COLUMNS)


def test_baselines_and_changes_are_decided_by_their_ends() -> None:
    one = metric(
        "a", "13", baseline="before", baseline_period="2019", unit="percentage-points", change_from="1", change_to="14"
    )
    other = metric(
        "b", "13", baseline="earlier", baseline_period="2020", unit="percentage-points", change_from="2", change_to="15"
    )
    articles = {"a-one": one, "b-two": other}
    found = {named_in(problem)[2] for problem in outcome(articles)[1]}
    assert found == {"baseline_start", "baseline_end", "change_from", "change_to"}
    chosen = {"baseline_start": "2020-01-01", "baseline_end": "2020-12-31", "change_from": "2", "change_to": "15.0"}
    items = [decided("metrics", RANK, value, column) for column, value in chosen.items()]
    row = only(tables_of(articles, decisions=conflicts(*items))["metrics"])
    assert (str(row["baseline_start"]), str(row["baseline_end"]), row["change_from"], row["change_to"]) == (
        "2020-01-01", "2020-12-31", 2.0, 15.0,
    )  # fmt: skip


# --- a decision

THREE: Final = {
    "a-one": grade("a", "good"),
    "b-two": grade("b", "adequate"),
    "c-three": grade("c", "adequate").replace("inspection:", "origin: hmicfrs-release-cambridgeshire-2024-03-12\ninspection:"),
    "d-four": grade("d", "adequate").replace("inspection:", "origin: hmicfrs-release-cambridgeshire-2024-03-12\ninspection:"),
}  # fmt: skip


@pytest.mark.parametrize("choice", ["adequate", "Adequate", "ADEQUATE"])
def test_a_chosen_grade_is_published_and_both_stay_on_record(choice: str) -> None:
    tables = tables_of(THREE, decisions=conflicts(decided("grades", RESPOND, choice)))
    row = only(tables["grades"])
    assert (row["grade"], row["grade_rank"], row["disputed"], row["claims"], row["independent_sources"]) == (
        "adequate", 3, False, 3, 2,
    )  # fmt: skip
    assert agreeing(tables) == {"a-one": False, "b-two": True, "c-three": True, "d-four": True}
    assert row["evidence_url"] == "https://www.example.org/b"
    first, second = tables["conflicts"]
    assert first["conflict_id"] == f"grade-{RESPOND}-adequate"
    assert (first["column_name"], first["grade"], first["prevails"], first["claims"], first["independent_sources"]) == (
        "grade", "adequate", True, 3, 2,
    )  # fmt: skip
    assert first["article_ids"] == "b-two; c-three; d-four"
    assert (second["grade"], second["prevails"], second["claims"], second["article_ids"]) == ("good", False, 1, "a-one")
    assert {(r["reason"], str(r["decided_on"]), r["decided_by"]) for r in (first, second)} == {
        ("One of them is nearer to the report.", "2025-01-02", "A curator")
    }


def test_a_choice_of_two_words_is_a_label_or_a_code() -> None:
    articles = {"a-one": grade("a", "good"), "b-two": grade("b", "requires improvement")}
    for choice in ("requires improvement", "requires-improvement"):
        tables = tables_of(articles, decisions=conflicts(decided("grades", RESPOND, choice)))
        assert only(tables["grades"])["grade"] == "requires-improvement"


def test_the_weekday_of_a_decision_and_the_signs_of_a_figure_leave_no_trace() -> None:
    item = decided("metrics", RANK.replace("rank", "time-change"), '"-84.5"').replace(
        "2025-01-02", "Thursday 2025-01-02"
    )
    articles = {
        name: metric(name, value).replace("call-answering-rank", "call-answering-time-change")
        for name, value in (("a-one", "-84.50"), ("b-two", "3"))
    }
    first, second = tables_of(articles, decisions=conflicts(item))["conflicts"]
    ends = [
        row["conflict_id"].removeprefix("metric-call-answering-time-change-cambridgeshire-hmicfrs-2024-03-01-")
        for row in (first, second)
    ]
    assert sorted(ends) == ["3", "minus-84p5"]
    assert {(row["value"], row["prevails"]) for row in (first, second)} == {(-84.5, True), (3.0, False)}
    assert str(first["decided_on"]) == "2025-01-02"


def test_a_grade_that_is_left_open_is_empty_and_disputed() -> None:
    tables = tables_of(THREE, decisions=conflicts(decided("grades", RESPOND, "open")))
    row = only(tables["grades"])
    assert [row[name] for name in ("grade", "grade_label", "grade_rank")] == [None] * 3
    assert (row["disputed"], row["claims"], row["independent_sources"]) == (True, 4, 3)
    assert set(agreeing(tables).values()) == {None}
    assert {claim["grade"] for claim in tables["claims"]} == {"good", "adequate"}
    assert rivals(tables, "grade") == [("adequate", False, "b-two; c-three; d-four"), ("good", False, "a-one")]


def test_a_figure_that_is_left_open_is_empty_and_disputed() -> None:
    articles = {"a-one": metric("a", "13", printed="13th place"), "b-two": metric("b", "14")}
    tables = tables_of(articles, decisions=conflicts(decided("metrics", RANK, "open")))
    row = only(tables["metrics"])
    assert (row["value"], row["value_as_printed"], row["disputed"], row["claims"]) == (None, None, True, 2)
    assert {(c["value"], c["value_as_printed"], c["agrees"]) for c in tables["claims"]} == {
        (13.0, "13th place", None), (14.0, None, None),
    }  # fmt: skip
    assert rivals(tables, "value") == [(13.0, False, "a-one"), (14.0, False, "b-two")]


def test_what_was_decided_against_fills_in_nothing() -> None:
    one = metric("a", "13")
    other = metric("b", "14", printed="14th place", population="43", baseline="before", comparator_value="3")
    tables = tables_of({"a-one": one, "b-two": other}, decisions=conflicts(decided("metrics", RANK, "13")))
    row = only(tables["metrics"])
    details = ("value_as_printed", "population", "baseline", "comparator_value")
    assert (row["value"], row["claims"], [row[name] for name in details]) == (13.0, 1, [None] * 4)


def test_what_was_decided_against_contradicts_no_detail() -> None:
    """The only population among those who agree stands, whatever those say who do not."""
    articles = {
        "a-one": metric("a", "13"), "b-two": metric("b", "14", population="44"), "c-three": metric("c", "13", population="43"),
    }  # fmt: skip
    tables = tables_of(articles, decisions=conflicts(decided("metrics", RANK, "13")))
    assert only(tables["metrics"])["population"] == 43


def test_a_unit_decides_what_a_figure_means() -> None:
    one, other, *_ = DISAGREEING["unit"]
    articles = {"a-one": one, "b-two": other}
    tables = tables_of(articles, decisions=conflicts(decided("metrics", RANK, "rank", "unit")))
    row = only(tables["metrics"])
    assert (row["unit"], row["value"], row["claims"], row["disputed"]) == ("rank", 13.0, 1, False)
    assert agreeing(tables) == {"a-one": True, "b-two": False}
    row = only(tables_of(articles, decisions=conflicts(decided("metrics", RANK, "open", "unit")))["metrics"])
    assert (row["unit"], row["value"], row["claims"], row["disputed"]) == (None, None, 2, True)


def test_a_value_and_a_unit_that_no_article_joins_are_not_published() -> None:
    articles = {
        "a-one": metric("a", "13", unit="rank"),
        "b-two": metric("b", "14", unit="calls"),
        "c-three": metric("c", "14", unit="percent"),
    }
    chosen = conflicts(decided("metrics", RANK, "13"), decided("metrics", RANK, "calls", "unit"))
    (problem,) = outcome(articles, decisions=chosen)[1]
    assert (problem.path, problem.line, problem.column, problem.code) == ("decisions.yaml", 10, 13, "unknown-choice")


def test_a_detail_that_is_decided_changes_no_value() -> None:
    one, other, *_ = DISAGREEING["population"]
    tables = tables_of(
        {"a-one": one, "b-two": other}, decisions=conflicts(decided("metrics", RANK, "44", "population"))
    )
    row = only(tables["metrics"])
    assert (row["value"], row["population"], row["claims"], row["disputed"]) == (13.0, 44, 2, False)
    record = [(r["column_name"], r["value"], r["prevails"]) for r in tables["conflicts"]]
    assert record == [("population", 43.0, False), ("population", 44.0, True)]
    row = only(
        tables_of({"a-one": one, "b-two": other}, decisions=conflicts(decided("metrics", RANK, "open", "population")))[
            "metrics"
        ]
    )
    assert (row["value"], row["population"], row["claims"]) == (13.0, None, 2)


def test_the_date_of_words_that_is_decided_is_that_of_those_who_agree() -> None:
    articles = {
        "a-one": statement("a", "2024-03-10", described=True),
        "b-two": statement("b", "2024-03-11"),
        "c-three": statement("c", "2024-03-11").replace("    said_on: 2024-03-11\n", ""),
    }
    tables = tables_of(articles, decisions=conflicts(decided("statements", POINT, "2024-03-11")))
    row = only(tables["statements"])
    assert (str(row["said_on"]), row["claims"], row["summary"], row["disputed"]) == ("2024-03-11", 2, "A point.", False)
    assert agreeing(tables) == {"a-one": False, "b-two": True, "c-three": True}
    assert [(str(r["date_from"]), str(r["date_to"]), r["prevails"]) for r in tables["conflicts"]] == [
        ("2024-03-10", "2024-03-10", False), ("2024-03-11", "2024-03-11", True),
    ]  # fmt: skip
    row = only(tables_of(articles, decisions=conflicts(decided("statements", POINT, "open")))["statements"])
    assert (row["said_on"], row["claims"], row["disputed"]) == (None, 3, True)


def test_grades_of_other_programmes_are_decided_like_others() -> None:
    lists = {
        "cycles": "cdi-2016,Crime data integrity 2016,crime-data-integrity,peel-four-grades,2016,,,\n",
        "areas": "cdi-2016,whole,whole,yes,Crime recording,,,\n",
        "inspections": "kent-cdi-2016,kent,cdi-2016,2017-01-10,1,whole,,\n",
    }
    articles = {
        name: text.replace(CAMBS, "kent-cdi-2016")
        for name, text in {
            "a-one": grade("a", "good", area="whole"),
            "b-two": grade("b", "inadequate", area="whole"),
        }.items()
    }
    (problem, _) = outcome(articles, lists)[1]
    tables = tables_of(articles, lists, conflicts(decided(*named_in(problem)[:2], "good")))
    assert tables["grades"] == []
    assert only(tables["other_grades"])["grade"] == "good"
    assert {row["table"] for row in (*tables["conflicts"], *tables["claims"])} == {"other_grades"}


# --- corrections of grades

CORRECTED: Final = {
    "a-one": grade("a", "adequate"),
    "b-two": corrected("b", "requires improvement", "adequate", "2024-08-08", "2024-09-01"),
    "c-three": grade("c", "adequate", "2024-09-02"),
    "d-four": grade("d", "requires improvement", "2024-09-03"),
}


def test_articles_of_before_a_correction_are_in_no_conflict() -> None:
    _, problems = outcome(CORRECTED)
    assert {p.path for p in problems} == {"articles/b-two.yaml", "articles/c-three.yaml"}
    for choice in ("requires improvement", "open"):
        tables = tables_of(CORRECTED, decisions=conflicts(decided("grades", RESPOND, choice)))
        assert [row["article_ids"] for row in tables["conflicts"]] == ["c-three", "b-two; d-four"]
    assert agreeing(tables_of(CORRECTED, decisions=conflicts(decided("grades", RESPOND, "requires improvement"))), "grades") == {
        "a-one": False, "b-two": True, "c-three": False, "d-four": True,
    }  # fmt: skip


def test_a_correction_may_be_decided_against() -> None:
    tables = tables_of(CORRECTED, decisions=conflicts(decided("grades", RESPOND, "adequate")))
    row = only(tables["grades"])
    assert (row["grade"], row["revised_on"], row["previous_grade"], row["claims"]) == ("adequate", None, None, 2)
    assert tables["events"] == []


def test_a_disputed_grade_was_not_corrected() -> None:
    tables = tables_of(CORRECTED, decisions=conflicts(decided("grades", RESPOND, "open")))
    row = only(tables["grades"])
    assert (row["grade"], row["revised_on"], row["previous_grade"]) == (None, None, None)
    assert tables["events"] == []
    assert {claim["table"] for claim in tables["claims"]} == {"grades"}


def test_a_correction_whose_date_is_open_still_leaves_earlier_articles_right() -> None:
    articles = {
        "a-one": grade("a", "adequate"),
        "b-two": corrected("b", "good", "adequate", "2024-08-08", "2024-09-01"),
        "c-three": corrected("c", "good", "adequate", "2024-08-09", "2024-09-01"),
    }
    tables = tables_of(articles, decisions=conflicts(decided("grades", RESPOND, "open", "revised_on")))
    row = only(tables["grades"])
    assert (row["grade"], row["revised_on"], row["previous_grade"]) == ("good", None, "adequate")
    assert tables["events"] == []
    articles["c-three"] = corrected("c", "good", "outstanding", "2024-08-08", "2024-09-01")
    tables = tables_of(articles, decisions=conflicts(decided("grades", RESPOND, "open", "previous_grade")))
    row = only(tables["grades"])
    assert (row["grade"], str(row["revised_on"]), row["previous_grade"]) == ("good", "2024-08-08", None)


def test_a_correction_with_nobody_against_it_cannot_be_decided_away() -> None:
    """Without the later article nothing is in conflict: the decision for the old grade decides nothing any more."""
    articles = {name: text for name, text in CORRECTED.items() if name != "c-three"}
    (problem,) = outcome(articles, decisions=conflicts(decided("grades", RESPOND, "adequate")))[1]
    assert (problem.path, problem.code) == ("decisions.yaml", "stale-decision")


# --- decisions and what follows from counts

NAMED: Final = {
    "powers": "outstanding", "prevent": "good", "workforce": "good", "invest": "adequate", "vuln": "adequate",
    "offend": "inadequate", "respond": "inadequate",
}  # fmt: skip
ALL: Final = {"outstanding": 1, "good": 2, "adequate": 2, "requires-improvement": 1, "inadequate": 2}


def named(name: str, **other: str) -> str:
    items = "".join(f"  - area: {area}\n    grade: {of}\n" for area, of in (NAMED | other).items())
    return head(name) + "grades:\n" + items


def test_a_grade_that_is_open_lets_nothing_follow() -> None:
    articles = {"a-one": named("a"), "b-two": counts("b", ALL), "c-three": grade("c", "good")}
    tables = tables_of(articles, decisions=conflicts(decided("grades", RESPOND, "open")))
    assert [row["grade_id"] for row in tables["grades"] if row["basis"] == "derived"] == []
    assert len(tables["grades"]) == 7


def test_a_grade_that_is_decided_lets_others_follow() -> None:
    articles = {"a-one": named("a"), "b-two": counts("b", ALL), "c-three": grade("c", "good")}
    tables = tables_of(articles, decisions=conflicts(decided("grades", RESPOND, "inadequate")))
    row = only([row for row in tables["grades"] if row["basis"] == "derived"])
    assert (row["area_id"], row["grade"]) == ("peel-2023-25-leadership", "requires-improvement")


COUNTED: Final = {"a-one": named("a"), "b-two": counts("b", ALL), "c-three": counts("c", {"inadequate": 1}, "8")}


def test_counts_that_disagree_say_so_with_both_places_and_the_key() -> None:
    problems = outcome(COUNTED)[1]
    assert {(p.path, p.code) for p in problems} == {("articles/c-three.yaml", "count-conflict")}
    assert {named_in(p) for p in problems} == {("grade_counts", CAMBS, "")}
    assert any(p.hint.startswith("see articles/b-two.yaml:7") for p in problems)


def test_the_counts_of_one_article_may_be_chosen() -> None:
    tables = tables_of(COUNTED, decisions=conflicts(decided("grade_counts", CAMBS, "b-two")))
    assert agreeing(tables, "grade_counts") == {"b-two": True, "c-three": False}
    row = only([row for row in tables["grades"] if row["basis"] == "derived"])
    assert (row["area_id"], row["grade"], row["claims"]) == ("peel-2023-25-leadership", "requires-improvement", 1)
    assert rivals(tables, "words") == [
        ("1 outstanding, 2 good, 2 adequate, 1 requires improvement, 2 inadequate", True, "b-two"),
        ("1 inadequate, 8 in all", False, "c-three"),
    ]
    assert {(r["table"], r["column_name"], r["fact_id"]) for r in tables["conflicts"]} == {
        ("grade_counts", "areas", CAMBS)
    }


def test_names_and_the_report_may_prevail_over_counts() -> None:
    articles = {"a-one": named("a"), "b-two": counts("b", ALL), "c-three": counts("c", {"inadequate": 1}, "9")}
    tables = tables_of(articles, decisions=conflicts(decided("grade_counts", CAMBS, "names")))
    assert agreeing(tables, "grade_counts") == {"b-two": True, "c-three": False}
    assert rivals(tables, "words") == [
        ("1 outstanding, 2 good, 2 adequate, 1 requires improvement, 2 inadequate", True, "b-two"),
        ("1 inadequate, 9 in all", False, "c-three"),
        ("named grades; 8 graded areas in inspections.csv", True, None),
    ]
    assert [row["claims"] for row in tables["conflicts"]] == [1, 1, 0]


def test_counts_that_are_left_open_let_nothing_follow() -> None:
    tables = tables_of(COUNTED, decisions=conflicts(decided("grade_counts", CAMBS, "open")))
    assert set(agreeing(tables, "grade_counts").values()) == {None}
    assert {row["basis"] for row in tables["grades"]} == {"stated"}
    assert [row["prevails"] for row in tables["conflicts"]] == [False, False]


def test_counts_of_before_a_correction_are_in_no_conflict_with_those_of_after_it() -> None:
    correction = corrected("d", "requires improvement", "adequate", "2024-08-08", "2024-09-01")
    articles = {
        "a-one": counts("a", {"good": 5, "adequate": 3}),
        "b-two": counts("b", {"good": 5, "adequate": 2, "requires-improvement": 1}, published="2024-09-01"),
        "c-three": counts("c", {"good": 4, "adequate": 3, "requires-improvement": 1}, published="2024-09-01"),
        "d-four": correction,
    }
    assert {p.path for p in outcome(articles)[1]} == {"articles/c-three.yaml"}
    tables = tables_of(articles, decisions=conflicts(decided("grade_counts", CAMBS, "b-two")))
    assert [row["article_ids"] for row in tables["conflicts"]] == ["b-two", "c-three"]
    of_first = [row["agrees"] for row in tables["claims"] if row["article_id"] == "a-one"]
    assert set(of_first) == {True}


# --- decisions that decide nothing, or cannot

AGREED: Final = {"a-one": grade("a", "good"), "b-two": grade("b", "good")}


@pytest.mark.parametrize(
    ("articles", "item", "message"),
    [
        (AGREED, decided("grades", RESPOND, "good"), "this decides nothing"),
        (AGREED, decided("grades", RESPOND, "open"), "this decides nothing"),
        (AGREED, decided("grades", RESPOND, "2024-08-08", "revised_on"), "this decides nothing"),
        (AGREED, decided("grades", f"{CAMBS}-powers", "good"), f"no article says anything of ‘{CAMBS}-powers’"),
        (AGREED, decided("metrics", RANK, "1"), "no article says anything of"),
        (AGREED, decided("metrics", RANK, "1", "population"), "no article says anything of"),
        (AGREED, decided("statements", POINT, "open"), "no article says anything of"),
        (AGREED, decided("events", LEFT, "2023"), "no article says anything of"),
        (AGREED, decided("grade_counts", CAMBS, "names"), "no article says anything of"),
        ({"a-one": counts("a", {"good": 2})}, decided("grade_counts", CAMBS, "a-one"), "this decides nothing"),
        ({"a-one": metric("a", "1")}, decided("metrics", RANK, "1"), "this decides nothing"),
        ({"a-one": metric("a", "1", population="9")}, decided("metrics", RANK, "9", "population"), "this decides nothing"),
        ({"a-one": statement("a", "2024-03-10", True)}, decided("statements", POINT, "2024-03-10"), "this decides nothing"),
        ({"a-one": event("a", "2023"), "b-two": event("b", "2023-05")}, decided("events", LEFT, "2023-05"), "this decides nothing"),
        ({"a-one": event("a", "2023"), "b-two": event("b", "2023-05")}, decided("events", LEFT, "2023"), "this decides nothing"),
        ({n: CORRECTED[n] for n in ("a-one", "b-two")}, decided("grades", RESPOND, "adequate"), "this decides nothing"),
    ],
)  # fmt: skip
def test_a_decision_that_decides_nothing_is_stale_at_its_key(articles: dict[str, str], item: str, message: str) -> None:
    (problem,) = outcome(articles, decisions=conflicts(item))[1]
    assert (problem.path, problem.line, problem.column, problem.code) == ("decisions.yaml", 3, 10, "stale-decision")
    assert message in problem.message


@pytest.mark.parametrize("what", DISAGREEING)
def test_a_choice_that_nobody_claims(what: str) -> None:
    one, other, *_ = DISAGREEING[what]
    articles = {"a-one": one, "b-two": other}
    table, key, column = named_in(outcome(articles)[1][0])
    problems = outcome(articles, decisions=conflicts(decided(table, key, "outstanding", column)))[1]
    problem = only([p for p in problems if p.path == "decisions.yaml"])
    assert (problem.line, problem.column, problem.code) == (4, 13, "unknown-choice")
    assert problem.message == "no article says ‘outstanding’"
    assert problem.hint.startswith("in conflict are: ")
    assert problem.hint.endswith("or choose open")


def test_a_choice_of_an_article_that_counts_nothing() -> None:
    (problem,) = outcome(COUNTED, decisions=conflicts(decided("grade_counts", CAMBS, "a-one")))[1]
    assert (problem.code, problem.line) == ("unknown-choice", 4)
    assert problem.hint == "in conflict are: b-two, c-three, names; or choose open"


def test_one_decision_does_not_settle_another_conflict() -> None:
    articles = {"a-one": grade("a", "good") + grade("x", "good", area="powers").partition("grades:\n")[2]}
    articles["b-two"] = articles["a-one"].replace("/a", "/b").replace("grade: good", "grade: adequate")
    problems = outcome(articles, decisions=conflicts(decided("grades", RESPOND, "good")))[1]
    assert {(p.line, p.code) for p in problems} == {(BODY + 4, "grade-conflict")}


WRONG: Final = {
    "an unknown key": (decided("grades", "k", "good") + "    colour: blue\n", [(8, 5, "unknown-key")]),
    "an unknown table": (decided("grade", "k", "good"), [(2, 12, "unknown-value")]),
    "an unknown column": (decided("grades", "k", "good", "grade"), [(8, 13, "unknown-value")]),
    "a column of another table": (decided("grades", "k", "good", "unit"), [(8, 13, "unknown-value")]),
    "a column of no table": (decided("events", "k", "2023", "unit"), [(8, 13, "unknown-value")]),
    "no reason": (decided("grades", "k", "good").replace("    reason: One of them is nearer to the report.\n", ""), [(2, 5, "missing-key")]),
    "an empty reason": (decided("grades", "k", "good").replace("One of them is nearer to the report.", ""), [(5, 5, "empty-value")]),
    "no date": (decided("grades", "k", "good").replace("2025-01-02", "soon"), [(6, 17, "not-a-date")]),
    "a date to come": (decided("grades", "k", "good").replace("2025-01-02", "2026-01-02"), [(6, 17, "future-date")]),
    "another weekday": (decided("grades", "k", "good").replace("2025-01-02", "Friday 2025-01-02"), [(6, 17, "wrong-weekday")]),
    "a list for a text": (decided("grades", "[k]", "good"), [(3, 10, "wrong-type")]),
    "the same twice": (decided("grades", "k", "good") + decided("grades", "k", "open"), [(8, 5, "repeated-decision")]),
    "a formula": (decided("grades", "k", "good").replace("A curator", "=1+1"), [(7, 17, "formula-text")]),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_in_a_decision_has_its_line_and_column(what: str) -> None:
    item, due = WRONG[what]
    problems = outcome(AGREED, decisions=conflicts(item))[1]
    assert [(p.path, p.line, p.column, p.code) for p in problems] == [("decisions.yaml", *place) for place in due]


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("conflicts: [\n", "yaml-syntax", 1),
        ("conflicts:\n  table: grades\n", "wrong-type", 2),
        ("- table: grades\n", "wrong-type", 1),
        ("conflicts:\n", "empty-value", 1),
        ("distinct: {}\nconflict: []\n", "unknown-key", 2),
        ("conflicts: &a\n  - *a\n", "anchor", 1),
        ("\N{BOM}conflicts: []\n", "byte-order-mark", 1),
        ("conflicts: \x07\n", "control-character", 1),
        ("a: b\n---\nc: d\n", "two-documents", 3),
    ],
)
def test_a_file_of_decisions_that_is_none(text: str, code: str, line: int) -> None:
    assert (line, code) in [(p.line, p.code) for p in outcome(AGREED, decisions=text)[1]]


@pytest.mark.parametrize("text", ["", "\n", "# Nothing is decided.\n", "# One.\n\n   # Two, indented.\n", "\r\n#\r\n"])
def test_a_file_without_decisions_is_fine(text: str) -> None:
    assert tables_of(AGREED, decisions=text)["conflicts"] == []


def test_everything_wrong_in_decisions_and_articles_shows_in_one_run() -> None:
    text = conflicts(*(item for item, _ in WRONG.values()))
    articles = AGREED | {"c-three": head("c") + "colour: blue\n"}
    problems = outcome(articles, decisions=text)[1]
    found = {(p.path, p.code) for p in problems}
    assert ("articles/c-three.yaml", "unknown-key") in found
    codes = {code for _, due in WRONG.values() for *_, code in due}
    assert {code for path, code in found if path == "decisions.yaml"} == codes
    assert problems == sorted(problems)


def test_two_statements_are_told_apart_once() -> None:
    text = distinct("b", "a") + distinct("a", "b").partition("distinct:\n")[2]
    problems = outcome(AGREED, decisions=text)[1]
    assert [(p.line, p.code) for p in problems] == [(7, "repeated-decision")]


def test_decisions_that_are_no_file_are_shown(tmp_path: Any) -> None:
    desk = Desk(tmp_path, AGREED)
    (desk.sources / "decisions.yaml").mkdir()
    assert [(p.path, p.code) for p in desk.check()] == [(str(desk.sources / "decisions.yaml"), "not-a-file")]


# --- one utterance under two names


def utterance(
    name: str, key: str, evidence: str = "", *, speaker: str = "roy-wilsher", excerpt: str = "", more: str = ""
) -> str:
    words = (f'    evidence: "{evidence}"\n' if evidence else "") + (f'    excerpt: "{excerpt}"\n' if excerpt else "")
    item = (
        f"  - id: {key}\n    speaker: {speaker}\n    kind: finding\n    stance: neutral\n    summary: A point.\n{words}"
    )
    return head(name) + "statements:\n" + item + more


WORDS: Final = "I have concerns about the performance"


def duplicates(one: str, other: str, decisions: str = "") -> list[tuple[str, int, str]]:
    problems = outcome({"a-one": one, "b-two": other}, decisions=decisions)[1]
    assert {p.code for p in problems} <= {"likely-duplicate"}
    return [(p.path, p.line, p.hint.partition(";")[0]) for p in problems]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (utterance("a", "late", WORDS), utterance("b", "slow", WORDS)),
        (utterance("a", "late", WORDS), utterance("b", "slow", excerpt=WORDS)),
        (utterance("a", "late", WORDS), utterance("b", "slow", "I have concerns on the performance")),
        (utterance("a", "late", WORDS.upper()), utterance("b", "slow", WORDS)),
        (utterance("a", "late", excerpt=f"“{WORDS}”"), utterance("b", "slow", excerpt=f"{WORDS}.")),
        (utterance("a", "late", "It’s a poor, poor thing"), utterance("b", "slow", excerpt="It's a poor - poor thing!")),
        (utterance("a", "late", "It should … quickly too"), utterance("b", "slow", "It should … quickly, too.")),
        (utterance("a", "late", "Mae’r heddlu’n dda iawn, iawn"), utterance("b", "slow", excerpt="Mae'r heddlu'n dda iawn iawn")),
        (utterance("a", "late", "91.8% of calls, 7 of 9"), utterance("b", "slow", excerpt="91.8 % of calls; 7 of 9")),
    ],
)  # fmt: skip
def test_nearly_the_same_words_under_two_names_are_shown_in_both_places(one: str, other: str) -> None:
    assert duplicates(one, other) == [
        ("articles/a-one.yaml", BODY + 1, "see articles/b-two.yaml:7"),
        ("articles/b-two.yaml", BODY + 1, "see articles/a-one.yaml:7"),
    ]


def test_curators_may_hold_them_to_be_two() -> None:
    keys = (f"{CAMBS}-roy-wilsher-slow", f"{CAMBS}-roy-wilsher-late")
    one, other = utterance("a", "late", WORDS), utterance("b", "slow", WORDS)
    problems = outcome({"a-one": one, "b-two": other})[1]
    assert all(f"(first: {keys[1]}, second: {keys[0]})" in problem.hint for problem in problems)
    assert duplicates(one, other, distinct(*keys)) == []
    assert len(tables_of({"a-one": one, "b-two": other}, decisions=distinct(*keys[::-1]))["statements"]) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (utterance("a", "late", WORDS), utterance("b", "slow", WORDS, speaker="nick-dean")),
        (utterance("a", "late", WORDS), utterance("b", "slow", WORDS).replace(CAMBS, "surrey-peel-2023-25")),
        (utterance("a", "late", WORDS), utterance("b", "slow", "I am pleased with the performance")),
        (
            utterance("a", "late", "I have … performance"),
            utterance("b", "slow", "I have … performance"),
        ),  # too few words
        (utterance("a", "late", WORDS), utterance("b", "slow")),
        (utterance("a", "late"), utterance("b", "slow")),
    ],
)
def test_other_speakers_inspections_and_words_are_no_duplicates(one: str, other: str) -> None:
    assert duplicates(one, other) == []


SECOND: Final = utterance("x", "slow", WORDS).partition("statements:\n")[2]


def test_two_points_of_one_sentence_are_no_duplicates() -> None:
    assert duplicates(utterance("a", "late", WORDS, more=SECOND), head("b")) == []


def test_an_article_that_prints_one_of_two_points_of_a_sentence_repeats_that_one() -> None:
    again = head("b") + f'statements:\n  - id: slow\n    speaker: roy-wilsher\n    evidence: "{WORDS}"\n'
    assert duplicates(utterance("a", "late", WORDS, more=SECOND), again) == []


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        (f"{CAMBS}-roy-wilsher-gone", f"{CAMBS}-roy-wilsher-slow", 2),
        (f"{CAMBS}-roy-wilsher-late", f"{CAMBS}-roy-wilsher-gone", 3),
        (f"{CAMBS}-roy-wilsher-late", f"{CAMBS}-roy-wilsher-late", 3),
        (f"{CAMBS}-roy-wilsher-late", f"{CAMBS}-nick-dean-other", 3),
    ],
)
def test_telling_apart_what_nobody_confuses_is_stale(first: str, second: str, line: int) -> None:
    other = SECOND.replace("slow", "other").replace("roy-wilsher", "nick-dean")
    articles = {
        "a-one": utterance("a", "late", WORDS),
        "b-two": utterance("b", "slow", "Quite other words", more=other),
    }
    problems = outcome(articles, decisions=distinct(first, second))[1]
    assert [(p.path, p.line, p.code) for p in problems] == [("decisions.yaml", line, "stale-decision")]


# --- all of it together


def random_article(rng: random.Random, name: str) -> str:
    """An article that may contradict any other one."""
    previous, on = rng.choice(["adequate", "inadequate"]), f"2024-0{rng.choice('68')}-08"
    parts = [corrected(name, "good", previous, on, "2024-09-20")]
    if rng.random() < 0.7:
        parts = [
            grade(name, rng.choice(["good", "adequate", "inadequate"]), f"2024-{rng.choice(['03', '07', '09'])}-20")
        ]
    parts.append(
        metric("", rng.choice(["13", "14"]), sample=rng.choice(["43", "44"]), unit=rng.choice(["rank", "calls"]))
    )
    parts.append(statement("", f"2024-03-0{rng.choice('12')}"))
    parts.append(event("", rng.choice(["2023", "2023-05", "2023-06", "2023-05-02"])))
    origin = (
        f"origin: {rng.choice(['hmicfrs', 'force'])}-release-cambridgeshire-2024-03-12\n" if rng.random() < 0.5 else ""
    )
    return origin + parts[0] + "".join(part[len(head("")) :] for part in parts[1:])


@pytest.mark.parametrize("seed", range(8))
def test_every_conflict_can_be_settled_as_its_problem_says_and_all_counts_are_true(seed: int) -> None:
    rng = random.Random(seed)
    articles = {f"{name}-x": random_article(rng, name) for name in "abcde"[: rng.randrange(2, 6)]}
    articles["z-x"] = statement("z", "2024-03-01", described=True)
    items: dict[tuple[str, str, str], str] = {}
    for _ in range(12):
        tables, problems = outcome(articles, decisions=conflicts(*items.values()) if items else "")
        if not problems:
            break
        found = [p for p in problems if p.path != "decisions.yaml"]
        if not found:  # value and unit of no article
            assert {p.code for p in problems} == {"unknown-choice"}
            items["metrics", RANK, "unit"] = decided("metrics", RANK, "open", "unit")
            continue
        where = named_in(rng.choice(found))
        values = [m[1] for p in found if named_in(p) == where and (m := re.search(r" is ‘(.*)’ here", p.message))]
        assert where not in items
        items[where] = decided(where[0], where[1], f'"{rng.choice([*values, "open"])}"', where[2])
    assert problems == []
    assert_counts_are_true(tables)


KEYS: Final = {"grades": "grade_id", "statements": "statement_id", "metrics": "metric_id", "events": "event_id"}


def assert_counts_are_true(tables: Rows) -> None:
    for table, key in KEYS.items():
        for row in tables[table]:
            claims = [claim for claim in tables["claims"] if claim["table"] == table and claim["fact_id"] == row[key]]
            counted = claims if row["disputed"] else [claim for claim in claims if claim["agrees"]]
            assert row["claims"] == len(counted) > 0
            assert row["independent_sources"] == len({claim["origin_id"] for claim in counted})
            assert {claim["agrees"] for claim in claims} <= ({None} if row["disputed"] else {True, False})
    for row in tables["conflicts"]:
        assert row["claims"] == len((row["article_ids"] or "").split("; ")) > 0
        assert row["prevails"] is False or row["resolution"] == "decided"
    for name in ("grade", "value"):
        for row in tables["grades" if name == "grade" else "metrics"]:
            assert (row[name] is None) == row["disputed"]
