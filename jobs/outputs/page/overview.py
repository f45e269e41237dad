"""An edition -> what it is, how current and how complete."""

from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from jobs.outputs.edition import Edition
from jobs.outputs.page.reading import Row, by, cycles_of, rows_of, table
from jobs.outputs.page.words import counted, day

CYCLES: Final = 30
"""Cycles in the table of what is held, newest first."""
_COUNTS: Final = ("areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing")


class Overview(NamedTuple):
    """How much there is, the date of the latest article, and what is held of each cycle (of how many)."""

    grades: int
    statements: int
    metrics: int
    articles: int
    latest: str
    coverage: list[Row]
    cycles: int


def overview(edition: Edition) -> Overview:
    """The numbers at the head of the page."""
    grades, statements, metrics, articles = (
        len(table(edition, name)) for name in ("grades", "statements", "metrics", "articles")
    )
    latest = pc.max(table(edition, "articles")["published_on"]).as_py()
    coverage = list(_coverage(edition))
    return Overview(grades, statements, metrics, articles, day(latest), coverage[:CYCLES], len(coverage))


def _coverage(edition: Edition) -> list[Row]:
    """What is held of each cycle, newest first: forces with a grade, graded areas, and how their grades are known."""
    found = table(edition, "coverage")
    held = pc.add(pc.add(found["grades_stated"], found["grades_derived"]), found["grades_disputed"])
    found = found.append_column("held", pc.cast(pc.greater(held, 0), pa.int32()))
    sums = [(name, "sum") for name in (*_COUNTS, "held")]
    groups = found.group_by(["cycle_id", "cycle"]).aggregate([*sums, ("areas_graded", "count"), ("force_id", "count")])
    told = by(rows_of(groups), "cycle_id")
    return [_told(told[row["cycle_id"]]) for row in cycles_of(edition) if row["cycle_id"] in told]


def _told(row: Row) -> Row:
    known = row["areas_graded_count"]
    graded = f"{row['areas_graded_sum']:,} in {counted(known, 'force')}" if known else "not known"
    missing = f"{row['grades_missing_sum']:,}" if known else "not known"
    return row | {"graded": graded, "missing": missing}
