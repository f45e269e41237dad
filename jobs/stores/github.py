"""The releases of a GitHub repository: tag `vVERSION`, one asset a file. A yanked one says so in its first line.

What counts are the public releases; which of them GitHub calls the latest follows from them.
"""

import contextlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jobs.releases.version import parsed
from jobs.staging import SUMS
from jobs.stores import Stored, StoreError, newest, ordered, refuse_moved, refuse_unfit, sound_reason
from jobs.stores.api import Asset, Release, Releases
from jobs.stores.drafts import Draft, is_ours, refuse_strangers, tag_of
from jobs.stores.http import Patience, Server, UnclearError
from jobs.stores.marks import Holder, left_among, mark_of
from jobs.stores.parcel import Parcel, digest_of, empty_folder, read_list, read_parcel, refuse_others

HOME: Final = "https://api.github.com"
_FAILURES: Final = 3
_YANKED: Final = re.compile(r"YANKED: ([^\r\n]+)(?:\r?\n)*")


def open_github(repository: str) -> "GitHubStore":
    """The store of `OWNER/REPO`, with server and token from `GITHUB_API_URL` and `GITHUB_TOKEN`.

    Raises StoreError where these cannot be.
    """
    base, token = os.environ.get("GITHUB_API_URL", ""), os.environ.get("GITHUB_TOKEN", "")
    return GitHubStore(Releases(Server(base.strip() or HOME, token.strip(), Patience()), repository))


class GitHubStore:
    """Releases on GitHub. Whatever is unclear is settled by looking; nothing public is ever deleted."""

    def __init__(self, releases: Releases) -> None:
        """Those of a repository."""
        self.releases = releases
        self._do = releases.server.patiently
        self._met: dict[str, Release] = {}
        """Version -> public release, as it was when releases were listed last; its number never changes."""
        self._failures = 0
        """Of downloads from where readers get files."""

    def latest(self) -> Stored | None:
        """The newest public release that is not yanked; None if there is none."""
        return newest(self.versions())

    def versions(self) -> list[Stored]:
        """All public releases of ours, oldest version first."""
        self._met = _public(self.releases.all())
        return _stored(self._met.values())

    def fetch(self, version: str, target: Path) -> None:
        """Puts exactly the files of a release into an empty or new folder.

        Raises StoreError where there is no such release or it is damaged; the folder is empty then.
        """
        release = self._met.get(version) or self._public(version)
        assets = {asset.name: asset for asset in self.releases.assets(release.id)}
        if SUMS not in assets:
            raise StoreError(f"the release {release.tag_name} has no {SUMS}")
        with empty_folder(target):
            self._get(assets[SUMS], target / SUMS, "")
            listed, _ = read_list(target)
            refuse_others(f"the release {release.tag_name}", assets, listed)
            for name, digest in listed.items():
                self._get(assets[name], target / name, digest)
            if read_parcel(target).version != version:
                raise StoreError(f"the release {release.tag_name} holds another version")

    def publish(self, folder: Path, base: str | None) -> None:
        """Publishes the release in a folder, all or nothing; the same release again changes nothing public.

        Raises BaseMovedError where the latest is not `base`, or another run publishes at the same time; StoreError
        where the version is there with other contents, or somebody else uses its tag.
        """
        self._refuse_without_token()
        parcel = read_parcel(folder)
        everything = self.releases.all()
        refuse_strangers(everything, parcel.version)
        draft, left = Draft(self.releases, parcel, _stored), left_among(everything)
        public = _public(everything).get(parcel.version)
        if public:
            self._refuse_different(draft, public, everything, base)
            draft.abandon(left)
        else:
            public = self._add(draft, parcel, left, everything, base)
        self._move_latest(public, f"{parcel.version} is published")

    def yank(self, version: str, reason: str) -> None:
        """Marks a release as not to be used. Raises StoreError where there is none of that version."""
        line = f"YANKED: {sound_reason(reason)}"
        self._refuse_without_token()
        release = self._public(version)
        if (release.body or "").splitlines()[:1] != [line]:
            body = f"{line}\n\n{_YANKED.sub('', release.body or '', count=1) if _why(release) else release.body or ''}"
            fields: dict[str, str | bool] = {"tag_name": release.tag_name, "body": body, "make_latest": "false"}

            def look() -> Release | None:
                held = self.releases.one(release.id)
                return held if (held.body or "").splitlines()[:1] == [line] else None

            release = self._do(lambda: self.releases.change(release.id, fields), look)
        self._move_latest(release, f"{version} is yanked")

    def shown(self) -> str | None:
        """The version that GitHub shows as the latest; None if it is none of ours."""
        latest = self.releases.latest()
        return next(iter(_public([latest])), None) if latest else None

    def settle(self) -> None:
        """Finishes what a run that died has left: deletes its drafts, lets GitHub show the newest as the latest."""
        self._refuse_without_token()
        Holder(self.releases).abandon(left_among(self.releases.all()))
        self._move_latest(None, "nothing was published")

    def _add(
        self, draft: Draft, parcel: Parcel, left: list[Release], everything: list[Release], base: str | None
    ) -> Release:
        refuse_unfit(_stored(everything), parcel.version, base)
        same = [old for old in left if old.tag_name == tag_of(parcel.version) and _digest(old) == parcel.digest]
        draft.abandon([old for old in left if old not in same[:1]])
        begun = draft.begin(same[0] if same else None)
        draft.fill(begun)
        return draft.publish(begun, base)

    def _refuse_different(self, draft: Draft, public: Release, everything: list[Release], base: str | None) -> None:
        try:
            draft.refuse_different(public)
        except StoreError as error:
            refuse_moved(_stored(everything), draft.parcel.version, base)
            raise StoreError(f"{error}; a version is never used twice") from None

    def _refuse_without_token(self) -> None:
        if not self.releases.server.trusted:
            raise StoreError("GITHUB_TOKEN is not set: without it nothing can be published")

    def _public(self, version: str) -> Release:
        release = _public(self.releases.all()).get(version)
        if release is None:
            raise StoreError(f"the store has no release {version}")
        return release

    def _get(self, asset: Asset, path: Path, digest: str) -> None:
        """Downloads a file until it has its digest, or that which GitHub tells."""
        due = {digest, (asset.digest or "").removeprefix("sha256:")} - {""}

        def attempt() -> bool:
            if due and self._get_openly(asset, path, due):
                return True
            self.releases.download(asset, path)
            if due - {digest_of(path)}:
                raise UnclearError(f"{asset.name} arrives damaged")
            return True

        self._do(attempt)

    def _get_openly(self, asset: Asset, path: Path, due: set[str]) -> bool:
        """Downloads a file as readers do, which no limit of requests counts; False where that fails.

        It is tried no more after some failures: of a private repository nobody gets files that way.
        """
        if self._failures == _FAILURES or not self.releases.is_open(asset):
            return False
        with contextlib.suppress(StoreError, UnclearError):
            self.releases.download_openly(asset, path)
            if due == {digest_of(path)}:
                return True
        self._failures += 1
        return False

    def _move_latest(self, known: Release | None, done: str) -> None:
        """Lets GitHub show the newest release as the latest; once more if a newer one has come meanwhile.

        known: a release as it is now, in case lists still show it as it was.
        """
        moved = None
        try:
            for _ in range(self.releases.server.patience.tries):
                held = _public([*self.releases.all(), *([known] if known else [])])
                stored = newest(_stored(held.values()))
                best = held[stored.version].id if stored else None
                if best is None or best == moved or self._is_latest(best):
                    return
                self._point(best, held[stored.version].tag_name if stored else "")
                moved = best
        except StoreError as error:
            raise StoreError(f"{done}, but it is not sure that latest has moved: {error}") from error
        raise StoreError(f"{done}, but others move latest all the time; run the same again")

    def _point(self, release: int, tag: str) -> None:
        def look() -> bool | None:
            return True if self._is_latest(release) else None

        def attempt() -> bool:
            self.releases.change(release, {"tag_name": tag, "make_latest": "true"})
            return True

        self._do(attempt, look)

    def _is_latest(self, release: int) -> bool:
        latest = self.releases.latest()
        return latest is not None and latest.id == release


def _public(releases: Iterable[Release]) -> dict[str, Release]:
    """Version -> public release of ours; of a release that comes twice the last counts."""
    tagged = ((release.tag_name.removeprefix("v"), release) for release in releases if not release.draft)
    return {v: held for v, held in tagged if parsed(v) and tag_of(v) == held.tag_name and is_ours(held)}


def _stored(releases: Iterable[Release]) -> list[Stored]:
    return ordered(Stored(version, _why(release)) for version, release in _public(releases).items())


def _why(release: Release) -> str:
    """Why a release is yanked; empty if it is not."""
    found = _YANKED.match(release.body or "")
    return found[1].strip() if found else ""


def _digest(release: Release) -> str:
    mark = mark_of(release)
    return mark.digest if mark else ""
