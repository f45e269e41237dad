"""Releases at an address such as `s3://bucket/releases`, where nothing can be renamed and nothing is ever deleted.

The files of a release go into a folder of their own, named by version and content, and are read back. Public is what
the record says (`jobs/stores/record.py`): one small note, made in one request where there was none, makes a release
public as a whole. `latest.json`, for readers, follows from the record and is replaced only as it was read. What a run
that died has left is in a folder that no note names; the same run again goes on with it.
"""

import json
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from jobs.addresses import AddressError, place_of
from jobs.releases.version import parsed
from jobs.staging import SUMS
from jobs.stores import Store, Stored, StoreError, newest, refuse_moved, refuse_unfit, sound_reason
from jobs.stores.bucket import Bucket
from jobs.stores.parcel import Parcel, digest_of, empty_folder, read_list, read_parcel, refuse_others
from jobs.stores.record import MAX_NOTE, Record, folder_of, numbers, pointer, published, read_record, yanked

RECORD: Final = "record"
LATEST: Final = "latest.json"
TRIES: Final = 20
"""That other runs may be faster."""

AT_ONCE: Final = 8
"""Files that are sent or fetched at the same time."""

_Made = TypeVar("_Made")


def open_objects(address: str) -> Store:
    """The store at an address. Raises StoreError where the address is none or cannot be used."""
    from jobs.stores.folder import FolderStore

    try:
        place = place_of(address)
        return FolderStore(place) if isinstance(place, Path) else ObjectStore(address)
    except AddressError as error:
        raise StoreError(str(error)) from None


class ObjectStore:
    """Releases as objects. Whatever is unclear is settled by reading the record."""

    def __init__(self, address: str) -> None:
        """The store at an address; it is made by its first release. Raises StoreError where the address is none."""
        self.address, self.bucket = address, Bucket(address)

    def latest(self) -> Stored | None:
        """The newest release that is not yanked; None if there is none."""
        return newest(self.versions())

    def versions(self) -> list[Stored]:
        """All releases, oldest version first. Raises StoreError where the record is not sound."""
        return self._record().stored

    def fetch(self, version: str, target: Path) -> None:
        """Puts exactly the files of a release into an empty or new folder.

        Raises StoreError where there is no such release or it is damaged; the folder is empty then.
        """
        digest = self._record().digests.get(version)
        if digest is None:
            raise StoreError(f"{self.address} has no release {version}")
        with empty_folder(target):
            self._fetch(folder_of(version, digest), digest, target)
            if read_parcel(target).version != version:
                raise StoreError(f"{self.address}: the release {version} holds another version")

    def publish(self, folder: Path, base: str | None) -> None:
        """Publishes the release in a folder, all or nothing; the same release again changes nothing.

        Raises BaseMovedError where the latest is not `base`, StoreError where the version is there with other contents
        or the store cannot be reached; whatever it was, the next run finishes.
        """
        parcel = read_parcel(folder)
        record = self._record()
        if parcel.version in record.digests:
            self._refuse_different(parcel, record, base)
            self._prove(parcel)
        else:
            self.bucket.refuse_without_conditions()
            refuse_unfit(record.stored, parcel.version, base)
            self._upload(parcel)
            self._note(published(parcel.version, parcel.digest), lambda found: self._fits(parcel, found, base))
        self._move_latest(f"{parcel.version} is published")

    def yank(self, version: str, reason: str) -> None:
        """Marks a release as not to be used. Raises StoreError where there is none of that version."""
        line = sound_reason(reason)
        self.bucket.refuse_without_conditions()

        def fits(record: Record) -> bool:
            if version not in record.digests:
                raise StoreError(f"{self.address} has no release {version}")
            return record.yanked.get(version) != line

        self._note(yanked(version, line), fits)
        self._move_latest(f"{version} is yanked")

    def shown(self) -> str | None:
        """The version that `latest.json` names, or the record where the store has none; None if it names none."""
        if not self.bucket.tells_tags:
            latest = self.latest()
            return latest.version if latest else None
        try:
            version = json.loads(self._pointer()).get("version")
        except (ValueError, AttributeError, RecursionError):
            return None
        return version if isinstance(version, str) and parsed(version) else None

    def settle(self) -> None:
        """Finishes what a run that died has left: lets `latest.json` name the newest release."""
        if self._record().notes:
            self._move_latest("nothing was published")

    def _record(self) -> Record:
        number = numbers(self.bucket.sizes(RECORD))
        return read_record(self.bucket.read(RECORD, [f"{note:08}.json" for note in range(1, number + 1)], MAX_NOTE))

    def _pointer(self) -> bytes:
        return self.bucket.read("", [LATEST], MAX_NOTE)[0] if LATEST in self.bucket.sizes("") else b"{}"

    def _fits(self, parcel: Parcel, record: Record, base: str | None) -> bool:
        """Whether the release is still to be noted. Raises StoreError where another one has come first."""
        if parcel.version not in record.digests:
            refuse_unfit(record.stored, parcel.version, base)
            return True
        self._refuse_different(parcel, record, base)
        return False

    def _refuse_different(self, parcel: Parcel, record: Record, base: str | None) -> None:
        if record.digests[parcel.version] != parcel.digest:
            refuse_moved(record.stored, parcel.version, base)
            words = "is published with other contents; a version is never used twice"
            raise StoreError(f"{parcel.version} {words}: {self.address}")

    def _note(self, data: bytes, wanted: Callable[[Record], bool]) -> None:
        """Makes a note under the next number, for as long as the record lets it be wanted."""
        for _ in range(TRIES):
            record = self._record()
            if not wanted(record):
                return
            self.bucket.create(f"{RECORD}/{record.next}", data)  # by whom it was made the record tells
        raise StoreError(f"{self.address}: others write all the time; run the same again")

    def _upload(self, parcel: Parcel) -> None:
        """Sends the files that are not there, reads all back, and sees whether the store keeps to conditions."""
        folder = folder_of(parcel.version, parcel.digest)
        sizes = self.bucket.sizes(folder)
        self._send(parcel, [name for name in parcel.files if sizes.get(name) != (parcel.folder / name).stat().st_size])
        self._prove(parcel, self._send)
        if self.bucket.create(f"{folder}/{SUMS}", (parcel.folder / SUMS).read_bytes()):
            raise StoreError(f"{self.address} replaces what must stay: it cannot keep two runs apart")

    def _send(self, parcel: Parcel, names: Iterable[str]) -> None:
        folder = folder_of(parcel.version, parcel.digest)
        _at_once(lambda name: self.bucket.put(parcel.folder / name, f"{folder}/{name}"), names)

    def _prove(self, parcel: Parcel, mend: Callable[[Parcel, list[str]], None] | None = None) -> None:
        """Raises StoreError unless the files of a release are there as they should be, after they were mended."""
        folder = folder_of(parcel.version, parcel.digest)
        wrong = self._damaged(parcel)
        if wrong and mend:
            mend(parcel, wrong)
            wrong = self._damaged(parcel)
        if wrong:
            raise StoreError(f"{self.address}: {folder}/{wrong[0]} is damaged, or changed while it was read")
        refuse_others(f"{self.address}: {folder}", self.bucket.sizes(folder), parcel.sums)

    def _damaged(self, parcel: Parcel) -> list[str]:
        folder = folder_of(parcel.version, parcel.digest)
        with TemporaryDirectory(prefix="openpeel-") as aside:

            def right(name: str) -> bool:
                self.bucket.get(f"{folder}/{name}", Path(aside) / name)
                same = digest_of(Path(aside) / name) == parcel.files[name]
                (Path(aside) / name).unlink()
                return same

            return [name for name, same in zip(parcel.files, _at_once(right, parcel.files), strict=True) if not same]

    def _fetch(self, folder: str, digest: str, target: Path) -> None:
        held = self.bucket.sizes(folder)
        if SUMS not in held:
            raise StoreError(f"{self.address}: {folder} has no {SUMS}")
        self.bucket.get(f"{folder}/{SUMS}", target / SUMS)
        listed, found = read_list(target)
        if found != digest:
            raise StoreError(f"{self.address}: {folder} is not the release that was published")
        refuse_others(f"{self.address}: {folder}", held, listed)
        _at_once(lambda name: self.bucket.get(f"{folder}/{name}", target / name), listed)

    def _move_latest(self, done: str) -> None:
        """Lets `latest.json` name the newest release, once more if it was replaced meanwhile.

        It is looked at before the record: so whoever replaces it as it was has not seen less than it says.
        """
        if not self.bucket.tells_tags:
            return
        try:
            for _ in range(TRIES):
                tag = self.bucket.tag(LATEST)
                record = self._record()
                latest = newest(record.stored)
                data = pointer(latest.version, record.digests[latest.version]) if latest else pointer()
                if tag and self.bucket.read("", [LATEST], MAX_NOTE) == [data]:
                    return
                self.bucket.replace(LATEST, data, tag)
        except StoreError as error:
            raise StoreError(f"{done}, but it is not sure that {LATEST} has moved: {error}") from error
        raise StoreError(f"{done}, but others move {LATEST} all the time; run the same again")


def _at_once(act: Callable[[str], _Made], names: Iterable[str]) -> list[_Made]:
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(act, names))
