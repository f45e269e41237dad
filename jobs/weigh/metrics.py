"""Metrics: one row an observation and claimant; two claimants of one measure are two rows, never one true value."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.decisions import OPEN, Decisions
from jobs.problems import Finding
from jobs.scalars import plain
from jobs.weigh.groups import Clash, Facts, Groups, Mask, clashes_at, grouped
from jobs.weigh.settle import (
    DECISIONS_FILE,
    Competing,
    choices_of,
    lead,
    left_open,
    overruled,
    settle,
    settle_details,
    without_weekday,
)

_TOGETHER: Final = (
    ("as_of",), ("said_by",), ("value_as_printed",), ("period_as_printed",), ("population",), ("sample",),
    ("comparator", "comparator_value"), ("baseline", "baseline_start", "baseline_end"), ("change_from", "change_to"),
)  # fmt: skip
"""Details that another claim fills in where the leading one has none; those of one group come from one claim."""
_COUNTED: Final = ("period_end", "threshold", "baseline", "comparator_value", "population", "as_of", "said_by")
_DETAILS: Final = {
    "comparator_value": "comparator_value",
    "population": "population",
    "sample": "sample",
    "change_from": "change_from",
    "change_to": "change_to",
    "baseline_start": "baseline_period",
    "baseline_end": "baseline_period",
}
"""Columns that a claim may leave empty, and their keys in an article."""


def weigh_metrics(claims: Claims, decisions: Decisions) -> tuple[Facts, list[Clash], list[Competing]]:
    """Metrics. Among claims of one observation the one with most details leads; values and units must be equal."""

    def meaning(claim: dict[str, Any], choice: str) -> str:
        return plain(without_weekday(choice))

    given = claims["metrics"]
    table, conflicts, clashes = settle_details(
        given, "metrics", {name: name for name in (*_DETAILS, "unit")}, decisions, meaning
    )
    choices = choices_of(decisions, "metrics", table, meaning)
    table, first = lead(table, "value", choices)
    table = table.append_column("details", _filled(table))
    groups = grouped(table, claims["articles"], *first, ("details", "descending"))
    wrong = groups.differs("value")
    settled = settle(groups, wrong, "metrics", "value", decisions, choices, groups.keys(wrong))
    clashes += clashes_at(groups, settled.undecided, "metric-conflict", "value", section="metrics")
    unlike = groups.contradicts("unit", ~wrong)
    clashes += clashes_at(groups, unlike, "metric-conflict", "unit", "unit", "metrics", ~wrong, "unit")
    agrees = ~(wrong | unlike | overruled(groups, given, "unit"))
    for column, field in _DETAILS.items():
        other = groups.contradicts(column, agrees)
        clashes += clashes_at(groups, other, "metric-conflict", column, field, "metrics", agrees, column)
    disputed = settled.disputed | groups.among(left_open(decisions, "metrics", "unit"))
    clashes += _unsaid(groups, agrees | disputed, decisions)
    facts = groups.facts(agrees, disputed, _TOGETHER, main=("value", "value_as_printed"))
    return facts, clashes + settled.clashes, conflicts + settled.conflicts


def _unsaid(groups: Groups, among: Mask, decisions: Decisions) -> Iterator[Clash]:
    """Decisions on value and unit by which a figure would be published that no article prints."""
    rulings = decisions.rulings("metrics", "unit")
    for key in groups.keys(groups.among(rulings)) - groups.keys(among) if rulings else ():
        message = "no article says the value that was decided on in this unit"
        hint = f"choose value and unit of one article, or choose {OPEN}"
        finding = Finding(("conflicts", rulings[key], "choose"), "unknown-choice", message, hint)
        yield Clash(DECISIONS_FILE, finding)


def _filled(table: pa.Table) -> pa.Array:
    counts = np.zeros(len(table), dtype=np.int32)
    for name in _COUNTED:
        counts += np.asarray(pc.not_equal(table[name], "")).astype(np.int32)
    return pa.array(counts)
