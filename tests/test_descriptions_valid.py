"""The descriptions before their own validators: sound releases pass, faults are found, and what is missed is named."""

import csv
import io
import json
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pyarrow.parquet as pq
import pytest
import yaml

from jobs.outputs import Edition, render
from tests.descriptions import read

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import frictionless
    import mlcroissant
    import rdflib
    from csvw import CSVW

SCHEMAS = Path(__file__).parent / "schemas"
PARTS = ("cycles", "organisations", "people", "roles")
"""A few small tables that refer to each other, with numbers, dates and empty cells."""
FORMATS = ("csv", "parquet", "data_package", "csvw", "jsonld", "croissant", "dictionary", "citation")


@pytest.fixture
def small(released: Path, tmp_path: Path) -> Path:
    """A release of a few tables."""
    tables = {name: pq.read_table(released / f"{name}.parquet") for name in PARTS}
    for name, parts in render(Edition(tables, "1.2.3", "2025-01-02"), FORMATS):
        (tmp_path / name).write_bytes(b"".join(parts))
    return tmp_path


def by_frictionless(folder: Path) -> set[str]:
    """The kinds of error that frictionless finds in a package and its data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
    return {error.type for task in report.tasks for error in task.errors} | {error.type for error in report.errors}


def by_csvw(folder: Path) -> set[str]:
    """The first fault that the csvw package finds in the metadata and the data."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return set() if CSVW(str(folder / "csvw.json"), validate=True).is_valid else {"invalid"}
        except ValueError:
            return {"invalid"}


def by_croissant(folder: Path) -> set[str]:
    """Whether mlcroissant accepts the description and reads what it describes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            for name in PARTS:
                list(mlcroissant.Dataset(folder / "croissant.json").records(name))
        except (mlcroissant.ValidationError, mlcroissant.GenerationError):
            return {"invalid"}
    return set()


def test_frictionless_accepts_the_release_with_its_data(released: Path) -> None:
    assert by_frictionless(released) == set()


def test_csvw_accepts_the_release_with_its_data(released: Path) -> None:
    assert by_csvw(released) == set()


def test_the_descriptor_follows_the_schema_of_data_packages(released: Path) -> None:
    schema = read(SCHEMAS / "datapackage-2.0.json")
    package = read(released / "datapackage.json")
    jsonschema.Draft7Validator.check_schema(schema)
    jsonschema.Draft7Validator(schema).validate(package)
    package["resources"][0]["schema"]["fields"][0]["type"] = "text"
    package["resources"][1]["type"] = "file"
    assert len(list(jsonschema.Draft7Validator(schema).iter_errors(package))) == 2


def test_the_citation_follows_the_schema_of_citation_files(small: Path) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.citation-file-format"]
    assert subprocess.run([*check, small / "CITATION.cff"], check=False, capture_output=True).returncode == 0
    content = yaml.safe_load((small / "CITATION.cff").read_text(encoding="utf-8"))
    (small / "CITATION.cff").write_text(yaml.safe_dump(content | {"license": "CC BY"}), encoding="utf-8")
    assert subprocess.run([*check, small / "CITATION.cff"], check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize("name", ["grades", "metrics", "claims", "articles", "changes"])
def test_records_read_through_croissant_are_those_of_the_table(name: str, released: Path) -> None:
    """One that is referred to and refers itself is read right only by a description that has read no other before."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = mlcroissant.Dataset(released / "croissant.json")
        found = [{key.partition("/")[2]: plain(value) for key, value in row.items()} for row in dataset.records(name)]
    assert dataset.metadata.issues.report() == ""
    assert found == pq.read_table(released / f"{name}.parquet").to_pylist()


def plain(value: Any) -> Any:
    """A value of mlcroissant, which knows neither text nor days."""
    if isinstance(value, bytes):
        return value.decode()
    return value.date() if hasattr(value, "date") else value


def test_the_graph_says_it_in_both_vocabularies(small: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = rdflib.Graph().parse(small / "dataset.jsonld", format="json-ld", publicID="https://example.org/r/")
    schema, dcat = rdflib.Namespace("https://schema.org/"), rdflib.DCAT
    whole = rdflib.URIRef("https://example.org/r/")
    assert set(graph.objects(whole, rdflib.RDF.type)) == {schema.Dataset, dcat.Dataset}
    assert set(graph.objects(whole, schema.name)) == set(graph.objects(whole, rdflib.DCTERMS.title))
    files = set(graph.objects(whole, dcat.distribution))
    assert files == set(graph.objects(whole, schema.distribution))
    assert files == {whole + f"{name}.{ending}" for name in PARTS for ending in ("csv", "parquet")}
    for file in files:
        content = (small / str(file).removeprefix(str(whole))).read_bytes()
        assert int(graph.value(file, dcat.byteSize).toPython()) == len(content)
        assert graph.value(file, schema.contentUrl) == graph.value(file, dcat.downloadURL) == file
    refers = whole + "dataset.jsonld#roles.person_id"
    assert graph.value(refers, schema.valueReference) == whole + "dataset.jsonld#people.person_id"
    assert graph.value(refers, rdflib.CSVW.datatype) == rdflib.XSD.string
    assert {str(part).rpartition("#")[2] for part in graph.objects(whole, schema.hasPart)} == set(PARTS)


Fault = Callable[[Path], object]


def cells(name: str, change: Callable[[list[list[str]]], object]) -> Fault:
    """A change of the cells of a CSV file."""

    def fault(folder: Path) -> None:
        path = folder / f"{name}.csv"
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
        change(rows)
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8-sig")

    return fault


def put(column: str, value: str) -> Callable[[list[list[str]]], object]:
    """Another value in the first row."""
    return lambda rows: rows[1].__setitem__(rows[0].index(column), value)


def without(column: str) -> Callable[[list[list[str]]], object]:
    """A column less."""

    def change(rows: list[list[str]]) -> None:
        place = rows[0].index(column)
        for row in rows:
            del row[place]

    return change


def descriptor(name: str, change: Callable[[Any], object]) -> Fault:
    """A change of a document."""

    def fault(folder: Path) -> None:
        content = read(folder / name)
        change(content)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")

    return fault


def fewer_columns(folder: Path) -> None:
    """A Parquet file with a column less."""
    table = pq.read_table(folder / "roles.parquet")
    pq.write_table(table.drop_columns(["role"]), folder / "roles.parquet")


def other_rows(folder: Path) -> None:
    """A Parquet file with its rows in another order."""
    table = pq.read_table(folder / "roles.parquet")
    pq.write_table(table.sort_by([("role_id", "descending")]), folder / "roles.parquet")


def digest_of_nothing(content: Any) -> None:
    """A digest that is none of this file."""
    (content["resources"][0] if "resources" in content else content["distribution"][0]).update(
        {"hash": f"sha256:{0:064}"} if "resources" in content else {"sha256": f"{0:064}"}
    )


def refer_to_nothing(content: Any) -> None:
    """A reference to a table that is not there."""
    content["tables"][3]["tableSchema"]["foreignKeys"][0]["reference"]["resource"] = "persons.csv"


SIZE_AND_DIGEST = {"byte-count", "hash-count"}
FAULTS: dict[str, tuple[Fault, set[str], bool, bool]] = {
    "a cell changed": (cells("cycles", put("cycle", "PEEL 2024")), {"hash-count"}, False, False),
    "no code": (cells("organisations", put("kind", "press")), SIZE_AND_DIGEST | {"constraint-error"}, True, False),
    "no number": (cells("cycles", put("first_year", "soon")), {"hash-count", "type-error"}, False, False),
    "an empty cell": (cells("people", put("person", "")), SIZE_AND_DIGEST | {"constraint-error"}, True, False),
    "a key twice": (
        cells("people", lambda rows: rows.append(rows[1])),
        SIZE_AND_DIGEST | {"primary-key", "unique-error"},
        True,
        False,
    ),
    "a broken reference": (cells("roles", put("person_id", "nobody")), SIZE_AND_DIGEST | {"foreign-key"}, True, False),
    "a missing column": (cells("roles", without("note")), SIZE_AND_DIGEST | {"missing-label"}, False, False),
    "a missing column in Parquet": (fewer_columns, SIZE_AND_DIGEST, False, True),
    "other rows in Parquet": (other_rows, SIZE_AND_DIGEST, False, True),
    "a wrong digest": (descriptor("datapackage.json", digest_of_nothing), {"hash-count"}, False, False),
    "a wrong digest in Croissant": (descriptor("croissant.json", digest_of_nothing), set(), False, True),
    "a reference to no table": (descriptor("csvw.json", refer_to_nothing), set(), True, False),
    "a record set of no file": (descriptor("croissant.json", lambda c: c["distribution"].pop()), set(), False, True),
}
"""A fault, what frictionless finds, whether csvw does, whether mlcroissant does.

csvw knows no digest, takes a missing column for one that is all empty, and tells of a value of another type in its log
only. mlcroissant sees Parquet alone; it compares digests when it reads, not when it validates. frictionless reads CSV
alone; of Parquet it compares size and digest. `openpeel verify` finds all that is in files, by their checksums.
"""


@pytest.mark.parametrize("name", FAULTS)
def test_what_validators_find_and_miss(name: str, small: Path) -> None:
    fault, found, csvw_finds, croissant_finds = FAULTS[name]
    fault(small)
    assert by_frictionless(small) == found
    assert by_csvw(small) == ({"invalid"} if csvw_finds else set())
    assert by_croissant(small) == ({"invalid"} if croissant_finds else set())


def test_without_faults_all_are_content(small: Path) -> None:
    assert (by_frictionless(small), by_csvw(small), by_croissant(small)) == (set(), set(), set())


def test_the_digest_is_what_finds_a_changed_cell(small: Path) -> None:
    """The same release, but for a cell, is accepted as soon as it tells no digest."""
    shutil.copytree(small, small / "copy")
    cells("cycles", put("cycle", "PEEL 2024"))(small / "copy")
    descriptor("datapackage.json", lambda c: [r.pop("hash") for r in c["resources"]])(small / "copy")
    assert by_frictionless(small / "copy") == set()
