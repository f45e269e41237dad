"""sources/decisions.yaml -> what curators decided, or problems at its lines."""

from typing import Final, NamedTuple

import msgspec

from jobs.codelists import NO_LISTS, Codelists
from jobs.dates import check_date, day
from jobs.problems import Finding, Problem, shown
from jobs.read import Reading, located, read_slow
from jobs.rules.values import value_findings
from jobs.screen import screen
from schemas.decisions import Approval, Conflict, Correction, Decision, Distinct, Retraction
from schemas.decisions import Decisions as File
from schemas.vocabulary import DECIDED_COLUMNS, DECIDED_TABLES

OPEN: Final = "open"
"""The choice that leaves a conflict open on purpose."""
NAMES: Final = "names"
"""The choice that lets the named grades and inspections.csv prevail over counts."""

COLUMNS: Final = {
    "grades": ("previous_grade", "revised_on"),
    "metrics": (
        "baseline_end", "baseline_start", "change_from", "change_to", "comparator_value", "population", "sample",
        "unit",
    ),
}  # fmt: skip
"""Table -> the columns in which articles may disagree besides the main one."""

_decoder = msgspec.json.Decoder(File)


class Decisions(NamedTuple):
    """What was decided, with the file that says so, for problems that only all sources together show."""

    path: str
    data: bytes
    conflicts: tuple[Conflict, ...]
    distinct: tuple[Distinct, ...]
    corrections: tuple[Correction, ...] = ()
    retractions: tuple[Retraction, ...] = ()
    approvals: tuple[Approval, ...] = ()

    def rulings(self, table: str, column: str) -> dict[str, int]:
        """Key of a fact -> index of the decision on that column of it; the main column is the empty text."""
        return {c.key: i for i, c in enumerate(self.conflicts) if c.table == table and c.column == column}


NO_DECISIONS: Final = Decisions("decisions.yaml", b"", (), ())


def read_decisions(path: str, data: bytes, lists: Codelists | None, today: str) -> tuple[Decisions, list[Problem]]:
    """The decisions in a file and everything that is wrong inside it; none if there is no file."""
    if not data:
        return NO_DECISIONS._replace(path=path), []
    text, spots = screen(data)
    if not spots and all(not line.strip() or line.lstrip().startswith("#") for line in text.split("\n")):
        return NO_DECISIONS._replace(path=path, data=data), []
    reading = read_slow(text, File, _decoder) if not spots else Reading(None, None, spots, [])
    findings = list(reading.findings)
    file = reading.content if isinstance(reading.content, File) else File()
    for section in File.__struct_fields__:
        for index, decision in enumerate(getattr(file, section)):
            findings += value_findings(decision, (section, index), lists or NO_LISTS)
            findings += _future(decision, (section, index), today)
    findings += [*_twice(file), *_elsewhere(file)]
    problems = located(path, reading._replace(findings=findings), data) if findings or reading.spots else []
    return Decisions(path, data, *(tuple(getattr(file, section)) for section in Decisions._fields[2:])), problems


def _future(decision: Decision, where: tuple[str, int], today: str) -> list[Finding]:
    on = day(decision.decided_on)
    late = on > today and not check_date(on)
    return [Finding((*where, "decided_on"), "future-date", f"{on} is still to come")] if late else []


def _elsewhere(file: File) -> list[Finding]:
    """Decisions on a column of another table, on which nothing ever depends."""
    return [
        Finding(
            ("conflicts", index, "column"),
            "unknown-value",
            f"{shown(c.column)} is nothing that articles say of {c.table}",
            f"one of: {', '.join(COLUMNS[c.table])}; or leave it out" if c.table in COLUMNS else "leave it out",
        )
        for index, c in enumerate(file.conflicts)
        if c.table in DECIDED_TABLES and c.column in DECIDED_COLUMNS and c.column not in COLUMNS.get(c.table, ())
    ]


def _twice(file: File) -> list[Finding]:
    findings = []
    seen: dict[tuple[str, ...], int] = {}
    keys = [("conflicts", i, (c.table, c.key, c.column)) for i, c in enumerate(file.conflicts)]
    pairs = [("distinct", i, tuple(sorted((d.first, d.second)))) for i, d in enumerate(file.distinct)]
    for section, index, key in (*keys, *pairs):
        if all(key[:2]) and key in seen:
            message = "this is decided twice"
            findings.append(Finding((section, index), "repeated-decision", message, f"first in item {seen[key] + 1}"))
        seen.setdefault(key, index)
    return findings
