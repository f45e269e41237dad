"""CSV texts of sources/codelists -> the code lists that articles are checked against, or problems at their cells."""

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jobs.codelists import AMBIGUOUS, Area, Codelists, Row, look_ups, values
from jobs.problems import Fault, Hint, Problem, limited, nearest, shown
from jobs.scalars import CHECKS, check_code, fold
from jobs.screen import screen
from schemas.codelists import CODE_LISTS, UNIONS, Cell


@dataclass(frozen=True)
class _Cells:
    """The cells of one list while it is read; records: the cells of each row as written, and the line they begin on."""

    path: str
    rows: list[Row]
    lines: list[int]
    records: list[tuple[list[str], str]]


def read_codelists(files: Mapping[str, tuple[str, bytes]]) -> tuple[Codelists, list[Problem]]:
    """The code lists and everything that is wrong with them.

    files: list -> (path, bytes). The lists are of use only if nothing is wrong and none is missing; otherwise they have
    no rows.
    """
    problems: list[Problem] = []
    cells: dict[str, _Cells] = {}
    broken: set[str] = set()
    for name in CODE_LISTS:
        if name in files:
            cells[name], found = _read_list(name, *files[name])
            problems += found
            broken |= {name} if found else set()
    whole = {name: table for name, table in cells.items() if name not in broken}
    lists = look_ups({name: c.rows for name, c in whole.items()}, {name: c.lines for name, c in whole.items()})
    for name, table in whole.items():
        problems += _check_list(name, table, lists, whole.keys())
    return (lists if not problems and len(whole) == len(CODE_LISTS) else Codelists()), sorted(problems)


def _read_list(name: str, path: str, data: bytes) -> tuple[_Cells, list[Problem]]:
    cells = _Cells(path, [], [], [])
    text, spots = screen(data)
    if spots:
        return cells, limited((Problem(path, *s[:4]), s.hint) for s in spots)
    expected = list(CODE_LISTS[name].columns)
    if not text.strip():
        return cells, [Problem(path, 1, 1, "csv-syntax", "the list is empty", f"header: {','.join(expected)}")]
    lines = text.splitlines(keepends=True)
    records, problems = _records(path, lines)
    if not records:
        return cells, problems
    if wrong := _check_header(path, records[0][1], expected):
        return cells, wrong
    problems += [problem for line, record in records if (problem := _check_width(path, line, record, len(expected)))]
    records = [numbered for numbered in records[1:] if len(numbered[1]) == len(expected)]
    rows = [dict(zip(expected, map(str.strip, record), strict=True)) for _, record in records]
    written = [(record, lines[line - 1]) for line, record in records]
    return _Cells(path, rows, [line for line, _ in records], written), problems


def _records(path: str, lines: list[str]) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """The records in lines of CSV, each with the line that it begins on, as far as they can be read."""
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(lines, strict=True)
    line = 1
    try:
        for record in reader:
            records.append((line, record))
            line = reader.line_num + 1
    except csv.Error as error:
        return records, [Problem(path, line, 1, "csv-syntax", str(error))]
    return records, []


def _check_header(path: str, header: list[str], expected: list[str]) -> list[Problem]:
    if header == expected:
        return []
    message = f"the header is {shown(','.join(header))}"
    return [Problem(path, 1, 1, "csv-syntax", message, f"it must be {','.join(expected)}")]


def _check_width(path: str, line: int, record: list[str], width: int) -> Problem | None:
    if len(record) in (0, width):  # nothing stands on an empty line
        return None
    message = f"{len(record)} cells where the header has {width}"
    return Problem(path, line, 1, "csv-syntax", message, "a text with a comma must stand in double quotes")


def _starts(record: list[str], written: str) -> list[int]:
    """The columns of a line at which the cells of a record begin."""
    starts = [1]
    for value in record[:-1]:
        quoted = written[starts[-1] - 1 : starts[-1]] == '"'
        starts.append(starts[-1] + len(value) + 1 + (2 + value.count('"') if quoted else 0))
    return starts


def _check_list(name: str, cells: _Cells, lists: Codelists, known: Collection[str]) -> list[Problem]:
    """What is wrong in a list that could be read; codes of lists that could not (not in `known`) are let pass."""
    found: list[tuple[Problem, Hint]] = []
    faults = _faults(name, cells, lists, known)
    for row, line, (record, written) in zip(cells.rows, cells.lines, cells.records, strict=True) if faults else ():
        for column, start in zip(row, _starts(record, written), strict=True):
            wrong = faults.get(column, {}).get(row[column], ())
            found += [(Problem(cells.path, line, start, fault.code, fault.message), fault.hint) for fault in wrong]
    found += [(problem, problem.hint) for problem in _equal_keys(name, cells, lists)]
    if len(known) == len(CODE_LISTS):
        found += [(problem, problem.hint) for problem in _mismatches(name, cells, lists)]
    return limited(found)


def _faults(
    name: str, cells: _Cells, lists: Codelists, known: Collection[str]
) -> dict[str, dict[str, tuple[Fault, ...]]]:
    """Column -> text -> what is wrong with it there, where anything is."""
    found: dict[str, dict[str, tuple[Fault, ...]]] = {}
    for column, cell in CODE_LISTS[name].columns.items():
        if not all(part in known for part in UNIONS.get(cell.codes, (cell.codes,)) if part in CODE_LISTS):
            continue
        wrong = {text: tuple(_cell_faults(text, cell, lists)) for text in {row[column] for row in cells.rows}}
        if any(wrong.values()):
            found[column] = wrong
    return found


def _cell_faults(text: str, cell: Cell, lists: Codelists) -> Iterator[Fault]:
    if not text:
        if cell.required:
            yield Fault("empty-value", "the cell must not be empty")
        return
    for value in [v.strip() for v in text.split("|")] if cell.many else [text]:
        if "\n" in value or "\t" in value:
            yield Fault("control-character", "a line break or tab in a cell")
        if not value:
            yield Fault("empty-value", "nothing stands before, after or between |")
            return
        fault = check_code(value, lists.codes[cell.codes]) if cell.kind == "code" else CHECKS[cell.kind](value)
        if fault:
            yield fault


def _equal_keys(name: str, cells: _Cells, lists: Codelists) -> Iterator[Problem]:
    key = CODE_LISTS[name].key
    others = {part for parts in UNIONS.values() if name in parts for part in parts[: parts.index(name)]}
    values = list(zip(*([fold(row[column]) for row in cells.rows] for column in key), strict=True))
    if len(set(values)) == len(values) and not others:
        return
    seen: dict[tuple[str, ...], int] = {}
    for row, value, line in zip(cells.rows, values, cells.lines, strict=True):
        if value in seen:
            message = f"{', '.join(key)} {shown(', '.join(row[c] for c in key))} stands twice"
            yield Problem(cells.path, line, 1, "equal-id", message, f"first at line {seen[value]}")
        seen.setdefault(value, line)
        for other in others:
            if len(key) == 1 and row[key[0]] in lists.codes[other]:
                message = f"{shown(row[key[0]])} is also in {other}.csv; the two must be told apart"
                yield Problem(cells.path, line, 1, "equal-id", message)


def _mismatches(name: str, cells: _Cells, lists: Codelists) -> Iterator[Problem]:
    rule = _LIST_RULES.get(name)
    for row, line in zip(cells.rows, cells.lines, strict=True):
        for message, hint in rule(row, lists) if rule else ():
            yield Problem(cells.path, line, 1, "list-mismatch", message, hint)


def _inspection_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    areas, known = values(row, "graded_areas"), _areas_of(lists, row["cycle_id"])
    for area in areas:
        if area not in known:
            yield f"{shown(area)} is not an area of {row['cycle_id']}", nearest(area, known)()
        elif known[area].graded == "no":
            yield f"{shown(area)} is never graded in {row['cycle_id']}", ""
    if len(set(areas)) != len(areas):
        yield "an area is listed twice", ""
    if areas and row["graded_total"] and row["graded_total"] != str(len(areas)):
        yield f"{len(areas)} graded areas are listed, graded_total says {row['graded_total']}", ""


@lru_cache(maxsize=1_024)
def _areas_of(lists: Codelists, cycle_id: str) -> dict[str, Area]:
    """The areas of a cycle by their codes."""
    return {area.area: area for area in lists.areas.get(cycle_id, {}).values()}


def _area_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    for alias in values(row, "aliases"):
        if lists.areas.get(row["cycle_id"], {}).get(fold(alias)) is AMBIGUOUS:
            yield f"the alias {shown(alias)} means several areas of {row['cycle_id']}", "leave it out of all of them"


def _one_meaning(accepted: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What is accepted for a code must not be accepted for another: (text, code) of a row, and of all rows so far."""
    meanings: dict[str, set[str]] = {}
    for text, code in others:
        meanings.setdefault(fold(text), set()).add(code)
    for text, code in accepted:
        rest = meanings[fold(text)] - {code}
        if rest:
            yield f"{shown(text)} also means {', '.join(sorted(rest))}", ""


def _so_far(rows: list[Row], row: Row) -> list[Row]:
    return rows[: next(index for index, other in enumerate(rows, 1) if other is row)]


def _scale_names(row: Row) -> list[tuple[str, str]]:
    return [(row["grade"], row["grade"]), (row["label"], row["grade"])]


def _scale_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    same = [other for other in _so_far(lists.rows["scales"], row) if other["scale_id"] == row["scale_id"]]
    yield from _one_meaning(_scale_names(row), (pair for other in same for pair in _scale_names(other)))


def _unit_names(row: Row) -> list[tuple[str, str]]:
    return [(text, row["unit_id"]) for text in (row["unit_id"], row["name"], *values(row, "aliases"))]


def _unit_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    yield from _one_meaning(
        _unit_names(row), (pair for other in _so_far(lists.rows["units"], row) for pair in _unit_names(other))
    )


def _force_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    for other in _so_far(lists.rows["forces"], row)[:-1] if row["gss_code"] else ():
        if other["gss_code"] == row["gss_code"]:
            yield f"the GSS code {shown(row['gss_code'])} is that of {other['force_id']}", "leave out what is not known"


def _date_rule(row: Row, lists: Codelists) -> Iterator[tuple[str, str]]:
    if row["from"] and row["to"] and row["to"] < row["from"]:
        yield "the role ends before it starts", ""


_LIST_RULES: Final[dict[str, Callable[[Row, Codelists], Iterator[tuple[str, str]]]]] = {
    "areas": _area_rule,
    "forces": _force_rule,
    "inspections": _inspection_rule,
    "roles": _date_rule,
    "scales": _scale_rule,
    "units": _unit_rule,
}
