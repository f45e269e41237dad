"""openpeel coverage: how much of the record we hold, as a table for people."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jobs import WrongUseError
from jobs.staging import write_file
from jobs.verbs import say
from jobs.verbs.common import add_sources, counted, made_from, print_problems

if TYPE_CHECKING:
    import pyarrow as pa

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
    made = made_from(arguments.sources)
    if made.problems:
        print_problems(made.problems, "text")
        say(counted(len(made.problems), "problem"))
        return 1
    coverage = made.tables["coverage"]
    lines = list(by_force(coverage) if arguments.forces else by_cycle(coverage))
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


def by_cycle(coverage: "pa.Table") -> Iterator[str]:
    """One line a cycle: forces with any grade, and how the grades are known."""
    from jobs.outputs.common import HELD, held_by_cycle
    from jobs.outputs.dictionary import rows

    yield from rows(HELD, (held.words for held in held_by_cycle(coverage)))


def by_force(coverage: "pa.Table") -> Iterator[str]:
    """One line a force and cycle of which there is an inspection."""
    yield "| force | cycle | graded areas | stated | derived | disputed | missing | independent sources |"
    yield "|---|---|---|---|---|---|---|---|"
    names = (
        "force", "cycle", "areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing",
        "independent_sources",
    )  # fmt: skip
    for row in coverage.to_pylist():
        if row["inspections"]:
            yield f"| {' | '.join('?' if row[name] is None else str(row[name]) for name in names)} |"
