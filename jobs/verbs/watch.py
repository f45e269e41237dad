"""openpeel watch: the latest release as readers meet it: is it there, whole, fresh, do its links lead anywhere?"""

import argparse
import csv
import datetime as dt
import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from jobs import WrongUseError
from jobs.staging import SUMS
from jobs.verbs.common import add_sources, add_store, counted, today

if TYPE_CHECKING:
    from jobs.stores import Store

SPARE: Final = 1_000_000
"""Bytes that a file may be longer than it should be before it is no longer downloaded."""


class Link(NamedTuple):
    """The address of an article and the id of the article."""

    address: str
    article_id: str


class Seen(NamedTuple):
    """What is wrong, each in one line of Markdown, and what was looked at."""

    wrong: list[str]
    notes: list[str]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_store(parser)
    add_sources(parser, here=True)
    words = "how old the latest release may be (default: 90)"
    parser.add_argument("--days", type=_whole, default=90, metavar="N", help=words)
    words = "at most so many links of articles are followed, others on other days (default: 40)"
    parser.add_argument("--links", type=_whole, default=40, metavar="N", help=words)
    words = "an address under which readers get the files of the latest release; may be given several times"
    parser.add_argument("--at", action="append", default=[], metavar="ADDRESS", help=words)
    words = "leave the downloaded release in this folder (default: nowhere)"
    parser.add_argument("--keep", type=Path, metavar="DIR", help=words)
    words = "the release that would follow, if the sources make one: whether it waits to be published"
    parser.add_argument("--next", type=Path, metavar="DIR", help=words)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of 0 or more")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Prints a report in Markdown; 0 if all is well, 1 if something is wrong. Raises WrongUseError for no store."""
    with tempfile.TemporaryDirectory(prefix="openpeel-") as folder:
        latest = arguments.keep or Path(folder) / "latest"
        latest.mkdir(parents=True, exist_ok=True)
        if any(latest.iterdir()):
            raise WrongUseError(f"{latest} is not empty; name another folder")
        seen = _watched(arguments, latest)
    for line in report(seen):
        sys.stdout.write(line + "\n")
    return 1 if seen.wrong else 0


def report(seen: Seen) -> Iterator[str]:
    """The lines of a report: a heading, what is wrong (each line begins with a hyphen), what was looked at."""
    yield f"# Watchdog: {counted(len(seen.wrong), 'finding') if seen.wrong else 'all is well'}"
    for lines in ([f"- {line}" for line in seen.wrong], seen.notes):
        if lines:
            yield ""
            yield from lines


def _watched(arguments: argparse.Namespace, latest: Path) -> Seen:
    from jobs.releases.readers import day_of
    from jobs.releases.verify import verify_folder
    from jobs.stores import fetch_latest, open_store

    store, day = open_store(arguments.store), dt.date.fromisoformat(today())
    try:
        version = fetch_latest(store, latest)
        if version is None and store.versions():
            return Seen(["Every release is withdrawn: readers find none."], [])
    except WrongUseError as error:
        return Seen([f"The latest release cannot be downloaded: {_code(str(error))}"], [])
    if version is None:
        return Seen(list(waiting(arguments.next, day)), ["There is no release yet."])
    faults = [f"Release {version}: {_code(fault)}" for fault in verify_folder(latest)]
    if faults:
        return Seen(faults, [f"Release {version} is not sound, so nothing else was looked at."])
    parts = [Seen(list(stale(version, day_of(latest), arguments.days, day)), [f"Release {version} is whole."])]
    parts.append(Seen([*_misled(store, version), *waiting(arguments.next, day)], []))
    parts += [as_readers_get_it(address.rstrip("/"), latest) for address in arguments.at]
    parts.append(_links(latest, arguments, day))
    return Seen([line for part in parts for line in part.wrong], [line for part in parts for line in part.notes])


def stale(version: str, told: str, days: int, day: dt.date) -> Iterator[str]:
    """What is wrong with the day of a release."""
    try:
        date = dt.date.fromisoformat(told)
    except ValueError:
        yield f"Release {version} has no date."
        return
    if date > day:
        yield f"Release {version} is of {date}, a day that is still to come."
    if day - date > dt.timedelta(days):
        ago = f"more than {counted(days, 'day')} ago"
        yield f"Release {version} is of {date}, {ago}: is there no news, or does publishing fail?"


def _misled(store: "Store", version: str) -> Iterator[str]:
    """What is wrong if the store names another release to its readers than the latest one."""
    try:
        shown = store.shown()
    except WrongUseError as error:
        yield f"What readers get as the latest release cannot be seen: {_code(str(error))}"
        return
    if shown != version:
        yield f"Readers get {shown or 'none of ours'} as the latest release, not {version}: start `publish`."


def waiting(following: Path | None, day: dt.date) -> Iterator[str]:
    """What is wrong if a release that would follow is not published, two days after its own."""
    from jobs.releases.readers import day_of
    from jobs.stores.parcel import ABOUT, read_parcel

    if following is None or not (following / ABOUT).is_file():
        return
    parcel, told = read_parcel(following), day_of(following)
    try:
        late = day - dt.date.fromisoformat(told) >= dt.timedelta(2)
    except ValueError:
        return
    if late and parcel.breaking:
        yield f"Release {parcel.version} of {told} may break formulas, queries or links: a person has to publish it."
    elif late:
        yield f"Release {parcel.version} of {told} is not published: the last runs of `publish` tell why."


def as_readers_get_it(address: str, latest: Path) -> Seen:
    """Whether the files under an address are those of a release; the first fault is told."""
    from jobs.releases.readers import digest

    names = [SUMS, *sorted(path.name for path in latest.iterdir() if path.name != SUMS)]
    for name in names:
        data = (latest / name).read_bytes()
        status, found = digest(f"{address}/{name}", len(data) + SPARE)
        if status is None:
            return Seen([], [f"{_code(address)} could not be reached."])
        if status != 200:
            return Seen([f"{_code(f'{address}/{name}')} answers {status}."], [])
        if found != hashlib.sha256(data).hexdigest():
            return Seen([f"{_code(f'{address}/{name}')} is not the file of the latest release."], [])
    return Seen([], [f"{_code(address)} gives its {counted(len(names), 'file')}."])


def _links(latest: Path, arguments: argparse.Namespace, day: dt.date) -> Seen:
    """The dead links among those whose turn it is."""
    from jobs.releases.readers import DEAD, asked

    links = _links_of(latest)
    turn = sample(links, day, arguments.links)
    answers = asked([link.address for link in turn])
    dead = [_dead(link, answers[link.address], arguments.sources) for link in turn if answers.get(link.address) in DEAD]
    silent = sum(1 for link in turn if answers.get(link.address) is None)
    note = f"{len(turn):,} of {counted(len(links), 'link')} followed; {silent:,} could not be reached."
    return Seen([line for line in dead if line], [note])


def _links_of(latest: Path) -> list[Link]:
    """The links of the articles of a release, if it has any."""
    file = latest / "articles.csv"
    if not file.is_file():
        return []
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = csv.DictReader(lines)
        return sorted(Link(row["url"], row["article_id"]) for row in rows if row.get("url") and row.get("article_id"))


def sample(links: Sequence[Link], day: dt.date, number: int) -> list[Link]:
    """At most so many links, others every day, until all have had their turn."""
    turns = -(-len(links) // number) if number else 0
    return list(links[day.toordinal() % turns :: turns]) if turns else []


def _dead(link: Link, status: int | None, sources: Path) -> str:
    """A line about a dead link, with its place in the sources; empty if these do not have it any more."""
    file = sources / "articles" / f"{Path(link.article_id).name}.yaml"
    place = str(file)
    if file.is_file():
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
        number = next((number for number, line in enumerate(lines, 1) if link.address in line), 0)
        if not number:
            return ""
        place += f":{number}"
    return f"{_code(place)}: {_code(link.address)} answers {status}."


def _code(text: str) -> str:
    """A text in a line of Markdown as it stands: nothing in it is a link, a mention or a command."""
    return f"`{' '.join(text.replace('`', 'ˋ').split())}`"
