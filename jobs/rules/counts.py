"""Counts of areas by grade."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding, nearest, shown
from jobs.rules.items import inspection_of
from jobs.scalars import check_whole
from schemas.article import Article, Count


def counts_add_up(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """The counted areas are not more than the total printed with them, unless a note says that it is printed so."""
    for index, count in enumerate(article.counts):
        numbers = list(count.grades.values())
        if not count.total or any(map(check_whole, [*numbers, count.total])):
            continue
        counted = sum(map(int, numbers))
        where = ("counts", index, "total")
        if int(count.total) == 0:
            yield Finding(where, "count-mismatch", "a total of 0 areas", "leave it out where not printed")
        elif counted > int(count.total) and not count.note:
            message = f"{counted} areas are counted, but the total is {count.total}"
            hint = "are all of them of one inspection? If the article really prints this, say so in a note of the item"
            yield Finding(where, "count-mismatch", message, hint)


def known_exceptions(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """What a count leaves out are codes of areas of its cycle."""
    for index, count in enumerate(article.counts):
        inspection = inspection_of(article, count, lists)
        if not inspection or not count.without:
            continue
        cycle = lists.inspections[inspection].cycle_id
        codes = {area.area for area in lists.areas[cycle].values() if area.area}
        for code in left_out(count.without):
            if code not in codes:
                message = f"{shown(code)} is not the code of an area of {cycle}"
                yield Finding(("counts", index, "without"), "unknown-value", message, nearest(code, codes))


def left_out(text: str) -> list[str]:
    """The codes in `without`."""
    return [code.strip() for code in text.split("|")] if text else []


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
