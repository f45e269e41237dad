"""What the documents in JSON say of columns, read from the file alone."""

import json
import re
from pathlib import Path
from typing import Any

from tests.descriptions.facets import DATE, FLAG, NUMBER, TEXT, WHOLE, Columns, Facets

FRICTIONLESS = {"string": TEXT, "integer": WHOLE, "number": NUMBER, "boolean": FLAG, "date": DATE}
CSVW = {"string": TEXT, "anyURI": TEXT, "int": WHOLE, "double": NUMBER, "boolean": FLAG, "date": DATE}
SCHEMA_ORG = {"Text": TEXT, "URL": TEXT, "Integer": WHOLE, "Float": NUMBER, "Boolean": FLAG, "Date": DATE}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def data_package(folder: Path) -> Columns:
    """The schemas of the CSV files in `datapackage.json`."""
    return {
        resource["name"]: {field["name"]: _field(field, resource["schema"]) for field in resource["schema"]["fields"]}
        for resource in read(folder / "datapackage.json")["resources"]
        if resource["format"] == "csv"
    }


def _field(field: Facets, schema: Facets) -> Facets:
    limits = field["constraints"]
    targets = {
        key["fields"][0]: f"{key['reference']['resource']}.{key['reference']['fields'][0]}"
        for key in schema.get("foreignKeys", [])
    }
    assert limits.get("enum", []) == [category["value"] for category in field.get("categories", [])]
    assert (field.get("trueValues"), field.get("falseValues")) == (
        (["TRUE"], ["FALSE"]) if field["type"] == "boolean" else (None, None)
    )
    return {
        "title": field["title"],
        "description": field["description"],
        "type": FRICTIONLESS[field["type"]],
        "nullable": not limits["required"],
        "unique": limits["unique"],
        "key": field["name"] in schema["primaryKey"],
        "references": targets.get(field["name"], ""),
        "unit": field.get("unit", ""),
        "least": limits.get("minimum"),
        "pattern": limits.get("pattern", ""),
        "values": {category["value"]: category["label"] for category in field.get("categories", [])},
        "role": field["role"],
    }


def csvw(folder: Path) -> Columns:
    """The table schemas in `csvw.json`; what it has no word for stands in terms of schema.org."""
    return {
        table["url"].removesuffix(".csv"): {
            column["name"]: _csvw_column(column, table["tableSchema"]) for column in table["tableSchema"]["columns"]
        }
        for table in read(folder / "csvw.json")["tables"]
    }


def _csvw_column(column: Facets, schema: Facets) -> Facets:
    datatype = column["datatype"]
    kind, form = datatype["base"], datatype.get("format", "")
    codes = [term["schema:termCode"] for term in column.get("schema:valueReference", [])]
    if codes:
        assert [code for code in codes if re.search(form, code)] == codes == form.strip("^()$").split("|")
    keys = {
        key["columnReference"][0]: (key["reference"]["resource"], key["reference"]["columnReference"][0])
        for key in schema.get("foreignKeys", [])
    }
    references = column.get("dc:references", "")
    table, _, target = references.partition(".")
    assert keys.get(column["name"]) == ((f"{table}.csv", target) if references and column["required"] else None)
    name, title = column["titles"]
    assert (name, column["null"]) == (column["name"], [""])
    return {
        "title": title,
        "description": column["dc:description"],
        "type": CSVW[kind],
        "nullable": not column["required"],
        "key": name in schema["primaryKey"],
        "references": references,
        "unit": column.get("schema:unitText", ""),
        "least": datatype.get("minimum"),
        "pattern": form if kind in ("string", "anyURI") and not codes else "",
        "values": {t["schema:termCode"]: t["schema:description"] for t in column.get("schema:valueReference", [])},
        "role": column["dc:type"],
    }


def jsonld(folder: Path) -> Columns:
    """The variables of the parts of `dataset.jsonld`."""
    return {
        part["alternateName"]: {
            column["propertyID"]: _variable(column)
            | {
                "title": column["name"],
                "type": CSVW[column["csvw:datatype"].removeprefix("xsd:")],
                "key": column["propertyID"] in part["csvw:primaryKey"],
                "role": column["dcterms:type"],
                "references": next((t["@id"].partition("#")[2] for t in _terms(column, "@id")), ""),
            }
            for column in part["variableMeasured"]
        }
        for part in read(folder / "dataset.jsonld")["hasPart"]
    }


def croissant(folder: Path) -> Columns:
    """The fields of the record sets of `croissant.json`."""
    found: Columns = {}
    for records in read(folder / "croissant.json")["recordSet"]:
        keys = [key["@id"] for key in records["key"]]
        for field in records["field"]:
            target = field.get("references", {"field": {"@id": ""}})["field"]["@id"]
            name = field["source"]["extract"]["column"]
            assert field["@id"] == f"{records['@id']}/{name}"
            found.setdefault(records["name"], {})[name] = _variable(field) | {
                "title": field["alternateName"],
                "type": SCHEMA_ORG[field["dataType"].removeprefix("sc:")],
                "key": field["@id"] in keys,
                "role": field["dct:type"],
                "references": target.replace("/", "."),
            }
    return found


def _terms(column: Facets, name: str) -> list[Facets]:
    return [term for term in column.get("valueReference", []) if name in term]


def _variable(column: Facets) -> Facets:
    """What both say in terms of schema.org."""
    return {
        "description": column["description"],
        "nullable": not column["valueRequired"],
        "unit": column.get("unitText", ""),
        "least": column.get("minValue"),
        "pattern": column.get("valuePattern", ""),
        "values": {term["termCode"]: term["description"] for term in _terms(column, "termCode")},
    }
