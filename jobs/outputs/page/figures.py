"""Metrics -> groups of figures about the same thing, each figure told with its claimant, period and comparator."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from jobs.outputs.edition import Edition
from jobs.outputs.page.budget import FIGURES, Budget
from jobs.outputs.page.charts import ROWS, Mark, drawn
from jobs.outputs.page.reading import Row, by, grouped, rows
from jobs.outputs.page.template import part
from jobs.outputs.page.words import amount, day, number, span
from schemas.vocabulary import POLARITIES

CHARTS: Final = 12
"""Charts that are drawn, of the measures with most figures: each takes some hundredths of a second."""
NOT_LENGTHS: Final = ("rank",)
"""Units whose numbers are no amounts: a place in an order has no length that could be drawn."""


class Figure(NamedTuple):
    """A figure as the page tells it; plain: its number, None where it is disputed; compared: with what, in words."""

    row: Row
    value: str
    period: str
    compared: list[str]
    remarks: list[str]

    @property
    def marks(self) -> int:
        """How many marks it would have in a chart."""
        return (self.row["value"] is not None) + (self.row["comparator_value"] is not None)


class Group(NamedTuple):
    """Figures of one measure with one unit and one limit."""

    title: str
    unit: str
    description: str
    polarity: str
    figures: list[Figure]

    @property
    def plotted(self) -> bool:
        """Whether there is something to compare by eye."""
        return self.figures[0].row["unit"] not in NOT_LENGTHS and sum(figure.marks for figure in self.figures) > 1


class Figures(NamedTuple):
    """The groups with charts, the other figures as rows of a table, and how many of how many are told."""

    charts: list[Markup]
    rows: list[Markup]
    told: int
    total: int


def figures(edition: Edition) -> Figures:
    """The metrics: charts of measures with several figures, and all others as a table."""
    groups = list(groups_of(edition))
    ranked = sorted((g for g in groups if g.plotted), key=lambda g: (-len(g.figures), g.title, g.unit))
    chosen = {id(group) for group in ranked[:CHARTS]}
    budget = Budget(FIGURES)
    charts = budget.fitting(_charted(group, f"figure-{at}") for at, group in enumerate(ranked[:CHARTS], 1))
    rest = [(group, figure) for group in groups if id(group) not in chosen for figure in group.figures]
    lines = budget.fitting(part("figure_row", group=group, figure=figure) for group, figure in rest)
    told = sum(min(len(group.figures), ROWS) for group in ranked[: len(charts)]) + len(lines)
    return Figures(
        [Markup(text) for text in charts],  # noqa: S704  (made by a template that escapes)
        [Markup(text) for text in lines],  # noqa: S704
        told,
        sum(len(group.figures) for group in groups),
    )


def groups_of(edition: Edition) -> Iterator[Group]:
    """The metrics by measure, unit and limit, in the order of their names."""
    units = {row["unit_id"]: row["unit_name"] for row in rows(edition, "units")}
    measures = by(rows(edition, "measures"), "measure_id")
    found = sorted(rows(edition, "metrics"), key=lambda row: (row["measure"], row["subject"], row["metric_id"]))
    for key, group in grouped(found, "measure_id", "unit", "threshold", "threshold_unit").items():
        _, unit, threshold, threshold_unit = key
        limit = amount(threshold, units.get(threshold_unit, threshold_unit or ""))
        yield Group(
            group[0]["measure"] + (f" (limit: {limit})" if limit else ""),
            units.get(unit, unit or "no unit: disputed"),
            measures.get(group[0]["measure_id"], {}).get("description") or "",
            str(POLARITIES.get(group[0]["polarity"], group[0]["polarity"])),
            [figure_of(row, units) for row in group],
        )


def figure_of(row: Row, units: Mapping[Any, str]) -> Figure:
    """A figure in words."""
    unit = units.get(row["unit"], row["unit"] or "")
    exact = row["qualifier"] == "exact"
    value = amount(row["value"], unit) or "disputed"
    said = [] if exact else [row["qualifier"].replace("-", " ")]
    if row["status"] != "actual":
        said.insert(0, f"{row['status']}:")
    return Figure(row, " ".join([*said, value]), period_of(row), list(_compared(row, unit)), list(_remarks(row)))


def period_of(row: Row) -> str:
    """When a figure is of, in words."""
    known = span(row["period_start"], row["period_end"]) or (f"as of {day(row['as_of'])}" if row["as_of"] else "")
    printed = f"“{row['period_as_printed']}”" if row["period_as_printed"] else ""
    return f"{known} (printed as {printed})" if known and printed else known or printed or "period not said"


def _compared(row: Row, unit: str) -> Iterator[str]:
    if row["comparator"] or row["comparator_value"] is not None:
        yield f"{row['comparator'] or 'another figure'}: {amount(row['comparator_value'], unit) or 'no figure given'}"
    if row["baseline"] or row["baseline_start"]:
        yield f"change since: {row['baseline'] or span(row['baseline_start'], row['baseline_end'])}"
    if row["change_from"] is not None or row["change_to"] is not None:
        ends = (number(end) if end is not None else "not said" for end in (row["change_from"], row["change_to"]))
        yield "from {} to {}".format(*ends)
    if row["population"]:
        yield f"among {row['population']:,}"
    if row["sample"]:
        yield f"of {row['sample']:,} cases"


def _remarks(row: Row) -> Iterator[str]:
    if row["value_as_printed"]:
        yield f"Printed as “{row['value_as_printed']}”."
    if row["note"]:
        yield row["note"]


def _charted(group: Group, place: str) -> str:
    """A group with its chart and its table."""
    told = group.figures[:ROWS]
    svg = drawn(tuple(_mark(figure) for figure in told), group.unit)
    return part("chart", group=group, figures=told, svg=Markup(svg), place=place)  # noqa: S704  (vl-convert escapes)


def _mark(figure: Figure) -> Mark:
    row = figure.row
    return Mark(
        row["subject"],
        f"{figure.value}, says {row['claimed_by']}",
        figure.period,
        row["value"],
        row["status"],
        row["comparator_value"],
        figure.compared[0] if row["comparator_value"] is not None else "",
    )
