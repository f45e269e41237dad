"""openpeel yank: marks a release as not to be used. Nothing is deleted: who needs it can still fetch it."""

import argparse

from jobs.verbs import say
from jobs.verbs.common import add_store


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("version", metavar="VERSION", help="the release, such as 1.4.2")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why, in one line; readers will see it")
    add_store(parser)


def run(arguments: argparse.Namespace) -> int:
    """Yanks; 0 if done. Raises StoreError where there is no such release."""
    from jobs.stores import open_store

    store = open_store(arguments.store)
    store.yank(arguments.version, arguments.reason)
    latest = store.latest()
    say(f"{arguments.version} is yanked; latest is {latest.version if latest else 'none'} now: {arguments.store}")
    return 0
