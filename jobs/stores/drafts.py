"""Our draft of a release on GitHub: made or taken up again, filled, compared, published. Whose it is, `marks` tells."""

import contextlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from jobs.stores import BaseMovedError, Stored, StoreError, refuse_unfit
from jobs.stores.api import Asset, Release, Releases
from jobs.stores.http import MissingError, RefusedError, UnclearError
from jobs.stores.marks import Holder, mark_of
from jobs.stores.parcel import Parcel, digest_of

MAX_NOTES: Final = 100_000
_SUMS: Final = re.compile(r"^SHA256 of `SHA256SUMS`: `([0-9a-f]{64})`\r?$", re.MULTILINE)


def has_sums(release: Release) -> bool:
    """Whether the notes of a release name the digest of its `SHA256SUMS`, as those of ours do."""
    return _SUMS.search(release.body or "") is not None


def tag_of(version: str) -> str:
    """The tag of a version."""
    return f"v{version}"


class Draft(Holder):
    """What one run does with a draft. Every method raises StoreError where GitHub refuses or stays unclear."""

    def __init__(self, releases: Releases, parcel: Parcel, held: Callable[[list[Release]], list[Stored]]) -> None:
        """For a release that is to be published; held: the published versions among all releases."""
        super().__init__(releases)
        self.parcel, self._held = parcel, held
        self._asked = False

    def begin(self, left: Release | None) -> Release:
        """A draft that this run holds: a new one, or one with the same files that an earlier run has left."""
        if left is None:
            return self._do(lambda: self.releases.create(self._fields()), self._find)
        taken = self.take(left)
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
                self.discard(draft.id)
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
        body = body if public else self.marked(body, self.parcel.digest)
        return fields | {"body": body, "draft": not public, "prerelease": False, "make_latest": "false"}

    def _find(self) -> Release | None:
        """The draft that this run has made, if it has."""
        made = [release for release in self.releases.all() if self.holds(release)]
        return min(made, key=lambda release: release.id, default=None)

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
        if held is None or (held.draft and not self.holds(held)):
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
                    self.discard(other.id)
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
