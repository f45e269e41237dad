"""Who holds a draft on GitHub: a draft of ours names the digest of its `SHA256SUMS` and the run that holds it.

A run takes a draft by putting itself into the mark; the one that had it sees that before it publishes, and stops. A
draft is deleted only by the run that holds it, some time after it was taken, and looked at right before: GitHub deletes
without conditions, so a run that stands still for longer than `Patience.rivals` between its last look and its request
to publish could lose its draft. Nothing that was public at the last look is ever deleted.
"""

import os
import re
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from jobs.stores.api import Release, Releases
from jobs.stores.http import MissingError

_MARK: Final = re.compile(r"\n?^<!-- openpeel draft ([0-9a-f]{64}) ([0-9a-f]{16}) -->\r?$\n?", re.MULTILINE)


class Mark(NamedTuple):
    """Whose draft it is: the digest of its `SHA256SUMS`, and the run that holds it."""

    digest: str
    run: str


def mark_of(release: Release) -> Mark | None:
    """The mark of a draft of ours; None for whatever else."""
    found = _MARK.search(release.body or "") if release.draft else None
    return Mark(found[1], found[2]) if found else None


def left_among(everything: Sequence[Release]) -> list[Release]:
    """The drafts of ours, oldest first."""
    return sorted((release for release in everything if mark_of(release)), key=lambda release: release.id)


class Holder:
    """A run that holds drafts. Every method raises StoreError where GitHub refuses or stays unclear."""

    def __init__(self, releases: Releases) -> None:
        """A run of its own, among the releases of a repository."""
        self.releases = releases
        self.patience, self._do = releases.server.patience, releases.server.patiently
        self.run = os.urandom(8).hex()

    def holds(self, release: Release) -> bool:
        """Whether it is a draft that this run holds."""
        mark = mark_of(release)
        return mark is not None and mark.run == self.run

    def marked(self, body: str, digest: str) -> str:
        """Notes with the mark of this run."""
        return f"{body}\n<!-- openpeel draft {digest} {self.run} -->"

    def take(self, left: Release) -> Release | None:
        """A draft of ours, now held by this run; None if it is gone or was published meanwhile (and stays so)."""
        held = self._look_up(left.id)
        mark = mark_of(held) if held else None
        if held is None or mark is None:
            return None
        bare = _MARK.sub("", held.body or "")
        fields = {"tag_name": held.tag_name, "body": self.marked(bare, mark.digest)}

        def attempt() -> Release | None:
            try:
                return self.releases.change(held.id, fields)
            except MissingError:
                return None

        def look() -> Release | None:
            now = self._look_up(held.id)
            return now if now and (self.holds(now) or not now.draft) else None

        taken = self._do(attempt, look)
        if taken is not None and not taken.draft:  # published in this very moment: its notes are put right
            self._do(lambda: self.releases.change(held.id, {"tag_name": held.tag_name, "body": bare}))
            return None
        return taken

    def discard(self, release: int) -> None:
        """Deletes a draft that this run holds; nothing if it holds it no more."""

        def settled() -> bool | None:
            held = self._look_up(release)
            return None if held is not None and self.holds(held) else True

        def attempt() -> bool:
            if settled() is None:
                self.releases.delete(release)
            return True

        self._do(attempt, settled)

    def abandon(self, drafts: Sequence[Release]) -> None:
        """Deletes drafts that earlier runs have left; a run that still holds one is given time to see it."""
        taken = [draft.id for draft in drafts if self.take(draft) is not None]
        if taken:
            time.sleep(self.patience.rivals)
        for release in taken:
            self.discard(release)

    def _look_up(self, release: int) -> Release | None:
        try:
            return self.releases.one(release)
        except MissingError:
            return None
