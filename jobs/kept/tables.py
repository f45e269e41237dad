"""Published tables as they were kept, each read and proved when it is asked for, and those that have changed since."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from threading import Lock, Thread

import msgspec
import pyarrow as pa

from jobs import UnfitError
from jobs.describe import arrow_schema, published
from jobs.kept.cache import ROWS, TABLE, Cached, table_digests

_decoder = msgspec.json.Decoder(dict[str, int])


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
        self._changed: dict[str, pa.Table] = {}

    def __getitem__(self, name: str) -> pa.Table:
        """A table."""
        if name not in self._rows:
            raise KeyError(name)
        with self._lock:
            if name not in self._read:
                table = self._cached.table(f"{TABLE}{name}", arrow_schema(name))
                if table is None:
                    raise UnfitError(name)
                self._read[name] = table
            return self._changed.get(name, self._read[name])

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

    def change(self, tables: Mapping[str, pa.Table]) -> None:
        """Puts others in the places of some that have been read."""
        self._changed.update(tables)

    def unchanged(self) -> dict[str, str]:
        """The digests of those that are as they were kept."""
        digests = table_digests(self._cached.head)
        return {name: digest for name, digest in digests.items() if name not in self._changed}

    def lengths(self) -> dict[str, int]:
        """How many rows each of them has, none of them being read for that."""
        return {name: len(self._changed[name]) if name in self._changed else self._rows[name] for name in self}


def lengths(tables: Mapping[str, pa.Table]) -> dict[str, int]:
    """How many rows tables have."""
    return tables.lengths() if isinstance(tables, KeptTables) else {name: len(tables[name]) for name in tables}
