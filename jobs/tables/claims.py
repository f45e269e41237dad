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
from jobs.tables.facts import Weighed

_COLUMNS: Final = (
    "file", "item", "section", "table", "key", "fact_id", "origin_id", "basis", "value_as_printed", "grade", "value",
    "agrees", "note", "fragment",
)  # fmt: skip
_SINGULAR: Final = {"grades": "grade", "statements": "statement", "metrics": "metric", "grade_counts": "count"}


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
    counts = counts.append_column("agrees", constant(True, counts)).append_column("fact_id", _count_ids(weighed))
    parts = [
        _rows("grades", weighed.grades.claims, grade="grade"),
        _rows("statements", weighed.statements.claims, printed="excerpt"),
        _rows("metrics", weighed.metrics.claims, printed="value_as_printed", value="value"),
        _rows("grade_counts", counts, grade="grade", value="number", key="key"),
        _derived(weighed),
    ]
    rows = pa.concat_tables(parts)
    table = rows.take(pc.sort_indices(joined_text(weighed.of_articles(rows, "article_id"), rows["key"])))
    article = weighed.of_articles(table, "article_id")
    columns: Columns = {name: table[name] for name in table.column_names}
    columns |= {"claim_id": joined_text(article, table["key"]), "article_id": article}
    columns |= {"evidence_url": weighed.evidence_urls(table)}
    return finished("claims", columns, Trace(table["section"], table["file"], table["item"]))


def _rows(
    name: str, claims: pa.Table, printed: str = "", grade: str = "", value: str = "", key: str = "fact_id"
) -> pa.Table:
    nothing = constant("", claims)
    columns = {
        "file": claims["file"],
        "item": claims["item"],
        "section": constant("counts" if name == "grade_counts" else name, claims),
        "table": constant(name, claims),
        "key": joined_text(constant(_SINGULAR[name], claims), claims[key]),
        "fact_id": claims["fact_id"],
        "origin_id": claims["origin"],
        "basis": constant("stated", claims),
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
        (c.file, c.item, "counts", "grades", f"grade-{d.grade_id}", d.grade_id, c.origin, "derived", "", d.grade, "",
         True, "", c.fragment)
        for d in weighed.derived for c in d.counts
    ]  # fmt: skip
    return text_table(_COLUMNS, rows, {"file": pa.int32(), "item": pa.int32(), "agrees": pa.bool_()})
