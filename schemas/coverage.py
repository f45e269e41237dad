"""The coverage table: how much of the record we hold."""

from schemas import shared
from schemas.columns import Table, Text, Whole, column


class Coverage(Table):
    """One row per force and PEEL cycle: how many areas were graded, and how many of these grades we hold, and how."""

    coverage_id: Text = column("id", "Coverage id", "Force and cycle, joined.", key=True)
    force_id: Text = shared.force_id()
    force: Text = shared.force()
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    inspections: Whole = column(
        "whole",
        "Inspections",
        "Inspections of the force in this cycle that we know of.",
        ge=0,
        unit="inspections",
        role="record",
    )
    areas_graded: Whole = column(
        "whole", "Graded areas", "How many areas were graded; empty where we do not know.", nullable=True, ge=0,
        unit="areas", role="record")  # fmt: skip
    grades_stated: Whole = column("whole", "Stated", "Grades that articles name.", ge=0, unit="areas", role="record")
    grades_derived: Whole = column(
        "whole", "Derived", "Grades that follow from counts.", ge=0, unit="areas", role="record"
    )
    grades_disputed: Whole = column(
        "whole", "Disputed", "Grades that articles disagree about, left open.", ge=0, unit="areas", role="record"
    )
    grades_missing: Whole = column(
        "whole", "Missing", "Graded areas of which we hold no grade; empty where we do not know how many were graded.",
        nullable=True, ge=0, unit="areas", role="record")  # fmt: skip
    articles: Whole = column(
        "whole", "Articles", "Articles that name or count grades.", ge=0, unit="articles", role="record"
    )
    independent_sources: Whole = column(
        "whole", "Independent sources", "Origins of these articles; copies of one press release are one.", ge=0,
        unit="origins", role="record")  # fmt: skip

    class Config:
        """Names of the table."""

        name = "coverage"
        title = "Coverage"
