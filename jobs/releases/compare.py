"""Two releases -> everything in which they differ: typed cells by primary key, never bytes."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.releases.cells import at, differing, keys, whole
from jobs.releases.content import CHANGES, TYPES, Column, Content
from jobs.releases.reasons import ALL, NO_REASONS, Reasons
from jobs.releases.rules import RULES, Finding
from jobs.releases.shapes import SAMPLES, several, shapes

CELLS_OF, ROWS_OF = 5, 20
"""One in so many of a column's filled cells, or of a table's rows: from there on a correction of them is systematic."""
_SYSTEMATIC: Final = {
    "corrected": "systematic-correction",
    "filled": "systematic-filling",
    "renamed": "systematic-renaming",
}
_WIDTH: Final = 60
"""Characters of a cell that is shown."""


class Rows(NamedTuple):
    """The rows of a table in two releases: keys of each; where stand those that are gone, new, and in both."""

    before: pa.Array
    after: pa.Array
    gone: pa.Array
    fresh: pa.Array
    old: pa.Array
    new: pa.Array

    @property
    def removed(self) -> list[str]:
        """The keys that only the old release has, sorted."""
        return sorted(self.before.take(self.gone).to_pylist())

    @property
    def added(self) -> list[str]:
        """The keys that only the new release has, sorted."""
        return sorted(self.after.take(self.fresh).to_pylist())


class Changed(NamedTuple):
    """Cells of a column that differ: keys of their rows (sorted), what stood and stands there, kinds, reasons."""

    keys: pa.Array
    old: pa.Array
    new: pa.Array
    kinds: pa.Array
    reasons: pa.Array


def compare(old: Content, new: Content, reasons: Reasons = NO_REASONS) -> list[Finding]:
    """Everything in which the new release differs from the old, data loss first."""
    found = list(shapes(old, new))
    for name in shared_tables(old, new):
        if old.declared[name].key == new.declared[name].key:
            found += _cells(name, old, new, reasons)
    order = list(RULES)
    return sorted(found, key=lambda f: (order.index(f.rule), f.table, f.column))


def shared_tables(old: Content, new: Content) -> list[str]:
    """The names of the tables whose rows are compared."""
    return sorted((old.declared.keys() & new.declared.keys()) - {CHANGES})


def rows_of(name: str, old: Content, new: Content) -> Rows:
    """Which rows of a table are gone, which are new, and where those of both releases stand in each."""
    before, key = keys(old.tables[name], old.declared[name].key), new.declared[name].key
    shared = old.declared[name].key == key and all(_same(old.tables[name], new.tables[name], part) for part in key)
    after = before if shared else keys(new.tables[name], key)
    if before.equals(after):
        none, all_ = (pa.array(np.arange(number, dtype=np.uint64)) for number in (0, len(before)))
        return Rows(before, after, none, none, all_, all_)
    where = pc.index_in(before, value_set=after)
    kept = pc.is_valid(where)
    gone = pc.indices_nonzero(pc.invert(kept))
    places = where.filter(kept)
    fresh = np.ones(len(after), np.bool_)
    fresh[places.to_numpy()] = False
    return Rows(before, after, gone, pc.indices_nonzero(pa.array(fresh)), pc.indices_nonzero(kept), places)


def changed_cells(name: str, column: Column, old: Content, new: Content, rows: Rows, reasons: Reasons) -> Changed:
    """The cells of a column that differ, among rows of both releases.

    column: as the new release declares it; if one of the two lacks it, its cells are empty there.
    """
    if rows.old is rows.new and _same(old.tables[name], new.tables[name], column.name):
        rows = rows._replace(old=rows.old[:0], new=rows.new[:0])  # rows that need not be looked at
    before = _cells_at(old.tables[name], column, rows.old)
    after = _cells_at(new.tables[name], column, rows.new)
    places = pa.array([], pa.uint64()) if before.equals(after) else pc.indices_nonzero(differing(before, after))
    named = rows.before.take(rows.old.take(places))
    order = pc.sort_indices(named)
    named, places = named.take(order), places.take(order)
    was, now = before.take(places), after.take(places)
    kinds, why = _told(name, column, _kinds(name, column, old, new, was), named, reasons)
    return Changed(named, was, now, kinds, why)


def _same(old: pa.Table, new: pa.Table, name: str) -> bool:
    """Whether a column has the same cells in the same rows, as can be seen at once; else it may have them, too."""
    return name in old.column_names and name in new.column_names and bool(old[name].equals(new[name]))


def _cells_at(table: pa.Table, column: Column, places: pa.Array) -> pa.Array:
    if column.name in table.column_names:
        return at(whole(table[column.name]), places) if len(places) else whole(table[column.name][:0])
    return whole(pa.nulls(len(places), TYPES[column.type]))


def _kinds(name: str, column: Column, old: Content, new: Content, was: pa.Array) -> pa.Array:
    """What sort of change each is, if nobody says anything; a fact is what either release holds to be one."""
    roles = {c.role for side in (old, new) for c in side.declared[name].columns if c.name == column.name}
    sides = (("added", old), ("removed", new))
    lacking = [kind for kind, side in sides if column.name not in side.declared[name].names]
    if lacking or "fact" not in roles:
        return pa.repeat(pa.scalar(lacking[0] if lacking else "updated"), len(was))
    return pc.if_else(pc.is_null(was), "filled", "corrected")


def _told(name: str, column: Column, kinds: pa.Array, named: pa.Array, reasons: Reasons) -> tuple[pa.Array, pa.Array]:
    """The kinds with what is said of them, and the reasons."""
    said = reasons.of(name, column.name)
    if not said:
        return kinds, pa.nulls(len(kinds), pa.string())
    about = pa.array(list(said), pa.large_string())
    by_key, for_all = (pc.index_in(k, value_set=about) for k in (named, pa.repeat(_ALL, len(named))))
    place = pc.coalesce(by_key, for_all)
    told, why = (pa.array(list(column), pa.string()).take(place) for column in zip(*said.values(), strict=True))
    return pc.coalesce(told, kinds), why


_ALL: Final = pa.scalar(ALL, pa.large_string())


def _cells(name: str, old: Content, new: Content, reasons: Reasons) -> Iterator[Finding]:
    rows = rows_of(name, old, new)
    removed = rows.removed
    yield from several("rows-retracted", name, "", [key for key in removed if (name, key) in reasons.retracted])
    yield from several("rows-vanished", name, "", [key for key in removed if (name, key) not in reasons.retracted])
    yield from several("rows-added", name, "", rows.added)
    types = {column.name: column.type for column in old.declared[name].columns}
    touched: dict[str, list[pa.Array]] = {kind: [] for kind in _SYSTEMATIC}
    for column in (c for c in new.declared[name].columns if types.get(c.name) == c.type):
        changed = changed_cells(name, column, old, new, rows, reasons)
        filled = len(rows.before) - old.tables[name][column.name].null_count
        for kind in pc.unique(changed.kinds).to_pylist():
            group = [part.filter(pc.equal(changed.kinds, kind)) for part in changed[:3]]
            sort = "renamed" if kind == "updated" and column.role == "name" else kind
            large = sort in _SYSTEMATIC and 0 < filled <= len(group[0]) * CELLS_OF
            rule = _SYSTEMATIC[sort] if large else f"cells-{kind}"
            yield Finding(rule, name, column.name, len(group[0]), tuple(_words(group)))
            if sort in touched:
                touched[sort].append(group[0])
    for kind, parts in touched.items():
        of = pc.unique(pa.chunked_array(parts, pa.large_string()))
        if len(of) and len(of) * ROWS_OF >= len(rows.before):
            yield Finding(_SYSTEMATIC[kind], name, "", len(of), tuple(sorted(of.to_pylist())[:SAMPLES]))


def _words(group: list[pa.Array]) -> Iterator[str]:
    for key, was, now in zip(*(part[:SAMPLES].to_pylist() for part in group), strict=True):
        yield f"{key}: {short(was)} -> {short(now)}"


def short(cell: Any) -> str:
    """A cell as it is shown in a line: as CSV has it, and in a word where it is empty."""
    text = "empty" if cell is None else str(cell)
    if isinstance(cell, bool):
        text = text.upper()
    elif isinstance(cell, float):
        text = text.removesuffix(".0")
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
