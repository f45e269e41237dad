"""Facts -> how much of the record we hold, for every force and cycle of the PEEL programme."""

from collections import defaultdict
from typing import Final, NamedTuple

import pyarrow as pa

from jobs.codelists import Codelists, Inspection
from jobs.tables.common import Trace, Traced, constant, finished, text_table
from jobs.tables.facts import PEEL
from jobs.weigh import Weighed

_COLUMNS: Final = (
    "coverage_id", "force_id", "cycle_id", "inspections", "areas_graded", "grades_stated", "grades_derived",
    "grades_disputed", "grades_missing", "articles", "independent_sources", "line",
)  # fmt: skip
_WHOLE: Final = _COLUMNS[3:]


class Held(NamedTuple):
    """What we hold of one inspection: grades by how they are known, and (file, origin) of whoever speaks of them."""

    grades: dict[str, int]
    sources: set[tuple[int, str]]


def coverage(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """A row for every territorial force and PEEL cycle, and for every other pair with an inspection."""
    lists = weighed.lists
    held = _held(weighed)
    known: dict[tuple[str, str], list[Inspection]] = defaultdict(list)
    for inspection in lists.inspections.values():
        if inspection.programme == PEEL and inspection.force_id:
            known[inspection.force_id, inspection.cycle_id].append(inspection)
    forces = [row["force_id"] for row in lists.rows["forces"] if row["kind"] == "territorial"]
    cycles = [row["cycle_id"] for row in lists.rows["cycles"] if row["programme"] == PEEL]
    pairs = {(force, cycle) for force in forces for cycle in cycles} | known.keys()
    lines = dict(zip((row["force_id"] for row in lists.rows["forces"]), lists.lines["forces"], strict=True))
    rows = [_row(force, cycle, known[force, cycle], held, lines[force]) for force, cycle in sorted(pairs)]
    table = text_table(_COLUMNS, rows, dict.fromkeys(_WHOLE, pa.int32()))
    columns = {name: table[name] for name in _COLUMNS} | _names(table, lists)
    place = Trace(constant("forces", table), pa.repeat(pa.scalar(-1, pa.int32()), len(table)), table["line"])
    return finished("coverage", columns, place)


def _held(weighed: Weighed) -> dict[str, Held]:
    held: dict[str, Held] = defaultdict(lambda: Held({"stated": 0, "derived": 0, "disputed": 0}, set()))
    facts = weighed.grades.facts
    for inspection_id, disputed in zip(*(facts[n].to_pylist() for n in ("inspection_id", "disputed")), strict=True):
        held[inspection_id].grades["disputed" if disputed else "stated"] += 1
    for derived in weighed.tally.derived:
        held[derived.inspection_id].grades["derived"] += 1
    for claims in (weighed.grades.claims, weighed.claims["counts"]):
        names = ("inspection_id", "file", "origin")
        for inspection_id, file, origin in zip(*(claims[name].to_pylist() for name in names), strict=True):
            held[inspection_id].sources.add((file, origin))
    return held


def _row(force: str, cycle: str, inspections: list[Inspection], held: dict[str, Held], line: int) -> tuple[object, ...]:
    totals = [inspection.graded_total for inspection in inspections]
    graded = sum(total or 0 for total in totals) if totals and None not in totals else None
    grades = {
        how: sum(held[i.inspection_id].grades[how] for i in inspections) for how in ("stated", "derived", "disputed")
    }
    sources = {source for i in inspections for source in held[i.inspection_id].sources}
    missing = None if graded is None else graded - sum(grades.values())
    return (
        f"{force}-{cycle}", force, cycle, len(inspections), graded, *grades.values(), missing,
        len({file for file, _ in sources}), len({origin for _, origin in sources}), line,
    )  # fmt: skip


def _names(table: pa.Table, lists: Codelists) -> dict[str, pa.Array]:
    forces = {row["force_id"]: row["name"] for row in lists.rows["forces"]}
    cycles = {row["cycle_id"]: row["name"] for row in lists.rows["cycles"]}
    return {
        "force": pa.array([forces[force] for force in table["force_id"].to_pylist()], pa.large_string()),
        "cycle": pa.array([cycles[cycle] for cycle in table["cycle_id"].to_pylist()], pa.large_string()),
    }
