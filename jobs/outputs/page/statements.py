"""Statements -> the newest of them, in our own words, with who says so of whom and where to read it."""

from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from jobs.outputs.edition import Edition
from jobs.outputs.page.budget import STATEMENTS, Budget
from jobs.outputs.page.reading import cycles_of, first, rows_of, table
from jobs.outputs.page.template import part

MOST: Final = 1_500
"""Statements that are looked at: more than would fit."""


class Statements(NamedTuple):
    """The statements that fit, of how many."""

    shown: list[Markup]
    total: int


def statements(edition: Edition) -> Statements:
    """The statements, those of the newest cycle and of the latest words first."""
    found = table(edition, "statements")
    cycles = pa.array([row["cycle_id"] for row in cycles_of(edition)], pa.string())
    found = found.append_column("age", pc.index_in(found["cycle_id"], cycles))
    order = [("age", "ascending"), ("said_on", "descending"), ("statement_id", "ascending")]
    newest = rows_of(first(found, order, MOST))
    parts = Budget(STATEMENTS).fitting(part("statement", row=row) for row in newest)
    return Statements([Markup(text) for text in parts], len(found))  # noqa: S704  (made by a template that escapes)
