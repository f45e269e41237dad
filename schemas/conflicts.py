"""The conflicts table: where articles disagree, and who decided what, and why."""

from schemas import vocabulary
from schemas.columns import Date, Flag, Number, Table, Text, Whole, column


class Conflicts(Table):
    """One row per value in conflict: what articles say of one fact, with the decision and its reason."""

    conflict_id: Text = column(
        "id", "Conflict id", "Table, fact, column and value (of counts the article), joined.", key=True
    )
    table: Text = column("code", "Table", "The table of the fact.", values=vocabulary.FACT_TABLES)
    fact_id: Text = column("id", "Fact id", "Key of the row in the table that `table` names; of counts the inspection.")
    column_name: Text = column("text", "Column", "The column in conflict.")
    grade: Text = column("code", "Grade", "The grade claimed, where the conflict is about a grade.", nullable=True)
    value: Number = column("number", "Value", "The figure claimed, where it is about a number.", nullable=True)
    date_from: Date = column("date", "Date from", "The date claimed, or its first day.", nullable=True)
    date_to: Date = column("date", "Date to", "The date claimed, or its last day.", nullable=True)
    words: Text = column("text", "In words", "What is claimed, where it is none of these.", nullable=True)
    prevails: Flag = column(
        "flag", "Prevails", "TRUE where this value was chosen; FALSE for all if it is left open.", role="record"
    )
    claims: Whole = column("whole", "Claims", "Number of articles that say so.", ge=0, unit="articles", role="record")
    independent_sources: Whole = column(
        "whole", "Independent sources", "Number of their origins.", ge=0, unit="origins", role="record"
    )
    article_ids: Text = column(
        "text", "Articles", "Ids of the articles that say so, separated by semicolons.", nullable=True, role="record"
    )
    resolution: Text = column("code", "Resolution", "What came of it.", values=vocabulary.RESOLUTIONS, role="record")
    reason: Text = column("text", "Reason", "Why it was decided like this.", role="record")
    decided_on: Date = column("date", "Decided on", "When.", role="record")
    decided_by: Text = column("text", "Decided by", "Who.", role="record")

    class Config:
        """Names of the table."""

        name = "conflicts"
        title = "Conflicts"
