"""The grades table: one row per graded judgement."""

from schemas import shared, vocabulary
from schemas.columns import Date, Flag, Table, Text, Whole, column


class Grades(Table):
    """One row per graded judgement of a PEEL inspection: an area of policing in one inspection of one force."""

    grade_id: Text = column("id", "Grade id", "The inspection and the area's code, joined.", key=True)
    force_id: Text = shared.force_id()
    force: Text = shared.force()
    inspection_id: Text = shared.inspection_id()
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    area_id: Text = shared.area_id()
    area: Text = shared.area()
    level: Text = shared.level()
    grade: Text = shared.grade(nullable=True)
    grade_label: Text = shared.grade_label(nullable=True)
    scale_id: Text = shared.scale_id()
    grade_rank: Whole = column(
        "whole", "Rank of the grade", "1 is the best of its own scale. Ordinal: never to be averaged.", ge=1,
        nullable=True, role="name",
    )  # fmt: skip
    basis: Text = column("code", "Basis", "How the grade is known.", values=vocabulary.BASES, role="record")
    derivation: Text = column(
        "text", "Derivation", "How a derived grade follows, in words.", nullable=True, role="record"
    )
    published_on: Date = column("date", "Published on", "Date of the inspection report.", nullable=True)
    revised_on: Date = column(
        "date", "Revised on", "Date at which the inspectorate corrected the grade.", nullable=True
    )
    previous_grade: Text = column("code", "Previous grade", "The grade before that correction.", nullable=True)
    claims: Whole = shared.claims()
    independent_sources: Whole = shared.independent_sources()
    disputed: Flag = shared.disputed()
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "grades"
        title = "Grades"


class OtherGrades(Grades):
    """One row per graded judgement of an inspection of another programme, such as crime data integrity; never PEEL."""

    class Config:
        """Names of the table."""

        name = "other_grades"
        title = "Grades of other programmes"
