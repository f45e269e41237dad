"""Code lists as rules need them: what is accepted where, and what it stands for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from jobs.scalars import check_whole, fold
from schemas.codelists import CODE_LISTS, UNIONS, VOCABULARIES

Row = dict[str, str]


class Role(NamedTuple):
    """Who a person was from one date to another; an empty date means that nobody told."""

    role: str
    organisation_id: str
    start: str
    end: str


class Area(NamedTuple):
    """An area of a cycle."""

    area_id: str
    area: str
    name: str
    graded: str


class Inspection(NamedTuple):
    """An inspection of a force in a cycle; `graded_areas` is empty where nobody told."""

    inspection_id: str
    force_id: str
    cycle_id: str
    scale_id: str
    programme: str
    published_on: str
    graded_total: int | None
    graded_areas: frozenset[str]


AMBIGUOUS = Area("", "", "", "")
"""What an alias stands for that means several areas of its cycle."""


@dataclass(frozen=True, eq=False)
class Codelists:
    """All code lists, as rows and as the look-ups that rules need.

    rows: list -> its rows in order; lines: list -> the line of each row; codes: list or vocabulary -> accepted text ->
    code; areas: cycle -> folded code, name or alias -> area; scales: scale -> folded code or label -> grade; roles:
    person -> their roles, the latest first; inspections: id -> inspection; alike: id -> the first inspection with the
    same areas, scale and kind of subject; units: folded name -> unit; measure_units: measure -> unit; licences:
    publisher -> licence (others: `DEFAULT_LICENCE`); word_limits: licence -> words in an excerpt, in all of an article.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    areas: dict[str, dict[str, Area]] = field(default_factory=dict)
    scales: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: dict[str, list[Role]] = field(default_factory=dict)
    inspections: dict[str, Inspection] = field(default_factory=dict)
    alike: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    measure_units: dict[str, str] = field(default_factory=dict)
    licences: dict[str, str] = field(default_factory=dict)
    word_limits: dict[str, tuple[int | None, int | None]] = field(default_factory=dict)

    def area(self, inspection_id: str, text: str) -> Area | None:
        """The area of the inspection's cycle that a code, name or alias means; `AMBIGUOUS` if it means several."""
        areas = self.areas[self.inspections[inspection_id].cycle_id]
        return areas.get(text) or areas.get(fold(text))

    def always_graded(self, cycle_id: str) -> frozenset[str]:
        """The areas that every inspection of a cycle grades."""
        return frozenset(area.area for area in self.areas[cycle_id].values() if area.graded == "yes")

    def grade(self, inspection_id: str, text: str) -> str | None:
        """The grade of the inspection's scale that a code or label means."""
        grades = self.scales[self.inspections[inspection_id].scale_id]
        return grades.get(text) or grades.get(fold(text))

    def licence(self, publisher: str, named: str = "") -> str:
        """The licence of an article: the one that it names, or that of its publisher."""
        return named or self.licences.get(publisher, DEFAULT_LICENCE)

    def scale_rows(self, inspection_id: str) -> list[Row]:
        """The rows of the scale of an inspection, best grade first as in the list."""
        scale = self.inspections[inspection_id].scale_id
        return [row for row in self.rows["scales"] if row["scale_id"] == scale]

    def roles_at(self, person_id: str, first: str, last: str) -> tuple[Role, ...]:
        """The roles that a person may have had between two days (empty: any day); the one that began last is first."""
        return _roles_at(self, person_id, first, last)

    def office(self, speaker_id: str, days: tuple[str, str]) -> tuple[str, str]:
        """What a person was between two days, empty where that is not certain, and for which organisation.

        Whoever is no person speaks for itself.
        """
        roles = self.roles_at(speaker_id, *days)
        if not roles:
            return "", speaker_id
        certain = days[0] == days[1] != "" or len({role.role for role in roles}) == 1
        return roles[0].role if certain else "", roles[0].organisation_id


@lru_cache(maxsize=65_536)
def _roles_at(lists: Codelists, person_id: str, first: str, last: str) -> tuple[Role, ...]:
    roles = lists.roles.get(person_id, ())
    return tuple(r for r in roles if (not last or r.start <= last) and (not r.end or first <= r.end))


DEFAULT_LICENCE: Final = "all-rights-reserved"
"""The licence of articles of whoever is not in publishers.csv."""

NO_LISTS: Final = Codelists()
"""Stands for code lists that cannot be used: it knows no code, and whatever is a code passes."""


def home_of(codes: str) -> str:
    """Where a new code of a list is added, in words; empty for closed lists."""
    files = [f"{name}.csv" for name in UNIONS.get(codes, (codes,)) if name in CODE_LISTS and name != "forces"]
    return f"a new one is a line in {' or '.join(files)}" if files else ""


def values(row: Row, column: str) -> list[str]:
    """The values of a cell that holds several."""
    return [value.strip() for value in row[column].split("|")] if row[column] else []


def look_ups(rows: dict[str, list[Row]], lines: dict[str, list[int]]) -> Codelists:
    """The code lists from their rows and the line of each row; the rows may still be wrong."""

    def get(name: str) -> list[Row]:
        return rows.get(name, [])

    codes = {name: dict.fromkeys(words) for name, words in VOCABULARIES.items()}
    codes |= {name: {row[lst.key[0]]: "" for row in get(name)} for name, lst in CODE_LISTS.items()}
    codes |= {union: {code: "" for part in parts for code in codes[part]} for union, parts in UNIONS.items()}
    cycles = {row["cycle_id"]: row for row in get("cycles")}
    inspections = {r["inspection_id"]: _inspection(r, cycles.get(r["cycle_id"], {})) for r in get("inspections")}
    return Codelists(
        rows=rows,
        lines=lines,
        codes={name: {code: code for code in accepted} for name, accepted in codes.items()},
        areas=_areas(cycles, get("areas")),
        scales=_scales(get("scales")),
        roles=_roles(get("roles")),
        inspections=inspections,
        alike=_alike(inspections),
        units={fold(n): r["unit_id"] for r in get("units") for n in (r["unit_id"], r["name"], *values(r, "aliases"))},
        measure_units={row["measure_id"]: row["unit"] for row in get("measures")},
        licences={row["publisher_id"]: row["licence"] for row in get("publishers")},
        word_limits={r["licence_id"]: _limits(r) for r in get("licences")},
    )


def _alike(inspections: dict[str, Inspection]) -> dict[str, str]:
    """For each inspection the first one with the same areas and scale and kind of subject."""
    first: dict[tuple[bool, str], str] = {}
    return {name: first.setdefault((bool(each.force_id), each.cycle_id), name) for name, each in inspections.items()}


def _limits(row: Row) -> tuple[int | None, int | None]:
    words = (row["excerpt_words"], row["article_words"])
    excerpt, article = (int(text) if text and not check_whole(text) else None for text in words)
    return excerpt, article


def _areas(cycles: Iterable[str], rows: list[Row]) -> dict[str, dict[str, Area]]:
    found: dict[str, dict[str, Area]] = {cycle: {} for cycle in cycles}
    for row in rows:
        meant = found.get(row["cycle_id"], {})
        area = Area(f"{row['cycle_id']}-{row['area']}", row["area"], row["name"], row["graded"])
        for text in map(fold, (row["area"], row["name"], *values(row, "aliases"))):
            meant[text] = area if meant.get(text, area) == area else AMBIGUOUS
    return found


def _scales(rows: list[Row]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        accepted = found.setdefault(row["scale_id"], {})
        accepted[fold(row["grade"])] = accepted[fold(row["label"])] = row["grade"]
    return found


def _roles(rows: list[Row]) -> dict[str, list[Role]]:
    found: dict[str, list[Role]] = {}
    for row in rows:
        found.setdefault(row["person_id"], []).append(Role(row["role"], row["organisation_id"], row["from"], row["to"]))
    return {person: sorted(roles, key=lambda r: (r.start, r.role), reverse=True) for person, roles in found.items()}


def _inspection(row: Row, cycle: Row) -> Inspection:
    areas = frozenset(values(row, "graded_areas"))
    total = int(row["graded_total"]) if not check_whole(row["graded_total"]) else len(areas) or None
    scale, programme = cycle.get("scale_id", ""), cycle.get("programme", "")
    return Inspection(
        row["inspection_id"], row["force_id"], row["cycle_id"], scale, programme, row["published_on"], total, areas
    )
