"""Grades -> a matrix of forces by areas for each cycle; what is not held is said as plainly as what is."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa
from markupsafe import Markup

from jobs.outputs.edition import Edition
from jobs.outputs.page.budget import MATRICES, Budget
from jobs.outputs.page.grades import Note, Shown, disputes_of, shown
from jobs.outputs.page.reading import Row, cycles_of, equal, first, grouped, rows, rows_of, table
from jobs.outputs.page.template import part

MOST: Final = 6_000
"""Grades of one cycle that are looked at: more than would fit."""


class Matrix(NamedTuple):
    """The grades of a cycle: its areas as columns, a row a force, the notes below.

    forces, graded: how many there are, and how many have a grade; empty: areas of which no grade is held; ungraded:
    areas that the cycle inspects and never grades.
    """

    cycle: Row
    areas: list[Row]
    rows: list[Markup]
    notes: list[Markup]
    grades: int
    forces: int
    graded: int
    empty: list[str]
    ungraded: list[str]


class Matrices(NamedTuple):
    """The matrices that fit, newest cycle first; cycles (with their grades) that do not fit; names of those without."""

    shown: list[Matrix]
    left: list[tuple[str, int]]
    nothing: list[str]


def matrices(edition: Edition, profiled: Collection[str]) -> Matrices:
    """The grades by cycle: of the newest what fits, older ones as a whole or not at all.

    profiled: forces that have a profile on the page, to which their names are links.
    """
    grades, budget, made = table(edition, "grades"), Budget(MATRICES), Matrices([], [], [])
    known = _Known(edition, profiled)
    for cycle in cycles_of(edition):
        held = equal(grades, "cycle_id", cycle["cycle_id"])
        if not len(held):
            made.nothing.append(cycle["cycle"])
        elif made.left or not (matrix := _matrix(cycle, held, known, budget, whole=bool(made.shown))):
            made.left.append((cycle["cycle"], len(held)))
        else:
            made.shown.append(matrix)
    return made


class _Known:
    """What the other tables know: areas by cycle, forces, the graded areas of inspections, disputes."""

    def __init__(self, edition: Edition, profiled: Collection[str]) -> None:
        self.profiled = profiled
        self.disputes = disputes_of(edition)
        self.areas = grouped(rows(edition, "areas"), "cycle_id")
        self.forces = {r["force_id"]: r["force"] for r in rows(edition, "forces") if r["kind"] == "territorial"}
        self.graded: dict[tuple[str, str], set[str]] = {}
        inspections = rows(edition, "inspections")
        self.inspected = {(row["cycle_id"], row["force_id"]) for row in inspections}
        for row in inspections:
            if row["graded_areas"]:
                codes = {f"{row['cycle_id']}-{code.strip()}" for code in row["graded_areas"].split(";")}
                self.graded.setdefault((row["cycle_id"], row["force_id"]), set()).update(codes)

    def missing(self, force: str, area: Row) -> str:
        """What is known of an area of which no grade is held."""
        graded = self.graded.get((area["cycle_id"], force))
        if graded is None:
            inspected = (area["cycle_id"], force) in self.inspected
            return "not held" if inspected and area["graded"] == "yes" else "not known"
        return "not held" if area["area_id"] in graded else "not graded"


def _matrix(cycle: Row, held: pa.Table, known: _Known, budget: Budget, *, whole: bool) -> Matrix | None:
    """The matrix of a cycle as far as it fits; None if it has to be whole and is not."""
    grades = rows_of(first(held, [("force", "ascending"), ("area_id", "ascending")], MOST))
    forces = {**known.forces, **dict(zip(*(held[name].to_pylist() for name in ("force_id", "force")), strict=True))}
    areas = known.areas.get((cycle["cycle_id"],), [])
    named = {row["area_id"] for row in grades}
    columns = [row for row in areas if row["area_id"] in named] + _unlisted(grades, areas)
    until = grades[-1]["force"] if len(held) > MOST else None
    listed = sorted((name, force) for force, name in forces.items() if until is None or name < until)
    rest = Budget(budget.left)
    lines = []
    for line in _lines(listed, columns, grades, known):
        if not rest.takes("".join((line.row, *line.notes))):
            break
        lines.append(line)
    if whole and len(lines) < len(forces):
        return None
    budget.left = rest.left
    return Matrix(
        cycle,
        columns,
        [Markup(line.row) for line in lines],  # noqa: S704  (made by a template that escapes)
        [Markup(note) for line in lines for note in line.notes],  # noqa: S704
        len(held),
        len(forces),
        len(set(held["force_id"].to_pylist())),
        [row["area"] for row in areas if row["graded"] != "no" and row["area_id"] not in named],
        [row["area"] for row in areas if row["graded"] == "no" and row["area_id"] not in named],
    )


def _unlisted(grades: list[Row], areas: list[Row]) -> list[Row]:
    """Areas that only the grades name."""
    listed = {row["area_id"] for row in areas}
    found = {row["area_id"]: row for row in grades if row["area_id"] not in listed}
    return [row | {"graded": "where-inspected"} for _, row in sorted(found.items())]


class _Line(NamedTuple):
    """A force in the matrix, and the notes on its grades."""

    row: str
    notes: list[str]


def _lines(forces: list[tuple[str, str]], areas: list[Row], grades: list[Row], known: _Known) -> Iterator[_Line]:
    cells = grouped(grades, "force_id", "area_id")
    number = 0
    for name, force in forces:
        found = {
            area["area_id"]: [shown(row, known.disputes) for row in cells.get((force, area["area_id"]), [])]
            for area in areas
        }
        notes = _noted(found, areas)
        places = {note: f"note-{areas[0]['cycle_id']}-{number + at}" for at, note in enumerate(notes, 1)}
        number += len(notes)
        columns: list[Any] = [found[area["area_id"]] or known.missing(force, area) for area in areas]
        yield _Line(
            part("force_row", force=force, name=name, columns=columns, places=places, linked=force in known.profiled),
            [part("note", place=places[note], force=name, areas=where, note=note) for note, where in notes.items()],
        )


def _noted(found: Mapping[str, list[Shown]], areas: list[Row]) -> dict[Note, list[str]]:
    """Each note once, with the names of the areas that it is about."""
    notes: dict[Note, list[str]] = {}
    for area in areas:
        for grade in found[area["area_id"]]:
            for note in grade.notes:
                notes.setdefault(note, []).append(area["area"])
    return notes
