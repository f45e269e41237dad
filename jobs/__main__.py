"""The command `openpeel`: reads the verb, calls its module, turns what happens into an exit status.

0 clean, 1 problems in the data, 2 wrong use or a disk that refuses, 3 a defect of ours; as in every shell 130 if
interrupted, 141 if nobody reads the output any more.
"""

import argparse
import atexit
import gc
import importlib
import io
import os
import sys
import traceback
from collections.abc import Sequence
from typing import Final, NoReturn

from jobs import WrongUseError
from jobs.verbs import say
from schemas.optional import arrow_undescribed

CLEAN, PROBLEMS, WRONG_USE, DEFECT = range(4)
INTERRUPTED, CLOSED_PIPE = 130, 141

VERBS: Final = {
    "new": "start the source file of an article",
    "pin": "find the words of each fact in the articles' texts",
    "check": "show every problem in the sources",
    "build": "make all tables from the sources",
    "diff": "in what two releases differ",
    "publish": "make a candidate a release, all or nothing",
    "verify": "whether a release is whole and true to itself",
    "yank": "mark a release as not to be used",
    "site": "lay out all releases for the web",
    "watch": "the latest release as readers meet it, and whether links are dead",
    "report": "put what is wrong into one issue on GitHub",
    "coverage": "how much of the record we hold",
    "describe": "the data dictionary, from the schemas",
}
"""Each verb is a module of `jobs.verbs` with `add_arguments(parser)` and `run(arguments) -> exit status`."""


def parser(verb: str | None = None) -> argparse.ArgumentParser:
    """The parser of all verbs; only the module of the named one is imported."""
    top = argparse.ArgumentParser(
        prog="openpeel",
        description="Open PEEL: grades, statements and metrics about police forces, as checked open tables.",
        epilog="exit status: 0 clean, 1 problems in the data, 2 wrong use, 3 a defect of openpeel",
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, summary in VERBS.items():
        sub = verbs.add_parser(name, help=summary, description=f"{summary[0].upper()}{summary[1:]}.")
        if name == verb:
            importlib.import_module(f"jobs.verbs.{name}").add_arguments(sub)
    return top


def main(arguments: Sequence[str]) -> int:
    """Runs one verb and returns the exit status."""
    try:
        status = _status(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # nobody reads on, as in `openpeel check | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLOSED_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except WrongUseError as error:
        say(f"openpeel: {error}")
        return WRONG_USE
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        say(f"openpeel: {place}{error.strerror or error}")
        return WRONG_USE
    except Exception as error:
        if _interrupted(error):
            return INTERRUPTED
        traceback.print_exc()
        say("openpeel: this is a defect of openpeel, please report it")
        return DEFECT
    return status


def _status(arguments: Sequence[str]) -> int:
    verb = next((word for word in arguments if not word.startswith("-")), None)
    try:
        parsed = parser(verb).parse_args(arguments)
        status: int = importlib.import_module(f"jobs.verbs.{parsed.verb}").run(parsed)
    except SystemExit as stop:  # argparse has said what is wrong, or shown the help
        return stop.code if isinstance(stop.code, int) else WRONG_USE
    return status


def _interrupted(error: BaseException | None) -> bool:
    """Whether an interruption is behind it: up to 3.11 Python makes another error of one that comes in a class body."""
    while error and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


def command() -> NoReturn:
    """The console script, for a process that does nothing else and ends with it; others call `main`."""
    ended: list[int] = []
    if not atexit._ncallbacks():  # whoever came first would be called after it
        atexit.register(_leave, ended)
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:  # closed: the next file that is opened would be taken for it
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # an article's letters must not stop a narrow terminal
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy starts threads that wait for matrices, and wait busily
    if sys.platform == "linux":  # where it is in every wheel; it gives memory back more seldom than what Arrow prefers
        os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "jemalloc")
    arrow_undescribed()
    gc.disable()  # a short life with few cycles: looking for them costs a sixth of the time of a small check
    ended.append(main(sys.argv[1:]))
    sys.exit(ended[0])


def _leave(ended: list[int]) -> None:
    """Ends the process once nothing else is to be done, without taking all apart that was imported and read.

    That would take longer than some checks. ended: the exit status, if the command has come to its end.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            if not any(ended):  # otherwise it is known that something is wrong
                return  # Python has its own way to say that
    if ended:
        os._exit(ended[0])


if __name__ == "__main__":
    command()
