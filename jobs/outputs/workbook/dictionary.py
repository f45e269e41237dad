"""Descriptions -> the dictionary sheet: one row for each column of each table, with links to where it stands."""

from collections.abc import Iterator, Mapping
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.workbook.looks import Looks, height
from schemas.meanings import KINDS

DICTIONARY: Final = "Dictionary"
WIDTHS: Final = {
    "Table": 16,
    "Column": 22,
    "Title": 24,
    "Meaning": 68,
    "Kind": 18,
    "Unit": 20,
    "Codes": 76,
    "Key": 12,
    "Refers to": 30,
    "May be empty": 15,
    "At least": 11,
}
"""The columns of the sheet, and how wide they are."""
LINKED: Final = ("Table", "Column", "Refers to")


def places(described: Mapping[str, TableDescription]) -> dict[tuple[str, str], str]:
    """Where the sheet describes a column, by (table, column), as the address of a cell in the workbook."""
    names = [(name, column.name) for name, table in described.items() for column in table.columns]
    return {name: f"'{DICTIONARY}'!{xl_rowcol_to_cell(row, 1)}" for row, name in enumerate(names, 1)}


def write_dictionary(sheet: Worksheet, described: Mapping[str, TableDescription], looks: Looks) -> None:
    """Fills the sheet."""
    sheet.freeze_panes(1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for index, (header, wide) in enumerate(WIDTHS.items()):
        sheet.set_column(index, index, wide)
        sheet.write_string(0, index, header, looks.header)
    where = places(described)
    sheet.autofilter(0, 0, len(where), len(WIDTHS) - 1)
    columns = ((table, position) for table in described.values() for position in range(len(table.columns)))
    for row, (table, position) in enumerate(columns, 1):
        _write_column(sheet, row, table, position, where, looks)


def _write_column(
    sheet: Worksheet,
    row: int,
    table: TableDescription,
    position: int,
    where: Mapping[tuple[str, str], str],
    looks: Looks,
) -> None:
    column = table.columns[position]
    referred, _, key = column.references.partition(".")
    links = {
        "Table": f"'{table.name}'!A1",
        "Column": f"'{table.name}'!{xl_rowcol_to_cell(0, position)}",
        "Refers to": where.get((referred, key), ""),
    }
    said = dict(cells(table, column))
    sheet.set_row(row, height((words, WIDTHS[header]) for header, words in said.items()))
    for index, (header, words) in enumerate(said.items()):
        if words and links.get(header):
            sheet.write_url(row, index, f"internal:{links[header]}", looks.top_link, words)
        elif words:
            sheet.write_string(row, index, words, looks.words)


def cells(table: TableDescription, column: ColumnDescription) -> Iterator[tuple[str, str]]:
    """What the sheet says of a column, by its headers; nothing where there is nothing to say."""
    yield "Table", table.name
    yield "Column", column.name
    yield "Title", column.title
    yield "Meaning", column.description
    yield "Kind", KINDS[column.kind].words
    yield "Unit", column.unit
    yield "Codes", "\n".join(f"{code}: {meaning}" for code, meaning in column.values.items())
    yield (
        "Key",
        ("" if not column.key else "the key" if len(table.key) == 1 else "part of it")
        or ("unique" if column.unique else ""),
    )
    yield "Refers to", column.references
    yield "May be empty", "yes" if column.nullable else ""
    yield "At least", "" if column.least is None else str(column.least)
