"""What each description of a release says of its columns."""

from collections.abc import Callable
from pathlib import Path

from tests.descriptions.documents import croissant, csvw, data_package, jsonld, read
from tests.descriptions.facets import Columns, described
from tests.descriptions.formats import dictionary, models, parquet, sqlite, workbook

DESCRIPTIONS: dict[str, tuple[str, Callable[[Path], Columns]]] = {
    "models": ("", models),
    "parquet": ("grades.parquet", parquet),
    "data_package": ("datapackage.json", data_package),
    "csvw": ("csvw.json", csvw),
    "jsonld": ("dataset.jsonld", jsonld),
    "croissant": ("croissant.json", croissant),
    "dictionary": ("DICTIONARY.md", dictionary),
    "sqlite": ("openpeel.sqlite", sqlite),
    "workbook": ("openpeel.xlsx", workbook),
}
"""What describes columns: a file of a release, and how it is read."""

__all__ = ["DESCRIPTIONS", "described", "read"]
