"""Facts and code lists -> the published tables, every row with the place that it came from.

To add a table: a model in `schemas`, a line in `schemas.tables`, a function in a module beside this one, and a line in
`FACTS` below or in `DIMENSIONS`.
"""

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

import pyarrow.compute as pc

from jobs.coded import ascends, plain
from jobs.codelists import Codelists
from jobs.describe import describe, published
from jobs.spread import threads
from jobs.tables.claims import claims, grade_counts
from jobs.tables.common import Trace, Traced, untraced
from jobs.tables.coverage import Pair, coverage
from jobs.tables.dimensions import DIMENSIONS, articles
from jobs.tables.facts import grades, metrics, other_grades, statements
from jobs.tables.records import conflicts, events
from jobs.weigh import Weighed

__all__ = [
    "DIMENSIONS",
    "Trace",
    "Traced",
    "Weighed",
    "dimensions",
    "order_of",
    "tabulate",
    "untraced",
]

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


ORDER: Final = {"metrics": ("force_id", "area_id")}
"""What rows are sorted by before their key, for readers of large files who ask for one force and one area."""


LARGE: Final = 1_000_000
"""Claims of statements from which on texts that come again stay dictionaries until they are written, for the memory."""


def order_of(name: str) -> tuple[str, ...]:
    """The columns by which the rows of a table are sorted; empty cells come last."""
    return (*ORDER.get(name, ()), *describe(name).key)


def dimensions(lists: Codelists) -> dict[str, Traced]:
    """The tables that are made from code lists alone."""
    return {name: make(lists) for name, make in DIMENSIONS.items()}


def tabulate(
    weighed: Weighed, known: dict[str, Traced] | None = None, covered: Collection[Pair] | None = None
) -> dict[str, Traced]:
    """All published tables in the order of `schemas.tables`, their rows sorted as `order_of` says.

    In large tables texts that come again may be dictionaries.
    known: the dimensions as they are published, if they were made before; covered: forces and cycles
    of which it is told how complete they are (None: all).
    """
    known, facts = known or {}, FACTS | {"coverage": partial(coverage, wanted=covered)}
    made = dict(known or dimensions(weighed.lists))
    made["articles"] = articles(weighed.claims, weighed.lists, made)

    def in_order(name: str) -> Traced:
        if name in known:
            return known[name]
        traced = _sorted(name, made[name] if name in made else facts[name](weighed, made))
        return traced if large else traced._replace(table=plain(traced.table))

    large, names = len(weighed.statements.claims) >= LARGE, published()
    # Arrow lets other threads run meanwhile; `claims`, which takes as long as all others, is begun first
    with threads(2, weighed.rows) as working:
        found = {name: working.submit(in_order, name) for name in sorted(names, key=lambda name: name != "claims")}
        return {name: found[name].result() for name in names}


def _sorted(name: str, traced: Traced) -> Traced:
    keys = order_of(name)
    if len(keys) == 1 and ascends(traced.table[keys[0]]):
        return traced
    order = pc.sort_indices(plain(traced.table.select(keys)), sort_keys=[(key, "ascending") for key in keys])
    trace = Trace(*(column.take(order) for column in traced.trace))
    return Traced(traced.table.take(order).combine_chunks(), trace)
