"""A folder -> what is wrong with it as a release. It needs nothing but the release itself, and trusts none of it."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa

from jobs.releases.about import About, Told
from jobs.releases.cells import digest, keys, plain_table
from jobs.releases.content import CHANGES, Content
from jobs.releases.load import ABOUT, UnsoundError, about_of, content_of, packed_table
from jobs.releases.promises import broken_promises, broken_references
from jobs.releases.rules import BUMPS, MAJOR, worst
from jobs.releases.same_csv import csv_faults
from jobs.releases.sums import AT_ONCE, files_of
from jobs.releases.version import bumped, number

_FILES: Final = ("csv", "parquet")
"""The endings of the files that a table is looked at in."""

Look = tuple[pa.Table | None, list[str]]
"""A table, if it can be read, and what is wrong with it."""


class Seen(NamedTuple):
    """A folder that was looked at: what is wrong, each in a line; of a sound release what it says, its tables, and the
    digests of its files.
    """

    folder: Path
    faults: list[str]
    about: About | None = None
    tables: Mapping[str, pa.Table] = {}
    digests: Mapping[str, str] = {}


def verify_folder(folder: Path) -> list[str]:
    """Everything that is wrong, each in a line; empty for a sound release."""
    return seen(folder).faults


def seen(folder: Path, other: Seen | None = None) -> Seen:
    """The same, with what was read on the way, so that a sound release is read once.

    other: a release that was looked at. A table whose files have the bytes of its files, and of which the same is told,
    is as sound as that one, and is taken from it.
    """
    try:
        files = files_of(folder)
        if files.faults:
            return Seen(folder, files.faults)
        about = about_of(folder)
        looks = _looks(folder, about, _known(about, files.digests, other))
    except UnsoundError as error:
        return Seen(folder, [str(error)])
    except OSError as error:
        return Seen(folder, [f"{folder}: {error.strerror or error}"])
    tables = {name: table for name, (table, _) in looks.items() if table is not None}
    faults = [f"{ABOUT}: {fault}" for fault in _version(about)]
    faults += [fault for _, found in looks.values() for fault in found]
    faults += [fault for name in tables for fault in broken_references(about.tables[name].declared, tables)]
    return Seen(folder, faults, about, tables, files.digests)


def _known(about: About, digests: Mapping[str, str], other: Seen | None) -> dict[str, pa.Table]:
    """The tables of a sound release that another one has as well."""
    if other is None or other.about is None or other.faults:
        return {}
    return {
        name: other.tables[name]
        for name, told in about.tables.items()
        if told == other.about.tables.get(name)
        and all(f"{name}.{end}" in digests for end in _FILES)
        and all(digests[f"{name}.{end}"] == other.digests.get(f"{name}.{end}") for end in _FILES)
    }


def _looks(folder: Path, about: About, known: Mapping[str, pa.Table]) -> dict[str, Look]:
    """The tables in the order in which they are told of, looked at from the largest on, so that none is waited for."""
    cells = {name: told.rows * len(told.declared.columns) for name, told in about.tables.items() if name not in known}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        largest_first = sorted(cells, key=lambda name: -cells[name])
        looks = {name: threads.submit(_look, folder, name, about.tables[name]) for name in largest_first}
    return {name: (known[name], []) if name in known else looks[name].result() for name in about.tables}


def _look(folder: Path, name: str, told: Told) -> Look:
    """A table and its faults, as `release.json` declares it: types, key, constraints, digest, the same in CSV."""
    try:
        table = packed_table(folder, told.declared, told.rows)
    except (UnsoundError, OSError) as error:
        return None, [str(error)]
    named = keys(table, told.declared.key)
    faults = [f"{name}{fault}" for fault in broken_promises(table, told.declared, named)]
    if not faults and (len(table), digest(table, told.declared.key, named)) != (told.rows, told.digest):
        faults.append(f"{name}: rows or digest are not those that {ABOUT} tells")
    return table, [*faults, *csv_faults(folder, name, table)]


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


def verify_changes(folder: Path, before: Path) -> list[str]:
    """What is wrong with the changes of a sound release, given the sound release that it follows."""
    sides = []
    for side in (before, folder):
        about = about_of(side)
        tables = {name: packed_table(side, told.declared, told.rows) for name, told in about.tables.items()}
        sides.append(Seen(side, [], about, tables))
    return changes_between(*sides)


def _content(side: Seen) -> Content:
    """What a release is. Raises UnsoundError where it is not sound."""
    if side.about is None:
        raise UnsoundError(f"{side.folder} is not a sound release")
    return content_of(side.folder, side.about, side.tables)


def changes_between(earlier: Seen, later: Seen) -> list[str]:
    """The same of two sound releases that were looked at. Raises UnsoundError where one is not sound."""
    from jobs.releases.changes import CELL_TYPES, CELLS, applied, differing_cells

    old, new = _content(earlier), _content(later)
    told = later.about.previous if later.about else None
    if told != old.version:
        return [f"it follows {told}, not {old.version}"]
    changes = plain_table(later.tables[CHANGES])
    if not CELL_TYPES.items() <= {(field.name, field.type) for field in changes.schema}:
        return [f"{CHANGES} does not tell what stood and stands in a cell"]
    due = differing_cells(old, new)
    if digest(changes.select(CELLS), CELLS[:3]) == digest(due, CELLS[:3]):
        return []  # applied to the old tables, what differs gives the new ones
    before = {name: plain_table(table) for name, table in old.tables.items()}
    made = applied(old._replace(tables=before), changes, new.declared)
    faults = [
        f"{CHANGES}: applied to {old.version} they do not give the table {name}"
        for name, table in new.tables.items()
        if digest(made[name], new.declared[name].key) != digest(table, new.declared[name].key)
    ]
    return faults or [f"{CHANGES} are not exactly the cells that differ from {old.version}"]
