"""Real clients read the published files back: what they hold is what the build made, value by value and null by null."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from jobs.outputs.csv import csv_bytes
from jobs.outputs.parquet import parquet_bytes
from jobs.scalars import check_number, check_slug, check_text
from schemas.tables import TABLES
from tests.clients import CLIENTS, Client, differences, nasty
from tests.clients.real import real_tables


@pytest.fixture(params=CLIENTS)
def client(request: pytest.FixtureRequest) -> Client:
    client = CLIENTS[request.param]
    if client.missing():
        pytest.skip(client.missing())
    return client


def lost(client: Client, tables: Mapping[str, pa.Table], folder: Path) -> list[str]:
    """What is not as it was after the tables were written and the client has read them."""
    for name, table in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(table))
        (folder / f"{name}.parquet").write_bytes(parquet_bytes(table))
    held = client.read(folder, list(tables))
    return [f"{name}.{line}" for name, table in tables.items() for line in differences(client, table, held[name])]


def test_a_client_holds_every_cell_of_the_real_tables(client: Client, tmp_path: Path) -> None:
    assert set(real_tables()) == set(TABLES)
    assert lost(client, real_tables(), tmp_path) == []


def test_a_client_holds_every_cell_of_tables_that_would_trip_up_a_careless_one(client: Client, tmp_path: Path) -> None:
    assert lost(client, nasty.tables(), tmp_path) == []


def test_what_a_client_takes_for_something_else_is_refused_by_the_rules(client: Client, tmp_path: Path) -> None:
    """So a new text in `nasty.TEMPTING` that fails here asks for a stricter rule, not for another writer."""
    assert lost(client, nasty.tempting(), tmp_path) == []


def test_the_tables_that_trip_up_obey_the_rules() -> None:
    assert [text for text in nasty.TEXTS if check_text(text)] == []
    assert [text for text in nasty.IDS if check_slug(text)] == []
    assert max(map(len, nasty.TEXTS)) == 2000
    assert [number for number in nasty.NUMBERS if check_number(f"{Decimal(repr(number)):f}".removesuffix(".0"))] == []


def test_a_difference_in_value_type_or_null_is_found() -> None:
    """The comparison itself: it must see what clients do to careless files."""
    table = pa.table({"a": ["91.8%", None], "b": [1.5, None], "c": [True, False], "d": ["7", "x"]})
    exact, coarse = Client(str, lambda folder, names: {}), Client(str, lambda folder, names: {}, digits=15)
    same: dict[str, list[object]] = {"a": ["91.8%", None], "b": [1.5, None], "c": [True, False], "d": ["7", "x"]}
    assert differences(exact, table, same) == []
    assert differences(coarse, table, same | {"b": [1.5000000000000002, None]}) == []
    assert differences(exact, table, same | {"a": [0.918, None]}) == ["a[0]: '91.8%' is 0.918"]
    assert differences(exact, table, same | {"a": ["91.8%", ""]}) == ["a[1]: None is ''"]
    assert differences(exact, table, same | {"b": [1.5, 0.0]}) == ["b[1]: None is 0.0"]
    assert differences(exact, table, same | {"b": [1.5000000000000002, None]}) == ["b[0]: 1.5 is 1.5000000000000002"]
    assert differences(exact, table, same | {"c": [1, 0]}) == ["c[0]: True is 1", "c[1]: False is 0"]
    assert differences(exact, table, same | {"d": [7, "x"]}) == ["d[0]: '7' is 7"]
    assert differences(exact, table, same | {"d": ["7"]}) == ["d: 1 rows, not 2"]
    assert differences(exact, table, {"a": ["91.8%", None]}) == ["columns ['a']"]
