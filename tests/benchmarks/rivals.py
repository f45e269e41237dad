"""What peers take for a row of a table of ours, against what we take for the same work."""

import sys
from pathlib import Path
from typing import Final

from .measure import Command, Run, interleaved
from .peers import INSTALLED, PEERS, prepare
from .report import Part, Table, Target, row

TIMES: Final = 20.0
"""A peer should take so many times as long for a row, at least."""
CHECKED: Final[tuple[str, ...]] = ("check",)
WRITTEN: Final[tuple[str, ...]] = ("check", "csv", "parquet")
STAGES: Final = {"frictionless": CHECKED, "csvw": CHECKED, "pycldf": WRITTEN, "csvcubed": WRITTEN}
"""The parts of a build that do what a peer does: check tables against their descriptions, or write them as well."""


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
    ours = {what: _share(stages, what, count / rows) for what in (CHECKED, WRITTEN)}
    base = ours[WRITTEN]
    rows_ = [
        row("ours: tables checked, written as CSV and Parquet", base, base),
        row("  tables checked", ours[CHECKED], base),
        *(row(name, run, base) for name, run in runs.items()),
    ]
    targets = []
    for name, run in runs.items():
        mine = ours[STAGES[name]]
        targets.append(Target(f"ours / {name}, per row", 1 / TIMES, mine.wall / run.wall, mine.cpu / run.cpu))
    return Table(f"Peers, {count:,} rows of claims, medians of {rounds} runs", rows_, targets, [])


def _share(stages: list[Part], wanted: tuple[str, ...], share: float) -> Run:
    """What some parts of a build take for a share of its rows."""
    parts = [part for part in stages if part.name in wanted]
    return Run(sum(part.wall for part in parts) * share, sum(part.cpu for part in parts) * share, 0, 0, "")
