"""A folder with a release -> what is in it, as the release itself declares it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from jobs import WrongUseError
from jobs.contents import StoredFile, loaded
from jobs.problems import escaped
from jobs.releases.about import About, parsed_about, plain
from jobs.releases.cells import distinct, keys
from jobs.releases.content import CHANGES, TYPES, Content, Declared, faults_of
from jobs.releases.reasons import NO_REASONS, Reasons, told_in
from jobs.staging import SUMS

ABOUT: Final = "release.json"
MAX_ABOUT: Final = 2**26
MAX_FILE: Final = 2**31 - 4096
"""Bytes of a file that can be read at once."""
_SWOLLEN: Final = 16
"""Bytes that a Parquet file makes of a byte of CSV, at most; eight of a digit, and twice as many on the way."""
_ROWS: Final = 2**16
"""Rows of a Parquet file that are read together, or as many as one of its groups has."""
_SPARE: Final = 2**20
"""Bytes beside the cells: what a Parquet file of a few rows is mostly made of."""


class UnsoundError(WrongUseError):
    """A folder that is not a release, or a broken one."""


def read_about(folder: Path) -> dict[str, Any]:
    """What `release.json` says. Raises UnsoundError where it is not there or not sound."""
    return plain(about_of(folder))


def about_of(folder: Path) -> About:
    """The same, typed. Raises UnsoundError where it is not there or not sound."""
    path = folder / ABOUT
    data = loaded(StoredFile(str(path), MAX_ABOUT))
    if isinstance(data, OSError):
        raise UnsoundError(f"{path}: {data.strerror}")
    try:
        about = parsed_about(data)
    except ValueError as error:
        raise UnsoundError(f"{path} cannot be understood: {escaped(str(error))[:200]}") from None
    for fault in _faults(about):
        raise UnsoundError(f"{path}: {escaped(fault)[:200]}")
    return about


def _faults(about: About) -> Iterator[str]:
    if CHANGES not in about.tables:
        yield f"the table {CHANGES} is not in it"
    for name, told in about.tables.items():
        if name != told.declared.name:
            yield "a table has two names"
        yield from (f"the table {name}: {fault}" for fault in faults_of(told.declared))


def load(folder: Path) -> Content:
    """The content of the release in a folder, but for its changes. Raises UnsoundError where it cannot be read."""
    about = about_of(folder)
    declared = {name: told.declared for name, told in about.tables.items()}
    tables = {
        name: read_table(folder, told.declared, told.rows) for name, told in about.tables.items() if name != CHANGES
    }
    for name, table in tables.items():
        if not distinct(keys(table, declared[name].key)):
            raise UnsoundError(f"{folder / f'{name}.parquet'}: the primary key is empty or repeats")
    return content_of(folder, about, tables)


def content_of(folder: Path, about: About, tables: Mapping[str, pa.Table]) -> Content:
    """The content of the release in a folder, whose tables are read already."""
    files = frozenset(path.name for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    declared = {name: told.declared for name, told in about.tables.items()}
    rows = {name: table for name, table in tables.items() if name != CHANGES}
    return Content(about.version, about.licence, files, declared, rows, frozenset(about.decisions))


def reasons_between(before: Path, after: Path) -> Reasons:
    """What a release says of its changes, if it is the one that follows the other."""
    about = about_of(after)
    if about.previous != about_of(before).version:
        return NO_REASONS
    return told_in(read_table(after, about.tables[CHANGES].declared, about.tables[CHANGES].rows))


def read_table(folder: Path, declared: Declared, rows: int) -> pa.Table:
    """A table of a release, from its Parquet file. Raises UnsoundError where it is not as declared."""
    table = packed_table(folder, declared, rows)
    try:
        return table.cast(_schema(declared))
    except (pa.ArrowException, MemoryError):
        raise UnsoundError(f"{folder / declared.name}.parquet cannot be read") from None


def packed_table(folder: Path, declared: Declared, rows: int) -> pa.Table:
    """The same, but for texts, which may be kept as dictionaries: that takes a tenth of the memory."""
    path = folder / f"{declared.name}.parquet"
    data = loaded(StoredFile(str(path), MAX_FILE))
    if isinstance(data, OSError):
        raise UnsoundError(f"{path}: {data.strerror}")
    schema = _schema(declared)
    try:
        file = pq.ParquetFile(pa.BufferReader(data))
        if file.metadata.num_rows != rows:
            raise UnsoundError(f"{path} has {file.metadata.num_rows:,} rows, {ABOUT} tells of {rows:,}")
        if file.schema_arrow.names != schema.names or not all(map(_alike, file.schema_arrow.types, schema.types)):
            raise UnsoundError(f"{path} does not have the columns that {ABOUT} declares")
        found = unpacked(path, data, _room(folder, declared, len(data)))
        table = found.cast(pa.schema(map(_packed, found.schema, schema)))
        table.validate(full=True)
    except (pa.ArrowException, OSError, ValueError, MemoryError):
        raise UnsoundError(f"{path} cannot be read") from None
    return table


def _schema(declared: Declared) -> pa.Schema:
    return pa.schema([(column.name, TYPES[column.type]) for column in declared.columns])


def _packed(found: pa.Field, due: pa.Field) -> pa.Field:
    """What is due, but for texts that are a dictionary already."""
    return found if pa.types.is_dictionary(found.type) and found.type.value_type == due.type else due


def unpacked(path: Path, data: bytes, room: int) -> pa.Table:
    """The table in the bytes of a Parquet file, its texts as dictionaries: one that stands there often is kept once.

    Raises UnsoundError where it would have more cells, or bytes of texts, than `room`; ArrowException, OSError,
    ValueError or MemoryError where it is no such file.
    """
    file = pq.ParquetFile(pa.BufferReader(data))
    _refuse_swollen(path, file.metadata.num_rows * file.metadata.num_columns + _claimed(file) // _SWOLLEN, room)
    texts = [field.name for field in file.schema_arrow if _alike(field.type, pa.string())]
    file = pq.ParquetFile(pa.BufferReader(data), metadata=file.metadata, read_dictionary=texts)
    parts, length = [], 0
    for groups in _groups(file.metadata):
        parts.append(file.read_row_groups(groups))
        length += sum(map(_length, parts[-1].columns))
        _refuse_swollen(path, length, room)
    return pa.concat_tables(parts)


def _groups(metadata: pq.FileMetaData) -> Iterator[list[int]]:
    """Numbers of row groups that are read together: few rows, so that dictionaries stay in the cache."""
    together, rows = [], 0
    for number in range(metadata.num_row_groups):
        together.append(number)
        rows += metadata.row_group(number).num_rows
        if rows >= _ROWS:
            yield together
            together, rows = [], 0
    if together or not metadata.num_row_groups:
        yield together


def _room(folder: Path, declared: Declared, size: int) -> int:
    """Bytes that the cells of a table can have: those of its CSV file, or of its Parquet file where there is none."""
    try:
        return (folder / f"{declared.name}.csv").lstat().st_size + _SPARE
    except OSError:
        return _SWOLLEN * size + _SPARE


def _refuse_swollen(path: Path, cells: int, room: int) -> None:
    """Raises UnsoundError where a small file would become a huge table."""
    if cells > room:
        raise UnsoundError(f"{path} cannot be read: of {room:,} bytes at most it makes {cells:,}")


def _claimed(file: pq.ParquetFile) -> int:
    """The bytes that the pages of a file have when they are unpacked, as it says itself."""
    groups = (file.metadata.row_group(number) for number in range(file.metadata.num_row_groups))
    return sum(group.total_byte_size for group in groups)


def _length(column: pa.ChunkedArray) -> int:
    """The bytes of the texts in a column; of texts that are kept once, as often as they stand there."""
    if not pa.types.is_dictionary(column.type):
        return 0
    lengths = (pc.sum(pc.binary_length(part.dictionary).take(part.indices)).as_py() for part in column.chunks)
    return sum(length or 0 for length in lengths)


def _alike(found: pa.DataType, due: pa.DataType) -> bool:
    """Whether a column is of a type; texts may be kept in several ways."""
    if pa.types.is_dictionary(found):
        found = found.value_type
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return found == due or (pa.types.is_string(due) and any(is_(found) for is_ in texts))
