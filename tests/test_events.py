"""What happened besides grading: one event in many articles, as exactly dated as any of them, and corrected grades."""

import datetime as dt
from typing import Any, Final

import pytest

from schemas.vocabulary import EVENT_KINDS, INSPECTION_EVENTS
from tests.cases import BODY, decided, head, outcome, quicken, tables_of

CAMBS: Final = "cambridgeshire-peel-2023-25"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch, checks=True)


def event(name: str, kind: str = "engage-left", on: str = "", published: str = "2024-03-12", **more: str) -> str:
    lines = "".join(f"    {key}: {text}\n" for key, text in ({"on": on} | more).items() if text)
    return head(name, published) + f"events:\n  - event: {kind}\n{lines}"


def when(row: dict[str, Any]) -> tuple[str | None, str | None]:
    start, end = row["happened_from"], row["happened_to"]
    return (start and str(start), end and str(end))


def the(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows
    return row


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_an_event_belongs_to_the_force_and_fieldwork_to_its_inspection(kind: str) -> None:
    row = the(tables_of({"a-one": event("a", kind, "2023")})["events"])
    assert row["event_id"] == f"{CAMBS if kind in INSPECTION_EVENTS else 'cambridgeshire'}-{kind}"
    assert (row["force_id"], row["inspection_id"], row["event"], row["basis"]) == (
        "cambridgeshire",
        CAMBS,
        kind,
        "stated",
    )


@pytest.mark.parametrize("kind", ["fieldwork", "revisit"])
def test_every_inspection_has_its_own_fieldwork(kind: str) -> None:
    articles = {
        "a-one": event("a", kind, "2023-09"),
        "b-two": event("b", kind, "2021-09", inspection="cambridgeshire-peel-2021-22"),
    }
    assert [row["inspection_id"] for row in tables_of(articles)["events"]] == ["cambridgeshire-peel-2021-22", CAMBS]


def test_a_status_is_one_event_whatever_inspection_an_article_is_about() -> None:
    articles = {
        "a-one": event("a", "engage-entered", "2019"),
        "b-two": event("b", "engage-entered", "2019-05-03", inspection="cambridgeshire-peel-2021-22"),
    }
    row = the(tables_of(articles)["events"])
    assert (row["event_id"], row["claims"], when(row)) == (
        "cambridgeshire-engage-entered", 2, ("2019-05-03", "2019-05-03"),
    )  # fmt: skip


def test_areas_and_variants_tell_events_apart() -> None:
    kind = "cause-of-concern-raised"
    articles = {
        "a-one": event("a", kind, "2023", area="respond"),
        "b-two": event("b", kind, "2023", area="responding to the public", variant="calls"),
        "c-three": event("c", kind, "2023", area="vuln"),
        "d-four": event("d", kind, "2023"),
    }
    assert [row["event_id"] for row in tables_of(articles)["events"]] == [
        f"cambridgeshire-{kind}", f"cambridgeshire-{kind}-peel-2023-25-respond",
        f"cambridgeshire-{kind}-peel-2023-25-respond-calls", f"cambridgeshire-{kind}-peel-2023-25-vuln",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("dates", "found"),
    [
        (["2023", "2023-05"], ("2023-05-01", "2023-05-31")),
        (["2023-05", "2023", "2023-05-17"], ("2023-05-17", "2023-05-17")),
        (["2023-04 to 2023-06", "2023-05-17"], ("2023-05-17", "2023-05-17")),
        (["", "2023"], ("2023-01-01", "2023-12-31")),
        (["2022 to 2023", "2023", ""], ("2023-01-01", "2023-12-31")),
        (["2023-05-17", "2023-05-17 to 2023-05-17"], ("2023-05-17", "2023-05-17")),
        (["", ""], (None, None)),
        (["2024-02"], ("2024-02-01", "2024-02-29")),
    ],
)
def test_the_most_exact_date_wins_and_the_others_agree(dates: list[str], found: tuple[str | None, str | None]) -> None:
    for order in (dates, dates[::-1]):
        tables = tables_of({f"{name}-x": event(name, on=on) for name, on in zip("abc", order, strict=False)})
        row = the(tables["events"])
        assert (when(row), row["claims"], row["disputed"]) == (found, len(dates), False)
        assert {claim["agrees"] for claim in tables["claims"]} == {True}


def test_the_summary_comes_from_whoever_has_one() -> None:
    articles = {"a-one": event("a", on="2023-05-17"), "b-two": event("b", on="2023", summary="It was moved back.")}
    row = the(tables_of(articles)["events"])
    assert (row["summary"], when(row)[0]) == ("It was moved back.", "2023-05-17")
    assert row["evidence_url"] == "https://www.example.org/a"


def test_copies_are_one_source() -> None:
    copy = "origin: hmicfrs-release-cambridgeshire-2024-03-12\n"
    row = the(tables_of({"a-one": copy + event("a", on="2023"), "b-two": copy + event("b", on="2023-01")})["events"])
    assert (row["claims"], row["independent_sources"]) == (2, 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2022", "2023"), ("2023-05", "2023-06"), ("2023-05-17", "2023-05-18"), ("2022-12 to 2023-01", "2023")],
)
def test_dates_that_contradict_each_other_stop_the_build_at_both_lines(one: str, other: str) -> None:
    tables, problems = outcome({"a-one": event("a", on=one), "b-two": event("b", on=other)})
    assert tables == {}
    assert [(p.path, p.line, p.column, p.code) for p in problems] == [
        ("articles/a-one.yaml", BODY + 2, 9, "event-conflict"), ("articles/b-two.yaml", BODY + 2, 9, "event-conflict"),
    ]  # fmt: skip
    assert all("(table: events, key: cambridgeshire-engage-left)" in p.hint for p in problems)


FIGHT: Final = {
    "a-one": event("a", on="2023-05-17"),
    "b-two": event("b", on="2023-05-18"),
    "c-three": event("c", on="2023-05"),
    "d-four": event("d"),
}


def decision(choice: str) -> str:
    return "conflicts:\n" + decided("events", "cambridgeshire-engage-left", choice)


@pytest.mark.parametrize("choice", ["2023-05-18", "2023-05-18 to 2023-05-18"])
def test_a_date_that_was_decided_on_is_published(choice: str) -> None:
    tables = tables_of(FIGHT, decisions=decision(choice))
    row = the(tables["events"])
    assert (when(row), row["claims"], row["disputed"]) == (("2023-05-18", "2023-05-18"), 3, False)
    assert {c["article_id"]: c["agrees"] for c in tables["claims"]} == {
        "a-one": False, "b-two": True, "c-three": True, "d-four": True,
    }  # fmt: skip
    assert [(r["column_name"], str(r["date_from"]), str(r["date_to"]), r["prevails"], r["article_ids"]) for r in tables["conflicts"]] == [
        ("happened_from", "2023-05-17", "2023-05-17", False, "a-one"),
        ("happened_from", "2023-05-18", "2023-05-18", True, "b-two"),
    ]  # fmt: skip


def test_a_month_may_be_decided_on_against_its_days() -> None:
    tables = tables_of(FIGHT, decisions=decision("2023-05"))
    row = the(tables["events"])
    assert (when(row), row["claims"]) == (("2023-05-01", "2023-05-31"), 2)
    assert [(str(r["date_to"]), r["prevails"]) for r in tables["conflicts"]] == [
        ("2023-05-31", True), ("2023-05-17", False), ("2023-05-18", False),
    ]  # fmt: skip


def test_a_date_that_is_left_open_is_empty_and_disputed() -> None:
    tables = tables_of(FIGHT, decisions=decision("open"))
    row = the(tables["events"])
    assert (when(row), row["claims"], row["disputed"]) == ((None, None), 4, True)
    assert {claim["agrees"] for claim in tables["claims"]} == {None}
    assert {row["resolution"] for row in tables["conflicts"]} == {"left-open"}


def test_a_date_that_nobody_gives_cannot_be_chosen() -> None:
    (problem,) = outcome(FIGHT, decisions=decision("2023-05-19"))[1]
    assert (problem.path, problem.line, problem.code) == ("decisions.yaml", 4, "unknown-choice")
    assert "2023-05-17 to 2023-05-17, 2023-05-18 to 2023-05-18" in problem.hint


def test_an_event_twice_in_an_article() -> None:
    text = event("a", on="2023") + "  - event: engage-left\n    on: 2024\n"
    (problem,) = outcome({"a-one": text})[1]
    assert (problem.line, problem.code) == (BODY + 3, "repeated-event")
    assert "variant" in problem.hint
    tables_of({"a-one": text + "    variant: again\n"})


@pytest.mark.parametrize(
    ("kind", "on", "code"),
    [
        ("grade-corrected", "2023", "unknown-value"),  # follows from grades
        ("engage-left", "2023-13", "not-a-period"),
        ("engage-left", "2023-06 to 2023-05", "date-order"),
        ("engage-left", "2025", "date-order"),  # after the article
        ("engage-left", "2027", "future-date"),
        ("engage-left", "some day", "not-a-period"),
    ],
)
def test_events_that_cannot_be(kind: str, on: str, code: str) -> None:
    assert code in [p.code for p in outcome({"a-one": event("a", kind, on)})[1]]


# --- corrected grades

BEFORE: Final = "grades:\n  - area: respond\n    grade: adequate\n"
AFTER: Final = (
    "grades:\n  - area: respond\n    grade: requires improvement\n    previous: adequate\n    revised_on: {}\n"
)
SINCE: Final = "grades:\n  - area: respond\n    grade: requires improvement\n"
KEY: Final = "cambridgeshire-grade-corrected-peel-2023-25-respond"


def corrected(on: str = "2024-08-08") -> dict[str, str]:
    return {
        "a-one": head("a") + BEFORE,
        "b-two": head("b", "2024-09-01") + AFTER.format(on) + "    evidence: there was wrong data\n",
        "c-three": head("c", "2024-09-02") + SINCE,
    }


def test_a_corrected_grade_is_an_event_that_follows() -> None:
    tables = tables_of(corrected())
    row = the(tables["events"])
    assert (row["event_id"], row["event"], row["basis"], row["summary"]) == (KEY, "grade-corrected", "derived", None)
    assert (row["happened_from"], row["happened_to"]) == (dt.date(2024, 8, 8), dt.date(2024, 8, 8))
    assert (row["area_id"], row["force_id"], row["disputed"]) == ("peel-2023-25-respond", "cambridgeshire", False)
    claim = the([claim for claim in tables["claims"] if claim["table"] == "events"])
    assert (claim["fact_id"], claim["article_id"], claim["basis"], claim["agrees"]) == (KEY, "b-two", "derived", True)
    assert (
        claim["evidence_url"] == row["evidence_url"] == "https://www.example.org/b#:~:text=there%20was%20wrong%20data"
    )


def test_only_those_who_tell_of_a_correction_are_counted() -> None:
    """The third article names the new grade and knows of no correction."""
    tables = tables_of(corrected())
    assert (the(tables["events"])["claims"], the(tables["grades"])["claims"]) == (1, 2)


def test_who_dates_a_correction_otherwise_was_overruled() -> None:
    articles = corrected() | {"d-four": head("d", "2024-09-03") + AFTER.format("2024-08-09")}
    decisions = "conflicts:\n" + decided("grades", f"{CAMBS}-respond", "2024-08-09", "revised_on")
    tables = tables_of(articles, decisions=decisions)
    row = the(tables["events"])
    assert (when(row)[0], row["claims"]) == ("2024-08-09", 1)
    claims = {claim["article_id"]: claim["agrees"] for claim in tables["claims"] if claim["table"] == "events"}
    assert claims == {"b-two": False, "d-four": True}


def test_what_articles_tell_and_what_follows_stand_side_by_side() -> None:
    articles = corrected() | {"d-four": event("d", on="2023")}
    assert [row["event_id"] for row in tables_of(articles)["events"]] == ["cambridgeshire-engage-left", KEY]


def test_grades_of_other_programmes_are_no_events_here() -> None:
    lists = {
        "cycles": "cdi-2016,Crime data integrity 2016,crime-data-integrity,peel-five-grades,2016,,,\n",
        "areas": "cdi-2016,respond,whole,yes,Crime recording,,,\n",
        "inspections": "kent-cdi-2016,kent,cdi-2016,2017-01-10,1,respond,,\n",
    }
    text = corrected()["b-two"].replace(CAMBS, "kent-cdi-2016")
    tables = tables_of({"b-two": text}, lists)
    assert (tables["events"], the(tables["other_grades"])["previous_grade"]) == ([], "adequate")
