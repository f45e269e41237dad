"""Claims about the same thing, side by side: which leads, which differ from it, what the fact is that they make.

Whole columns are sorted and compared; nothing here goes through claims one by one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import different, different_per, encoded, plain_column
from jobs.problems import Finding, Where, shown

Mask = npt.NDArray[np.bool_]
Indexes = npt.NDArray[np.int64]


LATEST: Final = "9999-12-31"
"""Stands for the last day of what has no known end."""


SAID: Final = (
    "file", "item", "fact_id", "inspection_id", "origin", "fragment", "note", "area_id", "grade", "revised_on", "value",
    "value_as_printed", "excerpt",
)  # fmt: skip
"""The columns of claims that are published whether or not they prevail, or counted."""
_REPEATED: Final = ("origin", "fragment", "note", "excerpt")
"""Those of them whose values come again and again."""


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

    facts: the leading claim of each fact, sorted by `fact_id`, with `disputed`, and with `claims` and
    `independent_sources` counted among those that agree; claims: all claims in the order of their files, in the columns
    `SAID`, with `agrees` added (null where the fact is disputed). Texts that come again are dictionaries, in the facts
    only those of statements and metrics, and never `fact_id`.
    """

    facts: pa.Table
    claims: pa.Table


@dataclass(frozen=True)
class Groups:
    """Claims by fact. `order` puts those of one fact together, the leading one first; `starts` is where facts begin.

    Whatever is said of claims one by one (a mask, codes) is in this order; the claims themselves are not moved, and
    `facts_of` tells the number of the fact of each as they stand.
    """

    claims: pa.Table
    facts_of: Indexes
    order: Indexes
    starts: Indexes
    _encoded: dict[str, pa.DictionaryArray] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> Indexes:
        """Claims per fact."""
        return np.diff(np.append(self.starts, len(self.claims)))

    @cached_property
    def firsts(self) -> Indexes:
        """For each claim the position of its fact's leading claim."""
        return np.repeat(self.starts, self.sizes)

    def encoded(self, column: str) -> pa.DictionaryArray:
        """A column of the claims as they stand, each different value once; made once, since it takes long."""
        if column not in self._encoded:
            self._encoded[column] = encoded(self.claims[column])
        return self._encoded[column]

    def codes(self, column: str) -> Indexes:
        """A column as numbers that are equal where its values are."""
        return np.asarray(self.encoded(column).indices, dtype=np.int64)[self.order]

    def holds(self, column: str) -> Mask:
        """Claims that have a text in a column."""
        return self._where(column, lambda texts: pc.not_equal(texts, ""))

    @cached_property
    def numbers(self) -> Indexes:
        """For each claim the number of its fact."""
        return np.repeat(np.arange(len(self.starts)), self.sizes)

    def distinct(self, column: str, among: Mask) -> Indexes:
        """Different values per fact, of the claims in a mask."""
        return different_per(self.numbers[among], self.codes(column)[among], len(self.starts))

    def differs(self, column: str) -> Mask:
        """Claims whose value is not the one of their fact's leading claim."""
        codes = self.codes(column)
        return np.not_equal(codes, codes[self.firsts])

    def contradicts(self, column: str, among: Mask) -> Mask:
        """Those claims in a mask whose text in a column is not that of the first of them that has one there."""
        codes = self.codes(column)
        first = np.repeat(self.first_with((column,), among), self.sizes)
        return np.not_equal(codes, codes[first]) & self.holds(column) & among

    def among(self, keys: Iterable[str]) -> Mask:
        """Claims of the facts with these keys."""
        known = pa.array(keys, pa.large_string())
        return self._where("fact_id", lambda texts: pc.is_in(texts, value_set=known))

    def _where(self, column: str, wanted: Callable[[pa.Array], pa.Array]) -> Mask:
        """Claims of whose texts in a column something is true, which is asked of each different one."""
        texts = self.encoded(column)
        found: Mask = np.asarray(wanted(texts.dictionary))[np.asarray(texts.indices)]
        return found[self.order]

    def keys(self, mask: Mask) -> set[str]:
        """Keys of the facts with claims in a mask."""
        return set(self.claims["fact_id"].take(pa.array(self.order[mask])).unique().to_pylist())

    def claim(self, position: int) -> dict[str, Any]:
        """One claim."""
        row: dict[str, Any] = self.claims.slice(int(self.order[position]), 1).to_pylist()[0]
        return row

    def facts(
        self,
        agrees: Mask,
        disputed: Mask | None = None,
        details: tuple[tuple[str, ...], ...] = (),
        main: tuple[str, ...] = (),
    ) -> Facts:
        """The facts and their claims, given which claims agree with the leading one.

        disputed: claims of facts that are left open, whose `main` columns are then empty; details: groups of columns
        that the first claim in agreement which has any of them fills in where the leading one has none.
        """
        unclear = np.zeros_like(agrees) if disputed is None else disputed
        among = agrees | unclear
        facts = self.claims.take(pa.array(self.order[self.starts]))
        facts = facts.set_column(facts.schema.get_field_index("fact_id"), "fact_id", plain_column(facts["fact_id"]))
        for group in details:
            source = self.order[self.first_with(group, among)]
            for column in group:
                index = facts.schema.get_field_index(column)
                facts = facts.set_column(index, column, self.claims[column].take(pa.array(source)))
        number = np.bincount(self.numbers[among], minlength=len(self.starts))
        facts = facts.append_column("claims", pa.array(number, pa.int32()))
        facts = facts.append_column("independent_sources", pa.array(self.distinct("origin", among), pa.int32()))
        facts = facts.append_column("disputed", pa.array(unclear[self.starts]))
        for column in main if unclear.any() else ():
            index = facts.schema.get_field_index(column)
            facts = facts.set_column(index, column, pc.if_else(facts["disputed"], "", facts[column]))
        back = np.empty_like(self.order)
        back[self.order] = np.arange(len(self.order))
        column = pa.array(agrees[back], mask=unclear[back])
        keys = pa.DictionaryArray.from_arrays(self.facts_of.astype(np.int32), facts["fact_id"].combine_chunks())
        said = {name: self._said(name) for name in SAID if name in self.claims.column_names}
        return Facts(facts, pa.table(said | {"fact_id": keys, "agrees": column}))

    def _said(self, name: str) -> pa.ChunkedArray | pa.DictionaryArray:
        return self.encoded(name) if name in _REPEATED else self.claims[name]

    def first_with(self, columns: tuple[str, ...], among: Mask) -> Indexes:
        """For each fact the position of its first claim in a mask with a text in any of the columns, or of the leading
        one."""
        holds = np.logical_or.reduce([self.holds(column) for column in columns]) & among
        positions = np.where(holds, np.arange(len(holds)), len(holds))
        if not len(self.starts):
            return self.starts
        first = np.minimum.reduceat(positions, self.starts)
        return np.where(first < len(holds), first, self.starts)


def grouped(claims: pa.Table, articles: pa.Table, *leading: tuple[str, str]) -> Groups:
    """Claims by fact; within a fact by `leading` (column, order), then the earlier article, then its id.

    An article is as early as it must be: one whose date is not known comes last.
    """
    facts_of = ranks(claims["fact_id"])
    ages = np.empty(len(articles), dtype=np.int64)
    ages[np.lexsort((ranks(articles["article_id"]), ranks(last_days(articles))))] = np.arange(len(articles))
    order = np.argsort(ages[np.asarray(claims["file"])], kind="stable")
    for column, how in reversed(leading):
        values = claims[column]
        numbers = ranks(values) if not pa.types.is_integer(values.type) else np.asarray(values)
        order = order[np.argsort((-numbers if how == "descending" else numbers)[order], kind="stable")]
    order = order[np.argsort(facts_of[order], kind="stable")]
    return Groups(claims, facts_of, order, np.flatnonzero(np.diff(facts_of[order], prepend=-1)))


def ranks(column: pa.Array | pa.ChunkedArray) -> Indexes:
    """Texts as numbers that are equal and greater where the texts are; only the different ones are sorted.

    A text of a dictionary that no row has takes a number too.
    """
    texts = encoded(column)
    rank = np.empty(len(texts.dictionary), dtype=np.int64)
    rank[np.asarray(pc.sort_indices(texts.dictionary))] = np.arange(len(rank))
    numbers: Indexes = rank[np.asarray(texts.indices)]
    return numbers


def last_days(articles: pa.Table) -> pa.ChunkedArray:
    """The last day on which each article may have been published, `LATEST` where nobody knows."""
    return pc.if_else(pc.equal(articles["published_to"], ""), LATEST, articles["published_to"])


def clashes_at(
    groups: Groups,
    wrong: Mask,
    code: str,
    column: str,
    field: str = "",
    section: str = "",
    among: Mask | None = None,
    decided: str = "",
) -> list[Clash]:
    """A clash at the field of each claim whose column differs from another's, and at that other.

    field: the key of that column in an article; among: of a column that a claim may leave empty, the claims that were
    compared; decided: the column as decisions name it, empty for the main one.
    """
    clashes = []
    source = groups.firsts if among is None else np.repeat(groups.first_with((column,), among), groups.sizes)
    rows = different(np.concatenate([np.flatnonzero(wrong), source[wrong]]))
    for row in rows.tolist():
        other = source[row] if source[row] != row else row + 1 + int(np.argmax(wrong[row + 1 :]))
        claim, rival = groups.claim(row), groups.claim(other)
        message = f"{claim['fact_id']} is {shown(claim[column])} here but {shown(rival[column])} elsewhere"
        hint = decide_hint(section, claim["fact_id"], decided)
        finding = Finding((section, claim["item"], field or column), code, message, hint)
        clashes.append(Clash(claim["file"], finding, Rival(rival["file"], (section, rival["item"], field or column))))
    return clashes


def decide_hint(table: str, key: str, column: str = "") -> str:
    """What a curator can do about a conflict."""
    more = f", column: {column}" if column else ""
    return f"mend what is wrong, or decide in sources/decisions.yaml (table: {table}, key: {key}{more})"
