"""Two releases -> findings: every rule both ways, the failures of peers, and what must not count at all."""

import copy
import datetime as dt
import hashlib
import io
import json
import random
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

import pyarrow as pa
import pyarrow.csv as pv
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.outputs.csv import csv_bytes
from jobs.releases.cells import digest
from jobs.releases.compare import compare, short
from jobs.releases.content import TYPES, Content
from jobs.releases.reasons import CORRECTED, REVISED, Reasons, Said
from jobs.releases.rules import BUMPS, MAJOR, MINOR, NONE, PATCH, RULES, SCHEMA_BUMPS, Finding, worst
from jobs.releases.show import FORMATS
from jobs.releases.version import bump_of, compat
from tests.releases import ROWS, Change, Made, base, column, found, nothing, pair, told

Told = list[tuple[str, str, str, int]]


def alter(name: str, **more: Any) -> Change:
    return lambda made: made.alter("grades", name, **more)


def cells(name: str, value: Any, number: int, first: int = 0, table: str = "grades") -> Change:
    return lambda made: made.set(table, name, value, range(first, first + number))


def gone(table: str, *rows: int) -> Change:
    return lambda made: made.rows.update({table: [r for n, r in enumerate(made.rows[table]) if n not in rows]})


def more_rows(made: Made) -> None:
    made.rows["forces"].append({"force_id": "new", "name": "New"})


def columns(order: Callable[[list[Any]], list[Any]]) -> Change:
    return lambda made: made.columns.update(grades=order(made.columns["grades"]))


def at(place: int, *new: str) -> Change:
    return columns(lambda old: [*old[:place], *(column(name) for name in new), *old[place:]])


def without(*names: str) -> Change:
    return columns(lambda old: [c for c in old if c.name not in names])


def files(*names: str) -> Change:
    return lambda made: made.files.symmetric_difference_update(names)


def licence(name: str) -> Change:
    return lambda made: setattr(made, "licence", name)


def both(*changes: Change) -> Change:
    return lambda made: [change(made) for change in changes]


def key(*names: str) -> Change:
    return lambda made: made.keys.update(grades=names)


def renamed(made: Made) -> None:
    made.add("powers", made.columns["forces"], made.rows["forces"])
    made.drop("forces")
    made.alter("grades", "force_id", references="")


def text(table: str, title: str, description: str) -> Change:
    return lambda made: made.texts.update({table: (title, description)})


unlinked = alter("force_id", references="")
other = partial(column, "x")
CODES = {"good": "well done", "adequate": "enough", "poor": "less"}

CASES: dict[str, tuple[Change, Change, Told]] = {
    # what: before, change, findings
    "nothing": (nothing, nothing, []),
    # tables and files
    "a table is gone": (
        unlinked, lambda made: made.drop("forces"), [("table-removed", "forces", "", 1)]),
    "a table is new": (
        nothing, lambda made: made.add("cycles", [column("cycle_id", key=True)], []), [("table-added", "cycles", "", 1)]),
    "a table is renamed": (
        unlinked, renamed, [("table-removed", "forces", "", 1), ("table-added", "powers", "", 1)]),
    "a table stays, empty": (
        lambda made: made.rows.update(forces=[]), nothing, []),
    "a file is gone": (nothing, files("CHANGELOG.md"), [("file-removed", "", "", 1)]),
    "a format is gone": (nothing, files("grades.csv", "forces.csv"), [("file-removed", "", "", 2)]),
    "a format is new": (nothing, files("openpeel.xlsx"), [("file-added", "", "", 1)]),
    "a file is renamed": (
        nothing, files("CHANGELOG.md", "CHANGES.md"), [("file-removed", "", "", 1), ("file-added", "", "", 1)]),
    # the licence
    "a stricter licence": (nothing, licence("CC-BY-SA-4.0"), [("licence-changed", "", "", 1)]),
    "a licence as strict": (nothing, licence("OGL-UK-3.0"), [("licence-changed", "", "", 1)]),
    "a licence neither stricter nor freer": (
        licence("CC-BY-NC-4.0"), licence("CC-BY-SA-4.0"), [("licence-changed", "", "", 1)]),
    "an unknown licence": (nothing, licence("as you like"), [("licence-changed", "", "", 1)]),
    "a freer licence": (nothing, licence("CC0-1.0"), [("licence-opened", "", "", 1)]),
    "a freer licence that still asks": (
        licence("CC-BY-NC-SA-4.0"), licence("CC-BY-SA-4.0"), [("licence-opened", "", "", 1)]),
    # columns
    "a column is gone": (nothing, without("note"), [("column-removed", "grades", "", 1)]),
    "columns are gone, the others move up": (nothing, without("force", "score"), [("column-removed", "grades", "", 2)]),
    "a column is new at the end": (nothing, at(9, "x", "y"), [("column-added", "grades", "", 2)]),
    "a column that is never empty is new at the end": (
        nothing, columns(lambda old: [*old, column("x", nullable=False)]), [("filled-column-added", "grades", "", 1)]),
    "a column that is never empty is new between others": (
        nothing, columns(lambda old: [*old[:3], column("x", nullable=False), *old[3:]]),
        [("column-inserted", "grades", "", 1), ("filled-column-added", "grades", "", 1)]),
    "a column is new between others": (nothing, at(8, "x"), [("column-inserted", "grades", "", 1)]),
    "a column is new at the start": (nothing, at(0, "x"), [("column-inserted", "grades", "", 1)]),
    "columns are new between others and at the end": (
        nothing, both(at(9, "y"), at(1, "x")),
        [("column-inserted", "grades", "", 1), ("column-added", "grades", "", 1)]),
    "a column is renamed": (
        nothing, columns(lambda old: [*old[:-1], column("remark", role="record")]),
        [("column-removed", "grades", "", 1), ("column-added", "grades", "", 1)]),
    "two columns change places": (
        nothing, columns(lambda old: [*old[:4], old[5], old[4], *old[6:]]), [("column-moved", "grades", "", 2)]),
    "the first column becomes the last": (
        nothing, columns(lambda old: [*old[1:], old[0]]), [("column-moved", "grades", "", 9)]),
    "a column is gone and another is new in its place": (
        nothing, columns(lambda old: [*old[:3], column("x"), *old[4:]]),
        [("column-removed", "grades", "", 1), ("column-inserted", "grades", "", 1)]),
    # what columns declare
    "a type": (nothing, alter("areas", type="double", kind="number"), [("type-changed", "grades", "areas", 1)]),
    "a kind alone": (nothing, alter("force_id", kind="id"), [("type-changed", "grades", "force_id", 1)]),
    "a unit": (nothing, alter("score", unit="marks"), [("unit-changed", "grades", "score", 1)]),
    "no unit any more": (nothing, alter("score", unit=""), [("unit-changed", "grades", "score", 1)]),
    "a primary key": (nothing, key("grade_id", "force_id"), [("key-changed", "grades", "", 1)]),
    "another reference": (nothing, alter("force_id", references="forces.name"), [("meaning-changed", "grades", "force_id", 1)]),
    "no reference any more": (nothing, unlinked, [("constraint-loosened", "grades", "force_id", 1)]),
    "a new reference": (unlinked, alter("force_id", references="forces.force_id"), [("constraint-tightened", "grades", "force_id", 1)]),
    "may be empty": (nothing, alter("force_id", nullable=True), [("column-nullable", "grades", "force_id", 1)]),
    "never empty": (nothing, alter("score", nullable=False), [("constraint-tightened", "grades", "score", 1)]),
    "may repeat": (
        nothing, lambda made: made.alter("forces", "name", unique=False), [("column-not-unique", "forces", "name", 1)]),
    "never repeats": (nothing, alter("areas", unique=True), [("constraint-tightened", "grades", "areas", 1)]),
    "a code less": (nothing, alter("grade", values={"good": "well done", "poor": "less"}), [("code-removed", "grades", "grade", 1)]),
    "a code more": (nothing, alter("grade", values=CODES | {"x": "y"}), [("code-added", "grades", "grade", 1)]),
    "a code renamed": (
        nothing, alter("grade", values={"good": "well done", "adequate": "enough", "bad": "less"}),
        [("code-removed", "grades", "grade", 1), ("code-added", "grades", "grade", 1)]),
    "codes in another order": (nothing, alter("grade", values=dict(reversed(CODES.items()))), []),
    "a code of an open list": (nothing, more_rows, [("rows-added", "forces", "", 1)]),
    "a closed list is opened": (nothing, alter("grade", values={}, pattern="^[a-z]+$"), [("constraint-loosened", "grades", "grade", 1)]),
    "an open list is closed": (alter("grade", values={}, pattern="^[a-z]+$"), alter("grade", values=CODES, pattern=""), [("constraint-tightened", "grades", "grade", 1)]),
    "a smaller least value": (nothing, alter("score", least=-1), [("constraint-loosened", "grades", "score", 1)]),
    "no least value": (nothing, alter("score", least=None), [("constraint-loosened", "grades", "score", 1)]),
    "a larger least value": (nothing, alter("score", least=1), [("constraint-tightened", "grades", "score", 1)]),
    "a least value of its own": (nothing, alter("areas", least=0), [("constraint-tightened", "grades", "areas", 1)]),
    "another form": (alter("note", pattern="^a$"), alter("note", pattern="^b$"), [("constraint-loosened", "grades", "note", 1)]),
    "no form": (alter("note", pattern="^a$"), alter("note", pattern=""), [("constraint-loosened", "grades", "note", 1)]),
    "a form": (nothing, alter("note", pattern="^note"), [("constraint-tightened", "grades", "note", 1)]),
    "words about a column": (nothing, alter("note", title="Remark", description="Of us."), [("description-changed", "grades", "note", 2)]),
    "what a code means": (nothing, alter("grade", values=CODES | {"poor": "bad"}), [("description-changed", "grades", "grade", 1)]),
    "what a column is for": (nothing, alter("note", role="name"), [("description-changed", "grades", "note", 1)]),
    "words about a table": (nothing, text("grades", "Grades", "One row per grade."), [("description-changed", "grades", "", 1)]),
    # rows
    "a row is gone": (nothing, gone("grades", 7), [("rows-vanished", "grades", "", 1)]),
    "a row is new": (nothing, more_rows, [("rows-added", "forces", "", 1)]),
    "a row has another key": (
        nothing, lambda made: made.set("grades", "grade_id", "g7", [7]),
        [("rows-vanished", "grades", "", 1), ("rows-added", "grades", "", 1)]),
    "rows in another order": (nothing, lambda made: made.rows["grades"].reverse(), []),
    # cells
    "a cell": (nothing, cells("score", 99.5, 1), [("cells-corrected", "grades", "score", 1)]),
    "a cell is emptied": (nothing, cells("score", None, 1), [("cells-corrected", "grades", "score", 1)]),
    "a cell is filled": (cells("score", None, 3), cells("score", 1.0, 2), [("cells-filled", "grades", "score", 2)]),
    "an empty text is filled with nothing": (cells("note", None, 1), cells("note", "", 1), [("cells-updated", "grades", "note", 1)]),
    "a note": (nothing, cells("note", "another", 1), [("cells-updated", "grades", "note", 1)]),
    "many notes": (nothing, cells("note", "another", 90), [("cells-updated", "grades", "note", 90)]),
    "a name": (nothing, cells("force", "Another", 1), [("cells-updated", "grades", "force", 1)]),
    "many names": (
        nothing, cells("force", "Another", 30),
        [("systematic-renaming", "grades", "", 30), ("systematic-renaming", "grades", "force", 30)]),
    "minus zero is zero": (cells("score", 0.0, 1), cells("score", -0.0, 1), []),
    "no number is no number": (cells("score", float("nan"), 1), cells("score", float("nan"), 1), []),
    "a number that is none": (nothing, cells("score", float("nan"), 1), [("cells-corrected", "grades", "score", 1)]),
    # a systematic correction
    "less than a fifth of the filled cells": (
        cells("score", None, 80, first=20), cells("score", 99.0, 3), [("cells-corrected", "grades", "score", 3)]),
    "a fifth of the filled cells": (
        cells("score", None, 80, first=20), cells("score", 99.0, 4), [("systematic-correction", "grades", "score", 4)]),
    "a fifth of 35 filled cells": (
        cells("areas", None, 65, first=35), cells("areas", 999, 7),
        [("systematic-correction", "grades", "", 7), ("systematic-correction", "grades", "areas", 7)]),
    "a twentieth of the rows": (
        nothing, cells("score", 99.5, 5),
        [("systematic-correction", "grades", "", 5), ("cells-corrected", "grades", "score", 5)]),
    "less than a twentieth of the rows": (nothing, cells("score", 99.5, 4), [("cells-corrected", "grades", "score", 4)]),
    "a twentieth of the rows, in several columns": (
        nothing, both(cells("score", 99.5, 3), cells("areas", 999, 2, first=3)),
        [("systematic-correction", "grades", "", 5), ("cells-corrected", "grades", "areas", 2),
         ("cells-corrected", "grades", "score", 3)]),
    "the same rows in several columns count once": (
        nothing, both(cells("score", 99.5, 4), cells("areas", 999, 4)),
        [("cells-corrected", "grades", "areas", 4), ("cells-corrected", "grades", "score", 4)]),
    "an empty column is filled": (
        cells("score", None, ROWS), cells("score", 1.0, ROWS),
        [("systematic-filling", "grades", "", ROWS), ("cells-filled", "grades", "score", ROWS)]),
    "a fifth of the filled cells more": (
        cells("score", None, 80, first=20), cells("score", 1.0, 4, first=30), [("systematic-filling", "grades", "score", 4)]),
    "less than a fifth of the filled cells more": (
        cells("score", None, 80, first=20), cells("score", 1.0, 3, first=30), [("cells-filled", "grades", "score", 3)]),
    # the failures of peers
    "a column more does not hide a column less": (
        nothing, both(without("note"), lambda made: made.columns["forces"].append(other())),
        [("column-removed", "grades", "", 1), ("column-added", "forces", "", 1)]),
    "a column more does not hide a table less": (
        unlinked, both(lambda made: made.drop("forces"), at(9, "x")),
        [("table-removed", "forces", "", 1), ("column-added", "grades", "", 1)]),
    "a row less and a row more": (
        nothing, both(gone("grades", 1), more_rows), [("rows-vanished", "grades", "", 1), ("rows-added", "forces", "", 1)]),
    "half the rows": (nothing, gone("grades", *range(50)), [("rows-vanished", "grades", "", 50)]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_change_is_found_to_be_exactly_what_it_is(case: str) -> None:
    before, change, due = CASES[case]
    assert found(change, before) == due


def said(kind: str, key: str = "all", column: str = "score") -> Reasons:
    return Reasons({("grades", column): {key: Said(kind, "Because.")}}, {})


RETRACTED = Reasons({}, {("grades", "g007"): "It was another force."})
REASONED: dict[str, tuple[Change, Reasons, Told]] = {
    "a retraction": (gone("grades", 7), RETRACTED, [("rows-retracted", "grades", "", 1)]),
    "a retraction of another row": (gone("grades", 8), RETRACTED, [("rows-vanished", "grades", "", 1)]),
    "two rows gone, one retracted": (
        gone("grades", 7, 8), RETRACTED, [("rows-vanished", "grades", "", 1), ("rows-retracted", "grades", "", 1)]),
    "a revision": (
        cells("score", 9.5, 1), said(REVISED, "g000"), [("cells-revised", "grades", "score", 1)]),
    "many revisions are not systematic": (
        cells("score", 99.5, 40), said(REVISED), [("cells-revised", "grades", "score", 40)]),
    "a correction that fills": (
        cells("note", "x", 1, first=1), said(CORRECTED, "g001", "note"), [("cells-corrected", "grades", "note", 1)]),
    "a correction of all": (
        cells("score", 99.5, 40), said(CORRECTED),
        [("systematic-correction", "grades", "", 40), ("systematic-correction", "grades", "score", 40)]),
    "a revision among corrections": (
        cells("score", 99.5, 2), said(REVISED, "g001"),
        [("cells-revised", "grades", "score", 1), ("cells-corrected", "grades", "score", 1)]),
}  # fmt: skip


@pytest.mark.parametrize("case", REASONED)
def test_what_is_said_of_a_change_decides_what_it_is(case: str) -> None:
    change, reasons, due = REASONED[case]
    assert found(change, reasons=reasons) == due


def test_every_rule_is_the_only_finding_of_a_case() -> None:
    alone = {due[0][0] for _, _, due in CASES.values() if len({rule for rule, *_ in due}) == 1}
    alone |= {due[0][0] for _, _, due in REASONED.values() if len({rule for rule, *_ in due}) == 1}
    assert alone == set(RULES)


def test_each_bump_is_that_of_the_specification() -> None:
    assert {rule for rule, about in RULES.items() if about.bump == MINOR} == {
        "rows-retracted", "table-added", "file-added", "column-added", "filled-column-added", "rows-added",
        "licence-opened", "cells-revised", "systematic-correction", "systematic-filling", "systematic-renaming",
    }  # fmt: skip
    assert {rule for rule, about in RULES.items() if about.bump == PATCH} == {
        "cells-corrected", "cells-filled", "cells-updated", "constraint-tightened", "description-changed",
    }  # fmt: skip
    assert {about.bump for about in RULES.values()} == {PATCH, MINOR, MAJOR}


def test_data_loss_comes_first_and_the_worst_wins() -> None:
    everything = both(
        without("note"), cells("score", 99.5, 1), alter("areas", unit="x"), more_rows, gone("grades", 50), at(8, "x")
    )
    assert [f[0] for f in found(everything)] == [
        "column-removed", "rows-vanished", "unit-changed", "column-added", "rows-added", "cells-corrected",
    ]  # fmt: skip
    losses = [about.loss for about in RULES.values()]
    assert losses == sorted(losses, reverse=True)
    assert bump_of(compare(*pair(everything))) == MAJOR
    assert bump_of([]) == NONE


FINDINGS = st.builds(Finding, st.sampled_from(list(RULES)), st.just("t"), st.just(""), st.just(1), st.just(()))


@given(st.lists(FINDINGS, max_size=8), FINDINGS)
def test_a_finding_more_never_lowers_a_bump(findings: list[Finding], more: Finding) -> None:
    assert BUMPS.index(bump_of([*findings, more])) >= BUMPS.index(bump_of(findings))
    assert bump_of([*findings, more]) == worst([bump_of(findings), more.bump])
    before, after = compat(findings), compat([*findings, more])
    assert all(BUMPS.index(after[name]) >= BUMPS.index(before[name]) for name in ("data_package", "croissant"))
    assert SCHEMA_BUMPS.index(after["schemaver"]) >= SCHEMA_BUMPS.index(before["schemaver"])


@pytest.mark.parametrize(("change", "due"), [
    (nothing, (NONE, NONE, NONE)),
    (without("note"), (MAJOR, MAJOR, "MODEL")),
    (alter("force_id", nullable=True), (MINOR, PATCH, "ADDITION")),
    (alter("score", least=1), (MAJOR, PATCH, "REVISION")),
    (at(9, "x"), (MAJOR, MINOR, "ADDITION")),
    (columns(lambda old: [*old, column("x", nullable=False)]), (MAJOR, MINOR, "MODEL")),
    (files("grades.csv"), (MAJOR, PATCH, NONE)),
    (files("grades.json"), (MINOR, PATCH, NONE)),
    (licence("CC-BY-NC-4.0"), (MAJOR, PATCH, NONE)),
    (licence("CC0-1.0"), (MINOR, PATCH, NONE)),
    (columns(lambda old: [old[0], old[2], old[1], *old[3:]]), (MAJOR, PATCH, "ADDITION")),
    (more_rows, (MINOR, MINOR, NONE)),
    (cells("score", 99.5, 1), (PATCH, MAJOR, NONE)),
    (gone("grades", 1), (MAJOR, MAJOR, NONE)),
    (both(more_rows, cells("score", 99.5, 1), alter("score", least=-1)), (MINOR, MAJOR, "ADDITION")),
    (text("grades", "x", "y"), (PATCH, PATCH, NONE)),
])  # fmt: skip
def test_the_same_findings_under_other_rules(change: Change, due: tuple[str, str, str]) -> None:
    named = dict(zip(("data_package", "croissant", "schemaver"), due, strict=True))
    assert compat(compare(*pair(change))) == named


def test_of_the_changes_their_shape_counts_and_their_rows_do_not() -> None:
    old, new = pair(nothing)
    changes = Made().add("changes", [column("row_key", key=True), column("kind")], []).content().declared["changes"]
    less = Made().add("changes", [column("row_key", key=True)], []).content().declared["changes"]
    old, new = (c._replace(declared={**c.declared, "changes": d}) for c, d in ((old, changes), (new, less)))
    assert told(compare(old, new)) == [("column-removed", "changes", "", 1)]
    assert compare(old, old._replace(tables={**old.tables, "changes": pa.table({"row_key": ["x"]})})) == []


def test_swapped_values_are_found_cell_by_cell() -> None:
    """A peer shipped two releases in which the values of two columns had changed places in 412 rows, as PATCH."""
    places = [column("place_id", "id", key=True), column("lat", "number"), column("lon", "number")]
    rows = [{"place_id": f"p{n:04}", "lat": 50.0 + n / 1000, "lon": n / 1000} for n in range(2000)]
    old = Made().add("places", places, rows)
    new = copy.deepcopy(old)
    for row in new.rows["places"][500:912]:
        row["lat"], row["lon"] = row["lon"], row["lat"]
    findings = compare(old.content(), new.content())
    assert told(findings) == [
        ("systematic-correction", "places", "", 412),
        ("systematic-correction", "places", "lat", 412),
        ("systematic-correction", "places", "lon", 412),
    ]
    assert findings[1].samples[0] == "p0500: 50.5 -> 0.5"
    assert bump_of(findings) == MINOR


def test_a_table_that_comes_or_goes_is_told_with_its_rows() -> None:
    old, new = pair(lambda made: made.drop("forces"), before=unlinked)
    assert [f.samples for f in (*compare(old, new), *compare(new, old))] == [("10 rows",), ("10 rows",)]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(62.0, "62"), (61.5, "61.5"), (True, "TRUE"), (False, "FALSE"), (7, "7"), (None, "empty"), ("1.0", "1.0")],
)
def test_cells_are_shown_as_csv_has_them(cell: object, shown: str) -> None:
    assert short(cell) == shown


def test_samples_are_few_and_short_and_the_same_whatever_the_order() -> None:
    old, new = pair(cells("note", "x" * 40_000, ROWS))
    (finding,) = compare(old, new)
    assert len(finding.samples) == 5
    assert finding.samples[0] == f"g000: note 0 -> {'x' * 59}…"
    shuffled = new._replace(
        tables={name: table.take(list(range(len(table)))[::-1]) for name, table in new.tables.items()}
    )
    assert compare(old, shuffled) == [finding]


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    order = list(range(len(table)))
    random.Random(seed).shuffle(order)
    return table.take(pa.array(order, pa.int64()))


def rechunked(table: pa.Table, size: int) -> pa.Table:
    return pa.concat_tables([table.slice(start, size) for start in range(0, len(table), size)] or [table])


def through_parquet(table: pa.Table, **settings: Any) -> pa.Table:
    sink = io.BytesIO()
    pq.write_table(table, sink, **settings)
    return pq.read_table(pa.BufferReader(sink.getvalue())).cast(table.schema)


def through_csv(table: pa.Table) -> pa.Table:
    options = pv.ConvertOptions(
        column_types=dict(zip(table.column_names, table.schema.types, strict=True)), null_values=[""],
        strings_can_be_null=True, quoted_strings_can_be_null=False, true_values=["TRUE"], false_values=["FALSE"],
    )  # fmt: skip
    return pv.read_csv(pa.BufferReader(csv_bytes(table)), convert_options=options)


TRIPS: dict[str, Callable[[pa.Table], pa.Table]] = {
    "rows": partial(shuffled, seed=3),
    "chunks of one": partial(rechunked, size=1),
    "chunks": partial(rechunked, size=7),
    "slices": lambda table: pa.concat_tables([table.slice(1), table.slice(0, 1)]),
    "parquet": partial(through_parquet, compression="none", use_dictionary=False, row_group_size=3, version="1.0"),
    "parquet without its schema": partial(through_parquet, compression="gzip", store_schema=False),
    "csv": through_csv,
}


@pytest.mark.parametrize("trip", TRIPS)
def test_the_same_cells_in_another_form_are_the_same(trip: str) -> None:
    old = base().content()
    new = old._replace(tables={name: TRIPS[trip](table) for name, table in old.tables.items()})
    assert compare(old, new) == []
    assert compare(new, old) == []
    assert digests(new) == digests(old)


def digests(content: Content) -> dict[str, str]:
    return {name: digest(table, content.declared[name].key) for name, table in content.tables.items()}


# --- digests

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["", "a", "b", "ab", "\x00", "\x1f", "\x1e", "ä", "|", "None", "1", "1.0"]),
    "int32": st.integers(-3, 3),
    "int64": st.integers(-3, 3),
    "double": st.sampled_from([0.0, -0.0, 1.0, 0.5, float("nan"), float("inf"), float("-inf"), 1e300, -1.0]),
    "bool": st.booleans(),
    "date32[day]": st.dates(),
}


@st.composite
def columns_of_one_type(draw: st.DrawFn) -> tuple[str, list[Any], list[Any]]:
    type_ = draw(st.sampled_from(list(TYPES)))
    cell = st.one_of(st.none(), VALUES[type_])
    size = draw(st.integers(0, 4))
    return type_, *(draw(st.lists(cell, min_size=size, max_size=size)) for _ in range(2))  # type: ignore[return-value]


def plain(values: list[Any]) -> list[Any]:
    """Cells that are equal where they are the same to a reader: one zero, one NaN."""
    return ["nan" if isinstance(v, float) and v != v else v + 0.0 if isinstance(v, float) else v for v in values]


@given(columns_of_one_type())
def test_digests_are_equal_exactly_where_cells_are(drawn: tuple[str, list[Any], list[Any]]) -> None:
    type_, one, two = drawn
    made = [pa.table({"id": pa.array(range(len(v)), pa.int32()), "x": pa.array(v, TYPES[type_])}) for v in (one, two)]
    same = plain(one) == plain(two)
    assert (digest(made[0], ("id",)) == digest(made[1], ("id",))) == same


def test_digests_tell_types_names_and_neighbours_apart() -> None:
    def of(**columns: pa.Array) -> str:
        return digest(pa.table({"id": pa.array(["a", "b"]), **columns}), ("id",))

    tables = [
        of(x=pa.array([1, 2], pa.int32())), of(x=pa.array([1, 2], pa.int64())), of(x=pa.array([1.0, 2.0])),
        of(x=pa.array(["1", "2"])), of(y=pa.array(["1", "2"])), of(x=pa.array(["12", ""])), of(x=pa.array(["", "12"])),
        of(x=pa.array(["12", None])), of(x=pa.array(["1", "2"]), y=pa.array(["3", "4"])),
        of(y=pa.array(["3", "4"]), x=pa.array(["1", "2"])), of(x=pa.array(["1", "3"]), y=pa.array(["2", "4"])),
        of(x=pa.array([False, True])), of(x=pa.array([0, 1], pa.int32())),
    ]  # fmt: skip
    assert len(set(tables)) == len(tables)


def reference(table: pa.Table, key: str) -> str:
    """The digest as its documentation tells it, cell by cell."""
    rows = sorted(table.to_pylist(), key=lambda row: str(row[key]))
    made = hashlib.sha256(json.dumps([[[f.name, str(f.type)] for f in table.schema], len(rows)]).encode())
    for field in table.schema:
        cells = [row[field.name] for row in rows]
        made.update(bytes(cell is not None for cell in cells))
        if field.type == pa.string():
            words = [(cell or "").encode() for cell in cells]
            made.update(b"".join(struct.pack("<q", len(word)) for word in words) + b"".join(words))
        elif field.type == pa.float64():
            made.update(b"".join(struct.pack("<d", (cell or 0.0) + 0.0) for cell in cells))
        else:
            epoch = dt.date(1970, 1, 1)
            numbers = [(cell - epoch).days if isinstance(cell, dt.date) else int(cell or 0) for cell in cells]
            made.update(b"".join(struct.pack("<q", number) for number in numbers))
    return made.hexdigest()


def test_digests_are_for_good_and_are_what_they_are_said_to_be() -> None:
    """Those of published releases must never change: not with a library, not with a machine, not with this code."""
    content = base().content()
    assert digests(content) == {
        "forces": "f0ee85de86d997a61bba9379399c9902deddadf9993251c96369ea963ad0ef7c",
        "grades": "e2f44831212110ce4b3e5a3308c552f646eca2a5f62a7cf19388b4cff6cd2669",
    }
    assert reference(content.tables["forces"], "force_id") == digests(content)["forces"]
    assert reference(shuffled(content.tables["grades"], 1), "grade_id") == digests(content)["grades"]


# --- ways to show findings

HOSTILE = "a|b`c``<img src=x onerror=alert(1)>[x](https://evil.example)\\| @everyone **x** \u202e #1"


def test_findings_are_shown_as_text_markdown_and_json() -> None:
    findings = compare(*pair(both(cells("note", HOSTILE, 1), gone("grades", 9))))
    text_lines = list(FORMATS["text"](findings))
    assert text_lines == [
        "MAJOR  rows-vanished           grades  (1): g009",
        f"PATCH  cells-updated           grades.note  (1): g000: note 0 -> {HOSTILE[:59]}…",
        "bump: MAJOR",
    ]
    markdown = "\n".join(FORMATS["markdown"](findings)).split("\n")
    assert markdown[0] == "**Bump: MAJOR**"
    assert markdown[4].startswith(
        "| MAJOR | rows are gone without a retraction **(data loss)** | `grades` | 1 | `g009` |"
    )
    assert [line.count("|") - line.count("\\|") for line in markdown[2:]] == [6, 6, 6, 6]
    assert '"bump": "MAJOR"' in next(iter(FORMATS["json"](findings)))
