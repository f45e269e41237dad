"""Wave two: what only all articles together show, each problem at its line in its article."""

from dataclasses import replace

import pytest

from jobs.across import weigh_and_check
from jobs.checks import check_tables
from jobs.pipeline import Sources, check_articles
from jobs.problems import Problem
from jobs.tables import Trace, Traced
from tests.helpers import HEAD, TODAY, build, compared, real, unmarked

KENT = {"inspections": "kent-peel-2023-25,kent,peel-2023-25,,,,,\n"}


def head(name: str, published: str = "2024-03-13", publisher: str = "wired-gov") -> str:
    """The first four lines of an article with an address of its own."""
    lines = HEAD.replace("example.org/a", f"example.org/{name}").replace("2024-03-13", published)
    return lines.replace("wired-gov", publisher)


def assert_problems(bodies: dict[str, str], lists: dict[str, str] | None = None) -> list[Problem]:
    """Builds articles, given as id -> text with expectations, and compares all problems with these."""
    bare = {name: unmarked(text) for name, text in bodies.items()}
    files, problems = build({name: text for name, (text, _) in bare.items()}, lists)
    for name, (_, expected) in bare.items():
        found, due = compared([p for p in problems if p.path == f"articles/{name}.yaml"], expected)
        assert found == due, name
    assert sum(len(expected) for _, expected in bare.values()) == len(problems)
    assert bool(files) is not bool(problems)
    return problems


def test_equal_addresses() -> None:
    (problem,) = assert_problems({"a-one": head("x"), "b-two": head("x").replace("\n", " #! equal-address@6\n", 1)})
    assert problem.hint == "see articles/a-one.yaml:1"


def test_contradictory_grades_are_shown_in_both_articles() -> None:
    first, second = assert_problems({
        "a-one": head("one") + "grades:\n- {area: powers, grade: good} #! grade-conflict@25\n",
        "b-two": head("two") + "grades:\n- area: Powers\n  grade: Inadequate #! grade-conflict@10\n",
    })  # fmt: skip
    assert (first.hint, second.hint) == ("see articles/b-two.yaml:7", "see articles/a-one.yaml:6")
    assert "is ‘inadequate’ here but ‘good’ elsewhere" in second.message


def test_an_old_grade_after_its_correction() -> None:
    revised = (
        "grades:\n- {area: powers, grade: good, previous: adequate, revised_on: 2024-06-01} #! grade-conflict@25\n"
    )
    after = "grades:\n- {area: powers, grade: adequate} #! grade-conflict@25\n"
    assert_problems({"a-one": head("one", "2024-06-02") + revised, "b-two": head("two", "2024-06-03") + after})


def test_an_old_grade_before_its_correction_is_no_conflict() -> None:
    revised = "grades:\n- {area: powers, grade: good, previous: adequate, revised_on: 2024-06-01}\n"
    before = "grades:\n- {area: powers, grade: adequate}\n"
    assert_problems({"a-one": head("one", "2024-06-02") + revised, "b-two": head("two", "2024-05-31") + before})


def test_a_third_grade_before_a_correction() -> None:
    revised = (
        "grades:\n- {area: powers, grade: good, previous: adequate, revised_on: 2024-06-01} #! grade-conflict@25\n"
    )
    before = "grades:\n- {area: powers, grade: outstanding} #! grade-conflict@25\n"
    assert_problems({"a-one": head("one", "2024-06-02") + revised, "b-two": head("two", "2024-05-31") + before})


def test_two_corrections_that_remember_different_grades() -> None:
    one = "grades:\n- {area: powers, grade: good, previous: adequate, revised_on: 2024-06-01} #! grade-conflict\n"
    two = "grades:\n- {area: powers, grade: good, previous: inadequate, revised_on: 2024-06-01} #! grade-conflict\n"
    assert_problems({"a-one": head("one", "2024-06-02") + one, "b-two": head("two", "2024-06-02") + two})


def test_counts_that_differ_between_articles() -> None:
    (problem,) = assert_problems({
        "a-one": head("one") + "counts:\n- grades: {good: 3, adequate: 2}\n",
        "b-two": head("two") + "counts:\n- grades: {good: 4} #! count-conflict\n",
    }, KENT)  # fmt: skip
    assert problem.hint == "see articles/a-one.yaml:6"


def test_counts_that_do_not_fit_the_inspection() -> None:
    assert_problems({"a-one": head("one") + "counts:\n- grades: {good: 3}\n  total: 9 #! count-conflict@10\n"})


def test_counts_of_more_areas_than_the_inspection_graded() -> None:
    assert_problems({"a-one": head("one") + "counts:\n- grades: {good: 5, adequate: 4} #! count-mismatch\n"})


def test_counts_of_fewer_areas_than_are_named() -> None:
    problems = assert_problems({
        "a-one": head("one") + "counts:\n- grades:\n    good: 1 #! count-conflict@11\n    adequate: 2\n",
        "b-two": head("two") + "grades:\n- {area: powers, grade: good}\n- {area: offend, grade: good}\n",
    })  # fmt: skip
    assert problems[0].hint == "named: offend, powers"


def test_counts_by_label_of_fewer_areas_than_are_named() -> None:
    counts = "counts:\n- total: 8\n  grades:\n    good: 7\n    requires improvement: 0 #! count-conflict@27\n"
    assert_problems({"a-one": head("one") + counts + "grades:\n- {area: powers, grade: requires improvement}\n"})


def test_a_named_grade_that_whole_counts_leave_no_room_for() -> None:
    counts = "counts:\n- grades: {good: 6, adequate: 2} #! count-conflict\n"
    assert_problems({"a-one": head("one") + counts + "grades:\n- {area: powers, grade: outstanding}\n"})


POINT = "{id: a-point, speaker: hmicfrs, kind: finding, stance: neutral, summary: A point.}"


def test_a_statement_that_no_article_describes() -> None:
    assert_problems({
        "a-one": head("one") + f"statements:\n- {POINT}\n- {{id: b-point, speaker: hmicfrs}} #! undescribed-statement@8\n",
        "b-two": head("two") + "statements:\n- id: a-point\n  speaker: hmicfrs\n- id: b-point\n  speaker: hmicfrs\n"
        "- id: a-pint #! undescribed-statement@7\n  speaker: hmicfrs\n",
    })  # fmt: skip


def test_a_statement_that_two_articles_describe() -> None:
    problems = assert_problems({
        "a-one": head("one") + f"statements:\n- {POINT}\n",
        "b-two": head("two") + f"statements:\n- {POINT} #! described-twice\n",
    })  # fmt: skip
    assert problems[0].hint == "see articles/a-one.yaml:6"


METRIC = "metrics:\n- measure: emergency-calls-change\n  claimed_by: nick-dean\n  value: {}\n"


def test_figures_that_differ() -> None:
    assert_problems({
        "a-one": head("one") + METRIC.format("27 #! metric-conflict@10"),
        "b-two": head("two") + METRIC.format("28 #! metric-conflict@10"),
    })  # fmt: skip


def test_figures_in_different_units() -> None:
    one, two = head("one") + METRIC.format("27"), head("two") + METRIC.format("27") + "  unit: calls\n"
    _, second = build({"a-one": one, "b-two": two})[1]
    assert (second.path, second.line, second.code) == ("articles/b-two.yaml", 9, "metric-conflict")
    assert "is ‘calls’ here but ‘percent’ elsewhere" in second.message


@pytest.mark.parametrize(("one", "other"), [("27", "27.0"), ("0.50", "0.5"), ("0", "-0"), ("0.0", "-0.00")])
def test_one_figure_in_two_spellings_is_no_conflict(one: str, other: str) -> None:
    assert_problems({"a-one": head("one") + METRIC.format(one), "b-two": head("two") + METRIC.format(other)})


def test_nothing_of_wave_two_is_shown_while_wave_one_has_problems() -> None:
    assert_problems({
        "a-one": head("same") + "grades:\n- {area: powers, grade: good}\n",
        "b-two": head("same") + "grades:\n- {area: powers, grade: adequate}\n",
        "c-three": head("three") + "colour: blue #! unknown-key@1\n",
    })  # fmt: skip


def test_everything_of_wave_two_is_shown_at_once_and_sorted() -> None:
    problems = assert_problems({
        "a-one": head("same") + "grades:\n- {area: powers, grade: good} #! grade-conflict@25\n"
        + METRIC.format("27 #! metric-conflict@10"),
        "b-two": head("same").replace("\n", " #! equal-address@6\n", 1)
        + "grades:\n- {area: powers, grade: adequate} #! grade-conflict@25\n"
        + METRIC.format("28 #! metric-conflict@10") + "statements:\n- {id: b-point, speaker: hmicfrs} #! undescribed-statement@8\n",
    })  # fmt: skip
    assert problems == sorted(problems)


def test_a_total_of_nothing_is_traced_to_its_line() -> None:
    text = head("one").replace("cambridgeshire-", "kent-") + "counts:\n- grades: {good: 0}\n  total: 0\n"
    problems = build({"a-one": text}, KENT)[1]
    assert [(p.line, p.column) for p in problems] == [(7, 10)]


def test_a_reference_to_nothing_is_traced_to_its_line() -> None:
    """No source can do it, since lists are checked first; so a row is taken away behind the back of the check."""
    text = head("one") + "statements:\n- {id: a-point, speaker: nick-dean, kind: claim, stance: neutral, summary: S.}\n"
    sources = Sources([("articles/a-one.yaml", text.encode())], real().codelists)
    checked = check_articles(sources, TODAY)
    people = [row for row in checked.lists.rows["people"] if row["person_id"] != "nick-dean"]
    lists = replace(checked.lists, rows=checked.lists.rows | {"people": people})
    tables, problems = weigh_and_check(sources.articles, sources.codelists, checked.claims, lists)
    assert tables == {}
    assert ("broken-reference", "sources/codelists/roles.csv", 2) in [(p.code, p.path[-27:], p.line) for p in problems]


def test_an_empty_table_can_break_its_schema_too() -> None:
    sources = Sources([("articles/a-one.yaml", HEAD.encode())], real().codelists)
    checked = check_articles(sources, TODAY)
    tables, problems = weigh_and_check(sources.articles, sources.codelists, checked.claims, checked.lists)
    assert problems == []
    empty = {name: Traced(table.slice(0, 0), Trace([], table[0], table[0])) for name, table in tables.items()}
    assert check_tables(empty) == []


def test_an_utterance_dated_twice() -> None:
    """`said_on` of both articles, where both give one."""
    said = "statements:\n- id: a-point\n  speaker: hmicfrs\n  said_on: {} #! statement-conflict@12\n"
    described = "  kind: finding\n  stance: neutral\n  summary: A point.\n"
    assert_problems({
        "a-one": head("one") + said.format("2024-03-11") + described,
        "b-two": head("two") + said.format("2024-03-10"),
    })  # fmt: skip
