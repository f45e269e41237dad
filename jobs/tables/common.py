"""What all makers of tables share: rows with their place, look-ups by key, columns that come in groups."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import encoded, placed, plain_column, whole
from jobs.describe import arrow_schema

Column: TypeAlias = pa.Array | pa.ChunkedArray
Columns: TypeAlias = dict[str, Column]


class Trace(NamedTuple):
    """Where each row of a table was written: section of an article, file and item; or a code list and its lines."""

    section: pa.Array | pa.ChunkedArray
    file: pa.Array | pa.ChunkedArray
    item: pa.Array | pa.ChunkedArray


class Traced(NamedTuple):
    """A published table and the place of each of its rows."""

    table: pa.Table
    trace: Trace


def untraced(table: pa.Table) -> Traced:
    """A published table of whose rows nobody asks where they were written."""
    return Traced(table, Trace(pa.nulls(len(table), pa.string()), *2 * [pa.nulls(len(table), pa.int32())]))


class LookUp:
    """A column of a table by the key of its rows; what is not there is null."""

    def __init__(self, keys: Column, table: pa.Table) -> None:
        """Keys and the table that has a row for each, in the same order."""
        self.keys, self.table = whole(plain_column(keys)), table

    def __call__(self, keys: Column, column: str) -> Column:
        """The values of a column for these keys, texts as dictionaries."""
        return self.columns(keys, (column,))[column]

    def columns(self, keys: Column, names: Iterable[str]) -> Columns:
        """Those of several columns."""
        places = whole(pc.index_in(keys, self.keys))
        values = {name: whole(plain_column(self.table[name])) for name in names}
        return {name: placed(v, places) if is_text(v.type) else v.take(places) for name, v in values.items()}


def finished(name: str, columns: Columns, trace: Trace) -> Traced:
    """The columns in the order and with the types of the schema, or dictionaries of these; empty text becomes null."""
    schema = arrow_schema(name)
    arrays = [_typed(columns[field.name], field.type) for field in schema]
    fields = [field.with_type(array.type) for field, array in zip(schema, arrays, strict=True)]
    return Traced(pa.Table.from_arrays(arrays, schema=pa.schema(fields, schema.metadata)), trace)


def _typed(column: Column, kind: pa.DataType) -> Column:
    """A column with texts in place of empty ones and of another type; a dictionary of the right type is ready."""
    if not pa.types.is_dictionary(column.type):
        return typed(column, kind)
    if column.type.value_type == kind:
        return column
    texts = encoded(column)
    values = typed(texts.dictionary, kind)
    return placed(values, texts.indices) if is_text(kind) else values.take(texts.indices)


def typed(values: Column, kind: pa.DataType) -> Column:
    """Values of another type; empty text becomes null, and minus nothing is nothing."""
    if is_text(values.type):
        empty = pc.equal(values, "")
        values = pc.if_else(empty, None, values) if pc.any(empty).as_py() else values
    values = values.cast(kind)
    return pc.add(values, 0.0) if pa.types.is_floating(kind) else values


def is_text(kind: pa.DataType) -> bool:
    """Whether values of a type are texts, not as a dictionary."""
    return bool(pa.types.is_large_string(kind) or pa.types.is_string(kind))


def with_rest(name: str, columns: Columns, facts: pa.Table) -> Columns:
    """The columns, and those of the table that facts hold under the same name."""
    rest = [field.name for field in arrow_schema(name) if field.name not in columns]
    return columns | {column: facts[column] for column in rest}


def trace(section: str, table: pa.Table) -> Trace:
    """Rows that come from one section of their files."""
    return Trace(constant(section, table), table["file"], table["item"])


def constant(value: str | bool, like: pa.Table) -> pa.Array:
    """One value for every row of a table."""
    return pa.repeat(pa.scalar(value, pa.bool_() if isinstance(value, bool) else pa.large_string()), len(like))


def text_table(names: Sequence[str], rows: Sequence[tuple[object, ...]], types: dict[str, pa.DataType]) -> pa.Table:
    """Rows as a table; columns are text unless `types` says otherwise."""
    columns = list(zip(*rows, strict=True)) or [()] * len(names)
    arrays = [pa.array(c, types.get(n, pa.large_string())) for n, c in zip(names, columns, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def inspected(inspection_ids: pa.ChunkedArray, dimensions: dict[str, Traced]) -> Columns:
    """Force, cycle and scale of inspections."""
    inspections = dimensions["inspections"].table
    look = LookUp(inspections["inspection_id"], inspections)
    names = ("force_id", "force", "cycle_id", "cycle", "scale_id")
    return {"inspection_id": inspection_ids} | look.columns(inspection_ids, names)


def of_area(area_ids: pa.ChunkedArray, dimensions: dict[str, Traced]) -> Columns:
    """Name and level of areas."""
    areas = dimensions["areas"].table
    look = LookUp(areas["area_id"], areas)
    return {"area_id": area_ids} | look.columns(area_ids, ("area", "level"))


def graded(grades: pa.ChunkedArray, scale_ids: pa.ChunkedArray, dimensions: dict[str, Traced]) -> Columns:
    """Label and rank of grades in their scales."""
    scales = dimensions["scales"].table
    look = LookUp(_pair(scales["scale_id"], scales["grade"]), scales)
    keys = _pair(scale_ids, grades)
    labels = look.columns(keys, ("grade_label", "grade_rank"))
    return {"grade": grades, "scale_id": scale_ids} | labels


def _pair(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    return joined_text(*(plain_column(part).cast(pa.large_string()) for part in (first, second)), separator="/")


def joined_text(*parts: pa.ChunkedArray | pa.Array, separator: str = "-") -> pa.ChunkedArray:
    """Texts of several columns joined, row by row."""
    return pc.binary_join_element_wise(*map(plain_column, parts), pa.scalar(separator, pa.large_string()))
