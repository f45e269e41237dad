"""Claims -> facts: claims about the same thing become one fact, counts and names check each other, conflicts stop.

Whole columns are sorted and compared; nothing here goes through claims one by one.
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.problems import Finding, shown
from jobs.rules.statements import DESCRIPTION

Mask = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.int64]


class Clash(NamedTuple):
    """A finding across articles, in the file with that index."""

    file: int
    finding: Finding


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

    @property
    def sizes(self) -> Indexes:
        """Claims per fact."""
        return np.diff(np.append(self.starts, len(self.claims)))

    @property
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

    def claim(self, position: int) -> dict[str, Any]:
        """One claim."""
        row: dict[str, Any] = self.claims.slice(int(self.order[position]), 1).to_pylist()[0]
        return row

    def facts(self, agrees: Mask) -> Facts:
        """The facts and their claims, given which claims agree with the leading one."""
        facts = self.claims.take(pa.array(self.order[self.starts]))
        facts = facts.append_column("claims", pa.array(self.sizes, pa.int32()))
        facts = facts.append_column("independent_sources", pa.array(self.distinct("origin"), pa.int32()))
        unmoved = np.empty_like(agrees)
        unmoved[self.order] = agrees
        return Facts(facts, self.claims.append_column("agrees", pa.array(unmoved)))


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
        clashes.append(Clash(claim["file"], Finding(where, code, message, f"@{rival['file']}")))
    return clashes


def weigh_grades(claims: Claims) -> tuple[Facts, list[Clash]]:
    """Named grades. The latest correction leads; claims printed before it may name the grade that it replaced."""
    groups = grouped(claims["grades"], claims["articles"], ("revised_on", "descending"))
    wrong = groups.differs("grade")
    table, leading = groups.claims, pa.array(groups.order[groups.firsts])
    own = pa.array(groups.order)
    before = np.asarray(pc.less(table["published_on"].take(own), table["revised_on"].take(leading)))
    earlier = np.asarray(pc.equal(table["grade"].take(own), table["previous_grade"].take(leading)))
    clashes = _clashes(groups, wrong & ~(before & earlier), "grades", "grade", "grade", "grade-conflict")
    for field, column in (("previous", "previous_grade"), ("revised_on", "revised_on")):
        other = groups.differs(column) & groups.holds(column)
        clashes += _clashes(groups, other & ~wrong, "grades", field, column, "grade-conflict")
    return groups.facts(~wrong), clashes


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
        clashes.append(Clash(claim["file"], Finding(where, "described-twice", message, f"@{rival['file']}")))
    return groups.facts(np.ones(len(described), dtype=np.bool_)), clashes


_DETAILS: Final = ("period_end", "threshold", "baseline", "comparator_value", "population", "as_of", "said_by")


def weigh_metrics(claims: Claims) -> tuple[Facts, list[Clash]]:
    """Metrics. Among claims of one observation the one with most details leads; values must be equal."""
    table = claims["metrics"]
    groups = grouped(table.append_column("details", _filled(table)), claims["articles"], ("details", "descending"))
    wrong = groups.differs("value")
    unlike = groups.differs("unit")
    clashes = _clashes(groups, wrong, "metrics", "value", "value", "metric-conflict")
    clashes += _clashes(groups, unlike & ~wrong, "metrics", "unit", "unit", "metric-conflict")
    return groups.facts(~(wrong | unlike)), clashes


def _filled(table: pa.Table) -> pa.Array:
    counts = np.zeros(len(table), dtype=np.int32)
    for name in _DETAILS:
        counts += np.asarray(pc.not_equal(table[name], "")).astype(np.int32)
    return pa.array(counts)
