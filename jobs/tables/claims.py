"""Claims -> the tables `claims` and `grade_counts`."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import placed
from jobs.codelists import Codelists
from jobs.describe import arrow_schema
from jobs.spread import threads
from jobs.tables.common import (
    Column,
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
from jobs.tables.pooled import Pooled, entwined, pooled
from jobs.tables.records import SINGULAR, corrections
from jobs.weigh import Derived, Weighed
from jobs.weigh.groups import Indexes, ranks

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


class Kind(NamedTuple):
    """What claims of a kind have in common: what they are about, where they are written, whether they follow."""

    table: str
    section: str
    basis: str


_KINDS: Final = (
    Kind("grades", "grades", "stated"),
    Kind("other_grades", "grades", "stated"),
    Kind("events", "events", "stated"),
    Kind("events", "grades", "derived"),
    Kind("statements", "statements", "stated"),
    Kind("metrics", "metrics", "stated"),
    Kind("grade_counts", "counts", "stated"),
    Kind("grades", "counts", "derived"),
    Kind("other_grades", "counts", "derived"),
)
_NAMED, _, _TOLD, _CORRECTED, _SPOKEN, _MEASURED, _COUNTED, _DERIVED, _DERIVED_OTHERS = range(len(_KINDS))
_SINGULAR: Final = pa.array([SINGULAR[kind.table] for kind in _KINDS], pa.large_string())
_SECTION_OF: Final = np.array([_SECTIONS.index(kind.section) for kind in _KINDS], dtype=np.int8)
_ALIKE: Final = ("table", "basis")
"""What all claims of a kind have in common."""
Numbers = npt.NDArray[np.int8]


class Said(NamedTuple):
    """Some claims: of which of the `_KINDS` each is, and columns under the names that they have in the table.

    What is not there is empty. `key` is what the claim is called by beside its article and kind.
    """

    kinds: Numbers
    columns: Columns


def claims(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What each article says of each fact, and the counts that derived grades rest on.

    It is by far the largest table, so it is put together in pieces of some rows, two at the same time: whatever is only
    needed on the way never takes much memory, and stays near the processor.
    """
    parts = list(_parts(weighed))
    kinds = np.concatenate([part.kinds for part in parts])
    chosen = {name: pooled(_columns(parts, name)) for name in (*_TAKEN, "key", "file", "item", "fragment")}
    order = _ordered(weighed, kinds, chosen)
    ids, schema = weighed.claims["articles"]["article_id"].combine_chunks(), arrow_schema("claims")
    chosen["article_id"] = Pooled(ids, chosen["file"].values.to_numpy())
    published = (*_TAKEN, "article_id")
    chosen |= {name: chosen[name].typed(schema.field(name).type) for name in published}
    pinned = _pinned(weighed.claims["pins"])

    def piece(start: int) -> Traced:
        rows = order[start : start + ROWS_AT_A_TIME]
        said = pa.table({name: column.column(rows) for name, column in chosen.items()})
        return _finished(weighed, said, kinds[rows], pinned)

    with threads(2, len(order)) as working:
        pieces = list(working.map(piece, range(0, max(len(order), 1), ROWS_AT_A_TIME)))
    trace = pa.concat_tables([pa.table(piece.trace._asdict()) for piece in pieces])
    return Traced(pa.concat_tables([piece.table for piece in pieces]), Trace(*trace.columns))


def _finished(weighed: Weighed, said: pa.Table, kinds: Numbers, pinned: "_Pinned") -> Traced:
    sections = _SECTION_OF[kinds]
    columns: Columns = {name: said[name] for name in (*_TAKEN, "article_id")}
    columns |= {name: placed(_texts(getattr(kind, name) for kind in _KINDS), pa.array(kinds)) for name in _ALIKE}
    columns["claim_id"] = _claim_ids(weighed.of_articles(said, "article_id"), kinds, said["key"])
    columns |= {"evidence_url": weighed.evidence_urls(said)} | _spans(pinned, sections, said)
    section = pa.DictionaryArray.from_arrays(pa.array(sections), _texts(_SECTIONS))
    return finished("claims", columns, Trace(section, said["file"], said["item"]))


def _claim_ids(article_ids: Column, kinds: Numbers, keys: Column) -> pa.ChunkedArray:
    return joined_text(article_ids, _SINGULAR.take(pa.array(kinds)), keys)


ROWS_AT_A_TIME: Final = 65_536
"""As many as make a row group of a Parquet file, so that none is put together from two pieces."""
_TAKEN: Final = ("fact_id", "origin_id", "value_as_printed", "grade", "value", "agrees", "note")


def _parts(weighed: Weighed) -> Iterator[Said]:
    """All claims, those of one section after the other."""
    grades, counts = weighed.grades.claims, weighed.claims["counts"]
    others = np.asarray(pc.invert(of_peel(grades["inspection_id"], weighed.lists)))
    yield _said(_NAMED + others.astype(np.int8), grades, value_as_printed="value_as_printed", grade="grade")
    yield _said(_TOLD, weighed.events.claims)
    yield _said(_CORRECTED, corrections(weighed, claims=True))
    yield _said(_SPOKEN, weighed.statements.claims, value_as_printed="excerpt")
    yield _said(_MEASURED, weighed.metrics.claims, value_as_printed="value_as_printed", value="value")
    counted = _said(_COUNTED, counts.append_column("agrees", _counts_agree(weighed)), grade="grade", value="number")
    yield counted._replace(columns=counted.columns | {"fact_id": _count_ids(weighed)})
    yield _derived(weighed)


def _said(kinds: Numbers | int, claims: pa.Table, **renamed: str) -> Said:
    """Claims as they were weighed; renamed: column of the published table -> their column."""
    names = {name: name for name in ("file", "item", "fact_id", "agrees", "note", "fragment")}
    names |= {"key": "fact_id", "origin_id": "origin"} | renamed
    numbers = np.broadcast_to(np.asarray(kinds, dtype=np.int8), len(claims))
    return Said(numbers, {name: claims[column] for name, column in names.items()})


def _derived(weighed: Weighed) -> Said:
    """The counts that derived grades rest on."""
    names = ("file", "item", "key", "fact_id", "origin_id", "grade", "agrees", "fragment", "kind")
    rows = [
        (c.file, c.item, d.grade_id, d.grade_id, c.origin, d.grade, True, c.fragment, _kind_of(d, weighed.lists))
        for d in weighed.tally.derived for c in d.counts
    ]  # fmt: skip
    types = {"file": pa.int32(), "item": pa.int32(), "agrees": pa.bool_(), "kind": pa.int8()}
    found = text_table(names, rows, types)
    return Said(np.asarray(found["kind"]), {name: found[name] for name in names[:-1]})


def _kind_of(derived: Derived, lists: Codelists) -> int:
    return _DERIVED if lists.inspections[derived.inspection_id].programme == PEEL else _DERIVED_OTHERS


def _columns(parts: list[Said], name: str) -> Iterator[Column]:
    """A column of all claims, part by part."""
    for part in parts:
        column = part.columns.get(name)
        yield pa.repeat(_NOTHING, len(part.kinds)).dictionary_encode() if column is None else column


def _ordered(weighed: Weighed, kinds: Numbers, chosen: dict[str, Pooled]) -> Indexes:
    """The order of the claims by their ids, which are texts of article, kind and key.

    They are sorted by these three as numbers, in less than half the time. Only of articles whose id begins that of
    another one does the order differ, so their claims, which come together, are sorted as texts.
    """
    articles = weighed.claims["articles"]["article_id"].combine_chunks()
    article = chosen["file"].values.to_numpy()
    first = ranks(joined_text(articles, _NOTHING)) * len(_KINDS)
    order = np.argsort(chosen["key"].ranks(), kind="stable")
    order = order[np.argsort((first[article] + ranks(_SINGULAR)[kinds])[order], kind="stable")]
    apart = np.asarray(pc.is_in(articles, value_set=_texts(entwined(articles.to_pylist()))))[article[order]]
    rows = order[apart]
    ids = _claim_ids(articles.take(pa.array(article[rows])), kinds[rows], chosen["key"].taken(rows))
    order[apart] = rows[np.asarray(pc.sort_indices(ids))]
    return order


def _texts(texts: Iterable[str]) -> pa.Array:
    return pa.array(texts, pa.large_string())


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


_NOWHERE: Final = 2**63 - 1
"""The number of no place, which is greater than that of any."""


class _Pinned(NamedTuple):
    """Places in articles of which we hold the text, as ascending numbers and `_NOWHERE`, and what is pinned there."""

    places: npt.NDArray[np.int64]
    spans: pa.Table


def _pinned(pins: pa.Table) -> _Pinned:
    sections = np.asarray(pc.index_in(pins["section"], _texts(_SECTIONS)))
    places = _place_numbers(sections, pins)
    order = np.argsort(places, kind="stable")
    return _Pinned(np.append(places[order], _NOWHERE), pins.select(_SPAN).take(order))


def _spans(pinned: _Pinned, sections: Numbers, said: pa.Table) -> Columns:
    """Where the words of claims stand in their texts, as pinned; nothing where we hold no text."""
    places = _place_numbers(sections, said)
    found = np.searchsorted(pinned.places, places)
    rows = pa.array(found, mask=pinned.places[found] != places)
    spans: Columns = {name: pinned.spans[name].take(rows) for name in _SPAN}
    return spans | {"verified": pc.if_else(pc.is_valid(rows), True, None)}


def _place_numbers(sections: Numbers, places: pa.Table) -> npt.NDArray[np.int64]:
    """A number for section, file and item."""
    file, item = (np.asarray(places[name]).astype(np.int64) for name in ("file", "item"))
    numbers: npt.NDArray[np.int64] = (file * _ITEMS + item) * len(_SECTIONS) + sections
    return numbers
