"""Claims -> facts: claims about the same thing become one fact, counts and names check each other, conflicts stop.

Whole columns are sorted and compared; nothing here goes through claims one by one.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.problems import Finding, Where, shown
from jobs.rules.statements import DESCRIPTION

Mask = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.int64]


class Rival(NamedTuple):
    """Where the other side of a clash stands: index of the file, and where in its article."""

    file: int
    where: Where


class Clash(NamedTuple):
    """A finding across articles, in the file with that index."""

    file: int
    finding: Finding
    rival: Rival | None = None


class Facts(NamedTuple):
    """Facts of one kind and their claims.

    facts: the leading claim of each fact, sorted by `fact_id`, with `claims` and `independent_sources` added; claims:
    all claims in the order of their files, with `agrees` added.
    """

    facts: pa.Table
    claims: pa.Table


@dataclass(frozen=True)
class Groups:
    """Claims by fact. `order` puts those of one fact together, the leading one first; `starts` is where facts begin.

    Whatever is said of claims one by one (a mask, codes) is in this order; the claims themselves are not moved.
    """

    claims: pa.Table
    order: Indexes
    starts: Indexes

    @cached_property
    def sizes(self) -> Indexes:
        """Claims per fact."""
        return np.diff(np.append(self.starts, len(self.claims)))

    @cached_property
    def firsts(self) -> Indexes:
        """For each claim the position of its fact's leading claim."""
        return np.repeat(self.starts, self.sizes)

    def codes(self, column: str) -> Indexes:
        """A column as numbers that are equal where its values are."""
        encoded = self.claims[column].combine_chunks().dictionary_encode(null_encoding="encode")
        return np.asarray(encoded.indices, dtype=np.int64)[self.order]

    def holds(self, column: str) -> Mask:
        """Claims that have a text in a column."""
        return np.asarray(pc.not_equal(self.claims[column], ""))[self.order]

    def distinct(self, column: str) -> Indexes:
        """Different values per fact."""
        codes = self.codes(column)
        width = int(codes.max(initial=0)) + 1
        pairs = np.unique(np.repeat(np.arange(len(self.starts)), self.sizes) * width + codes)
        return np.bincount(pairs // width, minlength=len(self.starts)).astype(np.int64)

    def differs(self, column: str) -> Mask:
        """Claims whose value is not the one of their fact's leading claim."""
        codes = self.codes(column)
        return np.not_equal(codes, codes[self.firsts])

    def contradicts(self, column: str) -> Mask:
        """Claims whose text in a column is not the one of their fact's leading claim, where both have one."""
        holds = self.holds(column)
        return self.differs(column) & holds & holds[self.firsts]

    def claim(self, position: int) -> dict[str, Any]:
        """One claim."""
        row: dict[str, Any] = self.claims.slice(int(self.order[position]), 1).to_pylist()[0]
        return row

    def facts(self, agrees: Mask, details: tuple[tuple[str, ...], ...] = ()) -> Facts:
        """The facts and their claims, given which claims agree with the leading one.

        details: groups of columns that the first claim which has any of them fills in where the leading one has none.
        """
        facts = self.claims.take(pa.array(self.order[self.starts]))
        for group in details:
            source = self.order[self._first_with(group)]
            for column in group:
                index = facts.schema.get_field_index(column)
                facts = facts.set_column(index, column, self.claims[column].take(pa.array(source)))
        facts = facts.append_column("claims", pa.array(self.sizes, pa.int32()))
        facts = facts.append_column("independent_sources", pa.array(self.distinct("origin"), pa.int32()))
        unmoved = np.empty_like(agrees)
        unmoved[self.order] = agrees
        return Facts(facts, self.claims.append_column("agrees", pa.array(unmoved)))

    def _first_with(self, columns: tuple[str, ...]) -> Indexes:
        """For each fact the position of the first claim with a text in any of the columns, or of the leading one."""
        holds = np.logical_or.reduce([self.holds(column) for column in columns])
        positions = np.where(holds, np.arange(len(holds)), len(holds))
        if not len(self.starts):
            return self.starts
        first = np.minimum.reduceat(positions, self.starts)
        return np.where(first < len(holds), first, self.starts)


def grouped(claims: pa.Table, articles: pa.Table, *leading: tuple[str, str]) -> Groups:
    """Claims by fact; within a fact by `leading` (column, order), then the earlier article, then its id."""
    dates = articles["published_on"].take(claims["file"])
    table = claims.append_column("published_on", dates)
    keys = [("fact_id", "ascending"), *leading, ("published_on", "ascending"), ("file", "ascending")]
    order = np.asarray(pc.sort_indices(table, sort_keys=keys)).astype(np.int64)
    ids = np.asarray(table["fact_id"].combine_chunks().dictionary_encode().indices, dtype=np.int64)[order]
    starts = np.flatnonzero(np.append(True, ids[1:] != ids[:-1])) if len(ids) else np.zeros(0)
    return Groups(table, order, starts.astype(np.int64))


def _clashes(groups: Groups, wrong: Mask, section: str, field: str, column: str, code: str) -> list[Clash]:
    """A clash at the field of each claim whose column differs from the leading claim's, and at that of the leading."""
    clashes = []
    firsts = groups.firsts
    rows = np.unique(np.concatenate([np.flatnonzero(wrong), firsts[wrong]]))
    for row in rows.tolist():
        other = firsts[row] if firsts[row] != row else row + 1 + int(np.argmax(wrong[row + 1 :]))
        claim, rival = groups.claim(row), groups.claim(other)
        message = f"{claim['fact_id']} is {shown(claim[column])} here but {shown(rival[column])} elsewhere"
        where = (section, claim["item"], field)
        beside = Rival(rival["file"], (section, rival["item"], field))
        clashes.append(Clash(claim["file"], Finding(where, code, message), beside))
    return clashes


def weigh_grades(claims: Claims) -> tuple[Facts, list[Clash]]:
    """Named grades. The latest correction leads; claims printed before it may name the grade that it replaced."""
    groups = grouped(claims["grades"], claims["articles"], ("revised_on", "descending"))
    wrong = groups.differs("grade")
    clashes = _clashes(groups, wrong & ~_replaced_later(groups), "grades", "grade", "grade", "grade-conflict")
    for field, column in (("previous", "previous_grade"), ("revised_on", "revised_on")):
        clashes += _clashes(groups, groups.contradicts(column) & ~wrong, "grades", field, column, "grade-conflict")
    return groups.facts(~wrong), clashes


def _replaced_later(groups: Groups) -> Mask:
    """Claims of a grade that a later correction names as the one before it."""
    right, firsts = np.zeros(len(groups.claims), dtype=np.bool_), groups.firsts
    rows = np.flatnonzero(np.isin(firsts, firsts[groups.holds("revised_on")]))
    columns = ("published_on", "grade", "revised_on", "previous_grade")
    claims = groups.claims.select(columns).take(pa.array(groups.order[rows])).to_pylist()
    corrections: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for first, claim in zip(firsts[rows].tolist(), claims, strict=True):
        if claim["revised_on"]:
            corrections[first].append((claim["revised_on"], claim["previous_grade"]))
    for row, claim in zip(rows.tolist(), claims, strict=True):
        known = corrections[int(firsts[row])]
        right[row] = any(claim["published_on"] < on and claim["grade"] == before for on, before in known)
    return right


def weigh_statements(claims: Claims) -> tuple[Facts, list[Clash]]:
    """Statements. Each is described by exactly one article, which leads."""
    groups = grouped(claims["statements"], claims["articles"], ("summary", "descending"))
    described = groups.holds(DESCRIPTION[-1])
    clashes = []
    for row in groups.starts[~described[groups.starts]].tolist():
        claim = groups.claim(row)
        message = f"no article describes {claim['fact_id']}"
        hint = "add kind, stance and summary here, or mend the id so that it is that of a described statement"
        finding = Finding(("statements", claim["item"], "id"), "undescribed-statement", message, hint)
        clashes.append(Clash(claim["file"], finding))
    twice = described & (groups.firsts != np.arange(len(described)))
    for row in np.flatnonzero(twice).tolist():
        claim, rival = groups.claim(row), groups.claim(groups.firsts[row])
        message = f"{claim['fact_id']} is described here and elsewhere"
        where = ("statements", claim["item"], "summary")
        beside = Rival(rival["file"], ("statements", rival["item"], "summary"))
        clashes.append(Clash(claim["file"], Finding(where, "described-twice", message), beside))
    other = groups.contradicts("said_on")
    clashes += _clashes(groups, other, "statements", "said_on", "said_on", "statement-conflict")
    return groups.facts(~other), clashes


_TOGETHER: Final = (
    ("as_of",), ("said_by",), ("value_as_printed",), ("population",), ("comparator", "comparator_value"),
    ("baseline", "baseline_start", "baseline_end"),
)  # fmt: skip
"""Details that another claim fills in where the leading one has none; those of one group come from one claim."""
_DETAILS: Final = ("period_end", "threshold", "baseline", "comparator_value", "population", "as_of", "said_by")


def weigh_metrics(claims: Claims) -> tuple[Facts, list[Clash]]:
    """Metrics. Among claims of one observation the one with most details leads; values must be equal."""
    table = claims["metrics"]
    groups = grouped(table.append_column("details", _filled(table)), claims["articles"], ("details", "descending"))
    wrong = groups.differs("value")
    unlike = groups.differs("unit")
    clashes = _clashes(groups, wrong, "metrics", "value", "value", "metric-conflict")
    clashes += _clashes(groups, unlike & ~wrong, "metrics", "unit", "unit", "metric-conflict")
    for column in ("comparator_value", "population", "baseline_start", "baseline_end"):
        field = "baseline_period" if column.startswith("baseline") else column
        other = groups.contradicts(column) & ~wrong & ~unlike
        clashes += _clashes(groups, other, "metrics", field, column, "metric-conflict")
    return groups.facts(~(wrong | unlike), _TOGETHER), clashes


def _filled(table: pa.Table) -> pa.Array:
    counts = np.zeros(len(table), dtype=np.int32)
    for name in _DETAILS:
        counts += np.asarray(pc.not_equal(table[name], "")).astype(np.int32)
    return pa.array(counts)
