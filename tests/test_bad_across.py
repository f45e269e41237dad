"""Wave two: what only all articles together show, each problem at its line in its article."""

from dataclasses import replace

import pytest

from jobs.across import weigh_and_check
from jobs.checks import check_tables
from jobs.pipeline import Sources, check_articles
from jobs.problems import Problem
from tests.helpers import BODY, HEAD, TODAY, build, compared, real, unmarked

INSPECTION = "cambridgeshire-peel-2023-25"
KENT = {"inspections": "kent-made-up-2023,kent,peel-2023-25,,,,,\n"}


def head(name: str, published: str = "2024-03-13", publisher: str = "wired-gov") -> str:
    """The first lines of an article with an address of its own."""
    lines = HEAD.replace("example.org/a", f"example.org/{name}").replace("2024-03-13", published)
    return lines.replace("wired-gov", publisher)


def assert_problems(bodies: dict[str, str], lists: dict[str, str] | None = None, decisions: str = "") -> list[Problem]:
    """Builds articles, given as id -> text with expectations, and compares all problems with these.

    decisions: the text of `decisions.yaml`, with its expectations.
    """
    bare = {f"articles/{name}.yaml": unmarked(text) for name, text in bodies.items()}
    decided, _ = bare["decisions.yaml"] = unmarked(decisions)
    files, problems = build({name: unmarked(text)[0] for name, text in bodies.items()}, lists, decided)
    for path, (_, expected) in bare.items():
        found, due = compared([p for p in problems if p.path == path], expected)
        assert found == due, path
    assert sum(len(expected) for _, expected in bare.values()) == len(problems)
    assert bool(files) is not bool(problems)
    return problems


def decide(table: str, key: str, column: str = "") -> str:
    """What the hint of a conflict says can be done about it."""
    more = f", column: {column}" if column else ""
    return f"mend what is wrong, or decide in sources/decisions.yaml (table: {table}, key: {key}{more})"


def test_equal_addresses() -> None:
    (problem,) = assert_problems({"a-one": head("x"), "b-two": head("x").replace("\n", " #! equal-address@6\n", 1)})
    assert problem.hint == "see articles/a-one.yaml:1"


def test_contradictory_grades_are_shown_in_both_articles() -> None:
    first, second = assert_problems({
        "a-one": head("one") + "grades:\n- {area: powers, grade: good} #! grade-conflict@25\n",
        "b-two": head("two") + "grades:\n- area: Powers\n  grade: Inadequate #! grade-conflict@10\n",
    })  # fmt: skip
    way_out = decide("grades", "cambridgeshire-peel-2023-25-powers")
    assert first.hint == f"see articles/b-two.yaml:{BODY + 2}; {way_out}"
    assert second.hint == f"see articles/a-one.yaml:{BODY + 1}; {way_out}"
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
    })  # fmt: skip
    assert problem.hint == f"see articles/a-one.yaml:{BODY + 1}; {decide('grade_counts', INSPECTION)}"


def test_counts_that_do_not_fit_the_inspection() -> None:
    text = "counts:\n- grades: {good: 3}\n  total: 9 #! count-conflict@10\n"
    (problem,) = assert_problems({"a-one": head("one") + text})
    assert problem.message == "9 graded areas here, 8 in inspections.csv"
    assert problem.hint == decide("grade_counts", INSPECTION)


def test_counts_of_more_areas_than_the_inspection_graded() -> None:
    (problem,) = assert_problems(
        {"a-one": head("one") + "counts:\n- grades: {good: 5, adequate: 4} #! count-conflict@11\n"}
    )
    assert problem.message == "9 areas are counted here, 8 in inspections.csv"
    assert problem.hint == decide("grade_counts", INSPECTION)


def test_counts_of_more_areas_than_the_total_that_is_printed_with_them() -> None:
    """A note keeps what is printed; that it does not fit the inspection is one conflict, not two."""
    text = "counts:\n- grades: {good: 5, adequate: 4} #! count-conflict@11\n  total: 8\n  note: Printed like this.\n"
    assert_problems({"a-one": head("one") + text})
    more = "counts:\n- grades: {good: 5, adequate: 4}\n  total: 9 #! count-conflict@10\n"
    assert_problems({"a-one": head("one") + more})


def test_counts_of_an_inspection_whose_number_of_areas_nobody_knows() -> None:
    text = head("one").replace("cambridgeshire-peel-2023-25", "kent-made-up-2023")
    assert_problems({"a-one": text + "counts:\n- grades: {good: 50, adequate: 40}\n  total: 90\n"}, KENT)


def test_counts_of_fewer_areas_than_are_named() -> None:
    problems = assert_problems({
        "a-one": head("one") + "counts:\n- grades:\n    good: 1 #! count-conflict@11\n    adequate: 2\n",
        "b-two": head("two") + "grades:\n- {area: powers, grade: good}\n- {area: offend, grade: good}\n",
    })  # fmt: skip
    assert problems[0].hint == f"named: offend, powers; {decide('grade_counts', INSPECTION)}"


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
    assert problems[0].hint == f"see articles/a-one.yaml:{BODY + 1}"


METRIC = "metrics:\n- measure: emergency-calls-change\n  claimed_by: nick-dean\n  value: {}\n"


def test_figures_that_differ() -> None:
    assert_problems({
        "a-one": head("one") + METRIC.format("27 #! metric-conflict@10"),
        "b-two": head("two") + METRIC.format("28 #! metric-conflict@10"),
    })  # fmt: skip


def test_figures_in_different_units() -> None:
    one, two = head("one") + METRIC.format("27"), head("two") + METRIC.format("27") + "  unit: calls\n"
    _, second = build({"a-one": one, "b-two": two})[1]
    assert (second.path, second.line, second.code) == ("articles/b-two.yaml", BODY + 4, "metric-conflict")
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
    text = (
        head("one").replace("cambridgeshire-peel-2023-25", "kent-made-up-2023")
        + "counts:\n- grades: {good: 0}\n  total: 0\n"
    )
    problems = build({"a-one": text}, KENT)[1]
    assert [(p.line, p.column) for p in problems] == [(BODY + 2, 10)]


def test_a_reference_to_nothing_is_traced_to_its_line() -> None:
    """No source can do it, since lists are checked first; so a row is taken away behind the back of the check."""
    text = head("one") + "statements:\n- {id: a-point, speaker: nick-dean, kind: claim, stance: neutral, summary: S.}\n"
    sources = Sources([("articles/a-one.yaml", text.encode())], real().codelists)
    checked = check_articles(sources, TODAY)
    people = [row for row in checked.lists.rows["people"] if row["person_id"] != "nick-dean"]
    lists = replace(checked.lists, rows=checked.lists.rows | {"people": people})
    tables, problems = weigh_and_check(sources.articles, sources.codelists, checked.claims, lists)
    assert tables == {}
    path, data = sources.codelists["roles"]
    roles = [number for number, line in enumerate(data.decode().split("\n"), 1) if line.startswith("nick-dean,")]
    assert [(p.code, p.path, p.line) for p in problems] == [
        *(("broken-reference", path, line) for line in roles),
        ("schema", "articles/a-one.yaml", BODY + 1),  # nobody knows the speaker's name any more
    ]


def test_an_empty_table_can_break_its_schema_too() -> None:
    sources = Sources([("articles/a-one.yaml", HEAD.encode())], real().codelists)
    checked = check_articles(sources, TODAY)
    tables, problems = weigh_and_check(sources.articles, sources.codelists, checked.claims, checked.lists)
    assert problems == []
    empty = {name: table.slice(0, 0) for name, table in tables.items()}
    assert check_tables(empty) == []


def test_an_utterance_dated_twice() -> None:
    """`said_on` of both articles, where both give one."""
    said = "statements:\n- id: a-point\n  speaker: hmicfrs\n  said_on: {} #! statement-conflict@12\n"
    described = "  kind: finding\n  stance: neutral\n  summary: A point.\n"
    assert_problems({
        "a-one": head("one") + said.format("2024-03-11") + described,
        "b-two": head("two") + said.format("2024-03-10"),
    })  # fmt: skip


EVENT = "events:\n- event: engage-entered\n  on: {}\n"


def test_an_event_dated_twice() -> None:
    first, _ = assert_problems({
        "a-one": head("one") + EVENT.format("2023-05-05 #! event-conflict@7"),
        "b-two": head("two") + EVENT.format("2023-06 #! event-conflict@7"),
        "c-three": head("three") + EVENT.format("2023"),
    })  # fmt: skip
    assert "is ‘2023-05-05 to 2023-05-05’ here but ‘2023-06-01 to 2023-06-30’ elsewhere" in first.message
    assert first.hint == f"see articles/b-two.yaml:{BODY + 2}; {decide('events', 'cambridgeshire-engage-entered')}"


WORDS = "It should answer its calls faster than it does"
ALIKE = "statements:\n- id: {}\n  speaker: hmicfrs\n  kind: finding\n  stance: neutral\n  summary: A point.\n  excerpt: {}\n"


def test_two_statements_that_read_nearly_the_same() -> None:
    articles = {
        "a-one": head("one") + ALIKE.format("a-point #! likely-duplicate@7", WORDS),
        "b-two": head("two") + ALIKE.format("b-point #! likely-duplicate@7", WORDS.replace("faster", "sooner")),
    }
    first, _ = assert_problems(articles)
    assert first.message == f"the words are nearly those of {INSPECTION}-hmicfrs-b-point"
    assert first.hint.startswith(f"see articles/b-two.yaml:{BODY + 1}; give both one id; or if they are two utterances")
    distinct = f"distinct:\n- first: {INSPECTION}-hmicfrs-b-point\n  second: {INSPECTION}-hmicfrs-a-point\n"
    assert_problems({name: unmarked(text)[0] for name, text in articles.items()}, decisions=distinct + DECIDED)


DECIDED = "  reason: Both articles were read again.\n  decided_on: 2025-06-01\n  decided_by: Somebody\n"
DECISION = "- table: {}\n  key: {}\n  choose: {}\n" + DECIDED


def test_decisions_that_decide_nothing() -> None:
    key = f"{INSPECTION}-powers"
    stale = [
        DECISION.format("grades", f"{key} #! stale-decision@8", "good"),  # one article, so nobody disagrees
        DECISION.format("grades", f"{INSPECTION}-dogs #! stale-decision@8", "good"),
        DECISION.format("statements", f"{key} #! stale-decision@8", "2024-03-11"),
        DECISION.format("metrics", f"{key} #! stale-decision@8", "open"),
        DECISION.format("events", f"{key} #! stale-decision@8", "2023"),
    ]
    distinct = "distinct:\n- first: a-a #! stale-decision@10\n  second: b-b #! stale-decision@11\n" + DECIDED
    text = head("one") + "grades:\n- {area: powers, grade: good}\n"
    assert_problems({"a-one": text}, decisions="conflicts:\n" + "".join(stale) + distinct)
    counts = DECISION.format("grade_counts", f"{INSPECTION} #! stale-decision@8", "a-one")  # once grades are clear
    assert_problems({"a-one": text}, decisions="conflicts:\n" + counts)
    assert_problems({"a-one": head("one") + "counts:\n- grades: {good: 3}\n"}, decisions="conflicts:\n" + counts)


def test_a_decision_for_what_nobody_says() -> None:
    grades = "grades:\n- {{area: powers, grade: {}}}\n"
    articles = {"a-one": head("one") + grades.format("good"), "b-two": head("two") + grades.format("adequate")}
    decision = DECISION.format("grades", f"{INSPECTION}-powers", "inadequate #! unknown-choice@11")
    (problem,) = assert_problems(articles, decisions="conflicts:\n" + decision)
    assert problem.hint == "in conflict are: adequate, good; or choose open"


def test_a_decision_taken_twice() -> None:
    grades = "grades:\n- {{area: powers, grade: {}}}\n"
    articles = {"a-one": head("one") + grades.format("good"), "b-two": head("two") + grades.format("adequate")}
    decision = DECISION.format("grades", f"{INSPECTION}-powers", "good")
    twice = decision.replace("- table: grades\n", "- table: grades #! repeated-decision@3\n")
    assert_problems(articles, decisions=f"conflicts:\n{decision}{twice}")
