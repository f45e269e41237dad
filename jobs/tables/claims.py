"""Claims -> the tables `claims` and `grade_counts`."""

from typing import Final

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

_COLUMNS: Final = (
    "file", "item", "section", "table", "key", "fact_id", "origin_id", "basis", "value_as_printed", "grade", "value",
    "agrees", "note", "fragment",
)  # fmt: skip
_SPAN: Final = ("span_start", "span_end", "span_sha256")


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


def claims(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What each article says of each fact, and the counts that derived grades rest on."""
    counts = weighed.claims["counts"].rename_columns({"fact_id": "key"})
    counts = counts.append_column("agrees", _counts_agree(weighed)).append_column("fact_id", _count_ids(weighed))
    grades, lists = weighed.grades.claims, weighed.lists
    peel = of_peel(grades["inspection_id"], lists)
    parts = [
        _rows("grades", grades.filter(peel), printed="value_as_printed", grade="grade"),
        _rows("other_grades", grades.filter(pc.invert(peel)), printed="value_as_printed", grade="grade"),
        _rows("events", weighed.events.claims),
        _rows("events", corrections(weighed, claims=True), section="grades", basis="derived"),
        _rows("statements", weighed.statements.claims, printed="excerpt"),
        _rows("metrics", weighed.metrics.claims, printed="value_as_printed", value="value"),
        _rows("grade_counts", counts, grade="grade", value="number", key="key"),
        _derived(weighed),
    ]
    rows = pa.concat_tables(parts)
    rows = rows.append_column("article_id", weighed.of_articles(rows, "article_id"))
    rows = rows.append_column("claim_id", joined_text(rows["article_id"], rows["key"])).drop_columns("key")
    table = rows.take(pc.sort_indices(rows["claim_id"]))
    columns: Columns = {name: table[name] for name in table.column_names}
    columns |= _spans(weighed.claims["pins"], table)
    columns |= {"evidence_url": weighed.evidence_urls(table)}
    return finished("claims", columns, Trace(table["section"], table["file"], table["item"]))


def _rows(
    name: str,
    claims: pa.Table,
    printed: str = "",
    grade: str = "",
    value: str = "",
    key: str = "fact_id",
    section: str = "",
    basis: str = "stated",
) -> pa.Table:
    section = section or {"grade_counts": "counts", "other_grades": "grades"}.get(name, name)
    nothing = constant("", claims)
    columns = {
        "file": claims["file"],
        "item": claims["item"],
        "section": constant(section, claims),
        "table": constant(name, claims),
        "key": joined_text(constant(SINGULAR[name], claims), claims[key]),
        "fact_id": claims["fact_id"],
        "origin_id": claims["origin"],
        "basis": constant(basis, claims),
        "value_as_printed": claims[printed] if printed else nothing,
        "grade": claims[grade] if grade else nothing,
        "value": claims[value] if value else nothing,
        "agrees": claims["agrees"],
        "note": claims["note"],
        "fragment": claims["fragment"],
    }
    return pa.table(columns)


def _derived(weighed: Weighed) -> pa.Table:
    rows = [
        (c.file, c.item, "counts", _grades_of(weighed, d.inspection_id), f"grade-{d.grade_id}", d.grade_id, c.origin,
         "derived", "", d.grade, "", True, "", c.fragment)
        for d in weighed.tally.derived for c in d.counts
    ]  # fmt: skip
    return text_table(_COLUMNS, rows, {"file": pa.int32(), "item": pa.int32(), "agrees": pa.bool_()})


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


def _spans(pins: pa.Table, table: pa.Table) -> Columns:
    """Where the words of claims stand in their texts, as pinned; nothing where we hold no text."""
    if not len(pins):
        nothing = pa.nulls(len(table), pa.large_string())
        return dict.fromkeys(_SPAN, nothing) | {"verified": pa.nulls(len(table), pa.bool_())}
    keys = [joined_text(*(t[n].cast(pa.large_string()) for n in ("section", "file", "item"))) for t in (pins, table)]
    pinned = pins.select(_SPAN).take(pc.index_in(keys[1], keys[0].combine_chunks()))
    spans: Columns = {name: pinned[name] for name in _SPAN}
    return spans | {"verified": pc.if_else(pc.is_valid(spans["span_start"]), True, None)}
