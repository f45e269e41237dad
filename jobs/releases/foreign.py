"""A folder of CSV and Parquet files that others made -> its tables, as far as they say what they are.

What is declared comes from a `datapackage.json` beside them, if there is one. Without it the types of CSV cells follow
from the cells.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.csv as pv

from jobs.contents import StoredFile, loaded
from jobs.problems import escaped, shown
from jobs.releases.content import Content
from jobs.releases.load import MAX_ABOUT, MAX_FILE, UnsoundError, unpacked
from jobs.releases.plain import as_type, typed
from jobs.staging import SUMS

PACKAGE: Final = "datapackage.json"
_ENDS: Final = (".parquet", ".csv", ".tsv")
"""Of two files of one name the first is read: it knows its types."""
_TYPES: Final = {
    "string": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
_MOST: Final = 2**30
"""Cells, or bytes of texts, of a Parquet file: about what a CSV file can have that is read at once."""


class Found(NamedTuple):
    """What a folder holds: tables with what is declared of them, and the columns whose types nobody told."""

    tables: Mapping[str, pa.Table]
    keys: Mapping[str, tuple[str, ...]]
    about: Mapping[str, Mapping[str, Mapping[str, Any]]]
    guessed: frozenset[tuple[str, str]]
    files: frozenset[str]
    licence: str
    version: str


def holds_tables(folder: Path) -> bool:
    """Whether a folder has a file that may be a table."""
    try:
        return folder.is_dir() and any(path.suffix in _ENDS or path.name == PACKAGE for path in folder.iterdir())
    except OSError:
        return False


def found_in(content: Content) -> Found:
    """A release of ours, as others see it who do not know our declarations."""
    keys = {name: table.key for name, table in content.declared.items() if name in content.tables}
    return Found(content.tables, keys, {}, frozenset(), content.files, content.licence, content.version)


def found_at(folder: Path) -> Found:
    """What a folder holds. Raises UnsoundError where a file in it cannot be read."""
    files = frozenset(path.name for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    package = _package(folder) if PACKAGE in files else {}
    resources = {name: (path, schema) for name, path, schema in _resources(package)}
    beside = {PurePosixPath(path).name for path, _ in resources.values()}
    for name in sorted(files - beside, key=lambda name: (_rank(name), name)):
        if PurePosixPath(name).suffix in _ENDS:
            resources.setdefault(PurePosixPath(name).stem, (name, {}))
    tables, guessed = {}, set()
    for name, (path, schema) in sorted(resources.items()):
        said = {field["name"]: _text(field.get("type")) for field in _fields(schema)}
        tables[name], unknown = _table(folder / path, said)
        guessed |= {(name, column) for column in unknown}
    keys = {name: _key(schema) for name, (_, schema) in resources.items() if _key(schema)}
    about = {name: dict(_about(schema)) for name, (_, schema) in resources.items()}
    licences = [_text(part.get("name")) for part in _parts(package.get("licenses"))]
    return Found(tables, keys, about, frozenset(guessed), files, " + ".join(licences), _text(package.get("version")))


def _rank(name: str) -> int:
    suffix = PurePosixPath(name).suffix
    return _ENDS.index(suffix) if suffix in _ENDS else len(_ENDS)


# --- datapackage.json, of which nothing is taken for granted


def _package(folder: Path) -> dict[str, Any]:
    data = loaded(StoredFile(str(folder / PACKAGE), MAX_ABOUT))
    if isinstance(data, OSError):
        raise UnsoundError(f"{folder / PACKAGE}: {data.strerror}")
    try:
        package = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnsoundError(f"{folder / PACKAGE} cannot be understood: {escaped(str(error))[:200]}") from None
    return package if isinstance(package, dict) else {}


def _resources(package: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Name, path and schema of each table that lies in the folder."""
    for resource in _parts(package.get("resources")):
        path, schema = PurePosixPath(_text(resource.get("path"))), resource.get("schema")
        inside = not path.is_absolute() and ".." not in path.parts and ":" not in str(path) and "\0" not in str(path)
        if inside and path.suffix in _ENDS:
            yield _text(resource.get("name")) or path.stem, str(path), schema if isinstance(schema, dict) else {}


def _parts(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _fields(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [field for field in _parts(schema.get("fields")) if _text(field.get("name"))]


def _key(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return _names(schema.get("primaryKey"))


def _names(value: object) -> tuple[str, ...]:
    """One name or several, as they stand in keys."""
    listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(name for name in listed if isinstance(name, str))


def _about(schema: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Of each column what is declared of it, in our words."""
    references = dict(_references(schema))
    for field in _fields(schema):
        limits = field.get("constraints")
        limits = limits if isinstance(limits, dict) else {}
        codes, least = limits.get("enum"), limits.get("minimum")
        said: dict[str, Any] = {"title": _text(field.get("title")), "description": _text(field.get("description"))}
        said |= {"nullable": limits.get("required") is not True and field["name"] not in _key(schema)}
        said |= {"unique": limits.get("unique") is True or _key(schema) == (field["name"],)}
        said |= {"values": {str(code): "" for code in codes} if isinstance(codes, list) else {}}
        said |= {"pattern": _text(limits.get("pattern")), "references": references.get(field["name"], "")}
        said |= {"least": least if isinstance(least, int) else None, "unit": _text(field.get("unit"))}
        yield field["name"], said


def _references(schema: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for foreign in _parts(schema.get("foreignKeys")):
        there = foreign.get("reference")
        there = there if isinstance(there, dict) else {}
        for column, other in zip(_names(foreign.get("fields")), _names(there.get("fields")), strict=False):
            yield column, f"{_text(there.get('resource'))}.{other}"


# --- files


def _table(path: Path, said: Mapping[str, str]) -> tuple[pa.Table, list[str]]:
    """A table, and its columns of which nobody told the type."""
    data = loaded(StoredFile(str(path), MAX_FILE))
    if isinstance(data, OSError):
        raise UnsoundError(f"{path}: {data.strerror}")
    try:
        if path.suffix == ".parquet":
            return unpacked(path, data, _MOST), []
        table = _texts(data, "\t" if path.suffix == ".tsv" else ",")
    except (pa.ArrowException, OSError, ValueError, MemoryError, csv.Error) as error:
        raise UnsoundError(f"{path} cannot be read: {_first_line(error)}") from None
    types = {name: _TYPES.get(said.get(name, "")) for name in table.column_names}
    columns = [
        typed(column) if (type_ := types[name]) is None else as_type(column, type_)
        for name, column in zip(table.column_names, table.columns, strict=True)
    ]
    return pa.table(columns, names=table.column_names), [name for name, type_ in types.items() if type_ is None]


def _first_line(error: BaseException) -> str:
    return escaped(next(iter(str(error).splitlines()), type(error).__name__))[:160]


def _texts(data: bytes, between: str) -> pa.Table:
    """The cells of a CSV file as they stand there, empty ones as null. Raises ValueError where it is none."""
    head = next(csv.reader(io.StringIO(str(data[: 2**20], "utf-8-sig", errors="ignore")), delimiter=between), [])
    if len(set(head)) < len(head) or not head:
        repeated: Sequence[str] = [name for number, name in enumerate(head) if name in head[:number]]
        raise ValueError(f"the column {shown(repeated[0])} stands twice" if repeated else "it is empty")
    options = pv.ConvertOptions(
        column_types=dict.fromkeys(head, pa.string()), null_values=[""], strings_can_be_null=True
    )
    form = pv.ParseOptions(delimiter=between, newlines_in_values=True)
    return pv.read_csv(pa.BufferReader(data), parse_options=form, convert_options=options)
