"""openpeel build: all tables from the sources, all or nothing."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.verbs.common import add_format, add_sources, counted, print_problems, say, today

if TYPE_CHECKING:
    import pyarrow as pa


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_sources(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("dist/candidate"), metavar="DIR", help="where to (default: dist/candidate)"
    )
    add_format(parser)
    parser.add_argument("--quiet", action="store_true", help="say nothing if all is well")


def run(arguments: argparse.Namespace) -> int:
    """Builds; 0 if done, 1 if the sources have problems (and nothing was changed)."""
    from jobs.pipeline import check_articles, make_tables, render_tables
    from jobs.sources import read_sources
    from jobs.staging import NotOursError, publish_folder
    from jobs.workers import executor_for

    sources, problems = read_sources(arguments.sources)
    with executor_for(len(sources.articles)) as executor:
        checked = check_articles(sources, today(), executor)
    problems += checked.problems
    tables: dict[str, pa.Table] = {}
    if not problems:
        tables, problems = make_tables(sources, checked)
    if problems:
        print_problems(sorted(problems), arguments.format)
        say(f"{counted(len(problems), 'problem')}; {arguments.out} is as it was")
        return 1
    try:
        publish_folder(arguments.out, render_tables(tables))
    except NotOursError as error:
        say(f"openpeel: {error}")
        return 2
    if not arguments.quiet:
        say("\n".join(f"{len(table):>9,}  {name}" for name, table in tables.items()))
        say(f"{counted(len(sources.articles), 'article')} -> {arguments.out}")
    return 0
