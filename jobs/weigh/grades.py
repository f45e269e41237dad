"""Named grades: the latest correction leads, and what was printed before it was right then."""

from collections import defaultdict
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.coded import plain
from jobs.codelists import Codelists
from jobs.decisions import Decisions
from jobs.weigh.groups import Clash, Facts, Groups, Mask, clashes_at, grouped
from jobs.weigh.settle import Competing, choices_of, lead, settle, settle_details, without_weekday

_DETAILS: Final = {"previous_grade": "previous", "revised_on": "revised_on"}
"""Columns that a claim may leave empty, and their keys in an article."""


def weigh_grades(claims: Claims, lists: Codelists, decisions: Decisions) -> tuple[Facts, list[Clash], list[Competing]]:
    """Named grades. The latest correction leads; articles of before it may name the grade that it replaced."""

    def meaning(claim: dict[str, Any], choice: str) -> str:
        return lists.grade(claim["inspection_id"], choice) or without_weekday(choice)

    given = claims["grades"]
    table, conflicts, clashes = settle_details(given, "grades", {name: name for name in _DETAILS}, decisions, meaning)
    choices = choices_of(decisions, "grades", table, meaning)
    for name, column in (("corrected", "revised_on"), ("replaced", "previous_grade")):
        table = table.append_column(name, given[column])
    table, first = lead(table, "grade", choices)

    def compared(*leading: tuple[str, str]) -> tuple[Groups, Mask]:
        groups = grouped(table, claims["articles"], *leading, ("corrected", "descending"))
        return groups, groups.differs("grade") & ~_replaced_later(groups, claims["articles"])

    groups, against = compared(*first)
    wrong = groups.differs("grade")
    contested = Groups.keys(*compared()) if first else groups.keys(against)
    settled = settle(groups, against, "grades", "grade", decisions, choices, contested)
    clashes += clashes_at(groups, settled.undecided, "grade-conflict", "grade", section="grades")
    for column, field in _DETAILS.items():
        other = groups.contradicts(column, ~wrong)
        clashes += clashes_at(groups, other, "grade-conflict", column, field, "grades", ~wrong, column)
    facts = groups.facts(~wrong, settled.disputed, main=("grade", *_DETAILS))
    facts = facts._replace(facts=plain(facts.facts))
    return facts, clashes + settled.clashes, conflicts + settled.conflicts


def _replaced_later(groups: Groups, articles: pa.Table) -> Mask:
    """Claims of a grade that a correction names as the one before it, in articles that may be older than it.

    `corrected` and `replaced` hold what articles themselves say of a correction, whatever was decided on that.
    """
    right, firsts = np.zeros(len(groups.claims), dtype=np.bool_), groups.firsts
    rows = np.flatnonzero(np.isin(firsts, firsts[groups.holds("corrected")]))
    taken = groups.claims.select(("file", "grade", "corrected", "replaced")).take(pa.array(groups.order[rows]))
    first_days = pc.take(articles["published_from"], taken["file"]).to_pylist()
    claims = taken.to_pylist()
    corrections: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for first, claim in zip(firsts[rows].tolist(), claims, strict=True):
        if claim["corrected"]:
            corrections[first].append((claim["corrected"], claim["replaced"]))
    for row, claim, day in zip(rows.tolist(), claims, first_days, strict=True):
        known = corrections[int(firsts[row])]
        right[row] = any(day < on and claim["grade"] == before for on, before in known)
    return right
