"""What pages are made of in tests: the real tables, the same with rows changed, and a hundred times as many."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.describe import arrow_schema
from jobs.outputs.edition import Edition, Filed
from jobs.outputs.page import page_files
from jobs.pipeline import check_articles, make_tables
from jobs.sources import read_sources
from schemas.tables import ALL_TABLES
from tests.cases import EVER, REAL

Row = dict[str, Any]

ADDRESS: Final = "https://example.org/openpeel/"
FORCE: Final = {"force_id", "force", "subject", "subject_id", "speaker", "speaker_id", "gss_code", "ons_name"}
CYCLE: Final = {"cycle_id", "cycle", "area_id"}
BOTH: Final = {"grade_id", "statement_id", "metric_id", "event_id", "inspection_id", "coverage_id", "article_id"}
KEPT: Final = {"scales", "measures", "units", "subjects", "people", "roles", "organisations", "origins"}


@cache
def real() -> Edition:
    """The real tables as a first release, with the files that it would have."""
    sources, problems = read_sources(REAL)
    assert problems == []
    tables, problems = make_tables(sources, check_articles(sources, EVER))
    assert problems == []
    tables |= {"changes": arrow_schema("changes").empty_table()}
    return first(tables)


def first(tables: Mapping[str, pa.Table]) -> Edition:
    """Tables as a first release, with some files."""
    tables = {name: tables[name] for name in ALL_TABLES}
    files = {
        f"{name}.{ending}": Filed(1_000 * at + 17, hashlib.sha256(f"{name}.{ending}".encode()).hexdigest())
        for ending in ("csv", "parquet")
        for at, name in enumerate(tables, 1)
    }
    return Edition(tables, "0.1.0", "2026-03-04", "", "abc", ADDRESS, "# Changes\n\n## 0.1.0\n\nFirst.\n", files)


def page(edition: Edition) -> str:
    """The page of an edition."""
    ((name, make),) = page_files(edition)
    assert name == "index.html"
    return b"".join(make()).decode()


def rows(edition: Edition, name: str) -> list[Row]:
    """The rows of a table."""
    listed: list[Row] = edition.tables[name].to_pylist()
    return listed


def made(name: str, listed: Iterable[Row]) -> pa.Table:
    """A table of some rows."""
    return pa.Table.from_pylist(list(listed), schema=arrow_schema(name))


def changed(edition: Edition, name: str, change: Callable[[int, Row], Row]) -> Edition:
    """An edition with the rows of a table changed, each by its number."""
    table = made(name, (row | change(at, row) for at, row in enumerate(rows(edition, name))))
    return edition._replace(tables={**edition.tables, name: table})


def many(edition: Edition, forces: int, cycles: int) -> Edition:
    """An edition with so many times the forces, and of each so many times the cycles."""
    tables = {}
    for name, table in edition.tables.items():
        copies = [(force, cycle) for force in range(forces) for cycle in range(cycles)]
        if name in KEPT:
            copies = copies[:1]
        elif name in ("cycles", "areas"):
            copies = [(0, cycle) for cycle in range(cycles)]
        elif name == "forces":
            copies = [(force, 0) for force in range(forces)]
        tables[name] = pa.concat_tables([_copy(table, force, cycle) for force, cycle in copies])
    return edition._replace(tables=tables)


def _copy(table: pa.Table, force: int, cycle: int) -> pa.Table:
    """A table with other keys; nothing for the first copy."""
    for at, name in enumerate(table.column_names):
        begins = (f"f{force}-" if name in FORCE | BOTH and force else "") + (
            f"c{cycle}-" if name in CYCLE | BOTH and cycle else ""
        )
        if begins:
            column = pc.binary_join_element_wise(begins, table[name], "")
            table = table.set_column(at, table.schema.field(at), column)
    return table
