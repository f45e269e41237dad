"""What every item of an article has: its inspection, its section, its place."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from jobs.codelists import Codelists
from jobs.dates import date_bounds, day
from jobs.problems import Finding, Where, nearest, shown
from schemas.article import SECTIONS, Article, Entry

_Item = TypeVar("_Item")


def items(article: Article) -> Iterator[tuple[str, int, Entry]]:
    """Every item with the name of its section and its index there."""
    for section in SECTIONS:
        for index, entry in enumerate(getattr(article, section)):
            yield section, index, entry


def repeats(items: Iterable[_Item], key: Callable[[_Item], object]) -> Iterator[tuple[_Item, _Item]]:
    """Each item whose key another one before it has, and the first that has it."""
    first: dict[object, _Item] = {}
    for item in items:
        told = key(item)
        if told in first:
            yield item, first[told]
        else:
            first[told] = item


def inspection_of(article: Article, entry: Entry, lists: Codelists) -> str:
    """The inspection of an item; empty where none is named or where it is not known."""
    inspection = entry.inspection or article.inspection
    return inspection if inspection in lists.inspections else ""


def inspections_named(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Every item belongs to an inspection: its own, or the one named at the top of the article."""
    if article.inspection:
        return
    for section, index, entry in items(article):
        if not entry.inspection:
            hint = "name it at the top of the article, or in the item"
            yield Finding((section, index), "no-inspection", "no inspection is named for this", hint)


def force_named(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Grades, counts and events belong to the inspection of one force, not to a report on many."""
    for section in ("grades", "counts", "events"):
        for index, entry in enumerate(getattr(article, section)):
            inspection = inspection_of(article, entry, lists)
            if inspection and not lists.inspections[inspection].force_id:
                message = f"{inspection} is not an inspection of one force"
                hint = "name the force's own inspection here; how many forces got a grade is a metric"
                yield Finding((section, index), "no-force", message, hint)


def when(said_on: str, published: str) -> tuple[str, str]:
    """The earliest and the latest day on which words can have been said; empty where nobody knows."""
    return (day(said_on), day(said_on)) if said_on else date_bounds(published)


def area_finding(lists: Codelists, inspection: str, text: str, where: Where) -> Finding | None:
    """What is wrong with the name of an area in its cycle, if anything is."""
    area = lists.area(inspection, text)
    if area is not None and area.area:
        return None
    cycle = lists.inspections[inspection].cycle_id
    codes = ", ".join(sorted({known.area for known in lists.areas[cycle].values() if known.area}))
    if area is not None:
        message = f"{shown(text)} means several areas of {cycle}"
        return Finding(where, "ambiguous-value", message, f"use a code: {codes}")
    hint = nearest(text, lists.areas[cycle], f"codes: {codes}; another wording is an alias in areas.csv")
    return Finding(where, "unknown-value", f"{shown(text)} is not an area of {cycle}", hint)
