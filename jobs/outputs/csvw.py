"""Tables -> `csvw.json`: the CSV files as CSV on the Web (https://www.w3.org/TR/tabular-metadata/).

What that standard has no word for is said with terms of Dublin Core and schema.org, whose prefixes it knows: units,
roles, what a column refers to, and the codes with their meanings (which it only knows as a regular expression).
"""

from collections.abc import Iterator
from typing import Any, Final

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.common import ABOUT, described, filled, json_parts, references, terms
from jobs.outputs.edition import Edition, Make
from schemas import dataset
from schemas.meanings import KINDS

DIALECT: Final = {
    "encoding": "utf-8",
    "delimiter": ",",
    "quoteChar": '"',
    "doubleQuote": True,
    "lineTerminators": ["\n"],
    "header": True,
    "headerRowCount": 1,
    "commentPrefix": None,
    "skipBlankRows": False,
    "trim": False,
}
FORMATS: Final = {"flag": "TRUE|FALSE", "date": "yyyy-MM-dd"}


def csvw_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield "csvw.json", lambda: json_parts(csvw(edition))


def csvw(edition: Edition) -> dict[str, Any]:
    """The metadata of a group of tables; addresses of files are those within the folder."""
    issued = {"@type": "xsd:date", "@value": edition.date} if edition.date else None
    return filled({
        "@context": ["http://www.w3.org/ns/csvw", {"@language": dataset.LANGUAGE}],
        "@id": edition.place and f"{edition.place}csvw.json",
        "dc:title": dataset.TITLE,
        "dc:description": ABOUT,
        "dc:identifier": edition.place,
        "schema:version": edition.version,
        "dc:issued": issued,
        "dc:creator": dataset.CREATOR,
        "dc:license": {"@id": dataset.LICENCE_URL},
        "dc:source": {"@id": dataset.INSPECTORATE_URL},
        "dc:subject": list(dataset.KEYWORDS),
        "dialect": DIALECT,
        "tables": [_table(table, edition) for table in described(edition)],
    })  # fmt: skip


def _table(table: TableDescription, edition: Edition) -> dict[str, Any]:
    """A column that may be empty is no foreign key: that standard asks every row for the row that it refers to."""
    required = {column.name for column in table.columns if not column.nullable}
    keys = [
        {"columnReference": [column], "reference": {"resource": f"{target}.csv", "columnReference": [key]}}
        for column, target, key in references(table, edition.tables)
        if column in required
    ]
    schema = {
        "columns": [_column(column) for column in table.columns],
        "primaryKey": list(table.key),
        "foreignKeys": keys,
    }
    return {
        "url": f"{table.name}.csv",
        "dc:title": table.title,
        "dc:description": table.description,
        "tableSchema": filled(schema),
    }


def _column(column: ColumnDescription) -> dict[str, Any]:
    """The name stands among the titles, too: a heading that is none of them is a fault."""
    return filled({
        "name": column.name,
        "titles": [column.name, column.title],
        "dc:description": column.description,
        "dc:references": column.references,
        "schema:unitText": column.unit,
        "dc:type": column.role,
        "schema:valueReference": terms(column, "schema:"),
        "datatype": _datatype(column),
        "required": not column.nullable,
        "null": [""],
    })  # fmt: skip


def _datatype(column: ColumnDescription) -> dict[str, Any]:
    """Codes are letters, digits, hyphens and underscores, which mean themselves in a regular expression."""
    codes = f"^({'|'.join(column.values)})$" if column.values else ""
    form = FORMATS.get(column.kind) or codes or column.pattern
    return filled({"base": KINDS[column.kind].csvw, "format": form, "minimum": column.least})
