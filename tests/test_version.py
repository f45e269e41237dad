"""Findings -> version, CHANGELOG.md and release.json of a candidate."""

import json
import re
from typing import Any

import pyarrow as pa
import pytest

from jobs.decisions import NO_DECISIONS, Decisions
from jobs.describe import arrow_schema, describe
from jobs.releases.about import parsed_about, written
from jobs.releases.assemble import Candidate, Circumstances, Wishes, candidate, content, files
from jobs.releases.changelog import GROUPS, TITLE
from jobs.releases.content import CHANGES, Content, declared, faults_of
from jobs.releases.reasons import digests
from jobs.releases.rules import BUMPS, MAJOR, MINOR, NONE, PATCH, RULES
from jobs.releases.version import Version, bumped, number, parsed, raised
from schemas.tables import ALL_TABLES, TABLES
from tests.releases import correction, decisions, retraction

WHEN = Circumstances("2026-01-02", "a" * 40, "b" * 64)


@pytest.mark.parametrize(("version", "bump", "due"), [
    ("0.1.0", NONE, "0.1.0"), ("0.1.0", PATCH, "0.1.1"), ("0.1.9", MINOR, "0.2.0"), ("0.1.9", MAJOR, "0.2.0"),
    ("1.4.2", PATCH, "1.4.3"), ("1.4.2", MINOR, "1.5.0"), ("1.4.2", MAJOR, "2.0.0"), ("0.9.9", PATCH, "0.9.10"),
    ("0.99.0", MAJOR, "0.100.0"), ("9.9.9", MAJOR, "10.0.0"),
])  # fmt: skip
def test_the_version_that_follows(version: str, bump: str, due: str) -> None:
    assert str(bumped(number(version), bump)) == due


def test_a_bump_is_raised_and_never_lowered() -> None:
    assert [[raised(bump, wanted) for wanted in BUMPS] for bump in BUMPS] == [
        [NONE, PATCH, MINOR, MAJOR], [PATCH, PATCH, MINOR, MAJOR], [MINOR, MINOR, MINOR, MAJOR], [MAJOR] * 4,
    ]  # fmt: skip


def test_what_is_a_version() -> None:
    assert parsed("10.0.12") == Version(10, 0, 12)
    assert number("0.10.0") > number("0.9.0")
    odd = [
        "",
        "1",
        "1.2",
        "1.2.3.4",
        "01.2.3",
        "1.2.-3",
        "v1.2.3",
        "1.2.3\n",
        "١.2.3",
        "1.2.3-beta",
        "9999999.0.0",
        " 1.2.3",
    ]
    assert [text for text in odd if parsed(text)] == []
    with pytest.raises(ValueError, match="not a version"):
        number("1.2")


# --- candidates of a few rows of the published tables


def table(name: str, *rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist([dict.fromkeys(arrow_schema(name).names) | row for row in rows], arrow_schema(name))


def force(number: int, **more: Any) -> dict[str, Any]:
    return {"force_id": f"f{number}", "force": f"Force {number}", "aliases": None, **more}


ARTICLE = {"article_id": "a-b", "url": "https://example.org/a?b=(c)<d>&e=*", "note": None}


def tables(*forces: dict[str, Any], articles: tuple[dict[str, Any], ...] = (ARTICLE,)) -> dict[str, pa.Table]:
    made = {name: arrow_schema(name).empty_table() for name in TABLES}
    return made | {"forces": table("forces", *forces), "articles": table("articles", *articles)}


MANY = [force(n) for n in range(100)]
OLD = content(tables(*MANY), "0.1.0")


def changed(**more: Any) -> dict[str, pa.Table]:
    """The tables, with some cells of the first force changed."""
    return tables(force(0, **more), *MANY[1:])


def made(
    new: dict[str, pa.Table],
    old: Content | None = OLD,
    wishes: Wishes = Wishes(),  # noqa: B008
    said: Decisions = NO_DECISIONS,
    circumstances: Circumstances = WHEN,
    before: str = TITLE,
) -> Candidate:
    result, problems = candidate(new, old, before, said, circumstances, wishes)
    assert problems == []
    return result


def about(result: Candidate) -> dict[str, Any]:
    return dict(json.loads(result.texts["release.json"]))


def test_the_first_release_is_0_1_0_and_follows_nothing() -> None:
    first = made(tables(*MANY), None)
    assert (first.version, first.bump, first.findings) == ("0.1.0", "FIRST", [])
    said = about(first)
    assert (said["previous"], said["breaking"], said["bump"]) == (None, False, "FIRST")
    assert said["compat"] == {"data_package": NONE, "croissant": NONE, "schemaver": NONE}
    assert said["tables"]["changes"]["rows"] == 0
    assert "The first release." in first.texts["CHANGELOG.md"]


@pytest.mark.parametrize(("new", "version", "bump"), [
    (changed(aliases="Old name"), "0.1.1", PATCH),
    (tables(*MANY, force(100)), "0.2.0", MINOR),
    (changed(force="Renamed"), "0.1.1", PATCH),
])  # fmt: skip
def test_the_version_follows_from_the_findings(new: dict[str, pa.Table], version: str, bump: str) -> None:
    result = made(new)
    assert (result.version, result.bump, about(result)["previous"]) == (version, bump, "0.1.0")


def test_no_change_is_no_release_whatever_is_wished() -> None:
    for wishes in (Wishes(), Wishes(MAJOR), Wishes(MAJOR, descriptions=True)):
        assert made(tables(*reversed(MANY)), wishes=wishes)[:3] == ("", NONE, [])


def test_a_wish_raises_a_bump_and_never_lowers_it() -> None:
    for wanted, version, breaking in ((NONE, "0.1.1", False), (MINOR, "0.2.0", False), (MAJOR, "1.0.0", True)):
        result = made(changed(aliases="x"), wishes=Wishes(wanted))
        assert (result.version, about(result)["breaking"]) == (version, breaking)
    assert made(tables(*MANY, force(100)), wishes=Wishes(PATCH)).version == "0.2.0"


def reworded(old: Content) -> Content:
    forces = old.declared["forces"]
    other = declared(describe("forces")._replace(description="One row per police force, as it was called."))
    assert forces != other
    return old._replace(declared={**old.declared, "forces": other})


def test_descriptions_alone_wait_for_the_next_release_unless_somebody_wants_one() -> None:
    waiting = made(tables(*MANY), reworded(OLD))
    assert (waiting.version, [f.rule for f in waiting.findings]) == ("", ["description-changed"])
    assert made(tables(*MANY), reworded(OLD), Wishes(descriptions=True)).version == "0.1.1"
    along = made(tables(*MANY, force(100)), reworded(OLD))
    assert [f.rule for f in along.findings] == ["rows-added", "description-changed"]


def breaking(version: str) -> Candidate:
    """After a release that had a column more."""
    extra = declared(describe("forces"))
    was = describe("forces")._replace(
        columns=(*describe("forces").columns, describe("forces").columns[-1]._replace(name="x"))
    )
    assert declared(was) != extra
    old_table = OLD.tables["forces"].append_column("x", pa.nulls(100, pa.string()))
    old = OLD._replace(
        version=version, declared={**OLD.declared, "forces": declared(was)}, tables={**OLD.tables, "forces": old_table}
    )
    return made(tables(*MANY), old)


def test_before_1_0_0_what_breaks_counts_as_minor_and_says_so() -> None:
    early, late = breaking("0.9.3"), breaking("1.9.3")
    assert (early.version, early.bump, about(early)["breaking"]) == ("0.10.0", MAJOR, True)
    assert (late.version, late.bump, about(late)["breaking"]) == ("2.0.0", MAJOR, True)


def test_a_version_that_is_not_to_be_used_is_never_used_again() -> None:
    circumstances = WHEN._replace(highest="0.4.2")
    after = made(changed(aliases="x"), circumstances=circumstances)
    assert (after.version, about(after)["previous"]) == ("0.4.3", "0.1.0")
    assert made(tables(*MANY), None, circumstances=circumstances).version == "0.5.0"
    assert made(changed(aliases="x"), circumstances=WHEN._replace(highest="0.1.0")).version == "0.1.1"


def test_what_a_release_says_of_itself_is_complete() -> None:
    said = decisions(correction("forces", "f0", "force"), retraction("forces", "f7"))
    result = made(changed(force="Renamed", aliases="x"), said=said)
    found = about(result)
    assert list(found) == [
        "name", "format", "version", "previous", "date", "bump", "breaking", "licence", "source", "tables", "findings",
        "compat", "decisions", "address",
    ]  # fmt: skip
    assert (found["name"], found["format"], found["licence"], found["date"]) == (
        "openpeel",
        1,
        "CC-BY-4.0",
        "2026-01-02",
    )
    assert found["source"] == {"commit": "a" * 40, "lock": "b" * 64}
    assert set(found["tables"]) == set(ALL_TABLES)
    assert found["tables"]["forces"]["rows"] == 100
    assert found["findings"] == [
        {"bump": PATCH, "rule": "cells-corrected", "table": "forces", "column": "force", "number": 1,
         "samples": ["f0: Force 0 -> Renamed"]},
        {"bump": PATCH, "rule": "cells-updated", "table": "forces", "column": "aliases", "number": 1,
         "samples": ["f0: empty -> x"]},
    ]  # fmt: skip
    assert found["decisions"] == digests(said)
    assert len(found["decisions"]) == 2
    again = parsed_about(result.texts["release.json"].encode())
    assert [fault for told in again.tables.values() for fault in faults_of(told.declared)] == []
    assert written(found) == result.texts["release.json"]
    assert result.texts == made(changed(force="Renamed", aliases="x"), said=said).texts


def test_the_files_of_a_candidate_are_those_that_it_was_compared_with() -> None:
    result = made(tables(*MANY, force(100)))
    empty = {name: table.slice(0, 0) for name, table in result.tables.items()}
    bare = result._replace(edition=result.edition._replace(tables=empty))
    names = [name for name, _ in files(bare)]
    assert sorted(names) == sorted(OLD.files)
    assert {f"{CHANGES}.csv", f"{CHANGES}.parquet", "release.json", "CHANGELOG.md"} <= set(names)


# --- CHANGELOG.md


def test_the_changelog_is_grouped_and_read_like_sentences() -> None:
    said = decisions(correction("forces", "f0", "force"))
    result = made(tables(force(0, force="Renamed", aliases="x"), *MANY[1:], force(100), force(101)), said=said)
    assert result.texts["CHANGELOG.md"] == (
        "# Changes\n\nWhat changed from release to release; cell by cell it stands in the table [changes](changes.csv) of each.\n"
        "\n## 0.2.0 (2026-01-02)\n\n"
        "### New\n\n- new rows in [forces](forces.csv) (2): `f100`; `f101`\n\n"
        "### Corrected\n\n- cells were corrected in [forces](forces.csv), column `force`: `f0: Force 0 -> Renamed`\n\n"
        "### About the record\n\n- cells about the record itself changed: counts, links, names, notes in [forces](forces.csv), "
        "column `aliases`: `f0: empty -> x`\n\n"
        "### Why\n\n- [forces](forces.csv) `f0`: We misread it.\n"
    )


def test_every_rule_stands_below_one_heading() -> None:
    listed = [rule for rules in GROUPS.values() for rule in rules]
    assert sorted(listed) == sorted(RULES)


def test_the_changelog_keeps_what_came_before() -> None:
    first = made(tables(*MANY[:98]), None)
    second = made(
        tables(*MANY[:99]),
        content(first.tables, first.version)._replace(tables=tables(*MANY[:98])),
        before=first.texts["CHANGELOG.md"],
    )
    third = made(tables(*MANY), content(tables(*MANY[:99]), second.version), before=second.texts["CHANGELOG.md"])
    text = third.texts["CHANGELOG.md"]
    assert re.findall(r"^## (\S+) ", text, re.MULTILINE) == ["0.3.0", "0.2.0", "0.1.0"]
    assert text.count("# Changes\n") == 1
    assert text.endswith(first.texts["CHANGELOG.md"].removeprefix(TITLE))
    assert "\n\n\n" not in text


HOSTILE = [
    "`` `code` ``", "a | b || c", "<script>alert(1)</script>", "[x](https://evil.example)", "![x](y)", "**bold** _it_",
    "https://evil.example www.evil.example", "\\` \\| \\[", "@everyone #1", "- list", "# title", "&lt;b&gt;", "~~x~~",
    "line\n## 9.9.9 (2026-01-01)\n\n- forged", "\u202eabc", "x" * 5_000, "1. one", "---", "$$x$$", ">quote",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_does_nothing_in_the_changelog(text: str) -> None:
    """In values, keys, reasons and addresses: all of it stays in its line, as code or escaped."""
    said = decisions(correction("forces", "f0", "force", reason=text))
    rows = [force(0, force=text), *MANY[1:], force(100) | {"force_id": text}]
    article = ARTICLE | {"article_id": "x-y", "url": f"https://example.org/{text}"}
    lines = made(tables(*rows, articles=(ARTICLE, article)), said=said).texts["CHANGELOG.md"].split("\n")
    assert [line for line in lines if line.startswith("#")] == [
        "# Changes", "## 0.2.0 (2026-01-02)", "### New", "### Corrected", "### Why",
    ]  # fmt: skip
    assert all(len(line) < 2_500 for line in lines)
    for line in lines:
        if line.startswith("- "):
            bare = without_code(line[2:]).replace("[forces](forces.csv)", "").replace("[articles](articles.csv)", "")
            assert not re.search(r"(?<!\\)[`<>\[\]*_|~#&$]|@|\u202e", bare), line
            assert not re.search(r"https?:/|www\.", bare), line
    plain = [line for line in lines if line and not line.startswith(("#", "- ", "What changed"))]
    assert plain == []


def without_code(line: str) -> str:
    """A line of Markdown without its code: a run of backticks up to the next run of as many."""
    while match := re.search(r"(?<![\\`])(`+)(?!`)(.*?)(?<!`)\1(?!`)", line):
        line = line[: match.start()] + line[match.end() :]
    return line


def test_a_reason_leads_to_the_article_that_it_rests_on() -> None:
    claim = {"claim_id": "c", "table": "forces", "fact_id": "f0", "article_id": "a-b", "agrees": True}
    new = changed(force="Renamed") | {"claims": table("claims", claim)}
    old = content(tables(*MANY) | {"claims": table("claims", claim)}, "0.1.0")
    text = made(new, old, said=decisions(correction("forces", "f0", "force"))).texts["CHANGELOG.md"]
    assert "- [forces](forces.csv) `f0`: We misread it. ([a-b](<https://example.org/a?b=(c)%3Cd%3E&e=*>))\n" in text


def test_a_hundred_reasons_are_not_all_told() -> None:
    said = decisions(*(correction("forces", f"f{n}", "force", reason=f"Reason {n}.") for n in range(30)))
    text = made(tables(*(force(n, force="x") for n in range(30)), *MANY[30:]), said=said).texts["CHANGELOG.md"]
    assert len(re.findall(r"^- .*Reason \d+", text, re.MULTILINE)) == 20
    assert "- and 10 more, in the table `changes`\n" in text


def test_only_a_person_makes_it_one() -> None:
    assert str(bumped(Version(0, 4, 2), "MAJOR")) == "0.5.0"
    assert str(bumped(Version(0, 4, 2), "MAJOR", "MAJOR")) == "1.0.0"
    assert str(bumped(Version(1, 4, 2), "MAJOR", "MAJOR")) == "2.0.0"
