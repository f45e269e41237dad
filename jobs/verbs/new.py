"""openpeel new: the beginning of an article's source file, with what can be known before reading."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jobs import WrongUseError
from jobs.verbs import say
from jobs.verbs.common import add_sources, print_problems, read_lists_of

if TYPE_CHECKING:
    from jobs.codelists import Codelists
    from jobs.draft import Known
    from jobs.problems import Fault

_REQUIRED: Final = ("force", "publisher", "published")
_CODES: Final = {"force": "forces", "publisher": "any organisation", "inspection": "inspections"}
_KINDS: Final = {"published": "article-date", "url": "url", "title": "text", "text": "text-file"}
"""Option -> the list of its codes, or what it must be."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("--force", required=True, metavar="CODE", help="the force that it is about (forces.csv)")
    parser.add_argument("--publisher", required=True, metavar="CODE", help="who published it (publishers.csv)")
    words = "its date as far as it is known: 2024-03-12, 2024-03, after 2024-03-12, unknown"
    parser.add_argument("--published", required=True, metavar="DATE", help=words)
    parser.add_argument("--url", default="", help="its address")
    parser.add_argument("--title", default="", help="its headline")
    parser.add_argument("--text", default="", metavar="FILE", help="name of the file with its text, or not-held")
    words = "the inspection that it is about (default: the force's latest report before that date)"
    parser.add_argument("--inspection", default="", metavar="CODE", help=words)
    parser.add_argument(
        "--suffix", default="", metavar="WORD", help="tells apart two articles of one publisher and day"
    )
    add_sources(parser, here=True)


def run(arguments: argparse.Namespace) -> int:
    """Writes the file; 1 if the code lists have problems.

    Raises WrongUseError where a code is not known or the file is there already.
    """
    from jobs.draft import Known, article_id, draft

    _, lists, problems = read_lists_of(arguments.sources)
    if not lists.rows:
        print_problems(problems, "text")
        return 1
    known = Known(**{name: getattr(arguments, name) for name in Known._fields})
    _check(known, lists)
    text = draft(known, lists).encode()
    path = Path(arguments.sources) / "articles" / f"{article_id(known)}.yaml"
    if path.parent.is_symlink() or not (path.parent.is_dir() or not os.path.lexists(path.parent)):
        raise WrongUseError(f"{path.parent} is not a folder of its own")
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("xb") as file:
            file.write(text)
    except FileExistsError:
        message = f"{path} is there already; a second article of that day and publisher needs --suffix"
        raise WrongUseError(message) from None
    say(f"{path}: fill it in, then openpeel check")
    return 0


def _check(known: "Known", lists: "Codelists") -> None:
    """Raises WrongUseError for the first value that no source file could have."""
    for name, value in known._asdict().items():
        fault = _fault(name, value, lists) if value or name in _REQUIRED else None
        if fault:
            hint = fault.hint if isinstance(fault.hint, str) else fault.hint()
            raise WrongUseError(f"--{name}: {fault.message}{'; ' if hint else ''}{hint}")


def _fault(name: str, value: str, lists: "Codelists") -> "Fault | None":
    from jobs.codelists import home_of
    from jobs.problems import Fault, shown
    from jobs.scalars import CHECKS, check_code
    from jobs.screen import first_hidden

    hidden = first_hidden(value)
    if hidden:
        return Fault(*hidden)
    if name in _CODES:
        return check_code(value, lists.codes[_CODES[name]], home_of(_CODES[name]))
    if name == "suffix" and CHECKS["slug"](f"x-{value}"):
        return Fault("bad-id", f"{shown(value)} is not part of an id", "lower-case letters, digits, single hyphens")
    return CHECKS[_KINDS[name]](value) if name in _KINDS else None
