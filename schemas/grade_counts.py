"""The grade_counts table: how many areas got which grade, as articles count them."""

from schemas import shared
from schemas.columns import Table, Text, Whole, column


class GradeCounts(Table):
    """One row per article, inspection and grade: how many areas got it. A grade not mentioned is absent, not zero."""

    grade_count_id: Text = column(
        "id", "Grade count id", "The article, the inspection and the grade, joined.", key=True
    )
    article_id: Text = shared.article_id()
    force_id: Text = shared.force_id()
    force: Text = shared.force()
    inspection_id: Text = shared.inspection_id()
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    grade: Text = shared.grade()
    grade_label: Text = shared.grade_label()
    scale_id: Text = shared.scale_id()
    areas: Whole = column("whole", "Areas", "Number of areas with this grade.", ge=0, unit="areas")
    total_as_printed: Whole = column(
        "whole", "Total as printed", "Number of graded areas, where the article prints it.", nullable=True, ge=1,
        unit="areas",
    )  # fmt: skip
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "grade_counts"
        title = "Grade counts"
