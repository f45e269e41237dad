"""What articles count of an inspection, and whether that fits the report, the named grades, and other counts."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.coded import plain
from jobs.codelists import Codelists, Inspection
from jobs.problems import Finding, Where
from jobs.rules.counts import left_out
from jobs.weigh.groups import LATEST, Clash, Facts, Rival, decide_hint


class Count(NamedTuple):
    """What one article counts of one inspection, and what it calls the grades; one not mentioned is absent.

    first and last: the days between which the article was published; the last is `LATEST` where nobody knows; without:
    areas that the count leaves out.
    """

    file: int
    item: int
    inspection_id: str
    origin: str
    fragment: str
    article_id: str
    first: str
    last: str
    areas: dict[str, int]
    labels: dict[str, str]
    total: int | None
    without: frozenset[str]


class Named(NamedTuple):
    """A named grade, as current and as it was before a correction; empty where it is disputed."""

    area: str
    grade: str
    revised_on: str
    previous: str

    def at(self, date: str) -> str:
        """The grade that an article of that date could know."""
        return self.previous if self.revised_on and date < self.revised_on else self.grade


class Sheet(NamedTuple):
    """All that is named and counted of an inspection; sure: areas that were certainly graded.

    lasting: how often each grade is named, if none of the named ones was ever another.
    """

    inspection: Inspection
    sure: frozenset[str]
    named: list[Named]
    counts: list[Count]
    lasting: Counter[str] | None

    def graded(self, count: Count) -> int | None:
        """How many areas a count is about, if that is known."""
        total = self.inspection.graded_total
        return None if total is None else total - len(count.without)

    def names(self, count: Count) -> list[Named]:
        """The named areas that a count is about."""
        return [name for name in self.named if name.area not in count.without] if count.without else self.named

    def grades(self, count: Count, date: str) -> Counter[str]:
        """How often each grade is named that an article of that date could know, in the areas that a count is about."""
        if self.lasting is not None and not count.without:
            return self.lasting
        return Counter([name.at(date) for name in self.names(count)])


class Misfit(NamedTuple):
    """A grade of which a count has too few or too many for the named areas: how many are counted, named, possible."""

    grade: str
    counted: int
    names: list[str]
    possible: int


def read_counts(claims: Claims) -> dict[str, list[Count]]:
    """Inspection -> what articles count of it, in the order of their ids."""
    rows = plain(claims["counts"])
    files, items = (np.asarray(rows[name]).astype(np.int64) for name in ("file", "item"))
    _, first, which = np.unique(files << 32 | items, return_index=True, return_inverse=True)
    counts = list(_without_areas(claims["articles"], rows.take(pa.array(first))))
    cells = (rows[name].to_pylist() for name in ("grade", "number", "label"))
    for number_of_count, grade, number, label in zip(which.tolist(), *cells, strict=True):
        counts[number_of_count].areas[grade] = int(number)
        counts[number_of_count].labels[grade] = label
    found: dict[str, list[Count]] = defaultdict(list)
    for count in sorted(counts, key=lambda count: (count.article_id, count.item)):
        found[count.inspection_id].append(count)
    return found


def _without_areas(articles: pa.Table, rows: pa.Table) -> Iterator[Count]:
    """Counts whose areas are yet to be filled in; rows: one of each."""
    heads = articles.select(("article_id", "published_from", "published_to")).take(rows["file"])
    names = ("file", "item", "inspection_id", "origin", "fragment", "total_as_printed", "without")
    columns = (column.to_pylist() for column in (*rows.select(names).columns, *heads.columns))
    for file, item, inspection, origin, fragment, printed, without, *head in zip(*columns, strict=True):
        article, start, end = head
        place = (file, item, inspection, origin, fragment, article, start, end or LATEST)
        yield Count(*place, {}, {}, int(printed) if printed else None, frozenset(left_out(without)))


def sheets(claims: Claims, grades: Facts, lists: Codelists) -> Iterator[Sheet]:
    """Every inspection of which something is counted, sorted."""
    counts = read_counts(claims)
    named = _named(grades.facts, set(counts))
    for inspection_id in sorted(counts):
        inspection = lists.inspections[inspection_id]
        sure = inspection.graded_areas or lists.always_graded(inspection.cycle_id)
        names = named[inspection_id]
        lasting = None if any(name.revised_on for name in names) else Counter([name.grade for name in names])
        yield Sheet(inspection, sure, names, counts[inspection_id], lasting)


def _named(facts: pa.Table, wanted: set[str]) -> dict[str, list[Named]]:
    columns = ("inspection_id", "fact_id", "grade", "revised_on", "previous_grade")
    facts = facts.select(columns).filter(pc.is_in(facts["inspection_id"], pa.array(wanted, pa.large_string())))
    found: dict[str, list[Named]] = defaultdict(list)
    for inspection_id, fact_id, *rest in zip(*(column.to_pylist() for column in facts.columns), strict=True):
        found[inspection_id].append(Named(fact_id.removeprefix(f"{inspection_id}-"), *rest))
    return found


def clashes_of(sheet: Sheet, lists: Codelists) -> list[Clash]:
    """Where counts do not fit the report, the named grades or each other."""
    clashes: list[Clash] = []
    for index, count in enumerate(sheet.counts):
        clashes += alone(sheet, count)
        for other in sheet.counts[:index]:
            if contradict(sheet, count, other):
                message = f"the counts differ from those of another article: {with_total(other, lists)}"
                hint = decide_hint("grade_counts", count.inspection_id)
                beside = Rival(other.file, ("counts", other.item))
                clashes.append(
                    Clash(count.file, Finding(("counts", count.item), "count-conflict", message, hint), beside)
                )
    return clashes


def alone(sheet: Sheet, count: Count) -> Iterator[Clash]:
    """Where a count does not fit the report or the named grades."""
    where: Where = ("counts", count.item)
    hint = decide_hint("grade_counts", count.inspection_id)
    counted, graded = sum(count.areas.values()), sheet.graded(count)
    if count.total is not None and graded not in (None, count.total):
        message = f"{count.total} graded areas here, {_of_report(sheet, count)}"
        yield Clash(count.file, Finding((*where, "total"), "count-conflict", message, hint))
    if graded is not None and counted > max(graded, count.total or 0):
        message = f"{counted} areas are counted here, {_of_report(sheet, count)}"
        yield Clash(count.file, Finding((*where, "grades"), "count-conflict", message, hint))
    for misfit in lasting_misfits(sheet, count):
        place = (*where, "grades", count.labels[misfit.grade]) if misfit.grade in count.areas else where
        names = f"named: {', '.join(misfit.names)}; " if misfit.names else ""
        yield Clash(count.file, Finding(place, "count-conflict", _misfit(count, misfit), names + hint))


def _of_report(sheet: Sheet, count: Count) -> str:
    without = f", {len(count.without)} of them left out here" if count.without else ""
    return f"{sheet.inspection.graded_total} in inspections.csv{without}"


def _misfit(count: Count, misfit: Misfit) -> str:
    if misfit.grade not in count.areas:
        return f"the counts reach their total without {misfit.grade}, but {len(misfit.names)} are named with that grade"
    if misfit.counted < len(misfit.names):
        return f"{misfit.counted} areas are {misfit.grade} here, but {len(misfit.names)} are named with that grade"
    return f"{misfit.counted} areas are {misfit.grade} here, but only {misfit.possible} can be: all others are named"


def lasting_misfits(sheet: Sheet, count: Count) -> list[Misfit]:
    """The misfits of a count on the last day that it may be of, unless it has none on the first one."""
    return misfits(sheet, count, count.last) if misfits(sheet, count, count.first) else []


def misfits(sheet: Sheet, count: Count, date: str) -> list[Misfit]:
    """The grades with more named areas than counted ones, or fewer than the areas not named leave room for."""
    known, graded = sheet.grades(count, date), sheet.graded(count)
    room = None if graded is None else max(graded - (known.total() - known[""]), 0)
    absent = 0 if complete(sheet, count) else None
    found = []
    for grade in (known.keys() | count.areas.keys()) - {""}:
        counted = count.areas.get(grade, absent)
        if counted is None:
            continue
        possible = counted if room is None else known[grade] + room
        if known[grade] > counted or counted > possible:
            named = sorted(name.area for name in sheet.names(count) if name.at(date) == grade)
            found.append(Misfit(grade, counted, named, possible))
    return sorted(found)


def complete(sheet: Sheet, count: Count) -> bool:
    """Whether a count mentions every grade that was given, so that one which is absent is none."""
    return sum(count.areas.values()) in (sheet.graded(count), count.total)


def differ(sheet: Sheet, one: Count, other: Count) -> bool:
    """Whether two counts of the same areas cannot both be right."""
    if one.without != other.without or (one.areas == other.areas and one.total == other.total):
        return False
    totals = {count.total for count in (one, other) if count.total is not None}
    both = complete(sheet, one) and complete(sheet, other) and sum(one.areas.values()) == sum(other.areas.values())
    grades = one.areas.keys() | other.areas.keys() if both else one.areas.keys() & other.areas.keys()
    return len(totals) > 1 or any(one.areas.get(grade, 0) != other.areas.get(grade, 0) for grade in grades)


def contradict(sheet: Sheet, one: Count, other: Count) -> bool:
    """Whether two counts differ, and not because a grade was corrected between the two."""
    return differ(sheet, one, other) and not _corrected_between(one, other, sheet.named)


def _corrected_between(one: Count, other: Count, named: list[Named]) -> bool:
    """Whether a grade was corrected after one was printed and before the other: then both may be right."""
    return any(min(one.first, other.first) < name.revised_on <= max(one.last, other.last) for name in named)


def with_total(count: Count, lists: Codelists) -> str:
    """What is counted, and the total as printed."""
    return f"{in_words(count, lists)}{'' if count.total is None else f', {count.total} in all'}"


def in_words(count: Count, lists: Codelists) -> str:
    """What is counted, best grade first, as in `1 outstanding, 2 good`."""
    rows = lists.scale_rows(count.inspection_id)
    return ", ".join(f"{count.areas[row['grade']]} {row['label']}" for row in rows if row["grade"] in count.areas)
