"""Facts -> the headline tables: grades, statements, metrics."""

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.coded import plain_column
from jobs.codelists import Codelists
from jobs.tables.common import (
    LookUp,
    Trace,
    Traced,
    constant,
    finished,
    graded,
    inspected,
    of_area,
    text_table,
    trace,
    with_rest,
)
from jobs.tables.dimensions import list_table
from jobs.weigh import Weighed

PEEL: Final = "peel"
"""The programme whose inspections feed `grades`."""


def of_peel(inspection_ids: pa.ChunkedArray, lists: Codelists) -> pa.ChunkedArray:
    """Whether inspections are those of the PEEL programme."""
    others = [i.inspection_id for i in lists.inspections.values() if i.programme != PEEL]
    return pc.invert(pc.is_in(inspection_ids, value_set=pa.array(others, pa.large_string())))


def grades(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """Named and derived grades of PEEL inspections."""
    return _grades("grades", weighed, dimensions, True)


def other_grades(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """Named and derived grades of inspections of other programmes."""
    return _grades("other_grades", weighed, dimensions, False)


def _grades(name: str, weighed: Weighed, dimensions: dict[str, Traced], peel: bool) -> Traced:
    table = pa.concat_tables([_named_facts(weighed.grades.facts), _derived_facts(weighed)])
    wanted = of_peel(table["inspection_id"], weighed.lists)
    table = table.filter(wanted if peel else pc.invert(wanted))
    columns = inspected(table["inspection_id"], dimensions) | of_area(table["area_id"], dimensions)
    columns |= graded(table["grade"], columns["scale_id"], dimensions)
    inspections = dimensions["inspections"].table
    columns |= {
        "grade_id": table["fact_id"],
        "published_on": LookUp(inspections["inspection_id"], inspections)(table["inspection_id"], "published_on"),
        "evidence_url": weighed.evidence_urls(table),
    }
    columns |= {name: table[name] for name in _GRADE_FACTS if name not in columns}
    return finished(name, columns, Trace(table["section"], table["file"], table["item"]))


_GRADE_FACTS: Final = (
    "file", "item", "fact_id", "inspection_id", "area_id", "grade", "revised_on", "previous_grade", "basis",
    "derivation", "claims", "independent_sources", "disputed", "fragment", "section",
)  # fmt: skip


def _named_facts(facts: pa.Table) -> pa.Table:
    facts = facts.append_column("basis", constant("stated", facts))
    facts = facts.append_column("derivation", constant("", facts))
    return facts.append_column("section", constant("grades", facts)).select(_GRADE_FACTS)


def _derived_facts(weighed: Weighed) -> pa.Table:
    rows = []
    for d in weighed.tally.derived:
        first = d.counts[0]
        cycle = weighed.lists.inspections[d.inspection_id].cycle_id
        sources = (len(d.counts), len({count.origin for count in d.counts}))
        rows.append(
            (first.file, first.item, d.grade_id, d.inspection_id, f"{cycle}-{d.area}", d.grade, "", "", "derived",
             d.derivation, *sources, False, first.fragment, "counts")
        )  # fmt: skip
    types = {name: pa.int32() for name in ("file", "item", "claims", "independent_sources")} | {"disputed": pa.bool_()}
    return text_table(_GRADE_FACTS, rows, types)


def statements(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """Utterances."""
    facts = weighed.statements.facts
    people, organisations = dimensions["people"].table, dimensions["organisations"].table
    person = LookUp(people["person_id"], people)(facts["speaker"], "person")
    look = LookUp(organisations["organisation_id"], organisations)
    columns = inspected(facts["inspection_id"], dimensions) | of_area(facts["area_id"], dimensions)
    columns |= {
        "statement_id": facts["fact_id"],
        "speaker_id": pc.if_else(pc.is_valid(person), facts["speaker"], ""),
        "speaker": pc.coalesce(*map(plain_column, (person, look(facts["speaker"], "organisation")))),
        "organisation": look(facts["organisation_id"], "organisation"),
        "evidence_url": weighed.evidence_urls(facts),
    }
    return finished("statements", with_rest("statements", columns, facts), trace("statements", facts))


def metrics(weighed: Weighed, dimensions: dict[str, Traced]) -> Traced:
    """Observations."""
    facts, lists = weighed.metrics.facts, weighed.lists
    people, organisations = dimensions["people"].table, dimensions["organisations"].table
    organisation = LookUp(organisations["organisation_id"], organisations)
    measures = dimensions["measures"].table
    measure = LookUp(measures["measure_id"], measures)
    forces = LookUp(dimensions["forces"].table["force_id"], dimensions["forces"].table)
    subjects = list_table(lists, "subjects")
    subject = LookUp(subjects["subject_id"], subjects)
    columns = inspected(facts["inspection_id"], dimensions) | of_area(facts["area_id"], dimensions)
    force = forces(facts["subject_id"], "force")
    columns |= {
        "metric_id": facts["fact_id"],
        "measure": measure(facts["measure_id"], "measure"),
        "polarity": measure(facts["measure_id"], "polarity"),
        "subject": pc.coalesce(*map(plain_column, (force, subject(facts["subject_id"], "name")))),
        "subject_kind": pc.if_else(pc.is_valid(force), "force", subject(facts["subject_id"], "kind")),
        "force_id": pc.if_else(pc.is_valid(force), facts["subject_id"], ""),
        "claimed_by_id": facts["claimed_by"],
        "claimed_by": organisation(facts["claimed_by"], "organisation"),
        "said_by_id": facts["said_by"],
        "said_by": LookUp(people["person_id"], people)(facts["said_by"], "person"),
        "evidence_url": weighed.evidence_urls(facts),
    }
    return finished("metrics", with_rest("metrics", columns, facts), trace("metrics", facts))
