"""Dates lie in the past where they must, follow each other, and say how they are known."""

from collections.abc import Iterator
from functools import cache

from jobs.codelists import Codelists
from jobs.dates import check_article_date, check_date, date_bounds, day, period_bounds
from jobs.problems import Finding, Where, shown
from jobs.shape import shape_of
from schemas.article import SECTIONS, Article, Entry


def no_future(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """What has been published or said, or has happened, has a date that has come."""
    dated: list[tuple[Where, str]] = [((name,), day(getattr(article, name))) for name in _past_dates(Article)]
    for section, struct in SECTIONS.items():
        for name in _past_dates(struct):
            named = [(i, text) for i, entry in enumerate(getattr(article, section)) if (text := getattr(entry, name))]
            dated += [((section, i, name), day(text)) for i, text in named]
    dated += [(("events", i, "on"), (period_bounds(e.on) or ("", ""))[0]) for i, e in enumerate(article.events)]
    if not check_article_date(article.published):
        dated.append((("published",), date_bounds(article.published)[0]))
    for where, text in dated:
        if text > today and not check_date(text):
            yield Finding(where, "future-date", f"{shown(text)} is still to come")


@cache
def _past_dates(struct: type[Article | Entry]) -> tuple[str, ...]:
    fields = shape_of(struct).fields.items()
    return tuple(name for name, field in fields if field.kind and field.kind.name == "past-date")


def known_dates(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A date that is not printed on the article as a day says how it is known; one that nobody knows says that."""
    if not article.published or check_article_date(article.published):
        return
    earliest, latest = date_bounds(article.published)
    where = ("published_basis",) if article.published_basis else ("published",)
    if article.published == "unknown" and article.published_basis not in ("", "unknown"):
        message = "nobody knows the date, so there is no basis for it"
        yield Finding(where, "date-basis", message, "leave published_basis out")
    elif article.published != "unknown" and article.published_basis == "unknown":
        yield Finding(where, "date-basis", "a date is given, so something is known of it", "say from where")
    elif article.published != "unknown" and earliest != latest and not article.published_basis:
        message = f"{shown(article.published)} is not a day as articles print it"
        yield Finding(where, "date-basis", message, "say with published_basis how it is known")


_Pair = tuple[Where, str, str, str]
"""A place, the earlier and the later date, and what it is called if they are the other way round."""


def _dated(article: Article, latest: str) -> Iterator[_Pair]:
    for index, statement in enumerate(article.statements):
        where = ("statements", index)
        if statement.said_on:
            yield (*where, "said_on"), statement.said_on, latest, "said after the article was published"
        if statement.due_on:
            yield (*where, "due_on"), statement.said_on or article.said_on, statement.due_on, "due before it was said"
    for index, grade in enumerate(article.grades):
        if grade.revised_on:
            yield ("grades", index, "revised_on"), grade.revised_on, latest, "corrected after the article"
    for index, metric in enumerate(article.metrics):
        if metric.as_of and metric.status in ("", "actual"):
            yield ("metrics", index, "as_of"), metric.as_of, latest, "a date after the article"
    for index, event in enumerate(article.events):
        start = (period_bounds(event.on) or ("", ""))[0]
        yield ("events", index, "on"), start, latest, "happened after the article"


def ordered_dates(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Nothing is printed before it is said or done, updated before it is published, or due before it is promised."""
    first, last = date_bounds(article.published)
    pairs: list[_Pair] = [
        (("updated",), first, article.updated, "updated before it was published"),
        (("said_on",), article.said_on, last, "said after the article was published"),
        *_dated(article, article.updated or last),
    ]
    for place, *dates, message in pairs:
        earlier, later = map(day, dates)
        if earlier and later and later < earlier and not check_date(earlier) and not check_date(later):
            yield Finding(place, "date-order", message, f"{earlier} and {later}")
