"""The ten questions in plain Python over rows: what the published tables themselves answer, without any client."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from schemas.tables import ALL_TABLES
from tests.clients import libreoffice

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Row]]
Rows = Iterator[tuple[Any, ...]]
CYCLE: Final = "PEEL 2023-25"
AREA: Final = "Responding to the public"


def answers(tables: Tables) -> dict[str, list[tuple[Any, ...]]]:
    """All answers, by the name of the question."""
    return {question.__name__: list(question(tables)) for question in ANSWERED}


def from_arrow(tables: Mapping[str, pa.Table]) -> dict[str, list[tuple[Any, ...]]]:
    """What the tables answer before any client has read them."""
    return answers({name: table.to_pylist() for name, table in tables.items()})


def from_libreoffice(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """What the cells of LibreOffice answer, after it has read the CSV files and written them as sheets."""
    held = libreoffice.read(folder, list(ALL_TABLES))
    return answers({name: _rows(columns) for name, columns in held.items()})


def _rows(columns: Mapping[str, list[object]]) -> list[Row]:
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def inadequate_in_responding(tables: Tables) -> Rows:
    for row in tables["grades"]:
        if (row["cycle"], row["area"], row["grade"]) == (CYCLE, AREA, "inadequate"):
            yield (row["force"],)


def areas_by_grade(tables: Tables) -> Rows:
    (scale,) = (row["scale_id"] for row in tables["cycles"] if row["cycle"] == CYCLE)
    counted = Counter(row["grade"] for row in tables["grades"] if row["cycle"] == CYCLE)
    for row in tables["scales"]:
        if row["scale_id"] == scale:
            yield row["grade_rank"], row["grade_label"], counted[row["grade"]]


def said_by_inspectors(tables: Tables) -> Rows:
    for row in tables["statements"]:
        if (row["organisation_id"], row["area"]) == ("hmicfrs", AREA):
            yield row["cycle"], row["force"], row["speaker"], row["role"], row["said_on"], row["stance"], row["summary"]


def answered_in_ten_seconds(tables: Tables) -> Rows:
    for row in tables["metrics"]:
        if (row["threshold"], row["threshold_unit"]) == (10, "seconds"):
            yield row["subject"], row["claimed_by"], row["value"], row["unit"], row["qualifier"], row["period_end"]


def revised_grades(tables: Tables) -> Rows:
    corrected = {
        (row["inspection_id"], row["area_id"]): row["note"]
        for row in tables["events"]
        if row["event"] == "grade-corrected"
    }
    for row in tables["grades"]:
        if row["revised_on"] is not None:
            note = corrected[row["inspection_id"], row["area_id"]]
            yield row["force"], row["area"], row["previous_grade"], row["grade"], row["revised_on"], note


def derived_from_counts(tables: Tables) -> Rows:
    counted: dict[tuple[str, str], int] = {}
    for row in tables["grade_counts"]:
        key = row["inspection_id"], row["grade"]
        counted[key] = max(row["areas"], counted.get(key, 0))
    for row in tables["grades"]:
        key = row["inspection_id"], row["grade"]
        if (row["cycle"], row["basis"]) == (CYCLE, "derived") and key in counted:
            yield row["force"], row["area"], row["grade_label"], counted[key], row["derivation"]


def missing_grades(tables: Tables) -> Rows:
    sums: dict[str, list[int]] = {}
    for row in tables["coverage"]:
        if row["areas_graded"] is not None:
            cells = (1, *(row[name] for name in COUNTED))
            sums[row["cycle"]] = [a + b for a, b in zip(cells, sums.get(row["cycle"], [0] * 6), strict=True)]
    yield from ((cycle, *cells) for cycle, cells in sums.items())


COUNTED: Final = ("areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing")


def evidence_of_a_grade(tables: Tables) -> Rows:
    articles = {row["article_id"]: row for row in tables["articles"]}
    wanted = ("Northamptonshire Police", CYCLE, AREA)
    (key,) = (r["grade_id"] for r in tables["grades"] if (r["force"], r["cycle"], r["area"]) == wanted)
    for row in tables["claims"]:
        if (row["table"], row["fact_id"]) == ("grades", key):
            article = articles[row["article_id"]]
            yield article["publisher"], article["published_on"], row["grade"], row["agrees"], row["evidence_url"]


def contradictions(tables: Tables) -> Rows:
    for row in tables["conflicts"]:
        yield row["table"], row["fact_id"], row["column_name"], row["words"], row["prevails"], row["article_ids"]


def changed_since(tables: Tables) -> Rows:
    for row in tables["changes"]:
        if row["table_name"] in ("grades", "metrics") and row["kind"] in ("corrected", "revised"):
            cells = (row["old_text"], row["new_text"], row["old_number"], row["new_number"])
            yield row["row_key"], row["column_name"], row["kind"], *cells, row["reason"]


ANSWERED: Final = (
    inadequate_in_responding,
    areas_by_grade,
    said_by_inspectors,
    answered_in_ten_seconds,
    revised_grades,
    derived_from_counts,
    missing_grades,
    evidence_of_a_grade,
    contradictions,
    changed_since,
)
