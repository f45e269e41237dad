"""The largest table is put together some rows at a time, and nobody can tell."""

import importlib

import pytest

from jobs.outputs.csv import csv_bytes
from jobs.outputs.parquet import ROWS_PER_GROUP
from jobs.pipeline import check_articles, make_tables
from jobs.sources import read_sources
from tests.cases import EVER, REAL
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
