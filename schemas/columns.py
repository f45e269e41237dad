"""Kinds of column, and `column`, which says everything about one column of a published table in one place."""

from importlib import import_module
from typing import Annotated, Any, Final, NamedTuple

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from schemas.optional import without

with without("dask"):  # half a second for annotations of columns that nobody here uses
    import_module("pandera.typing.dask")

Text = Annotated[pd.ArrowDtype, pa.string()]
Whole = Annotated[pd.ArrowDtype, pa.int32()]
Number = Annotated[pd.ArrowDtype, pa.float64()]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Date = Annotated[pd.ArrowDtype, pa.date32()]


class Kind(NamedTuple):
    """A kind of column: its Arrow type and what it is called in a dictionary, in SQLite and in the standards.

    frictionless: type of a field of a Data Package; csvw: base of a datatype of CSV on the Web, which is a type of XML
    Schema; schema_org: the data type of schema.org, which Croissant uses.
    """

    arrow: pa.DataType
    words: str
    sql: str
    frictionless: str
    csvw: str
    schema_org: str


KINDS: Final = {
    "id": Kind(pa.string(), "identifier", "TEXT", "string", "string", "Text"),
    "code": Kind(pa.string(), "code", "TEXT", "string", "string", "Text"),
    "text": Kind(pa.string(), "text", "TEXT", "string", "string", "Text"),
    "url": Kind(pa.string(), "web address", "TEXT", "string", "anyURI", "URL"),
    "whole": Kind(pa.int32(), "whole number", "INTEGER", "integer", "int", "Integer"),
    "number": Kind(pa.float64(), "number", "REAL", "number", "double", "Float"),
    "flag": Kind(pa.bool_(), "TRUE or FALSE", "INTEGER", "boolean", "boolean", "Boolean"),
    "date": Kind(pa.date32(), "date (YYYY-MM-DD)", "TEXT", "date", "date", "Date"),
}

PATTERNS: Final = {
    "id": r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    "code": r"^[a-z0-9]+(-[a-z0-9]+)*$",
    "text": r"^[^\s=+@\-\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$",
    "url": r"^https?://[^\s\x00-\x1f\x7f]+$",
}
"""What the values of a kind look like; what no spreadsheet or program takes for something else."""


ROLES: Final = {
    "fact": "what the row says of the world; changed only by a correction or a revision",
    "name": "what a code of the row is called",
    "record": "about our record of it: who says so, how sure, where to look, remarks",
}
"""What a column is for, which decides how a change of its cells is told."""


class Meaning(NamedTuple):
    """What pandera has no place for: kind, part of the key, `table.column` it refers to, codes, unit, role."""

    kind: str
    key: bool
    references: str
    values: dict[str, str] | None
    unit: str
    role: str

    def __deepcopy__(self, memo: dict[int, Any]) -> "Meaning":
        """Itself: pandera copies the metadata of every column whenever it makes a schema."""
        return self


def column(
    kind: str,
    title: str,
    description: str,
    *,
    key: bool = False,
    unique: bool | None = None,
    nullable: bool = False,
    references: str = "",
    values: dict[str, str] | None = None,
    unit: str = "",
    ge: int | None = None,
    role: str = "fact",
) -> Any:
    """A column of a published table.

    kind: one of `KINDS`; values: the only codes that may stand there, with their meanings; unit: of a number, or the
    name of the column that holds it; ge: the least value; unique: defaults to `key`; role: one of `ROLES`.
    """
    constraints: dict[str, Any] = {"ge": ge} if ge is not None else {}
    if values is not None:
        constraints["isin"] = list(values)
    elif kind in PATTERNS:
        constraints["str_matches"] = PATTERNS[kind]
    return pandera.Field(
        title=title,
        description=description,
        nullable=nullable,
        unique=key if unique is None else unique,
        metadata={"meaning": Meaning(kind, key, references, values, unit, role)},
        n_failure_cases=20,
        **constraints,
    )


class Table(pandera.DataFrameModel):  # type: ignore[misc]  # (pandera is untyped)
    """What all published tables have in common: exactly the columns named, in that order, nothing coerced."""

    class Config:
        """Set for every table."""

        strict = True
        ordered = True
        coerce = False
