"""In large tables texts that come again stay dictionaries until they are written, and nobody can tell."""

import importlib
from pathlib import Path

import pyarrow as pa
import pytest

from jobs.__main__ import main
from jobs.across import tabulated
from jobs.coded import plain_tables
from jobs.outputs import Edition, render
from jobs.pipeline import check_articles, render_tables, weigh_claims
from jobs.sources import read_sources
from tests.cases import EVER, REAL
from tests.clients.real import real_tables

POOLED, TABLES = importlib.import_module("jobs.tables.pooled"), importlib.import_module("jobs.tables")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every table is a large one."""
    monkeypatch.setattr(TABLES, "LARGE", 0)


def coded_tables() -> dict[str, pa.Table]:
    sources, _ = read_sources(REAL)
    facts, _ = weigh_claims(sources, check_articles(sources, EVER))
    tables, faults = tabulated(sources.articles, sources.codelists, facts)
    assert faults() == []
    return tables


def coded(tables: dict[str, pa.Table]) -> dict[str, list[str]]:
    """The columns that are dictionaries."""
    return {n: [f.name for f in table.schema if pa.types.is_dictionary(f.type)] for n, table in tables.items()}


@pytest.mark.usefixtures("large")
def test_tables_and_files_are_the_same() -> None:
    tables = coded_tables()
    columns = coded(tables)
    assert {"fact_id", "article_id", "origin_id", "table"} <= set(columns["claims"])
    assert {"force", "inspection_id", "summary"} <= set(columns["statements"])
    assert not {"claim_id", "statement_id"} & {*columns["claims"], *columns["statements"]}
    assert all(table.equals(real_tables()[name], check_metadata=True) for name, table in plain_tables(tables).items())
    made, due = ({n: b"".join(parts) for n, parts in render_tables(each)} for each in (tables, real_tables()))
    assert made == due


def test_small_tables_have_no_dictionaries() -> None:
    assert not any(coded(coded_tables()).values())


@pytest.mark.usefixtures("large")
def test_texts_too_many_for_one_array_are_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(POOLED, "MOST_BYTES", 0)
    tables = coded_tables()
    assert coded(tables)["claims"] == ["table", "basis"]
    assert plain_tables(tables)["claims"].equals(real_tables()["claims"], check_metadata=True)


@pytest.mark.usefixtures("large")
def test_other_formats_know_nothing_of_it() -> None:
    wanted = ("sqlite", "jsonld", "csv")
    made, due = ({n: b"".join(p) for n, p in render(Edition(each), wanted)} for each in (coded_tables(), real_tables()))
    assert made == due


def test_a_build_and_one_that_follows_it_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its partitions and with what is kept of it."""

    def built(name: str, cache: Path | str) -> dict[str, bytes]:
        monkeypatch.setenv("OPENPEEL_CACHE", str(cache))
        out, parts = tmp_path / name, tmp_path / f"{name} parts"
        where = ["--sources", str(REAL), "--out", str(out), "--partitions", str(parts)]
        assert main(["build", *where, "--quiet"]) == 0
        return {str(p.relative_to(tmp_path / name)): p.read_bytes() for p in out.rglob("*.*")} | {
            str(p.relative_to(parts)): p.read_bytes() for p in parts.rglob("*.parquet")
        }

    due = built("small", "")
    monkeypatch.setattr(TABLES, "LARGE", 0)
    assert built("large", "") == built("kept", tmp_path / "cache") == built("again", tmp_path / "cache") == due
