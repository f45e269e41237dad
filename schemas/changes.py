"""The changes table: every cell by which a release differs from the one before."""

from schemas import vocabulary
from schemas.columns import Date, Flag, Number, Table, Text, column


class Changes(Table):
    """One row per cell that differs from the release before; of a row that is new or gone, every filled cell."""

    table_name: Text = column("text", "Table", "The table of the cell.", key=True, unique=False)
    row_key: Text = column(
        "text",
        "Key",
        "Primary key of the row in that table; several parts are joined with ` | `.",
        key=True,
        unique=False,
    )
    column_name: Text = column("text", "Column", "The column of the cell.", key=True, unique=False)
    kind: Text = column("code", "Kind", "What sort of change it is.", values=vocabulary.CHANGE_KINDS)
    old_text: Text = column("text", "Old text", "What stood there, if it is text.", nullable=True)
    new_text: Text = column("text", "New text", "What stands there now, if it is text.", nullable=True)
    old_number: Number = column("number", "Old number", "What stood there, if it is a number.", nullable=True)
    new_number: Number = column("number", "New number", "What stands there now, if it is a number.", nullable=True)
    old_date: Date = column("date", "Old date", "What stood there, if it is a date.", nullable=True)
    new_date: Date = column("date", "New date", "What stands there now, if it is a date.", nullable=True)
    old_flag: Flag = column("flag", "Old flag", "What stood there, if it is TRUE or FALSE.", nullable=True)
    new_flag: Flag = column("flag", "New flag", "What stands there now, if it is TRUE or FALSE.", nullable=True)
    reason: Text = column("text", "Reason", "Why, where somebody has said so.", nullable=True)
    article_id: Text = column(
        "id", "Article id", "The article that the new value rests on (see `articles`).", nullable=True
    )

    class Config:
        """Names of the table; table, key and column together are the key."""

        name = "changes"
        title = "Changes"
        unique = ["table_name", "row_key", "column_name"]  # noqa: RUF012  (pandera's own form)
