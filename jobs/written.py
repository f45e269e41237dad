"""What some articles say, cell by cell: of articles that are there as such, or of the JSON of many at once.

Of many, the quick way: the parser of Arrow makes columns of their JSON without an object for any article, item or text.
Where it finds anything that no article has, there is no result, and whoever asks reads them one by one.
"""

from collections.abc import Sequence
from itertools import chain
from operator import attrgetter
from typing import Final, Protocol

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import TEXT, Column, Numbers, coded_texts
from schemas.article import HEAD, SECTIONS, Article, Count, Entry

FREE: Final = ("counts", "grades")
"""The one place where keys are free."""
_LABELS: Final = 100
"""Names of grades that may be counted in a chunk; there are a dozen in all."""


class Written(Protocol):
    """Some articles, as whoever has read them gives them out."""

    def __len__(self) -> int:
        """How many there are."""

    def article(self, number: int) -> Article:
        """One of them."""

    def lengths(self, section: str) -> Numbers:
        """How many items each has in a section."""

    def column(self, section: str, field: str) -> Column[str]:
        """What the items of a section have under a key; without a section, what the articles have."""

    def counted(self) -> list[dict[str, str]]:
        """What the items of `counts` count: grade as written -> number."""


class Articles:
    """Articles that are there as such."""

    def __init__(self, articles: Sequence[Article]) -> None:
        """Columns are made when they are asked for."""
        self._articles, self._items = articles, dict[str, list[Entry]]()

    def __len__(self) -> int:
        """How many there are."""
        return len(self._articles)

    def article(self, number: int) -> Article:
        """One of them."""
        return self._articles[number]

    def lengths(self, section: str) -> Numbers:
        """How many items each has in a section."""
        return np.fromiter(map(len, map(attrgetter(section), self._articles)), np.int64, len(self))

    def column(self, section: str, field: str) -> Column[str]:
        """What the items of a section have under a key; without a section, what the articles have."""
        return coded_texts(list(map(attrgetter(field), self._of(section) if section else self._articles)))

    def counted(self) -> list[dict[str, str]]:
        """What the items of `counts` count."""
        return list(map(attrgetter("grades"), self._of("counts")))

    def _of(self, section: str) -> list[Entry]:
        if section not in self._items:
            self._items[section] = list(chain.from_iterable(map(attrgetter(section), self._articles)))
        return self._items[section]


class FromJson:
    """Articles as JSON and their columns. `from_json` makes them."""

    def __init__(self, objects: Sequence[bytes], columns: pa.Table, counted: list[dict[str, str]]) -> None:
        """The columns are those of the articles, a list of structs for each section."""
        self._objects, self._columns, self._counted = objects, columns, counted
        self._items = {name: columns[name].combine_chunks().flatten() for name in SECTIONS}

    def __len__(self) -> int:
        """How many there are."""
        return len(self._objects)

    def article(self, number: int) -> Article:
        """One of them."""
        return _decoder.decode(self._objects[number])

    def lengths(self, section: str) -> Numbers:
        """How many items each has in a section."""
        lengths: Numbers = pc.list_value_length(self._columns[section]).fill_null(0).to_numpy().astype(np.int64)
        return lengths

    def column(self, section: str, field: str) -> Column[str]:
        """What the items of a section have under a key; without a section, what the articles have."""
        cells = self._items[section].field(field) if section else self._columns[field].combine_chunks()
        return coded_texts(cells.fill_null(""))

    def counted(self) -> list[dict[str, str]]:
        """What the items of `counts` count."""
        return self._counted

    def whole(self) -> bool:
        """Whether every item is one, and every article and item has what it must have."""
        whole = not any(self._columns[field].null_count for field in Article.required)
        for name, items in self._items.items():
            required = (field for field in SECTIONS[name].required if (name, field) != FREE)
            whole = whole and not items.null_count and not any(items.field(field).null_count for field in required)
        return whole


class _Counting(msgspec.Struct, gc=False):
    """Of an article, what it counts."""

    counts: list[Count] = []


_decoder = msgspec.json.Decoder(Article)
_counting = msgspec.json.Decoder(_Counting)


def from_json(objects: Sequence[bytes]) -> FromJson | None:
    """Articles from JSON objects without empty texts or nulls; None if anything in them is no article's.

    They are in UTF-8, as whoever calls has seen. Anything: keys that are unknown, missing or there twice, and whatever
    is not text where there should be text.
    """
    if not objects or not all(each.startswith(b"{") for each in objects):  # or the parser may crash
        return None
    try:
        counted = [count.grades for each in objects if b'"counts"' in each for count in _counting.decode(each).counts]
        labels = dict.fromkeys(chain.from_iterable(counted))
        if len(labels) > _LABELS or not all(counted) or not all(map(str.strip, labels)):
            return None
        made = FromJson(objects, _columns(b"\n".join(objects), list(labels)), counted)
    except (pa.ArrowException, msgspec.MsgspecError, RecursionError):
        return None
    return made if len(made) == len(made.lengths("counts")) and made.whole() else None


def _columns(text: bytes, labels: Sequence[str]) -> pa.Table:
    """Raises ArrowInvalid where the text has keys or values that no article has."""
    from pyarrow import json

    return json.read_json(
        pa.BufferReader(text),
        json.ReadOptions(use_threads=False, block_size=len(text) + 1),
        json.ParseOptions(_schema(labels), newlines_in_values=True, unexpected_field_behavior="error"),
    )


def _schema(labels: Sequence[str]) -> pa.Schema:
    """The columns of articles that count these grades."""
    heads = [(field, TEXT) for field in HEAD]
    grades = pa.struct([(label, TEXT) for label in labels])
    sections = [
        (name, pa.struct([(f, grades if (name, f) == FREE else TEXT) for f in entry.__struct_fields__]))
        for name, entry in SECTIONS.items()
    ]
    return pa.schema([*heads, *((name, pa.list_(items)) for name, items in sections)])
