"""A table -> its sheet: header with links to the dictionary, a typed cell for each value, filter, widths.

Limits of Excel are met openly: what does not fit on a sheet or in a cell is named with the file that has it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.worksheet import Worksheet

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.workbook.looks import GRADE_COLUMNS, Looks, width

MAX_ROWS: Final = 1_048_576
MAX_CHARACTERS: Final = 32_767
MAX_ADDRESS: Final = 2_079
MAX_TIP: Final = 255
MAX_LINKS: Final = 65_530
"""Limits of Excel: rows of a sheet, characters of a cell, of a link and of what it shows; links of a sheet."""

DAYS_BEFORE_1970: Final = 25_569
FIRST_SAFE_DAY: Final = 61
"""1 March 1900: before it programs disagree which day a number means, since Excel has a 29 February 1900."""
ROWS_AT_A_TIME: Final = 16_384

Write = Callable[[int, int, Any], object]


def too_long(name: str, table: pa.Table) -> str:
    """What stands on the sheet of a table that has more rows than a sheet; nothing if it fits."""
    if len(table) < MAX_ROWS:
        return ""
    return f"{len(table):,} rows, more than a sheet can hold: they are in {name}.csv and {name}.parquet"


def write_table(
    sheet: Worksheet, table: pa.Table, described: TableDescription, looks: Looks, places: Mapping[tuple[str, str], str]
) -> None:
    """Fills the sheet of a table.

    places: where the dictionary describes a column, by (table, column), as the address of a cell.
    """
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    links = iter(range(MAX_LINKS))
    for index, column in enumerate(described.columns):
        sheet.set_column(index, index, width(column.name, _sample(table[column.name])))
        tip = _cut(f"{column.title}: {column.description}", MAX_TIP)
        next(links)
        place = f"internal:{places[described.name, column.name]}"
        sheet.write_url(0, index, place, looks.header, column.name, tip)
    if warning := too_long(described.name, table):
        sheet.write_string(1, 0, warning)
        return
    sheet.autofilter(0, 0, len(table), len(described.columns) - 1)
    fill = _Cells(sheet, described.name, looks, links)
    writers = [fill.writer(column) for column in described.columns]
    for row, cells in enumerate(_rows(table), 1):
        for index, cell in enumerate(cells):
            if cell is not None:
                writers[index](row, index, cell)


def _sample(column: pa.ChunkedArray) -> list[str | None]:
    """The longest of its cells, as text."""
    texts = column.cast(pa.string())
    longest = pc.max(pc.utf8_length(texts)).as_py()
    return ["m" * longest] if longest else []


def _rows(table: pa.Table) -> Iterator[tuple[Any, ...]]:
    for batch in table.to_batches(max_chunksize=ROWS_AT_A_TIME):
        yield from zip(*map(_cells, batch.columns), strict=True)


def _cells(column: pa.Array) -> list[Any]:
    """Its cells; a date as the number of its day, or as text where that would be read differently."""
    if not pa.types.is_date(column.type):
        return list(column.to_pylist())
    days = pc.add(column.cast(pa.int32()), DAYS_BEFORE_1970).to_pylist()
    if all(day is None or day >= FIRST_SAFE_DAY for day in days):
        return list(days)
    texts = column.cast(pa.string()).to_pylist()
    return [t if d is None or d < FIRST_SAFE_DAY else d for d, t in zip(days, texts, strict=True)]


class _Cells(NamedTuple):
    """Writes the cells of a sheet, each by its type; links: as many more as it may have."""

    sheet: Worksheet
    table: str
    looks: Looks
    links: Iterator[int]

    def writer(self, column: ColumnDescription) -> Write:
        """What writes the cells of a column."""
        if column.arrow != pa.string():
            return {pa.date32(): self.date, pa.bool_(): self.flag}.get(column.arrow, self.number)
        if column.name in GRADE_COLUMNS:
            return self.grade
        return self.address if column.kind == "url" else self.text

    def text(self, row: int, column: int, cell: str) -> None:
        write_text(self.sheet, row, column, cell if _fits(cell, MAX_CHARACTERS) else _elsewhere(cell, self.table))

    def grade(self, row: int, column: int, cell: str) -> None:
        write_text(self.sheet, row, column, cell, self.looks.grades.get(cell))

    def address(self, row: int, column: int, cell: str) -> None:
        if _fits(cell, MAX_ADDRESS) and next(self.links, None) is not None:
            self.sheet.write_url(row, column, cell, self.looks.link, cell)
        else:
            self.text(row, column, cell)

    def date(self, row: int, column: int, cell: int | str) -> None:
        if isinstance(cell, str):
            self.sheet.write_string(row, column, cell)
        else:
            self.sheet.write_number(row, column, cell, self.looks.date)

    def number(self, row: int, column: int, cell: float) -> None:
        self.sheet.write_number(row, column, cell, self.looks.number)

    def flag(self, row: int, column: int, cell: bool) -> None:
        self.sheet.write_boolean(row, column, cell, self.looks.flag)


def write_text(sheet: Worksheet, row: int, column: int, text: str, look: Any = None) -> None:
    """Writes a text as it is; one that looks like XlsxWriter's own form of a rich text, too."""
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:1], text[1:2], text[2:], *([look] if look else []))
    else:
        sheet.write_string(row, column, text, look)


def _elsewhere(text: str, table: str) -> str:
    return f"{len(text):,} characters, more than a cell can hold: they are in {table}.csv and {table}.parquet"


def _fits(text: str, limit: int) -> bool:
    """Whether Excel, which counts in UTF-16, finds a text short enough."""
    return len(text) * 2 <= limit or len(text.encode("utf-16-le")) // 2 <= limit


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
