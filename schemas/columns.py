"""`column`, which says everything about one column of a published table in one place, and the types of its values."""

from importlib import import_module
from typing import Annotated, Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa

from schemas.meanings import PATTERNS, Meaning
from schemas.optional import without

with without("dask"):  # half a second for annotations of columns that nobody here uses
    import_module("pandera.typing.dask")

Text = Annotated[pd.ArrowDtype, pa.string()]
Whole = Annotated[pd.ArrowDtype, pa.int32()]
Number = Annotated[pd.ArrowDtype, pa.float64()]
Flag = Annotated[pd.ArrowDtype, pa.bool_()]
Date = Annotated[pd.ArrowDtype, pa.date32()]


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

    kind, role: of `KINDS` and `ROLES` in `schemas.meanings`; values: the only codes that may stand there, with their
    meanings; unit: of a number, or the name of the column that holds it; ge: the least value; unique: as `key`.
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
