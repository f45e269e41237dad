"""Dates lie in the past where they must, and follow each other."""

from collections.abc import Iterator
from functools import cache

from jobs.codelists import Codelists
from jobs.problems import Finding, shown
from jobs.rules.items import items
from jobs.scalars import check_date
from jobs.shape import shape_of
from schemas.article import Article, Entry


def no_future(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """What has been published or said has a date that has come."""
    for where, entry in [((), article), *(((s, i), e) for s, i, e in items(article))]:
        for name in _past_dates(type(entry)):
            text = getattr(entry, name)
            if text > today and not check_date(text):
                yield Finding((*where, name), "future-date", f"{shown(text)} is still to come")


@cache
def _past_dates(struct: type[Article | Entry]) -> tuple[str, ...]:
    fields = shape_of(struct).fields.items()
    return tuple(name for name, field in fields if field.kind and field.kind.name == "past-date")


def ordered_dates(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Nothing is printed before it is said or done, updated before it is published, or due before it is promised."""
    pairs: list[tuple[tuple[str | int, ...], str, str, str]] = [
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
