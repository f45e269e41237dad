"""The claims table: what each article says about each fact."""

from schemas import shared, vocabulary
from schemas.columns import Flag, Number, Table, Text, column


class Claims(Table):
    """One row per claim: what one article says about one row of a table, kept also where it did not prevail."""

    claim_id: Text = column("id", "Claim id", "The article, the table and the fact, joined.", key=True)
    table: Text = column("code", "Table", "The table of the fact.", values=vocabulary.FACT_TABLES)
    fact_id: Text = column("id", "Fact id", "Key of the row in that table.")
    article_id: Text = shared.article_id()
    origin_id: Text = column(
        "id", "Origin id", "The text it is copied from (see `origins`) or the article itself: one origin, one source."
    )
    basis: Text = column("code", "Basis", "Whether the article names the fact or it follows.", values=vocabulary.BASES)
    value_as_printed: Text = column(
        "text", "Value as printed", "The figure or words in the article's own form, if it differs.", nullable=True
    )
    grade: Text = column("code", "Grade", "The grade claimed, where the claim is about a grade.", nullable=True)
    value: Number = column("number", "Value", "The figure claimed, where the claim is about a number.", nullable=True)
    agrees: Flag = column("flag", "Agrees", "TRUE where the claim agrees with the published fact.")
    note: Text = shared.note()
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "claims"
        title = "Claims"
