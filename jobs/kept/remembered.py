"""What was found in a source folder, put into its cache and taken out again, whole or in part."""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa

from jobs.claims import COLUMNS, Claims
from jobs.codelists import Codelists
from jobs.decisions import Decisions
from jobs.describe import told
from jobs.entries import Place
from jobs.kept.cache import (
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
    write_cache,
)
from jobs.kept.code import code_version
from jobs.kept.known import NOTHING, Key, Known
from jobs.kept.slim import all_claims, claim_sections
from jobs.pipeline import Checked, Sources

STALE: Final = 0.01
"""Share of articles that are read again each time, before what is kept of all is written anew."""
_KEY: Final = 32
"""Bytes of a key."""
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
    claims = all_claims(cached, len(keys)) if cached and keys else None
    return Known(keys, claims) if claims else NOTHING


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
    """What was decided, if nothing was wrong with it and it is what it was; None otherwise. The same must hold of the
    code lists."""
    if cached.head.decisions != decisions_digest(sources) or cached.head.day > today:
        return None
    try:
        found = _decisions.decode(cached.section(DECISIONS) or b"")
    except msgspec.MsgspecError:
        return None
    path, data = sources.decisions
    return found._replace(path=path, data=data)


def kept_number(cached: Cached) -> int:
    """How many articles are kept."""
    return len(cached.section("keys") or b"") // _KEY


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
    sections += claim_sections(Claims({kind: _numbered(checked.claims[kind], numbers) for kind in COLUMNS}))
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
