"""Ten questions that readers ask of a release, and the clients that answer them, each in its own way."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.clients import libreoffice, r
from tests.clients.questions import in_pandas, in_polars, in_r, in_sql, plain

Answer = list[tuple[object, ...]]
"""Rows in an order of their own, which is no part of the answer."""


class Asked(NamedTuple):
    """A client. missing: why it cannot be asked here, or nothing; answers: a folder with a release -> its answers."""

    missing: Callable[[], str]
    answers: Callable[[Path], Mapping[str, Iterable[Iterable[Any]]]]


QUESTIONS: Final = {
    "inadequate_in_responding": "Which forces are inadequate at responding to the public?",
    "areas_by_grade": "How many areas got which grade in a cycle?",
    "said_by_inspectors": "What have inspectors said about an area?",
    "answered_in_ten_seconds": "What share of calls is answered within 10 seconds, and whose figure is that?",
    "revised_grades": "Which grades did the inspectorate itself revise, from what, and when?",
    "derived_from_counts": "Which grades does no article name, so that they follow from counts?",
    "missing_grades": "How much of a cycle is held: stated, derived, disputed, missing?",
    "evidence_of_a_grade": "Which articles name this grade, do they agree, and where are the words?",
    "contradictions": "What do articles contradict each other about, and what prevails?",
    "changed_since": "Which published figures and grades have changed since the version before, and why?",
}
"""Each by the name of the function or query that answers it; the README asks the same."""

CLIENTS: Final[dict[str, Asked]] = {
    "pandas, CSV": Asked(str, in_pandas.from_csv),
    "pandas, Parquet": Asked(str, in_pandas.from_parquet),
    "polars, CSV": Asked(str, in_polars.from_csv),
    "polars, Parquet": Asked(str, in_polars.from_parquet),
    "DuckDB, CSV": Asked(str, in_sql.duckdb_csv),
    "DuckDB, Parquet": Asked(str, in_sql.duckdb_parquet),
    "SQLite": Asked(str, in_sql.sqlite),
    "Datasette": Asked(str, in_sql.datasette),
    "R, read.csv": Asked(r.missing_r, in_r.with_base),
    "R, readr": Asked(r.missing_readr, in_r.with_readr),
    "LibreOffice": Asked(libreoffice.missing, plain.from_libreoffice),
}


def sorted_rows(answer: Iterable[Iterable[Any]]) -> Answer:
    """An answer in one form and order: dates as YYYY-MM-DD, every null as None."""
    rows = [tuple(_plain(cell) for cell in row) for row in answer]
    return sorted(rows, key=lambda row: [_order(cell) for cell in row])


def _plain(cell: Any) -> object:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)) or type(cell).__name__ in ("NaTType", "NAType"):
        return None
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return cell.item() if hasattr(cell, "item") else cell


def _order(cell: object) -> tuple[str, float, str]:
    if isinstance(cell, int | float):
        return "number", cell, ""
    return ("", 0, "") if cell is None else ("text", 0, str(cell))
