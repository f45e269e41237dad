"""The claims of all articles in a cache: what they find together by, and apart from it their rows, some a section.

So a few of them are taken out without reading the others.
"""

from collections.abc import Iterator
from itertools import count
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from jobs.claims import COLUMNS, Claims, no_claims
from jobs.coded import TEXT, different
from jobs.kept.cache import BATCH, Cached, coded_bytes, table_bytes
from jobs.kept.part import Ties, rows_of

_SCHEMAS: Final = {kind: table.schema for kind, table in no_claims().tables.items()}
_TIES: Final = ("file", "item", "section", "inspection_id", "fact_id")
"""Columns by which claims find together."""
_TIED: Final = {
    kind: pa.schema(
        field.with_type(pa.dictionary(pa.int32(), TEXT) if field.type == TEXT else field.type)
        for field in schema
        if field.name in _TIES
    )
    for kind, schema in _SCHEMAS.items()
    if kind != "articles"
}
"""Of the kinds of which not all is read; texts come again and again."""


def claim_sections(claims: Claims) -> Iterator[tuple[str, list[bytes | memoryview]]]:
    """Claims as sections of a cache."""
    for kind in COLUMNS:
        table = claims[kind]
        if kind in _TIED:
            yield _tied(kind), [coded_bytes(table.select(_TIED[kind].names))]
        for number, start in enumerate(range(0, max(len(table), 1), BATCH)):
            yield _rows(kind, number), [table_bytes(table.slice(start, BATCH))]


def all_claims(cached: Cached, number: int) -> Claims | None:
    """The claims of so many articles; None if they are not sound."""
    tables: dict[str, pa.Table] = {}
    for kind in COLUMNS:
        table = _sound(_read(cached, kind), number)
        if table is None:
            return None
        tables[kind] = table
    return Claims(tables) if _whole(tables["articles"], number) else None


class Slim(NamedTuple):
    """Of all claims only by what they find together, and all of the articles; whatever else is read when asked for.

    cached: where it is; claims: their texts are dictionaries, but for those of the articles.
    """

    cached: Cached
    claims: Claims

    def part(self, ties: Ties) -> Claims | None:
        """The claims about these things; None if they are not sound."""
        tables = {"articles": self.claims["articles"]}
        for kind, rows in rows_of(self.claims, ties).items():
            numbers = different(rows // BATCH)
            found = [self.cached.table(_rows(kind, number), _SCHEMAS[kind]) for number in numbers.tolist()]
            whole = [table for table in found if table is not None]
            table = pa.concat_tables(whole or [_SCHEMAS[kind].empty_table()])
            places = np.searchsorted(numbers, rows // BATCH) * BATCH + rows % BATCH
            if len(whole) < len(found) or (len(places) and places[-1] >= len(table)):
                return None
            tables[kind] = table.take(pa.array(places))
            if not np.array_equal(tables[kind]["file"], np.asarray(self.claims[kind]["file"])[rows]):
                return None
        return Claims(tables)


def slim_claims(cached: Cached, number: int) -> Slim | None:
    """What is kept of so many articles, as far as it tells what belongs together; None if it is not sound."""
    tables: dict[str, pa.Table] = {}
    for kind in COLUMNS:
        tied = _TIED.get(kind)
        table = _sound(cached.table(_tied(kind), tied) if tied else _read(cached, kind), number)
        if table is None:
            return None
        tables[kind] = table
    return Slim(cached, Claims(tables)) if number and _whole(tables["articles"], number) else None


def _tied(kind: str) -> str:
    return f"ties {kind}"


def _rows(kind: str, number: int) -> str:
    return f"{kind} {number}"


def _read(cached: Cached, kind: str) -> pa.Table | None:
    """All claims of a kind."""
    parts: list[pa.Table] = []
    for number in count():
        if not cached.has(_rows(kind, number)):
            return pa.concat_tables(parts) if parts else None
        table = cached.table(_rows(kind, number), _SCHEMAS[kind])
        if table is None:
            return None
        parts.append(table)
    return None


def _sound(table: pa.Table | None, number: int) -> pa.Table | None:
    """A table without nulls whose files are among so many articles and in their order, or None."""
    if table is None or any(column.null_count for column in table.columns):
        return None
    files = np.asarray(table["file"])
    ordered = not len(files) or bool(files[0] >= 0 and files[-1] < number and (files[1:] >= files[:-1]).all())
    return table if ordered else None


def _whole(articles: pa.Table, number: int) -> bool:
    return bool(np.array_equal(np.asarray(articles["file"]), np.arange(number)))
