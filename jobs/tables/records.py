"""Facts -> the tables of what happened, and of where articles disagree."""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import different_per, encoded, plain
from jobs.decisions import OPEN
from jobs.tables.common import (
    LookUp,
    Trace,
    Traced,
    constant,
    finished,
    inspected,
    joined_text,
    of_area,
    text_table,
    with_rest,
)
from jobs.tables.facts import of_peel
from jobs.weigh import DECISIONS_FILE, Competing, Weighed

_EVENT_FACTS: Final = (
    "file", "item", "fact_id", "inspection_id", "event", "area_id", "summary", "happened_from", "happened_to", "claims",
    "independent_sources", "disputed", "note", "fragment", "basis", "section",
)  # fmt: skip
_MAIN: Final = {
    "grades": "grade",
    "metrics": "value",
    "statements": "said_on",
    "events": "happened_from",
    "grade_counts": "areas",
}
"""The column that a decision without one is about."""
SINGULAR: Final = {
    "grades": "grade",
    "statements": "statement",
    "metrics": "metric",
    "events": "event",
    "grade_counts": "count",
    "other_grades": "grade",
}
"""What one row of a table of facts is called in keys."""
_TYPED: Final = {
    "grade": "grade",
    "previous_grade": "grade",
    "value": "value",
    "comparator_value": "value",
    "population": "value",
    "sample": "value",
    "change_from": "value",
    "change_to": "value",
    "said_on": "date",
    "revised_on": "date",
    "baseline_start": "date",
    "baseline_end": "date",
    "happened_from": "date",
}
"""Column in conflict -> the column that holds its values; all others are words."""
_CONFLICT: Final = (
    "file", "item", "section", "conflict_id", "table", "fact_id", "column_name", "grade", "value", "date_from",
    "date_to", "words", "prevails", "claims", "independent_sources", "article_ids", "resolution", "reason",
    "decided_on", "decided_by",
)  # fmt: skip


def events(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What articles tell, and the corrections that follow from grades."""
    told = weighed.events.facts
    told = told.append_column("basis", constant("stated", told)).append_column("section", constant("events", told))
    table = pa.concat_tables([told.select(_EVENT_FACTS), corrections(weighed).select(_EVENT_FACTS)])
    columns = inspected(table["inspection_id"], dimensions) | of_area(table["area_id"], dimensions)
    columns |= {"event_id": table["fact_id"], "evidence_url": weighed.evidence_urls(table)}
    return finished(
        "events", with_rest("events", columns, table), Trace(table["section"], table["file"], table["item"])
    )


def corrections(weighed: Weighed, claims: bool = False) -> pa.Table:
    """Grades that were corrected, as events; claims: the claims of that instead of the facts."""
    facts, said = weighed.grades.facts, weighed.grades.claims
    facts = facts.filter(pc.and_(pc.not_equal(facts["revised_on"], ""), of_peel(facts["inspection_id"], weighed.lists)))
    own = weighed.claims["grades"]["revised_on"]  # what each article says, whatever was decided
    told = pc.not_equal(own, "")
    said, own = plain(said.filter(told)), own.filter(told)
    due = LookUp(facts["fact_id"], facts)(said["fact_id"], "revised_on")
    agrees = pc.and_(pc.equal(own, due), said["agrees"])
    said = said.set_column(said.schema.get_field_index("agrees"), "agrees", agrees).filter(pc.is_valid(due))
    return _as_corrections(weighed, said if claims else _counted(facts, said.filter(said["agrees"])))


def _counted(facts: pa.Table, claims: pa.Table) -> pa.Table:
    """The facts with the number of these claims and of their origins; those without any are left out."""
    keys, origins = encoded(claims["fact_id"]), encoded(claims["origin"]).indices
    number, fact = len(keys.dictionary), np.asarray(keys.indices).astype(np.int64)
    counts = {"claims": np.bincount(fact, minlength=number)}
    counts["independent_sources"] = different_per(fact, np.asarray(origins).astype(np.int64), number)
    look = LookUp(keys.dictionary, pa.table(counts))
    for column in counts:
        found = look(facts["fact_id"], column).cast(pa.int32())
        facts = facts.set_column(facts.schema.get_field_index(column), column, found)
    return facts.filter(pc.is_valid(facts["claims"]))


def _as_corrections(weighed: Weighed, table: pa.Table) -> pa.Table:
    forces = {i.inspection_id: i.force_id for i in weighed.lists.inspections.values()}
    force = pa.array([forces[i] for i in table["inspection_id"].to_pylist()], pa.large_string())
    columns = {name: table[name] for name in table.column_names}
    columns |= {
        "fact_id": joined_text(force, constant("grade-corrected", table), table["area_id"]),
        "event": constant("grade-corrected", table),
        "summary": constant("", table),
        "happened_from": table["revised_on"],
        "happened_to": table["revised_on"],
        "basis": constant("derived", table),
        "section": constant("grades", table),
    }
    return pa.table(columns)


def conflicts(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """What articles disagree about, each value with the decision on it."""
    rows = [_conflict(weighed, competing) for competing in weighed.conflicts]
    whole = {name: pa.int32() for name in ("file", "item", "claims", "independent_sources")}
    table = text_table(_CONFLICT, rows, whole | {"prevails": pa.bool_()})
    columns = {name: table[name] for name in table.column_names}
    return finished("conflicts", columns, Trace(table["section"], table["file"], table["item"]))


def _conflict(weighed: Weighed, c: Competing) -> tuple[object, ...]:
    decision = weighed.decisions.conflicts[c.decision]
    column = c.column or _MAIN[c.table]
    kind = _TYPED.get(column, "words")
    start, _, end = c.value.partition(" to ")
    articles = weighed.claims["articles"]["article_id"]
    ids = sorted({articles[file].as_py() for file, _ in c.claims})
    named = _slug(c.value) if c.table != "grade_counts" else ids[0] if ids else "names"
    table = c.table if c.table != "grades" or _is_peel(weighed, c.fact_id) else "other_grades"
    return (
        DECISIONS_FILE, c.decision, "conflicts",
        "-".join(filter(None, (SINGULAR[c.table], c.fact_id, c.column.replace("_", "-"), named))), table, c.fact_id,
        column, c.value if kind == "grade" else "", c.value if kind == "value" else "",
        start if kind == "date" else "", (end or start) if kind == "date" else "", c.value if kind == "words" else "",
        c.prevails, len(c.claims), len({origin for _, origin in c.claims}), "; ".join(ids),
        "left-open" if decision.choose == OPEN else "decided", decision.reason, decision.decided_on[-10:],
        decision.decided_by,
    )  # fmt: skip


def _slug(value: str) -> str:
    """A value as part of a key: `91.8` is 91p8, `-84` is minus-84."""
    text = value.replace("-", "minus-", 1) if value.startswith("-") else value
    return "-".join(text.replace(".", "p").split())


def _is_peel(weighed: Weighed, grade_id: str) -> bool:
    facts = weighed.grades.facts
    rows = facts.filter(pc.equal(facts["fact_id"], grade_id))
    return bool(of_peel(rows["inspection_id"], weighed.lists)[0].as_py())
