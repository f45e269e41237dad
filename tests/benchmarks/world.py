"""The real code lists -> code lists that are large enough for a corpus: cycles, inspections, people, publishers, origins."""

import csv
import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from .words import FIRST_NAMES, LAST_NAMES, PAPERS, TOWNS, pick, slug, some

REAL: Final = Path(__file__).parents[2] / "sources" / "codelists"
TEMPLATES: Final = ("peel-2023-25", "peel-2021-22", "peel-2018-19")
"""Cycles whose areas the made-up cycles have: two with five grades, one with four."""
OTHER: Final = 4
"""Of so many cycles one is of another programme."""
FIRST_DAY: Final = dt.date(2013, 1, 7)
DAYS: Final = 4_300
"""Inspections are published within so many days from `FIRST_DAY` on, which ends in October 2024."""

Row = dict[str, str]
Lists = dict[str, list[Row]]

MEASURES: Final = (
    ("victims-satisfied", "Victims who are satisfied", "percent", "higher-is-better"),
    ("crimes-solved", "Crimes solved", "percent", "higher-is-better"),
    ("recorded-crime-change", "Recorded crime: change", "percent", "lower-is-better"),
    ("crimes-recorded", "Share of reported crimes that are recorded", "percent", "higher-is-better"),
    ("answering-time", "Time to answer an emergency call", "seconds", "lower-is-better"),
    ("officers", "Number of police officers", "officers", "neither"),
    ("budget-gap", "Gap in the budget", "gbp-million", "lower-is-better"),
    ("overdue-visits", "Overdue visits to offenders", "cases", "lower-is-better"),
    ("files-in-backlog", "Digital files that wait for examination", "files", "lower-is-better"),
)


class Area(NamedTuple):
    """A graded area of a cycle and the wordings that articles may use."""

    code: str
    wordings: tuple[str, ...]


class Inspection(NamedTuple):
    """An inspection, what it grades, and who speaks about it.

    listed: whether inspections.csv lists its areas; grades: codes of its scale; people: chief constable, inspector,
    commissioner; origins: release of the inspectorate, of the force.
    """

    id: str
    force_id: str
    published_on: dt.date
    areas: tuple[Area, ...]
    listed: bool
    grades: tuple[str, ...]
    people: tuple[str, str, str]
    origins: tuple[str, str]


class World(NamedTuple):
    """All code lists, the inspections that articles are to be written about, and the newspapers."""

    lists: Lists
    inspections: list[Inspection]
    papers: list[Row]


def make_world(rng: Random, inspections: int) -> World:
    """A world with that many inspections besides the real ones.

    The real code lists grow, so nothing that is made up here may have an id of theirs.
    """
    lists = {path.stem: _read(path) for path in sorted(REAL.glob("*.csv"))}
    own = {name for name, *_ in MEASURES}
    lists["measures"] = [row for row in lists["measures"] if row["measure_id"] not in own] + [
        {"measure_id": m, "name": name, "unit": unit, "polarity": polarity, "description": f"{name}, as printed."}
        for m, name, unit, polarity in MEASURES
    ]
    taken = {
        row[key]
        for name, key in (("publishers", "publisher_id"), ("people", "person_id"), ("organisations", "organisation_id"))
        for row in lists[name]
    }
    papers = _papers(rng, taken)
    lists["publishers"] += papers
    forces = [row for row in lists["forces"] if row["kind"] == "territorial"]
    people = _people(rng, lists, forces, taken)
    cycles = _cycles(lists, inspections // len(forces) + 1)
    made = list(_inspections(rng, lists, cycles, forces, people, inspections))
    return World(lists, made, papers)


def write_lists(folder: Path, lists: Lists) -> None:
    """The code lists as files; every list has its real header."""
    for name, rows in lists.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _papers(rng: Random, taken: set[str]) -> list[Row]:
    names = [f"{town} {paper}" for town in TOWNS for paper in PAPERS]
    names = [name for name in names if slug(name) not in taken]
    rows = []
    for name in some(rng, names, 60):
        domain = f"{slug(name).replace('-', '')}.co.uk"
        row = {"publisher_id": slug(name), "name": name, "kind": "newspaper", "domain": domain}
        rows.append(row | {"licence": "all-rights-reserved", "note": ""})
    return rows


def _people(rng: Random, lists: Lists, forces: list[Row], taken: set[str]) -> dict[str, list[str]]:
    """Office -> its holders: two chief constables (with a day from which the second is in office) and a commissioner a
    force, and some inspectors. Adds them to people, roles and organisations.
    """
    names = [f"{first} {last}" for first in FIRST_NAMES for last in LAST_NAMES]
    names = [name for name in names if slug(name) not in taken]
    rng.shuffle(names)
    holders: dict[str, list[str]] = {}

    def add(office: str, role: str, organisation: str, start: str, end: str) -> None:
        name = names.pop()
        lists["people"].append({"person_id": slug(name), "name": name, "note": ""})
        row = {"person_id": slug(name), "role": role, "organisation_id": organisation}
        lists["roles"].append(row | {"from": start, "to": end, "note": ""})
        holders.setdefault(office, []).append(slug(name))

    for force in forces:
        force_id, pcc = force["force_id"], f"pcc-{force['force_id']}"
        since = FIRST_DAY + dt.timedelta(int(rng.random() * DAYS))
        add(force_id, "Chief Constable", force_id, "2010-04-01", (since + dt.timedelta(300)).isoformat())
        add(force_id, "Chief Constable", force_id, since.isoformat(), "")
        holders[f"{force_id} since"] = [since.isoformat()]
        row = {"organisation_id": pcc, "name": f"Police and Crime Commissioner for {force['ons_name']}"}
        lists["organisations"].append(row | {"kind": "commissioner", "url": "", "note": ""})
        add(pcc, "Police and Crime Commissioner", pcc, "", "")
    for _ in range(6):
        add("hmicfrs", "His Majesty’s Inspector of Constabulary", "hmicfrs", "", "")
    return holders


def _cycles(lists: Lists, number: int) -> list[str]:
    """Ids of cycles, all of them copies of the templates. Adds them and their areas to the lists."""
    real = {row["cycle_id"]: row for row in lists["cycles"]}
    areas = [row for row in lists["areas"] if row["cycle_id"] in TEMPLATES]
    ids = []
    for index in range(number):
        template = TEMPLATES[index % len(TEMPLATES)]
        cycle_id = f"{template}-r{index:03}"
        name = f"{real[template]['name']}, round {index}"
        other = {"programme": "crime-data-integrity"} if index % OTHER == OTHER - 1 else {}
        lists["cycles"].append(real[template] | {"cycle_id": cycle_id, "name": name, "comparable_with": ""} | other)
        lists["areas"] += [row | {"cycle_id": cycle_id} for row in areas if row["cycle_id"] == template]
        ids.append(cycle_id)
    return ids


def _graded(rows: Iterable[Row], rng: Random) -> tuple[Area, ...]:
    found = []
    for row in rows:
        if row["graded"] == "yes" or (row["graded"] == "where-inspected" and rng.random() < 0.3):
            aliases = row["aliases"].split("|") if row["aliases"] else []
            found.append(Area(row["area"], (row["area"], row["name"], *aliases)))
    return tuple(found)


def _inspections(
    rng: Random, lists: Lists, cycles: list[str], forces: list[Row], people: dict[str, list[str]], number: int
) -> Iterable[Inspection]:
    areas = {c: [row for row in lists["areas"] if row["cycle_id"] == c] for c in cycles}
    scale_of = {row["cycle_id"]: row["scale_id"] for row in lists["cycles"]}
    wanted = [(i, c, f["force_id"]) for i, c in enumerate(cycles) for f in forces][:number]
    for index, cycle, force_id in wanted:
        on = FIRST_DAY + dt.timedelta(index * min(180, DAYS // len(cycles)) + int(rng.random() * 14))
        graded = _graded(areas[cycle], rng)
        chief = people[force_id][on.isoformat() >= people[f"{force_id} since"][0]]
        inspector, commissioner = pick(rng, people["hmicfrs"]), people[f"pcc-{force_id}"][0]
        origins = (f"hmicfrs-release-{force_id}-{on}-{index}", f"force-release-{force_id}-{on}-{index}")
        grades = tuple(row["grade"] for row in lists["scales"] if row["scale_id"] == scale_of[cycle])
        made = Inspection(
            f"{force_id}-{cycle}", force_id, on, graded, rng.random() < 0.85, grades, (chief, inspector, commissioner), origins
        )  # fmt: skip
        lists["inspections"].append(_inspection_row(made, cycle))
        lists["origins"] += _origin_rows(made)
        yield made


def _inspection_row(made: Inspection, cycle: str) -> Row:
    codes = [area.code for area in made.areas]
    return {
        "inspection_id": made.id,
        "force_id": made.force_id,
        "cycle_id": cycle,
        "published_on": made.published_on.isoformat(),
        "graded_total": str(len(codes)),
        "graded_areas": "|".join(codes) if made.listed else "",
        "url": f"https://hmicfrs.justiceinspectorates.gov.uk/peel-reports/{made.id}/",
        "note": "",
    }


def _origin_rows(made: Inspection) -> list[Row]:
    titles = ("Press release on the report", "Chief’s response to the publication of the report")
    rows = []
    for origin_id, organisation_id, title in zip(made.origins, ("hmicfrs", made.force_id), titles, strict=True):
        row = {"origin_id": origin_id, "title": f"{title} on {made.id}", "organisation_id": organisation_id}
        rows.append(row | {"published_on": made.published_on.isoformat(), "url": "", "note": ""})
    return rows
