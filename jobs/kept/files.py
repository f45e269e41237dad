"""Files of tables that are as they were: kept where they were written, when they still are what was written there.

Beside what is kept of a source folder stands which table made which files, as digests, and what the system told of the
files then; a file is used again only if that is still the same, or else if its bytes have the digest.
"""

import os
import tempfile
import time
from collections.abc import Collection, Generator, Iterable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa

from jobs.contents import Status, status_of
from jobs.entries import Place
from jobs.kept.cache import Head, cache_file, open_cache, write_cache
from jobs.kept.code import code_version
from jobs.outputs import FORMATS, TABULAR, Edition
from jobs.pipeline import render_tables
from jobs.staging import Kept, Parts

_KIND: Final = ".files"
_SECTION: Final = "files"
_LOOKS: Final = 10
_PAUSE: Final = 0.003
"""How often, and how many seconds apart, it is looked whether files are at rest: most clocks move on every few."""


class Noted(msgspec.Struct, frozen=True):
    """Digest of a table -> name of a file -> its digest; name of a file -> what the system told of it, at rest."""

    digests: dict[str, dict[str, str]] = {}
    told: dict[str, Status] = {}


_decoder = msgspec.json.Decoder(Noted)


class Files(NamedTuple):
    """Table -> name of a file -> the digest that it had when it was made of this table; name -> its status, at rest."""

    digests: Mapping[str, Mapping[str, str]] = {}
    told: Mapping[str, Status] = {}


def contents(
    tables: Mapping[str, pa.Table], formats: Collection[str], target: Path, known: "Files"
) -> Generator[tuple[str, Parts | Kept], None, None]:
    """Every file of some formats, of CSV and Parquet if none are named; what stands in the target already is kept."""
    wanted = formats or TABULAR
    alone = known.digests if set(wanted) <= set(TABULAR) else {}  # a description tells of all files
    whole = {table: files for table, files in alone.items() if all(f"{table}.{form}" in files for form in wanted)}
    for table, files in whole.items():
        for form in wanted:
            name = f"{table}.{form}"
            yield name, Kept(target / name, files[name], partial(_parts, form, tables, table), known.told.get(name, ()))
    with closing(render_tables({name: tables[name] for name in tables if name not in whole}, formats)) as made:
        yield from made


def _parts(form: str, tables: Mapping[str, pa.Table], name: str) -> Parts:
    ((_, make),) = FORMATS[form](Edition({name: tables[name]}))
    return make()


def files_of(folder: Place, tables: Mapping[str, str]) -> Files:
    """The files that were made of tables; tables: table -> its digest."""
    known = _told(folder)
    return Files(
        {name: known.digests[digest] for name, digest in tables.items() if digest in known.digests}, known.told
    )


def note_files(
    folder: Place, sums: Mapping[str, str], tables: Mapping[str, str], target: Path, written: Mapping[str, Status]
) -> None:
    """Notes which files were made of tables and stand in the target now, where this can be kept.

    sums: name of a file -> its digest; tables: table -> its digest; written: name of a file -> its status when it was
    written. Another run may have put other files in their places since.
    """
    told = {
        digest: {name: sums[name] for form in TABULAR if (name := f"{table}.{form}") in sums}
        for table, digest in tables.items()
    }
    known = {digest: files for digest, files in _told(folder).digests.items() if digest in told}
    told = {digest: known.get(digest, {}) | files for digest, files in told.items()}
    found = _at_rest(target, sorted({name for files in told.values() for name in files} & sums.keys()))
    ours = {name: status for name, status in found.items() if status[:-1] == written.get(name, ())[:-1]}
    noted = Noted(told, ours)  # the last, of any change, moved on with the folder that they had been in before
    write_cache(cache_file(folder, _KIND), Head(code_version()), [(_SECTION, [msgspec.json.encode(noted)])])


def _at_rest(folder: Path, names: Iterable[str]) -> dict[str, Status]:
    """The status of files in a folder, from which each change from now on will differ; nothing where that is not sure.

    The clock of the file system, which may count coarsely, must have moved on since they changed last.
    """
    try:
        for _ in range(_LOOKS):
            found = {name: status_of((folder / name).lstat()) for name in names}
            with tempfile.TemporaryFile(dir=folder.parent) as file:
                now = os.fstat(file.fileno()).st_ctime_ns
            if all(max(status[-2:]) < now for status in found.values()):
                return found
            time.sleep(_PAUSE)
    except OSError:
        pass
    return {}


def _told(folder: Place) -> Noted:
    cached = open_cache(cache_file(folder, _KIND))
    data = cached.section(_SECTION) if cached else None
    try:
        return _decoder.decode(data) if data else Noted()
    except msgspec.MsgspecError:
        return Noted()
