"""openpeel verify: whether a release is whole and says the truth about itself."""

import argparse
import os
import sys
import tempfile
from pathlib import Path

from jobs import WrongUseError
from jobs.staging import SUMS
from jobs.verbs import say
from jobs.verbs.common import counted
from schemas.optional import pandas_unseen


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    words = "a folder with a release, or a store (its latest), or STORE@VERSION"
    parser.add_argument("target", metavar="TARGET", help=words)
    words = "the release before, to see whether the changes are those between the two (default: that of the store)"
    parser.add_argument("--before", default="", metavar="RELEASE", help=words)


def run(arguments: argparse.Namespace) -> int:
    """Prints everything that is wrong; 0 if nothing is, 1 if something is."""
    pandas_unseen()
    from jobs.releases.load import ABOUT
    from jobs.verbs.diff import release_at

    target = Path(arguments.target)
    with tempfile.TemporaryDirectory(prefix="openpeel-") as folder:
        if not any(os.path.lexists(target / name) for name in (ABOUT, SUMS)):
            target = release_at(arguments.target, Path(folder) / "release")
        wrong = verified(target, arguments.before, arguments.target, Path(folder) / "before")
    for line in wrong:
        sys.stdout.write(line + "\n")
    say(f"{arguments.target}: {counted(len(wrong), 'fault') if wrong else 'sound'}")
    return 1 if wrong else 0


def verified(target: Path, before: str, address: str, folder: Path) -> list[str]:
    """What is wrong with a release; with the release before, where that can be reached, also with its changes.

    Raises WrongUseError where `before` is named and is no release.
    """
    from jobs.releases.verify import changes_between, seen
    from jobs.verbs.diff import release_at

    release = seen(target)
    previous = release.about.previous if release.about and not release.faults else None
    if previous is None:
        return release.faults
    earlier = release_at(before, folder) if before else _beside(target, address, previous, folder)
    if earlier is None:
        say(f"the release before, {previous}, is not at hand: its changes are not looked at")
        return []
    base = seen(earlier, release)
    return [f"{previous}: {fault}" for fault in base.faults] or changes_between(base, release)


def _beside(target: Path, address: str, previous: str, folder: Path) -> Path | None:
    """The release before another one, in the same store; None where it cannot be reached."""
    from jobs.verbs.diff import parted, release_at

    near = target.resolve().parent / previous
    if (near / SUMS).is_file():
        return near
    if target == Path(address):
        return None
    try:
        return release_at(f"{parted(address)[0]}@{previous}", folder)
    except WrongUseError:
        return None
