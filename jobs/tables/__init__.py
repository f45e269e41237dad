"""Facts and code lists -> the published tables, every row with the place that it came from.

To add a table: a model in `schemas`, a line in `schemas.tables`, a function here and a line below.
"""

from collections.abc import Callable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.describe import describe
from jobs.tables.claims import claims, grade_counts
from jobs.tables.common import Trace, Traced
from jobs.tables.dimensions import DIMENSIONS, articles
from jobs.tables.facts import Weighed, grades, metrics, statements
from schemas.tables import TABLES

__all__ = ["Trace", "Traced", "Weighed", "tabulate"]

FACTS: Final[dict[str, Callable[[Weighed, dict[str, Traced]], Traced]]] = {
    "grades": grades,
    "statements": statements,
    "metrics": metrics,
    "claims": claims,
    "grade_counts": grade_counts,
}


def tabulate(weighed: Weighed) -> dict[str, Traced]:
    """All published tables in the order of `schemas.tables`, their rows sorted by key."""
    made = {name: make(weighed.lists) for name, make in DIMENSIONS.items()}
    made["articles"] = articles(weighed.claims, weighed.lists)
    made |= {name: make(weighed, made) for name, make in FACTS.items()}
    return {name: _sorted(name, made[name]) for name in TABLES}


def _sorted(name: str, traced: Traced) -> Traced:
    order = pc.sort_indices(traced.table, sort_keys=[(key, "ascending") for key in describe(name).key])
    section = traced.trace.section
    if len(set(section)) > 1:
        section = pa.array(section).take(order).to_pylist()
    trace = Trace(section, traced.trace.file.take(order), traced.trace.item.take(order))
    return Traced(traced.table.take(order).combine_chunks(), trace)
