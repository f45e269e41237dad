"""What verbs share: where the sources are, what day it is, how problems are printed."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import WrongUseError
from jobs.problems import FORMATS, Problem

if TYPE_CHECKING:
    from jobs.pipeline import Checked, Sources


def add_sources(parser: argparse.ArgumentParser) -> None:
    """The option `--sources`."""
    parser.add_argument(
        "--sources", type=Path, default=Path("sources"), metavar="DIR", help="the source folder (default: sources)"
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    """The option `--format` for problems."""
    words = "how problems are written: for people, as annotations of a GitHub workflow, or as JSON (default: text)"
    parser.add_argument("--format", choices=list(FORMATS), default="text", help=words)


def today() -> str:
    """The day as YYYY-MM-DD in UTC; `SOURCE_DATE_EPOCH` (seconds) stands for the clock where it is set."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return dt.datetime.now(dt.UTC).date().isoformat()
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise WrongUseError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds since 1970") from None


def first_wave(folder: Path) -> "tuple[Sources, Checked, list[Problem]]":
    """The sources in a folder, what wave one makes of them, and all problems so far."""
    from jobs.pipeline import check_articles
    from jobs.sources import count_articles, read_sources
    from jobs.workers import executor_for, progress, settle_memory

    settle_memory()
    articles = count_articles(folder)
    with executor_for(articles) as executor:
        sources, problems = read_sources(folder)
        with progress(articles) as tick:
            checked = check_articles(sources, today(), executor, tick)
    return sources, checked, sorted(problems + checked.problems)


def print_problems(problems: Sequence[Problem], form: str) -> None:
    """The problems in one of `FORMATS`, on the standard output."""
    for line in FORMATS[form](problems):
        sys.stdout.write(line + "\n")


def counted(number: int, noun: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
