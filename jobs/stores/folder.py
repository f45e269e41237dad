"""A folder with one folder a release. `latest` is a link to the newest that is not yanked, moved in one step."""

import contextlib
import errno
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from jobs.releases.version import parsed
from jobs.staging import SUMS, lock_folder, publish_folder, sweep
from jobs.stores import Stored, StoreError, newest, ordered, refuse_moved, refuse_unfit, sound_reason
from jobs.stores.parcel import ABOUT, Parcel, compare_names, empty_folder, parts, read_list, read_parcel, small

LATEST: Final = "latest"
YANKED: Final = "yanked.json"
_ASIDE: Final = ".openpeel-next"
"""Where a new `latest` or `yanked.json` is made."""
_NO_LINKS: Final = (errno.EPERM, errno.ENOSYS, errno.ENOTSUP)
_PATIENCE: Final = 60.0
"""Seconds that a run waits for another one."""


class FolderStore:
    """Releases in a folder. What counts are its folders and `yanked.json`; `latest` follows from them."""

    def __init__(self, root: Path) -> None:
        """A store that is made by its first release."""
        self.root = root

    def latest(self) -> Stored | None:
        """The newest release that is not yanked; None if there is none."""
        return newest(self.versions())

    def versions(self) -> list[Stored]:
        """All releases, oldest first. Raises StoreError where something has a version's name and is no release."""
        try:
            with os.scandir(self.root) as entries:
                names = [entry.name for entry in entries if parsed(entry.name)]
        except FileNotFoundError:
            return []
        except NotADirectoryError:
            raise StoreError(f"{self.root} is not a folder") from None
        yanked = self._yanked()
        for name in names:
            self._refuse_half(self.root / name)
        return ordered(Stored(name, yanked.get(name, "")) for name in names)

    def fetch(self, version: str, target: Path) -> None:
        """Puts exactly the files of a release into an empty or new folder.

        Raises StoreError where there is no such release or it is damaged; the folder is empty then.
        """
        if version not in (stored.version for stored in self.versions()):
            raise StoreError(f"{self.root} has no release {version}")
        source = self.root / version
        with empty_folder(target):
            listed, digest = read_list(source)
            compare_names(source, listed)
            for name in (*listed, SUMS):
                with (target / name).open("xb") as file:
                    file.writelines(parts(source / name))
            found = read_parcel(target)
            if (found.digest, found.version) != (digest, version):
                raise StoreError(f"{source} is not the release {version}")

    def publish(self, folder: Path, base: str | None) -> None:
        """Publishes the release in a folder, all or nothing; the same release again changes nothing.

        Raises BaseMovedError where the latest is not `base`, StoreError where the version is there with other
        contents, OSError where the disk refuses.
        """
        parcel = read_parcel(folder)
        with self._alone():
            held = self.versions()
            if parcel.version in (stored.version for stored in held):
                self._refuse_different(parcel, held, base)
            else:
                refuse_unfit(held, parcel.version, base)
                self._add(parcel)
            self._move_latest(f"{parcel.version} is published")

    def yank(self, version: str, reason: str) -> None:
        """Marks a release as not to be used. Raises StoreError where there is none of that version."""
        line = sound_reason(reason)
        if not self.root.is_dir():
            raise StoreError(f"{self.root} has no release {version}")
        with self._alone():
            if version not in (stored.version for stored in self.versions()):
                raise StoreError(f"{self.root} has no release {version}")
            yanked = dict(sorted((self._yanked() | {version: line}).items()))
            text = json.dumps(yanked, ensure_ascii=False, indent=1) + "\n"
            self._replace(YANKED, lambda aside: _write(aside, text))
            self._move_latest(f"{version} is yanked")

    def shown(self) -> str | None:
        """The version that `latest` names; None where it names none."""
        path = self.root / LATEST
        try:
            named = str(path.readlink()) if path.is_symlink() else small(path).decode().strip()
        except (OSError, StoreError, UnicodeDecodeError):
            return None
        return named if parsed(named) else None

    def settle(self) -> None:
        """Finishes what a run that died has left: removes its rests, lets `latest` name the newest release."""
        if self.root.exists():
            with self._alone():
                self._move_latest("nothing was published")

    def _add(self, parcel: Parcel) -> None:
        def inspect(stage: Path) -> None:
            if read_parcel(stage).digest != parcel.digest:
                raise StoreError(f"{parcel.folder} changed while it was read")

        files = ((name, parts(parcel.folder / name)) for name in parcel.sums)
        publish_folder(self.root / parcel.version, files, inspect)

    def _refuse_different(self, parcel: Parcel, held: list[Stored], base: str | None) -> None:
        """Raises StoreError unless the release that is there has the same contents and is whole."""
        there = self.root / parcel.version
        if read_list(there)[1] != parcel.digest:
            refuse_moved(held, parcel.version, base)
            raise StoreError(f"{there} is published with other contents; a version is never used twice")
        read_parcel(there)

    def _refuse_half(self, path: Path) -> None:
        if path.is_symlink() or not path.is_dir():
            raise StoreError(f"{path} has the name of a release and is not a folder; move it away")
        if not (path / SUMS).is_file() or not (path / ABOUT).is_file():
            raise StoreError(f"{path} has the name of a release and is none; move it away")

    def _yanked(self) -> dict[str, str]:
        path = self.root / YANKED
        try:
            yanked = json.loads(small(path))
        except FileNotFoundError:
            return {}
        except (ValueError, RecursionError):
            yanked = None
        sound = isinstance(yanked, dict)
        if not sound or any(not parsed(v) or not isinstance(r, str) or not r for v, r in yanked.items()):
            raise StoreError(f"{path} is not a list of yanked versions with their reasons")
        return dict(yanked)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """The only run that changes the store. Raises StoreError where another one does not come to an end."""
        self.root.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _lock(handle, self.root)
            latest = self.root / LATEST
            if latest.is_dir() and not latest.is_symlink():
                raise StoreError(f"{latest} is a folder, not a link to the latest release; move it away")
            (self.root / _ASIDE).unlink(missing_ok=True)
            sweep(self.root)
            yield
        finally:
            os.close(handle)

    def _move_latest(self, done: str) -> None:
        """Lets `latest` name the newest release; where links cannot be made it is a file with the version."""
        path, latest = self.root / LATEST, self.latest()
        if latest and path.is_symlink() and path.readlink() == Path(latest.version):
            return
        try:
            if latest:
                version = latest.version
                self._replace(LATEST, lambda aside: _link(aside, version))
            elif path.is_symlink() or path.is_file():
                path.unlink()
        except OSError as error:
            why = error.strerror or error
            raise StoreError(f"{done}, but {path} could not be moved ({why}); run the same again") from error

    def _replace(self, name: str, make: Callable[[Path], None]) -> None:
        """Makes a file or link aside and puts it in its place with one step."""
        aside = self.root / _ASIDE
        try:
            make(aside)
            aside.replace(self.root / name)
        finally:
            aside.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # it is the new one already
            _flush(self.root)


def _lock(handle: int, root: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            lock_folder(handle, root)
        except BlockingIOError:
            if time.monotonic() > end:
                raise StoreError(f"{root}: another run is at work; wait for it and run again") from None
            time.sleep(0.05)
        else:
            return


def _link(aside: Path, version: str) -> None:
    try:
        aside.symlink_to(version)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write(aside, version + "\n")


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o644)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
