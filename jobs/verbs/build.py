"""openpeel build: all tables from the sources, all or nothing."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.verbs import say
from jobs.verbs.common import add_format, add_sources, counted, first_wave, print_problems

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
    from jobs.pipeline import make_tables, render_tables
    from jobs.staging import publish_folder

    sources, checked, problems = first_wave(arguments.sources)
    tables: dict[str, pa.Table] = {}
    if not problems:
        tables, problems = make_tables(sources, checked)
    if problems:
        print_problems(problems, arguments.format)
        say(f"{counted(len(problems), 'problem')}; {arguments.out} is as it was")
        return 1
    publish_folder(arguments.out, render_tables(tables))
    if not arguments.quiet:
        say("\n".join(f"{len(table):>9,}  {name}" for name, table in tables.items()))
        say(f"{counted(len(sources.articles), 'article')} -> {arguments.out}")
    return 0
