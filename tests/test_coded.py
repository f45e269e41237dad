"""Columns by their different values: whatever is worked out of values is worked out of each row."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs import coded
from jobs.coded import Column, coded_texts, column_of, combined, hyphenated, mapped, or_else

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


def test_equal_values_become_one() -> None:
    column = column_of(np.array([0, 1, 2, 1]), ["a", "b", "a"])
    assert (column.values, column.numbers.tolist()) == (["a", "b"], [0, 1, 0, 1])
    assert column.among([0]).tolist() == [True, False, True, False]
    assert column.take(np.array([1])).array().equals(pa.array(["b"], pa.large_string()))
