"""The bytes of the published files: what clients rely on and do not say when it is missing."""

import csv
import io
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle, islice
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.describe import describe
from jobs.outputs import TABULAR, Edition, render
from jobs.outputs.csv import csv_bytes
from jobs.outputs.parquet import parquet_bytes
from jobs.staging import publish_folder
from schemas.tables import TABLES
from tests.clients import nasty
from tests.clients.real import real_tables

PHYSICAL = {
    pa.string(): ("BYTE_ARRAY", "String"),
    pa.int32(): ("INT32", "None"),
    pa.float64(): ("DOUBLE", "None"),
    pa.bool_(): ("BOOLEAN", "None"),
    pa.date32(): ("INT32", "Date"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    publish_folder(tmp_path / "out", render(Edition(real_tables()), TABULAR))
    return tmp_path / "out"


def all_tables() -> dict[str, pa.Table]:
    return real_tables() | nasty.tables()


def printed(cell: object) -> str:
    """A cell as the files promise it: TRUE and FALSE, ISO dates, nothing for null."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return "" if cell is None else str(cell)


def test_the_folder_holds_two_files_a_table_and_sums_that_coreutils_confirms(folder: Path) -> None:
    assert {path.name for path in folder.iterdir()} == {
        "SHA256SUMS",
        *(f"{name}.{ending}" for name in TABLES for ending in ("csv", "parquet")),
    }
    if not shutil.which("sha256sum"):
        pytest.skip("sha256sum is not installed (coreutils)")
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 0
    (folder / "grades.csv").write_bytes((folder / "grades.csv").read_bytes().replace(b"good", b"fair"))
    assert subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode == 1


@pytest.mark.parametrize("name", [*TABLES, *nasty.tables()])
def test_csv_is_utf_8_with_one_mark_lf_and_quotes_only_where_needed(name: str) -> None:
    table = all_tables()[name]
    data = csv_bytes(table)
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8").removeprefix("\ufeff")
    assert not {"\r", "\ufeff", "\x00"} & set(text)
    lines = text.split("\n")
    assert lines[0] == ",".join(table.column_names)
    assert lines[-1] == ""
    assert len(lines) == len(table) + 2  # so no cell breaks a line
    no_numbers = [i for i, field in enumerate(table.schema) if not pa.types.is_floating(field.type)]
    sink = io.StringIO()
    rows = list(csv.reader(lines[:-1], strict=True))
    csv.writer(sink, lineterminator="\n", quoting=csv.QUOTE_MINIMAL).writerows(rows)
    assert sink.getvalue() == text
    due = [[printed(row[table.column_names[i]]) for i in no_numbers] for row in table.to_pylist()]
    assert [[row[i] for i in no_numbers] for row in rows[1:]] == due


@pytest.mark.parametrize("number", [*nasty.NUMBERS, 1 / 3, 2 / 3, 1e300, 5e-324, 0.1 + 0.2])
def test_a_number_has_the_fewest_digits_that_give_it_back(number: float) -> None:
    text = csv_bytes(pa.table({"n": pa.array([number], pa.float64())})).decode("utf-8-sig").split("\n")[1]
    assert re.fullmatch(r"-?\d+(\.\d+)?(e[+-]\d+)?", text, re.ASCII)
    assert float(text) == number
    assert Decimal(text).normalize().as_tuple().digits == Decimal(repr(number)).normalize().as_tuple().digits
    assert text[-2:] != ".0"


@pytest.mark.parametrize("odd", [0, 1, 9, 10, 11, 40])
def test_quotes_stand_where_they_are_needed_in_few_texts_as_in_all(odd: int) -> None:
    texts = [*islice(cycle(['a "b"', "a, b", '"', ",", '""c']), odd), *["plain"] * (40 - odd)]
    empty = [None if row % 4 == 2 else text for row, text in enumerate(texts)]
    table = pa.table({"one": texts, "two": empty, "three": texts[::-1]})
    written = io.StringIO()
    rows = zip(texts, empty, texts[::-1], strict=True)
    csv.writer(written, lineterminator="\n").writerows([table.column_names, *rows])
    assert csv_bytes(table).decode("utf-8-sig") == written.getvalue()
    assert csv_bytes(table.select(["one", "three", "two"])).decode().count("\n") == 41


@pytest.mark.parametrize("name", nasty.tables())
def test_csv_does_not_depend_on_how_a_table_lies_in_memory(name: str) -> None:
    table = nasty.tables()[name]
    parts = pa.concat_tables([table.slice(0, 7), table.slice(7, 1), table.slice(8)])
    assert csv_bytes(parts) == csv_bytes(table)
    assert csv_bytes(pa.concat_tables([table, table]).slice(len(table))) == csv_bytes(table)


@pytest.mark.parametrize("name", TABLES)
def test_parquet_has_plain_types_that_every_tool_reads(folder: Path, name: str) -> None:
    file = pq.ParquetFile(folder / f"{name}.parquet")
    assert file.metadata.format_version == "2.6"
    columns = [file.schema.column(index) for index in range(len(file.schema))]
    due = [(c.name, *PHYSICAL[c.arrow]) for c in describe(name).columns]
    assert [(c.name, c.physical_type, c.logical_type.type.title()) for c in columns] == due
    assert [c.max_definition_level for c in columns] == [int(c.nullable) for c in describe(name).columns]
    chunks = [file.metadata.row_group(g).column(c) for g in range(file.num_row_groups) for c in range(len(columns))]
    assert {chunk.compression for chunk in chunks} == {"ZSTD"}
    assert {encoding for chunk in chunks for encoding in chunk.encodings} <= {"PLAIN", "RLE", "RLE_DICTIONARY"}


@pytest.mark.parametrize("name", TABLES)
def test_parquet_says_what_it_holds(folder: Path, name: str) -> None:
    path, table = folder / f"{name}.parquet", describe(name)
    about = {b"title": table.title, b"description": table.description, b"primary_key": "|".join(table.key)}
    held = pq.read_schema(path)
    assert {key: text.decode() for key, text in held.metadata.items()} == about
    for field, column in zip(held, table.columns, strict=True):
        told = {key.decode(): text.decode() for key, text in field.metadata.items()}
        assert (told["title"], told["description"], told["kind"]) == (column.title, column.description, column.kind)
        assert (told.get("unit", ""), told.get("references", "")) == (column.unit, column.references)
    assert b"pandas" not in (pq.read_metadata(path).metadata or {})
    assert pl.read_parquet_metadata(path)["title"] == table.title
    rows = duckdb.execute("SELECT key, value FROM parquet_kv_metadata(?)", [str(path)]).fetchall()
    assert about.items() <= {key: value.decode() for key, value in rows}.items()


@pytest.mark.parametrize("name", [*TABLES, *nasty.tables()])
def test_the_same_table_gives_the_same_bytes(name: str) -> None:
    table = all_tables()[name]
    again = pq.read_table(io.BytesIO(parquet_bytes(table)))
    assert again.schema.equals(table.schema, check_metadata=True)
    assert parquet_bytes(again) == parquet_bytes(table)
    assert csv_bytes(again) == csv_bytes(table)


def texts(kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for name, table in real_tables().items():
        for column in describe(name).columns:
            if column.kind in kinds:
                cells = table[column.name].drop_null().to_pylist()
                yield from ((f"{name}.{column.name}", cell) for cell in cells)


TAKEN_FOR_SOMETHING_ELSE = re.compile(
    r"[\s\W]*[\d.,:/\-\s]+[\s\W]*"  # numbers, percentages, amounts, dates, times
    r"|[+-]?[\d.]+[eE][+-]?\d+|0[xXbB][\da-fA-F]+"
    r"|(?i:[+-]?(nan|inf|infinity|nat)|true|false|n/?a|null|none|#.*|<na>)",
    re.ASCII,
)


def test_every_text_of_the_real_tables_is_safe_in_every_client() -> None:
    cells = list(texts(("id", "code", "text", "url")))
    assert len(cells) > 1000
    assert [cell for cell in cells if unicodedata.normalize("NFC", cell[1]) != cell[1]] == []
    assert [
        cell for cell in cells if any(unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" for c in cell[1])
    ] == []
    assert [cell for cell in cells if cell[1] != cell[1].strip() or not 0 < len(cell[1]) < 32_767] == []
    assert [cell for cell in cells if unicodedata.normalize("NFKC", cell[1].lstrip())[0] in "=+-@|"] == []
    assert [cell for cell in cells if TAKEN_FOR_SOMETHING_ELSE.fullmatch(cell[1])] == []


def test_every_id_of_the_real_tables_starts_with_a_letter_and_is_no_number_or_date() -> None:
    cells = [cell for cell in texts(("id", "code")) if not cell[0].endswith("sha256")]
    assert [cell for cell in cells if not re.fullmatch(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", cell[1], re.ASCII)] == []
    assert [cell for cell in texts(("id",)) if "-" not in cell[1]] == []
    month = r"(jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*-\d{1,4}"
    assert [cell for cell in cells if re.fullmatch(month, cell[1], re.ASCII)] == []


def test_every_digest_of_the_real_tables_is_one_and_no_number() -> None:
    """One in 10^13 has no letter but a single e, and would be a number to a spreadsheet."""
    cells = [cell for cell in texts(("code",)) if cell[0].endswith("sha256")]
    assert cells
    assert [cell for cell in cells if not re.fullmatch(r"(?=.*[a-df])[0-9a-f]{64}", cell[1])] == []


def test_every_number_and_date_of_the_real_tables_fits_a_spreadsheet() -> None:
    for name, table in real_tables().items():
        for column in describe(name).columns:
            cells = table[column.name].drop_null().to_pylist()
            if column.kind == "number":
                assert [c for c in cells if len(Decimal(repr(c)).normalize().as_tuple().digits) > 15] == []
            if column.kind == "date":
                assert [c for c in cells if not 1900 <= c.year <= 2199] == []
