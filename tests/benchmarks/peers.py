"""What peers take for a table of ours: `python -m tests.benchmarks.peers TASK FOLDER`, in an environment that has them.

Each is given the same rows of `claims` as it likes them, and does what it is for: frictionless and csvw check them
against their descriptions, pycldf writes and validates a dataset, csvcubed makes a cube of them (of four columns: it
takes no empty cells). mySociety's data_common is in no package index, so it cannot be installed like these.

Imports only what the task needs, and nothing of ours.
"""

import csv
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

ROWS: Final = 50_000
"""So many at most: some peers take minutes for more."""
COLUMNS: Final = ("claim_id", "table", "fact_id", "article_id", "origin_id", "basis", "evidence_url")
"""Columns that are never empty."""
INSTALLED: Final = ("frictionless", "csvw")
"""The peers that tests use, too; the others need an environment of their own (`peers.lock`)."""


def prepare(table: Path, folder: Path) -> int:
    """Writes the rows of a table as the peers take them; returns how many."""
    folder.mkdir(parents=True, exist_ok=True)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for _, row in zip(range(ROWS), csv.DictReader(file), strict=False)]
    with (folder / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with (folder / "cube.csv").open("w", encoding="utf-8", newline="") as file:
        cells = csv.writer(file, lineterminator="\n")
        cells.writerow(["Claim", "Observations", "Measure", "Unit"])
        cells.writerows([row["claim_id"], 1, "claims", "number"] for row in rows)
    fields = [{"name": name, "type": "string", "constraints": {"required": True}} for name in COLUMNS]
    schema = {"fields": fields, "primaryKey": ["claim_id"]}
    resource = {"name": "claims", "path": "claims.csv", "encoding": "utf-8", "schema": schema}
    (folder / "datapackage.json").write_text(json.dumps({"name": "claims", "resources": [resource]}))
    columns = [{"name": name, "datatype": "string", "required": True} for name in COLUMNS]
    said = {"@context": "http://www.w3.org/ns/csvw", "url": "claims.csv"}
    table_schema = {"columns": columns, "primaryKey": "claim_id"}
    (folder / "claims.csv-metadata.json").write_text(json.dumps(said | {"tableSchema": table_schema}))
    return len(rows)


def _frictionless(folder: Path) -> None:
    os.chdir(folder)
    import frictionless

    report: Any = frictionless.validate("datapackage.json")
    if not report.valid:
        raise SystemExit(f"frictionless finds {report.flatten(['type'])[:3]}")


def _csvw(folder: Path) -> None:
    from csvw import CSVW

    found: Any = CSVW(str(folder / "claims.csv"), md_url=str(folder / "claims.csv-metadata.json"), validate=True)
    if not found.is_valid or sum(1 for _ in found.t) == 0:
        raise SystemExit(f"csvw finds {found.warnings[:3]}")


def _pycldf(folder: Path) -> None:
    from pycldf import Dataset, Generic

    with (folder / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    dataset = Generic.in_dir(folder / "cldf")
    columns = [{"name": name, "datatype": "string", "required": True} for name in COLUMNS]
    dataset.add_table("claims.csv", *columns, primaryKey=["claim_id"])
    dataset.write(**{"claims.csv": rows})
    if not Dataset.from_metadata(folder / "cldf" / "Generic-metadata.json").validate():
        raise SystemExit("pycldf finds something")


def _csvcubed(folder: Path) -> None:
    os.chdir(folder)
    from csvcubed.cli.entrypoint import entry_point

    entry_point(["build", "cube.csv"], standalone_mode=False)
    if not (folder / "out" / "cube.csv").exists():
        raise SystemExit("csvcubed made nothing")


PEERS: Final[dict[str, Callable[[Path], None]]] = {
    "frictionless": _frictionless,
    "csvw": _csvw,
    "pycldf": _pycldf,
    "csvcubed": _csvcubed,
}

if __name__ == "__main__":
    PEERS[sys.argv[1]](Path(sys.argv[2]))
