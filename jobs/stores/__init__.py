"""Stores: where releases are kept, a folder or the releases of a GitHub repository. Nothing in them is ever deleted."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from jobs import WrongUseError
from jobs.addresses import is_address
from jobs.releases.version import number

GITHUB: Final = "github:"
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,99}/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}", re.ASCII)


class StoreError(WrongUseError):
    """What a store cannot do, in one line for people."""


class BaseMovedError(StoreError):
    """The latest release is not the one that the candidate was compared with: it has to be built again."""


class Stored(NamedTuple):
    """A published release: its version, and why it is not to be used (empty if it is)."""

    version: str
    yanked: str


class Store(Protocol):
    """A place that keeps releases. Every method raises StoreError where the store refuses or cannot be reached."""

    def latest(self) -> Stored | None:
        """The newest published release that is not yanked; None if there is none."""

    def versions(self) -> list[Stored]:
        """All published releases, oldest version first."""

    def fetch(self, version: str, target: Path) -> None:
        """Puts exactly the files of a release into an empty or new folder, their digests compared."""

    def publish(self, folder: Path, base: str | None) -> None:
        """Publishes the release in a folder, all or nothing; the same release again changes nothing.

        base: the version that it was compared with. Raises BaseMovedError where the latest is another one.
        """

    def yank(self, version: str, reason: str) -> None:
        """Marks a release as not to be used; it can still be fetched."""

    def shown(self) -> str | None:
        """The version that readers of the store meet as the latest; None if it is none of ours."""

    def settle(self) -> None:
        """Finishes what a run that died has left, and publishes nothing: removes its rests, moves `latest`."""


def open_store(address: str) -> Store:
    """The store at an address: a folder, `github:OWNER/REPO`, or what fsspec opens. Raises StoreError for none."""
    if address.startswith(GITHUB):
        repository = address.removeprefix(GITHUB)
        if not _REPOSITORY.fullmatch(repository):
            raise StoreError(f"{address} is no store; a repository is named github:OWNER/REPO")
        from jobs.stores.github import open_github

        return open_github(repository)
    if is_address(address):
        from jobs.stores.objects import open_objects

        return open_objects(address)
    if not address or "\0" in address:
        raise StoreError(f"{address!r} is no store; name a folder, an address such as s3://…, or github:OWNER/REPO")
    from jobs.stores.folder import FolderStore

    return FolderStore(Path(address))


def fetch_latest(store: Store, folder: Path) -> str | None:
    """Puts the latest release into an empty or new folder and tells its version; None if there is no release.

    Raises StoreError where it cannot be fetched or is damaged.
    """
    latest = store.latest()
    if latest is None:
        return None
    store.fetch(latest.version, folder)
    return latest.version


def ordered(held: Iterable[Stored]) -> list[Stored]:
    """Releases, oldest version first."""
    return sorted(held, key=lambda stored: number(stored.version))


def newest(held: Iterable[Stored]) -> Stored | None:
    """The newest release that is not yanked; None if there is none."""
    usable = [stored for stored in ordered(held) if not stored.yanked]
    return usable[-1] if usable else None


def refuse_moved(held: Iterable[Stored], version: str, base: str | None) -> None:
    """Raises BaseMovedError where the latest release is not the base."""
    latest = newest(held)
    found = latest.version if latest else None
    if found != base:
        words = f"{version} was compared with {base or 'nothing'}, but the latest release is {found or 'none'} now"
        raise BaseMovedError(f"{words}; build it again")


def refuse_unfit(held: Iterable[Stored], version: str, base: str | None) -> None:
    """Raises BaseMovedError where the latest release is not the base, StoreError where it is not older."""
    held = list(held)
    refuse_moved(held, version, base)
    latest = newest(held)
    if latest and number(version) <= number(latest.version):
        raise StoreError(f"{version} is not newer than the latest release {latest.version}")


def sound_reason(reason: str) -> str:
    """Why a release is yanked, as one line. Raises StoreError where it is none."""
    line = " ".join(reason.split())
    if not line or not line.isprintable() or len(line) > 500:
        raise StoreError("a reason is a line of 1 to 500 letters")
    return line
