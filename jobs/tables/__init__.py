"""Facts and code lists -> the published tables, every row with the place that it came from.

To add a table: a model in `schemas`, a line in `schemas.tables`, a function in a module beside this one, and a line in
`FACTS` below or in `DIMENSIONS`.
"""

from collections.abc import Callable
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.describe import describe
from jobs.tables.claims import claims, grade_counts
from jobs.tables.common import Trace, Traced
from jobs.tables.coverage import coverage
from jobs.tables.dimensions import DIMENSIONS, articles
from jobs.tables.facts import Weighed, grades, metrics, other_grades, statements
from jobs.tables.records import conflicts, events
from schemas.tables import TABLES

__all__ = ["Trace", "Traced", "Weighed", "tabulate"]

FACTS: Final[dict[str, Callable[[Weighed, dict[str, Traced]], Traced]]] = {
    "grades": grades,
    "statements": statements,
    "metrics": metrics,
    "claims": claims,
    "grade_counts": grade_counts,
    "conflicts": conflicts,
    "events": events,
    "other_grades": other_grades,
    "coverage": coverage,
}


def tabulate(weighed: Weighed) -> dict[str, Traced]:
    """All published tables in the order of `schemas.tables`, their rows sorted by key."""
    made = {name: make(weighed.lists) for name, make in DIMENSIONS.items()}
    made["articles"] = articles(weighed.claims, weighed.lists, made)
    made |= {name: make(weighed, made) for name, make in FACTS.items()}
    return {name: _sorted(name, made[name]) for name in TABLES}


def _sorted(name: str, traced: Traced) -> Traced:
    keys = describe(name).key
    if len(keys) == 1 and _ascends(traced.table[keys[0]].combine_chunks()):
        return Traced(traced.table.combine_chunks(), traced.trace)
    order = pc.sort_indices(traced.table, sort_keys=[(key, "ascending") for key in keys])
    trace = Trace(*(column.take(order) for column in traced.trace))
    return Traced(traced.table.take(order).combine_chunks(), trace)


def _ascends(keys: pa.Array) -> bool:
    return len(keys) < 2 or bool(pc.all(pc.less(keys[:-1], keys[1:])).as_py())
