"""A table -> what a release declares of it and what does not hold: key, empty cells, codes, forms, references."""

from collections.abc import Iterator, Mapping
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from jobs.releases.cells import cell_type, distinct, every, plain, whole
from jobs.releases.content import Column, Declared


def broken_promises(table: pa.Table, declared: Declared, named: pa.Array) -> Iterator[str]:
    """What does not hold in a table by itself; named: the keys of its rows."""
    sound = distinct(named)
    if not sound:
        yield ": the primary key is empty or repeats"
    for column in declared.columns:
        known = sound and declared.key == (column.name,)
        yield from (f".{column.name}: {fault}" for fault in _column(table[column.name], column, known))


def _column(values: pa.ChunkedArray, column: Column, distinct_: bool) -> Iterator[str]:
    """distinct_: whether it is known that none of its values repeats."""
    if values.null_count and not column.nullable:
        yield "an empty cell where a value is due"
    if values.null_count == len(values):
        return
    if column.unique and not distinct_ and not distinct(whole(values.drop_null())):
        yield "a value repeats"
    codes = pa.array(list(column.values), pa.string())
    if column.values and not every(values, lambda cells: pc.is_in(cells, value_set=codes)):
        yield "a code that its list does not have"
    if column.least is not None and not pc.min(values).as_py() >= column.least:
        yield f"less than {column.least}"
    if column.pattern and not column.values:
        try:
            if not every(values, lambda cells: pc.match_substring_regex(cells, column.pattern)):
                yield "a text of another form than declared"
        except pa.ArrowException:
            yield "its declared form is none"


def broken_references(declared: Declared, tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """What a table refers to and is not there."""
    for column in declared.columns:
        table, _, key = column.references.partition(".")
        if not column.references:
            continue
        if table not in tables or key not in tables[table].column_names:
            yield f"{declared.name}.{column.name} refers to {column.references}, which is not there"
            continue
        values, known = tables[declared.name][column.name], plain(tables[table][key]).combine_chunks()
        if cell_type(values.type) != known.type or not every(values, partial(pc.is_in, value_set=known)):
            yield f"{declared.name}.{column.name}: a value that is not in {column.references}"
