"""LibreOffice Calc without a screen: the tables in a folder -> what its cells hold, read from flat OpenDocument files."""

import datetime as dt
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

Columns = dict[str, list[object]]

_SPACE: Final = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = (_SPACE % name for name in ("table", "office", "text"))
_UTF_8_WITH_COMMAS: Final = "CSV:44,34,76"


@cache
def missing() -> str:
    """Why it cannot be asked."""
    return "" if shutil.which("soffice") else "LibreOffice is not installed (apt: libreoffice-calc-nogui)"


def read(folder: Path, names: list[str]) -> dict[str, Columns]:
    """What its cells hold."""
    made = folder / "fods"
    command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    command += [f"--infilter={_UTF_8_WITH_COMMAS}", "--convert-to", "fods", "--outdir", str(made)]
    command += [str(folder / f"{name}.csv") for name in names]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    return {name: _columns(ET.parse(made / f"{name}.fods").getroot()) for name in names}


def read_workbook(path: Path, names: list[str]) -> dict[str, Columns]:
    """What the cells of some sheets of a workbook hold."""
    command = ["soffice", "--headless", f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"]
    command += ["--convert-to", "fods", "--outdir", str(path.parent / "fods"), str(path)]
    subprocess.run(command, capture_output=True, check=True, timeout=300)
    sheets = ET.parse(path.parent / "fods" / f"{path.stem}.fods").iter(f"{_TABLE}table")
    return {name: _columns(sheet) for sheet in sheets if (name := str(sheet.get(f"{_TABLE}name"))) in names}


def _columns(sheet: ET.Element) -> Columns:
    header, *rows = (list(_row(row)) for row in sheet.iter(f"{_TABLE}table-row") for _ in _times(row, "rows"))
    width = max(index for index, cell in enumerate(header) if cell is not None) + 1
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    full = [row + [None] * (width - len(row)) for row in rows]
    return {str(header[index]): [row[index] for row in full] for index in range(width)}


def _times(element: ET.Element, what: str) -> range:
    """How often a row or cell stands; the empty rest of the sheet, given as one huge number, once."""
    number = int(element.get(f"{_TABLE}number-{what}-repeated", "1"))
    return range(number if number < 10_000 else 1)


def _row(row: ET.Element) -> Iterator[object]:
    for cell in row.iter(f"{_TABLE}table-cell"):
        for _ in _times(cell, "columns"):
            yield _cell(cell)


def _cell(cell: ET.Element) -> object:
    """The value of a cell by its type; a percentage or an amount of money is the number that the sheet counts with."""
    kind = cell.get(f"{_OFFICE}value-type")
    if kind is None:
        return None
    if kind == "string":
        return "\n".join(_text(paragraph) for paragraph in cell.iter(f"{_TEXT}p"))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        text = cell.get(f"{_OFFICE}date-value", "")
        return dt.date.fromisoformat(text) if len(text) == 10 else dt.datetime.fromisoformat(text)
    if kind == "time":
        return ("time", cell.get(f"{_OFFICE}time-value"))
    return float(cell.get(f"{_OFFICE}value", "nan"))


def _text(paragraph: ET.Element) -> str:
    """The text of a paragraph; runs of spaces stand in it as elements."""
    text = paragraph.text or ""
    for part in paragraph:
        spaces = " " * int(part.get(f"{_TEXT}c", "1")) if part.tag == f"{_TEXT}s" else _text(part)
        text += spaces + (part.tail or "")
    return text
