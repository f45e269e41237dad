"""Measures -> a report in plain text: seconds, megabytes, ratios, and whether each target is met."""

import os
import platform
from typing import NamedTuple

from .measure import Run


class Row(NamedTuple):
    """A command: seconds on the clock, of the processor, both as multiples of a base; bytes of all processes, of one."""

    name: str
    wall: float
    cpu: float
    wall_ratio: float
    cpu_ratio: float
    peak: int
    maxrss: int


class Part(NamedTuple):
    """A part of a command: seconds, processor time as a multiple of a base, bytes resident at most up to its end."""

    of: str
    name: str
    wall: float
    cpu: float
    ratio: float
    peak: int


class Target(NamedTuple):
    """What must not exceed a limit, measured on the clock and, where that makes sense, by processor time."""

    name: str
    limit: float
    wall: float
    cpu: float | None

    @property
    def met(self) -> bool:
        """Whether the clock says so; on a busy machine processor time tells how much of a miss is not ours."""
        return self.wall <= self.limit


class Table(NamedTuple):
    """All measures of one size."""

    title: str
    rows: list[Row]
    targets: list[Target]
    parts: list[Part]


def row(name: str, run: Run, base: Run) -> Row:
    """The row of a command, compared with a base."""
    return Row(name, run.wall, run.cpu, run.wall / base.wall, run.cpu / base.cpu, run.peak, run.maxrss)


def machine() -> str:
    """What the numbers were measured on."""
    return f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores, {platform.system()}"


def as_text(table: Table) -> str:
    """The report of one size."""
    lines = [table.title, f"{'':44}{'wall s':>9}{'CPU s':>9}{'x wall':>8}{'x CPU':>8}{'MB all':>8}{'MB one':>8}"]
    for r in table.rows:
        memory = f"{r.peak / 1e6:8.0f}{r.maxrss / 1e6:8.0f}"
        lines.append(f"{_short(r.name):44}{r.wall:9.3f}{r.cpu:9.3f}{r.wall_ratio:8.2f}{r.cpu_ratio:8.2f}{memory}")
    for of in dict.fromkeys(part.of for part in table.parts):
        parts = [part for part in table.parts if part.of == of]
        whole = sum(part.cpu for part in parts) or 1.0
        lines.append(f"\n{of:24}{'wall s':>9}{'CPU s':>9}{'% CPU':>8}{'x base':>8}{'MB then':>9}")
        for p in parts:
            share = f"{100 * p.cpu / whole:8.1f}{p.ratio:8.2f}{p.peak / 1e6:9.0f}"
            lines.append(f"  {p.name:22}{p.wall:9.3f}{p.cpu:9.3f}{share}")
    return "\n".join([*lines, "", *map(_verdict, table.targets)])


def _short(name: str) -> str:
    return name if len(name) <= 43 else name[:42] + "…"


def _verdict(target: Target) -> str:
    cpu = "" if target.cpu is None else f", by CPU time {target.cpu:.2f}"
    return f"{'met   ' if target.met else 'MISSED'}  {target.name}: {target.wall:.2f}{cpu} (at most {target.limit:.2f})"
