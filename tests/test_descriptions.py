"""All descriptions of a release say the same of every table and column, which is what the models say."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jobs.describe import describe
from schemas.tables import ALL_TABLES as TABLES
from tests.descriptions import DESCRIPTIONS, described, read


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_all_say_the_same_of_every_column(name: str, released: Path) -> None:
    file, reader = DESCRIPTIONS[name]
    if not (released / file).exists():
        pytest.skip(f"a release holds no {file}")
    said, expected = reader(released), described()
    assert list(said) == list(expected)
    for table, columns in said.items():
        assert list(columns) == list(expected[table]), table
        for column, facets in columns.items():
            assert facets == {facet: expected[table][column][facet] for facet in facets}, f"{table}.{column}"


def test_all_say_the_same_of_every_table(released: Path) -> None:
    expected = {name: (describe(name).title, describe(name).description, list(describe(name).key)) for name in TABLES}
    package = [r for r in read(released / "datapackage.json")["resources"] if r["format"] == "csv"]
    tables = read(released / "csvw.json")["tables"]
    records = read(released / "croissant.json")["recordSet"]
    parts = read(released / "dataset.jsonld")["hasPart"]
    words = (released / "DICTIONARY.md").read_text(encoding="utf-8")
    assert {r["name"]: (r["title"], r["description"], r["schema"]["primaryKey"]) for r in package} == expected
    assert {
        t["url"][:-4]: (t["dc:title"], t["dc:description"], t["tableSchema"]["primaryKey"]) for t in tables
    } == expected
    assert {
        r["name"]: (r["alternateName"], r["description"], [key["@id"].partition("/")[2] for key in r["key"]])
        for r in records
    } == expected
    for part, (title, description, key) in zip(parts, expected.values(), strict=True):
        assert part["name"].endswith(f": {title}")
        assert part["description"].startswith(description)
        assert part["csvw:primaryKey"] == key
    for name, (title, description, key) in expected.items():
        named = ", ".join(f"`{column}`" for column in key)
        assert f"\n## {name}\n\n**{title}.** {description}\n\nKey: {named}\n" in words
    for name in TABLES:
        about = pq.read_schema(released / f"{name}.parquet").metadata
        found = (about[b"title"].decode(), about[b"description"].decode(), about[b"primary_key"].decode().split("|"))
        assert found == expected[name]
