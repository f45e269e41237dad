"""What earlier runs found out, in a file outside the project; what is not whole and ours is as if it were not there.

One file a source folder, and two smaller ones beside it (`jobs.kept.files`, `jobs.kept.index`), under
`$XDG_CACHE_HOME/openpeel` (`~/.cache/openpeel`), never in the project, where a contribution of a stranger could bring
it along. A file is a head, which says by which code and for which code lists it was made, and sections, each sealed by
its sha256; it is read into memory before it is looked at, so that nobody can change or cut it under our hands. Nothing
in it is code: a head is JSON, a section is Arrow's, JSON, MessagePack or plain numbers.
"""

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Final
from weakref import finalize

import msgspec
import pyarrow as pa

from jobs.coded import encoded, plain, plain_schema
from jobs.kept.code import code_version

MAGIC: Final = b"openpeel cache 1\n"
MOST_FILES: Final = 24
MOST_BYTES: Final = 4_000_000_000
"""Of all files together; the oldest go first."""
TABLE: Final = "table "
"""What the name of a section begins with that holds a published table."""
LISTS: Final = "lists"
"""The name of the section with the code lists, as they were read."""
DECISIONS: Final = "decisions"
"""That of the one with what was decided."""
ROWS: Final = "rows"
"""The name of the section that tells how many rows each published table has."""
TOLD: Final = "told"
"""That of the one with what there is to say of the published tables."""
BATCH: Final = 8_192
"""Rows of a table that are read together; all batches but the last one have so many."""
_LARGEST_HEAD: Final = 16_000_000


class Section(msgspec.Struct, frozen=True):
    """A part of a file: where it begins, how many bytes it has, and their sha256."""

    start: int
    size: int
    sha256: str


class Head(msgspec.Struct, frozen=True):
    """For what a file was made: version of the code, digests of code lists and decisions, day, and its sections."""

    version: str
    lists: str = ""
    decisions: str = ""
    day: str = ""
    sections: dict[str, Section] = {}


class Cached:
    """An opened file whose head is sound; sections are read and proved when they are asked for."""

    def __init__(self, head: Head, handle: int, start: int) -> None:
        """The head, the open file and where its sections begin."""
        self.head, self._handle, self._start = head, handle, start
        self.close = finalize(self, os.close, handle)
        """Closes the file; it is closed at the latest when nobody has this any more."""

    def has(self, name: str) -> bool:
        """Whether there is a section of that name."""
        return name in self.head.sections

    def section(self, name: str) -> bytes | None:
        """The bytes of a section; None if there is none or it is not what it was."""
        section = self.head.sections.get(name)
        if section is None:
            return None
        try:
            data = os.pread(self._handle, section.size, self._start + section.start)
        except (OSError, OverflowError, ValueError, MemoryError):
            return None
        return data if hashlib.sha256(data).hexdigest() == section.sha256 else None

    def table(self, name: str, schema: pa.Schema) -> pa.Table | None:
        """A table of that schema; None if there is none or it is not sound."""
        data = self.section(name)
        return None if data is None else table_in(data, schema)


def table_in(data: bytes, schema: pa.Schema) -> pa.Table | None:
    """The table in the bytes of a section; None if it is not sound."""
    try:
        with pa.ipc.open_file(pa.BufferReader(data)) as file:
            table = pa.Table.from_batches([file.get_batch(number) for number in range(file.num_record_batches)], schema)
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, KeyError, MemoryError):
        return None
    return table


def table_bytes(table: pa.Table) -> memoryview:
    """A table without dictionaries as a section."""
    pieces = (plain(table.slice(start, BATCH)) for start in range(0, len(table), BATCH))  # a whole copy would be large
    return _ipc(plain_schema(table.schema), pieces)


def coded_bytes(table: pa.Table) -> memoryview:
    """A table as a section, its texts as dictionaries."""
    columns = [column if pa.types.is_integer(column.type) else encoded(column) for column in table.columns]
    coded = pa.table(columns, table.column_names)
    return _ipc(coded.schema, [coded])


def _ipc(schema: pa.Schema, tables: Iterable[pa.Table]) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        for table in tables:
            writer.write_table(table.combine_chunks())
    return memoryview(sink.getvalue())


def lists_digest(codelists: Mapping[str, tuple[str, bytes]]) -> str:
    """A digest of the code lists of a source folder."""
    digest = hashlib.sha256()
    for name, (_, data) in sorted(codelists.items()):
        digest.update(f"{name} {len(data)} ".encode() + hashlib.sha256(data).digest())
    return digest.hexdigest()


def cache_file(sources: object, kind: str = ".cache") -> Path | None:
    """Where what is found out about a source folder or address is kept; None where there is no home for it.

    kind: what the names of such files end in.
    """
    folder = cache_folder()
    if folder is None:
        return None
    place = sources.absolute() if isinstance(sources, Path) else sources
    return folder / f"{hashlib.sha256(os.fsencode(f'{code_version()} {place}')).hexdigest()[:32]}{kind}"


def cache_folder() -> Path | None:
    """The folder that `OPENPEEL_CACHE` names, otherwise `openpeel` in `$XDG_CACHE_HOME` or `~/.cache`.

    None where the path is not absolute, so that `OPENPEEL_CACHE=` turns all this off.
    """
    named = os.environ.get("OPENPEEL_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    folder = (base if base.is_absolute() else Path("~/.cache").expanduser()) / "openpeel"
    folder = folder if named is None else Path(named)
    return folder if folder.is_absolute() else None


def open_cache(path: Path | None) -> Cached | None:
    """The file, if it is one of ours, by this code, and its head is whole."""
    if path is None or not _private(path.parent):
        return None
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        found = _opened(handle)
    except (OSError, ValueError, MemoryError, OverflowError):
        found = None
    if found is None:
        os.close(handle)
    return found


def _opened(handle: int) -> Cached | None:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        return None
    before = len(MAGIC) + 32 + 8
    start = os.pread(handle, before, 0)
    size = int.from_bytes(start[-8:], "big")
    if len(start) < before or not start.startswith(MAGIC) or size > _LARGEST_HEAD:
        return None
    data = os.pread(handle, size, before)
    if hashlib.sha256(data).digest() != start[len(MAGIC) : -8]:
        return None
    head = msgspec.json.decode(data, type=Head)
    if head.version != code_version() or any(s.start < 0 or s.size < 0 for s in head.sections.values()):
        return None
    return Cached(head, handle, before + size)


def write_cache(
    path: Path | None, head: Head, sections: Iterable[tuple[str, Collection[bytes | memoryview]]]
) -> Head | None:
    """Puts a file in its place at once and returns its head, or leaves all as it was. head: without sections."""
    if path is None:
        return None
    parts: list[bytes | memoryview] = []
    told: dict[str, Section] = {}
    end = 0
    for name, pieces in sections:
        digest, size = hashlib.sha256(), 0
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
        told[name] = Section(end, size, digest.hexdigest())
        parts += pieces
        end += size
    head = msgspec.structs.replace(head, sections=told)
    data = msgspec.json.encode(head)
    start = MAGIC + hashlib.sha256(data).digest() + len(data).to_bytes(8, "big") + data
    aside = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _private(path.parent):
            return None
        try:
            _write(aside, [start, *parts])
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)
        _prune(path.parent)
    except OSError:
        return None
    return head


def table_digests(head: Head) -> dict[str, str]:
    """Table -> its digest, of all that are kept."""
    return {name.removeprefix(TABLE): part.sha256 for name, part in head.sections.items() if name.startswith(TABLE)}


def _write(path: Path, parts: Iterable[bytes | memoryview]) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.writelines(parts)


def _private(folder: Path) -> bool:
    """Whether a folder is one that nobody else writes to."""
    try:
        status = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _prune(folder: Path) -> None:
    """Removes the oldest files until the others are few and small enough."""
    with os.scandir(folder) as entries:
        found = [(entry.stat(follow_symlinks=False), entry) for entry in entries]
    total = 0
    newest_first = sorted(found, key=lambda each: each[0].st_mtime_ns, reverse=True)
    for number, (status, entry) in enumerate(newest_first):
        total += status.st_size
        if (number >= MOST_FILES or total > MOST_BYTES) and number and stat.S_ISREG(status.st_mode):
            Path(entry.path).unlink(missing_ok=True)
