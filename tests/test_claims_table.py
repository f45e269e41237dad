"""The largest table is put together some rows at a time, and nobody can tell."""

import importlib

import numpy as np
import pyarrow as pa
import pytest

from jobs.outputs.csv import csv_bytes
from jobs.outputs.parquet import ROWS_PER_GROUP
from jobs.pipeline import check_articles, make_tables
from jobs.sources import read_sources
from jobs.tables.common import typed
from jobs.tables.pooled import entwined, pooled
from tests.cases import EVER, REAL, head, tables_of
from tests.clients.real import real_tables

CLAIMS = importlib.import_module("jobs.tables.claims")


@pytest.mark.parametrize("rows", [1, 7, 100])
def test_the_pieces_make_the_same_table(rows: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = real_tables()["claims"]
    assert whole["claim_id"].num_chunks == 1
    monkeypatch.setattr(CLAIMS, "ROWS_AT_A_TIME", rows)
    sources, _ = read_sources(REAL)
    tables, problems = make_tables(sources, check_articles(sources, EVER))
    assert problems == []
    assert tables["claims"]["claim_id"].num_chunks == -(-len(whole) // rows)
    assert tables["claims"].equals(whole, check_metadata=True)
    assert csv_bytes(tables["claims"]) == csv_bytes(whole)


def test_a_row_group_is_made_of_one_piece() -> None:
    assert CLAIMS.ROWS_AT_A_TIME % ROWS_PER_GROUP == 0


def test_minus_nothing_is_nothing() -> None:
    """Or rows would be equal of which not all bytes are."""
    numbers = typed(pa.chunked_array([["-0", "-0.0", "0", "-0.5", ""]], pa.large_string()), pa.float64())
    assert [str(number) for number in numbers.to_pylist()] == ["0.0", "0.0", "0.0", "-0.5", "None"]


ARTICLES = ("a", "a-grade", "a-grade-powers", "a-d", "a-z", "a0", "b", "b-2")


def test_articles_of_which_one_begins_as_another_are_entwined() -> None:
    assert entwined(ARTICLES) == {*ARTICLES} - {"a0"}
    assert entwined(["a", "ab", "b"]) == entwined([]) == set()


def test_claims_are_sorted_as_their_ids_are_texts() -> None:
    grades = "grades:\n  - area: powers\n    grade: outstanding\n"
    counts = "counts:\n  - grades:\n      outstanding: 1\n"
    articles = {name: head(name) + grades + counts for name in ARTICLES}
    ids = [row["claim_id"] for row in tables_of(articles)["claims"]]
    assert len(ids) == 2 * len(ARTICLES)
    assert ids == sorted(ids)


def test_pooled_columns_are_taken_and_ranked_as_one() -> None:
    repeated = pa.array(["b", "c", "b"], pa.large_string()).dictionary_encode()
    column = pooled([repeated, pa.chunked_array([["c", "a"]], pa.large_string())])
    every = np.arange(5)
    assert column.taken(every).to_pylist() == ["b", "c", "b", "c", "a"]
    assert np.argsort(column.ranks(), kind="stable").tolist() == [4, 0, 2, 1, 3]
    assert pooled([pa.array([3, 1]), pa.array([2])]).taken(every[:3]).to_pylist() == [3, 1, 2]
