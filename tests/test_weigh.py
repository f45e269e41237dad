"""How claims become facts: each test is a case that the sources really had."""

from tests.cases import BODY, head, outcome, tables_of

GRADES = """\
grades:
  - area: powers
    grade: outstanding
  - area: prevent
    grade: good
  - area: workforce
    grade: good
  - area: invest
    grade: adequate
  - area: vuln
    grade: adequate
  - area: offend
    grade: inadequate
  - area: respond
    grade: inadequate
"""
COUNTS = """\
counts:
  - total: 8
    grades:
      outstanding: 1
      good: 2
      adequate: 2
      requires improvement: 1
      inadequate: 2
"""
LEADERSHIP = """\
grades:
  - area: leadership and force management
    grade: requires improvement
"""


def grade(tables: dict[str, list[dict[str, object]]], area: str) -> dict[str, object]:
    (row,) = [row for row in tables["grades"] if str(row["grade_id"]).endswith(f"-{area}")]
    return row


def test_two_articles_that_name_one_grade_are_one_fact_with_two_claims() -> None:
    tables = tables_of(
        {"one-a": head("a") + GRADES, "two-b": head("b", "2024-03-13", "wired-gov") + GRADES.replace("  - area: powers", "  - area: police powers and public treatment")}
    )  # fmt: skip
    assert len(tables["grades"]) == 7
    powers = grade(tables, "powers")
    assert (powers["grade"], powers["basis"], powers["claims"], powers["independent_sources"]) == (
        "outstanding", "stated", 2, 2,
    )  # fmt: skip
    assert powers["evidence_url"] == "https://www.example.org/a"
    claims = [row for row in tables["claims"] if row["fact_id"] == powers["grade_id"]]
    assert [(row["article_id"], row["agrees"]) for row in claims] == [("one-a", True), ("two-b", True)]


def test_copies_are_one_source() -> None:
    copy = "origin: hmicfrs-release-cambridgeshire-2024-03-12\n"
    tables = tables_of({"one-a": head("a") + copy + GRADES, "two-b": head("b") + copy + GRADES})
    assert (grade(tables, "powers")["claims"], grade(tables, "powers")["independent_sources"]) == (2, 1)


def test_the_eighth_grade_follows_from_names_and_counts_and_says_so() -> None:
    tables = tables_of({"one-a": head("a") + GRADES, "two-b": head("b") + COUNTS})
    eighth = grade(tables, "leadership")
    assert (eighth["grade"], eighth["basis"], eighth["claims"]) == ("requires-improvement", "derived", 1)
    assert eighth["derivation"] == (
        "Named by no article. Of 8 graded areas 1 outstanding, 2 good, 2 adequate, 1 requires improvement, 2 inadequate "
        "are counted; 7 are named, and what the counts leave over is 1 requires improvement."
    )
    assert eighth["evidence_url"] == "https://www.example.org/b"
    (claim,) = [row for row in tables["claims"] if row["fact_id"] == eighth["grade_id"]]
    assert (claim["article_id"], claim["basis"], claim["grade"]) == ("two-b", "derived", "requires-improvement")


def test_stated_replaces_derived() -> None:
    articles = {"one-a": head("a") + GRADES, "two-b": head("b") + COUNTS, "three-c": head("c") + LEADERSHIP}
    eighth = grade(tables_of(articles), "leadership")
    assert (eighth["basis"], eighth["derivation"], eighth["claims"]) == ("stated", None, 1)


def test_several_areas_follow_if_one_grade_is_left() -> None:
    two_fewer = "\n".join(GRADES.splitlines()[:-4]) + "\n"
    counts = COUNTS.replace("requires improvement: 1", "requires improvement: 0").replace(
        "inadequate: 2", "inadequate: 3"
    )
    tables = tables_of({"one-a": head("a") + two_fewer, "two-b": head("b") + counts})
    derived = [row for row in tables["grades"] if row["basis"] == "derived"]
    assert [row["area_id"] for row in derived] == [f"peel-2023-25-{a}" for a in ("leadership", "offend", "respond")]
    assert {row["grade"] for row in derived} == {"inadequate"}


def test_nothing_follows_if_two_grades_are_left() -> None:
    fewer = "\n".join(GRADES.splitlines()[:-2]) + "\n"
    tables = tables_of({"one-a": head("a") + fewer, "two-b": head("b") + COUNTS})
    assert len(tables["grades"]) == 6


def test_nothing_follows_from_counts_that_leave_areas_out() -> None:
    """Two areas are not named: one requires improvement, and of the other nothing is counted."""
    fewer = "\n".join(GRADES.splitlines()[:-2]) + "\n"
    part = COUNTS.replace("      inadequate: 2\n", "")
    assert len(tables_of({"one-a": head("a") + fewer, "two-b": head("b") + part})["grades"]) == 6


def test_what_follows_does_not_rest_on_grades_that_are_all_named() -> None:
    part = COUNTS.replace("      adequate: 2\n", "")
    eighth = grade(tables_of({"one-a": head("a") + GRADES, "two-b": head("b") + part}), "leadership")
    assert (eighth["grade"], eighth["basis"]) == ("requires-improvement", "derived")


def test_a_grade_that_is_not_counted_is_absent_not_zero() -> None:
    counts = "counts:\n  - grades:\n      inadequate: 2\n"
    (row,) = tables_of({"one-a": head("a") + counts})["grade_counts"]
    assert (row["grade"], row["areas"], row["total_as_printed"]) == ("inadequate", 2, None)


def test_a_correction_stands_beside_what_was_printed_before_it() -> None:
    before = "grades:\n  - area: respond\n    grade: adequate\n"
    after = "grades:\n  - area: respond\n    grade: requires improvement\n    previous: adequate\n    revised_on: 2024-08-08\n"
    tables = tables_of({"one-a": head("a") + before, "two-b": head("b", "2024-08-09") + after})
    row = grade(tables, "respond")
    assert (row["grade"], row["previous_grade"], str(row["revised_on"])) == (
        "requires-improvement", "adequate", "2024-08-08",
    )  # fmt: skip
    claims = [c for c in tables["claims"] if c["fact_id"] == row["grade_id"]]
    assert [(c["article_id"], c["agrees"]) for c in claims] == [("one-a", False), ("two-b", True)]


def test_a_later_article_that_ignores_the_correction_conflicts() -> None:
    late = "grades:\n  - area: respond\n    grade: adequate\n"
    after = "grades:\n  - area: respond\n    grade: requires improvement\n    previous: adequate\n    revised_on: 2024-08-08\n"
    _, problems = outcome({"one-a": head("a", "2024-09-01") + late, "two-b": head("b", "2024-08-09") + after})
    assert [(p.path, p.line, p.code) for p in problems] == [
        ("articles/one-a.yaml", BODY + 2, "grade-conflict"),
        ("articles/two-b.yaml", BODY + 2, "grade-conflict"),
    ]


STATEMENT = """\
statements:
  - id: answer-calls-faster
    speaker: roy-wilsher
    kind: concern
    stance: negative
    area: respond
    summary: Calls have to be answered sooner.
    evidence: "It should … quickly too"
"""
REPEATED = """\
statements:
  - id: answer-calls-faster
    speaker: roy-wilsher
    evidence: "It should … quickly"
"""


def test_one_utterance_in_two_articles_is_one_statement() -> None:
    tables = tables_of({"one-a": head("a") + REPEATED, "two-b": head("b", "2024-03-13") + STATEMENT})
    (row,) = tables["statements"]
    assert row["statement_id"] == "cambridgeshire-peel-2023-25-roy-wilsher-answer-calls-faster"
    assert (row["role"], row["organisation_id"]) == ("His Majesty’s Inspector of Constabulary", "hmicfrs")
    assert (row["claims"], row["summary"]) == (2, "Calls have to be answered sooner.")
    assert row["evidence_url"] == "https://www.example.org/b#:~:text=It%20should,quickly%20too"


def test_an_organisation_speaks_without_a_role() -> None:
    text = STATEMENT.replace("roy-wilsher", "hmicfrs") + "    speech: indirect\n"
    (row,) = tables_of({"one-a": head("a") + text})["statements"]
    assert (row["speaker_id"], row["role"], row["speech"]) == (None, None, "indirect")
    assert row["speaker"] == row["organisation"]


METRIC = """\
metrics:
  - measure: calls-answered-in-time
    value: {value}
    claimed_by: {who}
    threshold: {threshold}
"""


def test_two_claimants_of_one_measure_are_two_rows() -> None:
    tables = tables_of(
        {
            "one-a": head("a") + METRIC.format(value=77, who="hmicfrs", threshold="10 seconds"),
            "two-b": head("b") + METRIC.format(value=88, who="nick-dean", threshold="10 seconds"),
        }
    )
    rows = [(row["claimed_by_id"], row["said_by_id"], row["value"]) for row in tables["metrics"]]
    assert rows == [("cambridgeshire", "nick-dean", 88.0), ("hmicfrs", None, 77.0)]


def test_a_person_and_their_organisation_are_one_claimant_and_equal_numbers_are_equal() -> None:
    tables = tables_of(
        {
            "one-a": head("a") + METRIC.format(value="91.80", who="cambridgeshire", threshold="10 sec"),
            "two-b": head("b") + METRIC.format(value="91.8", who="nick-dean", threshold="10 seconds"),
        }
    )
    (row,) = tables["metrics"]
    assert (row["value"], row["claims"], row["said_by_id"]) == (91.8, 2, "nick-dean")
    assert (row["threshold"], row["threshold_unit"]) == (10.0, "seconds")


def test_two_values_of_one_observation_conflict_at_both_places() -> None:
    _, problems = outcome(
        {
            "one-a": head("a") + METRIC.format(value=77, who="hmicfrs", threshold="10 seconds"),
            "two-b": head("b") + METRIC.format(value=78, who="hmicfrs", threshold="10 seconds"),
        }
    )
    assert [(p.path, p.line, p.column, p.code, p.hint.split(";")[0]) for p in problems] == [
        ("articles/one-a.yaml", BODY + 2, 12, "metric-conflict", f"see articles/two-b.yaml:{BODY + 2}"),
        ("articles/two-b.yaml", BODY + 2, 12, "metric-conflict", f"see articles/one-a.yaml:{BODY + 2}"),
    ]


def test_periods_and_thresholds_in_other_words_are_one_observation() -> None:
    one = METRIC.format(value="91.8", who="hmicfrs", threshold="10 seconds") + "    period: 2024-02\n"
    two = METRIC.format(value="91.8", who="hmicfrs", threshold="10.0 sec") + "    period: 2024-02-01 to 2024-02-29\n"
    (row,) = tables_of({"one-a": head("a") + one, "two-b": head("b") + two})["metrics"]
    assert row["metric_id"] == "calls-answered-in-time-10-seconds-cambridgeshire-hmicfrs-2024-02"
    assert row["claims"] == 2


RANK = """\
metrics:
  - measure: call-answering-rank
    value: 13
    claimed_by: hmicfrs
    as_of: 2024-03-12
"""


def test_a_detail_that_only_one_article_has_is_kept() -> None:
    one = head("a") + RANK + "    baseline: pre-covid\n    printed: 13th place\n"
    two = head("b") + RANK + "    population: 43\n"
    (row,) = tables_of({"one-a": one, "two-b": two})["metrics"]
    assert (row["baseline"], row["value_as_printed"], row["population"]) == ("pre-covid", "13th place", 43)


def test_details_that_contradict_each_other_conflict() -> None:
    one, two = head("a") + RANK + "    population: 43\n", head("b") + RANK + "    population: 44\n"
    _, problems = outcome({"one-a": one, "two-b": two})
    assert [(p.path, p.line, p.code) for p in problems] == [
        ("articles/one-a.yaml", BODY + 5, "metric-conflict"),
        ("articles/two-b.yaml", BODY + 5, "metric-conflict"),
    ]


def test_an_utterance_has_one_date() -> None:
    one = head("a") + STATEMENT + "    said_on: 2024-03-12\n"
    two = head("b") + REPEATED + "    said_on: 2024-03-11\n"
    _, problems = outcome({"one-a": one, "two-b": two})
    assert {(p.path, p.code) for p in problems} == {
        ("articles/one-a.yaml", "statement-conflict"),
        ("articles/two-b.yaml", "statement-conflict"),
    }


def test_counts_before_and_after_a_correction_are_both_right() -> None:
    """Northamptonshire: adequate when published, requires improvement since 8 August 2024."""
    before = "counts:\n  - total: 8\n    grades:\n      adequate: 3\n      good: 5\n"
    after = "counts:\n  - total: 8\n    grades:\n      adequate: 2\n      good: 5\n      requires improvement: 1\n"
    named = "grades:\n  - area: respond\n    grade: {}\n"
    corrected = named.format("requires improvement") + "    previous: adequate\n    revised_on: 2024-08-08\n"
    tables = tables_of({
        "one-a": head("a", "2024-05-01") + named.format("adequate") + before,
        "two-b": head("b", "2024-09-01") + corrected + after,
    })  # fmt: skip
    assert grade(tables, "respond")["previous_grade"] == "adequate"


def test_a_grade_corrected_twice_leaves_earlier_articles_right() -> None:
    named = "grades:\n  - area: respond\n    grade: {}\n"
    first = named.format("adequate") + "    previous: good\n    revised_on: 2024-05-01\n"
    second = named.format("inadequate") + "    previous: adequate\n    revised_on: 2024-08-01\n"
    _, problems = outcome({
        "one-a": head("a", "2024-03-12") + named.format("good"),
        "two-b": head("b", "2024-05-02") + first,
        "three-c": head("c", "2024-08-02") + second,
    })  # fmt: skip
    assert [p for p in problems if p.path == "articles/one-a.yaml"] == []
