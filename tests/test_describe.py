"""The description of the tables: complete, in words, and refused where it would keep something from its readers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import msgspec
import pandera.pandas as pandera
import pytest
import yaml

from jobs.__main__ import main
from jobs.article_schema import article_schema
from jobs.codelists import Codelists
from jobs.describe import UndescribableError, arrow_schema, describe, heard, published, told
from jobs.outputs.dictionary import table_section
from jobs.read_lists import read_codelists
from jobs.scalars import CHECKS
from jobs.sources import read_sources
from schemas.columns import Table, Text, column
from schemas.meanings import KINDS
from schemas.tables import ALL_TABLES as TABLES
from schemas.tables import TABLES as PUBLISHED

ROOT = Path(__file__).parent.parent
SOURCES = ROOT / "sources"


@pytest.fixture(scope="module")
def lists() -> Codelists:
    return read_codelists(read_sources(SOURCES)[0].codelists)[0]


@pytest.mark.parametrize("name", TABLES)
def test_every_column_says_what_it_is(name: str) -> None:
    table = describe(name)
    assert table.title
    assert table.description
    for entry in table.columns:
        assert entry.title, entry.name
        assert entry.description.endswith("."), entry.name
        assert entry.kind in KINDS


@pytest.mark.parametrize("name", TABLES)
def test_references_lead_to_keys(name: str) -> None:
    for entry in describe(name).columns:
        if entry.references:
            target, key = entry.references.split(".")
            assert describe(target).key == (key,)


@pytest.mark.parametrize("name", TABLES)
def test_an_id_that_is_no_reference_says_where_it_leads(name: str) -> None:
    """One of several tables, or a key of two columns: only words can tell."""
    for entry in describe(name).columns:
        if entry.name.endswith("_id") and entry.kind in ("id", "code") and not entry.references and not entry.key:
            assert "`" in entry.description, entry.name


def test_one_name_means_one_thing() -> None:
    kinds: dict[str, set[str]] = {}
    for name in TABLES:
        for entry in describe(name).columns:
            kinds.setdefault(entry.name, set()).add(entry.kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}


def test_the_arrow_schema_carries_the_descriptions() -> None:
    field = arrow_schema("metrics").field("value")
    assert field.metadata[b"description"] == b"The figure. Empty where it is disputed."
    assert field.metadata[b"unit"] == b"as in `unit`"


class Unspoken(Table):
    """A table with a check that no description mentions."""

    name_id: Text = column("id", "Name", "A name.", key=True)

    @pandera.check("name_id")  # type: ignore[untyped-decorator]
    def secret(cls, values: Iterator[str]) -> bool:  # noqa: N805
        return True

    class Config:
        name = "unspoken"
        title = "Unspoken"


class Mistyped(Table):
    """A table with a whole number annotated as text."""

    name_id: Text = column("id", "Name", "A name.", key=True)
    size: Text = column("whole", "Size", "How large it is.")

    class Config:
        name = "mistyped"
        title = "Mistyped"


class Keyless(Table):
    """A table without a key."""

    size: Text = column("text", "Size", "How large it is.")

    class Config:
        name = "keyless"
        title = "Keyless"


@pytest.mark.parametrize(
    ("model", "words"), [(Unspoken, "without words"), (Mistyped, "another type"), (Keyless, "no key")]
)
def test_what_cannot_be_described_is_refused(model: type[Table], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(TABLES, "new", model)
    with pytest.raises(UndescribableError, match=words):
        describe.__wrapped__("new")


def test_text_markdown_and_json_name_every_column(capsys: pytest.CaptureFixture[str]) -> None:
    for form in ("text", "markdown", "json"):
        assert main(["describe", "--format", form]) == 0
        said = capsys.readouterr().out
        for name in TABLES:
            for entry in describe(name).columns:
                assert entry.name in said
                assert (entry.description.replace("|", "\\|") if form == "markdown" else entry.description) in said
    assert [table["name"] for table in json.loads(said)] == list(TABLES)


def test_markdown_is_that_of_the_dictionary(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "scales", "--format", "markdown"]) == 0
    due = "\n".join(["# Data dictionary", *table_section(describe("scales"), {"scales"})])
    assert capsys.readouterr().out == f"{due}\n"


def test_a_table_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["describe", "grade"]) == 2
    assert "did you mean grades?" in capsys.readouterr().err


def test_the_schema_for_editors_is_fresh(lists: Codelists) -> None:
    written = json.loads((SOURCES / "article.schema.json").read_text(encoding="utf-8"))
    assert written == article_schema(lists), "stale: run `make schema`"


def test_the_schema_for_editors_accepts_the_real_articles_and_refuses_slips(lists: Codelists) -> None:
    validator = jsonschema.Draft202012Validator(article_schema(lists))
    for path in (SOURCES / "articles").glob("*.yaml"):
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)
        validator.validate(content)
        slips: list[dict[str, object]] = [{"titel": "x"}, {"publisher": "nobody"}, {"grades": []}]
        for slip in [*slips, {"published": "12 March 2024"}, {"updated": "12 March 2024"}, {"language": "Welsh"}]:
            assert not validator.is_valid(content | slip)
        assert not validator.is_valid({"url": content["url"]})


@pytest.mark.parametrize("published", [
    "2024-03-12", "Tuesday 2024-03-12", "2024-03", "2024", 2024, "2024-03 to 2024-04", "after 2024-03-12", "before 2024-03-12",
    "unknown",
])  # fmt: skip
def test_the_schema_for_editors_accepts_every_form_of_date(published: object, lists: Codelists) -> None:
    """A bare year is a number to an editor."""
    assert CHECKS["article-date"](str(published)) is None
    event = {"event": "engage-left"} | ({"on": published} if not CHECKS["period"](str(published)) else {})
    article = {"url": "https://example.org/a", "publisher": "wired-gov", "text": "not-held", "published": published}
    jsonschema.Draft202012Validator(article_schema(lists)).validate(article | {"events": [event]})


def test_what_was_told_is_heard_without_the_models() -> None:
    program = """
import sys
from jobs.describe import arrow_schema, describe, heard, published
heard(None)
heard(sys.stdin.buffer.read())
print(*(f"{describe(name)} {arrow_schema(name)!r}" for name in published()), sep="\\n")
assert not {"pandas", "pandera", "schemas.tables"} & sys.modules.keys()
print(describe("changes"))
"""
    ran = subprocess.run([sys.executable, "-c", program], input=told(), capture_output=True, cwd=ROOT, check=True)
    said = "\n".join(f"{describe(name)} {arrow_schema(name)!r}" for name in published())
    assert published() == tuple(PUBLISHED)
    assert ran.stdout.decode() == f"{said}\n{describe('changes')}\n"


@pytest.mark.parametrize("data", [b"{", b'{"grades": 1}', b'["grades"]', b'{"grades": ["grades"]}'])
def test_what_nobody_has_told_is_not_heard(data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.describe._said", {})
    with pytest.raises(msgspec.MsgspecError):
        heard(data)
    assert published() == tuple(PUBLISHED)
