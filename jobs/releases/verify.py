"""A folder -> what is wrong with it as a release. It needs nothing but the release itself, and trusts none of it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv

from jobs.contents import StoredFile, loaded
from jobs.problems import escaped
from jobs.releases.about import About, Told
from jobs.releases.cells import differing, digest, distinct, keys, whole
from jobs.releases.content import CHANGES, Column, Content, Declared
from jobs.releases.load import ABOUT, MAX_FILE, UnsoundError, about_of, content_of, load, read_table
from jobs.releases.rules import BUMPS, MAJOR, worst
from jobs.releases.sums import AT_ONCE, files_of
from jobs.releases.version import bumped, number

_FLAGS: Final = {"true_values": ["TRUE"], "false_values": ["FALSE"]}
_BLOCK: Final = 2**24
"""Bytes of a CSV file that are read at a time; a row is shorter."""


class Seen(NamedTuple):
    """A folder that was looked at: what is wrong, each in a line; of a sound release what it says, and its tables."""

    folder: Path
    faults: list[str]
    about: About | None = None
    tables: Mapping[str, pa.Table] = {}


def verify_folder(folder: Path) -> list[str]:
    """Everything that is wrong, each in a line; empty for a sound release."""
    return seen(folder).faults


def seen(folder: Path) -> Seen:
    """The same, with what was read on the way, so that a sound release is read once."""
    try:
        files = files_of(folder)
        if files.faults:
            return Seen(folder, files.faults)
        about = about_of(folder)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            looked = threads.map(partial(_look, folder), about.tables, about.tables.values())
            looks = dict(zip(about.tables, looked, strict=True))
    except UnsoundError as error:
        return Seen(folder, [str(error)])
    except OSError as error:
        return Seen(folder, [f"{folder}: {error.strerror or error}"])
    tables = {name: table for name, (table, _) in looks.items() if table is not None}
    faults = [f"{ABOUT}: {fault}" for fault in _version(about)]
    faults += [fault for _, found in looks.values() for fault in found]
    faults += [fault for name in tables for fault in _references(about.tables[name].declared, tables)]
    return Seen(folder, faults, about, tables)


def _look(folder: Path, name: str, told: Told) -> tuple[pa.Table | None, list[str]]:
    """A table and its faults, as `release.json` declares it: types, key, constraints, digest, the same in CSV."""
    try:
        table = read_table(folder, told.declared, told.rows)
    except (UnsoundError, OSError) as error:
        return None, [str(error)]
    faults = [f"{name}{fault}" for fault in _table(table, told.declared)]
    if not faults and (len(table), digest(table, told.declared.key)) != (told.rows, told.digest):
        faults.append(f"{name}: rows or digest are not those that {ABOUT} tells")
    return table, [*faults, *_same_csv(folder, name, table, told.declared)]


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


def _table(table: pa.Table, declared: Declared) -> Iterator[str]:
    sound = distinct(keys(table, declared.key))
    if not sound:
        yield ": the primary key is empty or repeats"
    for column in declared.columns:
        known = sound and declared.key == (column.name,)
        yield from (f".{column.name}: {fault}" for fault in _column(table[column.name], column, known))


def _column(values: pa.ChunkedArray, column: Column, distinct_: bool) -> Iterator[str]:
    """distinct_: whether it is known that none of its values repeats."""
    filled = values.drop_null()
    if values.null_count and not column.nullable:
        yield "an empty cell where a value is due"
    if not len(filled):
        return
    if column.unique and not distinct_ and not distinct(whole(filled)):
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
        read = pv.read_csv(pa.BufferReader(data), pv.ReadOptions(block_size=_BLOCK), convert_options=options)
        same = read.column_names == table.column_names and len(read) == len(table)
    except (pa.ArrowException, ValueError, MemoryError) as error:
        yield f"{name}.csv cannot be read: {escaped(str(error).splitlines()[0])[:120]}"
        return
    if not same or not all(_equal(read[c], table[c]) for c in table.column_names):
        yield f"{name}.csv does not have the cells of {name}.parquet"


def _equal(one: pa.ChunkedArray, other: pa.ChunkedArray) -> bool:
    return one.equals(other) or not pc.any(differing(one, other)).as_py()


def verify_changes(folder: Path, before: Path) -> list[str]:
    """What is wrong with the changes of a sound release, given the sound release that it follows."""
    about = about_of(folder)
    changes = read_table(folder, about.tables[CHANGES].declared, about.tables[CHANGES].rows)
    later = Seen(folder, [], about, {**load(folder).tables, CHANGES: changes})
    return changes_between(Seen(before, [], about_of(before), load(before).tables), later)


def _said(side: Seen) -> About:
    """What a sound release says of itself. Raises UnsoundError where it is not sound."""
    if side.about is None:
        raise UnsoundError(f"{side.folder} is not a sound release")
    return side.about


def _content(side: Seen) -> Content:
    return content_of(side.folder, _said(side), side.tables)


def changes_between(earlier: Seen, later: Seen) -> list[str]:
    """The same of two sound releases that were looked at. Raises UnsoundError where one is not sound."""
    from jobs.releases.changes import CELL_TYPES, CELLS, applied, differing_cells

    old, new = _content(earlier), _content(later)
    told = _said(later)
    if told.previous != old.version:
        return [f"it follows {told.previous}, not {old.version}"]
    changes = later.tables[CHANGES]
    if not CELL_TYPES.items() <= {(field.name, field.type) for field in changes.schema}:
        return [f"{CHANGES} does not tell what stood and stands in a cell"]
    due = differing_cells(old, new)
    if digest(changes.select(CELLS), CELLS[:3]) == digest(due, CELLS[:3]):
        return []  # applied to the old tables, what differs gives the new ones
    made = applied(old, changes, new.declared)
    faults = [
        f"{CHANGES}: applied to {old.version} they do not give the table {name}"
        for name, table in new.tables.items()
        if digest(made[name], new.declared[name].key) != digest(table, new.declared[name].key)
    ]
    return faults or [f"{CHANGES} are not exactly the cells that differ from {old.version}"]
