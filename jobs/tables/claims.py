"""Claims -> the tables `claims` and `grade_counts`."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.tables.common import (
    Columns,
    Trace,
    Traced,
    constant,
    finished,
    graded,
    inspected,
    joined_text,
    text_table,
    trace,
    with_rest,
)
from jobs.tables.facts import PEEL, of_peel
from jobs.tables.records import SINGULAR, corrections
from jobs.weigh import Weighed

_NOTHING: Final = pa.scalar("", pa.large_string())
_SPAN: Final = ("span_start", "span_end", "span_sha256")
_SECTIONS: Final = ("grades", "counts", "statements", "metrics", "events")
_ITEMS: Final = 2**24
"""More than an article has items."""


def grade_counts(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What articles count, one row a grade."""
    counts = weighed.claims["counts"]
    columns = inspected(counts["inspection_id"], dimensions)
    columns |= graded(counts["grade"], columns["scale_id"], dimensions)
    columns |= {
        "grade_count_id": _count_ids(weighed),
        "article_id": weighed.of_articles(counts, "article_id"),
        "areas": counts["number"],
        "evidence_url": weighed.evidence_urls(counts),
    }
    return finished("grade_counts", with_rest("grade_counts", columns, counts), trace("counts", counts))


def _count_ids(weighed: Weighed) -> pa.ChunkedArray:
    counts = weighed.claims["counts"]
    return joined_text(weighed.of_articles(counts, "article_id"), counts["fact_id"])


class Said(NamedTuple):
    """Claims of which these columns of the table are the same: what they are about, where they are written, basis.

    columns: those that differ, under the names that they have in the table; what is not there is empty. `key` is what
    the claim is called by beside its article.
    """

    table: str
    section: str
    basis: str
    columns: dict[str, pa.ChunkedArray | pa.Array]


def claims(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What each article says of each fact, and the counts that derived grades rest on.

    It is by far the largest table, so it is put together some rows at a time: whatever is only needed on the way never
    takes much memory, and stays near the processor.
    """
    parts = list(_parts(weighed))
    kinds = pa.array(np.repeat(np.arange(len(parts), dtype=np.int8), [len(part.columns["file"]) for part in parts]))
    order, claim_ids = _ordered(weighed, parts, kinds)
    chosen = {name: _column(parts, name) for name in (*_TAKEN, "file", "item", "fragment")}
    pinned = _pinned(weighed.claims["pins"])
    pieces = []
    for start in range(0, max(len(order), 1), ROWS_AT_A_TIME):
        rows = order.slice(start, ROWS_AT_A_TIME)
        said = pa.table({name: column.take(rows) for name, column in chosen.items()})
        columns = {"claim_id": claim_ids.slice(start, ROWS_AT_A_TIME)} | _alike(parts, kinds.take(rows))
        pieces.append(_finished(weighed, said, columns, pinned))
    trace = pa.concat_tables([pa.table(piece.trace._asdict()) for piece in pieces])
    return Traced(pa.concat_tables([piece.table for piece in pieces]), Trace(*trace.columns))


def _alike(parts: list[Said], kinds: pa.Array) -> Columns:
    """What all claims of a kind have in common."""
    return {name: _texts(getattr(part, name) for part in parts).take(kinds) for name in ("table", "section", "basis")}


def _finished(weighed: Weighed, said: pa.Table, columns: Columns, pinned: "_Pinned") -> Traced:
    section = columns["section"].dictionary_encode()
    columns |= {name: said[name] for name in _TAKEN}
    columns |= {"article_id": weighed.of_articles(said, "article_id"), "evidence_url": weighed.evidence_urls(said)}
    columns |= _spans(pinned, section, said)
    return finished("claims", columns, Trace(section, said["file"], said["item"]))


ROWS_AT_A_TIME: Final = 65_536
"""As many as make a row group of a Parquet file, so that none is put together from two pieces."""
_TAKEN: Final = ("fact_id", "origin_id", "value_as_printed", "grade", "value", "agrees", "note")


def _parts(weighed: Weighed) -> Iterator[Said]:
    """All claims, those of one kind after the other."""
    grades = weighed.grades.claims
    peel = of_peel(grades["inspection_id"], weighed.lists)
    corrected = corrections(weighed, claims=True)
    yield _said("grades", grades.filter(peel), value_as_printed="value_as_printed", grade="grade")
    yield _said("other_grades", grades.filter(pc.invert(peel)), value_as_printed="value_as_printed", grade="grade")
    yield _said("events", weighed.events.claims)
    yield _said("events", corrected)._replace(section="grades", basis="derived")
    yield _said("statements", weighed.statements.claims, value_as_printed="excerpt")
    yield _said("metrics", weighed.metrics.claims, value_as_printed="value_as_printed", value="value")
    counts = weighed.claims["counts"].append_column("agrees", _counts_agree(weighed))
    counted = _said("grade_counts", counts, grade="grade", value="number")
    yield counted._replace(columns=counted.columns | {"fact_id": _count_ids(weighed)})
    for table in ("grades", "other_grades"):
        yield _derived(weighed, table)


def _said(table: str, claims: pa.Table, **renamed: str) -> Said:
    """Claims as they were weighed; renamed: column of the published table -> their column."""
    names = {name: name for name in ("file", "item", "fact_id", "agrees", "note", "fragment")}
    names |= {"key": "fact_id", "origin_id": "origin"} | renamed
    section = {"grade_counts": "counts", "other_grades": "grades"}.get(table, table)
    return Said(table, section, "stated", {name: claims[column] for name, column in names.items()})


def _derived(weighed: Weighed, table: str) -> Said:
    """The counts that the derived grades of a table rest on."""
    ours = [d for d in weighed.tally.derived if _grades_of(weighed, d.inspection_id) == table]
    names = ("file", "item", "key", "fact_id", "origin_id", "grade", "agrees", "fragment")
    rows = [
        (c.file, c.item, d.grade_id, d.grade_id, c.origin, d.grade, True, c.fragment) for d in ours for c in d.counts
    ]
    found = text_table(names, rows, {"file": pa.int32(), "item": pa.int32(), "agrees": pa.bool_()})
    return Said(table, "counts", "derived", {name: found[name] for name in names})


def _column(parts: list[Said], name: str) -> pa.ChunkedArray:
    """A column of all claims."""
    chunks: list[pa.Array] = []
    for part in parts:
        column = part.columns.get(name)
        column = pa.repeat(_NOTHING, len(part.columns["file"])) if column is None else column
        chunks += column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return pa.chunked_array(chunks)


def _ordered(weighed: Weighed, parts: list[Said], kinds: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The order of the claims by their ids, and these in that order.

    First they are sorted by the number of their article, so that what takes long, to sort texts, has little to move.
    """
    files = _column(parts, "file")
    near = pa.array(np.argsort(np.asarray(files), kind="stable"))
    articles = weighed.claims["articles"]["article_id"].take(files.take(near))
    facts = _texts(SINGULAR[part.table] for part in parts).take(kinds.take(near))
    ids = joined_text(articles, facts, _column(parts, "key").take(near)).combine_chunks()
    order = pc.sort_indices(ids)
    return near.take(order), ids.take(order)


def _texts(texts: Iterable[str]) -> pa.Array:
    return pa.array(texts, pa.large_string())


def _grades_of(weighed: Weighed, inspection_id: str) -> str:
    return "grades" if weighed.lists.inspections[inspection_id].programme == PEEL else "other_grades"


def _counts_agree(weighed: Weighed) -> pa.Array:
    """Whether counts agree with what they count, null where that is left open."""
    counts, tally = weighed.claims["counts"], weighed.tally
    if not tally.disagreeing and not tally.open:
        return constant(True, counts)
    columns = (counts[name].to_pylist() for name in ("file", "item", "grade", "inspection_id"))
    agrees = [
        None if inspection in tally.open else (file, item, grade) not in tally.disagreeing
        for file, item, grade, inspection in zip(*columns, strict=True)
    ]
    return pa.array(agrees, pa.bool_())


class _Pinned(NamedTuple):
    """Places in articles of which we hold the text, as numbers, and what is pinned there."""

    places: pa.Array
    spans: pa.Table


def _pinned(pins: pa.Table) -> _Pinned:
    return _Pinned(_place_numbers(pins["section"], pins), pins.select(_SPAN))


def _spans(pinned: _Pinned, section: pa.Array, said: pa.Table) -> Columns:
    """Where the words of claims stand in their texts, as pinned; nothing where we hold no text."""
    rows = pc.index_in(_place_numbers(section, said), pinned.places)
    spans: Columns = {name: pinned.spans[name].take(rows) for name in _SPAN}
    return spans | {"verified": pc.if_else(pc.is_valid(rows), True, None)}


def _place_numbers(section: pa.Array | pa.ChunkedArray, places: pa.Table) -> pa.Array:
    """A number for section, file and item."""
    sections = pc.index_in(section, _texts(_SECTIONS))
    numbers, file, item = (np.asarray(each).astype(np.int64) for each in (sections, places["file"], places["item"]))
    return pa.array((file * _ITEMS + item) * len(_SECTIONS) + numbers)
