"""Releases that others made, and plain tables: compared by the same rules, without a word of ours in them."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.releases.compare import compare
from jobs.releases.plain import release_of
from jobs.releases.rules import MAJOR, MINOR, NONE, PATCH
from jobs.releases.version import bump_of
from tests.releases import ran, told

N = 2000
AIRPORTS = pa.table({
    "iata": [f"a{n:04}" for n in range(N)],
    "year": pa.array([2000 + n % 3 for n in range(N)], pa.int16()),
    "name": pa.array([f"Airport {n % 7}" for n in range(N)]).dictionary_encode(),
    "latitude": [n / 40 for n in range(N)],
    "longitude": [-n / 20 for n in range(N)],
})  # fmt: skip
CARS = pa.table({"model": ["x", "y", "x"], "year": [1970, 1970, 1971], "speed": pa.array([9.5, 8, 7], pa.float32())})
KEYS = {"airports": ["iata"], "cars": ["model", "year"]}
TABLES = {"airports": AIRPORTS, "cars": CARS}


def bump(tables: dict[str, pa.Table], keys: dict[str, list[str]] = KEYS) -> str:
    """The bump from the tables above to others."""
    return bump_of(compare(release_of(TABLES, KEYS), release_of(tables, keys)))


def test_two_sets_of_tables_are_compared_in_three_lines() -> None:
    old, new = release_of(TABLES, KEYS), release_of({**TABLES, "cars": CARS.slice(0, 2)}, KEYS)
    findings = compare(old, new)
    assert (told(findings), bump_of(findings)) == ([("rows-vanished", "cars", "", 1)], MAJOR)
    assert findings[0].samples == ("x | 1971",)


def replaced(name: str, cells: list[Any]) -> pa.Table:
    """The airports with other cells in a column."""
    return AIRPORTS.set_column(AIRPORTS.column_names.index(name), name, pa.chunked_array([cells]))


def cell(name: str, *rows: int) -> pa.Table:
    """The airports with some numbers changed."""
    return replaced(name, [v + 100 if n in rows else v for n, v in enumerate(AIRPORTS[name].to_pylist())])


def swapped(rows: range) -> pa.Table:
    """The airports with latitude and longitude exchanged in some rows."""
    one, other = (AIRPORTS[name].to_pylist() for name in ("latitude", "longitude"))
    pairs = [(b, a) if n in rows else (a, b) for n, (a, b) in enumerate(zip(one, other, strict=True))]
    return replaced("latitude", [a for a, _ in pairs]).set_column(4, "longitude", [[b for _, b in pairs]])


more = pa.concat_tables([AIRPORTS, AIRPORTS.slice(0, 1).set_column(0, "iata", [["zzzz"]])])
REPLAYED: dict[str, tuple[dict[str, pa.Table], str]] = {
    # what a widely used publisher got wrong
    "columns in another order": ({"airports": AIRPORTS.select([0, 1, 2, 4, 3])}, MAJOR),
    "a table less, a column more": ({"cars": pa.table({}), "airports": AIRPORTS.append_column("x", [[1] * N])}, MAJOR),
    "a row less and a row more": ({"airports": more.slice(1)}, MAJOR),
    "half the rows": ({"airports": AIRPORTS.slice(N // 2)}, MAJOR),
    "a column never empty any more": ({"airports": AIRPORTS.cast(AIRPORTS.schema.set(3, pa.field("latitude", pa.float64(), nullable=False)))}, PATCH),
    "two columns' values exchanged": ({"airports": swapped(range(500, 912))}, MINOR),
    "no row changed": ({}, NONE),
    # and the rest
    "rows in another order": ({"airports": AIRPORTS.take(list(range(N))[::-1])}, NONE),
    "the same cells, kept otherwise": ({"airports": AIRPORTS.cast(pa.schema([("iata", pa.large_string()), ("year", pa.int64()), ("name", pa.string()), ("latitude", pa.float64()), ("longitude", pa.float64())]))}, NONE),
    "a row more": ({"airports": more}, MINOR),
    "a column more": ({"airports": AIRPORTS.append_column("x", pa.nulls(N, pa.string()))}, MINOR),
    "a column less": ({"airports": AIRPORTS.drop_columns(["name"])}, MAJOR),
    "a table more": ({"x": CARS}, MINOR),
    "one cell": ({"airports": cell("latitude", 7)}, PATCH),
    "a twentieth of the rows": ({"airports": cell("latitude", *range(100))}, MINOR),
    "numbers as texts": ({"airports": replaced("year", list(map(str, AIRPORTS["year"].to_pylist())))}, MAJOR),
}  # fmt: skip


@pytest.mark.parametrize("case", REPLAYED)
def test_the_releases_of_others_are_judged_by_the_same_rules(case: str) -> None:
    tables, due = REPLAYED[case]
    kept = {name: table for name, table in {**TABLES, **tables}.items() if table.num_columns}
    assert bump(kept, {**KEYS, "x": ["model", "year"]}) == due


def test_another_key_breaks() -> None:
    assert bump(TABLES, {**KEYS, "airports": ["iata", "year"]}) == MAJOR


def test_what_tables_do_not_say_can_be_declared() -> None:
    units: list[Any] = [{"cars": {"speed": {"unit": unit, "values": {}}}} for unit in ("mph", "km/h")]
    one, two = (release_of(TABLES, KEYS, about=about) for about in units)
    assert told(compare(one, two)) == [("unit-changed", "cars", "speed", 1)]


CELLS: list[Any] = [
    pa.array([1, 2], pa.uint64()), pa.array([2**64 - 1, 0], pa.uint64()), pa.array([1.5, None], pa.float16()),
    pa.array([Decimal("1.50"), None]), pa.array([dt.datetime(2024, 1, 1), None]), pa.array([dt.time(1), None]),
    pa.array([dt.date(2024, 1, 1), None], pa.date64()), pa.array([b"\xff", None]), pa.array([[1, 2], None]),
    pa.array([{"a": 1}, None]), pa.array([None, None]), pa.array([True, None]), pa.array(["a", None]).dictionary_encode(),
    pa.array([dt.timedelta(1), None]), pa.array(["a", None], pa.string_view()),
]  # fmt: skip


def like(cells: pa.Array, row: int) -> pa.Array:
    """Two cells that are equal to one of two."""
    return pa.array([cells[row].as_py()] * 2, cells.type)


@pytest.mark.parametrize("cells", CELLS, ids=lambda cells: str(cells.type))
def test_cells_of_any_type_are_compared(cells: pa.Array) -> None:
    made = [pa.table({"id": [1, 2], "x": part}) for part in (cells, like(cells, 0), like(cells, 1))]
    same, first, second = (release_of({"t": table}, {"t": ["id"]}) for table in made)
    assert compare(same, same) == []
    assert bool(compare(first, second)) == (cells.null_count < 2)


@pytest.mark.parametrize(("keys", "words"), [
    ({"cars": ["year"]}, "cars: the key year is empty in a row, or repeats"),
    ({"cars": ["x"]}, "cars has no column x, which its key names"),
    ({}, "cars: no key is given that tells its rows apart"),
])  # fmt: skip
def test_a_key_that_is_none_is_told(keys: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        release_of({"cars": CARS}, keys)


# --- folders


CITIES = "city,code,lat,pop,seen,\nRome,012,41.9,5,2024-01-01,x\nOslo,013,59.9,,2024-01-02,y\nLima,014,-12,7,,z\n"


def folder(at: Path, **files: str | bytes | pa.Table) -> Path:
    """A folder of files: their names with `_` for the dot."""
    at.mkdir()
    for name, content in files.items():
        path = at / ".".join(name.rsplit("_", 1))
        if isinstance(content, pa.Table):
            pq.write_table(content, path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return at


def differing(tmp_path: Path, new: str, *options: str) -> tuple[list[list[str]], str]:
    """What is told of the cities and others: rule, where and number of each line; and what is said besides."""
    old_folder, new_folder = folder(tmp_path / "old", cities_csv=CITIES), folder(tmp_path / "new", cities_csv=new)
    status, out, err = ran("diff", old_folder, new_folder, *options)
    assert status == 0, err
    return [line.split()[1:4] for line in out.splitlines()], err


@pytest.mark.parametrize(("new", "due"), [
    (CITIES, []),
    (CITIES.replace("\n", "\r\n").replace("Rome", '"Rome"'), []),
    (CITIES.replace("-12,", "-12.0,"), []),
    (CITIES.replace(",5,", ",5.5,"), [["systematic-correction", "cities", "(1):"], ["systematic-correction", "cities.pop", "(1):"]]),
    (CITIES.replace("012", "12"), [["systematic-correction", "cities", "(1):"], ["systematic-correction", "cities.code", "(1):"]]),
    (CITIES.replace(",5,", ",many,"), [["type-changed", "cities.pop", "(1):"]]),
    (CITIES.replace("city,code", "code,city").replace("Rome,012", "012,Rome").replace("Oslo,013", "013,Oslo").replace("Lima,014", "014,Lima"), [["column-moved", "cities", "(2):"]]),
    (CITIES.replace("Lima,014,-12,7,,z\n", ""), [["rows-vanished", "cities", "(1):"]]),
])  # fmt: skip
def test_csv_files_of_others_are_compared_by_their_cells(tmp_path: Path, new: str, due: list[list[str]]) -> None:
    found, said = differing(tmp_path, new)
    assert found[:-1] == due
    assert said == "cities declares no key; its rows are told apart by city\n"


def test_a_key_can_be_named(tmp_path: Path) -> None:
    found, said = differing(tmp_path, CITIES.replace("Rome", "Roma"), "--key", "cities=code")
    assert (found[-2][1], said) == ("cities.city", "")


def test_rows_without_a_key_are_told_apart_by_their_cells(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", t_csv="a,b\n1,x\n1,x\n2,\n")
    new = folder(tmp_path / "new", t_csv="a,b,c\n2,,\n1,x,\n3,y,\n")
    status, out, err = ran("diff", old, new)
    assert (status, err) == (0, "t declares no key; its rows are told apart by all of their cells\n")
    assert out.splitlines() == [
        "MAJOR  rows-vanished           t  (1): 1 | x (2)",
        "MINOR  column-added            t  (1): c",
        "MINOR  rows-added              t  (1): 3 | y",
        "bump: MAJOR",
    ]


def package(**field: Any) -> str:
    """A datapackage.json about the cities."""
    fields = [{"name": "city", "type": "string"}, {"name": "code", "type": "integer", **field}]
    schema = {"fields": fields, "primaryKey": "city"}
    resource = {"name": "towns", "path": "cities.csv", "schema": schema}
    return json.dumps({"resources": [resource], "licenses": [{"name": "CC-BY-4.0"}], "version": "1.0.0"})


@pytest.mark.parametrize(("change", "due"), [
    ({}, "bump: NONE"),
    ({"constraints": {"required": True}}, "PATCH  constraint-tightened    towns.code  (1): never empty now"),
    ({"constraints": {"minimum": 1, "maximum": 3}}, "PATCH  constraint-tightened    towns.code  (1): at least 1"),
    ({"type": "string"}, "MAJOR  type-changed            towns.code  (1): whole (int64) -> text (string)"),
    ({"type": ["x"], "constraints": 7}, "bump: NONE"),
    ({"title": "Code"}, "PATCH  description-changed     towns.code  (1): Code"),
])  # fmt: skip
def test_what_a_data_package_declares_counts(tmp_path: Path, change: dict[str, Any], due: str) -> None:
    plain = CITIES.replace("01", "1")
    old = folder(tmp_path / "old", cities_csv=plain, datapackage_json=package())
    new = folder(tmp_path / "new", cities_csv=plain, datapackage_json=package(**change))
    status, out, err = ran("diff", old, new)
    assert (status, out.splitlines()[0], err) == (0, due, "")


def test_parquet_files_of_others_and_releases_of_ours(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", airports_parquet=AIRPORTS, airports_csv="x\n1\n", README_md="x")
    new = folder(tmp_path / "new", airports_parquet=swapped(range(412)), airports_csv="x\n1\n", README_md="y")
    assert ran("diff", old, new)[1].splitlines()[-1] == "bump: MINOR"
    assert ran("diff", old, old)[1] == "bump: NONE\n"


HOSTILE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no text": (lambda f: (f / "t.csv").write_bytes(b"a,b\n\xff\xfe,1\n"), "t.csv cannot be read"),
    "nothing": (lambda f: (f / "t.csv").write_bytes(b""), "t.csv cannot be read: it is empty"),
    "a column twice": (lambda f: (f / "t.csv").write_bytes(b"a,a\n1,2\n"), "the column ‘a’ stands twice"),
    "a cell too many": (lambda f: (f / "t.csv").write_bytes(b"a,b\n1,2,3\n"), "t.csv cannot be read"),
    "an open quote": (lambda f: (f / "t.csv").write_bytes(b'a,"b\n1,2\n'), "t.csv"),
    "a NUL": (lambda f: (f / "t.csv").write_bytes(b"a\0,b\n1,2\n"), ""),
    "no Parquet": (lambda f: (f / "t.parquet").write_bytes(b"PAR1PAR1"), "t.parquet cannot be read"),
    "no JSON": (lambda f: (f / "datapackage.json").write_text("{"), "datapackage.json cannot be understood"),
    "deep JSON": (lambda f: (f / "datapackage.json").write_text("[" * 10**5), "datapackage.json cannot be understood"),
    "another JSON": (lambda f: (f / "datapackage.json").write_text("[1]"), ""),
    "a file elsewhere": (lambda f: (f / "datapackage.json").write_text('{"resources": [{"path": "../../x.csv"}, {"path": 1}, 2]}'), ""),
    "a file that is not there": (lambda f: (f / "datapackage.json").write_text('{"resources": [{"path": "x.csv"}]}'), "x.csv: No such file"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_folders_are_wrong_use_in_one_line(case: str, tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", cities_csv=CITIES), folder(tmp_path / "new", cities_csv=CITIES)
    HOSTILE[case][0](new)
    words = HOSTILE[case][1]
    for one, other in ((old, new), (new, old)):
        status, _, err = ran("diff", one, other)
        assert (status, words in err) == (2 if words else 0, True), err
        assert not words or err.count("\n") == 1


def test_keys_that_are_none_are_wrong_use(tmp_path: Path) -> None:
    at = folder(tmp_path / "old", cities_csv=CITIES)
    for key, words in (
        ("x", "'x' names no key"), ("cities=", "names no key"), ("cities=a,", "names no key"),
        ("cities=x", "cities has no column x"), ("cities=pop", "the key pop is empty in a row, or repeats"),
        ("towns=x", "there is no table towns"),
    ):  # fmt: skip
        status, out, err = ran("diff", at, at, "--key", key)
        assert (status, out, err.count("\n"), words in err) == (2, "", 1, True), err
