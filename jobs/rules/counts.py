"""Counts of areas by grade."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.rules.items import inspection_of
from jobs.scalars import check_whole
from schemas.article import Article, Count


def counts_add_up(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """The counted areas are not more than the total that is printed with them."""
    for index, count in enumerate(article.counts):
        numbers = list(count.grades.values())
        total = count.total
        if not total or any(map(check_whole, [*numbers, total])):
            continue
        counted = sum(map(int, numbers))
        if counted > int(total):
            message = f"{counted} areas are counted, but the total is {total}"
            yield Finding(("counts", index, "total"), "count-mismatch", message, "are all of them of one inspection?")


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
