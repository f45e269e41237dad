"""Which of many articles need a closer look: all in which a rule finds something, and few others.

What a rule finds in an item depends on few of its cells, and many items have the same ones: the rule looks at one item
for each combination. Where it compares the items of an article, what must not be equal is compared for all at once.
"""

from collections.abc import Callable, Hashable, Iterable
from functools import lru_cache, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np

from jobs.coded import Column, combinations, combined, mapped
from jobs.codelists import Area, Codelists
from jobs.dates import check_day, day, period_bounds
from jobs.rules import RULES, Rule
from jobs.rules.counts import counts_add_up, counts_once, known_exceptions
from jobs.rules.dates import known_dates, no_future, ordered_dates
from jobs.rules.events import event_keys, events_once
from jobs.rules.grades import gradable_areas, grades_in_scale, known_areas, one_grade_per_area, whole_revisions
from jobs.rules.items import force_named, inspections_named
from jobs.rules.many import Many, Section
from jobs.rules.metrics import (
    known_thresholds,
    metric_keys,
    metrics_once,
    sound_changes,
    sound_ranks,
    subjects_named,
    units,
)
from jobs.rules.rights import words_within_rights, wordy
from jobs.rules.statements import (
    SPEAKING,
    described_statements,
    office_doubt,
    speakers_in_office,
    statements_once,
)
from jobs.rules.values import sound_values, unsound_values
from schemas.article import Article

Columns = tuple[Column[Any], ...]
Cells = tuple[Hashable, ...]

MOST: Final = 16_384
"""Sound cells that are remembered of each look."""


class Look(NamedTuple):
    """What rules look at in the items of a section.

    cells: columns that hold everything on which it depends whether they find something in an item; wanted: which items
    these are at all.
    """

    section: str
    rules: tuple[Rule, ...]
    cells: Callable[[Section], Columns]
    wanted: Callable[[Section], Column[Any]] | None = None


def _there(column: Column[str]) -> Column[bool]:
    return column.map(bool)


def _either(one: Column[Any], other: Column[Any]) -> Column[bool]:
    return mapped(lambda *cells: any(cells), one, other)


def _unplaced(section: Section) -> Column[bool]:
    """Which items name an area that is not surely one of their inspection, or lack an inspection."""
    return mapped(_may_be_unplaced, section["area"], section.areas, section.inspections)


def _may_be_unplaced(text: str, area: Area, inspection: str) -> bool:
    return (bool(text) and not area.area) or not inspection


def _ungraded(section: Section) -> Column[bool]:
    """Which items are not surely of an area that the inspection of a force has graded."""
    return mapped(partial(_may_be_ungraded, section.lists), section.known, section.areas)


def _may_be_ungraded(lists: Codelists, known: str, area: Area) -> bool:
    inspection = lists.inspections.get(known)
    if inspection is None or not inspection.force_id or not area.area or area.graded == "no":
        return True
    return bool(inspection.graded_areas) and area.area not in inspection.graded_areas


def _late(section: Section, field: str) -> Column[bool]:
    """Which items have a day that is not surely on or before that of their article, which is looked at by itself."""
    return mapped(_may_be_after, section[field], section.of(section.heads.first_days))


def _may_be_after(day: str, first: str) -> bool:
    return bool(day) and (day > first or len(day) != len(first))


def _early(section: Section, field: str) -> Column[bool]:
    """Which items have a day that is not surely on or after that of their article and of all that it says."""
    first, said = section.of(section.heads.first_days), section.of(section.heads["said_on"])
    return mapped(_may_be_before, section[field], first, said)


def _may_be_before(day: str, first: str, said: str) -> bool:
    return bool(day) and (bool(said) or day < first or len(day) != len(first))


def _ahead(section: Section) -> Column[bool]:
    """Which events have not surely begun on or before the day of their article."""
    return mapped(_may_begin_after, section["on"], section.of(section.heads.first_days))


def _may_begin_after(period: str, first: str) -> bool:
    return _may_be_after((period_bounds(period) or (period, ""))[0], first)


DATES: Final = ("published", "published_basis", "updated", "said_on")
"""What dates an article."""
DATING: Final = (no_future, ordered_dates)

LOOKS: Final = (
    Look(
        "grades",
        (known_areas, gradable_areas, force_named, inspections_named),
        lambda s: (s.inspections, s["area"]),
        _ungraded,
    ),
    Look("grades", (grades_in_scale, whole_revisions), lambda s: (s.alike, s["grade"], s["previous"], s["revised_on"])),
    Look(
        "counts",
        (inspections_named, force_named, grades_in_scale, counts_add_up, known_exceptions, counts_once),
        lambda s: (s.alike, s.counted, s["total"], s["without"], _there(s["note"])),
    ),
    Look("statements", (inspections_named, known_areas), lambda s: (s.alike, s["area"]), _unplaced),
    Look(
        "statements",
        (described_statements,),
        lambda s: (*map(_there, (s[field] for field in ("kind", "stance", "summary", "area", "due_on"))),),
    ),
    Look("metrics", (inspections_named, known_areas), lambda s: (s.alike, s["area"]), _unplaced),
    Look("metrics", (subjects_named,), lambda s: (s.alike, _there(s["subject"]))),
    Look("metrics", (known_thresholds,), lambda s: (s["threshold"],)),
    Look(
        "metrics",
        (sound_ranks,),
        lambda s: (s["measure"], s["unit"], s["value"], s["population"]),
        lambda s: mapped(lambda of, unit: of or unit in ("", "rank"), s["population"], s.once(units)),
    ),
    Look(
        "metrics",
        (sound_changes,),
        lambda s: (s["measure"], s["unit"], s["value"], s["change_from"], s["change_to"]),
        lambda s: _either(s["change_from"], s["change_to"]),
    ),
    Look("events", (inspections_named, force_named, known_areas), lambda s: (s.alike, s["area"])),
    Look("grades", DATING, lambda s: (s["revised_on"], s.dates), lambda s: _late(s, "revised_on")),
    Look(
        "statements",
        DATING,
        lambda s: (s["said_on"], s["due_on"], s.dates),
        lambda s: _either(_early(s, "due_on"), _late(s, "said_on")),
    ),
    Look("metrics", DATING, lambda s: (s["as_of"], s["status"], s.dates), lambda s: _late(s, "as_of")),
    Look("events", DATING, lambda s: (s["on"], s.dates), _ahead),
)

ONCE: Final[dict[Rule, tuple[str, Callable[[Section], Columns]]]] = {
    one_grade_per_area: ("grades", lambda s: (s.inspections, s.areas.map(attrgetter("area")))),
    counts_once: ("counts", lambda s: (s.inspections,)),
    statements_once: ("statements", lambda s: (s.known, s["speaker"], s["id"])),
    metrics_once: ("metrics", lambda s: (s.once(metric_keys),)),
    events_once: ("events", lambda s: (s.once(event_keys),)),
}
"""Rule -> section, and columns of which no two items of an article are equal."""


def suspects(many: Many, today: str) -> set[int]:
    """The numbers of the articles in which a rule may find something; in all others none does."""
    found = unsound_values(many) | _misdated(many, today) | _without_office(many) | wordy(many)
    for look in LOOKS:
        found |= _doubtful(look, many, today)
    for section, columns in ONCE.values():
        found |= _repeated(many.sections[section], columns)
    others = range(len(many)) if OTHERS else ()
    return found | {n for n in others if _broken(OTHERS, many.written.article(n), many.lists, today)}


OTHERS: Final = tuple(
    rule
    for rule in RULES
    if rule not in {*ONCE, *DATING, known_dates, sound_values, speakers_in_office, words_within_rights}
    and not any(rule in look.rules for look in LOOKS)
)
"""Rules that look at every article: those of which nothing is said here yet."""


def _broken(rules: Iterable[Rule], article: Article, lists: Codelists, today: str) -> bool:
    return any(True for rule in rules for _ in rule(article, lists, today))


def _doubtful(look: Look, many: Many, today: str) -> set[int]:
    section = many.sections[look.section]
    rows = np.flatnonzero(look.wanted(section).mask()) if look.wanted else np.arange(len(section))
    if not len(rows):
        return set()
    columns = [column.take(rows) for column in look.cells(section)]
    numbers, first, cells = combinations(columns)
    sound = _sound(look, many.lists, today)
    new = [number for number, each in enumerate(cells) if each not in sound]
    singles = ((number, many.single(section, int(rows[first[number]]))) for number in new)
    wrong = {number for number, article in singles if _broken(look.rules, article, many.lists, today)}
    if len(sound) < MOST:
        sound.update(cells[number] for number in new if number not in wrong)
    return set(section.owners[rows[np.isin(numbers, list(wrong))]].tolist()) if wrong else set()


@lru_cache(maxsize=64)
def _sound(look: Look, lists: Codelists, today: str) -> set[Cells]:
    """Cells of items in which its rules have found nothing so far."""
    return set()


def _repeated(section: Section, columns: Callable[[Section], Columns]) -> set[int]:
    owners = Column(section.owners, range(len(section.heads)))
    numbers, first = combined([owners, *columns(section)])
    return set() if len(first) == len(section) else section.articles(np.bincount(numbers)[numbers] > 1)


def _misdated(many: Many, today: str) -> set[int]:
    numbers, first, heads = combinations([many[field] for field in DATES])
    doubted = [number for number, head in enumerate(heads) if not _plainly_past(head, today)]
    bare = ((number, many.bare(int(first[number]))) for number in doubted)
    wrong = [number for number, article in bare if _broken((known_dates, *DATING), article, many.lists, today)]
    return set(np.flatnonzero(np.isin(numbers, wrong)).tolist()) if wrong else set()


def _plainly_past(head: Cells, today: str) -> bool:
    """Whether days are all that an article says of its dates, they follow each other, and all of them have come."""
    published, basis, updated, said_on = map(str, head)
    dates = [date for date in (said_on, published, updated) if date]
    days = list(map(day, dates))
    return not basis and bool(published) and not any(map(check_day, dates)) and [*days, today] == sorted([*days, today])


def _without_office(many: Many) -> set[int]:
    found: set[int] = set()
    for name, field in SPEAKING.items():
        section = many.sections[name]
        doubted = mapped(partial(office_doubt, many.lists), section[field], section.said)
        found |= section.articles(doubted.mask())
    return found
