"""Many articles as columns: what their items say, and what rules and claims need to know of it.

A column has a value for each item, the empty text where the item does not say.
"""

from collections.abc import Callable, Iterator
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

from jobs.coded import Column, Mask, Numbers, coded, mapped, or_else
from jobs.codelists import AMBIGUOUS, Area, Codelists
from jobs.dates import check_date, date_bounds
from jobs.rules.items import repeats, when
from jobs.written import FREE, Articles, Written
from schemas.article import HEAD, SECTIONS, Article, Entry

_Value = TypeVar("_Value")
Days = tuple[str, str]
"""The earliest and the latest day that something can have been; empty where nobody knows."""


class Heads:
    """What some articles say of themselves."""

    def __init__(self, written: Written, lists: Codelists) -> None:
        """Columns are made when they are asked for."""
        self.written, self.lists, self._columns = written, lists, dict[str, Column[str]]()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.written)

    def __getitem__(self, field: str) -> Column[str]:
        """What the articles have under a key."""
        if field not in self._columns:
            self._columns[field] = self.written.column("", field)
        return self._columns[field]

    @cached_property
    def telling(self) -> list[tuple[str, Column[str]]]:
        """The keys under which any article says something."""
        return [(field, self[field]) for field in HEAD if self[field].tells]

    @cached_property
    def said(self) -> Column[Days]:
        """When the words of each article can have been said."""
        return mapped(when, self["said_on"], self["published"])

    @cached_property
    def published(self) -> Column[Days]:
        """When each article can have been published."""
        return self["published"].map(date_bounds)

    @cached_property
    def first_days(self) -> Column[str]:
        """The first day on which each article can have been published; empty where that is none of the calendar."""
        return self.published.map(_first_day)


def _first_day(days: Days) -> str:
    return "" if check_date(days[0]) else days[0]


class Section:
    """All items of one section of some articles, one after the other."""

    def __init__(self, heads: Heads, name: str) -> None:
        """Columns are made when they are asked for, and so is what tells whose the items are."""
        self.name, self.lists, self.heads, self._columns = name, heads.lists, heads, dict[str, Column[Any]]()

    @cached_property
    def lengths(self) -> Numbers:
        """How many of the items each article has."""
        return self.heads.written.lengths(self.name)

    @cached_property
    def owners(self) -> Numbers:
        """The number of the article of each item."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def indices(self) -> Numbers:
        """The index of each item in the section of its article."""
        return np.arange(len(self)) - np.repeat(np.cumsum(self.lengths) - self.lengths, self.lengths)

    def __len__(self) -> int:
        """How many items there are."""
        return len(self.owners)

    def __getitem__(self, field: str) -> Column[Any]:
        """What the items have under a key."""
        if field not in self._columns:
            self._columns[field] = self.heads.written.column(self.name, field)
        return self._columns[field]

    def once(self, function: "Callable[[Section], Column[_Value]]") -> Column[_Value]:
        """What a function makes of this section, made once."""
        name = function.__name__ + "()"
        if name not in self._columns:
            self._columns[name] = function(self)
        return self._columns[name]

    def of(self, column: Column[_Value]) -> Column[_Value]:
        """For each item what a column of the articles says of its article."""
        return column.take(self.owners)

    def own_or(self, field: str, column: Column[str]) -> Column[str]:
        """What an item says itself, or else what a column of the articles says of its article."""
        return or_else(self[field], self.of(column))

    @cached_property
    def inspections(self) -> Column[str]:
        """The inspection that each item names, or its article."""
        return self.own_or("inspection", self.heads["inspection"])

    @cached_property
    def known(self) -> Column[str]:
        """The same, empty where the lists do not know it."""
        return self.inspections.map(lambda name: name if name in self.lists.inspections else "")

    @cached_property
    def alike(self) -> Column[str]:
        """An inspection with the same areas, scale and kind of subject as that of each item."""
        return self.inspections.map(lambda inspection: self.lists.alike.get(inspection, inspection))

    @cached_property
    def areas(self) -> Column[Area]:
        """The area of policing of each item; nothing where there is none or it is not known."""
        return mapped(partial(_area, self.lists), self.alike, self["area"])

    @cached_property
    def forces(self) -> Column[str]:
        """The force of each item's inspection; empty where there is none."""
        return self.known.map(lambda name: self.lists.inspections[name].force_id if name else "")

    def grades(self, field: str) -> Column[str]:
        """The grades that a field names."""
        return self.graded(self.alike, self[field])

    def graded(self, inspections: Column[str], texts: Column[str]) -> Column[str]:
        """The grades that texts mean in the scales of inspections."""
        return mapped(partial(_grade, self.lists), inspections, texts)

    @cached_property
    def dates(self) -> Column[tuple[str, str, str]]:
        """What dates the article of each item."""
        return self.of(mapped(_dates, *(self.heads[field] for field in ("published", "updated", "said_on"))))

    @cached_property
    def said(self) -> Column[Days]:
        """When the words of each item can have been said."""
        if "said_on" not in SECTIONS[self.name].__struct_fields__:
            return self.of(self.heads.said)
        return mapped(when, self.own_or("said_on", self.heads["said_on"]), self.of(self.heads["published"]))

    @cached_property
    def counted(self) -> Column[tuple[tuple[str, str], ...]]:
        """What each item counts: grades as written and their numbers."""
        counted = [*map(tuple, map(dict.items, self.heads.written.counted()))]
        return coded(counted)

    def item(self, row: int) -> Entry:
        """One of the items."""
        written: dict[str, Any] = {field: column.value(row) for field, column in self._telling}
        if self.name == "counts":
            written["grades"] = dict(self.counted.value(row))
        return SECTIONS[self.name](**written)

    @cached_property
    def _telling(self) -> list[tuple[str, Column[str]]]:
        fields = [field for field in SECTIONS[self.name].__struct_fields__ if (self.name, field) != FREE]
        return [(field, self[field]) for field in fields if self[field].tells]

    def articles(self, rows: Mask) -> set[int]:
        """The numbers of the articles of these items."""
        return set(self.owners[rows].tolist())


def _area(lists: Codelists, inspection: str, text: str) -> Area:
    return (lists.area(inspection, text) if text and inspection in lists.inspections else None) or AMBIGUOUS


def _grade(lists: Codelists, inspection: str, text: str) -> str:
    return (lists.grade(inspection, text) if text and inspection in lists.inspections else None) or ""


def _dates(published: str, updated: str, said_on: str) -> tuple[str, str, str]:
    return published, updated, said_on


class Many:
    """Some articles, and their items section by section.

    Nothing in it refers back to it, so that it goes when nobody has it any more, without a collector of garbage.
    """

    def __init__(self, written: Written, lists: Codelists) -> None:
        """Columns are made when they are asked for."""
        self.written, self.lists, self.heads = written, lists, Heads(written, lists)
        self.sections = {name: Section(self.heads, name) for name in SECTIONS}
        self._heads = dict[int, dict[str, Any]]()

    def __len__(self) -> int:
        """How many articles there are."""
        return len(self.written)

    def __getitem__(self, field: str) -> Column[str]:
        """What the articles have under a key."""
        return self.heads[field]

    def items(self, number: int) -> Iterator[tuple[str, int]]:
        """Section and index of every item of an article."""
        for name, section in self.sections.items():
            yield from ((name, index) for index in range(section.lengths[number]))

    def bare(self, number: int) -> Article:
        """An article without its items."""
        return Article(**self._head(number))

    def single(self, section: Section, row: int) -> Article:
        """The article of an item, without any other item."""
        return Article(**(self._head(int(section.owners[row])) | {section.name: [section.item(row)]}))

    def _head(self, number: int) -> dict[str, Any]:
        if number not in self._heads:
            self._heads[number] = {field: column.value(number) for field, column in self.heads.telling}
        return self._heads[number]


def repeated(
    article: Article, lists: Codelists, section: str, keys: Callable[[Section], Column[str]]
) -> Iterator[tuple[int, int]]:
    """The index of each item whose key another one before it has, and the index of the first that has it."""
    if len(getattr(article, section)) < 2:
        return
    cells = keys(Many(Articles([article]), lists).sections[section]).cells()
    yield from repeats(range(len(cells)), cells.__getitem__)
