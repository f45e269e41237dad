"""openpeel check: every problem in the sources."""

import argparse

from jobs.verbs import say
from jobs.verbs.common import (
    add_format,
    add_sources,
    add_texts,
    counted,
    first_wave,
    print_problems,
    texts_folder,
    today,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_sources(parser)
    add_texts(parser, required=False)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem; 0 if there is none, 1 if there are. With texts, every pin is proved again."""
    from jobs.pipeline import make_tables

    texts = texts_folder(arguments.texts) if arguments.texts else None
    sources, checked, problems = first_wave(arguments.sources)
    faulty = {problem.path for problem in problems}
    if not problems:
        problems = make_tables(sources, checked)[1]
    if texts and checked.lists.rows:
        from jobs.pinning import prove_pins

        problems += prove_pins(sources, checked.lists, checked.decisions, today(), texts, faulty)
    problems = sorted(set(problems))  # likely duplicates may show with and without the texts
    print_problems(problems, arguments.format)
    if arguments.format == "text":
        said = counted(len(problems), "problem") if problems else "no problems"
        say(f"{counted(len(sources.articles), 'article')}, {said}")
    return 1 if problems else 0
