"""openpeel check: every problem in the sources."""

import argparse

from jobs.verbs import say
from jobs.verbs.common import add_format, add_sources, counted, first_wave, print_problems


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_sources(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem; 0 if there is none, 1 if there are."""
    from jobs.pipeline import make_tables

    sources, checked, problems = first_wave(arguments.sources)
    if not problems:
        problems = make_tables(sources, checked)[1]
    print_problems(problems, arguments.format)
    if arguments.format == "text":
        said = counted(len(problems), "problem") if problems else "no problems"
        say(f"{counted(len(sources.articles), 'article')}, {said}")
    return 1 if problems else 0
