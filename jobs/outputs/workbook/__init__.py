"""Tables -> `openpeel.xlsx`: a cover, a sheet for each table with typed cells, a dictionary; never a formula.

The same edition gives the same bytes (XlsxWriter dates the parts of the file 1980 and we date the file itself) as long
as XlsxWriter and zlib are the same.
"""

import datetime as dt
import io
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

import xlsxwriter

from jobs.describe import TableDescription, describe
from jobs.outputs.edition import Edition, Make, Parts
from jobs.outputs.workbook.cover import COVER, write_cover
from jobs.outputs.workbook.dictionary import DICTIONARY, places, write_dictionary
from jobs.outputs.workbook.looks import grade_words, looks_of
from jobs.outputs.workbook.sheet import write_table
from schemas.dataset import CREATOR, LICENCE_TITLE, NAME, SUBTITLE, TITLE

FILE: Final = f"{NAME}.xlsx"
UNDATED: Final = dt.datetime(1980, 1, 1)
OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file for all tables."""
    yield FILE, partial(workbook_parts, edition)


def workbook_parts(edition: Edition) -> Parts:
    """The workbook, in one part."""
    return [workbook_bytes(edition, {name: describe(name) for name in edition.tables})]


def workbook_bytes(edition: Edition, described: Mapping[str, TableDescription]) -> bytes:
    """The workbook of tables that are described so."""
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, OPTIONS) as book:
        book.set_properties(_properties(edition))
        looks = looks_of(book, grade_words(edition.tables))
        for name in (COVER, *edition.tables, DICTIONARY):
            book.add_worksheet(name)
        write_cover(book.get_worksheet_by_name(COVER), edition, described, looks)
        rows = places(described)
        for name, table in edition.tables.items():
            write_table(book.get_worksheet_by_name(name), table, described[name], looks, rows)
        write_dictionary(book.get_worksheet_by_name(DICTIONARY), described, looks)
    return sink.getvalue()


def _properties(edition: Edition) -> dict[str, object]:
    date = dt.datetime.fromisoformat(edition.date) if edition.date else UNDATED
    version = f"{TITLE} {edition.version}".strip()
    return {"title": version, "subject": SUBTITLE, "author": CREATOR, "comments": LICENCE_TITLE, "created": date}
