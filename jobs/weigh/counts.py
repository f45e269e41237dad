"""Counts against names: what articles count and what they name must fit, and what is left over follows."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa

from jobs.claims import Claims
from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.weigh import Clash, Facts, Rival


class Count(NamedTuple):
    """What one article counts of one inspection, and what it calls the grades; one not mentioned is absent."""

    file: int
    item: int
    inspection_id: str
    origin: str
    fragment: str
    published_on: str
    areas: dict[str, int]
    labels: dict[str, str]
    total: int | None


class Derived(NamedTuple):
    """A grade that no article names, the counts that it follows from, and how."""

    grade_id: str
    inspection_id: str
    area: str
    grade: str
    derivation: str
    counts: tuple[Count, ...]


class Named(NamedTuple):
    """A named grade, as current and as it was before a correction."""

    area: str
    grade: str
    revised_on: str
    previous: str

    def at(self, date: str) -> str:
        """The grade that an article of that date could know."""
        return self.previous if self.revised_on and date < self.revised_on else self.grade


def read_counts(claims: Claims) -> dict[str, list[Count]]:
    """Inspection -> what articles count of it, in the order of the files."""
    articles, rows = claims["articles"], claims["counts"]
    dates = dict(zip(articles["file"].to_pylist(), articles["published_on"].to_pylist(), strict=True))
    counts: dict[tuple[int, int], Count] = {}
    for row in rows.to_pylist():
        key = (row["file"], row["item"])
        if key not in counts:
            total = int(row["total_as_printed"]) if row["total_as_printed"] else None
            place = (row["file"], row["item"], row["inspection_id"], row["origin"], row["fragment"])
            counts[key] = Count(*place, dates[row["file"]], {}, {}, total)
        counts[key].areas[row["grade"]] = int(row["number"])
        counts[key].labels[row["grade"]] = row["label"]
    found: dict[str, list[Count]] = defaultdict(list)
    for count in counts.values():
        found[count.inspection_id].append(count)
    return found


def eliminate(claims: Claims, grades: Facts, lists: Codelists) -> tuple[list[Derived], list[Clash]]:
    """The grades that follow from counts, and the counts that fit neither each other nor the names."""
    counts = read_counts(claims)
    named = _named(grades.facts, set(counts))
    derived: list[Derived] = []
    clashes: list[Clash] = []
    for inspection_id in sorted(counts):
        found = list(_count_clashes(counts[inspection_id], named[inspection_id], lists))
        clashes += found
        if not found:
            derived += _derive(inspection_id, counts[inspection_id], named[inspection_id], lists)
    return derived, clashes


def _named(facts: pa.Table, wanted: set[str]) -> dict[str, list[Named]]:
    columns = ("inspection_id", "fact_id", "grade", "revised_on", "previous_grade")
    found: dict[str, list[Named]] = defaultdict(list)
    for inspection_id, fact_id, *rest in zip(*(facts[name].to_pylist() for name in columns), strict=True):
        if inspection_id in wanted:
            found[inspection_id].append(Named(fact_id.removeprefix(f"{inspection_id}-"), *rest))
    return found


def _count_clashes(counts: list[Count], named: list[Named], lists: Codelists) -> Iterator[Clash]:
    for index, count in enumerate(counts):
        inspection = lists.inspections[count.inspection_id]
        where = ("counts", count.item)
        if count.total is not None and inspection.graded_total not in (None, count.total):
            message = f"{count.total} graded areas here, {inspection.graded_total} in inspections.csv"
            yield Clash(count.file, Finding((*where, "total"), "count-conflict", message))
        known = Counter(name.at(count.published_on) for name in named)
        complete = sum(count.areas.values()) in (inspection.graded_total, count.total)
        for grade, number in known.items():
            counted = count.areas.get(grade, 0 if complete else None)
            if counted is not None and number > counted:
                message = f"{counted} areas are {grade} here, but {number} are named with that grade"
                names = ", ".join(sorted(name.area for name in named if name.at(count.published_on) == grade))
                place = (*where, "grades", count.labels[grade]) if grade in count.areas else where
                yield Clash(count.file, Finding(place, "count-conflict", message, f"named: {names}"))
        for other in counts[:index]:
            if not _corrected_between(count, other, named) and _differ(count, other):
                message = f"the counts differ from those of another article: {_words(other, lists)}"
                yield Clash(
                    count.file, Finding(where, "count-conflict", message), Rival(other.file, ("counts", other.item))
                )


def _differ(one: Count, other: Count) -> bool:
    totals = {count.total for count in (one, other) if count.total is not None}
    both = one.areas.keys() & other.areas.keys()
    return len(totals) > 1 or any(one.areas[grade] != other.areas[grade] for grade in both)


def _corrected_between(one: Count, other: Count, named: list[Named]) -> bool:
    """Whether a grade was corrected after one was printed and before the other: then both may be right."""
    earlier, later = sorted((one.published_on, other.published_on))
    return any(earlier < name.revised_on <= later for name in named)


def _derive(inspection_id: str, counts: list[Count], named: list[Named], lists: Codelists) -> Iterator[Derived]:
    """If all graded areas are counted and the grades left over are one and the same, the unnamed areas have it."""
    inspection = lists.inspections[inspection_id]
    whole = [count for count in counts if sum(count.areas.values()) == inspection.graded_total]
    unnamed = inspection.graded_areas - {name.area for name in named}
    if not whole or not unnamed:
        return
    left = Counter(whole[0].areas) - Counter(name.at(whole[0].published_on) for name in named)
    if len(left) != 1 or left.total() != len(unnamed):
        return
    (grade,) = left
    label = next(row["label"] for row in lists.scale_rows(inspection_id) if row["grade"] == grade)
    others = len(inspection.graded_areas) - len(unnamed)
    words = (
        f"Named by no article. Of {inspection.graded_total} graded areas {_words(whole[0], lists)} are counted; "
        f"{others} are named, and what the counts leave over is {left.total()} {label}."
    )
    for area in sorted(unnamed):
        yield Derived(f"{inspection_id}-{area}", inspection_id, area, grade, words, tuple(whole))


def _words(count: Count, lists: Codelists) -> str:
    rows = lists.scale_rows(count.inspection_id)
    return ", ".join(f"{count.areas[row['grade']]} {row['label']}" for row in rows if row["grade"] in count.areas)
