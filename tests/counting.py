"""How much DuckDB reads of a Parquet file: it gets the file through fsspec, from a file system that counts bytes."""

import datetime as dt
import io
from typing import Any, NamedTuple

import duckdb
from fsspec.spec import AbstractFileSystem


class Answer(NamedTuple):
    """The rows that a query found, and how many bytes of the file were read for them, in how many reads."""

    rows: int
    bytes: int
    reads: int


class _File(io.BytesIO):
    def __init__(self, data: bytes, counts: list[int]) -> None:
        super().__init__(data)
        self.counts = counts

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.counts.append(len(data))
        return data


class _Counting(AbstractFileSystem):  # type: ignore[misc]
    protocol = "counting"
    cachable = False

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data, self.counts = data, list[int]()

    def info(self, path: str, **_: Any) -> dict[str, Any]:
        return {"name": path, "size": len(self.data), "type": "file"}

    def ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:
        return [self.info(path)] if detail else [path]

    def modified(self, path: str) -> dt.datetime:
        return dt.datetime(2026, 1, 1)

    def _open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        return _File(self.data, self.counts)


def asked(data: bytes, force: str, area: str, columns: str = "*") -> Answer:
    """One force, one area: what DuckDB finds and reads, in one thread."""
    system = _Counting(data)
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register_filesystem(system)
        query = f"SELECT {columns} FROM 'counting://table.parquet' WHERE force_id = ? AND area_id = ?"
        rows = len(connection.execute(query, [force, area]).fetchall())
    return Answer(rows, sum(system.counts), len(system.counts))
