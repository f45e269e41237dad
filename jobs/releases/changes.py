"""Two releases -> the table `changes`: one row per differing cell, so that the old tables and it give the new ones."""

from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.releases.cells import keys, whole
from jobs.releases.compare import Changed, Rows, changed_cells, rows_of
from jobs.releases.content import CHANGES, TYPES, Column, Content, Declared
from jobs.releases.reasons import NO_REASONS, Reasons, texts_in

_SLOTS: Final = {
    "text": (pa.string(), pa.types.is_large_string),
    "number": (pa.float64(), lambda type_: pa.types.is_integer(type_) or pa.types.is_floating(type_)),
    "date": (pa.date32(), pa.types.is_date32),
    "flag": (pa.bool_(), pa.types.is_boolean),
}
"""The columns for cells, `old_` and `new_`: their type, and which cells stand there."""
CELL_TYPES: Final = {name: pa.string() for name in ("table_name", "row_key", "column_name")} | {
    f"{side}_{slot}": type_ for slot, (type_, _) in _SLOTS.items() for side in ("old", "new")
}
"""The columns that follow from the two releases alone, with their types; the others tell why."""
CELLS: Final = tuple(CELL_TYPES)


def changes_table(old: Content, new: Content, reasons: Reasons) -> pa.Table:
    """The cells by which the new release differs, sorted by table, key and column."""
    from jobs.describe import arrow_schema

    schema, articles = arrow_schema(CHANGES), _articles(new.tables)
    parts = [_resting(part, articles.get(name, {}), schema) for name, part in _parts(old, new, reasons)]
    return _in_order(pa.concat_tables([schema.empty_table(), *parts]))


def differing_cells(old: Content, new: Content) -> pa.Table:
    """The same without why: what follows from the two releases alone, as any of them could be compared at any time."""
    parts = [part.select(CELLS) for _, part in _parts(old, new, NO_REASONS)]
    return _in_order(pa.concat_tables([pa.schema(CELL_TYPES).empty_table(), *parts]))


def _in_order(table: pa.Table) -> pa.Table:
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in CELLS[:3]]))


def _parts(old: Content, new: Content, reasons: Reasons) -> Iterator[tuple[str, pa.Table]]:
    """The name of each table and the cells of a column of it that differ."""
    before, after = _completed(old, new), _completed(new, old)
    for name in sorted(after.tables):
        if before.tables[name] is not after.tables[name] or before.declared[name] != after.declared[name]:
            for column, changed in _changed(name, before, after, reasons):
                if len(changed.keys):
                    yield name, _part(name, column, changed)


def _completed(content: Content, other: Content) -> Content:
    """A release with the tables that only the other has, without rows."""
    lacking = {name: table.slice(0, 0) for name, table in other.tables.items() if name not in content.tables}
    declared = {name: other.declared[name] for name in lacking}
    return content._replace(tables={**content.tables, **lacking}, declared={**content.declared, **declared})


def _changed(name: str, old: Content, new: Content, reasons: Reasons) -> Iterator[tuple[str, Changed]]:
    rows = rows_of(name, old, new)
    for column in old.declared[name].columns if len(rows.gone) else ():
        yield column.name, _gone(name, old.tables[name][column.name], rows, reasons)
    for column in new.declared[name].columns if len(rows.fresh) else ():
        yield column.name, _fresh(new.tables[name][column.name], rows)
    both: dict[str, Column] = {c.name: c for c in (*old.declared[name].columns, *new.declared[name].columns)}
    for column in both.values():
        yield column.name, changed_cells(name, column, old, new, rows, reasons)


def _gone(name: str, column: pa.ChunkedArray, rows: Rows, reasons: Reasons) -> Changed:
    """The filled cells of a column in rows that are gone."""
    cells = whole(column).take(rows.gone)
    filled = pc.is_valid(cells)
    named, cells = rows.before.take(rows.gone).filter(filled), cells.filter(filled)
    why = pa.array([reasons.retracted.get((name, key)) for key in named.to_pylist()], pa.string())
    kinds = pc.if_else(pc.is_valid(why), "retracted", "removed")
    return Changed(named, cells, pa.nulls(len(cells), cells.type), kinds, why)


def _fresh(column: pa.ChunkedArray, rows: Rows) -> Changed:
    """The filled cells of a column in new rows."""
    cells = whole(column).take(rows.fresh)
    filled = pc.is_valid(cells)
    named, cells = rows.after.take(rows.fresh).filter(filled), cells.filter(filled)
    kinds = pa.repeat(pa.scalar("added"), len(cells))
    return Changed(named, pa.nulls(len(cells), cells.type), cells, kinds, pa.nulls(len(cells), pa.string()))


def _part(table: str, column: str, changed: Changed) -> pa.Table:
    """Rows of `changes`, but for the article."""
    number = len(changed.keys)
    return pa.table({
        "table_name": pa.repeat(pa.scalar(table), number),
        "row_key": changed.keys.cast(pa.string()),
        "column_name": pa.repeat(pa.scalar(column), number),
        **{f"old_{slot}": _in_slot(slot, changed.old) for slot in _SLOTS},
        **{f"new_{slot}": _in_slot(slot, changed.new) for slot in _SLOTS},
        "kind": changed.kinds,
        "reason": changed.reasons,
    }).select([*CELLS, "kind", "reason"])  # fmt: skip


def _resting(part: pa.Table, articles: Mapping[str, str], schema: pa.Schema) -> pa.Table:
    """The same rows with the articles that they rest on."""
    known = pa.array(list(articles), pa.string())
    article = pa.array(list(articles.values()), pa.string()).take(pc.index_in(part["row_key"], value_set=known))
    gone = pc.is_in(part["kind"], value_set=pa.array(["removed", "retracted"]))
    part = part.append_column("article_id", pc.if_else(gone, pa.scalar(None, pa.string()), article))
    return pa.Table.from_arrays([part[name] for name in schema.names], schema=schema)


def _in_slot(slot: str, cells: pa.Array) -> pa.Array:
    """The cells, if they are of the type that stands there."""
    type_, fits = _SLOTS[slot]
    return cells.cast(type_) if fits(cells.type) else pa.nulls(len(cells), type_)


def _articles(tables: Mapping[str, pa.Table]) -> dict[str, dict[str, str]]:
    """Table -> key -> the article that a row rests on: its own, or of facts the first by its id of those that agree."""
    found: dict[str, dict[str, str]] = {}
    for name, key in (("articles", "article_id"), ("claims", "claim_id")):
        for row, article in texts_in(tables, name, (key, "article_id")):
            found.setdefault(name, {})[row] = article
    for table, fact, article in sorted(texts_in(_agreeing(tables), "claims", ("table", "fact_id", "article_id"))):
        found.setdefault(table, {}).setdefault(fact, article)
    return found


def _agreeing(tables: Mapping[str, pa.Table]) -> Mapping[str, pa.Table]:
    """The tables, with the claims that do not disagree with what they are about."""
    claims = tables.get("claims", pa.table({}))
    if "agrees" not in claims.column_names or not pa.types.is_boolean(claims.schema.field("agrees").type):
        return tables
    return {**tables, "claims": claims.filter(pc.fill_null(claims["agrees"], True))}


def applied(old: Content, changes: pa.Table, new: Mapping[str, Declared]) -> dict[str, pa.Table]:
    """The tables that follow when the changes are made to the old ones; new: what the next release declares.

    They are those of the next release, but for the order of their rows, if the changes are whole.
    """
    return {name: _applied(old, changes, declared) for name, declared in new.items() if name != CHANGES}


def _applied(old: Content, changes: pa.Table, new: Declared) -> pa.Table:
    mine = changes.filter(pc.equal(changes["table_name"], new.name))
    table = old.tables.get(new.name, pa.table({}))
    known = keys(table, old.declared[new.name].key) if new.name in old.tables else pa.array([], pa.large_string())
    rows = pc.unique(pa.chunked_array([known, whole(mine["row_key"])]))
    columns = {}
    for column in new.columns:
        type_ = TYPES[column.type]
        own = mine.filter(pc.equal(mine["column_name"], column.name))
        before = pa.nulls(len(rows), type_)
        if column.name in table.column_names and table.schema.field(column.name).type == type_:
            before = whole(table[column.name]).take(pc.index_in(rows, value_set=known)).cast(type_)
        place = pc.index_in(rows, value_set=whole(own["row_key"]))
        columns[column.name] = pc.if_else(pc.is_valid(place), _out_of_slot(own, type_).take(place), before)
    alive = reduce(pc.and_, (pc.is_valid(columns[name]) for name in new.key))
    return pa.table(columns).filter(alive)


def _out_of_slot(rows: pa.Table, type_: pa.DataType) -> pa.Array:
    """The new cells in rows of `changes`, as cells of a column of that type."""
    wide = pa.large_string() if pa.types.is_string(type_) else type_
    slot = next(slot for slot, (_, fits) in _SLOTS.items() if fits(wide))
    return whole(rows[f"new_{slot}"]).cast(type_, safe=False)
