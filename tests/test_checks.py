"""Each different value is looked at once; what is found must be what a look at every row finds."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jobs import at_once, checks
from jobs.checks import Breach, check_tables
from schemas.tables import TABLES
from tests.clients.real import real_tables

WRONG: dict[pa.DataType, list[Any]] = {
    pa.string(): [None, "No Code", " =1", ""],
    pa.int32(): [None, -7],
    pa.float64(): [None],
    pa.bool_(): [None],
    pa.date32(): [None],
}


def found(tables: dict[str, pa.Table], name: str, many: int, monkeypatch: pytest.MonkeyPatch) -> list[Breach]:
    monkeypatch.setattr(at_once, "MANY", many)
    monkeypatch.setattr(at_once, "LOOK", 16)
    return check_tables(tables, [name])


def looked(tables: dict[str, pa.Table], name: str, monkeypatch: pytest.MonkeyPatch) -> list[Breach]:
    """What is found by a look at every row."""
    with monkeypatch.context() as patch:
        patch.setattr(checks, "holding", lambda tables, threads: frozenset())
        return check_tables(tables, [name])


def hold(**tables: pa.Table) -> set[str]:
    with ThreadPoolExecutor(2) as threads:
        return set(at_once.holding(tables, threads))


def with_value(table: pa.Table, name: str, row: int, value: Any) -> pa.Table:
    index = table.schema.get_field_index(name)
    rows = pc.equal(pa.array(range(len(table))), row)
    return table.set_column(
        index, table.field(index), pc.if_else(rows, pa.scalar(value, table[name].type), table[name])
    )


@pytest.mark.parametrize("name", ["claims", "articles", "grade_counts", "scales"])
def test_what_is_wrong_in_a_value_is_found_either_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(real_tables())
    table = tables[name]
    for column in table.column_names:
        for value in [*WRONG[table[column].type], table[column][0].as_py()]:
            tables[name] = with_value(table, column, len(table) - 1, value)
            due = looked(tables, name, monkeypatch)
            assert [found(tables, name, many, monkeypatch) for many in (0, len(table))] == [due, due]


def own_dictionaries(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([chunk.dictionary_encode() for chunk in column.chunks])


@pytest.mark.parametrize("name", ["claims", "statements", "grade_counts"])
def test_what_is_wrong_in_a_dictionary_is_found_as_in_texts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(real_tables())
    table = tables[name]
    for column in (field.name for field in table.schema if field.type == pa.string()):
        wrong = with_value(table, column, 1, "No Code ")
        places = wrong.schema.get_field_index(column)
        whole, apart = wrong[column].combine_chunks(), pa.chunked_array([wrong[column][:1], wrong[column][1:]])
        codes = whole.dictionary_encode()
        tables[name] = wrong
        due = looked(tables, name, monkeypatch)
        for coded in (pa.chunked_array([codes]), pa.chunked_array([codes[:1], codes[1:]]), own_dictionaries(apart)):
            tables[name] = wrong.set_column(places, wrong.field(places).with_type(coded.type), coded)
            assert [found(tables, name, many, monkeypatch) for many in (0, len(table))] == [due, due]
        assert any(breach.row == 1 and breach.column == column for breach in due)


@pytest.mark.parametrize("many", [0, 10, 10_000])
def test_sound_tables_are_known_without_a_look_at_every_row(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "MANY", many)
    unknown = {"scales"} if many == 0 else set()  # of keys of several columns few are compared
    assert hold(**real_tables()) == set(TABLES) - unknown


def test_a_value_in_doubt_lets_its_table_be_looked_at() -> None:
    tables = real_tables()
    assert hold(**tables | {"people": with_value(tables["people"], "person", 0, "=1")}) == set(TABLES) - {"people"}
    assert hold(**tables | {"people": with_value(tables["people"], "person_id", 0, None)}) == set(TABLES) - {"people"}


@pytest.mark.parametrize("many", [0, 10_000])
def test_keys_in_another_order_are_keys_and_come_once(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(at_once, "MANY", many)
    tables = dict(real_tables())
    table = tables["grades"] = tables["grades"].take(list(range(len(tables["grades"])))[::-1])
    assert hold(grades=table) == {"grades"}
    assert found(tables, "grades", many, monkeypatch) == []
    tables["grades"] = pa.concat_tables([table, table[:1]])
    assert hold(grades=tables["grades"]) == set()
    assert {breach.row for breach in found(tables, "grades", many, monkeypatch)} == {0, len(table)}


def test_columns_are_those_of_the_schema_in_their_order() -> None:
    for name, table in real_tables().items():
        first, *others = table.column_names
        assert hold(**{name: table.drop_columns(others[-1:])}) == set()
        assert hold(**{name: table.select([*others, first])}) == set()
        assert hold(**{name: table.append_column("more", table[first])}) == set()
        assert hold(**{name: table.set_column(0, first, table[first].cast(pa.large_string()))}) == set()
        assert hold(**{name: table[:0]}) == {name}


@pytest.mark.parametrize("many", [0, 10, 10_000])
def test_the_schema_is_what_is_asked(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every value of every column goes through pandera, beside nothing that is checked in another way."""
    asked: dict[Any, set[Any]] = {}
    schema = type(TABLES["claims"].to_schema())
    validate = schema.validate

    def how(column: Any) -> Any:
        return str(column.dtype), column.nullable, column.coerce, repr(column.checks)

    def counting(self: Any, frame: Any, **options: Any) -> Any:
        for name, column in self.columns.items():
            asked.setdefault(how(column), set()).update(frame[name].drop_duplicates().to_list())
        return validate(self, frame, **options)

    monkeypatch.setattr(schema, "validate", counting)
    monkeypatch.setattr(at_once, "MANY", many)
    hold(**real_tables())
    for name, table in real_tables().items():
        for column, checked in TABLES[name].to_schema().columns.items():
            values = set(pc.unique(table[column].drop_null()).to_pylist())
            assert values <= asked.get(how(checked), set()) or (name, many) in {("scales", 0)}, (name, column)


def test_an_address_that_comes_again_is_found_though_few_differ_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = real_tables()
    again = tables["articles"]["url"].to_pylist()
    again[:64] = again[:1] * 64
    index = tables["articles"].schema.get_field_index("url")
    column = pa.array(again, pa.string())
    tables |= {"articles": tables["articles"].set_column(index, tables["articles"].field(index), column)}
    breaches = found(tables, "articles", 0, monkeypatch)
    assert {(breach.column, breach.row) for breach in breaches} >= {("url", row) for row in range(1, 64)}
