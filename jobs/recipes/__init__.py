"""How each tool loads a release: the texts that the page shows and the README repeats, and that tests run.

To add one: a file beside this one (a text, never a module, so that nothing runs it by mistake) and a line in `RECIPES`.
"""

from importlib.resources import files
from typing import Final, NamedTuple

ADDRESS: Final = "https://ADDRESS/latest/"
"""Stands in a recipe for where the files are; `placed` puts the true address there."""


class Recipe(NamedTuple):
    """How one tool loads the tables. tool: as its users call it; language: of its code, empty for steps by hand."""

    tool: str
    file: str
    language: str = ""

    @property
    def text(self) -> str:
        """What to type or to do, with `ADDRESS` for where the files are."""
        return (files(__name__) / self.file).read_text(encoding="utf-8")


RECIPES: Final = (
    Recipe("Excel (Power Query)", "excel.txt", "powerquery"),
    Recipe("Google Sheets", "google-sheets.txt"),
    Recipe("LibreOffice", "libreoffice.txt"),
    Recipe("LibreOffice, without a window", "libreoffice-headless.txt", "sh"),
    Recipe("Power BI", "power-bi.txt", "powerquery"),
    Recipe("Tableau", "tableau.txt"),
    Recipe("Python, pandas", "pandas.txt", "python"),
    Recipe("Python, polars", "polars.txt", "python"),
    Recipe("R", "r.txt", "r"),
    Recipe("R, readr", "readr.txt", "r"),
    Recipe("DuckDB", "duckdb.txt", "sql"),
    Recipe("SQLite", "sqlite.txt", "sh"),
    Recipe("sqlite-utils", "sqlite-utils.txt", "sh"),
    Recipe("Datasette", "datasette.txt", "sh"),
    Recipe("curl, all files verified", "curl.txt", "sh"),
)
"""All of them answer the same: which forces are inadequate at responding to the public."""


def placed(text: str, address: str) -> str:
    """A recipe for files at an address or in a folder (ending with `/`); for readers to fill in where it is empty."""
    return text.replace(ADDRESS, address) if address else text
