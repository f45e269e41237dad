"""What descriptions say of a release as a whole: the same name, version, licence, files; with an address and without."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from jobs.describe import arrow_schema
from jobs.outputs import DOCUMENTS, Edition, Filed, render
from jobs.outputs.jsonld import covered
from schemas import dataset
from schemas.tables import ALL_TABLES
from tests.descriptions import read

ADDRESS = "https://data.example.org/openpeel/"
PLACE = f"{ADDRESS}v1.2.3/"
MINE = ("data_package", "csvw", "jsonld", "croissant", "dictionary", "citation")
EMPTY = {name: arrow_schema(name).empty_table() for name in ALL_TABLES}


def made(edition: Edition) -> dict[str, bytes]:
    """The documents of an edition."""
    return {name: b"".join(make()) for output in MINE for name, make in DOCUMENTS[output](edition)}


def said(edition: Edition) -> dict[str, Any]:
    """What is in them, as programs read it; the dictionary as text."""
    readers: dict[str, Callable[[bytes], Any]] = {".cff": yaml.safe_load, ".md": bytes.decode}
    return {name: readers.get(Path(name).suffix, json.loads)(content) for name, content in made(edition).items()}


FILES = {f"{name}.{ending}": Filed(1, "0" * 64) for ending in ("csv", "parquet") for name in ALL_TABLES}
BARE = Edition(EMPTY, "1.2.3", "2025-01-02", files=FILES)
SERVED = BARE._replace(address=ADDRESS)


def test_all_say_the_same_of_the_whole() -> None:
    documents = said(SERVED)
    package, csvw, graph = documents["datapackage.json"], documents["csvw.json"], documents["dataset.jsonld"]
    croissant, citation = documents["croissant.json"], documents["CITATION.cff"]
    assert {package["title"], csvw["dc:title"], graph["name"], croissant["name"]} == {dataset.TITLE}
    for text in (package["description"], csvw["dc:description"], graph["description"], croissant["description"]):
        assert all(part in text for part in (dataset.DESCRIPTION, *dataset.WARNINGS, dataset.ATTRIBUTION))
        assert 50 <= len(text) <= 5000
    versions = (package, graph, croissant, citation)
    assert {document["version"] for document in versions} | {csvw["schema:version"]} == {"1.2.3"}
    assert {package["created"][:10], csvw["dc:issued"]["@value"], citation["date-released"]} == {"2025-01-02"}
    assert {graph["datePublished"], croissant["datePublished"]} == {"2025-01-02"}
    assert {package["licenses"][0]["path"], csvw["dc:license"]["@id"]} == {dataset.LICENCE_URL}
    assert {graph["license"], croissant["license"]} == {dataset.LICENCE_URL}
    assert {package["licenses"][0]["name"], citation["license"]} == {dataset.LICENCE}
    assert {tuple(d["keywords"]) for d in versions} | {tuple(csvw["dc:subject"])} == {dataset.KEYWORDS}
    assert {package["id"], csvw["dc:identifier"], graph["url"], croissant["url"], citation["url"]} == {PLACE}
    assert graph["citation"] == croissant["citeAs"]
    assert all(warning in documents["DICTIONARY.md"] for warning in dataset.WARNINGS)


def test_every_file_is_there_with_its_size_and_digest(released: Path) -> None:
    package, graph = read(released / "datapackage.json"), read(released / "dataset.jsonld")
    sums = {line[66:]: line[:64] for line in (released / "SHA256SUMS").read_text(encoding="utf-8").splitlines()}
    for resource in package["resources"]:
        assert resource["hash"] == f"sha256:{sums[resource['path']]}"
        assert resource["bytes"] == (released / resource["path"]).stat().st_size
    for file in (*graph["distribution"], *read(released / "croissant.json")["distribution"]):
        assert file["sha256"] == sums[file["contentUrl"]]
        assert file["contentSize"] == f"{(released / file['contentUrl']).stat().st_size} B"
    tables = {f"{name}.{ending}" for name in ALL_TABLES for ending in ("csv", "parquet")}
    assert {resource["path"] for resource in package["resources"]} == tables
    assert {file["name"] for file in graph["distribution"]} >= tables


def addresses(content: Any) -> Iterator[str]:
    """All texts that are web addresses or names of our files."""
    if isinstance(content, dict):
        for value in content.values():
            yield from addresses(value)
    elif isinstance(content, list):
        for value in content:
            yield from addresses(value)
    elif isinstance(content, str) and re.fullmatch(r"\S+\.(csv|parquet|json|jsonld)|https?://\S+", content):
        yield content


def test_with_an_address_links_are_permanent_and_without_they_are_relative() -> None:
    for name in ("dataset.jsonld", "croissant.json"):
        served, bare = said(SERVED)[name], said(BARE)[name]
        assert [file["contentUrl"] for file in served["distribution"]] == [
            f"{PLACE}{file['contentUrl']}" for file in bare["distribution"]
        ]
        assert not any("example.org" in found for found in addresses(bare))
    package = said(SERVED)["datapackage.json"]
    assert (package["homepage"], package["id"]) == (ADDRESS, PLACE)
    assert not {"homepage", "id"} & set(said(BARE)["datapackage.json"])
    assert "url" not in said(BARE)["CITATION.cff"]


def test_a_package_is_whole_wherever_it_lies() -> None:
    documents = said(SERVED)
    assert all("/" not in resource["path"] for resource in documents["datapackage.json"]["resources"])
    assert all("/" not in table["url"] for table in documents["csvw.json"]["tables"])


@pytest.mark.parametrize("files", [{}, FILES], ids=["no file", "files"])
@pytest.mark.parametrize("names", [(), ("roles",), ("grades", "cycles"), tuple(ALL_TABLES)], ids=str)
def test_less_is_told_of_less(names: tuple[str, ...], files: dict[str, Filed]) -> None:
    """Some tables, all of them empty, with and without a version: no reference leads to what is not there."""
    present = {name: file for name, file in files.items() if name.partition(".")[0] in names}
    documents = said(Edition({name: EMPTY[name] for name in names}, files=present))
    assert not any("version" in content for name, content in documents.items() if name != "DICTIONARY.md")
    package, croissant = documents["datapackage.json"], documents["croissant.json"]
    resources = {resource["name"]: resource for resource in package.get("resources", [])}
    assert set(resources) == {name for table in names for name in (table, f"{table}-parquet")}
    for resource in resources.values():
        for key in resource.get("schema", {}).get("foreignKeys", []):
            assert key["reference"]["resource"] in names
    for records in croissant["recordSet"]:
        for field in records["field"]:
            assert "references" not in field or field["references"]["field"]["@id"].partition("/")[0] in names
    for target in re.findall(r"\]\(#(\w+)\)", documents["DICTIONARY.md"]):
        assert target in names


def days(**columns: list[str | None]) -> pa.Table:
    """A table of dates."""
    return pa.table({name: pa.array(texts).cast(pa.date32()) for name, texts in columns.items()})


def test_the_years_covered_are_those_of_the_data() -> None:
    grades = pa.table({"cycle_id": ["peel-2016", "peel-2021-22"]})
    cycles = pa.table({"cycle_id": ["peel-2014", "peel-2016", "peel-2021-22"], "first_year": [2014, 2016, 2021]})
    metrics = days(period_start=["2010-01-01", "2019-04-01"], period_end=["2035-12-31", None], as_of=[None, None])
    metrics = metrics.append_column("status", pa.array(["target", "actual"]))
    inspections = days(published_on=["2017-03-02", "2025-07-24", None])
    assert covered(Edition({})) == ()
    assert covered(Edition(EMPTY)) == ()
    assert covered(Edition({"grades": grades, "cycles": cycles})) == (2016, 2021)
    assert covered(Edition({"metrics": metrics})) == (2019, 2019)
    assert covered(Edition({"inspections": inspections, "metrics": metrics})) == (2017, 2025)
    assert covered(Edition({"grades": grades, "cycles": cycles, "inspections": inspections})) == (2016, 2025)


def test_what_is_measured_is_named_for_search_engines(released: Path) -> None:
    measured = read(released / "dataset.jsonld")["variableMeasured"]
    measures = pq.read_table(released / "measures.parquet")
    assert [variable["name"] for variable in measured] == ["Grade", *measures["measure"].to_pylist()]
    units = set(pq.read_table(released / "units.parquet")["unit_name"].to_pylist())
    assert {variable["unitText"] for variable in measured[1:]} <= units


@pytest.mark.parametrize("edition", [SERVED, BARE], ids=["served", "bare"])
def test_catalogues_get_what_dcat_ap_demands(edition: Edition) -> None:
    """DCAT-AP 3: every distribution has an access address; languages, themes and rights are terms, never texts."""
    graph = said(edition)["dataset.jsonld"]
    assert graph["distribution"]
    for file in graph["distribution"]:
        assert file["dcat:accessURL"] == file["dcat:downloadURL"] == {"@id": file["contentUrl"]}
    for name in ("dcterms:language", "dcterms:accessRights", "dcat:theme", "dcterms:license"):
        assert graph[name]["@id"].startswith(("http://publications.europa.eu/resource/authority/", "https://"))
    for name in ("dcterms:title", "dcterms:description", "dcterms:publisher"):
        assert graph[name]


SCRIPT = """\
import hashlib
from tests.test_descriptions_content import SERVED, made
print({name: hashlib.sha256(content).hexdigest() for name, content in made(SERVED).items()})
"""


def test_bytes_are_the_same_everywhere(tmp_path: Path) -> None:
    root = str(Path(__file__).parent.parent)
    found = set()
    for variations in (
        {"PYTHONHASHSEED": "1", "TZ": "UTC"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
    ):
        environment = os.environ | variations | {"PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", SCRIPT]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


def test_documents_are_made_of_what_the_formats_made() -> None:
    """The digests are those of the very files of the release."""
    files = {name: b"".join(parts) for name, parts in render(Edition(EMPTY, "1.2.3", "2025-01-02"), ("csv", *MINE))}
    resource = json.loads(files["datapackage.json"])["resources"][0]
    assert (resource["path"], resource["bytes"]) == ("grades.csv", len(files["grades.csv"]))
