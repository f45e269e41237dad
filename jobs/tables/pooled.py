"""Columns of several tables as one, from which rows are taken: nothing is copied or compared before it is wanted."""

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import placed, whole
from jobs.tables.common import Column, typed
from jobs.weigh.groups import Indexes

MOST_BYTES: Final = 2**31 - 1
"""Of texts in one array of a published column."""


class Pooled(NamedTuple):
    """The values of a column, dictionaries one after the other (so a value may come again), and where rows find them.

    places: None where each row has its own value.
    """

    values: pa.Array
    places: npt.NDArray[np.signedinteger[Any]] | None

    def taken(self, rows: Indexes) -> pa.Array:
        """The values of some rows."""
        return self.values.take(pa.array(rows if self.places is None else self.places[rows]))

    def column(self, rows: Indexes) -> pa.Array:
        """The same, texts as a dictionary where they come again."""
        if self.places is None or self.values.type != pa.string():
            return self.taken(rows)
        return placed(self.values, pa.array(self.places[rows]))

    def typed(self, kind: pa.DataType) -> "Pooled":
        """With values of the type of a published column, empty text as null; as it is if that cannot hold all."""
        return self if self.values.nbytes > MOST_BYTES else self._replace(values=typed(self.values, kind))

    def ranks(self) -> Indexes:
        """The values as numbers that are equal and greater where they are."""
        rank: Indexes = np.asarray(pc.rank(self.values, tiebreaker="min")).astype(np.int64)
        return rank if self.places is None else rank[self.places]


def pooled(columns: Iterable[Column]) -> Pooled:
    """Columns of one type put one after the other, texts as they are or as dictionaries."""
    chunks = [chunk for column in columns for chunk in getattr(column, "chunks", ()) or [whole(column)]]
    values = [chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk for chunk in chunks]
    if not any(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        return Pooled(pa.chunked_array(values).combine_chunks(), None)
    starts = accumulate((len(each) for each in values), initial=0)
    number: type[np.signedinteger[Any]] = np.int32 if sum(map(len, values)) < 2**31 else np.int64
    places = [
        (np.asarray(chunk.indices) if pa.types.is_dictionary(chunk.type) else np.arange(len(chunk))) + number(start)
        for chunk, start in zip(chunks, starts, strict=False)
    ]
    return Pooled(pa.concat_arrays(values), np.concatenate(places, dtype=number))


def entwined(names: Iterable[str]) -> set[str]:
    """Names of which one begins another, so that texts that begin with them are not sorted as the names are."""
    found, first = set[str](), "-"
    for one, other in pairwise(sorted(f"{name}-" for name in names)):
        first = first if one.startswith(first) else one
        if other.startswith(first):
            found |= {first[:-1], other[:-1]}
    return found
