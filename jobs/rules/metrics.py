"""Metrics: thresholds with known units, ranks that can be, each observation once."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding, nearest, shown
from jobs.rules.items import inspection_of
from jobs.scalars import check_number, check_quantity, check_whole, fold, period_name, plain
from schemas.article import Article, Metric


def threshold(text: str, lists: Codelists) -> tuple[str, str] | None:
    """Number and unit of `10 seconds`; None where it is not such a text."""
    number, _, unit = text.partition(" ")
    known = lists.units.get(fold(unit))
    return (plain(number), known) if known and not check_number(number) else None


def claimant(article: Article, metric: Metric, lists: Codelists) -> str:
    """The organisation whose figure it is: the claimant itself, or the one that the person spoke for."""
    role = lists.role(metric.claimed_by, article.said_on or article.published)
    return role.organisation_id if role else metric.claimed_by


def metric_key(article: Article, metric: Metric, lists: Codelists) -> str:
    """What makes an observation one observation: all of it but the value and what describes the value.

    The time that it is about is its period or date; where neither is known, the inspection stands for it.
    """
    inspection = inspection_of(article, metric, lists)
    subject = metric.subject or (lists.inspections[inspection].force_id if inspection else "")
    time = (period_name(metric.period) or metric.period).replace(" ", "-") or metric.as_of or inspection
    status = metric.status if metric.status not in ("", "actual") else ""
    variant = f"variant-{metric.variant}" if metric.variant else ""
    area = lists.area(inspection, metric.area) if inspection and metric.area else None
    limit = "-".join(threshold(metric.threshold, lists) or ()).replace(".", "p") if metric.threshold else ""
    who = claimant(article, metric, lists)
    parts = (metric.measure, limit, area.area if area else "", subject, who, time, status, variant)
    return "-".join(filter(None, parts))


def known_thresholds(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A threshold is a number and a unit of units.csv."""
    for index, metric in enumerate(article.metrics):
        if metric.threshold and not check_quantity(metric.threshold) and not threshold(metric.threshold, lists):
            unit = metric.threshold.partition(" ")[2]
            message = f"{shown(unit)} is not a unit"
            hint = nearest(unit, lists.units, "a new one is a line in units.csv")
            yield Finding(("metrics", index, "threshold"), "not-a-quantity", message, hint)


def sound_ranks(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A rank is a whole number from 1 to its population, and only ranks have a population."""
    for index, metric in enumerate(article.metrics):
        unit = metric.unit or lists.measure_units.get(metric.measure, "")
        value, population = metric.value, metric.population
        if unit == "rank" and value and not check_number(value):
            of = int(population) if not check_whole(population) else None
            if "." in value or value.startswith("-") or int(value) < 1 or (of is not None and int(value) > of):
                message = f"{shown(value)} is not a rank" + (f" among {of}" if of is not None else "")
                yield Finding(("metrics", index, "value"), "bad-rank", message)
        elif unit and unit != "rank" and population:
            hint = "use a measure whose unit is rank"
            yield Finding(("metrics", index, "population"), "bad-rank", "only a rank has a population", hint)


def metrics_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article states an observation once; `variant` tells apart two that are otherwise the same."""
    first: dict[str, int] = {}
    for index, metric in enumerate(article.metrics):
        key = metric_key(article, metric, lists)
        if key in first:
            message = "the same observation stands twice here"
            hint = f"first in item {first[key] + 1} of metrics; tell them apart by period, subject or variant"
            yield Finding(("metrics", index), "repeated-metric", message, hint)
        first.setdefault(key, index)
