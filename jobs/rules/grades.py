"""Grades: areas that exist and are graded, grades that the scale has, one grade an area."""

from collections.abc import Iterator

from jobs.codelists import Area, Codelists
from jobs.problems import Finding, nearest, shown
from jobs.rules.items import area_finding, inspection_of, items, repeats
from jobs.scalars import check_text, fold
from schemas.article import Article, Grade


def known_areas(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An area is a code, an official wording or an unambiguous alias of the inspection's own cycle."""
    for section, index, entry in items(article):
        text = getattr(entry, "area", "")
        inspection = inspection_of(article, entry, lists) if text else ""
        if not inspection or ((area := lists.area(inspection, text)) and area.area):
            continue
        finding = area_finding(lists, inspection, text, (section, index, "area"))
        if finding and not check_text(text):
            yield finding


def _placed_grades(article: Article, lists: Codelists) -> Iterator[tuple[int, Grade, str, Area]]:
    """The grades whose inspection and area are known, with their index."""
    for index, grade in enumerate(article.grades):
        inspection = inspection_of(article, grade, lists)
        area = lists.area(inspection, grade.area) if inspection else None
        if area is not None and area.area:
            yield index, grade, inspection, area


def gradable_areas(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A grade is given to an area that the cycle grades, and that the inspection graded where its list is known."""
    for index, _, inspection, area in _placed_grades(article, lists):
        graded = lists.inspections[inspection].graded_areas
        where = ("grades", index, "area")
        if area.graded == "no":
            cycle = lists.inspections[inspection].cycle_id
            yield Finding(where, "area-not-graded", f"{shown(area.name)} is inspected but never graded in {cycle}")
        elif graded and area.area not in graded:
            message = f"{shown(area.name)} was not graded in {inspection}"
            yield Finding(where, "area-not-graded", message, f"graded were: {', '.join(sorted(graded))}")


def grades_in_scale(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A grade is one of the scale of the inspection's cycle (there is no ‘adequate’ before 2021/22)."""
    named = [(("grades", i, "grade"), grade, grade.grade) for i, grade in enumerate(article.grades)]
    named += [(("grades", i, "previous"), grade, grade.previous) for i, grade in enumerate(article.grades)]
    counted = [(("counts", i, "grades", g, "@key"), c, g) for i, c in enumerate(article.counts) for g in c.grades]
    for where, entry, text in (*named, *counted):
        inspection = inspection_of(article, entry, lists)
        if not text or not inspection or lists.grade(inspection, text) or check_text(text):
            continue
        labels = [row["label"] for row in lists.scale_rows(inspection)]
        known = any(fold(text) in grades for grades in lists.scales.values())
        code, what = ("grade-not-in-scale", "has no grade") if known else ("unknown-value", "does not know")
        listed = f"one of: {', '.join(labels)}"
        hint = listed if known else nearest(text, labels, listed)
        yield Finding(where, code, f"the scale of {inspection} {what} {shown(text)}", hint)


def one_grade_per_area(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article grades an area once; a correction is one item with `previous` and `revised_on`."""
    placed = _placed_grades(article, lists)
    for (index, grade, inspection, area), (first, before, *_) in repeats(placed, lambda each: (each[2], each[3].area)):
        other = lists.grade(inspection, before.grade) != lists.grade(inspection, grade.grade)
        message = f"{shown(area.name)} is graded twice here" + (" and differently" if other else "")
        hint = f"first as {shown(before.grade)}, item {first + 1} of grades"
        yield Finding(("grades", index), "repeated-grade", message, hint)


def whole_revisions(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A correction names its date and the grade before, which is another grade."""
    for index, grade in enumerate(article.grades):
        where = ("grades", index, "revised_on" if grade.revised_on else "previous")
        if bool(grade.revised_on) != bool(grade.previous):
            message = "a correction needs both revised_on and previous"
            yield Finding(where, "revision-incomplete", message)
        elif grade.previous and _same_grade(article, grade, lists):
            yield Finding(where, "revision-incomplete", "the corrected grade is the same as the one before")


def _same_grade(article: Article, grade: Grade, lists: Codelists) -> bool:
    inspection = inspection_of(article, grade, lists)
    return bool(inspection) and lists.grade(inspection, grade.previous) == lists.grade(inspection, grade.grade)
