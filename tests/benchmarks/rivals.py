"""What peers take for a row of a table of ours, against what we take to check and write one."""

import sys
from pathlib import Path
from typing import Final

from .measure import Command, Run, interleaved
from .peers import INSTALLED, PEERS, prepare
from .report import Part, Table, Target, row

TIMES: Final = 20.0
"""A peer should take so many times as long for a row, at least."""
STAGES: Final = ("check", "csv", "parquet")
"""What we do with tables that peers do too: check them against their descriptions, write them."""


def of_peers(out: Path, stages: list[Part], rows: int, python: str, rounds: int) -> Table:
    """Peers on the claims of a build.

    stages: the parts of that build; rows: of all its tables; python: of an environment that has the peers which the
    tests do not need, empty if there is none.
    """
    folder = out.with_name(f"{out.name}-peers")
    count = prepare(out / "claims.csv", folder)
    commands = {
        name: Command(
            [sys.executable if name in INSTALLED else python, "-m", "tests.benchmarks.peers", name, str(folder)]
        )
        for name in PEERS
        if name in INSTALLED or python
    }
    runs = interleaved(commands, rounds)
    ours = [part for part in stages if part.name in STAGES]
    cpu = sum(part.cpu for part in ours) / rows * count
    base = Run(sum(part.wall for part in ours) / rows * count, cpu, 0, 0, "")
    rows_ = [row("ours: tables checked, written as CSV and Parquet", base, base)]
    rows_ += [row(name, run, base) for name, run in runs.items()]
    targets = [
        Target(f"ours / {name}, per row", 1 / TIMES, base.wall / r.wall, base.cpu / r.cpu) for name, r in runs.items()
    ]
    return Table(f"Peers, {count:,} rows of claims, medians of {rounds} runs", rows_, targets, [])
