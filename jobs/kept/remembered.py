"""What was found in a source folder, put into its cache and taken out again, whole or in part."""

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple

import msgspec
import numpy as np
import pyarrow as pa

from jobs.claims import COLUMNS, Claims, no_claims
from jobs.coded import different
from jobs.codelists import Codelists
from jobs.decisions import Decisions
from jobs.describe import told
from jobs.entries import Place
from jobs.kept.cache import (
    BATCH,
    DECISIONS,
    LISTS,
    ROWS,
    TABLE,
    TOLD,
    Cached,
    Head,
    cache_file,
    lists_digest,
    open_cache,
    table_bytes,
    table_digests,
    table_in,
    write_cache,
)
from jobs.kept.code import code_version
from jobs.kept.known import NOTHING, Key, Known
from jobs.kept.part import Ties, rows_of
from jobs.pipeline import Checked, Sources

STALE: Final = 0.01
"""Share of articles that are read again each time, before what is kept of all is written anew."""
_KEY: Final = 32
"""Bytes of a key."""
_SCHEMAS: Final = {kind: table.schema for kind, table in no_claims().tables.items()}
_TIES: Final = ("file", "item", "section", "inspection_id", "fact_id")
"""Columns by which claims find together."""
_decisions: Final = msgspec.msgpack.Decoder(Decisions)
_lists: Final = msgspec.msgpack.Decoder(Codelists)


def opened(folder: Place) -> Cached | None:
    """The cache of a source folder."""
    return open_cache(cache_file(folder))


def known_claims(cached: Cached | None, sources: Sources, today: str) -> Known:
    """The claims of the articles that were sound, if that still means the same.

    What was sound on one day is so on every later one: the only rule that looks at the day is that no date is to come.
    """
    keys = kept_keys(cached, sources, today) if cached else []
    tables: dict[str, pa.Table] = {}
    for kind in COLUMNS if cached and keys else ():
        table = _sound(cached.table(kind, _SCHEMAS[kind]), len(keys)) if cached else None
        if table is None:
            return NOTHING
        tables[kind] = table
    return Known(keys, Claims(tables)) if tables and _whole(tables["articles"], len(keys)) else NOTHING


def kept_keys(cached: Cached, sources: Sources, today: str) -> list[Key]:
    """The keys of all articles whose claims are kept and still mean the same."""
    if cached.head.lists != lists_digest(sources.codelists) or cached.head.day > today:
        return []
    keys = cached.section("keys") or b""
    return [keys[i : i + _KEY] for i in range(0, len(keys), _KEY)] if len(keys) % _KEY == 0 else []


def kept_lists(cached: Cached, sources: Sources) -> Codelists | None:
    """The code lists, if nothing was wrong with them and they are what they were; None otherwise."""
    if cached.head.lists != lists_digest(sources.codelists):
        return None
    try:
        return _lists.decode(cached.section(LISTS) or b"")
    except msgspec.MsgspecError:
        return None


def kept_decisions(cached: Cached, sources: Sources, today: str) -> Decisions | None:
    """What was decided, if nothing was wrong with it and it is what it was; None otherwise. The code lists must be."""
    if cached.head.decisions != decisions_digest(sources) or cached.head.day > today:
        return None
    try:
        found = _decisions.decode(cached.section(DECISIONS) or b"")
    except msgspec.MsgspecError:
        return None
    path, data = sources.decisions
    return found._replace(path=path, data=data)


class Slim(NamedTuple):
    """Of all claims only by what they find together, and all of the articles; whatever else is read when asked for.

    data: the sections that they are in.
    """

    data: Mapping[str, bytes]
    claims: Claims

    def part(self, ties: Ties) -> Claims | None:
        """The claims about these things; None if they are not sound."""
        tables = {"articles": self.claims["articles"]}
        for kind, rows in rows_of(self.claims, ties).items():
            numbers = different(rows // BATCH)
            table = table_in(self.data[kind], _SCHEMAS[kind], batches=set(numbers.tolist()))
            places = np.searchsorted(numbers, rows // BATCH) * BATCH + rows % BATCH
            if table is None or (len(places) and places[-1] >= len(table)):
                return None
            tables[kind] = table.take(pa.array(places))
            if not np.array_equal(tables[kind]["file"], np.asarray(self.claims[kind]["file"])[rows]):
                return None
        return Claims(tables)


def slim_claims(cached: Cached) -> Slim | None:
    """What is kept, as far as it tells what belongs together; None if it is not sound."""
    number = len(cached.section("keys") or b"") // _KEY
    tables: dict[str, pa.Table] = {}
    sections = {kind: cached.section(kind) or b"" for kind in COLUMNS}
    for kind, columns in COLUMNS.items():
        few = () if kind == "articles" else tuple(name for name in columns if name in _TIES)
        table = _sound(table_in(sections[kind], _SCHEMAS[kind], few), number)
        if table is None:
            return None
        tables[kind] = table
    return Slim(sections, Claims(tables)) if number and _whole(tables["articles"], number) else None


def _sound(table: pa.Table | None, number: int) -> pa.Table | None:
    """A table without nulls whose files are among so many articles and in their order, or None."""
    if table is None or any(column.null_count for column in table.columns):
        return None
    files = np.asarray(table["file"])
    ordered = not len(files) or bool(files[0] >= 0 and files[-1] < number and (files[1:] >= files[:-1]).all())
    return table if ordered else None


def _whole(articles: pa.Table, number: int) -> bool:
    return bool(np.array_equal(np.asarray(articles["file"]), np.arange(number)))


def remember(
    folder: Place, sources: Sources, checked: Checked, today: str, tables: Mapping[str, pa.Table] | None = None
) -> dict[str, str]:
    """Keeps the claims of all sound articles for the next time, and the tables if there are any, where it can.

    Returns the digest of each table that is kept.
    """
    files = np.asarray(checked.claims["articles"]["file"])
    keys: list[Key] = [checked.keys[file] for file in files.tolist()]
    if not keys or not all(keys):
        return {}
    numbers = np.full(len(sources.articles), -1, dtype=np.int32)
    numbers[files] = np.arange(len(files), dtype=np.int32)
    head = Head(code_version(), lists_digest(sources.codelists), decisions_digest(sources), today, {})
    sections: list[tuple[str, list[bytes | memoryview]]] = [("keys", [b"".join(keys)])]
    sections += [(kind, [table_bytes(_numbered(checked.claims[kind], numbers))]) for kind in COLUMNS]
    sections += [(f"{TABLE}{name}", [table_bytes(table)]) for name, table in (tables or {}).items()]
    if tables:
        sections.append((TOLD, [told()]))
    if checked.lists.rows:
        sections.append((LISTS, [msgspec.msgpack.encode(checked.lists)]))
    if checked.lists.rows and not any(problem.path == checked.decisions.path for problem in checked.problems):
        sections.append((DECISIONS, [msgspec.msgpack.encode(checked.decisions._replace(path="", data=b""))]))
    sections.append((ROWS, [msgspec.json.encode({name: len(table) for name, table in (tables or {}).items()})]))
    kept = write_cache(cache_file(folder), head, sections)
    return table_digests(kept) if kept else {}


def _numbered(table: pa.Table, numbers: "np.typing.NDArray[np.int32]") -> pa.Table:
    files = pa.array(numbers[np.asarray(table["file"])] if len(table) else [], pa.int32())
    return table.set_column(table.schema.get_field_index("file"), "file", files)


def decisions_digest(sources: Sources) -> str:
    """A digest of the decisions."""
    return hashlib.sha256(sources.decisions[1]).hexdigest()
