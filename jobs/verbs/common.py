"""What verbs share: where the sources are, what day it is, how problems are printed."""

import argparse
import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import WrongUseError
from jobs.problems import FORMATS, Problem

if TYPE_CHECKING:
    from jobs.codelists import Codelists
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


def add_store(parser: argparse.ArgumentParser) -> None:
    """The option `--store`."""
    words = "where releases are kept: a folder, or github:OWNER/REPO (default: dist/releases)"
    parser.add_argument("--store", default="dist/releases", metavar="STORE", help=words)


def add_texts(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """The option `--texts`."""
    words = "folder with the articles' texts, under the names that the articles give them; never part of the project"
    parser.add_argument("--texts", type=Path, required=required, metavar="DIR", help=words)


def texts_folder(folder: Path) -> Path:
    """The folder of texts. Raises WrongUseError where it is none."""
    if not folder.is_dir():
        raise WrongUseError(f"{folder} is not a folder of texts")
    return folder


def read_lists_of(folder: Path) -> "tuple[Sources, Codelists, list[Problem]]":
    """The sources in a folder, their code lists (without rows where these have problems), and the problems so far."""
    from jobs.read_lists import read_codelists
    from jobs.sources import read_sources

    sources, problems = read_sources(folder)
    lists, found = read_codelists(sources.codelists)
    return sources, lists, sorted(problems + found)


def today() -> str:
    """The day as YYYY-MM-DD in UTC; `SOURCE_DATE_EPOCH` (seconds) stands for the clock where it is set."""
    from jobs.circumstances import epoch_date

    return epoch_date() or dt.datetime.now(dt.UTC).date().isoformat()


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
