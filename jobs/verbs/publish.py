"""openpeel publish: a candidate becomes a release, all or nothing; or what an earlier run left open is finished."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.verbs import say
from jobs.verbs.common import add_store, counted

if TYPE_CHECKING:
    from jobs.stores import Store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_store(parser)
    words = "the release that is to be published (default: dist/candidate)"
    parser.add_argument("--candidate", type=Path, default=Path("dist/candidate"), metavar="DIR", help=words)
    words = "nobody looks at this run: refuse what may break formulas, queries or links of readers"
    parser.add_argument("--scheduled", action="store_true", help=words)
    words = "publish nothing; finish what a run that died has left: its drafts, a latest that has not moved"
    parser.add_argument("--settle", action="store_true", help=words)


def run(arguments: argparse.Namespace) -> int:
    """Publishes; 0 if it is public now (or was before) or waits for a person, 1 if the candidate has faults.

    Raises StoreError where the store refuses it or the folder holds no release.
    """
    from jobs.releases.verify import verify_folder
    from jobs.stores import open_store
    from jobs.stores.parcel import read_parcel

    store = open_store(arguments.store)
    if arguments.settle:
        return _settle(store, arguments.store)
    parcel = read_parcel(arguments.candidate)
    faults = verify_folder(arguments.candidate)
    if faults:
        for fault in faults:
            sys.stdout.write(fault + "\n")
        say(f"{arguments.candidate}: {counted(len(faults), 'fault')}; nothing is published")
        return 1
    there = parcel.version in (stored.version for stored in store.versions())
    if arguments.scheduled and parcel.breaking and not there:
        why = f"{parcel.version} may break formulas, queries or links of readers (CHANGELOG.md tells how)"
        say(f"{why}; a scheduled run does not publish that. {arguments.candidate} is left for a person, latest stays")
        return _settle(store, arguments.store)
    store.publish(arguments.candidate, parcel.previous)
    done = "was published already, with the same files" if there else "is published"
    say(f"{parcel.version} {done}: {arguments.store}")
    return 0


def _settle(store: "Store", address: str) -> int:
    """Finishes what is left open in a store; 0."""
    store.settle()
    latest = store.latest()
    say(f"nothing is left open; latest is {latest.version if latest else 'none'}: {address}")
    return 0
