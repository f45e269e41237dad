"""What is compared with what: commands and the targets that their measures must meet."""

import json
import sys
from pathlib import Path
from statistics import median
from typing import Final

from .corpus import Flaws, write_corpus
from .measure import Run, interleaved
from .report import Part, Table, Target, row

PYTHON: Final = sys.executable
GIGABYTE: Final = 1_000_000_000
LARGE: Final = 20_000
"""Articles from which on the targets of a build hold; with fewer the imports dominate."""

PANDERA: Final = "import pandas, pandera.pandas, pyarrow"


def at_rest(rounds: int) -> Table:
    """What the command costs before it has much to do: the real articles, and the help."""
    runs = interleaved(
        {
            "nothing": ([PYTHON, "-c", "pass"], 0),
            "help": ([PYTHON, "-m", "jobs", "--help"], 0),
            "imports": ([PYTHON, "-c", PANDERA], 0),
            "check": ([PYTHON, "-m", "jobs", "check", "--sources", "sources"], 0),
        },
        rounds,
    )
    rows = [
        row("python -c pass", runs["nothing"], runs["nothing"]),
        row("openpeel --help", runs["help"], runs["nothing"]),
        row(f"python -c '{PANDERA}'", runs["imports"], runs["imports"]),
        row("openpeel check, the real sources", runs["check"], runs["imports"]),
    ]
    check, bare = runs["check"], runs["imports"]
    targets = [
        Target("check of the real sources / bare imports", 1.5, check.wall / bare.wall, check.cpu / bare.cpu),
        Target("seconds of openpeel --help", 0.15, runs["help"].wall, runs["help"].cpu),
    ]
    return Table(f"At rest, medians of {rounds} runs", rows, targets, [])


def corpora(folder: Path, articles: int, seed: int, flawed: bool) -> dict[Flaws, Path]:
    """Folders with corpora of that size; those that do not exist are made."""
    kinds: list[Flaws] = ["none", "broken", "conflicts"] if flawed else ["none"]
    folders: dict[Flaws, Path] = {kind: folder / f"{articles}-{seed}-{kind}" for kind in kinds}
    for kind, path in folders.items():
        if not path.exists():
            write_corpus(path, articles, seed, kind)
    return folders


def at_size(articles: int, folders: dict[Flaws, Path], rounds: int) -> Table:
    """A build and its stages against the usual YAML loader and against the floor."""
    sound = folders["none"]
    out = sound.with_name(f"{sound.name}-out")
    commands = {
        "yaml": (_child("yaml-load", sound), 0),
        "build": ([PYTHON, "-m", "jobs", "build", "--sources", str(sound), "--out", str(out), "--quiet"], 0),
        "stages": (_child("stages", sound), 0),
        "floor": (_child("floor", sound, out), 0),
    }
    names: dict[Flaws, str] = {
        "broken": "openpeel check, a twentieth broken",
        "conflicts": "openpeel check, a twentieth in conflict",
    }
    for kind in names.keys() & folders.keys():
        commands[kind] = ([PYTHON, "-m", "jobs", "check", "--sources", str(folders[kind])], 1)
    runs = interleaved(commands, rounds)
    rows = [
        row("yaml.load, CSafeLoader, all files", runs["yaml"], runs["yaml"]),
        row("openpeel build", runs["build"], runs["yaml"]),
        row("  all stages, one process", runs["stages"], runs["yaml"]),
        *(row(name, runs[kind], runs["yaml"]) for kind, name in names.items() if kind in runs),
    ]
    build, usual = runs["build"], runs["yaml"]
    targets = [
        Target("build / yaml.load", 1.0, build.wall / usual.wall, build.cpu / usual.cpu),
        Target("gigabytes of all processes of build", 2.0, build.peak / GIGABYTE, None),
    ]
    size = sum(path.stat().st_size for path in (sound / "articles").iterdir())
    title = f"{articles:,} articles, {size / 1e6:.1f} MB, medians of {rounds} runs"
    parts = [*_parts("stage", runs["stages"], usual), *_parts("floor", runs["floor"], usual)]
    return Table(title, rows, targets if articles >= LARGE else [], parts)


def _child(task: str, *folders: Path) -> list[str]:
    return [PYTHON, "-m", "tests.benchmarks.children", task, *map(str, folders)]


def _parts(of: str, run: Run, base: Run) -> list[Part]:
    found: list[dict[str, tuple[float, float, int]]] = [json.loads(line) for line in run.output.splitlines()]
    parts = []
    for name in found[0]:
        wall, cpu, peak = (median(one[name][field] for one in found) for field in range(3))
        parts.append(Part(of, name, wall, cpu, cpu / base.cpu, int(peak)))
    return parts
