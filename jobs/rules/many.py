"""Many articles as columns: what their items say, and what rules and claims need to know of it.

A column is a list with a value for each item, the empty text where the item does not say. What follows from cells is
worked out once for each combination of cells that occurs: articles repeat each other far more than they differ.
"""

from collections.abc import Callable, Container, Hashable, Iterable, Sequence
from functools import cached_property
from itertools import chain, repeat
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from jobs.codelists import AMBIGUOUS, Area, Codelists
from jobs.dates import check_date, date_bounds
from jobs.rules.items import SECTIONS, when
from schemas.article import Article, Entry

_Value = TypeVar("_Value")
Days = tuple[str, str]
"""The earliest and the latest day that something can have been; empty where nobody knows."""


def mapped(function: Callable[..., _Value], *columns: Sequence[Any]) -> list[_Value]:
    """What a pure function makes of the cells of each row; called once for each combination of cells."""
    if len(columns) == 1:
        (cells,) = columns
        if not any(cells):
            return [function(cells[0])] * len(cells) if cells else []
        known = {cell: function(cell) for cell in set(cells)}
        return list(map(known.__getitem__, cells))
    rows = list(zip(*columns, strict=True))
    made = {row: function(*row) for row in set(rows)}
    return list(map(made.__getitem__, rows))


def or_else(text: str, other: str) -> str:
    """A text, or another one where it is empty."""
    return text or other


def numbers_beside(wrong: Container[Hashable], cells: Sequence[Hashable], numbers: Iterable[int]) -> set[int]:
    """The numbers, one for each cell, of the cells that are wrong."""
    return {number for number, cell in zip(numbers, cells, strict=True) if cell in wrong} if wrong else set()


class Heads:
    """What some articles say of themselves."""

    def __init__(self, articles: Sequence[Article], lists: Codelists) -> None:
        """Columns are made when they are asked for."""
        self.articles, self.lists, self._columns = articles, lists, dict[str, list[str]]()

    def __getitem__(self, field: str) -> list[str]:
        """What the articles have under a key."""
        if field not in self._columns:
            self._columns[field] = list(map(attrgetter(field), self.articles))
        return self._columns[field]

    @cached_property
    def said(self) -> list[Days]:
        """When the words of each article can have been said."""
        return mapped(when, self["said_on"], self["published"])

    @cached_property
    def published(self) -> list[Days]:
        """When each article can have been published."""
        return mapped(date_bounds, self["published"])

    @cached_property
    def first_days(self) -> list[str]:
        """The first day on which each article can have been published; empty where that is none of the calendar."""
        return ["" if check_date(first) else first for first, _ in self.published]


class Section:
    """All items of one section of some articles, one after the other."""

    def __init__(self, heads: Heads, name: str) -> None:
        """Columns are made when they are asked for."""
        parts: list[list[Entry]] = list(map(attrgetter(name), heads.articles))
        lengths = list(map(len, parts))
        self.name, self.lists, self.heads, self._columns = name, heads.lists, heads, dict[str, list[Any]]()
        self.entries = list(chain.from_iterable(parts))
        self.owners = list(chain.from_iterable(map(repeat, range(len(parts)), lengths)))
        self.indices = list(chain.from_iterable(map(range, lengths)))

    def __getitem__(self, field: str) -> list[Any]:
        """What the items have under a key."""
        if field not in self._columns:
            self._columns[field] = list(map(attrgetter(field), self.entries))
        return self._columns[field]

    def once(self, function: "Callable[[Section], list[_Value]]") -> list[_Value]:
        """What a function makes of this section, made once."""
        name = function.__name__ + "()"
        if name not in self._columns:
            self._columns[name] = function(self)
        return self._columns[name]

    def of(self, column: Sequence[_Value]) -> list[_Value]:
        """For each item what a column of the articles says of its article."""
        return list(map(column.__getitem__, self.owners))

    def own_or(self, field: str, column: Sequence[str]) -> list[str]:
        """What an item says itself, or else what a column of the articles says of its article."""
        return list(map(or_else, self[field], self.of(column)))

    @cached_property
    def inspections(self) -> list[str]:
        """The inspection that each item names, or its article."""
        return self.own_or("inspection", self.heads["inspection"])

    @cached_property
    def known(self) -> list[str]:
        """The same, empty where the lists do not know it."""
        return mapped(lambda name: name if name in self.lists.inspections else "", self.inspections)

    @cached_property
    def alike(self) -> list[str]:
        """An inspection that rules cannot tell from that of each item."""
        return mapped(self._alike, self.inspections)

    def _alike(self, inspection: str) -> str:
        return self.lists.alike.get(inspection, inspection)

    @cached_property
    def areas(self) -> list[Area]:
        """The area of policing of each item; nothing where there is none or it is not known."""
        return mapped(self._area, self.alike, self["area"])

    def _area(self, inspection: str, text: str) -> Area:
        return (
            self.lists.area(inspection, text) if text and inspection in self.lists.inspections else None
        ) or AMBIGUOUS

    @cached_property
    def forces(self) -> list[str]:
        """The force of each item's inspection; empty where there is none."""
        return mapped(lambda name: self.lists.inspections[name].force_id if name else "", self.known)

    def grades(self, field: str) -> list[str]:
        """The grades that a field names."""
        return self.graded(self.alike, self[field])

    def graded(self, inspections: Sequence[str], texts: Sequence[str]) -> list[str]:
        """The grades that texts mean in the scales of inspections."""
        return mapped(self._grade, inspections, texts)

    def _grade(self, inspection: str, text: str) -> str:
        return (self.lists.grade(inspection, text) if text and inspection in self.lists.inspections else None) or ""

    @cached_property
    def dates(self) -> list[tuple[str, str, str]]:
        """What dates the article of each item."""
        heads = (self.heads[field] for field in ("published", "updated", "said_on"))
        return self.of(list(zip(*heads, strict=True)))

    @cached_property
    def said(self) -> list[Days]:
        """When the words of each item can have been said."""
        if "said_on" not in SECTIONS[self.name].__struct_fields__:
            return self.of(self.heads.said)
        return mapped(when, self.own_or("said_on", self.heads["said_on"]), self.of(self.heads["published"]))


class Many:
    """Some articles, and their items section by section.

    Nothing in it refers back to it, so that it goes when nobody has it any more, without a collector of garbage.
    """

    def __init__(self, articles: Sequence[Article], lists: Codelists) -> None:
        """Columns are made when they are asked for."""
        self.articles, self.lists, self.heads = articles, lists, Heads(articles, lists)
        self.sections = {name: Section(self.heads, name) for name in SECTIONS}

    def __getitem__(self, field: str) -> list[str]:
        """What the articles have under a key."""
        return self.heads[field]

    def bare(self, number: int) -> Article:
        """An article without its items."""
        return msgspec.structs.replace(self.articles[number], **{name: [] for name in SECTIONS})

    def single(self, section: Section, row: int) -> Article:
        """The article of an item, without any other item."""
        return msgspec.structs.replace(self.bare(section.owners[row]), **{section.name: [section.entries[row]]})
