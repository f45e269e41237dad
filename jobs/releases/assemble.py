"""Tables and the release before -> a candidate: the next version with all that belongs to it, or why there is none."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec
import pyarrow as pa

from jobs.decisions import Decisions
from jobs.describe import arrow_schema, describe
from jobs.outputs import Edition, Parts, file_names, render
from jobs.problems import Problem
from jobs.releases.about import as_json, written
from jobs.releases.cells import digest
from jobs.releases.changelog import changelog
from jobs.releases.changes import changes_table
from jobs.releases.compare import compare
from jobs.releases.content import CHANGES, Content, declared
from jobs.releases.guard import guard
from jobs.releases.load import ABOUT
from jobs.releases.reasons import digests, reasons_of
from jobs.releases.rules import MAJOR, MINOR, NONE, Finding
from jobs.releases.version import FIRST, bump_of, bumped, compat, number, raised
from schemas.dataset import LICENCE

CHANGELOG: Final = "CHANGELOG.md"
FIRST_RELEASE: Final = "FIRST"
"""The bump of a release that follows none."""


class Circumstances(NamedTuple):
    """What a release tells of its making: date, commit and digest of the lock file (None where not known).

    highest: the highest version that was ever published, also if it is not to be used; empty if there is none.
    address: where the site of the releases will be, ending with `/`; empty if nobody said.
    """

    date: str
    commit: str | None
    lock: str | None
    highest: str = ""
    address: str = ""


class Wishes(NamedTuple):
    """What a person wants: a bump at least as high, a release although only descriptions changed."""

    bump: str = NONE
    descriptions: bool = False


class Candidate(NamedTuple):
    """What would be published: its version and bump, and what it holds.

    No version if nothing is worth a release; the findings then tell what waits for the next one.
    """

    version: str
    bump: str
    findings: list[Finding]
    edition: Edition
    texts: dict[str, str]

    @property
    def tables(self) -> Mapping[str, pa.Table]:
        """Its tables, by name."""
        return self.edition.tables


NOTHING: Final = Candidate("", NONE, [], Edition({}), {})


def candidate(
    tables: Mapping[str, pa.Table],
    old: Content | None,
    before: str,
    decisions: Decisions,
    circumstances: Circumstances,
    wishes: Wishes = Wishes(),  # noqa: B008  (it cannot change)
) -> tuple[Candidate, list[Problem]]:
    """The release that follows the old one, or the problems for which there is none.

    before: the CHANGELOG.md of the old release.
    """
    if old is None:
        version = _next(circumstances.highest, MINOR) if circumstances.highest else FIRST
        empty = arrow_schema(CHANGES).empty_table()
        return _made({**tables, CHANGES: empty}, _FIRST._replace(version=version), decisions, circumstances), []
    new = content(tables, old.version)
    reasons = reasons_of(old, new, decisions)
    problems = guard(old, new, reasons, decisions)
    if problems:
        return NOTHING, problems
    findings = compare(old, new, reasons)
    if not _worth(findings, wishes):
        return NOTHING._replace(findings=findings), []
    bump = raised(bump_of(findings), wishes.bump)
    version = _next(max(old.version, circumstances.highest or old.version, key=number), bump, wishes.bump)
    changes = changes_table(old, new, reasons)
    step = Step(old.version, before, version, bump, findings)
    return _made({**tables, CHANGES: changes}, step, decisions, circumstances), []


class Step(NamedTuple):
    """The way from one release to the next; before: the text of its CHANGELOG.md."""

    previous: str | None
    before: str | None
    version: str
    bump: str
    findings: list[Finding]


_FIRST: Final = Step(None, None, FIRST, FIRST_RELEASE, [])


def content(tables: Mapping[str, pa.Table], version: str) -> Content:
    """The content of a release made of these tables by the schemas of today."""
    named = {name: declared(describe(name)) for name in (*tables, CHANGES)}
    return Content(version, LICENCE, frozenset(names_of(named)), named, tables)


def names_of(tables: Iterable[str]) -> Iterator[str]:
    """The names of all files of a release, without its checksums."""
    yield from (CHANGELOG, ABOUT)
    yield from file_names(tables)


def _next(version: str, bump: str, wanted: str = NONE) -> str:
    return str(bumped(number(version), bump, wanted))


def _worth(findings: Sequence[Finding], wishes: Wishes) -> bool:
    """Whether the findings are worth a release: those of descriptions alone wait, unless somebody wants it."""
    return any(finding.rule != "description-changed" for finding in findings) or bool(findings and wishes.descriptions)


def _made(tables: dict[str, pa.Table], step: Step, decisions: Decisions, circumstances: Circumstances) -> Candidate:
    about = {
        "version": step.version,
        "previous": step.previous,
        "date": circumstances.date,
        "bump": step.bump,
        "breaking": step.bump == MAJOR,
        "licence": LICENCE,
        "source": {"commit": circumstances.commit, "lock": circumstances.lock},
        "address": circumstances.address,
        "tables": {name: _told(name, table) for name, table in tables.items()},
        "findings": [as_json(finding) for finding in step.findings],
        "compat": compat(step.findings),
        "decisions": digests(decisions),
    }
    told = changelog(step.version, circumstances.date, step.findings, tables, step.before)
    edition = Edition(
        tables,
        step.version,
        circumstances.date,
        step.previous or "",
        circumstances.commit or "",
        circumstances.address,
        told,
    )
    return Candidate(step.version, step.bump, step.findings, edition, {ABOUT: written(about), CHANGELOG: told})


def _told(name: str, table: pa.Table) -> dict[str, Any]:
    description = describe(name)
    said = declared(description)
    return {"rows": len(table), "digest": digest(table, description.key), "declared": msgspec.to_builtins(said)}


def files(made: Candidate) -> Generator[tuple[str, Parts], None, None]:
    """Every file of a candidate, in parts, without its checksums."""
    for name, text in made.texts.items():
        yield name, [text.encode()]
    yield from render(made.edition)
