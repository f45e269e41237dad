"""Files of tables that are as they were: kept where they were written, when they still are what was written there.

Beside what is kept of a source folder stands which table made which files, as digests; a file is used again only if its
bytes have the digest that it was written with.
"""

from collections.abc import Collection, Generator, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import msgspec
import pyarrow as pa

from jobs.kept.cache import Head, cache_file, code_version, open_cache, write_cache
from jobs.outputs import FORMATS, TABULAR, Edition
from jobs.pipeline import render_tables
from jobs.sources import Place
from jobs.staging import Kept, Parts

_SECTION = "files"
_decoder = msgspec.json.Decoder(dict[str, dict[str, str]])


def contents(
    tables: Mapping[str, pa.Table], formats: Collection[str], target: Path, known: Mapping[str, Mapping[str, str]]
) -> Generator[tuple[str, Parts | Kept], None, None]:
    """Every file of some formats, of CSV and Parquet if none are named; what stands in the target already is kept.

    known: table -> name of a file -> its digest, as `files_of` tells.
    """
    wanted = formats or TABULAR
    alone = known if set(wanted) <= set(TABULAR) else {}  # a description tells of all files
    whole = {table: files for table, files in alone.items() if all(f"{table}.{form}" in files for form in wanted)}
    for table, files in whole.items():
        for form in wanted:
            name = f"{table}.{form}"
            yield name, Kept(target / name, files[name], partial(_parts, form, tables, table))
    with closing(render_tables({name: tables[name] for name in tables if name not in whole}, formats)) as made:
        yield from made


def _parts(form: str, tables: Mapping[str, pa.Table], name: str) -> Parts:
    ((_, make),) = FORMATS[form](Edition({name: tables[name]}))
    return make()


def files_of(folder: Place, tables: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Table -> name of a file -> the digest that it had when it was made of this table.

    tables: table -> its digest.
    """
    known = _told(folder)
    return {table: known[digest] for table, digest in tables.items() if digest in known}


def note_files(folder: Place, sums: Mapping[str, str], tables: Mapping[str, str]) -> None:
    """Notes which files were made of tables, where this can be kept.

    sums: name of a file -> its digest; tables: table -> its digest.
    """
    told = {
        digest: {name: sums[name] for form in TABULAR if (name := f"{table}.{form}") in sums}
        for table, digest in tables.items()
    }
    known = {digest: files for digest, files in _told(folder).items() if digest in told}
    told = {digest: known.get(digest, {}) | files for digest, files in told.items()}
    if told != known:
        write_cache(_place(folder), Head(code_version(), "", "", "", {}), [(_SECTION, [msgspec.json.encode(told)])])


def _place(folder: Place) -> Path | None:
    file = cache_file(folder)
    return file.with_suffix(".files") if file else None


def _told(folder: Place) -> dict[str, dict[str, str]]:
    cached = open_cache(_place(folder))
    data = cached.section(_SECTION) if cached else None
    try:
        return _decoder.decode(data) if data else {}
    except msgspec.MsgspecError:
        return {}
