"""The ten questions in polars; of CSV files it looks at all rows before it decides what a column is."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl
from polars import col

from schemas.tables import ALL_TABLES

Frames = Mapping[str, pl.DataFrame]
CYCLE = "PEEL 2023-25"
AREA = "Responding to the public"


def from_csv(folder: Path) -> dict[str, Iterable[Any]]:
    """`polars.read_csv(path, infer_schema_length=None)`."""
    return _answers({name: pl.read_csv(folder / f"{name}.csv", infer_schema_length=None) for name in ALL_TABLES})


def from_parquet(folder: Path) -> dict[str, Iterable[Any]]:
    """`polars.read_parquet(path)`."""
    return _answers({name: pl.read_parquet(folder / f"{name}.parquet") for name in ALL_TABLES})


def _answers(frames: Frames) -> dict[str, Iterable[Any]]:
    return {question.__name__: question(frames).rows() for question in ANSWERED}


def inadequate_in_responding(frames: Frames) -> pl.DataFrame:
    return frames["grades"].filter(cycle=CYCLE, area=AREA, grade="inadequate").select("force")


def areas_by_grade(frames: Frames) -> pl.DataFrame:
    scale = frames["scales"].join(frames["cycles"].filter(cycle=CYCLE), on="scale_id")
    counted = frames["grades"].filter(cycle=CYCLE).group_by("grade").len("areas")
    return scale.join(counted, on="grade", how="left").select("grade_rank", "grade_label", col("areas").fill_null(0))


def said_by_inspectors(frames: Frames) -> pl.DataFrame:
    found = frames["statements"].filter(organisation_id="hmicfrs", area=AREA)
    return found.select("cycle", "force", "speaker", "role", "said_on", "stance", "summary")


def answered_in_ten_seconds(frames: Frames) -> pl.DataFrame:
    found = frames["metrics"].filter(threshold=10, threshold_unit="seconds")
    return found.select("subject", "claimed_by", "value", "unit", "qualifier", "period_end")


def revised_grades(frames: Frames) -> pl.DataFrame:
    corrected = frames["events"].filter(event="grade-corrected")
    found = frames["grades"].filter(col("revised_on").is_not_null())
    found = found.join(corrected, on=["inspection_id", "area_id"])
    return found.select("force", "area", "previous_grade", "grade", "revised_on", "note")


def derived_from_counts(frames: Frames) -> pl.DataFrame:
    counted = frames["grade_counts"].group_by("inspection_id", "grade").agg(col("areas").max())
    derived = frames["grades"].filter(basis="derived", cycle=CYCLE)
    found = derived.join(counted, on=["inspection_id", "grade"])
    return found.select("force", "area", "grade_label", "areas", "derivation")


def missing_grades(frames: Frames) -> pl.DataFrame:
    counts = ("areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing")
    known = frames["coverage"].filter(col("areas_graded").is_not_null())
    return known.group_by("cycle").agg(pl.len().alias("forces"), *(col(name).sum() for name in counts))


def evidence_of_a_grade(frames: Frames) -> pl.DataFrame:
    asked = frames["grades"].filter(force="Northamptonshire Police", cycle=CYCLE, area=AREA)
    found = frames["claims"].filter(col("table") == "grades").join(asked, left_on="fact_id", right_on="grade_id")
    found = found.join(frames["articles"], on="article_id")
    published = col("published_on_right")  # that of the article; the grade has one of its own, that of the report
    return found.select("publisher", published, "grade", "agrees", "evidence_url")


def contradictions(frames: Frames) -> pl.DataFrame:
    return frames["conflicts"].select("table", "fact_id", "column_name", "words", "prevails", "article_ids")


def changed_since(frames: Frames) -> pl.DataFrame:
    changes = frames["changes"]
    asked = col("table_name").is_in(["grades", "metrics"]) & col("kind").is_in(["corrected", "revised"])
    columns = ["row_key", "column_name", "kind", "old_text", "new_text", "old_number", "new_number", "reason"]
    return changes.filter(asked).select(columns)


ANSWERED = (
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
