"""Columns that several tables have, so that a term means one thing everywhere."""

from typing import Any

from schemas import vocabulary
from schemas.columns import column


def force_id(*, nullable: bool = False) -> Any:
    """The inspected force."""
    text = "The inspected police force." + (" Empty where the report is about many forces." if nullable else "")
    return column("code", "Force id", text, references="forces.force_id", nullable=nullable)


def force(*, nullable: bool = False) -> Any:
    """The inspected force's name."""
    return column("text", "Force", "Name of the inspected police force.", nullable=nullable, role="name")


def inspection_id() -> Any:
    """The inspection."""
    return column("id", "Inspection id", "The inspection that this is about.", references="inspections.inspection_id")


def cycle_id() -> Any:
    """The cycle."""
    return column("id", "Cycle id", "The round of inspections.", references="cycles.cycle_id")


def cycle() -> Any:
    """The cycle's name."""
    return column(
        "text", "Cycle", "Name of the round of inspections. Cycles do not compare unless `cycles` says so.", role="name"
    )


def scale_id() -> Any:
    """The scale; not a reference of its own, since a scale has several rows."""
    return column(
        "id",
        "Scale id",
        "The scale of grades; a grade means something only within it. With `grade` the key of `scales`.",
    )


def area_id(*, nullable: bool = False) -> Any:
    """The area of a cycle."""
    about = "The area of policing, which belongs to its cycle. Empty if the words are not about one area."
    text = about if nullable else about.split(" Empty")[0]
    return column("id", "Area id", text, references="areas.area_id", nullable=nullable)


def area(*, nullable: bool = False) -> Any:
    """The area's official wording."""
    return column("text", "Area", "Official wording of the area of policing.", nullable=nullable, role="name")


def grade(*, nullable: bool = False) -> Any:
    """A grade."""
    text = "The grade, as a code of its scale." + (" Empty where it is disputed." if nullable else "")
    return column("code", "Grade", text, nullable=nullable)


def grade_label(*, nullable: bool = False) -> Any:
    """A grade in words."""
    return column("text", "Grade in words", "Label of the grade in its scale.", nullable=nullable, role="name")


def article_id() -> Any:
    """The article."""
    return column("id", "Article id", "The article that says so.", references="articles.article_id")


def claims() -> Any:
    """How many claims."""
    return column(
        "whole", "Claims", "Number of articles that say so (see table `claims`).", ge=1, unit="articles", role="record"
    )


def independent_sources() -> Any:
    """How many origins."""
    text = "Number of origins of these articles; copies of one press release are one origin."
    return column("whole", "Independent sources", text, ge=1, unit="origins", role="record")


def disputed() -> Any:
    """Left open."""
    return column(
        "flag", "Disputed", "TRUE where articles disagree and the disagreement is left open on purpose.", role="record"
    )


def evidence_url() -> Any:
    """Where to look."""
    return column(
        "url", "Evidence", "Opens the article at the passage, in browsers that know text fragments.", role="record"
    )


def note() -> Any:
    """Remarks."""
    return column("text", "Note", "A doubt or remark of the curator.", nullable=True, role="record")


def said_on() -> Any:
    """Date of the words."""
    return column("date", "Said on", "Date of the words; not always the date of the article.", nullable=True)


def unit(title: str, description: str, *, nullable: bool = False) -> Any:
    """A unit of measurement."""
    return column("code", title, description, references="units.unit_id", nullable=nullable)


def level() -> Any:
    """Level of an area."""
    return column("code", "Level", "Where the area stands in its cycle's framework.", values=vocabulary.LEVELS)
