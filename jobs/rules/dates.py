"""Dates lie in the past where they must, and follow each other."""

from collections.abc import Iterator
from functools import cache

from jobs.codelists import Codelists
from jobs.problems import Finding, Where, shown
from jobs.rules.items import SECTIONS
from jobs.scalars import check_date
from jobs.shape import shape_of
from schemas.article import Article, Entry


def no_future(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """What has been published or said has a date that has come."""
    dated: list[tuple[Where, str]] = [((name,), getattr(article, name)) for name in _past_dates(Article)]
    for section, struct in SECTIONS.items():
        for name in _past_dates(struct):
            dated += [((section, i, name), getattr(entry, name)) for i, entry in enumerate(getattr(article, section))]
    for where, text in dated:
        if text > today and not check_date(text):
            yield Finding(where, "future-date", f"{shown(text)} is still to come")


@cache
def _past_dates(struct: type[Article | Entry]) -> tuple[str, ...]:
    fields = shape_of(struct).fields.items()
    return tuple(name for name, field in fields if field.kind and field.kind.name == "past-date")


def ordered_dates(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Nothing is printed before it is said or done, updated before it is published, or due before it is promised."""
    pairs: list[tuple[Where, str, str, str]] = [
        (("updated",), article.published, article.updated, "updated before it was published"),
        (("said_on",), article.said_on, article.published, "said after the article was published"),
    ]
    latest = article.updated or article.published
    for index, statement in enumerate(article.statements):
        said = statement.said_on or article.said_on
        where = ("statements", index)
        pairs.append(((*where, "said_on"), statement.said_on, latest, "said after the article was published"))
        pairs.append(((*where, "due_on"), said, statement.due_on, "due before it was said"))
    for index, grade in enumerate(article.grades):
        pairs.append((("grades", index, "revised_on"), grade.revised_on, latest, "corrected after the article"))
    for index, metric in enumerate(article.metrics):
        actual = metric.as_of if metric.status in ("", "actual") else ""
        pairs.append((("metrics", index, "as_of"), actual, latest, "a date after the article"))
    for place, earlier, later, message in pairs:
        if earlier and later and later < earlier and not check_date(earlier) and not check_date(later):
            yield Finding(place, "date-order", message, f"{earlier} and {later}")
