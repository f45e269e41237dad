"""Events: what happened to a force, with the most exact date that any article gives."""

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.coded import plain, plain_column
from jobs.dates import period_bounds
from jobs.decisions import Decisions
from jobs.weigh.groups import LATEST, Clash, Facts, Groups, Mask, clashes_at, grouped
from jobs.weigh.settle import Competing, choices_of, lead, settle

_TO: Final = pa.scalar(" to ", pa.large_string())


def weigh_events(claims: Claims, decisions: Decisions) -> tuple[Facts, list[Clash], list[Competing]]:
    """Events. The shortest span of days leads; a longer one that holds it agrees, as a year does with its months."""

    def meaning(claim: dict[str, Any], choice: str) -> str:
        return " to ".join(period_bounds(choice) or (choice, choice))

    table = claims["events"]
    spans = pc.binary_join_element_wise(*(plain_column(table[name]) for name in ("happened_from", "happened_to")), _TO)
    table = table.append_column("on", pc.if_else(pc.equal(table["happened_from"], ""), "", spans))
    table = table.append_column("days", _days(table))
    choices = choices_of(decisions, "events", table, meaning)
    table, first = lead(table, "on", choices)

    def compared(*leading: tuple[str, str]) -> tuple[Groups, Mask]:
        groups = grouped(table, claims["articles"], *leading, ("days", "ascending"), ("summary", "descending"))
        return groups, _outside(groups)

    groups, against = compared(*first)
    contested = Groups.keys(*compared()) if first else groups.keys(against)
    settled = settle(groups, against, "events", "on", decisions, choices, contested)
    clashes = clashes_at(groups, settled.undecided, "event-conflict", "on", section="events")
    facts = groups.facts(~against, settled.disputed, (("summary",),))
    return _opened(facts), clashes + settled.clashes, settled.conflicts


def _days(table: pa.Table) -> pa.Array:
    """Length of the spans of days, in which an unknown one is the longest."""
    starts, ends = (
        np.asarray(pc.if_else(pc.equal(table[name], ""), other, table[name]), dtype="datetime64[D]")
        for name, other in (("happened_from", "1900-01-01"), ("happened_to", LATEST))
    )
    return pa.array((ends - starts).astype(np.int64))


def _outside(groups: Groups) -> Mask:
    """Claims whose span does not hold the leading one."""
    starts, ends, dated = (np.asarray(groups.claims[n])[groups.order] for n in ("happened_from", "happened_to", "on"))
    firsts = groups.firsts
    outside = (starts > starts[firsts]) | (ends < ends[firsts])
    return np.asarray(outside & (dated != "") & (dated[firsts] != ""), dtype=np.bool_)


def _opened(facts: Facts) -> Facts:
    table = plain(facts.facts)
    for column in ("happened_from", "happened_to"):
        index = table.schema.get_field_index(column)
        table = table.set_column(index, column, pc.if_else(table["disputed"], "", table[column]))
    return facts._replace(facts=table)
