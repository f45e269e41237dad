"""The files of a release -> what each is, how large, and its digest; and how each tool loads them."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from jobs.describe import describe
from jobs.outputs.edition import Edition
from jobs.recipes import RECIPES, Recipe, placed
from schemas.tables import ALL_TABLES

ENDINGS: Final = {"csv": "CSV", "parquet": "Parquet", "xlsx": "Excel workbook", "sqlite": "SQLite database"}
"""Formats by the ending of their files."""

DESCRIPTIONS: Final = {
    "DICTIONARY.md": "what every table, column and code means, to read",
    "CHANGELOG.md": "what changed from release to release, to read",
    "CITATION.cff": "how to cite this release, for citation managers",
    "datapackage.json": "Data Package v2: types, keys and references, for frictionless and data portals",
    "csvw.json": "the same as CSV on the Web",
    "dataset.jsonld": "schema.org and DCAT, for dataset search engines and catalogues",
    "croissant.json": "Croissant, for machine learning tools",
    "datasette.json": "titles and descriptions for Datasette",
}
"""The files that describe a release, and for what or whom; made after or beside this page, so without digest here."""


class Download(NamedTuple):
    """A file: its name, format, title and number of rows of its table (empty for a file of all tables)."""

    name: str
    format: str
    title: str
    rows: str
    size: int
    sha256: str


def downloads(edition: Edition) -> list[Download]:
    """Every file whose digest is known: those of all tables first, then table by table."""
    listed = [_download(edition, name) for name in edition.files]
    return sorted(listed, key=lambda download: bool(download.rows))


def _download(edition: Edition, name: str) -> Download:
    stem, _, ending = name.rpartition(".")
    filed = edition.files[name]
    table = edition.tables.get(stem)
    title = describe(stem).title if stem in ALL_TABLES else "All tables"
    return Download(name, ENDINGS.get(ending, ending), title, f"{len(table):,}" if table is not None else "", *filed)


def recipes(edition: Edition) -> Iterator[tuple[Recipe, str]]:
    """Each recipe with its text, for the files of the newest release where their address is known."""
    latest = f"{edition.address}latest/" if edition.address else ""
    for recipe in RECIPES:
        yield recipe, placed(recipe.text, latest)
