"""Columns by their different values: whatever is worked out of values is worked out of each row."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import coded
from jobs.coded import (
    TEXT,
    Column,
    coded_texts,
    column_of,
    combined,
    different,
    different_per,
    encoded,
    equal_to,
    hyphenated,
    mapped,
    occurring,
    or_else,
    placed,
    plain,
    plain_column,
)

ROWS = st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * 3), max_size=8)


def columns(rows: list[tuple[str, str, str]]) -> list[Column[str]]:
    return [coded_texts([row[place] for row in rows]) for place in range(3)]


@pytest.mark.parametrize("most", [1, 2**62])
@given(rows=ROWS)
def test_a_combination_has_one_number_and_the_first_of_its_rows(most: int, rows: list[tuple[str, str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded, "_MOST", most)
        numbers, first = combined(columns(rows))
    assert [rows[first[number]] for number in numbers] == rows
    assert [rows.index(rows[row]) for row in first] == first.tolist()
    assert len(set(rows)) == len(first)


@given(ROWS)
def test_what_is_made_of_values_is_made_of_each_row(rows: list[tuple[str, str, str]]) -> None:
    one, two, three = columns(rows)
    assert mapped(lambda *cells: cells, one, two, three).cells() == rows
    assert or_else(one, two).cells() == [row[0] or row[1] for row in rows]
    assert hyphenated(one, two, three).to_pylist() == ["-".join(filter(None, row)) for row in rows]
    assert one.map(len).cells() == [len(row[0]) for row in rows]
    assert one.mask().tolist() == [bool(row[0]) for row in rows]
    assert one.tells == any(row[0] for row in rows) or one.size > 1
    assert [one.value(row) for row in range(len(rows))] == one.cells() == one.array().to_pylist()
    assert one.coded().to_pylist() == one.cells()


def test_equal_values_become_one() -> None:
    column = column_of(np.array([0, 1, 2, 1]), ["a", "b", "a"])
    assert (column.values, column.numbers.tolist()) == (["a", "b"], [0, 1, 0, 1])
    assert column.among([0]).tolist() == [True, False, True, False]
    assert column.take(np.array([1])).array().equals(pa.array(["b"], pa.large_string()))


def dictionary(places: list[int | None], *texts: str | None) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(places, pa.int32()), pa.array(texts, TEXT))


APART = pa.chunked_array([dictionary([1, 0, 1], "b", "a", "unused"), dictionary([0, 2], "c", "", "b")[1:]])
"""Texts in two pieces, each with a dictionary of its own; of the second a row is cut off."""


def test_pieces_with_dictionaries_of_their_own_become_one() -> None:
    whole = encoded(APART)
    assert whole.to_pylist() == APART.to_pylist() == ["a", "b", "a", "b"]
    assert len(set(whole.dictionary.to_pylist())) == len(whole.dictionary)
    assert encoded(whole) is whole
    assert encoded(pa.array(["x", "", "x"], TEXT)).dictionary.to_pylist() == ["x", ""]


@pytest.mark.parametrize("column", [APART, APART.chunk(1), APART.cast(TEXT)], ids=["pieces", "cut", "texts"])
@pytest.mark.parametrize("text", ["a", "b", "", "unused", "nowhere"])
def test_texts_are_compared_with_one(column: pa.ChunkedArray, text: str) -> None:
    assert equal_to(column, text).to_pylist() == [cell == text for cell in column.to_pylist()]


def test_a_place_without_a_value_is_null() -> None:
    texts = pa.array(["a", None, "b"], TEXT)
    column = placed(texts, pa.array([2, 1, None, 0], pa.int32()))
    assert column.is_null().to_pylist() == [False, True, True, False]
    assert column.to_pylist() == plain_column(column).to_pylist() == ["b", None, None, "a"]


SHARED = dictionary([2, None, 0, 2, 3], "b", "unused", "a", "b")
"""Texts of which one stands in the dictionary twice and one in no row."""


@pytest.mark.parametrize(
    ("column", "due"),
    [
        (pa.chunked_array([SHARED]), ["a", None, "b", "b"]),
        (pa.chunked_array([SHARED[:2], SHARED[3:], SHARED[4:]]), ["a", None, "b"]),
        (pa.chunked_array([SHARED[:0]]), []),
        (pa.chunked_array([], SHARED.type), []),
        (APART, ["a", "b"]),
        (pa.chunked_array([SHARED[2:4], dictionary([0, 1], "c", "a")]), ["b", "a", "c"]),
        (pa.chunked_array([["x", None], ["x", "y"]], TEXT), ["x", None, "y"]),
        (pa.chunked_array([[2, 1], [2]]), [2, 1]),
    ],
)
def test_the_values_that_occur_are_those_of_the_rows(column: pa.ChunkedArray, due: list[object]) -> None:
    found = occurring(column)
    assert found.to_pylist() == due
    assert found.type == plain_column(column).type


def test_a_table_without_dictionaries_says_the_same_whatever_is_wrong_in_it() -> None:
    fields = [pa.field("text", APART.type, nullable=False, metadata={"kind": "id"}), pa.field("number", pa.int32())]
    wrong = pa.chunked_array([dictionary([0, None, 1], "b", None), dictionary([0], "c")])
    for column in (APART, wrong):
        table = pa.Table.from_arrays(
            [column, pa.array(range(4), pa.int32())], schema=pa.schema(fields, {"key": "text"})
        )
        made = plain(table)
        assert made.to_pylist() == table.to_pylist()
        assert made.schema == pa.schema([fields[0].with_type(TEXT), fields[1]], {"key": "text"})
        assert made.schema.metadata == table.schema.metadata
        assert made.schema.field("text").metadata == {b"kind": b"id"}
        assert plain(made) == made


@given(st.lists(st.integers(-5, 2**40), max_size=12))
def test_each_different_number_comes_once(numbers: list[int]) -> None:
    assert different(np.array(numbers, np.int64)).tolist() == sorted(set(numbers))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12))
def test_different_values_are_counted_per_group(rows: list[tuple[int, int]]) -> None:
    groups, values = (np.array([row[place] for row in rows], np.int64) for place in range(2))
    due = [len({value for group, value in rows if group == number}) for number in range(5)]
    assert different_per(groups, values, 5).tolist() == due
