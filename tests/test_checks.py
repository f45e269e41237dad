"""Large tables are asked of each different value once; what is found must be what a look at every row finds."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from jobs import checks
from jobs.checks import Breach, check_tables
from jobs.describe import describe
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
    monkeypatch.setattr(checks, "_MANY", many)
    monkeypatch.setattr(checks, "_LOOK", 16)
    return check_tables(tables, [name])


def with_value(table: pa.Table, name: str, row: int, value: Any) -> pa.Table:
    index = table.schema.get_field_index(name)
    rows = pc.equal(pa.array(range(len(table))), row)
    return table.set_column(
        index, table.field(index), pc.if_else(rows, pa.scalar(value, table[name].type), table[name])
    )


@pytest.mark.parametrize("name", ["claims", "articles", "grade_counts"])
def test_what_is_wrong_in_a_value_is_found_either_way(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(real_tables())
    table = tables[name]
    for column in table.column_names:
        for value in [*WRONG[table[column].type], table[column][0].as_py()]:
            tables[name] = with_value(table, column, len(table) - 1, value)
            assert found(tables, name, 0, monkeypatch) == found(tables, name, len(table), monkeypatch)


@pytest.mark.parametrize("name", ["claims", "statements", "grade_counts"])
def test_what_is_wrong_in_a_dictionary_is_found_as_in_texts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = dict(real_tables())
    table = tables[name]
    for column in (field.name for field in table.schema if field.type == pa.string()):
        wrong = with_value(table, column, 1, "No Code ")
        places = wrong.schema.get_field_index(column)
        codes = wrong[column].dictionary_encode()
        tables[name] = wrong
        due = found(tables, name, 0, monkeypatch)
        tables[name] = wrong.set_column(places, wrong.field(places).with_type(codes.type), codes)
        assert [found(tables, name, many, monkeypatch) for many in (0, len(table))] == [due, due]
        assert any(breach.row == 1 and breach.column == column for breach in due)


@pytest.mark.parametrize("name", TABLES)
def test_sound_tables_are_known_without_a_look_at_every_row(name: str) -> None:
    table = real_tables()[name]
    if len(table):
        assert checks._is_sound(name, table) == (len(describe(name).key) == 1 and name != "metrics")


def test_rows_that_are_not_in_order_are_looked_at_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """So are columns that are not those of the schema."""
    tables = dict(real_tables())
    table = tables["grades"] = tables["grades"].take(list(range(len(tables["grades"])))[::-1])
    assert not checks._is_sound("grades", table)
    assert found(tables, "grades", 0, monkeypatch) == []
    tables["grades"] = pa.concat_tables([table, table[:1]])
    assert {breach.row for breach in found(tables, "grades", 0, monkeypatch)} == {0, len(table)}
    assert not checks._is_sound("grades", table.drop_columns(["evidence_url"]))


def test_the_schema_is_what_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every column of a large table goes through pandera."""
    asked: list[str] = []
    schema = type(TABLES["claims"].to_schema())
    validate = schema.validate

    def counting(self: Any, frame: Any, **options: Any) -> Any:
        asked.extend(frame.columns)
        return validate(self, frame, **options)

    monkeypatch.setattr(schema, "validate", counting)
    assert checks._is_sound("claims", real_tables()["claims"])
    assert sorted(asked) == sorted(TABLES["claims"].to_schema().columns)


def test_an_address_that_comes_again_is_found_though_few_differ_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = real_tables()
    again = tables["articles"]["url"].to_pylist()
    again[:64] = again[:1] * 64
    index = tables["articles"].schema.get_field_index("url")
    column = pa.array(again, pa.string())
    tables |= {"articles": tables["articles"].set_column(index, tables["articles"].field(index), column)}
    breaches = found(tables, "articles", 0, monkeypatch)
    assert {(breach.column, breach.row) for breach in breaches} >= {("url", row) for row in range(1, 64)}
