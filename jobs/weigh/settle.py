"""Claims that disagree, and what curators decided: nothing is settled in silence, nothing decided for nothing."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import equal_to, plain_column
from jobs.dates import check_day, day
from jobs.decisions import OPEN, Decisions
from jobs.problems import Finding, shown
from jobs.weigh.groups import Clash, Groups, Mask

Meaning = Callable[[dict[str, Any], str], str]
"""What the text of a choice stands for, given a claim of the fact."""


def without_weekday(choice: str) -> str:
    """A choice without the weekday of its date, if it is one with a weekday."""
    return choice if check_day(choice) else day(choice)


DECISIONS_FILE: Final = -2
"""Stands for the file of decisions where the index of a file is due; -1 stands for a code list."""


class Competing(NamedTuple):
    """One of the values of a fact in conflict: the claims for it, as (file, origin), and whether it was chosen."""

    table: str
    fact_id: str
    column: str
    value: str
    claims: tuple[tuple[int, str], ...]
    prevails: bool
    decision: int


@dataclass
class Settled:
    """What came of a conflict in one column: claims not decided on, claims of facts left open, what is on record."""

    undecided: Mask
    disputed: Mask
    conflicts: list[Competing] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)


def lead(table: pa.Table, column: str, choices: dict[str, str]) -> tuple[pa.Table, tuple[tuple[str, str], ...]]:
    """The claims with the chosen ones marked, and the order that lets them lead.

    choices: key of a fact -> the value decided on.
    """
    if not choices:
        return table, ()
    keys = pa.array(choices, pa.large_string())
    chosen = pa.array(choices.values(), pa.large_string()).take(pc.index_in(table["fact_id"], keys))
    fits = pc.fill_null(pc.equal(table[column], chosen), False)
    return table.append_column("chosen", fits.cast(pa.int8())), (("chosen", "descending"),)


def choices_of(decisions: Decisions, table: str, claims: pa.Table, meaning: Meaning) -> dict[str, str]:
    """Key of a fact -> the value decided on, for the main column; meaning: claim, text of a choice -> value."""
    found = {}
    for key, index in decisions.rulings(table, "").items():
        rows = claims.filter(equal_to(claims["fact_id"], key)).slice(0, 1).to_pylist()
        choice = decisions.conflicts[index].choose
        if rows and choice != OPEN:
            found[key] = meaning(rows[0], choice)
    return found


def settle(
    groups: Groups,
    against: Mask,
    table: str,
    column: str,
    decisions: Decisions,
    choices: dict[str, str],
    contested: Collection[str],
) -> Settled:
    """Which claims against the leading one are decided on, and what that puts on record.

    against: claims whose value in the column conflicts with the leading one's; contested: facts that are in conflict as
    long as nothing is decided on them.
    """
    rulings = decisions.rulings(table, "")
    nothing = np.zeros(len(against), dtype=np.bool_)
    if not rulings:
        return Settled(against, nothing)
    left = left_open(decisions, table)
    settled = Settled(against & ~groups.among(rulings), groups.among(left))
    positions = {key: np.flatnonzero(groups.among([key])) for key in rulings}
    for key, index in rulings.items():
        rows = positions[key]
        if key not in contested:
            settled.clashes.append(stale(index, key, bool(len(rows))))
            continue
        known = [(groups.claim(int(row)), bool(against[row])) for row in rows]
        claims = [claim for claim, fights in known if fights or claim[column] == known[0][0][column]]
        values = {claim[column]: None for claim in claims}
        choice = choices.get(key, "")
        if key not in left and choice not in values:
            settled.clashes.append(bad_choice(index, decisions.conflicts[index].choose, list(values)))
            continue
        settled.conflicts += competing(table, key, "", column, claims, choice, index)
    return settled


def competing(
    table: str, key: str, name: str, column: str, claims: list[dict[str, Any]], choice: str, index: int
) -> Iterator[Competing]:
    """The values of a fact in conflict, each with its claims; name: of the column, empty for the main one."""
    for value in sorted({claim[column] for claim in claims}):
        supporters = tuple((c["file"], c["origin"]) for c in claims if c[column] == value)
        yield Competing(table, key, name, value, supporters, value == choice, index)


def settle_details(
    claims: pa.Table, table: str, columns: Mapping[str, str], decisions: Decisions, meaning: Meaning
) -> tuple[pa.Table, list[Competing], list[Clash]]:
    """The claims with the details that were decided on in place of all others, and what that puts on record.

    A detail is a column in which a claim may say nothing; one left open is empty in all claims. columns: name of a
    column in decisions -> the column; meaning: claim, text of a choice -> value.
    """
    conflicts: list[Competing] = []
    clashes: list[Clash] = []
    for name, column in columns.items():
        for key, index in decisions.rulings(table, name).items():
            rows = pc.indices_nonzero(equal_to(claims["fact_id"], key)).to_pylist()
            found = [row for row in claims.take(pa.array(rows, pa.int64())).to_pylist() if row[column]]
            values = {row[column]: None for row in found}
            choice = decisions.conflicts[index].choose
            if len(values) < 2:
                clashes.append(stale(index, key, bool(rows)))
                continue
            kept = "" if choice == OPEN else meaning(found[0], choice)
            if kept not in values and choice != OPEN:
                clashes.append(bad_choice(index, choice, list(values)))
                continue
            conflicts += competing(table, key, name, column, found, kept, index)
            claims = _with(claims, column, rows, kept)
    return claims, conflicts, clashes


def _with(claims: pa.Table, column: str, rows: list[int], kept: str) -> pa.Table:
    values = plain_column(claims[column]).to_pylist()
    for row in rows:
        values[row] = kept if values[row] else ""
    return claims.set_column(claims.schema.get_field_index(column), column, pa.array(values, pa.large_string()))


def overruled(groups: Groups, given: pa.Table, column: str) -> Mask:
    """Claims that gave another value in a column than was decided on; given: the claims before they were settled."""
    return np.asarray(pc.not_equal(given[column], groups.claims[column]))[groups.order]


def left_open(decisions: Decisions, table: str, column: str = "") -> list[str]:
    """Keys of the facts of which a column is left open."""
    rulings = decisions.rulings(table, column)
    return [key for key, index in rulings.items() if decisions.conflicts[index].choose == OPEN]


def stale(index: int, key: str, known: bool) -> Clash:
    """The clash of a decision that decides nothing."""
    message = (
        "this decides nothing: no articles disagree here" if known else f"no article says anything of {shown(key)}"
    )
    hint = "remove it" if known else "the key as the problem names it; remove the decision if the fact is gone"
    return Clash(DECISIONS_FILE, Finding(("conflicts", index, "key"), "stale-decision", message, hint))


def bad_choice(index: int, choice: str, values: list[str]) -> Clash:
    """The clash of a decision for a value that no article names."""
    message = f"no article says {shown(choice)}"
    hint = f"in conflict are: {', '.join(sorted(values))}; or choose {OPEN}"
    return Clash(DECISIONS_FILE, Finding(("conflicts", index, "choose"), "unknown-choice", message, hint))
