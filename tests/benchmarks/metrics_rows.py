"""Many rows of the table metrics, made of columns: the real forces, areas and measures, invented figures and articles."""

import csv
import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.describe import arrow_schema

LISTS: Final = Path(__file__).parents[2] / "sources" / "codelists"
TEXT: Final = pa.large_string()
_WORDS: Final = (
    "the", "of", "police", "force", "calls", "response", "victims", "within", "percent", "crime", "recorded", "officers",
    "public", "improved", "inspectors", "found", "said", "that", "time", "domestic", "abuse", "investigation", "support",
)  # fmt: skip
_FIRST_DAY: Final = dt.date(2014, 1, 1)

Row = dict[str, str]
Columns = dict[str, pa.Array | pa.ChunkedArray]


def metrics_rows(number: int, order: Sequence[str], seed: int = 1) -> pa.Table:
    """About so many rows, sorted by columns of which the first may be `force_id`; the same for the same seed."""
    forces = sorted(_read("forces"), key=lambda row: row["force_id"])
    if order[0] != "force_id":
        return _sorted(pa.concat_tables(_of_force(row, number // len(forces), seed) for row in forces), order)
    parts = [_sorted(_of_force(row, number // len(forces), seed), order) for row in forces]
    return pa.concat_tables(parts)


def _sorted(table: pa.Table, order: Sequence[str]) -> pa.Table:
    return table.take(pc.sort_indices(table, sort_keys=[(name, "ascending") for name in order]))


def _read(name: str) -> list[Row]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _cells() -> list[tuple[Row, Row]]:
    """Each measure with one area of each cycle."""
    areas = _read("areas")
    cycles = {cycle: [a for a in areas if a["cycle_id"] == cycle] for cycle in sorted({a["cycle_id"] for a in areas})}
    return [(m, of[i % len(of)]) for i, m in enumerate(_read("measures")) for of in cycles.values()]


def _of_force(force: Row, number: int, seed: int) -> pa.Table:
    rng = np.random.default_rng([seed, *force["force_id"].encode()])
    cells = _cells()
    cell = rng.integers(0, len(cells), number)
    columns: Columns = _what(cells, cell) | _whose(force, rng, number) | _figures(rng, number) | _when(rng, number)
    columns["inspection_id"] = _joined("-", force["force_id"], columns["cycle_id"])
    key = (columns[name] for name in ("measure_id", "area_id", "subject_id", "claimed_by_id", "day"))
    columns["metric_id"] = _joined("-", *key, _text(np.arange(number)))
    columns["evidence_url"] = _address(force["force_id"], rng, number)
    schema = arrow_schema("metrics")
    arrays = [columns[f.name].cast(f.type) if f.name in columns else pa.nulls(number, f.type) for f in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _what(cells: list[tuple[Row, Row]], cell: np.ndarray) -> Columns:
    return {
        "measure_id": _pick([m["measure_id"] for m, _ in cells], cell),
        "measure": _pick([m["name"] for m, _ in cells], cell),
        "polarity": _pick([m["polarity"] for m, _ in cells], cell),
        "area_id": _pick([f"{a['cycle_id']}-{a['area']}" for _, a in cells], cell),
        "area": _pick([a["name"] for _, a in cells], cell),
        "cycle_id": _pick([a["cycle_id"] for _, a in cells], cell),
        "cycle": _pick([a["cycle_id"].upper() for _, a in cells], cell),
    }


def _whose(force: Row, rng: np.random.Generator, number: int) -> Columns:
    same = {"subject_id": force["force_id"], "force_id": force["force_id"], "subject": force["name"]}
    claimants = ["hmicfrs", force["force_id"], f"{force['force_id']}-pcc"]
    claimant = rng.integers(0, 3, number)
    return {
        name: pa.repeat(pa.scalar(text, TEXT), number) for name, text in (same | {"subject_kind": "force"}).items()
    } | {
        "claimed_by_id": _pick(claimants, claimant),
        "claimed_by": _pick([f"The {name}" for name in claimants], claimant),
        "said_by_id": _some(rng, 0.4, _joined("-", "person", _text(rng.integers(0, 800, number)))),
    }


def _figures(rng: np.random.Generator, number: int) -> Columns:
    value = pa.array(np.round(rng.gamma(2, 20, number), 1))
    words = [_pick(_WORDS, rng.integers(0, len(_WORDS), number)) for _ in range(9)]
    return {
        "value": value,
        "unit": pa.repeat(pa.scalar("percent", TEXT), number),
        "value_as_printed": _some(rng, 0.2, value.cast(TEXT)),
        "qualifier": _pick(["exact", "about", "at-least"], rng.choice(3, number, p=[0.8, 0.15, 0.05])),
        "threshold": _some(rng, 0.1, pa.array(rng.integers(1, 60, number).astype(float))),
        "status": _pick(["actual", "target"], rng.choice(2, number, p=[0.95, 0.05])),
        "claims": pa.array(rng.choice([1, 2, 3, 4], number, p=[0.7, 0.2, 0.07, 0.03])),
        "independent_sources": pa.array(rng.choice([1, 2], number, p=[0.9, 0.1])),
        "disputed": pa.array(rng.random(number) < 0.01),
        "note": _some(rng, 0.3, _joined(" ", *words)),
    }


def _when(rng: np.random.Generator, number: int) -> Columns:
    days = pa.array(np.datetime64(_FIRST_DAY) + rng.integers(0, 4_000, number))
    shares = {"period_start": 0.5, "period_end": 0.5, "as_of": 0.3}
    return {name: _some(rng, share, days) for name, share in shares.items()} | {"day": days.cast(TEXT)}


def _address(force: str, rng: np.random.Generator, number: int) -> pa.ChunkedArray:
    words = [_pick(_WORDS, rng.integers(0, len(_WORDS), number)) for _ in range(9)]
    article = _joined("-", *words[:5], _text(rng.integers(0, 10**7, number)))
    return _joined("", f"https://www.{force}-news.example/crime/", article, "#:~:text=", _joined("%20", *words[5:]))


def _pick(values: Sequence[str], index: np.ndarray) -> pa.ChunkedArray:
    return pa.array(values, TEXT).take(pa.array(index))


def _text(numbers: np.ndarray) -> pa.ChunkedArray:
    return pa.array(numbers).cast(TEXT)


def _some(rng: np.random.Generator, share: float, values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pa.array(rng.random(len(values)) < share), values, pa.scalar(None, values.type))


def _joined(separator: str, *parts: pa.ChunkedArray | str) -> pa.ChunkedArray:
    texts = [pa.scalar(part, TEXT) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*texts, pa.scalar(separator, TEXT))
