"""Published tables as they were kept, each read and proved when it is asked for, and those that have changed since."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from threading import Lock, Thread
from typing import NamedTuple

import msgspec
import pyarrow as pa

from jobs import UnfitError
from jobs.describe import arrow_schema, published
from jobs.kept.cache import ROWS, TABLE, Cached, table_digests

_decoder = msgspec.json.Decoder(dict[str, int])


class Spliced(NamedTuple):
    """A table as it is now, and how it differs from the kept one.

    gone: numbers of the kept rows that it lacks; places: for each row that is new, that of the kept row before which it
    stands. Both ascend.
    """

    table: pa.Table
    gone: Sequence[int] = ()
    places: Sequence[int] = ()


class KeptTables(Mapping[str, pa.Table]):
    """All published tables; asking for one raises UnfitError where it is not as it must be."""

    def __init__(self, cached: Cached) -> None:
        """As they are kept, not read yet. Raises UnfitError where nothing tells how many rows they have."""
        self._cached = cached
        try:
            self._rows = _decoder.decode(cached.section(ROWS) or b"{}")
        except msgspec.MsgspecError:
            self._rows = {}
        if self._rows.keys() != set(published()):
            raise UnfitError(ROWS)
        self._lock = Lock()
        self._read: dict[str, pa.Table] = {}
        self._changed: dict[str, Spliced] = {}

    def __getitem__(self, name: str) -> pa.Table:
        """A table."""
        return self.spliced(name).table

    def spliced(self, name: str) -> Spliced:
        """A table, with the rows by which it differs from the kept one."""
        if name not in self._rows:
            raise KeyError(name)
        with self._lock:
            if name not in self._read:
                table = self._cached.table(f"{TABLE}{name}", arrow_schema(name))
                if table is None:
                    raise UnfitError(name)
                self._read[name] = table
            return self._changed.get(name) or Spliced(self._read[name])

    def begin(self, name: str) -> None:
        """Lets a thread read a table that will be asked for; whether it is as it must be shows then."""

        def read() -> None:
            with suppress(UnfitError):
                self[name]

        Thread(target=read, daemon=True).start()

    def __iter__(self) -> Iterator[str]:
        """Their names."""
        return iter(published())

    def __len__(self) -> int:
        """How many tables there are."""
        return len(published())

    def change(self, tables: Mapping[str, Spliced]) -> None:
        """Puts others in the places of some that have been read."""
        self._changed.update(tables)

    def digests(self) -> dict[str, str]:
        """The digests of all as they were kept."""
        return table_digests(self._cached.head)

    def unchanged(self) -> dict[str, str]:
        """The digests of those that are as they were kept."""
        return {name: digest for name, digest in self.digests().items() if name not in self._changed}

    def lengths(self) -> dict[str, int]:
        """How many rows each of them has, none of them being read for that."""
        return {name: len(self._changed[name].table) if name in self._changed else self._rows[name] for name in self}


def lengths(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """How many rows tables have."""
    return tables.lengths() if isinstance(tables, KeptTables) else {name: len(tables[name]) for name in tables}
