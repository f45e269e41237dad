"""Everything that is weighed, and what does not fit together."""

from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.coded import plain_column
from jobs.codelists import Codelists
from jobs.decisions import Decisions
from jobs.problems import Finding, shown
from jobs.spread import threads
from jobs.weigh.eliminate import NO_TALLY, Tally, eliminate
from jobs.weigh.events import weigh_events
from jobs.weigh.grades import weigh_grades
from jobs.weigh.groups import Clash, Facts, Rival
from jobs.weigh.metrics import weigh_metrics
from jobs.weigh.settle import Competing
from jobs.weigh.statements import weigh_statements

_NOTHING = pa.scalar("", pa.large_string())


class Weighed(NamedTuple):
    """All that was weighed, from which the tables are made.

    claims: articles, counts and pins as they were read, and `revised_on` of the grades; all else is in the facts.
    """

    claims: Claims
    grades: Facts
    statements: Facts
    metrics: Facts
    events: Facts
    tally: Tally
    conflicts: list[Competing]
    decisions: Decisions
    lists: Codelists

    @property
    def rows(self) -> int:
        """How many claims were weighed."""
        return sum(len(facts.claims) for facts in (self.grades, self.statements, self.metrics, self.events))

    def of_articles(self, rows: pa.Table, column: str) -> pa.ChunkedArray:
        """A column of the articles that rows come from."""
        return self.claims["articles"][column].take(rows["file"])

    def evidence_urls(self, rows: pa.Table) -> pa.ChunkedArray:
        """Addresses that open the articles of rows at the passage."""
        return pc.binary_join_element_wise(self.of_articles(rows, "url"), plain_column(rows["fragment"]), _NOTHING)


def weigh(claims: Claims, lists: Codelists, decisions: Decisions) -> tuple[Weighed, list[Clash]]:
    """Facts of all kinds, and what does not fit together and is not decided."""
    with threads(1, len(claims["statements"])) as thread:
        kinds = (weigh_statements, weigh_metrics, weigh_events)
        waiting = [thread.submit(kind, claims, decisions) for kind in kinds]  # meanwhile: as long as grades and counts
        grades, grade_clashes, conflicts = weigh_grades(claims, lists, decisions)
        tally = eliminate(claims, grades, lists, decisions) if not grade_clashes else NO_TALLY
        clashes = [*_equal_addresses(claims), *grade_clashes]
        found = [weighed.result() for weighed in waiting]
    (statements, metrics, events) = (facts for facts, _, _ in found)
    for _, more, known in found:
        clashes += more
        conflicts = conflicts + known
    conflicts = conflicts + tally.conflicts
    kept = {kind: claims[kind] for kind in ("articles", "counts", "pins")}
    kept["grades"] = claims["grades"].select(["revised_on"])
    weighed = Weighed(Claims(kept), grades, statements, metrics, events, tally, conflicts, decisions, lists)
    return weighed, clashes + tally.clashes


def page_of(url: str) -> str:
    """What addresses of the same page have in common."""
    return url.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")


def _equal_addresses(claims: Claims) -> Iterator[Clash]:
    first: dict[str, int] = {}
    table = claims["articles"]
    for file, url in zip(table["file"].to_pylist(), table["url"].to_pylist(), strict=True):
        page = page_of(url)
        if page in first:
            message = f"another article has the address {shown(url)}"
            yield Clash(file, Finding(("url",), "equal-address", message), Rival(first[page], ("url",)))
        first.setdefault(page, file)
