"""An edition -> what it is, how current and how complete."""

from typing import Final, NamedTuple

import pyarrow.compute as pc

from jobs.outputs.common import Held, held_by_cycle
from jobs.outputs.edition import Edition
from jobs.outputs.page.reading import cycles_of, table
from jobs.outputs.page.words import day

CYCLES: Final = 30
"""Cycles in the table of what is held, newest first."""


class Overview(NamedTuple):
    """How much there is, the date of the latest article, and what is held of each cycle (of how many)."""

    grades: int
    statements: int
    metrics: int
    articles: int
    latest: str
    coverage: list[Held]
    cycles: int


def overview(edition: Edition) -> Overview:
    """The numbers at the head of the page."""
    grades, statements, metrics, articles = (
        len(table(edition, name)) for name in ("grades", "statements", "metrics", "articles")
    )
    latest = pc.max(table(edition, "articles")["published_on"]).as_py()
    held = {line.cycle_id: line for line in held_by_cycle(table(edition, "coverage"))}
    coverage = [held[row["cycle_id"]] for row in cycles_of(edition) if row["cycle_id"] in held]
    return Overview(grades, statements, metrics, articles, day(latest), coverage[:CYCLES], len(coverage))
