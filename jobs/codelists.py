"""CSV texts of sources/codelists -> the code lists that articles are checked against, or problems at their cells."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from jobs.problems import Problem, limited, nearest, shown
from jobs.scalars import CHECKS, Fault, check_code, fold
from jobs.screen import screen
from schemas.codelists import CODE_LISTS, UNIONS, VOCABULARIES, Cell

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
    level: str
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


AMBIGUOUS = Area("", "", "", "", "")
"""What an alias stands for that means several areas of its cycle."""


@dataclass(frozen=True)
class Codelists:
    """All code lists, as rows and as the look-ups that rules need.

    rows: list -> its rows in order; lines: list -> the line of each row; codes: list or vocabulary -> accepted text ->
    code; areas: cycle -> folded code, name or alias -> area; scales: scale -> folded code or label -> grade; roles:
    person -> their roles; inspections: id -> inspection.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    lines: dict[str, list[int]] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    areas: dict[str, dict[str, Area]] = field(default_factory=dict)
    scales: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: dict[str, list[Role]] = field(default_factory=dict)
    inspections: dict[str, Inspection] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    measure_units: dict[str, str] = field(default_factory=dict)
    licences: dict[str, str] = field(default_factory=dict)

    def area(self, inspection_id: str, text: str) -> Area | None:
        """The area of the inspection's cycle that a code, name or alias means; `AMBIGUOUS` if it means several."""
        return self.areas[self.inspections[inspection_id].cycle_id].get(fold(text))

    def grade(self, inspection_id: str, text: str) -> str | None:
        """The grade of the inspection's scale that a code or label means."""
        return self.scales[self.inspections[inspection_id].scale_id].get(fold(text))

    def role(self, person_id: str, on: str) -> Role | None:
        """The role that a person had on a date; among several the one that began last."""
        fitting = [r for r in self.roles.get(person_id, []) if r.start <= on and (not r.end or on <= r.end)]
        return max(fitting, key=lambda r: (r.start, r.role), default=None)


@dataclass(frozen=True)
class _Cells:
    """The cells of one list while it is read."""

    path: str
    header: list[str]
    rows: list[Row]
    lines: list[int]
    columns: list[list[int]]


def read_codelists(files: Mapping[str, tuple[str, bytes]]) -> tuple[Codelists, list[Problem]]:
    """The code lists and everything that is wrong with them.

    files: list -> (path, bytes). The lists are of use only if nothing is wrong.
    """
    problems: list[Problem] = []
    cells: dict[str, _Cells] = {}
    for name in CODE_LISTS:
        if name in files:
            cells[name], found = _read_list(name, *files[name])
            problems += found
    if problems:
        return Codelists(), sorted(problems)
    lists = _look_ups({name: c.rows for name, c in cells.items()}, {name: c.lines for name, c in cells.items()})
    for name, table in cells.items():
        problems += _check_list(name, table, lists)
    return lists, sorted(problems)


def _read_list(name: str, path: str, data: bytes) -> tuple[_Cells, list[Problem]]:
    text, spots = screen(data)
    if spots:
        return _Cells(path, [], [], [], []), limited((Problem(path, *s[:4]), s.hint) for s in spots)
    cells = _Cells(path, [], [], [], [])
    problems: list[Problem] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    expected = list(CODE_LISTS[name].columns)
    line = 1
    try:
        for record in reader:
            if line == 1:
                cells.header.extend(record)
                problems += _check_header(path, record, expected)
                if problems:
                    break
            elif record:
                problems += _add(cells, record, line)
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(Problem(path, line, 1, "csv-syntax", str(error)))
    if line == 1:
        problems.append(Problem(path, 1, 1, "csv-syntax", "the list is empty", f"header: {','.join(expected)}"))
    return cells, problems


def _check_header(path: str, header: list[str], expected: list[str]) -> list[Problem]:
    if header == expected:
        return []
    message = f"the header is {shown(','.join(header))}"
    return [Problem(path, 1, 1, "csv-syntax", message, f"it must be {','.join(expected)}")]


def _add(cells: _Cells, record: list[str], line: int) -> list[Problem]:
    if len(record) != len(cells.header):
        message = f"{len(record)} cells where the header has {len(cells.header)}"
        hint = "a text with a comma must stand in double quotes"
        return [Problem(cells.path, line, 1, "csv-syntax", message, hint)]
    starts = [1]
    for value in record[:-1]:
        quoted = any(c in value for c in ',"\n')
        starts.append(starts[-1] + len(value) + 1 + (2 + value.count('"') if quoted else 0))
    cells.rows.append(dict(zip(cells.header, record, strict=True)))
    cells.lines.append(line)
    cells.columns.append(starts)
    return []


def values(row: Row, column: str) -> list[str]:
    """The values of a cell that holds several."""
    return [value.strip() for value in row[column].split("|")] if row[column] else []


def _look_ups(rows: dict[str, list[Row]], lines: dict[str, list[int]]) -> Codelists:
    def get(name: str) -> list[Row]:
        return rows.get(name, [])

    codes = {name: dict.fromkeys(words) for name, words in VOCABULARIES.items()}
    codes |= {name: {row[lst.key[0]]: "" for row in get(name)} for name, lst in CODE_LISTS.items()}
    codes |= {union: {code: "" for part in parts for code in codes[part]} for union, parts in UNIONS.items()}
    cycles = {row["cycle_id"]: row for row in get("cycles")}
    return Codelists(
        rows=rows,
        lines=lines,
        codes={name: {code: code for code in accepted} for name, accepted in codes.items()},
        areas={cycle: _areas(cycle, get("areas")) for cycle in cycles},
        scales=_scales(get("scales")),
        roles=_roles(get("roles")),
        inspections={r["inspection_id"]: _inspection(r, cycles.get(r["cycle_id"], {})) for r in get("inspections")},
        units={fold(n): r["unit_id"] for r in get("units") for n in (r["unit_id"], r["name"], *values(r, "aliases"))},
        measure_units={row["measure_id"]: row["unit"] for row in get("measures")},
        licences={row["publisher_id"]: row["licence"] for row in get("publishers")},
    )


def _areas(cycle: str, rows: list[Row]) -> dict[str, Area]:
    found: dict[str, Area] = {}
    for row in rows:
        if row["cycle_id"] != cycle:
            continue
        area = Area(f"{cycle}-{row['area']}", row["area"], row["name"], row["level"], row["graded"])
        for text in (row["area"], row["name"], *values(row, "aliases")):
            found[fold(text)] = area if found.get(fold(text), area) == area else AMBIGUOUS
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
    return found


def _inspection(row: Row, cycle: Row) -> Inspection:
    areas = frozenset(values(row, "graded_areas"))
    total = int(row["graded_total"]) if row["graded_total"].isdecimal() else len(areas) or None
    scale, programme = cycle.get("scale_id", ""), cycle.get("programme", "")
    return Inspection(
        row["inspection_id"], row["force_id"], row["cycle_id"], scale, programme, row["published_on"], total, areas
    )


def _check_list(name: str, cells: _Cells, lists: Codelists) -> list[Problem]:
    found: list[tuple[Problem, str | Callable[[], str]]] = []
    schema = CODE_LISTS[name]
    for row, line, starts in zip(cells.rows, cells.lines, cells.columns, strict=True):
        for (column, cell), start in zip(schema.columns.items(), starts, strict=True):
            for fault in _cell_faults(row[column], cell, lists):
                found.append((Problem(cells.path, line, start, fault.code, fault.message), fault.hint))
    found += [(problem, problem.hint) for problem in _equal_keys(name, cells, lists)]
    found += [(problem, problem.hint) for problem in _mismatches(name, cells, lists)]
    return limited(found)


def _cell_faults(text: str, cell: Cell, lists: Codelists) -> Iterator[Fault]:
    if not text:
        if cell.required:
            yield Fault("empty-value", "the cell must not be empty")
        return
    for value in [v.strip() for v in text.split("|")] if cell.many else [text]:
        if "\n" in value:
            yield Fault("control-character", "a line break in a cell")
        fault = check_code(value, lists.codes[cell.codes]) if cell.kind == "code" else CHECKS[cell.kind](value)
        if fault:
            yield fault


def _equal_keys(name: str, cells: _Cells, lists: Codelists) -> Iterator[Problem]:
    key = CODE_LISTS[name].key
    seen: dict[tuple[str, ...], int] = {}
    for row, line in zip(cells.rows, cells.lines, strict=True):
        value = tuple(fold(row[column]) for column in key)
        if value in seen:
            message = f"{', '.join(key)} {shown(', '.join(row[c] for c in key))} stands twice"
            yield Problem(cells.path, line, 1, "equal-id", message, f"first at line {seen[value]}")
        seen.setdefault(value, line)
        for other in {part for parts in UNIONS.values() if name in parts for part in parts[: parts.index(name)]}:
            if len(key) == 1 and row[key[0]] in lists.codes[other]:
                message = f"{shown(row[key[0]])} is also in {other}.csv; the two must be told apart"
                yield Problem(cells.path, line, 1, "equal-id", message)


def _mismatches(name: str, cells: _Cells, lists: Codelists) -> Iterator[Problem]:
    for row, line in zip(cells.rows, cells.lines, strict=True):
        for message, hint in _LIST_RULES.get(name, lambda *_: iter(()))(row, lists):
            yield Problem(cells.path, line, 1, "list-mismatch", message, hint)


def _inspection_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    areas = values(row, "graded_areas")
    known = {area.area: area for area in lists.areas.get(row["cycle_id"], {}).values()}
    for area in areas:
        if area not in known:
            yield f"{shown(area)} is not an area of {row['cycle_id']}", nearest(area, known)()
        elif known[area].graded == "no":
            yield f"{shown(area)} is never graded in {row['cycle_id']}", ""
    if len(set(areas)) != len(areas):
        yield "an area is listed twice", ""
    if areas and row["graded_total"] and row["graded_total"] != str(len(areas)):
        yield f"{len(areas)} graded areas are listed, graded_total says {row['graded_total']}", ""


def _area_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    for alias in values(row, "aliases"):
        if lists.areas.get(row["cycle_id"], {}).get(fold(alias)) is AMBIGUOUS:
            yield f"the alias {shown(alias)} means several areas of {row['cycle_id']}", "leave it out of all of them"


def _date_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    if row["from"] and row["to"] and row["to"] < row["from"]:
        yield "the role ends before it starts", ""


_LIST_RULES: dict[str, Callable[[Row, Codelists], Iterator[tuple[str, str]]]] = {
    "areas": _area_rule,
    "inspections": _inspection_rule,
    "roles": _date_rule,
}
