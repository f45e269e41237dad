"""How cells look: formats, the colours of grades, the width of columns and the height of rows."""

import math
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import pyarrow as pa
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

GRADE_COLUMNS: Final = frozenset({"grade", "grade_label", "previous_grade"})
"""The columns, of any table, whose cells are grades, as codes or in words."""
SHADES: Final = {
    "outstanding": ("#0B4F8A", "#FFFFFF"),
    "good": ("#BBD9F2", "#0B1F33"),
    "adequate": ("#F1EFE6", "#222222"),
    "requires-improvement": ("#FBC98A", "#331A00"),
    "inadequate": ("#A61C1C", "#FFFFFF"),
}
"""Background and text of each grade: blue to red, which colour-blind people tell apart; the word stands there, too."""
INK, PALE, LINK = "#1F2933", "#E4E9EE", "#0B4F8A"
NARROWEST, WIDEST = 8, 44
"""Widths of columns, in characters."""
LINE: Final = 15
"""Height of a line of a cell, in points."""


class Looks(NamedTuple):
    """The formats of a workbook; grades: those of the words and codes of grades.

    flag: by its number format LibreOffice knows a truth value, which it takes for a number otherwise.
    """

    title: Format
    heading: Format
    count_heading: Format
    label: Format
    words: Format
    count: Format
    number: Format
    flag: Format
    header: Format
    date: Format
    link: Format
    top_link: Format
    grades: Mapping[str, Format]


def looks_of(book: Workbook, words: Mapping[str, str]) -> Looks:
    """The formats of a workbook; words: those that are shaded as a grade -> the code of the grade."""
    top: dict[str, object] = {"valign": "top", "text_wrap": True}
    heading = {"bold": True, "font_size": 13, "font_color": INK, "bottom": 1}
    link = {"font_color": LINK, "underline": 1}
    shades = {code: book.add_format({"bg_color": back, "font_color": text}) for code, (back, text) in SHADES.items()}
    return Looks(
        title=book.add_format({"bold": True, "font_size": 20, "font_color": INK}),
        heading=book.add_format(heading),
        count_heading=book.add_format(heading | {"align": "right"}),
        label=book.add_format({"bold": True, "font_color": INK, **top}),
        words=book.add_format(top),
        count=book.add_format({"num_format": "#,##0", **top}),
        number=book.add_format({"align": "right", "indent": 1}),
        flag=book.add_format({"num_format": '"TRUE";"TRUE";"FALSE"', "align": "center"}),
        header=book.add_format({"bold": True, "font_color": INK, "bg_color": PALE, "bottom": 1}),
        date=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        link=book.add_format(link),
        top_link=book.add_format(link | top),
        grades={word: shades[code] for word, code in words.items() if code in shades},
    )


def grade_words(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """The words and codes of grades, as the scales among the tables have them -> the code of the grade."""
    words = {code: code for code in SHADES}
    if "scales" in tables:
        scales = tables["scales"]
        words |= dict(zip(scales["grade_label"].to_pylist(), scales["grade"].to_pylist(), strict=True))
    return words


def width(header: str, cells: Iterable[str | None]) -> int:
    """The width of a column that shows its header, beside the button of the filter, and most of its cells."""
    longest = max((len(cell) for cell in cells if cell), default=0)
    return min(max(longest + 2, len(header) + 4, NARROWEST), WIDEST)


def height(cells: Iterable[tuple[str, int]]) -> int:
    """The height of a row in which all lines of its cells show; cells: texts and the widths of their columns.

    A letter is narrower than the digit in which widths are counted.

    Said for every row, since not every program fits rows to wrapped words by itself.
    """
    return LINE * max(
        sum(max(1, math.ceil(len(line) / (wide * 1.1))) for line in text.split("\n")) for text, wide in cells
    )
