"""openpeel build: all tables from the sources, all or nothing; with a store, the release that follows its latest."""

import argparse
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from jobs import WrongUseError
from jobs.verbs import say
from jobs.verbs.common import (
    Drafted,
    Made,
    add_format,
    add_sources,
    add_work,
    counted,
    drafted_from,
    made_from,
    print_problems,
    sound_or_anew,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from concurrent.futures import Future

    import pyarrow as pa

    from jobs.contents import Status
    from jobs.decisions import Decisions
    from jobs.kept.files import Written
    from jobs.kept.pieces import Pieces
    from jobs.problems import Problem
    from jobs.releases.assemble import Candidate
    from jobs.staging import Kept, Parts


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_sources(parser)
    parser.add_argument(
        "--out", type=Path, default=Path("dist/candidate"), metavar="DIR", help="where to (default: dist/candidate)"
    )
    words = "compare with the latest release of this store (a folder, an address, github:OWNER/REPO)"
    parser.add_argument("--store", default="", metavar="STORE", help=words)
    parser.add_argument("--bump", choices=("PATCH", "MINOR", "MAJOR"), default="NONE", help="a bump at least as high")
    words = "make a release also if only titles and descriptions changed"
    parser.add_argument("--descriptions", action="store_true", help=words)
    words = "where the site of the releases will be, for the links in a release (https://…/)"
    parser.add_argument("--address", type=address, default="", metavar="URL", help=words)
    words = "which files to make, such as csv,parquet; all for a release, csv and parquet without a store"
    parser.add_argument("--formats", type=formats, default=(), metavar="LIST", help=words)
    words = "besides, the tables as Parquet by cycle and force (cycle_id=…/force_id=…), into a new or empty folder"
    parser.add_argument("--partitions", type=Path, metavar="DIR", help=words)
    add_format(parser)
    add_work(parser)
    parser.add_argument("--quiet", action="store_true", help="say nothing if all is well")


def address(text: str) -> str:
    """A web address that ends with a slash, or nothing. Raises ArgumentTypeError where it is none."""
    if not text:
        return ""
    whole = text if text.endswith("/") else f"{text}/"
    if not re.fullmatch(r"https?://[A-Za-z0-9.:-]+/[!#-;=?-~]*", whole, re.ASCII):
        raise argparse.ArgumentTypeError(f"{text!r} is no web address (https://…)")
    return whole


def formats(text: str) -> tuple[str, ...]:
    """Names of formats. Raises ArgumentTypeError where one is unknown."""
    from jobs.outputs import OUTPUTS

    names = tuple(name.strip() for name in text.split(","))
    if unknown := [name for name in names if name not in OUTPUTS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is not one of {', '.join(OUTPUTS)}")
    return names


def run(arguments: argparse.Namespace) -> int:
    """Builds; 0 if done or nothing changed, 1 if there are problems (and nothing was written)."""
    if arguments.store and arguments.formats:
        raise WrongUseError("a release holds all formats; --formats is for tables without a store")
    made: Candidate | None = None
    if arguments.store:
        whole = made_from(arguments.sources, arguments.executor, arguments.cache, unread=False)
        made, problems = _release(arguments, whole)
    else:
        whole, problems = sound_or_anew(partial(_publish, arguments))
    if problems:
        print_problems(problems, arguments.format)
        say(f"{counted(len(problems), 'problem')}; {arguments.out} is as it was")
        return 1
    if made is not None and not made.version:
        waiting = "only titles and descriptions have changed (--descriptions makes a release of that)"
        what = waiting if made.findings else "nothing has changed"
        say(f"{what} since the latest release in {arguments.store}; {arguments.out} is as it was")
        return 0
    tables = made.tables if made else whole.tables
    if arguments.partitions:
        from jobs.partitions import lay_out

        lay_out(tables, arguments.partitions)
    if not arguments.quiet:
        from jobs.kept.tables import lengths

        say("\n".join(f"{rows:>9,}  {name}" for name, rows in lengths(tables).items()))
        release = f", release {made.version} ({made.bump})" if made else ""
        say(f"{counted(len(whole.sources.articles), 'article')} -> {arguments.out}{release}")
    return 0


class _FaultyError(Exception):
    """The tables that are being written have turned out to be wrong."""


def _publish(arguments: argparse.Namespace, kept: bool) -> "tuple[Made, list[Problem]]":
    """Writes tables while they are checked; where anything is wrong in them, all is as it was.

    kept: whether tables that are kept may be used. Raises UnfitError where these do not do.
    """
    drafted = drafted_from(arguments.sources, arguments.executor, arguments.cache, kept)
    if arguments.partitions:  # all tables are asked for, and later is too late to begin again
        drafted = drafted._replace(made=drafted.made._replace(tables=dict(drafted.made.tables)))
    with ThreadPoolExecutor(1) as thread:
        checked = thread.submit(drafted.checked)
        keep = thread.submit(lambda: drafted.keep(checked.result()) if drafted.keep else dict(drafted.same))
        written = _write_while(checked, drafted, arguments) if not drafted.made.problems else None
        made = checked.result()
    tables = keep.result()
    if written and tables:
        from jobs.kept.files import note_files

        note_files(arguments.sources, written, tables, arguments.out)
    return made, made.problems


def _write_while(checked: "Future[Made]", drafted: Drafted, arguments: argparse.Namespace) -> "Written | None":
    """Writes the files; None where the tables have turned out to be wrong."""
    from jobs.contents import status_of
    from jobs.kept.files import Files, Written, contents, files_of
    from jobs.staging import publish_folder

    known = files_of(arguments.sources, drafted.same) if drafted.same else Files()
    statuses: dict[str, Status] = {}
    pieces: dict[str, Pieces] = {}

    def refuse() -> None:
        if checked.result().problems:
            raise _FaultyError

    def inspect(staged: Path) -> None:
        refuse()
        statuses.update({path.name: status_of(path.lstat()) for path in staged.iterdir()})

    def files() -> "Generator[tuple[str, Parts | Kept], None, None]":
        with closing(contents(drafted.made.tables, arguments.formats, arguments.out, known, pieces)) as rendered:
            for file in rendered:
                if checked.done():
                    refuse()
                yield file

    try:
        with closing(files()) as made:
            return Written(publish_folder(arguments.out, made, inspect), statuses, pieces)
    except Exception:
        if not checked.result().problems:  # what is wrong in the sources comes first
            raise
    return None


def _release(arguments: argparse.Namespace, made: Made) -> "tuple[Candidate | None, list[Problem]]":
    """Writes the release that follows the latest one, if there is anything in it."""
    from jobs.releases.assemble import files
    from jobs.staging import publish_folder

    if made.problems:
        return None, made.problems
    candidate, problems = _candidate(arguments, made.tables, made.decisions)
    if not problems and candidate.version:
        with closing(files(candidate)) as made_files:
            publish_folder(arguments.out, made_files)
    return candidate, problems


def _candidate(
    arguments: argparse.Namespace, tables: "Mapping[str, pa.Table]", decisions: "Decisions"
) -> "tuple[Candidate, list[Problem]]":
    """The release that follows the latest one of the store, which is fetched and verified first."""
    from jobs.circumstances import commit_of, epoch_date, lock_digest
    from jobs.releases.assemble import CHANGELOG, Circumstances, Wishes, candidate
    from jobs.releases.load import UnsoundError, load
    from jobs.releases.verify import verify_folder
    from jobs.stores import fetch_latest, open_store

    commit, committed = commit_of(arguments.sources)
    date = epoch_date() or committed or _latest_date(tables)
    store = open_store(arguments.store)
    highest = next((stored.version for stored in reversed(store.versions())), "")
    circumstances = Circumstances(date, commit, lock_digest(arguments.sources), highest, arguments.address)
    wishes = Wishes(arguments.bump, arguments.descriptions)
    with tempfile.TemporaryDirectory(prefix="openpeel-") as folder:
        latest = Path(folder) / "latest"
        version = fetch_latest(store, latest)
        if version is None:
            return candidate(tables, None, "", decisions, circumstances, wishes)
        faults = verify_folder(latest)
        if faults:
            raise UnsoundError(f"the latest release {version} in {arguments.store} is not sound: {faults[0]}")
        before = (latest / CHANGELOG).read_text(encoding="utf-8", errors="replace")
        return candidate(tables, load(latest), before, decisions, circumstances, wishes)


def _latest_date(tables: "Mapping[str, pa.Table]") -> str:
    """The latest day that the sources themselves name, for sources that are in no commit."""
    dates = [*tables["articles"]["published_on"].to_pylist(), *tables["conflicts"]["decided_on"].to_pylist()]
    return max((date.isoformat() for date in dates if date), default="1970-01-01")
