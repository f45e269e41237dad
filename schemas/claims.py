"""The claims table: what each article says about each fact."""

from schemas import shared, vocabulary
from schemas.columns import Flag, Number, Table, Text, Whole, column


class Claims(Table):
    """One row per claim: what one article says about one row of a table, kept also where it did not prevail."""

    claim_id: Text = column("id", "Claim id", "The article, the table and the fact, joined.", key=True)
    table: Text = column("code", "Table", "The table of the fact.", values=vocabulary.FACT_TABLES)
    fact_id: Text = column("id", "Fact id", "Key of the row in the table that `table` names.")
    article_id: Text = shared.article_id()
    origin_id: Text = column(
        "id", "Origin id", "The text it is copied from (see `origins`) or the article itself: one origin, one source."
    )
    basis: Text = column("code", "Basis", "Whether the article names the fact or it follows.", values=vocabulary.BASES)
    value_as_printed: Text = column(
        "text",
        "Value as printed",
        "The figure or words in the article's own form, if it differs.",
        nullable=True,
        role="record",
    )
    grade: Text = column("code", "Grade", "The grade claimed, where the claim is about a grade.", nullable=True)
    value: Number = column("number", "Value", "The figure claimed, where the claim is about a number.", nullable=True)
    agrees: Flag = column(
        "flag", "Agrees", "TRUE where the claim agrees with the published fact; empty where that is disputed.",
        nullable=True, role="record")  # fmt: skip
    verified: Flag = column(
        "flag", "Verified", "TRUE where the words were found in the article's text; empty where we hold no text.",
        nullable=True, role="record")  # fmt: skip
    span_start: Whole = column(
        "whole", "Start of the span", "Characters of the article's text before the words.", nullable=True, ge=0,
        unit="characters", role="record")  # fmt: skip
    span_end: Whole = column(
        "whole", "End of the span", "Characters of the text up to the end of the words.", nullable=True, ge=1,
        unit="characters", role="record")  # fmt: skip
    span_sha256: Text = column(
        "code",
        "SHA-256 of the span",
        "Digest of these words in UTF-8, for whoever has the text.",
        nullable=True,
        role="record",
    )
    note: Text = shared.note()
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "claims"
        title = "Claims"
