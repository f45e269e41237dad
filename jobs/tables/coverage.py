"""Facts -> how much of the record we hold, for every force and cycle of the PEEL programme."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import different_per
from jobs.codelists import Codelists, Inspection
from jobs.tables.common import Trace, Traced, constant, finished, text_table
from jobs.tables.facts import PEEL
from jobs.tables.pooled import pooled
from jobs.weigh import Weighed

_COLUMNS: Final = (
    "coverage_id", "force_id", "cycle_id", "inspections", "areas_graded", "grades_stated", "grades_derived",
    "grades_disputed", "grades_missing", "articles", "independent_sources", "line",
)  # fmt: skip
_WHOLE: Final = _COLUMNS[3:]


Pair = tuple[str, str]
"""A force and a cycle."""


def coverage(weighed: Weighed, dimensions: dict[str, Traced], wanted: Collection[Pair] | None = None) -> Traced:
    """A row for every territorial force and PEEL cycle, and for every other pair with an inspection.

    wanted: pairs to which the rows are limited.
    """
    lists = weighed.lists
    known: dict[Pair, list[Inspection]] = defaultdict(list)
    for inspection in lists.inspections.values():
        if inspection.programme == PEEL and inspection.force_id:
            known[inspection.force_id, inspection.cycle_id].append(inspection)
    forces = [row["force_id"] for row in lists.rows["forces"] if row["kind"] == "territorial"]
    cycles = [row["cycle_id"] for row in lists.rows["cycles"] if row["programme"] == PEEL]
    pairs = {(force, cycle) for force in forces for cycle in cycles} | known.keys()
    if wanted is not None:
        pairs &= set(wanted)
    held = _held(weighed, {pair: known[pair] for pair in pairs})
    lines = dict(zip((row["force_id"] for row in lists.rows["forces"]), lists.lines["forces"], strict=True))
    rows = [_row(force, cycle, known[force, cycle], held[force, cycle], lines[force]) for force, cycle in sorted(pairs)]
    table = text_table(_COLUMNS, rows, dict.fromkeys(_WHOLE, pa.int32()))
    columns = {name: table[name] for name in _COLUMNS} | _names(table, lists)
    place = Trace(constant("forces", table), pa.repeat(pa.scalar(-1, pa.int32()), len(table)), table["line"])
    return finished("coverage", columns, place)


def _held(weighed: Weighed, known: Mapping[Pair, list[Inspection]]) -> dict[Pair, Counter[str]]:
    """What we hold of each pair: grades by how they are known, and how many articles and origins speak of them."""
    pairs = {inspection.inspection_id: pair for pair, inspections in known.items() for inspection in inspections}
    held: dict[Pair, Counter[str]] = defaultdict(Counter)
    facts = weighed.grades.facts
    named = Counter(zip(facts["inspection_id"].to_pylist(), facts["disputed"].to_pylist(), strict=True))
    for (inspection_id, disputed), number in named.items():
        if inspection_id in pairs:
            held[pairs[inspection_id]]["disputed" if disputed else "stated"] += number
    for derived in weighed.tally.derived:
        if derived.inspection_id in pairs:
            held[pairs[derived.inspection_id]]["derived"] += 1
    for pair, articles, origins in _sources(weighed, pairs):
        held[pair] += Counter(articles=articles, origins=origins)
    return held


def _sources(weighed: Weighed, pairs: Mapping[str, Pair]) -> Iterator[tuple[Pair, int, int]]:
    """How many articles and origins speak of the grades of each pair; pairs: inspection -> pair.

    There are as many claims as articles have lines, so they are counted as whole columns.
    """
    both = (weighed.grades.claims, weighed.claims["counts"])
    inspection, file, origin = (pooled(t[name] for t in both) for name in ("inspection_id", "file", "origin"))
    numbers = {pair: number for number, pair in enumerate(dict.fromkeys(pairs.values()))}
    number_of = pa.array([numbers[pair] for pair in pairs.values()], pa.int32())
    named = inspection.taken(np.arange(len(file.values)))
    inspections = pc.index_in(named, pa.array(pairs, pa.large_string()))
    known = np.asarray(pc.is_valid(inspections))
    pair = np.asarray(number_of.take(inspections.drop_null())).astype(np.int64)
    files, origins = (values[known].astype(np.int64) for values in (np.asarray(file.values), origin.ranks()))
    counts = (different_per(pair, values, len(numbers)).tolist() for values in (files, origins))
    yield from (row for row in zip(numbers, *counts, strict=True) if row[1])


def _row(force: str, cycle: str, inspections: list[Inspection], held: Counter[str], line: int) -> tuple[object, ...]:
    totals = [inspection.graded_total for inspection in inspections]
    graded = sum(total or 0 for total in totals) if totals and None not in totals else None
    grades = [held[how] for how in ("stated", "derived", "disputed")]
    missing = None if graded is None else graded - sum(grades)
    return (
        f"{force}-{cycle}", force, cycle, len(inspections), graded, *grades, missing,
        held["articles"], held["origins"], line,
    )  # fmt: skip


def _names(table: pa.Table, lists: Codelists) -> dict[str, pa.Array]:
    forces = {row["force_id"]: row["name"] for row in lists.rows["forces"]}
    cycles = {row["cycle_id"]: row["name"] for row in lists.rows["cycles"]}
    return {
        "force": pa.array([forces[force] for force in table["force_id"].to_pylist()], pa.large_string()),
        "cycle": pa.array([cycles[cycle] for cycle in table["cycle_id"].to_pylist()], pa.large_string()),
    }
