"""The claims of articles as they were read before, by the digest of all that they were made from."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import COLUMNS, Claims, no_claims
from schemas.optional import pandas_unseen

Key = bytes
"""The sha256 of an article's id, bytes and pins."""
Numbers = npt.NDArray[np.int32]

FEW: Final = 500
"""Articles that are put between others in pieces; of more whole columns are sorted."""


@dataclass(frozen=True)
class Known:
    """Claims of sound articles, made with the same code and code lists as those that they are put beside.

    keys: of the articles, in the order of `file` in the claims.
    """

    keys: Sequence[Key]
    claims: Claims
    places: Mapping[Key, int] = field(init=False)

    def __post_init__(self) -> None:
        """Looks up where each key stands."""
        object.__setattr__(self, "places", {key: number for number, key in enumerate(self.keys)})

    def lacks(self, keys: Sequence[Key]) -> int:
        """How many of these keys are not known."""
        return sum(key not in self.places for key in keys)

    def numbers(self, keys: Sequence[Key]) -> Numbers:
        """For each known article its index among these keys; -1 where it is not among them."""
        found = np.full(len(self.keys), -1, dtype=np.int32)
        for index, key in enumerate(keys):
            place = self.places.get(key, -1)
            if place >= 0 and found[place] < 0:
                found[place] = index
        return found


pandas_unseen()  # whoever works on articles begins with this module, and has no use for pandas
NOTHING: Final = Known((), no_claims())
"""Where nothing was read before."""


def article_key(article_id: str, data: bytes, pins: bytes | None) -> Key:
    """The key of an article; pins: the bytes of its pins, None if there are none."""
    parts = (article_id.encode(errors="surrogateescape"), data, *(() if pins is None else (pins,)))
    digest = hashlib.sha256(b"%d" % len(parts))
    for part in parts:
        digest.update(b" %d " % len(part))
        digest.update(part)
    return digest.digest()


def with_known(known: Known, numbers: Numbers, fresh: Claims) -> Claims:
    """The claims of known articles under their new indices, and between them those of the others.

    numbers: for each known article its new index, -1 where it is wanted no more.
    """
    if not len(numbers):
        return fresh
    fresh = fresh.plain()
    moved = renumbered(known.claims, numbers)
    tables = {kind: _spliced(moved[kind], fresh[kind]) for kind in COLUMNS}
    return Claims(tables | {"articles": tables["articles"].combine_chunks()})


def renumbered(claims: Claims, numbers: Numbers) -> Claims:
    """Claims under other indices, by their index; without those whose new one is -1."""
    return Claims({kind: _renumbered(table, numbers) for kind, table in claims.tables.items()})


def _renumbered(table: pa.Table, numbers: Numbers) -> pa.Table:
    files = numbers[np.asarray(table["file"])] if len(table) else np.zeros(0, dtype=np.int32)
    kept = files >= 0
    if not kept.all():
        table, files = table.filter(pa.array(kept)), files[kept]
    table = table.set_column(table.schema.get_field_index("file"), "file", pa.array(files, pa.int32()))
    if len(files) and (files[1:] < files[:-1]).any():
        table = table.take(pa.array(np.argsort(files, kind="stable")))
    return table


def _spliced(table: pa.Table, fresh: pa.Table) -> pa.Table:
    """Two tables sorted by `file`, of which they have none in common, as one that is."""
    if not len(fresh) or not len(table):
        return fresh if len(fresh) else table
    new = pc.unique(fresh["file"]).to_numpy()
    if len(new) > FEW:
        both = pa.concat_tables([table, fresh])
        return both.take(pa.array(np.argsort(np.asarray(both["file"]), kind="stable")))
    ends = [*np.searchsorted(np.asarray(table["file"]), new).tolist(), len(table)]
    own = [*np.searchsorted(np.asarray(fresh["file"]), new).tolist(), len(fresh)]
    pieces = [table.slice(0, ends[0])]
    for index in range(len(new)):
        pieces.append(fresh.slice(own[index], own[index + 1] - own[index]))
        pieces.append(table.slice(ends[index], ends[index + 1] - ends[index]))
    return pa.concat_tables(pieces)
