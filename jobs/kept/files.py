"""Files of tables that are as they were: kept where they were written, when they still are what was written there.

Beside what is kept of a source folder stands which table made which files, as digests, and what the system told of the
files then; a file is used again only if that is still the same, or else if its bytes have the digest.
"""

import os
import tempfile
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pyarrow as pa

from jobs.ahead import ahead
from jobs.contents import Status, status_of
from jobs.entries import Place
from jobs.kept.cache import Head, cache_file, open_cache, write_cache
from jobs.kept.code import code_version
from jobs.kept.pieces import Pieces, Standing, measured, piecewise
from jobs.kept.tables import KeptTables
from jobs.outputs import FORMATS, TABULAR, Edition
from jobs.pipeline import render_tables
from jobs.staging import Kept, Parts

_KIND: Final = ".files"
_SECTION: Final = "files"
_LOOKS: Final = 10
_PAUSE: Final = 0.003
"""How often, and how many seconds apart, it is looked whether files are at rest: most clocks move on every few."""


class Noted(msgspec.Struct, frozen=True):
    """Digest of a table -> name of a file -> its digest; name of a file -> what the system told of it, at rest, and
    what a CSV file is made of."""

    digests: dict[str, dict[str, str]] = {}
    told: dict[str, Status] = {}
    pieces: dict[str, Pieces] = {}


_decoder = msgspec.json.Decoder(Noted)


class Files(NamedTuple):
    """Table -> name of a file -> the digest that it had when it was made of this table; name of a file -> its status,
    at rest; name of a CSV file -> what it is made of."""

    digests: Mapping[str, Mapping[str, str]] = {}
    told: Mapping[str, Status] = {}
    pieces: Mapping[str, Pieces] = {}


class Written(NamedTuple):
    """The files that a run has made: the digest of each, its status before anybody else could put another one in its
    place, and what CSV files are made of."""

    sums: Mapping[str, str]
    statuses: Mapping[str, Status]
    pieces: Mapping[str, Pieces]


def contents(
    tables: Mapping[str, pa.Table], formats: Collection[str], target: Path, known: Files, made: dict[str, Pieces]
) -> Generator[tuple[str, Parts | Kept], None, None]:
    """Every file of some formats, of CSV and Parquet if none are named; what stands in the target already is kept.

    made: is told what CSV files are made of, while their parts are taken.
    """
    wanted = formats or TABULAR
    alone = set(wanted) <= set(TABULAR)  # a description tells of all files
    digests = known.digests if alone else {}
    whole = {table: files for table, files in digests.items() if all(f"{table}.{form}" in files for form in wanted)}
    for table, files in whole.items():
        for form in wanted:
            name = f"{table}.{form}"
            yield name, Kept(target / name, files[name], partial(_parts, form, tables, table), known.told.get(name, ()))
    left = [name for name in tables if name not in whole]
    made |= {f"{name}.csv": Pieces() for name in left}
    if alone and isinstance(tables, KeptTables):
        yield from _changed(tables, left, wanted, target, known, made)
        return
    with closing(render_tables({name: tables[name] for name in left}, formats)) as rendered:
        for name, parts in rendered:
            yield name, measured(parts, made[name]) if name in made else parts


def _changed(
    tables: KeptTables,
    names: Collection[str],
    formats: Collection[str],
    target: Path,
    known: Files,
    made: Mapping[str, Pieces],
) -> Iterator[tuple[str, Parts]]:
    """The files of tables that have hardly changed, the lines of CSV taken from those that stand in the target.

    These take whoever writes them little time, in which others are made.
    """
    forms = [form for form in formats if form != "csv"]
    things = ((f"{name}.{form}", partial(_parts, form, tables, name)) for name in names for form in forms)
    with closing(ahead(things)) as others:
        begun = next(others, None)
        for name in names if "csv" in formats else ():
            yield f"{name}.csv", _lines(tables, name, target, known, made[f"{name}.csv"])
        yield from [begun] if begun else []
        yield from others


def _lines(tables: KeptTables, table: str, target: Path, known: Files, made: Pieces) -> Parts:
    name, made.digest = f"{table}.csv", tables.digests()[table]
    before = known.pieces.get(name, Pieces())
    standing = Standing(target / name, before if before.digest == made.digest else Pieces(), known.told.get(name, ()))
    yield from piecewise(tables.spliced(table), standing, made)


def _parts(form: str, tables: Mapping[str, pa.Table], name: str) -> Parts:
    ((_, make),) = FORMATS[form](Edition({name: tables[name]}))
    return make()


def files_of(folder: Place, tables: Mapping[str, str]) -> Files:
    """The files that were made of tables; tables: table -> its digest."""
    known = _told(folder)
    digests = {name: known.digests[digest] for name, digest in tables.items() if digest in known.digests}
    return Files(digests, known.told, known.pieces)


def note_files(folder: Place, written: Written, tables: Mapping[str, str], target: Path) -> None:
    """Notes which files were made of tables and stand in the target now, where this can be kept.

    tables: table -> its digest. Another run may have put other files in their places since.
    """
    before, sums = _told(folder), written.sums
    told = {
        digest: {name: sums[name] for form in TABULAR if (name := f"{table}.{form}") in sums}
        for table, digest in tables.items()
    }
    known = {digest: files for digest, files in before.digests.items() if digest in told}
    told = {digest: known.get(digest, {}) | files for digest, files in told.items()}
    pieces = _pieces(before.pieces, written, tables)
    found = _at_rest(target, sorted({*pieces, *(name for files in told.values() for name in files)} & sums.keys()))
    ours = {name: status for name, status in found.items() if status[:-1] == written.statuses.get(name, ())[:-1]}
    noted = Noted(told, ours, pieces)  # the last, of any change, moved on with the folder that they had been in before
    write_cache(cache_file(folder, _KIND), Head(code_version()), [(_SECTION, [msgspec.json.encode(noted)])])


def _pieces(before: Mapping[str, Pieces], written: Written, tables: Mapping[str, str]) -> dict[str, Pieces]:
    """What the CSV files in the target are made of: those that were made now, and those that were kept."""
    found: dict[str, Pieces] = {}
    for name in written.sums:
        table = tables.get(name.removesuffix(".csv"), "")
        new, old = written.pieces.get(name), before.get(name)
        if new and (new.digest or table):
            found[name] = msgspec.structs.replace(new, digest=new.digest or table)
        elif not new and old and old.digest == table:
            found[name] = old
    return found


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
