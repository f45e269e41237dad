"""The part of all claims that some articles have to do with: what they say of a thing, and what all others say of it.

Facts are weighed apart from each other but for these ties, so a part is weighed as the whole would be: a grade belongs
to its inspection, with all that is counted of it; a statement to its inspection, where likely duplicates are looked
for; a metric and an event stand alone. What two of these share under one key belongs together.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.coded import TEXT, different, encoded
from jobs.codelists import Codelists
from jobs.decisions import Decisions
from jobs.weigh import DECISIONS_FILE, Clash

Files = npt.NDArray[np.bool_]
"""For each article whether it is one of them."""


class Ties(NamedTuple):
    """Things that claims are about: inspections of grades and counts, inspections of statements, keys of facts."""

    graded: frozenset[str]
    spoken: frozenset[str]
    metrics: frozenset[str]
    events: frozenset[str]

    def __or__(self, other: "Ties") -> "Ties":
        """All that is in either."""
        return Ties(*(one | more for one, more in zip(self, other, strict=True)))


_PLACE: Final = "file"


def ties_of(claims: Claims, files: Files) -> Ties:
    """What some articles speak of."""

    def said(kind: str, column: str) -> frozenset[str]:
        table = claims[kind]
        rows = pa.array(files[np.asarray(table[_PLACE])]) if len(table) else pa.array([], pa.bool_())
        return frozenset(table[column].filter(rows).unique().to_pylist())

    graded = said("grades", "inspection_id") | said("counts", "inspection_id")
    return Ties(graded, said("statements", "inspection_id"), said("metrics", "fact_id"), said("events", "fact_id"))


def widened(ties: Ties, lists: Codelists, *all_claims: Claims) -> Ties:
    """With all that is tied to them: inspections of one force and cycle, and those that share the key of a fact."""
    pairs = {(i.force_id, i.cycle_id) for name in ties.graded if (i := lists.inspections.get(name))}
    beside = {i.inspection_id for i in lists.inspections.values() if (i.force_id, i.cycle_id) in pairs}
    graded, spoken = (
        _closed([claims[kind] for claims in all_claims], inspections)
        for kind, inspections in (("grades", ties.graded | beside), ("statements", ties.spoken))
    )
    return ties._replace(graded=graded, spoken=spoken)


def _closed(tables: Iterable[pa.Table], inspections: frozenset[str]) -> frozenset[str]:
    while True:
        keys = _beside(tables, "inspection_id", inspections, "fact_id")
        more = _beside(tables, "fact_id", keys, "inspection_id")
        if more <= inspections:
            return inspections
        inspections |= more


def _beside(tables: Iterable[pa.Table], column: str, values: Iterable[str], other: str) -> frozenset[str]:
    """What another column says in the rows in which a column has one of these values."""
    found = (table[other].filter(pa.array(_among(table[column], values))) for table in tables)
    return frozenset(text for texts in found for text in texts.unique().to_pylist())


def _among(column: pa.ChunkedArray, values: Iterable[str]) -> npt.NDArray[np.bool_]:
    """For each text, of which each different one is looked at, whether it is one of these."""
    texts = encoded(column)
    among = np.asarray(pc.is_in(texts.dictionary, value_set=pa.array(sorted(values), TEXT)))
    found: npt.NDArray[np.bool_] = among[np.asarray(texts.indices)]
    return found


def rows_of(claims: Claims, ties: Ties) -> "dict[str, npt.NDArray[np.int64]]":
    """The rows of each kind of claims but the articles that are about these things."""
    rows = {
        "grades": _found(claims["grades"], "inspection_id", ties.graded),
        "counts": _found(claims["counts"], "inspection_id", ties.graded),
        "statements": _found(claims["statements"], "inspection_id", ties.spoken),
        "metrics": _found(claims["metrics"], "fact_id", ties.metrics),
        "events": _found(claims["events"], "fact_id", ties.events),
    }
    files = different(np.concatenate([np.asarray(claims[kind][_PLACE])[found] for kind, found in rows.items()]))
    return rows | {"pins": np.flatnonzero(np.isin(np.asarray(claims["pins"][_PLACE]), files))}


def _found(table: pa.Table, column: str, values: Iterable[str]) -> "npt.NDArray[np.int64]":
    return np.flatnonzero(_among(table[column], values)).astype(np.int64)


def keys_in(part: Claims, ties: Ties) -> dict[str, frozenset[str]]:
    """Table of a decision -> keys that it may name in this part."""
    kinds = ("grades", "statements", "metrics", "events")
    return {kind: frozenset(part[kind]["fact_id"].unique().to_pylist()) for kind in kinds} | {
        "grade_counts": ties.graded
    }


class Concerned(NamedTuple):
    """The decisions on a part, and what number each of them has among all."""

    decisions: Decisions
    numbers: dict[str, list[int]]

    def renumbered(self, clash: Clash) -> Clash:
        """A clash with the number that its decision has among all."""
        where = clash.finding.where
        if clash.file != DECISIONS_FILE or where[0] not in self.numbers:
            return clash
        index = self.numbers[str(where[0])][int(where[1])]
        return clash._replace(finding=clash.finding._replace(where=(where[0], index, *where[2:])))


def concerned(decisions: Decisions, keys: dict[str, frozenset[str]]) -> Concerned:
    """The decisions on these keys."""
    conflicts = [n for n, c in enumerate(decisions.conflicts) if c.key in keys.get(c.table, ())]
    both = [n for n, d in enumerate(decisions.distinct) if {d.first, d.second} <= keys["statements"]]
    kept = decisions._replace(
        conflicts=tuple(decisions.conflicts[n] for n in conflicts), distinct=tuple(decisions.distinct[n] for n in both)
    )
    return Concerned(kept, {"conflicts": conflicts, "distinct": both})
