"""Our draft of a release on GitHub: made or taken up again, filled, compared, published.

A draft of ours carries a mark: the digest of its `SHA256SUMS` and the run that holds it. A run takes a draft by putting
itself into the mark; the one that had it sees that before it publishes, and stops. So nothing is deleted from a draft
that another run may still make public.
"""

import contextlib
import os
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from jobs.stores import BaseMovedError, Stored, StoreError, refuse_unfit
from jobs.stores.api import Asset, Release, Releases
from jobs.stores.http import MissingError, RefusedError, UnclearError
from jobs.stores.parcel import Parcel, digest_of

MAX_NOTES: Final = 100_000
_MARK: Final = re.compile(r"\n?^<!-- openpeel draft ([0-9a-f]{64}) ([0-9a-f]{16}) -->\r?$\n?", re.MULTILINE)
_SUMS: Final = re.compile(r"^SHA256 of `SHA256SUMS`: `([0-9a-f]{64})`\r?$", re.MULTILINE)


class Mark(NamedTuple):
    """Whose draft it is: the digest of its `SHA256SUMS`, and the run that holds it."""

    digest: str
    run: str


def mark_of(release: Release) -> Mark | None:
    """The mark of a draft of ours; None for whatever else."""
    found = _MARK.search(release.body or "") if release.draft else None
    return Mark(found[1], found[2]) if found else None


def has_sums(release: Release) -> bool:
    """Whether the notes of a release name the digest of its `SHA256SUMS`, as those of ours do."""
    return _SUMS.search(release.body or "") is not None


def tag_of(version: str) -> str:
    """The tag of a version."""
    return f"v{version}"


class Draft:
    """What one run does with drafts. Every method raises StoreError where GitHub refuses or stays unclear."""

    def __init__(self, releases: Releases, parcel: Parcel, held: Callable[[list[Release]], list[Stored]]) -> None:
        """For a release that is to be published; held: the published versions among all releases."""
        self.releases, self.parcel, self._held = releases, parcel, held
        self.patience, self._do = releases.server.patience, releases.server.patiently
        self.run = os.urandom(8).hex()
        self._asked = False

    def abandon(self, drafts: Sequence[Release]) -> None:
        """Deletes drafts that earlier runs have left; a run that still holds one is given time to see it."""
        taken = [draft.id for draft in drafts if self._take(draft) is not None]
        if taken:
            time.sleep(self.patience.rivals)
        for release in taken:
            self._discard(release)

    def begin(self, left: Release | None) -> Release:
        """A draft that this run holds: a new one, or one with the same files that an earlier run has left."""
        if left is None:
            return self._do(lambda: self.releases.create(self._fields()), self._find)
        taken = self._take(left)
        if taken is None:
            raise BaseMovedError(f"{self.parcel.version} was published or removed by another run just now")
        return taken

    def fill(self, draft: Release) -> None:
        """Sends the files that the draft lacks; what did not arrive as it should is deleted and sent again."""
        held = set()
        for asset in self.releases.assets(draft.id):
            if self._right(asset):
                held.add(asset.name)
            else:
                self._remove(draft, asset)
        for name in self.parcel.files:
            if name not in held:
                self._do(lambda name=name: self._send(draft, name), lambda name=name: self._arrived(draft, name))  # type: ignore[misc]

    def publish(self, draft: Release, base: str | None) -> Release:
        """Makes the draft public if it is whole, still ours, and the latest release still the base.

        Nothing is deleted once that has been asked for. Raises BaseMovedError.
        """

        def attempt() -> Release:
            held = self._ready(draft, base)
            if not held.draft:
                return held
            self._asked = True
            try:
                public = self.releases.change(draft.id, self._fields(public=True))
            except RefusedError:
                self._ready(draft, base)  # it tells better than GitHub why
                raise
            if public.draft:
                raise UnclearError("GitHub leaves the release a draft")
            return public

        def look() -> Release | None:
            held = self.releases.one(draft.id)
            return None if held.draft else held

        try:
            return self._do(attempt, look)
        except BaseMovedError:
            if not self._asked:
                self._discard(draft.id)
            raise

    def refuse_different(self, release: Release) -> None:
        """Raises StoreError unless a release holds exactly the files that are to be published."""
        assets = self.releases.assets(release.id)
        wrong = sorted(
            {asset.name for asset in assets if not self._right(asset)}
            | self.parcel.files.keys() - {asset.name for asset in assets}
        )
        if wrong:
            more = f" ({wrong[0]}{', …' if wrong[1:] else ''})"
            raise StoreError(f"the release {release.tag_name} holds other files than the candidate{more}")

    def _fields(self, *, public: bool = False) -> dict[str, str | bool]:
        version = self.parcel.version
        fields: dict[str, str | bool] = {"tag_name": tag_of(version), "name": f"Open PEEL {version}"}
        notes = self.parcel.notes[:MAX_NOTES] + ("…" if len(self.parcel.notes) > MAX_NOTES else "")
        body = f"{notes}\n\nSHA256 of `SHA256SUMS`: `{self.parcel.digest}`".lstrip("\n")
        if self.parcel.commit:
            fields["target_commitish"] = self.parcel.commit
        body = body if public else self._marked(body, self.parcel.digest)
        return fields | {"body": body, "draft": not public, "prerelease": False, "make_latest": "false"}

    def _marked(self, body: str, digest: str) -> str:
        return f"{body}\n<!-- openpeel draft {digest} {self.run} -->"

    def _find(self) -> Release | None:
        """The draft that this run has made, if it has."""
        made = [release for release in self.releases.all() if self._holds(release)]
        return min(made, key=lambda release: release.id, default=None)

    def _holds(self, release: Release) -> bool:
        mark = mark_of(release)
        return mark is not None and mark.run == self.run

    def _look_up(self, release: int) -> Release | None:
        try:
            return self.releases.one(release)
        except MissingError:
            return None

    def _take(self, left: Release) -> Release | None:
        """A draft of ours, now held by this run; None if it is gone or was published meanwhile (and stays so)."""
        held = self._look_up(left.id)
        mark = mark_of(held) if held else None
        if held is None or mark is None:
            return None
        bare = _MARK.sub("", held.body or "")

        def attempt() -> Release | None:
            try:
                return self.releases.change(
                    held.id, {"tag_name": held.tag_name, "body": self._marked(bare, mark.digest)}
                )
            except MissingError:
                return None

        def look() -> Release | None:
            now = self._look_up(held.id)
            return now if now and (self._holds(now) or not now.draft) else None

        taken = self._do(attempt, look)
        if taken is not None and not taken.draft:  # published in this very moment: its notes are put right
            self._do(lambda: self.releases.change(held.id, {"tag_name": held.tag_name, "body": bare}))
            return None
        return taken

    def _discard(self, release: int) -> None:
        """Deletes a draft that this run holds."""

        def settled() -> bool | None:
            held = self._look_up(release)
            return None if held is not None and self._holds(held) else True

        def attempt() -> bool:
            if settled() is None:
                self.releases.delete(release)
            return True

        self._do(attempt, settled)

    def _right(self, asset: Asset) -> bool:
        """Whether a file has arrived as it was sent."""
        due = self.parcel.files.get(asset.name)
        if due is None or asset.state != "uploaded":
            return False
        if asset.digest and asset.digest.startswith("sha256:"):
            return asset.digest == f"sha256:{due}"
        with TemporaryDirectory(prefix="openpeel-") as folder:
            path = Path(folder) / "asset"
            self._do(lambda: self.releases.download(asset, path))
            return digest_of(path) == due

    def _remove(self, draft: Release, asset: Asset) -> None:
        def attempt() -> bool:
            with contextlib.suppress(MissingError):
                self.releases.delete_asset(asset.id)
            return True

        def look() -> bool | None:
            return None if asset.id in (held.id for held in self.releases.assets(draft.id)) else True

        self._do(attempt, look)

    def _send(self, draft: Release, name: str) -> Asset:
        try:
            sent = self.releases.upload(draft, self.parcel.folder / name)
        except RefusedError as error:
            if error.status == 422:  # something has that name already
                raise UnclearError(str(error)) from None
            raise
        if sent.name != name or not self._right(sent):
            raise UnclearError(f"{name} does not arrive as it was sent")
        return sent

    def _arrived(self, draft: Release, name: str) -> Asset | None:
        """The file if it has arrived after all; half a file is deleted."""
        for asset in self.releases.assets(draft.id):
            if asset.name == name:
                if self._right(asset):
                    return asset
                self._remove(draft, asset)
        return None

    def _ready(self, draft: Release, base: str | None) -> Release:
        """The draft as it is. Raises StoreError where it must not be published."""
        self.refuse_different(draft)
        everything = self.releases.all()
        held = next((release for release in everything if release.id == draft.id), None)
        if held is None or (held.draft and not self._holds(held)):
            raise BaseMovedError(f"another run has taken the draft of {self.parcel.version}; run again")
        if not held.draft:
            return held
        refuse_unfit(self._held(everything), self.parcel.version, base)
        refuse_strangers(everything, self.parcel.version)
        for other in everything:
            mark = mark_of(other)
            if mark is None or other.id == held.id:
                continue
            if mark.run == self.run:  # a request that was thought lost has arrived after all
                if not self._asked:
                    self._discard(other.id)
            elif other.id < held.id:
                raise BaseMovedError("another run is publishing at the same time; run again")
        return held


def refuse_strangers(everything: Sequence[Release], version: str) -> None:
    """Raises StoreError where somebody else has made a release or draft with the tag of a version."""
    for release in everything:
        if release.tag_name == tag_of(version) and not mark_of(release) and (release.draft or not is_ours(release)):
            what = "a draft" if release.draft else "a release"
            raise StoreError(f"{what} with the tag {release.tag_name} was made by somebody else; it is left as it is")


def is_ours(release: Release) -> bool:
    """Whether a public release was made by a store."""
    return has_sums(release) or any(asset.name == "SHA256SUMS" for asset in release.assets)
