"""openpeel check: every problem in the sources, or in a few of them."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from jobs import WrongUseError
from jobs.problems import Problem
from jobs.verbs import say
from jobs.verbs.common import (
    add_format,
    add_sources,
    add_texts,
    add_work,
    counted,
    made_from,
    print_problems,
    texts_folder,
    today,
)
from schemas.optional import pandas_unseen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the verb."""
    words = (
        "look only at these files of the source folder, at once: each article by itself, with its pins and the code "
        "lists, and against all others as they were when everything was looked at last; the published tables are not "
        "looked at (default: look at everything)"
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help=words)
    add_sources(parser)
    add_texts(parser, required=False)
    add_format(parser)
    add_work(parser)


def run(arguments: argparse.Namespace) -> int:
    """Prints every problem; 0 if there is none, 1 if there are. With texts, every pin is proved again."""
    if arguments.files:
        return _few(arguments)
    texts = texts_folder(arguments.texts) if arguments.texts else None
    made = made_from(arguments.sources, arguments.executor, arguments.cache, tables=False)
    problems = made.problems
    if texts and made.lists.rows:
        from jobs.pinning import prove_pins

        problems += prove_pins(made.sources, made.lists, made.decisions, today(), texts, made.faulty)
    problems = sorted(set(problems))  # likely duplicates may show with and without the texts
    return _told(problems, len(made.sources.articles), "", arguments.format)


def _few(arguments: argparse.Namespace) -> int:
    pandas_unseen()
    from jobs.kept.few import ids_of, look

    if arguments.texts or not isinstance(arguments.sources, Path):
        raise WrongUseError("single files are looked at without the texts, in a source folder of this machine")
    ids, strange = ids_of(arguments.files, arguments.sources)
    if missing := [file for file in arguments.files if not file.exists()]:
        raise WrongUseError(f"{missing[0]} is not there; openpeel check looks at what is")
    if strange:
        raise WrongUseError(f"{strange[0]} is not in the source folder {arguments.sources}")
    looked = look(arguments.sources, ids, today(), arguments.cache)
    beside = f"; beside {counted(looked.others, 'other')}" if looked.others else ""
    unseen = f"; not looked at: {looked.unseen}" if looked.unseen else ""
    return _told(looked.problems, looked.articles, beside + unseen, arguments.format)


def _told(problems: Sequence[Problem], articles: int, more: str, form: str) -> int:
    print_problems(problems, form)
    if form == "text":
        said = counted(len(problems), "problem") if problems else "no problems"
        say(f"{counted(articles, 'article')}, {said}{more}")
    return 1 if problems else 0
