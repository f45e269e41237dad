"""Dates lie in the past where they must, and follow each other."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding, shown
from jobs.scalars import check_date
from schemas.article import Article

Where = tuple[str | int, ...]


def no_future(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """What has been published or said has a date that has come."""
    dated: list[tuple[Where, str]] = [((name,), getattr(article, name)) for name in ("published", "updated", "said_on")]
    dated += [(("grades", i, "revised_on"), grade.revised_on) for i, grade in enumerate(article.grades)]
    dated += [(("statements", i, "said_on"), statement.said_on) for i, statement in enumerate(article.statements)]
    dated += [(("metrics", i, "as_of"), metric.as_of) for i, metric in enumerate(article.metrics)]
    for where, text in dated:
        if text > today and not check_date(text):
            yield Finding(where, "future-date", f"{shown(text)} is still to come")


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
