"""The workbook: what spreadsheets and programs read from it is what the tables hold; its links lead somewhere."""

import datetime as dt
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jobs.describe import arrow_schema, describe
from jobs.outputs.edition import Edition, nothing_but
from jobs.outputs.workbook import looks, sheet, workbook_bytes, workbook_files
from schemas.dataset import ATTRIBUTION, LICENCE_URL, TITLE, WARNINGS
from schemas.tables import ALL_TABLES, TABLES
from tests.clients import Client, Columns, differences, libreoffice, nasty
from tests.clients.described import described_as
from tests.clients.programs import _of_frame
from tests.clients.real import real_tables

READER = Client(str, lambda folder, names: {}, leaves_dates=True, digits=15)
"""How cells are compared: 15 digits are what a spreadsheet keeps; days before 1 March 1900 are text (see below)."""
PLACES = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
    {"TZ": "America/St_Johns", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "4711"},
)


def made(tables: dict[str, pa.Table]) -> bytes:
    """The workbook of made-up tables."""
    return workbook_bytes(Edition(tables), {name: described_as(name, table) for name, table in tables.items()})


def real_edition() -> Edition:
    tables = real_tables() | {"changes": arrow_schema("changes").empty_table()}
    return Edition(tables, "0.1.0", "2026-11-22", address="https://data.example.org/openpeel/")


@cache
def real() -> bytes:
    """The workbook of the real tables."""
    ((name, make),) = workbook_files(real_edition())
    assert name == "openpeel.xlsx"
    return b"".join(make())


def opened(data: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def held(page: Worksheet) -> Columns:
    """What openpyxl holds of a sheet."""
    header, *rows = page.iter_rows(values_only=True)
    return {str(name): [_day(row[index]) for row in rows] for index, name in enumerate(header)}


def _day(cell: object) -> object:
    return cell.date() if isinstance(cell, dt.datetime) else cell


def lost(tables: dict[str, pa.Table], found: dict[str, Columns]) -> list[str]:
    return [f"{name}.{line}" for name, table in tables.items() for line in differences(READER, table, found[name])]


def parts(data: bytes) -> dict[str, str]:
    """The XML files in a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_openpyxl_holds_every_cell_of_the_real_tables() -> None:
    book = opened(real())
    assert book.sheetnames == ["Cover", *ALL_TABLES, "Dictionary"]
    assert lost(real_tables(), {name: held(book[name]) for name in TABLES}) == []


def test_openpyxl_holds_every_cell_of_tables_that_would_trip_up_a_careless_writer() -> None:
    book = opened(made(nasty.tables()))
    assert lost(nasty.tables(), {name: held(book[name]) for name in nasty.tables()}) == []


def test_pandas_holds_every_cell_of_the_real_tables() -> None:
    frames = pd.read_excel(io.BytesIO(real()), sheet_name=list(TABLES), dtype_backend="numpy_nullable")
    assert lost(real_tables(), {name: _of_frame(frame) for name, frame in frames.items()}) == []


@pytest.mark.skipif(bool(libreoffice.missing()), reason=libreoffice.missing())
@pytest.mark.parametrize("which", ["real", "nasty"])
def test_libreoffice_holds_every_cell(which: str, tmp_path: Path) -> None:
    tables = real_tables() if which == "real" else nasty.tables() | {"awkward": nasty.listed(AWKWARD)}
    (tmp_path / "book.xlsx").write_bytes(real() if which == "real" else made(tables))
    assert lost(tables, libreoffice.read_workbook(tmp_path / "book.xlsx", list(tables))) == []


AWKWARD = ("<r>neither rich nor broken</r>", "_x0041_ is no A", "x" * 32_767, *nasty.TEMPTING)
"""Texts that XlsxWriter or spreadsheets have forms of their own for, and all that others take for something else."""


def test_no_cell_is_a_formula_and_text_stays_text() -> None:
    texts = [*AWKWARD, '=HYPERLINK("https://example.org")', "{=1+1}", "07", "http://example.org", "internal:Cover!A1"]
    data = made({"awkward": nasty.listed(tuple(texts))})
    for book in (real(), data):
        pages = [text for name, text in parts(book).items() if name.startswith("xl/worksheets/sheet")]
        assert [page for page in pages if re.search(r"<f[ >]", page)] == []
    cells = [page for (page,) in opened(data)["awkward"].iter_rows(min_row=2, min_col=2, max_col=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == texts


def test_dates_numbers_and_flags_are_cells_of_their_type() -> None:
    page = opened(real())["grades"]
    header = [cell.value for cell in page[1]]
    row = next(row for row in page.iter_rows(min_row=2) if row[header.index("published_on")].value)
    types = {name: row[header.index(name)].data_type for name in ("published_on", "claims", "disputed", "grade_id")}
    assert types == {"published_on": "d", "claims": "n", "disputed": "b", "grade_id": "s"}
    assert row[header.index("published_on")].number_format == "yyyy-mm-dd"


def test_a_day_that_programs_read_differently_is_text() -> None:
    """Excel has a 29 February 1900, other programs have not: before March a number would be another day in them."""
    days = pa.array([dt.date(1900, 2, 28), dt.date(1900, 3, 1), None], pa.date32())
    page = opened(made({"days": pa.table({"id": ["a", "b", "c"], "on": days})}))["days"]
    assert [cell.value for cell in page["B"]] == ["on", "1900-02-28", dt.datetime(1900, 3, 1), None]


def test_a_sheet_has_a_frozen_header_a_filter_and_widths_that_fit() -> None:
    for name, table in real_tables().items():
        page = opened_once()[name]
        assert page.freeze_panes == "A2"
        last = openpyxl.utils.get_column_letter(table.num_columns)
        assert page.auto_filter.ref == f"A1:{last}{len(table) + 1}"
        widths = [page.column_dimensions[openpyxl.utils.get_column_letter(n + 1)].width for n in range(2)]
        assert all(looks.NARROWEST <= width <= looks.WIDEST + 1 for width in widths), name


@cache
def opened_once() -> openpyxl.Workbook:
    return opened(real())


def test_a_header_tells_what_its_column_means_and_leads_to_the_dictionary() -> None:
    for name in ALL_TABLES:
        for cell, column in zip(opened_once()[name][1], describe(name).columns, strict=True):
            assert cell.value == column.name
            assert cell.hyperlink.tooltip.startswith(column.title)
            row = target(cell.hyperlink.location)[0].row
            found = [c.value for c in opened_once()["Dictionary"][row]]
            assert found[:2] == [name, column.name]


def target(location: str) -> tuple[openpyxl.cell.Cell, ...]:
    """The cells that a link within the workbook leads to, first one first; KeyError if there is no such sheet."""
    name, _, address = location.removeprefix("#").rpartition("!")
    return (opened_once()[name.strip("'")][address],)


def test_every_link_leads_to_a_cell_with_words_or_to_the_web() -> None:
    inside = 0
    for page in opened_once():
        for row in page.iter_rows():
            for link in (cell.hyperlink for cell in row if cell.hyperlink):
                if link.target is None:
                    assert target(link.location)[0].value
                    inside += 1
                else:
                    assert link.target.startswith(("https://", "http://"))
    columns = sum(len(describe(name).columns) for name in ALL_TABLES)
    assert inside > 3 * columns


def test_a_link_to_evidence_leads_to_the_very_address() -> None:
    for cell in opened_once()["grades"]["V"][1:]:
        link = cell.hyperlink
        assert cell.value == (f"{link.target}#{link.location}" if link.location else link.target)


def test_the_cover_says_what_a_reader_must_know() -> None:
    page = opened_once()["Cover"]
    words = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {TITLE, "0.1.0", "2026-11-22", ATTRIBUTION, *WARNINGS} <= set(words)
    assert any(
        "0.1.0" in text and "2026" in text and "https://data.example.org/openpeel/v0.1.0/" in text for text in words
    )
    assert LICENCE_URL in {cell.hyperlink.target for row in page.iter_rows() for cell in row if cell.hyperlink}
    counts = {row[0].value: row[2].value for row in page.iter_rows() if isinstance(row[2].value, int)}
    assert counts == {name: len(table) for name, table in real_edition().tables.items()}


def test_the_dictionary_describes_every_column() -> None:
    page = opened_once()["Dictionary"]
    header, *rows = page.iter_rows(values_only=True)
    assert header == ("Table", "Column", "Title", "Meaning", "Kind", "Unit", "Codes", "Key", "Refers to", "May be empty", "At least")  # fmt: skip
    due = [
        (name, c.name, c.title, c.description, c.unit or None, c.references or None, "yes" if c.nullable else None)
        for name in ALL_TABLES
        for c in describe(name).columns
    ]
    assert [(*row[:4], row[5], row[8], row[9]) for row in rows] == due
    codes = {(row[0], row[1]): row[6] for row in rows}
    assert codes["grades", "basis"].split("\n")[0] == "stated: named by at least one article"
    assert {row[7] for row in rows if row[0] == "scales"} == {"part of it", None}


def test_grades_have_a_colour_and_a_word_that_can_be_read_on_it() -> None:
    page = opened_once()["grades"]
    header = [cell.value for cell in page[1]]
    for name in ("grade", "grade_label"):
        colours = {row[header.index(name)].value: row[header.index(name)].fill.fgColor.rgb for row in page.iter_rows(2)}
        colours.pop(None, None)
        assert {"FF" + looks.SHADES[word.replace(" ", "-")][0][1:] for word in colours} == set(colours.values())
    for back, text in looks.SHADES.values():
        assert contrast(back, text) >= 7, (back, text)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    shares = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_a_table_with_more_rows_than_a_sheet_says_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet, "MAX_ROWS", 4)
    tables = {name: pa.table({"id": [f"a-{n}" for n in range(rows)]}) for name, rows in (("fits", 3), ("long", 4))}
    book = opened(made(tables))
    words = "4 rows, more than a sheet can hold: they are in long.csv and long.parquet"
    assert [cell.value for cell in book["fits"]["A"]] == ["id", "a-0", "a-1", "a-2"]
    assert [cell.value for cell in book["long"]["A"]] == ["id", words]
    assert {row[0].value: row[1].value for row in book["Cover"].iter_rows()}["long"] == f"One row of long. {words}"


def test_a_cell_at_the_limit_is_whole_and_one_beyond_says_where_it_is() -> None:
    texts = ["x" * 32_767, "x" * 32_768, "🚓" * 16_383, "🚓" * 16_384]
    page = opened(made({"long": nasty.listed(tuple(texts))}))["long"]
    words = "characters, more than a cell can hold: they are in long.csv and long.parquet"
    due = [texts[0], f"32,768 {words}", texts[2], f"16,384 {words}"]
    assert [cell.value for cell in page["B"][1:]] == due


def test_an_address_beyond_the_limits_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    start = "https://example.org/"
    urls = [start + "x" * (length - len(start)) for length in (2_079, 2_080, 30, 30, 30)]
    monkeypatch.setattr(sheet, "MAX_LINKS", 4)  # two headers and two cells
    table = pa.table({"id": [f"a-{n}" for n in range(5)], "url": urls})
    cells = opened(made({"links": table}))["links"]["B"][1:]
    assert [cell.value for cell in cells] == urls
    assert [bool(cell.hyperlink) for cell in cells] == [True, False, True, False, False]


@pytest.mark.parametrize("names", [[], ["grades"], ["coverage", "changes"]])
def test_it_is_made_of_some_tables_without_rows_and_of_no_release(names: list[str]) -> None:
    ((_, make),) = workbook_files(Edition({name: arrow_schema(name).empty_table() for name in names}))
    book = opened(b"".join(make()))
    assert book.sheetnames == ["Cover", *names, "Dictionary"]
    assert [[cell.value for cell in book[name][1]] for name in names] == [arrow_schema(name).names for name in names]


def test_its_name_is_told_without_making_it() -> None:
    assert [name for name, _ in workbook_files(nothing_but(["grades", "no-such-table"]))] == ["openpeel.xlsx"]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["TZ"])
def test_it_has_the_same_bytes_everywhere(place: dict[str, str], tmp_path: Path) -> None:
    tables = {name: real_tables()[name] for name in ("grades", "scales", "forces", "events")}
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    ran = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, json.dumps(list(tables))],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent), **place},
        capture_output=True,
        text=True,
        check=True,
    )
    ((_, make),) = workbook_files(Edition(tables, "1.2.3", "2026-11-22"))
    assert ran.stdout.strip() == hashlib.sha256(b"".join(make())).hexdigest()


ELSEWHERE = """
import hashlib, json, os, sys
os.umask(0o077)
import pyarrow.parquet as pq
from jobs.outputs.edition import Edition
from jobs.outputs.workbook import workbook_files
tables = {name: pq.read_table(f"{name}.parquet") for name in json.loads(sys.argv[1])}
((_, make),) = workbook_files(Edition(tables, "1.2.3", "2026-11-22"))
print(hashlib.sha256(b"".join(make())).hexdigest())
"""


def test_its_dates_are_those_of_the_release() -> None:
    assert opened_once().properties.created == dt.datetime(2026, 11, 22)
    with zipfile.ZipFile(io.BytesIO(real())) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
