"""Tables -> `datapackage.json`, a Data Package of version 2 (https://datapackage.org).

Paths are those within the folder, so that the package is whole wherever it lies. The encoding is `utf-8`: the standard
has no word for the byte order mark, and frictionless takes it away by itself.
"""

from collections.abc import Iterator
from typing import Any, Final

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.common import ABOUT, described, filled, json_parts, media_type, references
from jobs.outputs.edition import Edition, Make
from schemas import dataset
from schemas.meanings import KINDS

PROFILES: Final = "https://datapackage.org/profiles/2.0/"
DIALECT: Final = {
    "$schema": f"{PROFILES}tabledialect.json",
    "header": True,
    "delimiter": ",",
    "lineTerminator": "\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}
FLAGS: Final = {"trueValues": ["TRUE"], "falseValues": ["FALSE"]}


def data_package_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield "datapackage.json", lambda: json_parts(data_package(edition))


def data_package(edition: Edition) -> dict[str, Any]:
    """The descriptor of a release; a resource for every table as CSV with its schema, and one as Parquet."""
    contributor = filled({"title": dataset.CREATOR, "path": edition.address, "roles": ["creator", "publisher"]})
    return filled({
        "$schema": f"{PROFILES}datapackage.json",
        "name": dataset.NAME,
        "id": edition.place,
        "title": dataset.TITLE,
        "description": ABOUT,
        "homepage": edition.address,
        "version": edition.version,
        "created": edition.date and f"{edition.date}T00:00:00Z",
        "licenses": [{"name": dataset.LICENCE, "path": dataset.LICENCE_URL, "title": dataset.LICENCE_TITLE}],
        "sources": list(_sources(edition)),
        "contributors": [contributor],
        "keywords": list(dataset.KEYWORDS),
        "resources": [*_csv(edition), *_parquet(edition)],
    })  # fmt: skip


def _sources(edition: Edition) -> Iterator[dict[str, str]]:
    if "articles" in edition.tables:
        yield {"title": "The articles that are listed in the table articles", "path": "articles.csv"}
    yield {"title": "HMICFRS, whose judgements the articles repeat", "path": dataset.INSPECTORATE_URL}


def _csv(edition: Edition) -> Iterator[dict[str, Any]]:
    for table in described(edition):
        file = {"name": table.name, "path": f"{table.name}.csv", "format": "csv", "encoding": "utf-8"}
        yield _resource(edition, table, file) | {"type": "table", "dialect": DIALECT, "schema": _schema(table, edition)}


def _parquet(edition: Edition) -> Iterator[dict[str, Any]]:
    """Parquet has its schema within, so it is a file here, with its size and digest.

    Its format is written large: frictionless reads what is `parquet` through pandas, which turns whole numbers with
    empty cells into others, and counts no bytes then; so it would find faults in every sound file.
    """
    for table in described(edition):
        file = {"name": f"{table.name}-parquet", "path": f"{table.name}.parquet", "format": "Parquet"}
        yield _resource(edition, table, file)


def _resource(edition: Edition, table: TableDescription, file: dict[str, str]) -> dict[str, Any]:
    filed = edition.files.get(file["path"])
    return filled({
        "$schema": f"{PROFILES}dataresource.json",
        **file,
        "title": table.title,
        "description": table.description,
        "mediatype": media_type(file["path"]),
        "bytes": filed and filed.size,
        "hash": filed and f"sha256:{filed.sha256}",
    })  # fmt: skip


def _schema(table: TableDescription, edition: Edition) -> dict[str, Any]:
    keys = [
        {"fields": [column], "reference": {"resource": target, "fields": [key]}}
        for column, target, key in references(table, edition.tables)
    ]
    return filled({
        "$schema": f"{PROFILES}tableschema.json",
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": list(table.key),
        "foreignKeys": keys,
    })  # fmt: skip


def _field(column: ColumnDescription) -> dict[str, Any]:
    constraints = {
        "required": not column.nullable,
        "unique": column.unique,
        "minimum": column.least,
        "pattern": column.pattern,
        "enum": list(column.values),
    }
    field = {
        "name": column.name,
        "type": KINDS[column.kind].frictionless,
        "format": "default",
        "title": column.title,
        "description": column.description,
        "unit": column.unit,
        "role": column.role,
        "categories": [{"value": code, "label": meaning} for code, meaning in column.values.items()],
        "constraints": filled(constraints),
    }
    return filled(field) | (FLAGS if column.kind == "flag" else {})
