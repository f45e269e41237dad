"""The same job as most people would write it: PyYAML, lists of dictionaries, pandas, pandera, `to_csv`, `to_parquet`.

It makes the three headline tables and the claims, with names joined from the code lists, and checks them; it knows no
places, weighs nothing, finds no conflicts and compares no two articles: less work than ours, in the usual way.
"""

from pathlib import Path
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
import yaml

Row = dict[str, Any]

_SLUG: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
_TEXT: Final = r"^[^\s=+@-]"
SECTIONS: Final = ("grades", "counts", "statements", "metrics", "events")
SCHEMAS: Final = {
    "grades": pa.DataFrameSchema(
        {
            "inspection": pa.Column(str, pa.Check.str_matches(_SLUG)),
            "area": pa.Column(str, pa.Check.str_matches(_TEXT)),
            "grade": pa.Column(str),
            "force_id": pa.Column(str, nullable=True),
        },
        unique=["inspection", "area"],
    ),
    "statements": pa.DataFrameSchema(
        {
            "inspection": pa.Column(str, pa.Check.str_matches(_SLUG)),
            "speaker": pa.Column(str, pa.Check.str_matches(_SLUG)),
            "id": pa.Column(str, pa.Check.str_matches(_SLUG)),
            "summary": pa.Column(str, pa.Check.str_matches(_TEXT), nullable=True),
            "evidence": pa.Column(str, nullable=True),
        },
        unique=["inspection", "speaker", "id"],
    ),
    "metrics": pa.DataFrameSchema(
        {
            "measure": pa.Column(str, pa.Check.str_matches(_SLUG)),
            "value": pa.Column(float),
            "claimed_by": pa.Column(str, pa.Check.str_matches(_SLUG)),
        }
    ),
    "claims": pa.DataFrameSchema(
        {
            "article": pa.Column(str, pa.Check.str_matches(_SLUG)),
            "section": pa.Column(str, pa.Check.isin(SECTIONS)),
            "item": pa.Column(int, pa.Check.ge(0)),
            "url": pa.Column(str, pa.Check.str_startswith("http")),
        },
        unique=["article", "section", "item"],
    ),
}
CLAIMED: Final = [
    "article", "section", "item", "inspection", "origin", "published", "publisher", "url",
    "grade", "value", "printed", "note", "evidence",
]  # fmt: skip
KEYS: Final = {
    "grades": ["inspection", "area"],
    "statements": ["inspection", "speaker", "id"],
    "metrics": ["inspection", "measure", "claimed_by", "subject", "period", "as_of", "threshold", "status", "variant"],
}


def usual(folder: Path, out: Path) -> None:
    """Reads all articles, makes, checks and writes the tables."""
    rows = _rows(folder / "articles")
    tables = _tables(rows, folder / "codelists")
    out.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        SCHEMAS[name].validate(table, lazy=True)
        table.to_csv(out / f"{name}.csv", index=False)
        table.to_parquet(out / f"{name}.parquet", index=False)


def _rows(folder: Path) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {name: [] for name in SCHEMAS}
    for path in sorted(folder.glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            article = yaml.load(file, yaml.CSafeLoader)
        head = {name: article.get(name) for name in ("inspection", "origin", "published", "publisher", "url")}
        for section in SECTIONS:
            for item, entry in enumerate(article.get(section, [])):
                row = {"article": path.stem, **head, **entry}
                if section in rows:
                    rows[section].append(row)
                rows["claims"].append({"section": section, "item": item, **row})
    return rows


def _tables(rows: dict[str, list[Row]], lists: Path) -> dict[str, pd.DataFrame]:
    return {name: _named(_once(name, pd.DataFrame(found)), lists) for name, found in rows.items()}


def _once(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """One row a fact, with the number of its claims; claims as they are, in the columns that all have."""
    if name not in KEYS:
        return table[CLAIMED].astype(dict.fromkeys(set(CLAIMED) - {"item"}, "string"))
    keys = KEYS[name]
    table = table.reindex(columns=list(dict.fromkeys([*table.columns, *keys])))
    table[keys] = table[keys].astype("string").fillna("")
    counts = table.groupby(keys).size().rename("claims").reset_index()
    table = table.drop_duplicates(keys).merge(counts, on=keys)
    if "value" in table:
        table["value"] = table["value"].astype(float)
    return table.astype(dict.fromkeys(table.select_dtypes("object").columns, "string"))


def _named(table: pd.DataFrame, lists: Path) -> pd.DataFrame:
    """With the force and the cycle of the inspection, and what these are called."""
    inspections, forces, cycles = (
        pd.read_csv(lists / f"{name}.csv", dtype="string")[columns]
        for name, columns in (
            ("inspections", ["inspection_id", "force_id", "cycle_id", "published_on"]),
            ("forces", ["force_id", "name"]),
            ("cycles", ["cycle_id", "name"]),
        )
    )
    inspections = inspections.merge(forces, on="force_id", how="left")
    inspections = inspections.merge(cycles, on="cycle_id", how="left", suffixes=("_of_force", "_of_cycle"))
    return table.merge(inspections, left_on="inspection", right_on="inspection_id", how="left")
