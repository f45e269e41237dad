"""Forces -> a profile of each: its inspections, newest first, and whether one may be compared with the one before."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from markupsafe import Markup

from jobs.outputs.edition import Edition
from jobs.outputs.page.budget import PROFILES, Budget
from jobs.outputs.page.grades import disputes_of, shown
from jobs.outputs.page.reading import Row, by, cycles_of, grouped, rows, rows_of, table
from jobs.outputs.page.template import part
from schemas.vocabulary import ALL_EVENT_KINDS

IN_FULL: Final = 900
"""Grades up to which every profile lists its grades; with more, it counts them, and the matrix and tables tell all."""
INSPECTIONS: Final = 3
"""The newest inspections of a force that are listed where grades are only counted."""

EVENTS: Final = 20
"""The newest events of a force that are listed."""


class Profiles(NamedTuple):
    """The profiles that fit, by force, of how many; full: whether they list the grades; cycles: of these grades."""

    shown: dict[str, Markup]
    forces: int
    full: bool
    cycles: list[Row]


def profiles(edition: Edition) -> Profiles:
    """A profile of every force of which a grade or an event is held."""
    full = len(table(edition, "grades")) <= IN_FULL
    grades = grouped(_grades(edition) if full else _counts(edition), "force_id")
    events = grouped(rows(edition, "events"), "force_id")
    cycles = by(cycles_of(edition), "cycle_id")
    about = by(rows(edition, "inspections"), "inspection_id")
    names = {row["force_id"]: row["force"] for found in (*grades.values(), *events.values()) for row in found}
    ordered = sorted(names, key=lambda force: (names[force], force))
    parts = (
        part(
            "profile",
            force=force,
            name=names[force],
            inspections=list(_inspections(grades.get((force,), []), about, cycles, full)),
            full=full,
            events=[_event(row) for row in _newest(events.get((force,), []))],
            more=max(0, len(events.get((force,), [])) - EVENTS),
        )
        for force in ordered
    )
    fitting = dict(zip(ordered, map(Markup, Budget(PROFILES).fitting(parts)), strict=False))
    held = {row["cycle_id"] for found in grades.values() for row in found}
    return Profiles(fitting, len(names), full, [row for key, row in cycles.items() if key in held][:20])


def _grades(edition: Edition) -> list[Row]:
    disputes = disputes_of(edition)
    found = rows_of(table(edition, "grades").sort_by("grade_id"))
    return [row | {"shown": shown(row, disputes)} for row in found]


def _counts(edition: Edition) -> list[Row]:
    """How many grades of each kind an inspection has, best first."""
    keys = ["force_id", "force", "inspection_id", "cycle_id", "grade_rank", "grade_label"]
    found = table(edition, "grades").group_by(keys).aggregate([([], "count_all")])
    order = [("inspection_id", "ascending"), ("grade_rank", "ascending"), ("grade_label", "ascending")]
    return rows_of(found.sort_by(order))


def comparable(one: Row, other: Row) -> bool:
    """Whether the grades of two cycles may be compared: they are the same, or one of them says so of the other."""
    return one["cycle_id"] == other["cycle_id"] or any(
        second["cycle_id"] in (text.strip() for text in (head["comparable_with"] or "").split(";"))
        for head, second in ((one, other), (other, one))
    )


def _inspections(
    grades: list[Row], about: Mapping[str, Row], cycles: Mapping[str, Row], full: bool
) -> Iterator[dict[str, Any]]:
    """The inspections of a force, newest first; after: the cycle of the one before, and whether they compare."""
    groups = [(key, found) for (key,), found in grouped(grades, "inspection_id").items()]
    groups.sort(key=lambda group: _age(group, about, cycles), reverse=True)
    for at, (key, found) in enumerate(groups):
        cycle = cycles[found[0]["cycle_id"]]
        before = cycles[groups[at + 1][1][0]["cycle_id"]] if at + 1 < len(groups) else None
        if not full and at == INSPECTIONS:
            yield {"more": len(groups) - INSPECTIONS}
            return
        inspection = about.get(key, {"published_on": None, "graded_total": None, "url": None})
        yield {
            "more": 0,
            "cycle": cycle,
            "about": inspection,
            "held": len(found) if full else sum(row["count_all"] for row in found),
            "grades": found,
            "notes": list(dict.fromkeys(note for row in found for note in row["shown"].notes)) if full else [],
            "before": before,
            "comparable": before is not None and comparable(cycle, before),
        }


def _age(group: tuple[str, list[Row]], about: Mapping[str, Row], cycles: Mapping[str, Row]) -> tuple[int, str, str]:
    key, found = group
    published = about.get(key, {}).get("published_on")
    return cycles[found[0]["cycle_id"]]["first_year"] or 0, str(published or ""), key


def _newest(events: list[Row]) -> list[Row]:
    return sorted(events, key=lambda row: (str(row["happened_to"] or ""), row["event_id"]), reverse=True)[:EVENTS]


def _event(row: Row) -> Row:
    meaning = str(ALL_EVENT_KINDS.get(row["event"], row["event"]))
    return row | {"words": row["summary"] or meaning.capitalize()}
