"""A grade -> how the page shows it: its words and colour, its evidence, and what has to be said of it."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from jobs.outputs.edition import Edition
from jobs.outputs.page.reading import Row, grouped, rows
from jobs.outputs.page.words import day

COLOURED: Final = ("outstanding", "good", "adequate", "requires-improvement", "inadequate")
"""Grades with a colour of their own; any other is told by its words alone."""
MARKS: Final = {
    "derived": "named by no article; follows from counts, as the note says",
    "corrected": "changed by the inspectorate itself after it was published",
    "disputed": "articles disagree, and nobody can tell yet who is right",
}
"""The marks of a grade, and what they mean."""


class Note(NamedTuple):
    """What has to be said of a grade: one of `MARKS`, and a text."""

    mark: str
    text: str


class Shown(NamedTuple):
    """A grade as the page shows it."""

    words: str
    colour: str
    url: str
    notes: tuple[Note, ...]


def shown(row: Row, disputes: Mapping[str, str]) -> Shown:
    """A grade as the page shows it; disputes: what is disputed, in words, by grade."""
    notes = []
    if row["disputed"]:
        notes.append(Note("disputed", disputes.get(row["grade_id"], "Articles disagree.")))
    if row["basis"] == "derived":
        notes.append(Note("derived", row["derivation"] or "Follows from counts."))
    if row["revised_on"] or row["previous_grade"]:
        notes.append(Note("corrected", _correction(row)))
    colour = row["grade"] if row["grade"] in COLOURED else "other"
    return Shown(row["grade_label"] or row["grade"] or "disputed", colour, row["evidence_url"], tuple(notes))


def disputes_of(edition: Edition) -> dict[str, str]:
    """What articles say of the grades that are disputed, in words, by the grade's id."""
    told = {}
    about_grades = (row for row in rows(edition, "conflicts") if row["table"] == "grades")
    for (fact,), claims in grouped(about_grades, "fact_id").items():
        values = "; ".join(f"{_value(claim)} ({claim['article_ids'] or 'no article'})" for claim in claims)
        told[fact] = f"Articles disagree: {values}. {claims[0]['reason'] or ''}".strip()
    return told


def _value(claim: Row) -> str:
    return (claim["grade"] or claim["words"] or day(claim["date_from"])).replace("-", " ")


def _correction(row: Row) -> str:
    when = f" on {day(row['revised_on'])}" if row["revised_on"] else ""
    before = f"; it was {row['previous_grade'].replace('-', ' ')} before" if row["previous_grade"] else ""
    return f"Corrected by the inspectorate{when}{before}."
