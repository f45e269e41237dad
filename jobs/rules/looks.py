"""Which of many articles need a closer look: all in which a rule finds something, and few others.

What a rule finds in an item depends on few of its cells, and many items have the same ones: the rule looks at one item
for each combination. Where it compares the items of an article, what must not be equal is compared for all at once.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import lru_cache
from itertools import compress
from typing import Any, Final, NamedTuple

from jobs.codelists import Codelists
from jobs.dates import check_date
from jobs.rules import RULES, Rule
from jobs.rules.counts import counts_add_up, counts_once, known_exceptions
from jobs.rules.dates import known_dates, no_future, ordered_dates
from jobs.rules.events import event_keys, events_once
from jobs.rules.grades import gradable_areas, grades_in_scale, known_areas, one_grade_per_area, whole_revisions
from jobs.rules.items import force_named, inspections_named
from jobs.rules.many import Many, Section, numbers_beside
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

Columns = tuple[Sequence[Any], ...]
Cells = tuple[Hashable, ...]

MOST: Final = 16_384
"""Sound cells that are remembered of each look."""


class Look(NamedTuple):
    """What rules look at in the items of a section, besides what all items of an inspection have in common.

    cells: columns that hold everything on which it depends whether they find something in an item; wanted: which items
    these are at all.
    """

    section: str
    rules: tuple[Rule, ...]
    cells: Callable[[Section], Columns]
    wanted: Callable[[Section], Iterable[object]] | None = None


def _there(column: Iterable[object]) -> list[bool]:
    return list(map(bool, column))


def _placed(section: Section) -> list[bool]:
    """Which items name an area, or lack an inspection."""
    return [bool(area) or not inspection for area, inspection in zip(section["area"], section.inspections, strict=True)]


def _late(section: Section, field: str) -> list[bool]:
    """Which items have a day that is not surely on or before that of their article, which is looked at by itself."""
    days = zip(section[field], section.of(section.heads.first_days), strict=True)
    return [bool(day) and (day > first or len(day) != len(first)) for day, first in days]


DATES: Final = ("published", "published_basis", "updated", "said_on")
"""What dates an article."""
DATING: Final = (no_future, ordered_dates)

LOOKS: Final = (
    Look("grades", (known_areas, gradable_areas, force_named, inspections_named), lambda s: (s["area"],)),
    Look("grades", (grades_in_scale, whole_revisions), lambda s: (s["grade"], s["previous"], s["revised_on"])),
    Look(
        "counts",
        (inspections_named, force_named, grades_in_scale, counts_add_up, known_exceptions, counts_once),
        lambda s: ([*map(tuple, map(dict.items, s["grades"]))], s["total"], s["without"], _there(s["note"])),
    ),
    Look("statements", (inspections_named, known_areas), lambda s: (s["area"],), _placed),
    Look(
        "statements",
        (described_statements,),
        lambda s: (s["kind"], s["stance"], *map(_there, (s["summary"], s["area"], s["due_on"]))),
    ),
    Look("metrics", (inspections_named, known_areas), lambda s: (s["area"],), _placed),
    Look("metrics", (subjects_named, known_thresholds), lambda s: (_there(s["subject"]), s["threshold"])),
    Look(
        "metrics",
        (sound_ranks,),
        lambda s: (s["measure"], s["unit"], s["value"], s["population"]),
        lambda s: [of or unit in ("", "rank") for of, unit in zip(s["population"], s.once(units), strict=True)],
    ),
    Look(
        "metrics",
        (sound_changes,),
        lambda s: (s["measure"], s["unit"], s["value"], s["change_from"], s["change_to"]),
        lambda s: [one or other for one, other in zip(s["change_from"], s["change_to"], strict=True)],
    ),
    Look("events", (inspections_named, force_named, known_areas), lambda s: (s["area"],)),
    Look("grades", DATING, lambda s: (s["revised_on"], s.dates), lambda s: _late(s, "revised_on")),
    Look(
        "statements",
        DATING,
        lambda s: (s["said_on"], s["due_on"], s.dates),
        lambda s: [due or late for due, late in zip(s["due_on"], _late(s, "said_on"), strict=True)],
    ),
    Look("metrics", DATING, lambda s: (s["as_of"], s["status"], s.dates), lambda s: _late(s, "as_of")),
    Look("events", DATING, lambda s: (s["on"], s.dates)),
)

ONCE: Final[dict[Rule, tuple[str, Callable[[Section], Columns]]]] = {
    one_grade_per_area: ("grades", lambda s: (s.inspections, [area.area for area in s.areas])),
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
    return found | {n for n, article in enumerate(many.articles) if _broken(OTHERS, article, many.lists, today)}


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
    numbers: Iterable[int] = range(len(section.entries))
    wanted = list(look.wanted(section)) if look.wanted else []
    if look.wanted and not any(wanted):
        return set()
    cells: Iterable[Cells] = zip(section.alike, *look.cells(section), strict=True)
    if wanted:
        cells, numbers = compress(cells, wanted), compress(numbers, wanted)
    rows = list(zip(cells, numbers, strict=True))
    sound = _sound(look, many.lists, today)
    new = {each: number for each, number in rows if each not in sound}
    wrong = {c for c, n in new.items() if _broken(look.rules, many.single(section, n), many.lists, today)}
    if len(sound) < MOST:
        sound |= new.keys() - wrong
    return {section.owners[number] for each, number in rows if each in wrong} if wrong else set()


@lru_cache(maxsize=64)
def _sound(look: Look, lists: Codelists, today: str) -> set[Cells]:
    """Cells of items in which its rules have found nothing so far."""
    return set()


def _repeated(section: Section, columns: Callable[[Section], Columns]) -> set[int]:
    told = columns(section)
    if _all_differ(list(zip(section.owners, told[-1], strict=True))):
        return set()
    rows = list(zip(section.owners, *told, strict=True))
    return set() if _all_differ(rows) else {row[0] for row, number in Counter(rows).items() if number > 1}


def _all_differ(rows: list[Cells]) -> bool:
    return len(set(rows)) == len(rows)


def _misdated(many: Many, today: str) -> set[int]:
    heads = list(zip(*(many[field] for field in DATES), strict=True))
    new = {head: number for number, head in enumerate(heads) if not _plainly_past(head, today)}
    wrong = {c for c, n in new.items() if _broken((known_dates, *DATING), many.bare(n), many.lists, today)}
    return numbers_beside(wrong, heads, range(len(heads)))


def _plainly_past(head: Cells, today: str) -> bool:
    """Whether an article says nothing but the day on which it was published, and that day has come."""
    published, *others = map(str, head)
    past = len(published) == len(today) and published <= today
    return past and not any(others) and not check_date(published)


def _without_office(many: Many) -> set[int]:
    found: set[int] = set()
    for name, field in SPEAKING.items():
        section = many.sections[name]
        said = list(zip(section[field], section.said, strict=True))
        doubted = {each for each in set(said) if office_doubt(many.lists, *each)}
        found |= numbers_beside(doubted, said, section.owners)
    return found
