"""Tables whose schemas hold, found out for all of them at once, at less cost than by asking each about every row.

All checks of a column are about single values, but for a value's being the only one of its kind; `describe` refuses all
other checks. So each different value is looked at once, for all columns of all tables that are checked alike; whether
values are different ones is seen without a schema. Where anything is in doubt, the schemas of the tables tell.
"""

from collections.abc import Mapping
from concurrent.futures import Executor
from copy import copy
from typing import Any, Final

import pandas as pd
import pandera.errors
import pandera.pandas as pandera
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import ascends, occurring, plain, plain_column, plain_schema
from jobs.describe import describe
from schemas.tables import TABLES

Values = dict[str, pa.Array]
"""Column -> its different values."""

MANY: Final = 10_000
"""Values from which on a column is not put beside those of other tables."""
LOOK: Final = 4_096
"""Rows at the beginning by which the columns of a large table are judged."""
_NAMING: Final = frozenset({"name", "title", "description", "metadata", "unique"})
"""Properties in which columns that are checked alike may differ."""


def holding(tables: Mapping[str, pa.Table], threads: Executor) -> frozenset[str]:
    """The names of tables whose schemas hold.

    threads: look at tables; Arrow and numpy let others run meanwhile.
    """
    looked = zip(tables, threads.map(_left, tables, tables.values()), strict=True)
    left = {name: values for name, values in looked if values is not None}
    return frozenset(left if _all_hold(left) else [name for name in left if _all_hold({name: left[name]})])


def frame_of(table: pa.Table) -> pd.DataFrame:
    """A table as schemas look at it."""
    frame: pd.DataFrame = plain(table).to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def _left(name: str, table: pa.Table) -> Values | None:
    """The columns of which little is left to be looked at; None where it is in doubt whether all others are sound."""
    schema = TABLES[name].to_schema()
    fields = [(field.name, field.type) for field in plain_schema(table.schema)]
    unique = [[column] for column, asked in schema.columns.items() if asked.unique]
    unique += [schema.unique] if schema.unique else []
    if fields != [(column.name, column.arrow) for column in describe(name).columns]:
        return None
    if not all(_once(table.select(columns)) for columns in unique):
        return None
    found = {column: values for column in table.column_names if (values := _different(table[column])) is not None}
    few = {column: values for column, values in found.items() if len(values) <= MANY}
    some = {column: values for column, values in found.items() if column not in few}
    parts = [part for part in (_padded(some), table.drop_columns(list(found))) if part.num_columns]
    return few if all(_holds(schema, part) for part in parts) else None


def _once(table: pa.Table) -> bool:
    """Whether each row of a table of keys is certain to be the only one of its kind."""
    if table.num_columns > 1:
        return len(table) <= MANY and len(set(zip(*table.to_pydict().values(), strict=True))) == len(table)
    keys = plain_column(table[0])
    return ascends(keys) or (not keys.null_count and pc.count_distinct(keys).as_py() == len(keys))


def _different(column: pa.ChunkedArray) -> pa.Array | None:
    """The different values of a column; None if it is long and looks as if these are many."""
    few = len(column) <= MANY or pa.types.is_dictionary(column.type) or len(pc.unique(column[:LOOK])) < LOOK // 4
    return occurring(column) if few else None


def _padded(columns: Mapping[str, pa.Array]) -> pa.Table:
    """Columns as a table, the last value of the shorter ones again and again."""
    most = max(map(len, columns.values()), default=0)
    return pa.table(
        {name: pa.chunked_array([cells, pa.repeat(cells[-1], most - len(cells))]) for name, cells in columns.items()}
    )


def _holds(schema: Any, part: pa.Table) -> bool:
    """Whether a schema holds for some of its columns, but for a value's being the only one of its kind."""
    chosen = schema.select_columns(part.column_names)
    once = [name for name, asked in chosen.columns.items() if asked.unique]
    try:
        chosen.update_columns({name: {"unique": False} for name in once}).validate(frame_of(part))
    except (pandera.errors.SchemaError, pandera.errors.SchemaErrors):
        return False
    return True


def _all_hold(tables: Mapping[str, Values]) -> bool:
    """Whether the values of all these tables are sound."""
    alike: dict[str, tuple[Any, list[pa.Array]]] = {}
    for name, values in tables.items():
        columns = TABLES[name].to_schema().columns
        for column, cells in values.items():
            how = {what: said for what, said in columns[column].properties.items() if what not in _NAMING}
            alike.setdefault(repr(how), (columns[column], []))[1].append(cells)
    asked = {str(number): copy(column) for number, (column, _) in enumerate(alike.values())}
    cells = {str(number): pc.unique(pa.concat_arrays(parts)) for number, (_, parts) in enumerate(alike.values())}
    few = {name: values for name, values in cells.items() if 0 < len(values) <= MANY}
    parts = [few, *({name: values} for name, values in cells.items() if len(values) > MANY)]
    schema = pandera.DataFrameSchema(asked)
    return all(_holds(schema, _padded(part)) for part in parts if part)
