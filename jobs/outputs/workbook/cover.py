"""An edition -> the cover: what this is, how current, how it may be used and cited, and what is on the sheets."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from xlsxwriter.worksheet import Worksheet

from jobs.describe import TableDescription
from jobs.outputs.common import cited
from jobs.outputs.edition import Edition
from jobs.outputs.workbook.dictionary import DICTIONARY
from jobs.outputs.workbook.looks import SHADES, Looks, height
from jobs.outputs.workbook.sheet import too_long
from schemas.dataset import (
    ATTRIBUTION,
    DESCRIPTION,
    LICENCE,
    LICENCE_TITLE,
    LICENCE_URL,
    OGL_URL,
    SUBTITLE,
    TITLE,
    WARNINGS,
)

COVER: Final = "Cover"
LABELS, WORDS, COUNTS = 24, 100, 12
"""Widths of its columns."""


class Line(NamedTuple):
    """A line of the cover; link: where a click on its words leads."""

    label: str
    words: str
    link: str = ""


def lines(edition: Edition) -> Iterator[Line]:
    """What the cover says above the list of sheets."""
    yield from (Line(label, words) for label, words in (("Version", edition.version), ("Date", edition.date)) if words)
    if edition.place:
        yield Line("Address", edition.place, edition.place)
    yield Line("What it is", DESCRIPTION)
    yield Line("How to cite", cited(edition))
    yield Line("Licence", f"{LICENCE_TITLE} ({LICENCE})", LICENCE_URL)
    yield Line("", ATTRIBUTION, OGL_URL)
    for number, warning in enumerate(WARNINGS):
        yield Line("" if number else "Know before comparing", warning)
    yield Line(
        "What columns mean", "The sheet Dictionary; each header leads to its line.", f"internal:'{DICTIONARY}'!A1"
    )


def write_cover(sheet: Worksheet, edition: Edition, described: Mapping[str, TableDescription], looks: Looks) -> None:
    """Fills the cover."""
    sheet.hide_gridlines(2)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for index, wide in enumerate((LABELS, WORDS, COUNTS)):
        sheet.set_column(index, index, wide)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, TITLE, looks.title)
    sheet.write_string(1, 0, SUBTITLE)
    row = 3
    for line in lines(edition):
        sheet.set_row(row, height([(line.words, WORDS)]))
        sheet.write_string(row, 0, line.label, looks.label)
        if line.link:
            sheet.write_url(row, 1, line.link, looks.top_link, line.words)
        else:
            sheet.write_string(row, 1, line.words, looks.words)
        row += 1
    row = _write_sheets(sheet, row + 1, edition, described, looks)
    _write_legend(sheet, row + 1, looks)


def _write_sheets(
    sheet: Worksheet, row: int, edition: Edition, described: Mapping[str, TableDescription], looks: Looks
) -> int:
    """Writes a line for each sheet from a row on; the row after them."""
    for index, header in enumerate(("Sheet", "What is on it", "Rows")):
        sheet.write_string(row, index, header, looks.count_heading if header == "Rows" else looks.heading)
    for row, (name, table) in enumerate(edition.tables.items(), row + 1):  # noqa: B020
        words = " ".join(filter(None, (described[name].description, too_long(name, table))))
        sheet.set_row(row, height([(words, WORDS)]))
        sheet.write_url(row, 0, f"internal:'{name}'!A1", looks.top_link, name)
        sheet.write_string(row, 1, words, looks.words)
        sheet.write_number(row, 2, len(table), looks.count)
    return row + 1


def _write_legend(sheet: Worksheet, row: int, looks: Looks) -> None:
    """Writes the colours of grades from a row on."""
    sheet.write_string(row, 0, "Colours of grades", looks.heading)
    sheet.write_string(row, 1, "The same word has the same colour in every scale.", looks.heading)
    for row, code in enumerate(SHADES, row + 1):  # noqa: B020
        sheet.write_string(row, 0, code.replace("-", " "), looks.grades[code])
