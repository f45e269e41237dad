"""openpeel coverage: how much of the record we hold, as a table for people."""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from jobs import WrongUseError
from jobs.staging import write_file
from jobs.verbs import say
from jobs.verbs.common import add_sources, counted, first_wave, print_problems

Row = dict[str, object]

START: Final = "<!-- made by make coverage -->"
END: Final = "<!-- end of what is made -->"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--forces", action="store_true", help="a line for every force and cycle of which we know anything"
    )
    words = "instead: put the table into this file, between the two marks that it has for it"
    parser.add_argument("--update", type=Path, metavar="FILE", help=words)
    add_sources(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints a table in Markdown; 1 if the sources have problems. Raises WrongUseError if the file has no marks."""
    from jobs.pipeline import make_tables

    sources, checked, problems = first_wave(arguments.sources)
    tables, found = make_tables(sources, checked) if not problems else ({}, problems)
    if found:
        print_problems(found, "text")
        say(counted(len(found), "problem"))
        return 1
    rows = tables["coverage"].to_pylist()
    lines = list(by_force(rows) if arguments.forces else by_cycle(rows))
    if arguments.update:
        write_file(arguments.update, updated(arguments.update, lines).encode())
    else:
        sys.stdout.write("\n".join(lines) + "\n")
    return 0


def updated(file: Path, lines: list[str]) -> str:
    """The text of a file with the lines between its marks. Raises WrongUseError if it has none."""
    before, start, rest = file.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise WrongUseError(f"{file} lacks the lines {START} and {END}")
    return "\n".join([before + START, "", *lines, "", END + after])


def by_cycle(rows: list[Row]) -> Iterator[str]:
    """One line a cycle: forces with any grade, and how the grades are known."""
    yield "| cycle | forces with a grade | graded areas known of | stated | derived | disputed | missing |"
    yield "|---|---|---|---|---|---|---|"
    cycles: dict[object, list[Row]] = defaultdict(list)
    for row in rows:
        cycles[row["cycle"]].append(row)
    for cycle, group in cycles.items():
        held = [row for row in group if row["grades_stated"] or row["grades_derived"] or row["grades_disputed"]]
        known = [row for row in group if row["areas_graded"] is not None]
        graded, stated, derived, disputed, missing = (
            str(sum(int(str(row[name] or 0)) for row in group))
            for name in ("areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing")
        )
        total = f"{graded} in {counted(len(known), 'force')}" if known else "not known"
        cells = (f"{len(held)} of {len(group)}", total, stated, derived, disputed, missing if known else "not known")
        yield f"| {cycle} | {' | '.join(cells)} |"


def by_force(rows: list[Row]) -> Iterator[str]:
    """One line a force and cycle of which there is an inspection."""
    yield "| force | cycle | graded areas | stated | derived | disputed | missing | independent sources |"
    yield "|---|---|---|---|---|---|---|---|"
    names = (
        "force", "cycle", "areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing",
        "independent_sources",
    )  # fmt: skip
    for row in rows:
        if row["inspections"]:
            yield f"| {' | '.join('?' if row[name] is None else str(row[name]) for name in names)} |"
