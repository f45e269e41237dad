"""Counts against names: what is left over when all but some areas are named follows, unless the counts are in doubt."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.codelists import Codelists
from jobs.decisions import NAMES, OPEN, Decisions
from jobs.problems import Finding
from jobs.weigh.counts import (
    Count,
    Sheet,
    alone,
    clashes_of,
    complete,
    contradict,
    differ,
    in_words,
    lasting_misfits,
    sheets,
    with_total,
)
from jobs.weigh.groups import Clash, Facts, last_days
from jobs.weigh.settle import Competing, bad_choice, stale


class Derived(NamedTuple):
    """A grade that no article names, the counts that it follows from, and how."""

    grade_id: str
    inspection_id: str
    area: str
    grade: str
    derivation: str
    counts: tuple[Count, ...]


class Tally(NamedTuple):
    """What came of the counts of all inspections.

    disagreeing: (file, item, grade) of numbers that were decided against; open: inspections with counts left open.
    """

    derived: list[Derived]
    clashes: list[Clash]
    conflicts: list[Competing]
    disagreeing: set[tuple[int, int, str]]
    open: set[str]


NO_TALLY: Final = Tally([], [], [], set(), set())
"""Stands for counts that were not looked at, because the named grades are not clear yet."""


def eliminate(claims: Claims, grades: Facts, lists: Codelists, decisions: Decisions) -> Tally:
    """The grades that follow from counts, and the counts that fit neither each other nor the names.

    Where curators decided between counts, only the chosen ones count.
    """
    rulings = decisions.rulings("grade_counts", "")
    tally = Tally([], list(too_many_named(claims, grades, lists)), [], set(), set())
    known = set()
    for sheet in sheets(claims, grades, lists):
        key = sheet.inspection.inspection_id
        known.add(key)
        clashes = clashes_of(sheet, lists)
        if key in rulings:
            counts = _decided(tally, sheet, bool(clashes), rulings[key], decisions, lists)
        else:
            tally.clashes.extend(clashes)
            counts = [] if clashes else sheet.counts
        tally.derived.extend(_derive(sheet, counts, lists))
    tally.clashes.extend(stale(index, key, False) for key, index in rulings.items() if key not in known)
    return tally


def too_many_named(claims: Claims, grades: Facts, lists: Codelists) -> Iterator[Clash]:
    """Inspections of which more areas are named with grades than were graded, at the last of these."""
    for pair in grades.facts["inspection_id"].value_counts().to_pylist():
        inspection = lists.inspections[pair["values"]]
        graded = inspection.graded_total
        if graded is not None and pair["counts"] > graded:
            rows = grades.facts.filter(pc.equal(grades.facts["inspection_id"], pair["values"])).to_pylist()
            days = last_days(claims["articles"])
            last = max(rows, key=lambda row: (days[row["file"]].as_py(), row["file"], row["item"]))
            message = f"{pair['counts']} areas of {pair['values']} are named with grades, {graded} in inspections.csv"
            codes = sorted(row["area_id"].removeprefix(f"{inspection.cycle_id}-") for row in rows)
            hint = f"named: {', '.join(codes)}; is graded_total right?"
            yield Clash(last["file"], Finding(("grades", last["item"], "area"), "count-conflict", message, hint))


def _decided(
    tally: Tally, sheet: Sheet, clash: bool, index: int, decisions: Decisions, lists: Codelists
) -> list[Count]:
    """The counts that a decision lets stand; what it puts on record goes into the tally."""
    key, choice = sheet.inspection.inspection_id, decisions.conflicts[index].choose
    chosen = [count for count in sheet.counts if count.article_id == choice]
    if not clash:
        tally.clashes.append(stale(index, key, True))
    elif not chosen and choice not in (OPEN, NAMES):
        tally.clashes.append(bad_choice(index, choice, [*(count.article_id for count in sheet.counts), NAMES]))
    else:
        wrong = {} if choice == OPEN else {i: _wrong(sheet, count, chosen) for i, count in enumerate(sheet.counts)}
        tally.open.update({key} if choice == OPEN else ())
        tally.disagreeing.update((c.file, c.item, g) for i, c in enumerate(sheet.counts) for g in wrong.get(i, ()))
        standing = [c for c in sheet.counts if _stands(sheet, c, chosen)] if choice != OPEN else []
        rivals = [c for c in sheet.counts if not chosen or not _earlier(sheet, c, chosen[0])]
        tally.conflicts.extend(_record(sheet._replace(counts=rivals), choice, standing, index, lists))
        return [count for i, count in enumerate(sheet.counts) if choice != OPEN and not wrong[i]]
    return []


def _wrong(sheet: Sheet, count: Count, chosen: list[Count]) -> set[str]:
    """The grades of which a count has another number than the chosen one; if none is, than the names leave room for."""
    if not chosen:
        return {misfit.grade for misfit in lasting_misfits(sheet, count) if misfit.grade in count.areas}
    if not contradict(sheet, count, chosen[0]):
        return set()
    right = chosen[0].areas
    whole = complete(sheet, chosen[0])
    return {g for g, number in count.areas.items() if number != right.get(g, 0 if whole else number)}


def _stands(sheet: Sheet, count: Count, chosen: list[Count]) -> bool:
    """Whether a count as a whole, with its total, agrees with the chosen one, or with the report and the names."""
    return not differ(sheet, count, chosen[0]) if chosen else not any(True for _ in alone(sheet, count))


def _earlier(sheet: Sheet, count: Count, chosen: Count) -> bool:
    """Whether a count was right until a correction that the chosen one knows, so that the two are not in conflict."""
    return differ(sheet, count, chosen) and not contradict(sheet, count, chosen)


def _record(sheet: Sheet, choice: str, standing: list[Count], index: int, lists: Codelists) -> Iterator[Competing]:
    key = sheet.inspection.inspection_id
    if choice == NAMES:
        graded = sheet.inspection.graded_total
        words = f"named grades; {'unknown number of' if graded is None else graded} graded areas in inspections.csv"
        yield Competing("grade_counts", key, "", words, (), True, index)
    for count in sheet.counts:
        claim = ((count.file, count.origin),)
        yield Competing("grade_counts", key, "", with_total(count, lists), claim, count in standing, index)


def _derive(sheet: Sheet, counts: list[Count], lists: Codelists) -> Iterator[Derived]:
    """If what a count leaves for the areas not named is one grade, as often as there are such areas, they have it.

    Where it is not known which areas were graded, this holds for those that every inspection of the cycle grades.
    """
    left = [(count, grade) for count in counts if (grade := _left_over(sheet, count))]
    if not left or len({grade for _, grade in left}) > 1:
        return
    first, grade = left[0]
    label = next(row["label"] for row in lists.scale_rows(first.inspection_id) if row["grade"] == grade)
    named = sheet.names(first)
    number = (sheet.graded(first) or 0) - len(named)
    words = (
        f"Named by no article. Of {sheet.graded(first)} graded areas {in_words(first, lists)} are counted; "
        f"{len(named)} are named, and what the counts leave over is {number} {label}."
    )
    inspection_id = sheet.inspection.inspection_id
    supporting = tuple(count for count, _ in left)
    for area in sorted(sheet.sure - first.without - {name.area for name in sheet.named}):
        yield Derived(f"{inspection_id}-{area}", inspection_id, area, grade, words, supporting)


def _left_over(sheet: Sheet, count: Count) -> str:
    """The one grade that a count leaves for all areas that are not named; empty where it leaves several, or too few."""
    after, graded = sheet.grades(count, count.last), sheet.graded(count)
    left = {grade: number - after[grade] for grade, number in count.areas.items() if number > after[grade]}
    if len(left) != 1 or graded is None or sum(left.values()) != graded - after.total():
        return ""
    return next(iter(left)) if sheet.grades(count, count.first) == after else ""
