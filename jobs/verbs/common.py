"""What verbs share: where the sources are, what day it is, how problems are printed."""

import argparse
import datetime as dt
import re
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from jobs import UnfitError, WrongUseError
from jobs.addresses import Address, AddressError, place_of
from jobs.problems import FORMATS, Problem
from jobs.verbs import say

_Made = TypeVar("_Made")

if TYPE_CHECKING:
    import pyarrow as pa

    from jobs.codelists import Codelists
    from jobs.decisions import Decisions
    from jobs.kept.known import Known
    from jobs.pipeline import Checked, Sources


def add_sources(parser: argparse.ArgumentParser, *, here: bool = False) -> None:
    """The option `--sources`; here: only a folder of this machine will do."""
    words = f"the source folder{'' if here else ', here or at an address (s3://BUCKET/FOLDER)'} (default: sources)"
    kind = source_folder if here else source_place
    parser.add_argument("--sources", type=kind, default=Path("sources"), metavar="DIR", help=words)


def source_place(text: str) -> Path | Address:
    """Where sources are. Raises ArgumentTypeError where an address is none."""
    try:
        return place_of(text)
    except AddressError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def source_folder(text: str) -> Path:
    """Where sources are, on this machine. Raises ArgumentTypeError for an address."""
    place = source_place(text)
    if not isinstance(place, Path):
        raise argparse.ArgumentTypeError(f"{place} is not a folder of this machine")
    return place


def add_format(parser: argparse.ArgumentParser) -> None:
    """The option `--format` for problems."""
    words = "how problems are written: for people, as annotations of a GitHub workflow, or as JSON (default: text)"
    parser.add_argument("--format", choices=list(FORMATS), default="text", help=words)


def add_work(parser: argparse.ArgumentParser) -> None:
    """The options `--executor` and `--no-cache`."""
    words = "who reads the articles: process (as many as there are cores), serial, or dask:ADDRESS of a scheduler"
    parser.add_argument("--executor", type=executor_name, default="process", metavar="NAME", help=words)
    words = "neither use nor keep what earlier runs found out (in $XDG_CACHE_HOME/openpeel)"
    parser.add_argument("--no-cache", dest="cache", action="store_false", help=words)


def executor_name(text: str) -> str:
    """The name of an executor. Raises ArgumentTypeError where it is none."""
    if text not in ("process", "serial") and not re.fullmatch(r"dask:.+", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not process, serial or dask:ADDRESS")
    return text


def add_store(parser: argparse.ArgumentParser) -> None:
    """The option `--store`."""
    words = "where releases are kept: a folder, s3://BUCKET/FOLDER, or github:OWNER/REPO (default: dist/releases)"
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


def read_lists_of(folder: Path | Address) -> "tuple[Sources, Codelists, list[Problem]]":
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


class Made(NamedTuple):
    """What came of sources: themselves, their tables (none if there are problems), and what is wrong.

    faulty: the files that are wrong by themselves.
    """

    sources: "Sources"
    decisions: "Decisions"
    lists: "Codelists"
    tables: "Mapping[str, pa.Table]"
    problems: list[Problem]
    faulty: frozenset[str] = frozenset()


class Drafted(NamedTuple):
    """What came of sources before their tables are checked.

    faults: looks for what is wrong in the tables; keep: keeps what the next run can use of what was made, and returns
    the digests of the tables that are kept; same: those of the tables that are as they were kept before.
    """

    made: Made
    faults: Callable[[], list[Problem]] = list
    keep: Callable[[Made], dict[str, str]] | None = None
    same: Mapping[str, str] = MappingProxyType({})

    def checked(self) -> Made:
        """What was made, with all that is wrong."""
        problems = self.made.problems or self.faults()
        return self.made._replace(problems=problems, tables={} if problems else self.made.tables)


def made_from(
    folder: Path | Address, executor: str = "process", cache: bool = True, tables: bool = True, unread: bool = True
) -> Made:
    """Both waves of the job on a source folder.

    executor: who works, as `--executor` names them. cache: whether what earlier runs found may be used and kept.
    tables: whether anybody asks for those that have not changed since; unread: as for `drafted_from`.
    """

    from jobs.coded import plain_tables

    def made(kept: bool) -> Made:
        drafted = drafted_from(folder, executor, cache, kept, unread)
        made = drafted.checked()
        if drafted.keep:
            drafted.keep(made)
        return made._replace(tables=plain_tables(made.tables)) if tables else made

    return sound_or_anew(made)


def sound_or_anew(make: Callable[[bool], _Made]) -> _Made:
    """What is made with tables that are kept or, where these turn out not to be sound, without them."""
    with suppress(UnfitError):
        return make(True)
    return make(False)  # nothing of the first attempt is there any more


def drafted_from(
    folder: Path | Address, executor: str = "process", cache: bool = True, kept: bool = True, unread: bool = True
) -> Drafted:
    """The same up to the check of the tables, so that something else can be done meanwhile.

    kept: whether tables that are kept may be used; these, and the check, raise UnfitError where they do not do. unread:
    whether sources that nobody has touched, as the system tells, need not be read.
    """
    from jobs.kept.aside import aside_of

    began, day = time.time_ns(), today()
    aside = aside_of(folder) if cache and kept and executor == "process" else None  # before long imports
    from jobs.kept.begin import begin
    from jobs.kept.cache import cache_file
    from jobs.kept.remembered import known_claims, opened
    from jobs.pipeline import check_articles
    from jobs.workers import chosen, progress, settle_memory

    settle_memory()
    cache = cache and cache_file(folder) is not None
    cached = opened(folder) if cache else None
    with chosen(executor, fresh=cached is None) as workers:
        sources, found, done = begin(folder, cached, day, began, aside, kept, unread)
        if done:
            made = Made(sources, done.decisions, done.lists, done.tables, [])
            return Drafted(made, done.faults, same=done.tables.unchanged())
        known = known_claims(cached, sources, day)
        with progress(sources.number) as tick:
            checked = check_articles(sources, day, workers, tick, known, keyed=cache)
    _tell_lost(checked.lost, executor)
    keep = partial(_keep, folder, sources, checked, day, known, began) if cache else None
    problems = sorted(found() + checked.problems)
    faulty = frozenset(problem.path for problem in problems)
    made, given = Made(sources, checked.decisions, checked.lists, {}, problems, faulty), [checked]
    del checked, known
    return _draft(made, given)._replace(keep=keep)


def _draft(made: Made, given: "list[Checked]") -> Drafted:
    """What comes of sound sources; given: their claims, which take much memory and are taken from there."""
    from jobs.pipeline import draft_tables, weigh_claims
    from jobs.workers import give_back

    if made.problems:
        return Drafted(made)
    facts, problems = weigh_claims(made.sources, given.pop())
    give_back()
    if problems:
        return Drafted(made._replace(problems=problems))
    draft = draft_tables(made.sources, facts)
    del facts
    give_back()
    return Drafted(made._replace(tables=draft.tables), draft.faults)


def _tell_lost(parts: int, executor: str) -> None:
    if parts:
        say(f"{counted(parts, 'part')} of the work did not come back from {executor}; done by this process")


def _keep(
    folder: Path | Address, sources: "Sources", checked: "Checked", day: str, known: "Known", began: int, made: Made
) -> dict[str, str]:
    """Keeps what the next run can use, if that is worth while."""
    from jobs.kept.index import write_index
    from jobs.kept.remembered import STALE, remember

    if not made.problems and not sources.keys:
        write_index(folder, sources, checked.keys, began)
    if not made.problems or known.lacks(checked.keys) > len(known.keys) * STALE:
        return remember(folder, sources, checked, day, made.tables)
    return {}


def print_problems(problems: Sequence[Problem], form: str) -> None:
    """The problems in one of `FORMATS`, on the standard output."""
    for line in FORMATS[form](problems):
        sys.stdout.write(line + "\n")


def counted(number: int, noun: str) -> str:
    """`1 problem`, `2 problems`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
