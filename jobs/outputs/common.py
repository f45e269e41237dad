"""What the documents that describe a release have in common: its files, its words and how JSON is written."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final

from jobs.describe import ColumnDescription, TableDescription, describe
from jobs.outputs.edition import Edition, Parts
from schemas import dataset

ABOUT: Final = " ".join((dataset.DESCRIPTION, *dataset.WARNINGS, dataset.ATTRIBUTION))
"""What somebody who sees nothing but a description must know."""
FULL_TITLE: Final = f"{dataset.TITLE}: {dataset.SUBTITLE}"
MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""As registered with IANA, by the ending of a file's name."""
BYTES: Final = "application/octet-stream"


def media_type(name: str) -> str:
    """The media type of a file; for an ending that says nothing, the one that says nothing."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix, BYTES)


def json_parts(content: Mapping[str, Any]) -> Parts:
    """A document as JSON, in the order in which it is said."""
    return [json.dumps(content, ensure_ascii=False, indent=1).encode(), b"\n"]


def filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """What there is something to say of: without empty texts, lists and dictionaries, and without None."""
    return {name: value for name, value in content.items() if value is not None and value not in ("", [], {})}


def described(edition: Edition) -> Iterator[TableDescription]:
    """The descriptions of its tables."""
    return map(describe, edition.tables)


def references(table: TableDescription, present: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(column, table, column there) of all that refers to a table that is present."""
    for column in table.columns:
        target, _, key = column.references.partition(".")
        if target in present:
            yield column.name, target, key


def terms(column: ColumnDescription, prefix: str = "") -> list[dict[str, str]]:
    """Its codes with their meanings as defined terms of schema.org; prefix: that of schema.org's names."""
    return [
        {"@type": f"{prefix}DefinedTerm", f"{prefix}termCode": code, f"{prefix}description": meaning}
        for code, meaning in column.values.items()
    ]


def cited(edition: Edition) -> str:
    """How to cite it, in a line."""
    year = f" ({edition.date[:4]})" if edition.date else ""
    version = f", version {edition.version}" if edition.version else ""
    return f"{dataset.CREATOR}{year}. {FULL_TITLE}{version}. {dataset.LICENCE_TITLE}. {edition.place}".rstrip()


def schema_org(edition: Edition) -> dict[str, Any]:
    """What schema.org says of the whole, in a catalogue as in Croissant."""
    creator = filled({"@type": "Organization", "name": dataset.CREATOR, "url": edition.address})
    return filled({
        "name": dataset.TITLE,
        "alternateName": dataset.SUBTITLE,
        "description": ABOUT,
        "url": edition.place,
        "version": edition.version,
        "datePublished": edition.date,
        "dateModified": edition.date,
        "inLanguage": dataset.LANGUAGE,
        "license": dataset.LICENCE_URL,
        "creator": creator,
        "publisher": creator,
        "keywords": list(dataset.KEYWORDS),
        "isAccessibleForFree": True,
    })  # fmt: skip
