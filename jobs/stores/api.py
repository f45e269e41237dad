"""GitHub's interface to releases: one method a request, answers as typed values."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote, urlsplit

import msgspec

from jobs.stores import StoreError
from jobs.stores.http import BYTES, Body, MissingError, Server

T = TypeVar("T")
_PAGE: Final = {"releases": 50, "assets": 100}
"""Entries that are asked for at once. (With more releases at once, each with its files, GitHub may take too long.)"""
_PAGES: Final = 200
_READINGS: Final = 10
_HERE: Final = {"localhost", "127.0.0.1", "::1"}


class Asset(msgspec.Struct):
    """A file of a release."""

    id: int
    name: str
    state: str = "uploaded"
    digest: str | None = None
    size: int = 0
    browser_download_url: str = ""
    """Where anyone gets a file of a public release."""


class Release(msgspec.Struct):
    """A release or the draft of one."""

    id: int
    tag_name: str
    draft: bool
    body: str | None = None
    upload_url: str = ""
    assets: list[Asset] = []


Entry = TypeVar("Entry", Asset, Release)


class Releases:
    """The releases of a repository. What reads is tried again; what writes asks once and may raise UnclearError."""

    def __init__(self, server: Server, repository: str) -> None:
        """Those of `OWNER/REPO`."""
        self.server, self._path = server, f"/repos/{repository}/releases"

    def all(self) -> list[Release]:
        """All releases, also drafts where the token may see them.

        Pages shift when somebody deletes a draft between two of them, and a release would be missed: the list counts
        once it is read twice alike. Raises StoreError where it never is.
        """
        before: set[int] | None = None
        for _ in range(_READINGS):
            found = self._pages(self._path, Release)
            now = {release.id for release in found}
            if now == before:
                return found
            before = now
        raise StoreError("the list of releases changes all the time; run again")

    def one(self, release: int) -> Release:
        """A release. Raises MissingError where there is none."""
        return self.server.read(f"{self._path}/{release}", Release)

    def latest(self) -> Release | None:
        """The release that GitHub shows as the latest one."""
        try:
            return self.server.read(f"{self._path}/latest", Release)
        except MissingError:
            return None

    def assets(self, release: int) -> list[Asset]:
        """The files of a release, also those that did not arrive whole."""
        return self._pages(f"{self._path}/{release}/assets", Asset)

    def create(self, fields: Mapping[str, str | bool]) -> Release:
        """Makes a release."""
        return self._write("POST", self._path, Release, fields)

    def change(self, release: int, fields: Mapping[str, str | bool]) -> Release:
        """Changes a release."""
        return self._write("PATCH", f"{self._path}/{release}", Release, fields)

    def delete(self, release: int) -> None:
        """Deletes a release; only ever drafts of ours."""
        return self._write("DELETE", f"{self._path}/{release}", type(None))

    def delete_asset(self, asset: int) -> None:
        """Deletes a file; only ever of drafts of ours."""
        return self._write("DELETE", f"{self._path}/assets/{asset}", type(None))

    def upload(self, release: Release, path: Path) -> Asset:
        """Sends a file. Raises StoreError where it would go to another server than the one we know."""
        address = release.upload_url.partition("{")[0]
        if not beside(self.server.base, address):
            raise StoreError(f"{self.server.base} sends uploads to {address!r}, which is not its own server")
        with path.open("rb") as file:
            body = Body(file, BYTES, os.fstat(file.fileno()).st_size)
            return self.server.once("POST", f"{address}?name={quote(path.name, safe='')}", Asset, body)

    def download(self, asset: Asset, path: Path) -> None:
        """Writes a file of a release into a new one. Raises UnclearError, RefusedError, MissingError."""
        with path.open("wb") as file:
            self.server.download(f"{self.server.base}{self._path}/assets/{asset.id}", asset.size, file)

    def is_open(self, asset: Asset) -> bool:
        """Whether a file says where anyone gets it, at a server that belongs to the one we know."""
        return beside(self.server.base, asset.browser_download_url, "")

    def download_openly(self, asset: Asset, path: Path) -> None:
        """The same from where anyone gets it: without the token, and GitHub does not count it as a request.

        Raises UnclearError, RefusedError, MissingError.
        """
        with path.open("wb") as file:
            self.server.download(asset.browser_download_url, asset.size, file, openly=True)

    def _write(self, method: str, path: str, kind: type[T], fields: Mapping[str, str | bool] | None = None) -> T:
        data = msgspec.json.encode(fields) if fields else b""
        body = Body(data, "application/json", len(data)) if fields else None
        return self.server.once(method, self.server.base + path, kind, body)

    def _pages(self, path: str, kind: type[Entry]) -> list[Entry]:
        """All entries of a list, each once; pages are asked for until one brings nothing new."""
        found: dict[int, Entry] = {}
        many: Any = list[kind]  # type: ignore[valid-type]
        size = _PAGE[path.rpartition("/")[2]]
        for page in range(1, _PAGES + 1):
            entries: list[Entry] = self.server.read(f"{path}?per_page={size}&page={page}", many)
            fresh = {entry.id: entry for entry in entries if entry.id not in found}
            if not fresh:
                break
            found |= fresh
        return list(found.values())


def beside(base: str, address: str, room: str = "uploads.") -> bool:
    """Whether an address belongs to a server: its own name, or `uploads.` (or another room) in place of `api.`."""
    try:
        own, other = urlsplit(base), urlsplit(address)
    except ValueError:
        return False
    name = own.hostname or ""
    names = {name, f"{room}{name}", f"{room}{name.removeprefix('api.')}"}
    names |= _HERE if name in _HERE else set()
    return other.hostname in names and other.scheme in (own.scheme, "https") and "@" not in other.netloc
