"""Statements: each is described by exactly one article, which leads; all its printings have one date."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from jobs.claims import Claims
from jobs.decisions import Decisions
from jobs.problems import Finding
from jobs.rules.statements import DESCRIPTION
from jobs.weigh.alike import likely_duplicates
from jobs.weigh.groups import Clash, Facts, Groups, Rival, clashes_at, grouped
from jobs.weigh.settle import Competing, left_open, overruled, settle_details, without_weekday


def weigh_statements(claims: Claims, decisions: Decisions) -> tuple[Facts, list[Clash], list[Competing]]:
    """Statements. The description leads, and the date of the words comes from whichever article has it."""
    table = claims["statements"]
    dated, conflicts, clashes = settle_details(table, "statements", {"": "said_on"}, decisions, _meaning)
    groups = grouped(dated, claims["articles"], ("summary", "descending"))
    clashes += [*_undescribed(groups), *_described_twice(groups)]
    everyone = np.ones(len(dated), dtype=np.bool_)
    other = groups.contradicts("said_on", everyone)
    clashes += clashes_at(groups, other, "statement-conflict", "said_on", section="statements", among=everyone)
    clashes += likely_duplicates(groups, decisions)
    disputed = groups.among(left_open(decisions, "statements"))
    facts = groups.facts(~(other | overruled(groups, table, "said_on")), disputed, (("said_on",),))
    return facts, clashes, conflicts


def _meaning(claim: dict[str, Any], choice: str) -> str:
    return without_weekday(choice)


def _undescribed(groups: Groups) -> Iterator[Clash]:
    described = groups.holds(DESCRIPTION[-1])
    for row in groups.starts[~described[groups.starts]].tolist():
        claim = groups.claim(row)
        message = f"no article describes {claim['fact_id']}"
        hint = "add kind, stance and summary here, or mend the id so that it is that of a described statement"
        finding = Finding(("statements", claim["item"], "id"), "undescribed-statement", message, hint)
        yield Clash(claim["file"], finding)


def _described_twice(groups: Groups) -> Iterator[Clash]:
    described = groups.holds(DESCRIPTION[-1])
    twice = described & (groups.firsts != np.arange(len(described)))
    for row in np.flatnonzero(twice).tolist():
        claim, rival = groups.claim(row), groups.claim(groups.firsts[row])
        message = f"{claim['fact_id']} is described here and elsewhere"
        where = ("statements", claim["item"], "summary")
        beside = Rival(rival["file"], ("statements", rival["item"], "summary"))
        yield Clash(claim["file"], Finding(where, "described-twice", message), beside)
