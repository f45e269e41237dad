"""Tables whose texts and addresses try to break out of a page, and what a browser makes of a page."""

from collections import Counter
from html.parser import HTMLParser
from typing import Final

from jobs.outputs.edition import Edition
from schemas.tables import ALL_TABLES
from tests.browser.editions import made, rows

HOSTILE: Final = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>&\u202eevil"""


class Tags(HTMLParser):
    """What a browser makes of a page: its tags, their attributes, and where links go."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.count: Counter[str] = Counter()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.count[tag] += 1
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def hostile(edition: Edition) -> Edition:
    """An edition whose texts try to break out, and whose addresses are none of the web."""
    tables = {}
    for name, table in edition.tables.items():
        listed = rows(edition, name)
        for row in listed:
            for column, value in row.items():
                if column.endswith("url"):
                    row[column] = "javascript:alert(3)" if value else None
                elif isinstance(value, str) and column in TEXTS:
                    row[column] = HOSTILE
        tables[name] = made(name, listed) if name in ALL_TABLES else table
    return edition._replace(tables=tables, address="javascript:alert(4)//", changelog=f"# C\n\n## 1\n{HOSTILE}\n")


TEXTS: Final = {
    *("force", "area", "cycle", "note", "summary", "speaker", "role", "organisation", "derivation", "measure", "unit"),
    *("claimed_by", "said_by", "comparator", "period_as_printed", "unit_name", "description", "grade_label", "excerpt"),
}
