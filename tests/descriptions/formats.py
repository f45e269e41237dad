"""What the models, the formats and the dictionary for people say of columns, read from the file alone."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq

from schemas.tables import ALL_TABLES as TABLES
from tests.descriptions.facets import DATE, FLAG, NUMBER, TEXT, WHOLE, Columns, Facets

WORDS = {
    "identifier": TEXT, "code": TEXT, "text": TEXT, "web address": TEXT, "whole number": WHOLE, "number": NUMBER,
    "TRUE or FALSE": FLAG, "date (YYYY-MM-DD)": DATE,
}  # fmt: skip


def models(_: Path) -> Columns:
    """The pandera models themselves."""
    found: Columns = {}
    for name, model in TABLES.items():
        for column in model.to_schema().columns.values():
            checks = {check.name: check.statistics for check in column.checks}
            found.setdefault(name, {})[column.name] = {
                "title": column.title,
                "description": column.description,
                "type": str(column.dtype.type.pyarrow_dtype),
                "nullable": column.nullable,
                "unique": column.unique,
                "least": checks.get("greater_than_or_equal_to", {}).get("min_value"),
                "pattern": str(checks.get("str_matches", {}).get("pattern", "")),
                "codes": list(checks.get("isin", {}).get("allowed_values", [])),
            }
    return found


def parquet(folder: Path) -> Columns:
    """The schemas in the Parquet files, with the metadata of their fields."""
    found: Columns = {}
    for name in TABLES:
        for field in pq.read_schema(folder / f"{name}.parquet"):
            about = {key.decode(): value.decode() for key, value in field.metadata.items()}
            found.setdefault(name, {})[field.name] = {
                "title": about["title"],
                "description": about["description"],
                "type": str(field.type),
                "nullable": field.nullable,
                "key": about.get("key") == "true",
                "references": about.get("references", ""),
                "unit": about.get("unit", ""),
                "codes": about["values"].split("|") if "values" in about else [],
            }
    return found


def sqlite(folder: Path) -> Columns:
    """The tables of the database, as SQLite itself tells them."""
    found: Columns = {}
    with closing(sqlite3.connect(f"file:{folder / 'openpeel.sqlite'}?mode=ro", uri=True)) as database:
        for table in TABLES:
            keys = {row[3]: f"{row[2]}.{row[4]}" for row in database.execute(f'PRAGMA foreign_key_list("{table}")')}
            for _, name, _, required, _, key in database.execute(f'PRAGMA table_info("{table}")'):
                found.setdefault(table, {})[name] = {
                    "nullable": not required,
                    "key": bool(key),
                    "references": keys.get(name, ""),
                }
    return found


def workbook(folder: Path) -> Columns:
    """The sheet `Dictionary` of the workbook."""
    found: Columns = {}
    book = openpyxl.load_workbook(folder / "openpeel.xlsx", read_only=True)
    headers, *rows = book["Dictionary"].iter_rows(values_only=True)
    book.close()
    for row in rows:
        cells = dict(zip(map(str, headers), ("" if cell is None else str(cell) for cell in row), strict=True))
        codes = dict(line.split(": ", 1) for line in cells["Codes"].splitlines())
        found.setdefault(cells["Table"], {})[cells["Column"]] = {
            "title": cells["Title"],
            "description": cells["Meaning"],
            "type": WORDS[cells["Kind"]],
            "nullable": cells["May be empty"] == "yes",
            "unique": cells["Key"] in ("the key", "unique"),
            "key": cells["Key"] in ("the key", "part of it"),
            "references": cells["Refers to"],
            "unit": cells["Unit"],
            "least": int(cells["At least"]) if cells["At least"] else None,
            "values": codes,
        }
    return found


def dictionary(folder: Path) -> Columns:
    """The tables in `DICTIONARY.md`, as people read them."""
    text = (folder / "DICTIONARY.md").read_text(encoding="utf-8")
    sections = re.split(r"^## (\w+)$", text, flags=re.MULTILINE)
    return {
        name: dict(_dictionary_columns(section))
        for name, section in zip(sections[1::2], sections[2::2], strict=True)
        if name in TABLES
    }


def _dictionary_columns(section: str) -> Iterator[tuple[str, Facets]]:
    columns, *codes = re.split(r"^Codes of `(\w+)`:$", section, flags=re.MULTILINE)
    meanings = {name: dict(_cells(part)) for name, part in zip(codes[::2], codes[1::2], strict=True)}
    for name, title, meaning, limits in _cells(columns):
        kind, *facts = limits.split("; ")
        assert re.sub(r"\[(\w+)\.\w+\]\(#\1\)", "", limits).count("[") == 0
        yield (
            name,
            {
                "title": title,
                "description": meaning,
                "type": WORDS[kind],
                "nullable": "may be empty" in facts,
                "unique": "the key" in facts or "unique" in facts,
                "key": "the key" in facts or "part of the key" in facts,
                "references": _after(r"refers to \[(.*)\]", facts),
                "unit": _after("unit: (.*)", facts),
                "least": int(_after("at least (.*)", facts) or -1) if _after("at least (.*)", facts) else None,
                "codes": [code for code in _after("one of (.*)", facts).split(", ") if code],
                "values": meanings.get(name, {}),
            },
        )


def _cells(text: str) -> Iterator[list[str]]:
    """The rows of the tables in Markdown whose first cell is a name."""
    for line in text.splitlines():
        if line.startswith("| `"):
            cells = [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            yield [cells[0].strip(" `"), *(cell.strip() for cell in cells[1:])]


def _after(pattern: str, facts: list[str]) -> str:
    return next((match[1] for fact in facts if (match := re.match(pattern, fact))), "")
