"""The ten questions in pandas, of frames that its readers made without any option."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from schemas.tables import ALL_TABLES

Frames = Mapping[str, pd.DataFrame]
CYCLE = "PEEL 2023-25"
AREA = "Responding to the public"


def from_csv(folder: Path) -> dict[str, Iterable[Any]]:
    """`pandas.read_csv(path)`."""
    return _answers({name: pd.read_csv(folder / f"{name}.csv") for name in ALL_TABLES})


def from_parquet(folder: Path) -> dict[str, Iterable[Any]]:
    """`pandas.read_parquet(path)`."""
    return _answers({name: pd.read_parquet(folder / f"{name}.parquet") for name in ALL_TABLES})


def _answers(frames: Frames) -> dict[str, Iterable[Any]]:
    return {question.__name__: question(frames).itertuples(index=False) for question in ANSWERED}


def inadequate_in_responding(frames: Frames) -> pd.DataFrame:
    grades = frames["grades"]
    asked = (grades["cycle"] == CYCLE) & (grades["area"] == AREA) & (grades["grade"] == "inadequate")
    return grades.loc[asked, ["force"]]


def areas_by_grade(frames: Frames) -> pd.DataFrame:
    cycles, grades = frames["cycles"], frames["grades"]
    scale = frames["scales"].merge(cycles.loc[cycles["cycle"] == CYCLE, ["scale_id"]], on="scale_id")
    areas = scale["grade"].map(grades.loc[grades["cycle"] == CYCLE, "grade"].value_counts()).fillna(0)
    return scale.assign(areas=areas)[["grade_rank", "grade_label", "areas"]]


def said_by_inspectors(frames: Frames) -> pd.DataFrame:
    statements = frames["statements"]
    asked = (statements["organisation_id"] == "hmicfrs") & (statements["area"] == AREA)
    return statements.loc[asked, ["cycle", "force", "speaker", "role", "said_on", "stance", "summary"]]


def answered_in_ten_seconds(frames: Frames) -> pd.DataFrame:
    metrics = frames["metrics"]
    asked = (metrics["threshold"] == 10) & (metrics["threshold_unit"] == "seconds")
    return metrics.loc[asked, ["subject", "claimed_by", "value", "unit", "qualifier", "period_end"]]


def revised_grades(frames: Frames) -> pd.DataFrame:
    grades, events = frames["grades"], frames["events"]
    corrected = events.loc[events["event"] == "grade-corrected", ["inspection_id", "area_id", "note"]]
    found = grades[grades["revised_on"].notna()].merge(corrected, on=["inspection_id", "area_id"])
    return found[["force", "area", "previous_grade", "grade", "revised_on", "note"]]


def derived_from_counts(frames: Frames) -> pd.DataFrame:
    grades = frames["grades"]
    counted = frames["grade_counts"].groupby(["inspection_id", "grade"], as_index=False)["areas"].max()
    derived = grades[(grades["basis"] == "derived") & (grades["cycle"] == CYCLE)]
    found = derived.merge(counted, on=["inspection_id", "grade"])
    return found[["force", "area", "grade_label", "areas", "derivation"]]


def missing_grades(frames: Frames) -> pd.DataFrame:
    known = frames["coverage"].dropna(subset=["areas_graded"])
    return known.groupby("cycle", as_index=False).agg(
        forces=("force_id", "count"),
        graded=("areas_graded", "sum"),
        stated=("grades_stated", "sum"),
        derived=("grades_derived", "sum"),
        disputed=("grades_disputed", "sum"),
        missing=("grades_missing", "sum"),
    )


def evidence_of_a_grade(frames: Frames) -> pd.DataFrame:
    grades, claims = frames["grades"], frames["claims"]
    asked = (grades["force"] == "Northamptonshire Police") & (grades["cycle"] == CYCLE) & (grades["area"] == AREA)
    found = claims[(claims["table"] == "grades") & claims["fact_id"].isin(grades.loc[asked, "grade_id"])]
    found = found.merge(frames["articles"], on="article_id")
    return found[["publisher", "published_on", "grade", "agrees", "evidence_url"]]


def contradictions(frames: Frames) -> pd.DataFrame:
    return frames["conflicts"][["table", "fact_id", "column_name", "words", "prevails", "article_ids"]]


def changed_since(frames: Frames) -> pd.DataFrame:
    changes = frames["changes"]
    found = changes[changes["table_name"].isin(["grades", "metrics"]) & changes["kind"].isin(["corrected", "revised"])]
    columns = ["row_key", "column_name", "kind", "old_text", "new_text", "old_number", "new_number", "reason"]
    return found[columns]


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
