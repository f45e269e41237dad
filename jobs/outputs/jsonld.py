"""Tables -> `dataset.jsonld`: a schema.org Dataset for dataset search engines, and the same as DCAT for catalogues.

The context is within: one that had to be fetched would fail wherever there is no network. Every table is a part of the
dataset; a column of it is a variable, one that refers to another has that one as its value reference. What schema.org
has no word for is said with those of CSV on the Web (keys, types) and Dublin Core (what a column is for).
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.describe import ColumnDescription, TableDescription
from jobs.outputs.common import ABOUT, cited, described, filled, json_parts, media_type, references, schema_org, terms
from jobs.outputs.edition import Edition, Filed, Make
from schemas import dataset
from schemas.meanings import KINDS

FILE: Final = "dataset.jsonld"
MEDIA: Final = "https://www.iana.org/assignments/media-types/"
AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
"""The vocabularies of the Publications Office, which data portals of Europe (DCAT-AP) ask for."""
CONTEXT: Final = {
    "@vocab": "https://schema.org/",
    "csvw": "http://www.w3.org/ns/csvw#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "contentUrl": {"@type": "@id"},
    "isBasedOn": {"@type": "@id"},
    "license": {"@type": "@id"},
    "url": {"@type": "@id"},
    "csvw:datatype": {"@type": "@id"},
    "dcterms:issued": {"@type": "xsd:date"},
    "dcterms:modified": {"@type": "xsd:date"},
    "dcat:startDate": {"@type": "xsd:gYear"},
    "dcat:endDate": {"@type": "xsd:gYear"},
    "dcat:byteSize": {"@type": "xsd:nonNegativeInteger"},
    "spdx:checksumValue": {"@type": "xsd:hexBinary"},
}
OBSERVED: Final = {
    "inspections": ("published_on",),
    "statements": ("said_on",),
    "metrics": ("period_start", "period_end", "as_of"),
    "events": ("happened_from", "happened_to"),
}
"""The columns that tell when something was as the data say; not when somebody wrote of it."""


def jsonld_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield FILE, lambda: json_parts(jsonld(edition))


def jsonld(edition: Edition) -> dict[str, Any]:
    """The description of a release."""
    years = covered(edition)
    place = {"@type": "Place", "name": dataset.PLACE}
    return filled({
        "@context": CONTEXT,
        "@id": edition.place or "./",
        "@type": ["Dataset", "dcat:Dataset"],
        **schema_org(edition),
        "identifier": edition.place or " ".join(filter(None, (dataset.NAME, edition.version))),
        "citation": cited(edition),
        "creditText": dataset.ATTRIBUTION,
        "isBasedOn": dataset.INSPECTORATE_URL,
        "spatialCoverage": place,
        "temporalCoverage": "/".join(map(str, years)),
        "variableMeasured": list(_measured(edition)),
        "distribution": [_download(name, filed, edition) for name, filed in edition.files.items()],
        "hasPart": [_table(table, edition) for table in described(edition)],
        **_dcat(edition, years),
    })  # fmt: skip


def brief(edition: Edition) -> dict[str, Any]:
    """The same dataset in a few lines, for search engines that read it in a page and follow no link."""
    files = [
        {"@type": "DataDownload", "contentUrl": f"{edition.place}{name}", "encodingFormat": media_type(name)}
        for name in edition.files
    ]
    about = {"@context": "https://schema.org/", "@type": "Dataset", "@id": edition.place}
    return filled(about | schema_org(edition) | {"citation": cited(edition), "distribution": files})


def covered(edition: Edition) -> tuple[int, ...]:
    """The first and the last year that the data are about, or nothing where they name none.

    That of the earliest PEEL cycle with a grade counts: reports come out later than what they judge.
    """
    dates = [date for name, columns in OBSERVED.items() for date in _dates(edition.tables.get(name), columns)]
    years = [date.year for date in dates] + _first_years(edition)
    return (min(years), max(years)) if years else ()


def _dates(table: pa.Table | None, columns: tuple[str, ...]) -> Iterator[dt.date]:
    if table is None:
        return
    if "status" in table.column_names:
        table = table.filter(pc.equal(table["status"], "actual"))
    for column in columns:
        yield from (date for date in pc.min_max(table[column]).as_py().values() if date)


def _first_years(edition: Edition) -> list[int]:
    if not {"grades", "cycles"} <= set(edition.tables):
        return []
    cycles = edition.tables["cycles"]
    graded = cycles.filter(pc.is_in(cycles["cycle_id"], pc.unique(edition.tables["grades"]["cycle_id"])))
    return [year for year in graded["first_year"].to_pylist() if year]


def _measured(edition: Edition) -> Iterator[dict[str, Any]]:
    """What is judged and what is measured, in the words of the data."""
    for table in described(edition):
        if table.name == "grades":
            grade = next(column for column in table.columns if column.name == "grade")
            yield {"@type": "PropertyValue", "name": grade.title, "description": grade.description}
    units = {row["unit_id"]: row["unit_name"] for row in _rows(edition, "units")}
    for row in _rows(edition, "measures"):
        about = {"name": row["measure"], "description": row["description"]}
        yield {"@type": "PropertyValue"} | about | {"unitText": units.get(row["unit"], row["unit"])}


def _rows(edition: Edition, table: str) -> list[dict[str, Any]]:
    return edition.tables[table].to_pylist() if table in edition.tables else []


def _download(name: str, filed: Filed, edition: Edition) -> dict[str, Any]:
    address = f"{edition.place}{name}"
    checksum = {"@type": "spdx:Checksum", "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"}}
    return {
        "@id": address,
        "@type": ["DataDownload", "dcat:Distribution"],
        "name": name,
        "contentUrl": address,
        "encodingFormat": media_type(name),
        "contentSize": f"{filed.size} B",
        "sha256": filed.sha256,
        "dcterms:title": name,
        "dcterms:license": {"@id": dataset.LICENCE_URL},
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{MEDIA}{media_type(name)}"},
        "dcat:byteSize": str(filed.size),
        "spdx:checksum": checksum | {"spdx:checksumValue": filed.sha256},
    }


def _table(table: TableDescription, edition: Edition) -> dict[str, Any]:
    files = [{"@id": f"{edition.place}{name}"} for name in edition.files if name.rpartition(".")[0] == table.name]
    targets = {column: _name(edition, target, key) for column, target, key in references(table, edition.tables)}
    return filled({
        "@id": _name(edition, table.name),
        "@type": "Dataset",
        "name": f"{dataset.TITLE}: {table.title}",
        "alternateName": table.name,
        "description": f"{table.description} {dataset.ATTRIBUTION}",
        "license": dataset.LICENCE_URL,
        "creator": schema_org(edition)["creator"],
        "isAccessibleForFree": True,
        "distribution": files,
        "csvw:primaryKey": list(table.key),
        "variableMeasured": [_variable(table, column, targets, edition) for column in table.columns],
    })  # fmt: skip


def _variable(
    table: TableDescription, column: ColumnDescription, targets: dict[str, str], edition: Edition
) -> dict[str, Any]:
    target = [{"@id": targets[column.name]}] if column.name in targets else []
    return filled({
        "@id": _name(edition, table.name, column.name),
        "@type": ["PropertyValue", "PropertyValueSpecification"],
        "name": column.title,
        "propertyID": column.name,
        "description": column.description,
        "csvw:datatype": f"xsd:{KINDS[column.kind].csvw}",
        "unitText": column.unit,
        "dcterms:type": column.role,
        "minValue": column.least,
        "valuePattern": column.pattern,
        "valueRequired": not column.nullable,
        "valueReference": terms(column) + target,
    })  # fmt: skip


def _name(edition: Edition, *parts: str) -> str:
    return f"{edition.place}{FILE}#{'.'.join(parts)}"


def _dcat(edition: Edition, years: tuple[int, ...]) -> dict[str, Any]:
    """The same, in the words of DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/)."""
    publisher = {"@type": "foaf:Agent", "foaf:name": dataset.CREATOR}
    period = {"@type": "dcterms:PeriodOfTime"}
    if years:
        period |= {"dcat:startDate": f"{years[0]:04}", "dcat:endDate": f"{years[-1]:04}"}
    return {
        "dcterms:title": dataset.TITLE,
        "dcterms:description": ABOUT,
        "dcterms:identifier": edition.place,
        "dcterms:issued": edition.date,
        "dcterms:modified": edition.date,
        "dcterms:license": {"@id": dataset.LICENCE_URL},
        "dcterms:language": {"@id": f"{AUTHORITY}language/ENG"},
        "dcterms:accessRights": {"@id": f"{AUTHORITY}access-right/PUBLIC"},
        "dcterms:creator": publisher,
        "dcterms:publisher": publisher,
        "dcterms:source": {"@id": dataset.INSPECTORATE_URL},
        "dcterms:spatial": {"@type": "dcterms:Location", "dcterms:title": dataset.PLACE},
        "dcterms:temporal": period if years else None,
        "dcat:version": edition.version,
        "dcat:theme": {"@id": f"{AUTHORITY}data-theme/JUST"},
        "dcat:keyword": list(dataset.KEYWORDS),
        "dcat:landingPage": {"@id": edition.address} if edition.address else None,
        "dcat:distribution": [{"@id": f"{edition.place}{name}"} for name in edition.files],
    }
