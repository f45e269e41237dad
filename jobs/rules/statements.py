"""Statements: each told apart, described, and made by somebody who held office."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from jobs.codelists import Codelists
from jobs.dates import check_date
from jobs.problems import Fault, Finding, shown
from jobs.rules.items import inspection_of, repeats
from jobs.rules.many import Days, Many
from jobs.written import Articles
from schemas.article import Article, Statement

DESCRIPTION: Final = ("kind", "stance", "summary")
"""Keys that describe a statement; all of them, or none where another article describes it."""

SPEAKING: Final = {"statements": "speaker", "metrics": "claimed_by"}
"""Section -> its field that says who speaks."""


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
    named = ((index, each) for index, each in enumerate(article.statements) if each.id and each.speaker)

    def key(item: tuple[int, Statement]) -> tuple[str, str, str]:
        return inspection_of(article, item[1], lists), item[1].speaker, item[1].id

    for (index, statement), (first, _) in repeats(named, key):
        message = f"the statement {shown(statement.id)} of {statement.speaker} stands twice here"
        hint = f"first in item {first + 1} of statements; another point needs another id"
        yield Finding(("statements", index, "id"), "repeated-statement", message, hint)


def speakers_in_office(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """A person who speaks or claims a figure held an office at that date, so that their organisation is known."""
    many = Many(Articles([article]), lists)
    for section, field in SPEAKING.items():
        speaking = many.sections[section]
        for index, (person, days) in enumerate(zip(speaking[field].cells(), speaking.said.cells(), strict=True)):
            if doubt := office_doubt(lists, person, days):
                yield Finding((section, index, field), *doubt)


@lru_cache(maxsize=65_536)
def office_doubt(lists: Codelists, person: str, days: Days) -> Fault | None:
    """Why it is not certain for whom a person spoke between two days; None where it is, or where nobody is a person."""
    if person not in lists.codes["people"] or any(map(check_date, filter(None, days))):
        return None
    roles = lists.roles_at(person, *days)
    exact = days[0] == days[1] != ""
    when = f"on {days[0]}" if exact else "at the time of the article"
    if not roles:
        return Fault("no-role", f"{person} has no role {when}", "add it to sources/codelists/roles.csv")
    rivals = {(r.role, r.organisation_id) for r in roles if r.start == roles[0].start}
    if len(rivals if exact else {role.organisation_id for role in roles}) == 1:
        return None
    listed = ", ".join(f"{role.role} ({role.organisation_id})" for role in roles)
    hint = f"{listed}: say when with said_on, or bound the roles in roles.csv"
    return Fault("no-role", f"{person} may have had several roles {when}", hint)
