"""A folder -> what is wrong with it as a release. It needs nothing but the release itself, and trusts none of it."""

import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from jobs.contents import loaded
from jobs.problems import escaped, shown
from jobs.releases.about import About
from jobs.releases.cells import differing, digest, keys
from jobs.releases.content import CHANGES, Column, Declared
from jobs.releases.load import ABOUT, MAX_FILE, UnsoundError, about_of, load, read_table
from jobs.releases.rules import BUMPS, MAJOR, worst
from jobs.releases.version import bumped, number
from jobs.sources import StoredFile
from jobs.staging import SUMS

MAX_TOTAL: Final = 2**32
"""Bytes of all files together."""
MAX_FILES: Final = 1_000
MAX_LIST: Final = 2**20
_ALWAYS: Final = (ABOUT, "CHANGELOG.md")
_SHOWN: Final = 20
"""Faults of one kind that are told one by one."""
_LINE = re.compile(r"([0-9a-f]{64})  ([A-Za-z0-9_-][A-Za-z0-9._-]{0,199})", re.ASCII)
_FLAGS: Final = {"true_values": ["TRUE"], "false_values": ["FALSE"]}
_BLOCK: Final = 2**24
"""Bytes of a CSV file that are read at a time; a row is shorter."""


def verify_folder(folder: Path) -> list[str]:
    """Everything that is wrong, each in a line; empty for a sound release."""
    try:
        return list(_files(folder)) or list(_about(folder, about_of(folder)))
    except UnsoundError as error:
        return [str(error)]
    except OSError as error:
        return [f"{folder}: {error.strerror or error}"]


def _files(folder: Path) -> Iterator[str]:
    """Exactly the files that the checksums list, regular ones, each with its digest."""
    if not folder.is_dir():
        yield f"{folder} is not a folder"
        return
    sums = loaded(StoredFile(str(folder / SUMS), MAX_LIST))
    if isinstance(sums, OSError):
        yield f"{SUMS}: {sums.strerror}"
        return
    listed = _listed(sums)
    if listed is None:
        yield f"{SUMS} is not a list of checksums, sorted by name, each once"
        return
    with os.scandir(folder) as entries:
        found = {entry.name: entry.stat(follow_symlinks=False) for entry in islice(entries, MAX_FILES + 1)}
    yield from _few(f"{name} is listed in {SUMS} and not there" for name in sorted(listed.keys() - found.keys()))
    strays = sorted(found.keys() - listed.keys() - {SUMS})
    yield from _few(f"{shown(name)} is not listed in {SUMS}" for name in strays)
    if sum(found[name].st_size for name in listed.keys() & found.keys()) > MAX_TOTAL:
        yield f"its files have more than {MAX_TOTAL:,} bytes"
        return
    yield from _few(_changed(folder, {name: listed[name] for name in sorted(listed) if name in found}, found))


def _changed(folder: Path, listed: Mapping[str, str], found: Mapping[str, os.stat_result]) -> Iterator[str]:
    for name, due in listed.items():
        if not stat.S_ISREG(found[name].st_mode):
            yield f"{name} is not a regular file"
            continue
        data = loaded(StoredFile(str(folder / name), MAX_FILE))
        if isinstance(data, OSError):
            yield f"{name}: {data.strerror}"
        elif hashlib.sha256(data).hexdigest() != due:
            yield f"{name} does not have the digest that {SUMS} lists"


def _few(faults: Iterable[str]) -> Iterator[str]:
    """The first of many faults, and how many more there are."""
    number = 0
    for number, fault in enumerate(faults, 1):
        if number <= _SHOWN:
            yield fault
    if number > _SHOWN:
        yield f"… and {number - _SHOWN:,} more of this kind"


def _listed(data: bytes) -> dict[str, str] | None:
    """Name -> digest; None where the list is cut, not sorted or not a list."""
    lines = data.decode("ascii", errors="replace").split("\n")
    if lines[-1] or len(lines) > MAX_FILES:
        return None
    matches = [match for line in lines[:-1] if (match := _LINE.fullmatch(line))]
    names = [match.group(2) for match in matches]
    if len(names) < len(lines) - 1 or names != sorted(set(names)) or SUMS in names or set(_ALWAYS) - set(names):
        return None
    return {match.group(2): match.group(1) for match in matches}


def _about(folder: Path, about: About) -> Iterator[str]:
    """The tables as `release.json` declares them: types, keys, constraints, references, digests, equal formats."""
    yield from (f"{ABOUT}: {fault}" for fault in _version(about))
    tables: dict[str, pa.Table] = {}
    for name, told in about.tables.items():
        try:
            _refuse_swollen(folder, name, told.rows)
            table = read_table(folder, told.declared, told.rows)
        except (UnsoundError, OSError) as error:
            yield str(error)
            continue
        tables[name] = table
        faults = list(_table(table, told.declared))
        yield from (f"{name}{fault}" for fault in faults)
        if not faults and (len(table), digest(table, told.declared.key)) != (told.rows, told.digest):
            yield f"{name}: rows or digest are not those that {ABOUT} tells"
        yield from _same_csv(folder, name, table, told.declared)
    for name in tables:
        yield from _references(about.tables[name].declared, tables)


def _version(about: About) -> Iterator[str]:
    """What it says of its version, from its findings alone."""
    if (about.previous is None) != (about.bump == "FIRST") or (about.previous is None and about.findings):
        yield "a first release follows none and has no findings; any other follows one"
    elif about.previous is not None:
        if BUMPS.index(about.bump) < BUMPS.index(worst(finding.bump for finding in about.findings)):
            yield f"{about.bump} is less than its findings ask for"
        if number(about.version) < bumped(number(about.previous), about.bump):
            yield f"{about.version} is not the version that follows {about.previous} by {about.bump}"
    if about.breaking != (about.bump == MAJOR):
        yield "whether it breaks anything is not what its bump says"


def _refuse_swollen(folder: Path, name: str, rows: int) -> None:
    """Raises UnsoundError where a small file may hold very many rows: each is a line in CSV, too."""
    path = folder / f"{name}.csv"
    if rows > path.stat().st_size:
        raise UnsoundError(f"{path} cannot have {rows:,} rows")


def _table(table: pa.Table, declared: Declared) -> Iterator[str]:
    named = keys(table, declared.key)
    if named.null_count or pc.count_distinct(named).as_py() != len(named):
        yield ": the primary key is empty or repeats"
    for column in declared.columns:
        yield from (f".{column.name}: {fault}" for fault in _column(table[column.name], column))


def _column(values: pa.ChunkedArray, column: Column) -> Iterator[str]:
    filled = values.drop_null()
    if values.null_count and not column.nullable:
        yield "an empty cell where a value is due"
    if not len(filled):
        return
    if column.unique and pc.count_distinct(filled).as_py() != len(filled):
        yield "a value repeats"
    if column.values and not pc.all(pc.is_in(filled, value_set=pa.array(list(column.values), filled.type))).as_py():
        yield "a code that its list does not have"
    if column.least is not None and not pc.min(filled).as_py() >= column.least:
        yield f"less than {column.least}"
    if column.pattern and not column.values:
        try:
            if not pc.all(pc.match_substring_regex(filled, column.pattern)).as_py():
                yield "a text of another form than declared"
        except pa.ArrowException:
            yield "its declared form is none"


def _references(declared: Declared, tables: Mapping[str, pa.Table]) -> Iterator[str]:
    for column in declared.columns:
        table, _, key = column.references.partition(".")
        if not column.references:
            continue
        if table not in tables or key not in tables[table].column_names:
            yield f"{declared.name}.{column.name} refers to {column.references}, which is not there"
            continue
        values, known = tables[declared.name][column.name].drop_null(), tables[table][key].combine_chunks()
        if values.type != known.type or (len(values) and not pc.all(pc.is_in(values, value_set=known)).as_py()):
            yield f"{declared.name}.{column.name}: a value that is not in {column.references}"


def _same_csv(folder: Path, name: str, table: pa.Table, declared: Declared) -> Iterator[str]:
    """The CSV file has the same cells, read with nothing but the declared types."""
    data = loaded(StoredFile(str(folder / f"{name}.csv"), MAX_FILE))
    if isinstance(data, OSError):
        yield f"{name}.csv: {data.strerror}"
        return
    types = {column.name: table.schema.field(column.name).type for column in declared.columns}
    options = pv.ConvertOptions(
        column_types=types, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=False, **_FLAGS
    )
    try:
        str(data, "utf-8")
        read = pv.read_csv(pa.BufferReader(data), pv.ReadOptions(block_size=_BLOCK), convert_options=options)
    except (pa.ArrowException, ValueError, MemoryError) as error:
        yield f"{name}.csv cannot be read: {escaped(str(error).splitlines()[0])[:120]}"
        return
    same = read.column_names == table.column_names and len(read) == len(table)
    if not same or any(pc.any(differing(read[c], table[c])).as_py() for c in table.column_names):
        yield f"{name}.csv does not have the cells of {name}.parquet"


def verify_changes(folder: Path, before: Path) -> list[str]:
    """What is wrong with the changes of a sound release, given the sound release that it follows."""
    from jobs.describe import arrow_schema
    from jobs.releases.changes import CELLS, applied, changes_table
    from jobs.releases.reasons import NO_REASONS

    about, old, new = about_of(folder), load(before), load(folder)
    if about.previous != old.version:
        return [f"it follows {about.previous}, not {old.version}"]
    changes = read_table(folder, about.tables[CHANGES].declared, about.tables[CHANGES].rows)
    due_types = {(field.name, field.type) for field in arrow_schema(CHANGES) if field.name in CELLS}
    if not due_types <= {(field.name, field.type) for field in changes.schema}:
        return [f"{CHANGES} does not tell what stood and stands in a cell"]
    made = applied(old, changes, new.declared)
    faults = [
        f"{CHANGES}: applied to {old.version} they do not give the table {name}"
        for name, table in new.tables.items()
        if digest(made[name], new.declared[name].key) != digest(table, new.declared[name].key)
    ]
    due = changes_table(old, new, NO_REASONS).select(CELLS)
    if not faults and digest(changes.select(CELLS), CELLS[:3]) != digest(due, CELLS[:3]):
        return [f"{CHANGES} are not exactly the cells that differ from {old.version}"]
    return faults
