"""The table of changes and the changelog -> what is different from the release before."""

from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from jobs.outputs.edition import Edition
from jobs.outputs.page.reading import Row, by, rows, rows_of, table
from jobs.outputs.page.words import day, number
from schemas.vocabulary import CHANGE_KINDS

TOLD: Final = ("corrected", "revised", "retracted", "removed")
"""Kinds of change that are told cell by cell."""
CELLS: Final = 40
LETTERS: Final = 6_000
"""Of the changelog."""


class Changed(NamedTuple):
    """Rows and cells by table and kind of change, the cells that matter most, of how many, the changelog's words."""

    counts: list[Row]
    cells: list[Row]
    told: int
    words: str


def changed(edition: Edition) -> Changed:
    """What is different from the release before; empty for a first release."""
    found = table(edition, "changes")
    groups = found.group_by(["table_name", "kind"]).aggregate([("row_key", "count_distinct"), ("column_name", "count")])
    counts = rows_of(groups.sort_by([("table_name", "ascending"), ("kind", "ascending")]))
    counts = [row | {"means": CHANGE_KINDS.get(row["kind"], "")} for row in counts]
    cells = found.filter(pc.is_in(found["kind"], pa.array(TOLD, pa.string())))
    articles = by(rows(edition, "articles"), "article_id") if len(cells) else {}
    listed = [_cell(row, articles) for row in rows_of(cells.slice(0, CELLS))]
    return Changed(counts, listed, len(cells), _newest(edition.changelog))


def _cell(row: Row, articles: dict[Any, Row]) -> Row:
    article = articles.get(row["article_id"], {})
    return row | {"old": _value(row, "old"), "new": _value(row, "new"), "url": article.get("url") or ""}


def _value(row: Row, side: str) -> str:
    if row[f"{side}_number"] is not None:
        return number(row[f"{side}_number"])
    if row[f"{side}_flag"] is not None:
        return "TRUE" if row[f"{side}_flag"] else "FALSE"
    return row[f"{side}_text"] or day(row[f"{side}_date"]) or "nothing"


def _newest(changelog: str) -> str:
    """The part of the changelog about the newest release, without its heading."""
    _, heading, rest = changelog.partition("\n## ")
    words = rest.partition("\n## ")[0].partition("\n")[2].strip() if heading else ""
    return words if len(words) <= LETTERS else f"{words[:LETTERS].rpartition(chr(10))[0]}\n…"
