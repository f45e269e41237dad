"""Columns of several tables as one, from which rows are taken: nothing is copied or compared before it is wanted."""

from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.tables.common import Column
from jobs.weigh.groups import Indexes


class Pooled(NamedTuple):
    """The values of a column, dictionaries one after the other (so a value may come again), and where rows find them.

    places: None where each row has its own value.
    """

    values: pa.Array
    places: Indexes | None

    def taken(self, rows: Indexes) -> pa.Array:
        """The values of some rows."""
        return self.values.take(pa.array(rows if self.places is None else self.places[rows]))

    def all(self) -> pa.Array:
        """The value of each row, a dictionary where values come again."""
        return self.values if self.places is None else pa.DictionaryArray.from_arrays(self.places, self.values)

    def ranks(self) -> Indexes:
        """The values as numbers that are equal and greater where they are."""
        rank: Indexes = np.asarray(pc.rank(self.values, tiebreaker="min")).astype(np.int64)
        return rank if self.places is None else rank[self.places]


def pooled(columns: Iterable[Column]) -> Pooled:
    """Columns of one type put one after the other, texts as they are or as dictionaries."""
    chunks = [c for column in columns for c in (column.chunks if isinstance(column, pa.ChunkedArray) else [column])]
    values = [chunk.dictionary if pa.types.is_dictionary(chunk.type) else chunk for chunk in chunks]
    if not any(pa.types.is_dictionary(chunk.type) for chunk in chunks):
        return Pooled(pa.chunked_array(values).combine_chunks(), None)
    starts = accumulate((len(each) for each in values), initial=0)
    places = [
        (np.asarray(chunk.indices) if pa.types.is_dictionary(chunk.type) else np.arange(len(chunk))) + np.int64(start)
        for chunk, start in zip(chunks, starts, strict=False)
    ]
    return Pooled(pa.concat_arrays(values), np.concatenate(places))


def entwined(names: Iterable[str]) -> set[str]:
    """Names of which one begins another, so that texts that begin with them are not sorted as the names are."""
    found, first = set[str](), "-"
    for one, other in pairwise(sorted(f"{name}-" for name in names)):
        first = first if one.startswith(first) else one
        if other.startswith(first):
            found |= {first[:-1], other[:-1]}
    return found
