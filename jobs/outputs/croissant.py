"""Tables -> `croissant.json`: the Parquet files for machine learning (http://mlcommons.org/croissant/1.1).

It describes Parquet, not CSV: the reference implementation reads CSV without the types that it was told. Units, least
values, codes and what else Croissant has no word for are said with terms of schema.org.
"""

from collections.abc import Iterator
from typing import Any, Final

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.common import cited, described, filled, json_parts, references, schema_org, terms
from jobs.outputs.edition import Edition, Make
from schemas.meanings import KINDS

CROISSANT: Final = "http://mlcommons.org/croissant/"
PARQUET: Final = "application/x-parquet"
"""Readers of Croissant know this name, not the one that IANA has registered since."""
CONTEXT: Final = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "annotation": "cr:annotation",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": CROISSANT,
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": f"{CROISSANT}RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""Appendix 1 of the standard; a context that differs makes its readers complain."""


def croissant_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield "croissant.json", lambda: json_parts(croissant(edition))


def croissant(edition: Edition) -> dict[str, Any]:
    """The description of a release: a file object and a record set for every table."""
    tables = list(described(edition))
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": f"{CROISSANT}1.1",
        **schema_org(edition),
        "citeAs": cited(edition),
        "isLiveDataset": False,
        "distribution": [_file(table.name, edition) for table in tables],
        "recordSet": [_record_set(table, edition) for table in tables],
    }


def _file(table: str, edition: Edition) -> dict[str, Any]:
    name = f"{table}.parquet"
    filed = edition.files.get(name)
    return filled({
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": f"{edition.place}{name}",
        "contentSize": filed and f"{filed.size} B",
        "encodingFormat": PARQUET,
        "sha256": filed and filed.sha256,
    })  # fmt: skip


def _record_set(table: TableDescription, edition: Edition) -> dict[str, Any]:
    targets = {column: f"{target}/{key}" for column, target, key in references(table, edition.tables)}
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "alternateName": table.title,
        "description": table.description,
        "key": [{"@id": f"{table.name}/{column}"} for column in table.key],
        "field": [_field(table.name, column, targets.get(column.name, "")) for column in table.columns],
    }


def _field(table: str, column: ColumnDescription, target: str) -> dict[str, Any]:
    return filled({
        "@type": "cr:Field",
        "@id": f"{table}/{column.name}",
        "name": column.name,
        "alternateName": column.title,
        "description": column.description,
        "dataType": f"sc:{KINDS[column.kind].schema_org}",
        "references": {"field": {"@id": target}} if target else None,
        "unitText": column.unit,
        "dct:type": column.role,
        "minValue": column.least,
        "valuePattern": column.pattern,
        "valueRequired": not column.nullable,
        "valueReference": terms(column),
        "source": {"fileObject": {"@id": f"{table}.parquet"}, "extract": {"column": column.name}},
    })  # fmt: skip
