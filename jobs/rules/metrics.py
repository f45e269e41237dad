"""Metrics: thresholds with known units, ranks that can be, each observation once."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from operator import attrgetter, itemgetter

from jobs.coded import Column, coded_texts, hyphenated, mapped, or_else
from jobs.codelists import Codelists
from jobs.dates import day, period_name
from jobs.problems import Finding, nearest, shown
from jobs.rules.items import inspection_of
from jobs.rules.many import Section, repeated
from jobs.scalars import check_number, check_quantity, check_whole, fold, plain
from schemas.article import Article, Metric


def threshold(text: str, lists: Codelists) -> tuple[str, str] | None:
    """Number and unit of `10 seconds`; None where it is not such a text."""
    number, _, unit = text.partition(" ")
    known = lists.units.get(fold(unit))
    return (plain(number), known) if known and not check_number(number) else None


def units(metrics: Section) -> Column[str]:
    """The units of the values: their own, or that of the measure; empty where that is not known."""
    own = metrics["measure"].map(lambda measure: metrics.lists.measure_units.get(measure, ""))
    return or_else(metrics["unit"], own)


def claimants(metrics: Section) -> Column[str]:
    """The organisations whose figures these are: the claimants themselves, or those that the persons spoke for."""
    return mapped(metrics.lists.office, metrics["claimed_by"], metrics.said).map(itemgetter(1))


def metric_keys(metrics: Section) -> Column[str]:
    """What makes an observation one observation: all of it but the value and what describes the value.

    The time that it is about is its period or date; where neither is known, the inspection stands for it.
    """
    keys = hyphenated(
        metrics["measure"],
        metrics["threshold"].map(partial(_limit, lists=metrics.lists)),
        metrics.areas.map(attrgetter("area")),
        or_else(metrics["subject"], metrics.forces),
        metrics.once(claimants),
        or_else(mapped(_time, metrics["period"], metrics["as_of"]), metrics.known),
        metrics["status"].map(lambda status: "" if status == "actual" else status),
        metrics["variant"].map(lambda variant: variant and f"variant-{variant}"),
    )
    return coded_texts(keys)


def _time(period: str, as_of: str) -> str:
    return (period_name(period) or period).replace(" ", "-") or day(as_of)


def _limit(text: str, lists: Codelists) -> str:
    return "-".join(threshold(text, lists) or ()).replace(".", "p") if text else ""


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


def subjects_named(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A figure from a report on many forces says whom it is about."""
    for index, metric in enumerate(article.metrics):
        inspection = inspection_of(article, metric, lists)
        if inspection and not metric.subject and not lists.inspections[inspection].force_id:
            message = f"{inspection} is not about one force, so the figure needs a subject"
            yield Finding(("metrics", index), "no-subject", message, "a force, or a line of subjects.csv")


def sound_changes(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A change is the difference (percentage points and counts) or the ratio (per cent) of the figures around it."""
    for index, metric in enumerate(article.metrics):
        ends = (metric.change_from, metric.change_to)
        if not all(ends):
            if any(ends):
                yield Finding(("metrics", index), "change-mismatch", "a change needs both change_from and change_to")
            continue
        unit = metric.unit or lists.measure_units.get(metric.measure, "")
        if unit and metric.value and not any(map(check_number, (*ends, metric.value))):
            yield from _change_faults(index, metric, unit)


def _change_faults(index: int, metric: Metric, unit: str) -> Iterator[Finding]:
    (low, high), before, after = map(_rounded, (metric.value, metric.change_from, metric.change_to))
    least, most = after[0] - before[1], after[1] - before[0]
    points = least <= high and low <= most
    shares = [100 * change / start for change in (least, most) for start in before if start]
    ratio = bool(shares) and min(shares) <= high and low <= max(shares)
    where = ("metrics", index, "unit" if metric.unit else "value")
    between = f"{metric.change_from} to {metric.change_to}"
    if unit == "percent" and points and not ratio:
        message = f"{metric.value} is the difference from {between}: percentage points, not per cent"
        yield Finding(where, "percentage-points", message, "unit: percentage-points, and printed as the article has it")
    elif unit == "percentage-points" and ratio and not points:
        message = f"{metric.value} is the relative change from {between}: per cent, not percentage points"
        yield Finding(where, "percentage-points", message, "unit: percent")
    elif not (ratio if unit == "percent" else points):
        message = f"{metric.value} is not the change from {between}"
        hint = (
            "a fall is negative; if the article prints these figures, leave out change_from and change_to and note them"
        )
        yield Finding(("metrics", index, "value"), "change-mismatch", message, hint)


def _rounded(number: str) -> tuple[Decimal, Decimal]:
    """The least and the greatest number that would be printed like this."""
    value = Decimal(number)
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return value - half, value + half


def metrics_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article states an observation once; `variant` tells apart two that are otherwise the same."""
    for index, first in repeated(article, lists, "metrics", metric_keys):
        message = "the same observation stands twice here"
        hint = f"first in item {first + 1} of metrics; tell them apart by period, subject or variant"
        yield Finding(("metrics", index), "repeated-metric", message, hint)
