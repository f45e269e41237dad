"""Statements: each told apart, described, and made by somebody who held office."""

from collections.abc import Iterator
from typing import Final

from jobs.codelists import Codelists
from jobs.dates import check_date
from jobs.problems import Finding, Where, shown
from jobs.rules.items import inspection_of, when_said
from schemas.article import Article

DESCRIPTION: Final = ("kind", "stance", "summary")
"""Keys that describe a statement; all of them, or none where another article describes it."""


def described_statements(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A statement has kind, stance and summary, or none of them if another article describes the same words."""
    for index, statement in enumerate(article.statements):
        if statement.kind and statement.stance and statement.summary:
            continue
        absent = [name for name in DESCRIPTION if not getattr(statement, name)]
        extra = [name for name in ("area", "due_on") if getattr(statement, name)]
        if absent and (len(absent) < len(DESCRIPTION) or extra):
            message = f"the statement lacks {' and '.join(absent)}"
            more = f", {' and '.join(extra)} too" if extra else ""
            hint = f"or leave the whole description{more} to the article that has it"
            yield Finding(("statements", index), "incomplete-statement", message, hint)


def statements_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """The id of a statement stands once per speaker and inspection in an article."""
    first: dict[tuple[str, str, str], int] = {}
    for index, statement in enumerate(article.statements):
        if not statement.id or not statement.speaker:
            continue
        key = (inspection_of(article, statement, lists), statement.speaker, statement.id)
        if key in first:
            message = f"the statement {shown(statement.id)} of {statement.speaker} stands twice here"
            hint = f"first in item {first[key] + 1} of statements; another point needs another id"
            yield Finding(("statements", index, "id"), "repeated-statement", message, hint)
        first.setdefault(key, index)


def speakers_in_office(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A person who speaks or claims a figure held an office at that date, so that their organisation is known."""
    people, at = lists.codes["people"], when_said(article)
    named: list[tuple[Where, str, tuple[str, str]]] = [
        (("statements", i, "speaker"), s.speaker, when_said(article, s.said_on) if s.said_on else at)
        for i, s in enumerate(article.statements)
        if s.speaker in people
    ]
    named += [
        (("metrics", i, "claimed_by"), m.claimed_by, at)
        for i, m in enumerate(article.metrics)
        if m.claimed_by in people
    ]
    sound: set[tuple[str, tuple[str, str]]] = set()
    for where, person, (first, last) in named:
        if (person, (first, last)) in sound or any(map(check_date, filter(None, (first, last)))):
            continue
        roles = lists.roles_at(person, first, last)
        exact = bool(first) and first == last
        when = f"on {first}" if exact else "at the time of the article"
        rivals = {(r.role, r.organisation_id) for r in roles if r.start == roles[0].start}
        organisations = {role.organisation_id for role in roles}
        if not roles:
            message = f"{person} has no role {when}"
            yield Finding(where, "no-role", message, "add it to sources/codelists/roles.csv")
        elif len(rivals if exact else organisations) > 1:
            listed = ", ".join(f"{role.role} ({role.organisation_id})" for role in roles)
            hint = f"{listed}: say when with said_on, or bound the roles in roles.csv"
            yield Finding(where, "no-role", f"{person} may have had several roles {when}", hint)
        else:
            sound.add((person, (first, last)))
