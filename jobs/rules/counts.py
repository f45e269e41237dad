"""Counts of areas by grade."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.rules.items import inspection_of
from jobs.scalars import check_whole
from schemas.article import Article, Count


def counts_add_up(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """The counted areas are not more than the total printed with them, or than the inspection graded."""
    for index, count in enumerate(article.counts):
        numbers = list(count.grades.values())
        if any(map(check_whole, [*numbers, count.total or "0"])):
            continue
        where, counted = ("counts", index), sum(map(int, numbers))
        inspection = inspection_of(article, count, lists)
        graded = lists.inspections[inspection].graded_total if inspection else None
        if count.total and int(count.total) == 0:
            yield Finding((*where, "total"), "count-mismatch", "a total of 0 areas", "leave it out where not printed")
        elif count.total and counted > int(count.total):
            message = f"{counted} areas are counted, but the total is {count.total}"
            yield Finding((*where, "total"), "count-mismatch", message, "are all of them of one inspection?")
        elif not count.total and graded is not None and counted > graded:
            message = f"{counted} areas are counted, but {inspection} graded {graded}"
            yield Finding((*where, "grades"), "count-mismatch", message, "are all of them of one inspection?")


def counts_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article counts the grades of an inspection once, and each grade once whatever it is called."""
    first: dict[str, int] = {}
    for index, count in enumerate(article.counts):
        inspection = inspection_of(article, count, lists)
        if not inspection:
            continue
        if inspection in first:
            message = f"the grades of {inspection} are counted twice here"
            yield Finding(("counts", index), "repeated-count", message, f"first in item {first[inspection] + 1}")
        first.setdefault(inspection, index)
        yield from _equal_grades(count, index, inspection, lists)


def _equal_grades(count: Count, index: int, inspection: str, lists: Codelists) -> Iterator[Finding]:
    seen: set[str] = set()
    for label in count.grades:
        grade = lists.grade(inspection, label)
        if grade and grade in seen:
            where = ("counts", index, "grades", label, "@key")
            yield Finding(where, "repeated-count", f"the grade {grade} is counted twice here")
        seen.add(grade or "")
