"""Claims -> the tables `claims` and `grade_counts`."""

from typing import Final

import pyarrow as pa

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
from jobs.tables.facts import Weighed

_COLUMNS: Final = (
    "file", "item", "table", "key", "fact_id", "origin_id", "basis", "value_as_printed", "grade", "value", "agrees",
    "note", "evidence_url",
)  # fmt: skip
_SINGULAR: Final = {"grades": "grade", "statements": "statement", "metrics": "metric", "grade_counts": "count"}


def grade_counts(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What articles count, one row a grade."""
    counts = weighed.claims["counts"]
    columns = inspected(counts["inspection_id"], dimensions)
    columns |= graded(counts["grade"], columns["scale_id"], dimensions)
    columns |= {
        "grade_count_id": _count_ids(weighed),
        "article_id": weighed.claims["articles"]["article_id"].take(counts["file"]),
        "areas": counts["number"],
    }
    return finished("grade_counts", with_rest("grade_counts", columns, counts), trace("counts", counts))


def _count_ids(weighed: Weighed) -> pa.ChunkedArray:
    counts = weighed.claims["counts"]
    article_ids = weighed.claims["articles"]["article_id"].take(counts["file"])
    return joined_text(article_ids, counts["fact_id"])


def claims(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What each article says of each fact, and the counts that derived grades rest on."""
    counts = weighed.claims["counts"]
    counts = counts.append_column("agrees", constant(True, counts)).append_column("key", counts["fact_id"])
    counts = counts.set_column(2, "fact_id", _count_ids(weighed))
    parts = {
        "grades": _rows("grades", weighed.grades.claims, printed="grade_as_printed", grade="grade"),
        "statements": _rows("statements", weighed.statements.claims, printed="excerpt"),
        "metrics": _rows("metrics", weighed.metrics.claims, printed="value_as_printed", value="value"),
        "counts": _rows("grade_counts", counts, grade="grade", value="number"),
        "derived": _derived(weighed),
    }
    table = pa.concat_tables(parts.values())
    article = weighed.claims["articles"]["article_id"].take(table["file"])
    columns: Columns = {name: table[name] for name in table.column_names}
    columns |= {"claim_id": joined_text(article, table["key"]), "article_id": article}
    sections = [
        {"derived": "counts"}.get(section, section) for section, part in parts.items() for _ in range(len(part))
    ]
    return finished("claims", columns, Trace(sections, table["file"], table["item"]))


def _rows(name: str, claims: pa.Table, printed: str = "", grade: str = "", value: str = "") -> pa.Table:
    key = claims["key"] if "key" in claims.column_names else claims["fact_id"]
    nothing = constant("", claims)
    columns = {
        "file": claims["file"],
        "item": claims["item"],
        "table": constant(name, claims),
        "key": joined_text(constant(_SINGULAR[name], claims), key),
        "fact_id": claims["fact_id"],
        "origin_id": claims["origin"],
        "basis": constant("stated", claims),
        "value_as_printed": claims[printed] if printed else nothing,
        "grade": claims[grade] if grade else nothing,
        "value": claims[value] if value else nothing,
        "agrees": claims["agrees"],
        "note": claims["note"],
        "evidence_url": claims["evidence_url"],
    }
    return pa.table(columns)


def _derived(weighed: Weighed) -> pa.Table:
    rows = [
        (c.file, c.item, "grades", f"grade-{d.grade_id}", d.grade_id, c.origin, "derived", "", d.grade, "", True, "",
         c.evidence_url)
        for d in weighed.derived for c in d.counts
    ]  # fmt: skip
    return text_table(_COLUMNS, rows, {"file": pa.int32(), "item": pa.int32(), "agrees": pa.bool_()})
