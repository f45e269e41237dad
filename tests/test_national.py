"""What the national record taught, each on its real case: counts of all kinds, reports under one name, two cycles in one page."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from jobs.pipeline import check_articles, make_tables
from jobs.sources import read_sources
from tests.cases import EVER, REAL, head, outcome, tables_of

Row = dict[str, Any]


@cache
def record() -> dict[str, list[Row]]:
    sources, problems = read_sources(REAL)
    checked = check_articles(sources, EVER)
    tables, found = make_tables(sources, checked)
    assert problems + checked.problems + found == []
    return {name: table.to_pylist() for name, table in tables.items()}


def rows(name: str, /, **wanted: object) -> Iterator[Row]:
    return (row for row in record()[name] if all(row[column] == value for column, value in wanted.items()))


def grades(inspection: str, basis: str) -> dict[str, str]:
    return {r["area_id"].rsplit("-", 1)[1]: r["grade"] for r in rows("grades", inspection_id=inspection, basis=basis)}


def test_two_whole_counts_that_share_no_grade_conflict() -> None:
    """Greater Manchester 2021-22: one adequate area in the release, one good area in the force's words later."""
    found = list(rows("conflicts", fact_id="greater-manchester-peel-2021-22"))
    said = {r["article_ids"]: (r["words"], r["prevails"]) for r in found}
    assert said["greater-manchester-2022-03-04-wired-gov"][1]
    assert not said["greater-manchester-2023-12-04-rochdale-online"][1]


def test_a_count_that_the_named_areas_leave_no_room_for_conflicts() -> None:
    """Lancashire 2023-25: six good areas counted, all nine named and five of them good."""
    found = list(rows("conflicts", fact_id="lancashire-peel-2023-25"))
    assert {r["resolution"] for r in found} == {"decided"}
    assert {r["prevails"] for r in found} == {True, False}
    good = next(
        rows("grade_counts", grade_count_id="lancashire-2024-12-05-lancashire-post-lancashire-peel-2023-25-good")
    )
    claim = next(rows("claims", table="grade_counts", fact_id=good["grade_count_id"]))
    assert (good["areas"], claim["agrees"]) == (6, False)


def test_what_is_counted_together_with_what_is_named_leaves_one_grade() -> None:
    """Gwent 2023-25: the outstanding area is named and not counted; five adequate ones are counted and not named."""
    derived = grades("gwent-peel-2023-25", "derived")
    assert len(derived) == 5
    assert set(derived.values()) == {"adequate"}


def test_a_count_says_what_it_leaves_out() -> None:
    """Essex 2021-22: eight areas, besides the accuracy of crime data, which had been inspected before."""
    assert set(grades("essex-peel-2021-22", "derived").values()) <= {"adequate", "requires-improvement"}
    assert not list(rows("conflicts", fact_id="essex-peel-2021-22"))


def test_right_counts_under_a_wrong_total_agree_in_every_grade() -> None:
    """South Yorkshire 2023-25: eight areas counted by all, two newspapers print nine as their number."""
    key = "south-yorkshire-2025-07-24-police-professional-south-yorkshire-peel-2023-25"
    claims = [r for r in rows("claims", table="grade_counts") if r["fact_id"].startswith(key)]
    assert claims
    assert all(claim["agrees"] for claim in claims)
    assert {r["prevails"] for r in rows("conflicts", fact_id="south-yorkshire-peel-2023-25")} == {True, False}


def test_supporting_victims_is_graded_where_it_was() -> None:
    found = {r["force_id"]: r["grade"] for r in rows("grades", area_id="peel-2021-22-victims")}
    assert found["gloucestershire"] == "inadequate"
    assert found["suffolk"] == "requires-improvement"


def test_one_page_on_two_cycles_gives_grades_to_both() -> None:
    """Wiltshire Times: nine areas of 2023-25 and eight of 2021-22."""
    claims = rows("claims", table="grades", article_id="wiltshire-undated-wiltshire-times")
    cycles = [claim["fact_id"].removeprefix("wiltshire-").rsplit("-", 1)[0] for claim in claims]
    assert (cycles.count("peel-2023-25"), cycles.count("peel-2021-22")) == (9, 8)


def test_grades_that_articles_name_are_never_derived_and_none_is_both() -> None:
    for row in record()["grades"]:
        stated = any(c["basis"] == "stated" for c in rows("claims", table="grades", fact_id=row["grade_id"]))
        assert stated == (row["basis"] == "stated")


def test_every_force_and_cycle_of_the_national_record_is_covered_or_said_to_be_missing() -> None:
    for row in record()["coverage"]:
        held = row["grades_stated"] + row["grades_derived"] + row["grades_disputed"]
        if row["areas_graded"] is not None:
            assert held + row["grades_missing"] == row["areas_graded"]
        assert (row["independent_sources"] > 0) == (row["articles"] > 0)


COUNT = "counts:\n  - total: {}\n    grades: {{{}}}\n"


def test_the_message_tells_totals_apart_when_the_numbers_are_equal() -> None:
    one = head("a") + COUNT.format(8, "good: 1, adequate: 5, requires improvement: 2")
    two = head("b") + COUNT.format(9, "good: 1, adequate: 5, requires improvement: 2")
    problems = outcome({"a-one": one, "b-two": two})[1]
    assert any(p.message.endswith("1 good, 5 adequate, 2 requires improvement, 8 in all") for p in problems)


def test_a_grade_that_whole_counts_do_not_have_is_told_as_that() -> None:
    text = head("a") + COUNT.format(8, "adequate: 8") + "grades:\n  - {area: powers, grade: good}\n"
    problems = outcome({"a-one": text})[1]
    assert "the counts reach their total without good, but 1 are named with that grade" in {p.message for p in problems}


def test_what_a_count_leaves_out_is_left_out_of_the_names_too() -> None:
    named = "grades:\n  - {area: powers, grade: outstanding}\n"
    count = COUNT.format(7, "adequate: 7") + "    without: powers\n"
    tables = tables_of({"a-one": head("a") + named + count})
    derived = {r["area_id"].rsplit("-", 1)[1]: r["grade"] for r in tables["grades"] if r["basis"] == "derived"}
    assert set(derived.values()) == {"adequate"}
    assert len(derived) == 7
    assert "powers" not in derived


def test_where_it_is_not_known_which_areas_were_graded_only_those_that_always_are_follow() -> None:
    lists = {"inspections": "kent-peel-2021-22-made-up,kent,peel-2021-22,,9,,,\n"}
    start = head("a").replace("cambridgeshire-peel-2023-25", "kent-peel-2021-22-made-up")
    named = "grades:\n" + "".join(f"  - {{area: {area}, grade: good}}\n" for area in ("vuln", "prevent", "respond"))
    tables = tables_of({"a-one": start + named + COUNT.format(9, "good: 3, adequate: 6")}, lists)
    derived = {r["area_id"].rsplit("-", 1)[1] for r in tables["grades"] if r["basis"] == "derived"}
    assert derived == {"treat", "invest", "offend", "workforce", "plan"}  # the sixth may be record, soc or victims
