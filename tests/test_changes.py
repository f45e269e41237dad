"""The table `changes`: with the old release it gives the new one, cell by cell; why, is told where somebody has said so."""

import datetime as dt
from typing import Any

import msgspec
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jobs.describe import arrow_schema
from jobs.releases.cells import digest, keys
from jobs.releases.changes import CELL_TYPES, applied, changes_table, differing_cells
from jobs.releases.compare import compare
from jobs.releases.content import TYPES, Column, Content
from jobs.releases.reasons import NO_REASONS, Reasons, Said
from schemas.vocabulary import CHANGE_KINDS
from tests.releases import Made, arrow, base, column, nothing, pair
from tests.test_compare import TRIPS, both, cells, columns, gone, more_rows, without

Rows = list[dict[str, Any]]


def rows(old: Content, new: Content, reasons: Reasons = NO_REASONS) -> Rows:
    """The changes, each without what is empty."""
    return [{k: v for k, v in row.items() if v is not None} for row in changes_table(old, new, reasons).to_pylist()]


def change(key: str, name: str, kind: str, table: str = "grades", **more: Any) -> dict[str, Any]:
    return {"table_name": table, "row_key": key, "column_name": name, "kind": kind} | more


def test_a_row_for_every_cell_that_differs_typed_and_sorted() -> None:
    old, new = pair(
        both(
            cells("score", 99.5, 1), cells("areas", 7, 1, first=1), cells("seen_on", dt.date(2020, 1, 1), 1, first=2),
            cells("final", True, 1, first=3), cells("grade", "poor", 1, first=4), cells("note", None, 1, first=6),
        )
    )  # fmt: skip
    assert rows(old, new) == [
        change("g000", "score", "corrected", old_number=0.0, new_number=99.5),
        change("g001", "areas", "corrected", old_number=1.0, new_number=7.0),
        change("g002", "seen_on", "corrected", old_date=dt.date(2024, 1, 3), new_date=dt.date(2020, 1, 1)),
        change("g003", "final", "corrected", old_flag=False, new_flag=True),
        change("g004", "grade", "corrected", old_text="adequate", new_text="poor"),
        change("g006", "note", "updated", old_text="note 6"),
    ]


def test_a_new_row_and_one_that_is_gone_have_a_row_for_each_filled_cell() -> None:
    old, new = pair(
        both(more_rows, gone("forces", 3)), before=lambda made: made.alter("grades", "force_id", references="")
    )
    assert rows(old, new) == [
        change("f3", "force_id", "removed", "forces", old_text="f3"),
        change("f3", "name", "removed", "forces", old_text="Force 3"),
        change("new", "force_id", "added", "forces", new_text="new"),
        change("new", "name", "added", "forces", new_text="New"),
    ]


def test_reasons_stand_beside_what_they_are_about() -> None:
    said = {("grades", "score"): {"g000": Said("corrected", "Misread."), "all": Said("corrected", "All of them.")}}
    said |= {("grades", "grade"): {"g001": Said("revised", "On 2024-08-08.")}}
    reasons = Reasons(said, {("grades", "g099"): "Another force."})
    old, new = pair(both(cells("score", 99.5, 2), cells("grade", "poor", 1, first=1), gone("grades", 98, 99)))
    told = [(r["row_key"], r["column_name"], r["kind"], r.get("reason")) for r in rows(old, new, reasons)]
    assert told[:3] == [
        ("g000", "score", "corrected", "Misread."),
        ("g001", "grade", "revised", "On 2024-08-08."),
        ("g001", "score", "corrected", "All of them."),
    ]
    assert {(key, kind, reason) for key, _, kind, reason in told[3:]} == {
        ("g098", "removed", None), ("g099", "retracted", "Another force."),
    }  # fmt: skip


def test_columns_that_come_and_go() -> None:
    old, new = pair(without("note"))
    assert {(r["column_name"], r["kind"]) for r in rows(old, new)} == {("note", "removed")}
    assert {(r["column_name"], r["kind"]) for r in rows(new, old)} == {("note", "added")}
    assert len(rows(old, new)) == len(rows(new, old)) == 50
    empty, more = pair(columns(lambda listed: [*listed, column("x")]))
    assert rows(empty, more) == []


def test_the_article_of_a_row_is_its_own_or_the_first_that_agrees() -> None:
    claim = [
        column("claim_id", "id", key=True),
        column("table"),
        column("fact_id"),
        column("article_id"),
        column("agrees", "flag"),
    ]
    facts = [("c1", "d", False), ("c2", "c", True), ("c3", "b", None)]
    old = base()
    new = base()
    new.add(
        "claims",
        claim,
        [{"claim_id": c, "table": "grades", "fact_id": "g000", "article_id": a, "agrees": g} for c, a, g in facts],
    )
    new.add("articles", [column("article_id", "id", key=True)], [{"article_id": "b"}])
    new.set("grades", "score", 9.5, [0, 1])
    told = {(r["table_name"], r["row_key"]): r.get("article_id") for r in rows(old.content(), new.content())}
    assert told == {
        ("articles", "b"): "b", ("claims", "c1"): "d", ("claims", "c2"): "c", ("claims", "c3"): "b",
        ("grades", "g000"): "b", ("grades", "g001"): None,
    }  # fmt: skip
    gone_again = {r["row_key"]: r.get("article_id") for r in rows(new.content(), old.content())}
    assert gone_again["c1"] is None


def test_nothing_changed_gives_no_rows_of_the_published_shape() -> None:
    table = changes_table(*pair(lambda made: None), NO_REASONS)
    assert (len(table), table.schema) == (0, arrow_schema("changes"))
    assert table.schema.metadata == arrow_schema("changes").metadata


# --- keys of several parts

COMPOSITE = [
    column("a", nullable=False, key=True, unique=False),
    column("b", nullable=False, key=True, unique=False),
    column("x"),
]


def composite(*pairs: tuple[str, str]) -> Made:
    return Made().add("t", COMPOSITE, [{"a": a, "b": b, "x": f"{a}/{b}"} for a, b in pairs])


def test_keys_of_several_parts_never_read_the_same() -> None:
    parts = ["a", "a | b", "b", "b | c", "c", "|", " | ", "\\", "\\|", "a \\", "| b", ""]
    pairs = [(one, two) for one in parts for two in parts]
    named = keys(arrow(COMPOSITE, [{"a": a, "b": b} for a, b in pairs]), ("a", "b")).to_pylist()
    assert len(set(named)) == len(pairs)
    assert named[pairs.index(("a", "b"))] == "a | b"
    assert named[pairs.index(("a | b", "c"))] == "a \\| b | c"


def test_rows_that_once_had_the_same_key_are_told_apart() -> None:
    old, new = composite(("a | b", "c")), composite(("a", "b | c"))
    assert [f.rule for f in compare(old.content(), new.content())] == ["rows-vanished", "rows-added"]


def test_a_single_key_is_written_as_it_is() -> None:
    made = Made().add("t", [column("k", nullable=False, key=True)], [{"k": "a | b \\ c"}])
    assert keys(made.content().tables["t"], ("k",)).to_pylist() == ["a | b \\ c"]


# --- any two releases

TEXTS = st.one_of(
    st.sampled_from(["", "a", "b", " | ", "a | b", "|", "\\", "é", "日本", "\x00", "all", "None"]), st.text(max_size=3)
)
CELLS: dict[str, st.SearchStrategy[Any]] = {
    "string": TEXTS,
    "int32": st.integers(-2, 3),
    "int64": st.integers(-(2**53), 2**53),
    "double": st.one_of(st.sampled_from([0.0, -0.0, 1.0, 1.5, float("nan"), float("inf")]), st.floats(allow_nan=True)),
    "bool": st.booleans(),
    "date32[day]": st.dates(),
}
KEYS = {"string": TEXTS, "int32": st.integers(-2, 3), "bool": st.booleans(), "double": st.sampled_from([0.0, 0.5, 1.0])}
KINDS = {
    "string": "text",
    "int32": "whole",
    "int64": "whole",
    "double": "number",
    "bool": "flag",
    "date32[day]": "date",
}


def some(name: str, type_: str, role: str, key: bool = False) -> Column:
    return column(name, KINDS[type_], type=type_, role=role, key=key, unique=False)


@st.composite
def tables(draw: st.DrawFn, key: list[Column]) -> tuple[list[Column], Rows]:
    """A table with that key: some columns of any types, some rows, each key once."""
    role = st.sampled_from(["fact", "name", "record"])
    names = draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=3))
    others = [some(name, draw(st.sampled_from(list(CELLS))), draw(role)) for name in names]
    row = st.fixed_dictionaries(
        {c.name: KEYS[c.type] for c in key} | {c.name: st.one_of(st.none(), CELLS[c.type]) for c in others}
    )
    found = draw(st.lists(row, max_size=5, unique_by=lambda row: tuple(row[c.name] for c in key)))
    return draw(st.permutations([*key, *others])), found


@st.composite
def two_releases(draw: st.DrawFn) -> tuple[Content, Content]:
    """Two releases whose tables have something in common, or not."""
    old, new = Made(), Made()
    for name in ("t", "u"):
        types = draw(st.lists(st.sampled_from(list(KEYS)), min_size=1, max_size=2))
        key = [some(f"k{n}", type_, "fact", key=True) for n, type_ in enumerate(types)]
        where = draw(st.sampled_from(["both", "both", "both", "old", "new", "other key"]))
        if where != "new":
            old.add(name, *draw(tables(key)))
        if where != "old":
            new.add(name, *draw(tables(key[::-1] if where == "other key" else key)))
            new.keys[name] = tuple(reversed(old.keys[name])) if where == "other key" else tuple(c.name for c in key)
        if name in old.keys and where != "other key":
            old.keys[name] = tuple(c.name for c in key)
    return old.content(), new.content()


def digests(content: Content, made: dict[str, pa.Table] | None = None) -> dict[str, str]:
    return {name: digest((made or content.tables)[name], content.declared[name].key) for name in content.tables}


@settings(deadline=None, max_examples=40)
@given(two_releases())
def test_the_old_release_and_the_changes_give_the_new_one(releases: tuple[Content, Content]) -> None:
    old, new = releases
    changes = changes_table(old, new, NO_REASONS)
    assert digests(new, applied(old, changes, new.declared)) == digests(new)
    named = keys(changes, ("table_name", "row_key", "column_name")).to_pylist()
    assert len(set(named)) == len(named)
    assert set(changes["kind"].to_pylist()) <= set(CHANGE_KINDS)
    sides = [
        [row[f"{side}_{slot}"] for slot in ("text", "number", "date", "flag")]
        for row in changes.to_pylist()
        for side in ("old", "new")
    ]
    assert all(sum(cell is not None for cell in side) <= 1 for side in sides)
    due = [digest(t.select(list(CELL_TYPES)), tuple(CELL_TYPES)[:3]) for t in (changes, differing_cells(old, new))]
    assert due[0] == due[1]
    again = new._replace(tables={name: pa.table(table.to_pydict(), table.schema) for name, table in new.tables.items()})
    assert changes_table(new, new, NO_REASONS).num_rows == changes_table(new, again, NO_REASONS).num_rows == 0


def test_one_table_in_both_releases_is_compared_where_another_key_is_declared() -> None:
    old, _ = pair(nothing)
    forces = msgspec.structs.replace(old.declared["forces"], key=("name",))
    assert differing_cells(old, old).num_rows == 0
    found = differing_cells(old, old._replace(declared={**old.declared, "forces": forces}))
    assert set(found["table_name"].to_pylist()) == {"forces"}
    assert {"f3", "Force 3"} <= set(found["row_key"].to_pylist())


def kept_once(content: Content) -> Content:
    """The same release with each text kept once, in two parts of a table."""
    tables = {}
    for name, table in content.tables.items():
        columns = [c.dictionary_encode() if c.type == pa.string() else c for c in table.columns]
        once = pa.table(columns, names=table.column_names)
        tables[name] = pa.concat_tables([once.slice(3), once.slice(0, 3)])
    return content._replace(tables=tables)


def test_texts_may_be_kept_once_each_in_either_release() -> None:
    old, new = pair(both(more_rows, cells("note", None, 1), cells("grade", "poor", 2, first=4), gone("forces", 3)))
    due = differing_cells(old, new)
    assert len(due) > 4
    for one, other in ((kept_once(old), new), (old, kept_once(new)), (kept_once(old), kept_once(new))):
        assert differing_cells(one, other).equals(due)
    for content in (old, new):
        assert differing_cells(content, kept_once(content)).num_rows == 0
        assert differing_cells(kept_once(content), kept_once(content)).num_rows == 0


@pytest.mark.parametrize(
    "everywhere", [("note", "x"), ("score", float("nan")), ("score", 1e300), ("final", None), ("areas", 77)], ids=str
)
def test_one_cell_of_a_column_whose_rows_are_the_same(everywhere: tuple[str, Any]) -> None:
    name, value = everywhere
    old, new = pair(cells(name, value, 1, first=9))
    for one, other in ((old, new), (kept_once(old), kept_once(new))):
        (row,) = differing_cells(one, other).to_pylist()
        assert (row["row_key"], row["column_name"]) == ("g009", name)


def test_the_cells_of_changes_are_of_the_types_that_are_published() -> None:
    assert {field.name: field.type for field in arrow_schema("changes") if field.name in CELL_TYPES} == CELL_TYPES


@settings(deadline=None, max_examples=40)
@given(two_releases())
def test_every_change_of_a_cell_is_a_finding_and_a_row_of_changes(releases: tuple[Content, Content]) -> None:
    """The two are made of the same cells: neither tells of anything that the other does not know."""
    old, new = releases
    findings = compare(old, new)
    assert compare(old, old) == compare(new, new) == []
    about = {f.table for f in findings if f.rule.startswith(("cells", "rows", "systematic"))}
    shared = {n for n in old.tables.keys() & new.tables.keys() if old.declared[n].columns == new.declared[n].columns}
    assume(all(old.declared[n].key == new.declared[n].key for n in shared))
    told = {row["table_name"] for row in changes_table(old, new, NO_REASONS).to_pylist()}
    assert about & shared == told & shared


CLEAN = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=4).map(
    lambda t: f"x{t}"
)


@settings(deadline=None, max_examples=40)
@given(st.data(), st.sampled_from(sorted(TRIPS)))
def test_another_form_of_the_same_release_is_no_change(data: st.DataObject, trip: str) -> None:
    """Texts as they are published: neither empty nor with what would need a line of their own."""
    key = [some("k", "string", "fact", key=True)]
    listed, found = data.draw(tables(key))
    row = st.fixed_dictionaries({c.name: CLEAN for c in listed if c.type == "string"})
    clean = [r | {k: v for k, v in data.draw(row).items() if k == "k" or r[k] is not None} for r in found]
    assume(len({r["k"] for r in clean}) == len(clean))
    old = Made().add("t", listed, clean).content()
    new = old._replace(tables={"t": TRIPS[trip](old.tables["t"])})
    assert compare(old, new) == []
    assert digests(old) == digests(new)


def test_every_type_has_a_place_in_the_changes() -> None:
    for type_ in TYPES:
        old = Made().add(
            "t", [some("k", "string", "fact", key=True), some("a", type_, "fact")], [{"k": "x", "a": None}]
        )
        new = Made().add(
            "t",
            old.columns["t"],
            [{"k": "x", "a": {"string": "", "bool": False, "date32[day]": dt.date(1, 1, 1)}.get(type_, 0)}],
        )
        assert [row["kind"] for row in rows(old.content(), new.content())] == ["filled"]
