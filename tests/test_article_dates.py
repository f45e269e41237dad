"""Dates as far as anybody knows them: of articles, of words, of what happened; with their weekday where it is printed."""

import datetime as dt
from typing import Any, Final

import pytest

from jobs.dates import check_article_date, check_day, date_bounds, day, period_bounds, period_name
from schemas.vocabulary import DATE_BASES
from tests.cases import BODY, head, outcome, quicken, tables_of
from tests.helpers import check

Row = dict[str, Any]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


def article(published: str, basis: str = "", body: str = "", name: str = "a") -> str:
    top = head(name, published)
    return (top.replace("text:", f"published_basis: {basis}\ntext:") if basis else top) + body


FORMS: Final = {
    "2024-03-12": ("2024-03-12", "2024-03-12"),
    "Tuesday 2024-03-12": ("2024-03-12", "2024-03-12"),
    "tuesday 2024-03-12": ("2024-03-12", "2024-03-12"),
    "2024-03": ("2024-03-01", "2024-03-31"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2024": ("2024-01-01", "2024-12-31"),
    "2024-03-12 to 2024-03-14": ("2024-03-12", "2024-03-14"),
    "2023-12 to 2024": ("2023-12-01", "2024-12-31"),
    "2024-03-12 to 2024-03-12": ("2024-03-12", "2024-03-12"),
    "after 2024-08-08": ("2024-08-09", ""),
    "after 2024-02-28": ("2024-02-29", ""),
    "after 2023-12-31": ("2024-01-01", ""),
    "from 2024-08-08": ("2024-08-08", ""),
    "before 2024-03-01": ("", "2024-02-29"),
    "until 2024-03-01": ("", "2024-03-01"),
    "unknown": ("", ""),
}


@pytest.mark.parametrize("text", FORMS)
def test_every_form_means_a_first_and_a_last_day(text: str) -> None:
    assert check_article_date(text) is None
    assert date_bounds(text) == FORMS[text]


@pytest.mark.parametrize("text", FORMS)
def test_every_form_is_published_as_it_is_known(text: str) -> None:
    basis = "" if text == "unknown" or FORMS[text][0] == FORMS[text][1] else "wording"
    (row,) = tables_of({"a-one": article(text, basis)})["articles"]
    first, last = (dt.date.fromisoformat(bound) if bound else None for bound in FORMS[text])
    assert (row["published_from"], row["published_to"]) == (first, last)
    assert row["published_on"] == (first if first == last else None)
    assert row["date_basis"] == (basis or ("unknown" if text == "unknown" else "printed"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12 March 2024", "not-a-date"),
        ("2024-3-12", "not-a-date"),
        ("24-03-12", "not-a-date"),
        ("2024/03/12", "not-a-date"),
        ("2024-03-12T10:00", "not-a-date"),
        ("Unknown", "not-a-date"),
        ("nobody knows", "not-a-date"),
        ("about 2024-03-12", "not-a-date"),
        ("after 2024", "not-a-date"),
        ("after", "not-a-date"),
        ("after Tuesday 2024-03-12", "not-a-date"),
        ("Tuesday 2024-03", "not-a-date"),
        ("Tuesday", "not-a-date"),
        ("Tue 2024-03-12", "not-a-date"),
        ("2024-03-12 to unknown", "not-a-date"),
        ("２０２４-03-12", "not-a-date"),
        ("2024-02-30", "impossible-date"),
        ("after 2023-02-29", "impossible-date"),
        ("Tuesday 2024-02-30", "impossible-date"),
        ("1899-12-31", "impossible-date"),
        ("2024-03-14 to 2024-03-12", "date-order"),
        ("2024-04 to 2024-03", "date-order"),
        ("Wednesday 2024-03-12", "wrong-weekday"),
        ("2026-01-02", "future-date"),
        ("Friday 2026-01-02", "future-date"),
        ("after 2026-01-01", "future-date"),
        ("2026-02", "future-date"),
        ("2027", "future-date"),
    ],
)
def test_what_is_no_date_of_an_article(text: str, code: str) -> None:
    (problem,) = check(
        article(
            text, "wording" if code == "date-order" or text == "after 2026-01-01" or text in ("2026-02", "2027") else ""
        )
    )
    assert (problem.line, problem.column, problem.code) == (3, 12, code)


@pytest.mark.parametrize(
    ("published", "basis", "found"),
    [
        ("2024-03-12", "", []),
        ("2024-03-12", "printed", []),
        ("2024-03-12", "other-article", []),
        ("2024-03", "wording", []),
        ("2024-03", "", [(3, 12)]),
        ("2024", "", [(3, 12)]),
        ("after 2024-03-12", "", [(3, 12)]),
        ("before 2024-03-12", "", [(3, 12)]),
        ("2024-03-12 to 2024-03-14", "", [(3, 12)]),
        ("2024-03", "unknown", [(4, 18)]),
        ("2024-03-12", "unknown", [(4, 18)]),
        ("unknown", "", []),
        ("unknown", "unknown", []),
        ("unknown", "printed", [(4, 18)]),
        ("unknown", "wording", [(4, 18)]),
    ],
)
def test_a_date_says_how_it_is_known(published: str, basis: str, found: list[tuple[int, int]]) -> None:
    problems = check(article(published, basis))
    assert [(p.line, p.column) for p in problems] == found
    assert {p.code for p in problems} <= {"date-basis"}


@pytest.mark.parametrize("basis", [basis for basis in DATE_BASES if basis != "unknown"])
def test_every_basis_is_accepted(basis: str) -> None:
    assert check(article("2024-03-12", basis)) == []


STATEMENT: Final = """\
statements:
  - id: a-point
    speaker: hmicfrs
    kind: commitment
    stance: neutral
    summary: A point.
    {}: {}
"""
FIELDS: Final = {
    "updated": "updated: {}\n",
    "said_on": "said_on: {}\n",
    "statements.said_on": STATEMENT.format("said_on", "{}"),
    "statements.due_on": STATEMENT.format("due_on", "{}"),
    "grades.revised_on": "grades:\n  - area: respond\n    grade: good\n    previous: adequate\n    revised_on: {}\n",
    "metrics.as_of": "metrics:\n  - measure: calls-abandoned\n    value: 3\n    claimed_by: hmicfrs\n    as_of: {}\n",
}
"""Where a weekday may stand before a date."""


@pytest.mark.parametrize("field", FIELDS)
def test_a_weekday_is_that_of_its_date(field: str) -> None:
    assert check(article("2024-03-12", body=FIELDS[field].format("Tuesday 2024-03-12"))) == []
    assert check(article("2024-03-12", body=FIELDS[field].format("tuesday 2024-03-12"))) == []
    (problem,) = check(article("2024-03-12", body=FIELDS[field].format("Monday 2024-03-12")))
    assert (problem.code, problem.line) == ("wrong-weekday", BODY + FIELDS[field].count("\n") - 1)
    assert problem.message == "2024-03-12 is a Tuesday, not a Monday"
    for other in ("Tuesday, 2024-03-12", "Day 2024-03-12", "Tuesday  2024-03-12", "Tuesday 12 March"):
        assert [p.code for p in check(article("2024-03-12", body=FIELDS[field].format(other)))] == ["not-a-date"]


def test_a_weekday_leaves_no_trace_in_the_tables() -> None:
    body = "".join(
        FIELDS[name].format("Tuesday 2024-03-12")
        for name in ("updated", "statements.said_on", "grades.revised_on", "metrics.as_of")
    )
    tables = tables_of({"a-one": article("Tuesday 2024-03-12", body=body)})
    on = dt.date(2024, 3, 12)
    assert tables["articles"][0]["updated_on"] == on
    assert tables["statements"][0]["said_on"] == on
    assert tables["grades"][0]["revised_on"] == on
    assert (tables["metrics"][0]["as_of"], tables["metrics"][0]["metric_id"][-10:]) == (on, "2024-03-12")


@pytest.mark.parametrize("number", range(7))
def test_all_weekdays(number: int) -> None:
    date = dt.date(2024, 2, 26) + dt.timedelta(number)
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    assert [check_day(f"{name} {date}") is None for name in names] == [name == names[number] for name in names]
    assert day(f"{names[number]} {date}") == str(date)


@pytest.mark.parametrize(
    ("published", "field", "text", "found"),
    [
        ("2024-03-12", "said_on", "2024-03-12", []),
        ("2024-03-12", "said_on", "2024-03-13", ["date-order"]),
        ("Tuesday 2024-03-12", "said_on", "Wednesday 2024-03-13", ["date-order"]),
        ("2024-03", "said_on", "2024-03-31", []),
        ("2024-03", "said_on", "2024-04-01", ["date-order"]),
        ("before 2024-03-12", "said_on", "2024-03-12", ["date-order"]),
        ("until 2024-03-12", "said_on", "2024-03-12", []),
        ("after 2024-03-12", "said_on", "2025-01-01", []),
        ("unknown", "said_on", "2025-01-01", []),
        ("2024-03", "statements.said_on", "2024-04-01", ["date-order"]),
        ("unknown", "statements.said_on", "2025-01-01", []),
        ("2024-03-12", "updated", "2024-03-11", ["date-order"]),
        ("2024-03", "updated", "2024-03-01", []),
        ("2024-03", "updated", "2024-02-29", ["date-order"]),
        ("after 2024-03-12", "updated", "2024-03-12", ["date-order"]),
        ("from 2024-03-12", "updated", "2024-03-12", []),
        ("before 2024-03-12", "updated", "2020-01-01", []),
        ("unknown", "updated", "2020-01-01", []),
        ("2024-03-12", "grades.revised_on", "2024-03-13", ["date-order"]),
        ("after 2024-08-08", "grades.revised_on", "2024-08-08", []),
        ("unknown", "grades.revised_on", "2025-08-08", []),
        ("2024-03-12", "metrics.as_of", "2024-03-13", ["date-order"]),
        ("2024-03", "metrics.as_of", "2024-03-13", []),
        ("2024-03-12", "statements.due_on", "2024-03-11", []),  # nobody knows when it was said
        ("unknown", "updated", "2026-01-02", ["future-date"]),
    ],
)
def test_dates_follow_each_other_as_far_as_they_are_known(
    published: str, field: str, text: str, found: list[str]
) -> None:
    basis = "" if published == "unknown" else "wording"
    assert [p.code for p in check(article(published, basis, FIELDS[field].format(text)))] == found


LATER: Final = {
    "people": "pat-made-up,Pat Made-Up,\n",
    "roles": "pat-made-up,Chief Constable,cambridgeshire,2020-01-01,2024-03-31,\npat-made-up,Chief Constable,surrey,2024-04-01,,\n",
}


@pytest.mark.parametrize(
    ("published", "said", "found"),
    [
        ("2024-03-12", "", "cambridgeshire"),
        ("2024-04-12", "", "surrey"),
        ("2024-03", "", "cambridgeshire"),
        ("2023", "", "cambridgeshire"),
        ("before 2024-04-01", "", "cambridgeshire"),
        ("after 2024-03-31", "", "surrey"),
        ("from 2024-04-01", "", "surrey"),
        ("after 2024-03-30", "", None),
        ("2024", "", None),
        ("unknown", "", None),
        ("unknown", "2024-03-31", "cambridgeshire"),
        ("unknown", "2024-04-01", "surrey"),
        ("2024", "Tuesday 2024-03-12", "cambridgeshire"),
        ("2019-12-31", "", "nobody"),
    ],
)
def test_the_role_of_a_speaker_is_that_of_the_day_or_is_asked_for(published: str, said: str, found: str | None) -> None:
    text = (
        STATEMENT.format("said_on", said).replace("hmicfrs", "pat-made-up")
        if said
        else STATEMENT.replace("    {}: {}\n", "").replace("hmicfrs", "pat-made-up")
    )
    tables, problems = outcome({"a-one": article(published, "" if published == "unknown" else "wording", text)}, LATER)
    if found in (None, "nobody"):
        assert [p.code for p in problems] == ["no-role"]
        assert ("several" in problems[0].message) == (found is None)
    else:
        assert [row["organisation_id"] for row in tables["statements"]] == [found]


def grade(name: str, published: str, grade: str, previous: str = "") -> str:
    item = f"grades:\n  - area: respond\n    grade: {grade}\n"
    item += f"    previous: {previous}\n    revised_on: 2024-08-08\n" if previous else ""
    return article(published, "" if published == "unknown" else "wording", item, name)


@pytest.mark.parametrize(
    ("published", "conflicts"),
    [
        ("2024-03-12", False),
        ("2024-08-07", False),
        ("2024-08-08", True),
        ("2024-09-01", True),
        ("2024", False),  # it may have been before
        ("2024-08", False),
        ("2024-09", True),
        ("before 2024-08-08", False),
        ("before 2025-01-01", False),
        ("after 2024-08-07", True),
        ("from 2024-08-07", False),
        ("after 2024-08-08", True),
        ("unknown", False),
    ],
)
def test_an_article_that_may_be_older_than_a_correction_was_right(published: str, conflicts: bool) -> None:
    articles = {
        "a-one": grade("a", published, "adequate"),
        "b-two": grade("b", "2024-08-09", "requires improvement", "adequate"),
    }
    tables, problems = outcome(articles)
    assert bool(problems) is conflicts
    if not conflicts:
        (row,) = tables["grades"]
        assert (row["grade"], row["previous_grade"], row["claims"]) == ("requires-improvement", "adequate", 1)
    else:
        assert {p.code for p in problems} == {"grade-conflict"}


@pytest.mark.parametrize("published", ["unknown", "after 2024-08-08", "2025", "from 2024-08-08"])
def test_a_correction_leads_whenever_the_article_on_it_was_written(published: str) -> None:
    articles = {
        "a-one": grade("a", "2024-03-12", "adequate"),
        "b-two": grade("b", published, "requires improvement", "adequate"),
    }
    (row,) = tables_of(articles)["grades"]
    assert (row["grade"], str(row["revised_on"])) == ("requires-improvement", "2024-08-08")


COUNTS: Final = (
    "counts:\n  - total: 8\n    grades:\n      good: 5\n      adequate: {}\n      requires improvement: {}\n"
)


@pytest.mark.parametrize("published", ["unknown", "2024", "after 2024-01-01"])
def test_counts_of_an_article_of_unknown_date_may_be_those_of_before_or_after_a_correction(published: str) -> None:
    basis = "" if published == "unknown" else "wording"
    for adequate, improve in ((3, 0), (2, 1)):
        tables_of({
            "a-one": article(published, basis, COUNTS.format(adequate, improve)),
            "b-two": grade("b", "2024-08-09", "requires improvement", "adequate"),
        })  # fmt: skip


def test_an_article_of_unknown_date_never_leads_one_of_a_known_date() -> None:
    articles = {
        "a-one": grade("a", "unknown", "good"),
        "b-two": grade("b", "2024-03-12", "good"),
        "c-three": grade("c", "2024", "good"),
    }
    (row,) = tables_of(articles)["grades"]
    assert row["evidence_url"] == "https://www.example.org/b"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024-02-01 to 2024-02-29", "2024-02"), ("2024-01 to 2024-12", "2024"), ("2023-04 to 2024-03", "2023-04 to 2024-03"),
        ("2024-02-01 to 2024-02-28", "2024-02-01 to 2024-02-28"), ("2024-02-03 to 2024-02-03", "2024-02-03"),
        ("2023 to 2024-12", "2023 to 2024"), ("2024-03-01 to 2024", "2024-03 to 2024-12"), ("some day", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_period_has_one_name_however_it_is_written(text: str, name: str) -> None:
    assert period_name(text) == name
    assert period_bounds(name) == period_bounds(text)
