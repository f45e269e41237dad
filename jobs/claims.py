"""Claims: what each article says, as columns, every row with the file and item that it was written in."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from jobs.coded import TEXT, Column, encoded, plain
from jobs.spread import threads

Columns = dict[str, Any]
"""Name of a column -> its cells: a `Column` of texts, an array, or a sequence."""

_PLACE: Final = ("file", "item", "fact_id")
_COMMON: Final = ("inspection_id", "origin", "fragment", "note")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "articles": (
        "file", "article_id", "url", "title", "publisher_id", "licence", "language", "published_from", "published_to",
        "date_basis", "updated_on", "origin", "note", "text",
    ),
    "grades": (*_PLACE, *_COMMON, "area_id", "grade", "value_as_printed", "revised_on", "previous_grade"),
    "counts": (*_PLACE, *_COMMON, "grade", "label", "number", "total_as_printed", "without"),
    "statements": (
        *_PLACE, *_COMMON,
        "speaker", "kind", "stance", "area_id", "summary", "excerpt", "speech", "said_on", "due_on",
        "role", "organisation_id",
    ),
    "metrics": (
        *_PLACE, *_COMMON,
        "measure_id", "value", "value_as_printed", "claimed_by", "said_by", "subject_id", "unit", "qualifier",
        "period_start", "period_end", "period_as_printed", "as_of", "threshold", "threshold_unit", "baseline",
        "baseline_start", "baseline_end", "change_from", "change_to", "comparator", "comparator_value", "population",
        "sample", "status", "area_id",
    ),
    "events": (*_PLACE, *_COMMON, "force_id", "event", "area_id", "summary", "happened_from", "happened_to"),
    "pins": ("file", "section", "item", "span_start", "span_end", "span_words", "span_sha256"),
}  # fmt: skip
"""The columns of the claims of each kind; `file` is the index of the article's path, `item` that in its section,
`fragment` what follows the article's address in a link to the passage. Dates that nobody knows are empty."""

_PLAIN: Final = ("articles", "pins")
"""Kinds with few texts that come again."""
_INTEGERS: Final = ("file", "item", "span_start", "span_end", "span_words")


@dataclass(frozen=True)
class Claims:
    """The claims of some articles: one table a kind, columns as in `COLUMNS`, text but for `file` and `item`.

    Articles repeat each other, so the texts of what they say may be dictionaries, each in one piece.
    """

    tables: dict[str, pa.Table]

    def __getitem__(self, kind: str) -> pa.Table:
        """The claims of one kind."""
        return self.tables[kind]

    def plain(self) -> "Claims":
        """The same without dictionaries."""
        return Claims({kind: plain(table) for kind, table in self.tables.items()})


def claims_table(kind: str, columns: Columns) -> pa.Table:
    """The claims of one kind; texts that come again are dictionaries."""
    array = _array if kind in _PLAIN else _coded
    return pa.table({name: array(name, columns[name]) for name in COLUMNS[kind]})


def _coded(name: str, cells: Any) -> pa.Array:
    if isinstance(cells, Column):
        return cells.coded()
    return _array(name, cells) if name in _INTEGERS else encoded(_array(name, cells))


def _array(name: str, cells: Any) -> pa.Array:
    if isinstance(cells, Column):
        return cells.array()
    if isinstance(cells, pa.Array):
        return cells
    return pa.array(cells, pa.int32() if name in _INTEGERS else TEXT)


def joined(parts: Iterable[Claims]) -> Claims:
    """Claims made in parts, as one; the parts come in the order of their files."""
    parts = list(parts) or [no_claims()]
    with threads(2, sum(len(table) for part in parts for table in part.tables.values())) as working:
        tables = working.map(lambda kind: pa.concat_tables([part[kind] for part in parts]).combine_chunks(), COLUMNS)
        return Claims(dict(zip(COLUMNS, tables, strict=True)))


def no_claims() -> Claims:
    """The claims of no article at all, without dictionaries."""
    types = {name: pa.int32() if name in _INTEGERS else TEXT for columns in COLUMNS.values() for name in columns}
    return Claims({kind: pa.table({n: pa.array([], types[n]) for n in columns}) for kind, columns in COLUMNS.items()})
