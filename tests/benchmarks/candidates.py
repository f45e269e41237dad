"""What is compared with what: commands and the targets that their measures must meet."""

import json
import re
import sys
from collections.abc import Iterator
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Final

from .corpus import Flaws, write_corpus
from .measure import Command, Run, interleaved
from .report import Part, Table, Target, row

PYTHON: Final = sys.executable
GIGABYTE: Final = 1_000_000_000
LARGE: Final = 20_000
"""Articles from which on the targets of a build hold; with fewer the imports dominate."""
LARGEST: Final = 200_000
SHORT: Final = 3
"""Runs in each round of what takes little longer than its imports, which are measured next to it and as often."""
UNAVOIDABLE: Final = ("import", "read bytes", "rapidyaml, tree only", "pyarrow, CSV", "pyarrow, Parquet")
"""The parts of the floor that add up to it; the others only tell where time goes, or load what is then written."""

PANDERA: Final = "import pandas, pandera.pandas, pyarrow"


def at_rest(rounds: int) -> Table:
    """What the command costs before it has much to do: the real articles, and the help."""
    runs = interleaved(
        {
            "nothing": Command([PYTHON, "-c", "pass"]),
            "help": Command([PYTHON, "-m", "jobs", "--help"]),
            "imports": Command([PYTHON, "-c", PANDERA]),
            "check": Command([PYTHON, "-m", "jobs", "check", "--sources", "sources"]),
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
    """A build and its stages against the floor, the usual YAML loader, and the job as most people would write it."""
    sound = folders["none"]
    out, cache = sound.with_name(f"{sound.name}-out"), str(sound.with_name(f"{sound.name}-cache"))
    changes = edits(sound)
    first = min((sound / "articles").iterdir())
    build = [*_openpeel("build", sound), "--out", str(out), "--quiet"]
    again = [*_openpeel("build", sound), "--out", f"{out}-again", "--quiet"]  # where no build without a cache writes
    seen = partial(in_memory, sound)
    commands = {
        "yaml": Command(_child("yaml-load", sound), before=seen),
        "usual": Command(_child("usual", sound, out.with_name(f"{sound.name}-usual")), before=seen),
        "build": Command(build, before=seen),
        "stages": Command(_child("stages", sound), before=seen),
        "floor": Command(_child("floor", sound, out), before=seen),
        "imports": Command([PYTHON, "-c", PANDERA], times=SHORT),
        "again": Command(again, before=lambda: next(changes), cache=cache, times=SHORT),
        "one": Command([*_openpeel("check", sound), str(first)], cache=cache, times=SHORT),
    }
    names: dict[Flaws, str] = {
        "broken": "openpeel check, a twentieth broken",
        "conflicts": "openpeel check, a twentieth in conflict",
    }
    for kind in names.keys() & folders.keys():
        commands[kind] = Command(_openpeel("check", folders[kind]), 1)
    interleaved({"keep": Command(again, cache=cache)}, 1)  # what the runs after one change start from
    runs = interleaved(commands, rounds)
    base, stages = floor_of(runs["floor"]), parts_of("stage", runs["stages"], runs["yaml"])
    rows = [
        row("floor: bytes, YAML tree, pyarrow's writers", base, base),
        row("yaml.load, CSafeLoader, all files", runs["yaml"], base),
        row("the usual way: CSafeLoader, pandas, pandera", runs["usual"], base),
        row("openpeel build", runs["build"], base),
        row("  all stages, one process", runs["stages"], base),
        row("openpeel build after one article changed", runs["again"], base),
        row("openpeel check of one file", runs["one"], base),
        *(row(name, runs[kind], base) for kind, name in names.items() if kind in runs),
    ]
    size = sum(path.stat().st_size for path in (sound / "articles").iterdir())
    title = f"{articles:,} articles, {size / 1e6:.1f} MB, medians of {rounds} runs"
    return Table(title, rows, targets(articles, runs, base), [*stages, *parts_of("floor", runs["floor"], runs["yaml"])])


def in_memory(folder: Path) -> None:
    """Reads all sources, so that nobody who is measured waits for the disk where the next one does not."""
    for path in folder.rglob("*.*"):
        path.read_bytes()


def targets(articles: int, runs: dict[str, Run], floor: Run) -> list[Target]:
    """What a build of so many articles must not exceed; nothing where imports dominate.

    What one changed file may cost is told of the smaller of the two sizes that have targets.
    """
    if articles < LARGE:
        return []
    build, usual, again, imports, one = (runs[name] for name in ("build", "usual", "again", "imports", "one"))
    times, memory = (3.0, 6.0) if articles >= LARGEST else (4.0, 1.5)
    part = (again.wall - imports.wall) / (build.wall - imports.wall)
    part_of_cpu = (again.cpu - imports.cpu) / (build.cpu - imports.cpu)
    whole = [
        Target("build / floor", times, build.wall / floor.wall, build.cpu / floor.cpu),
        Target("build / the usual way", 0.2, build.wall / usual.wall, build.cpu / usual.cpu),
        Target("gigabytes of all processes of build", memory, build.peak / GIGABYTE, None),
    ]
    one_changed = [
        Target("after one change / cold, both beyond imports", 0.05, part, part_of_cpu),
        Target("seconds of check of one file", 1.0, one.wall, one.cpu),
    ]
    return whole + (one_changed if articles < LARGEST else [])


SUMMARY: Final = re.compile(r"^(    summary: [A-Za-z][^\"'\n]*[a-z])[.]$", re.MULTILINE)
TITLE: Final = re.compile(r"^(title: [A-Za-z][^\"'\n]*[a-z])()$", re.MULTILINE)
"""Words that can be changed without contradicting anything; those of a title need no reason in a release."""


def edits(folder: Path, words: re.Pattern[str] = SUMMARY) -> Iterator[None]:
    """Changes words of one article of a corpus each time, between two texts that are both sound."""
    for path in sorted((folder / "articles").iterdir()):
        text = path.read_text(encoding="utf-8")
        changed = words.sub(r"\1 indeed", text, count=1)
        if changed != text:
            break
    for content in cycle((changed, text)):
        path.write_text(content, encoding="utf-8")
        yield


def floor_of(run: Run) -> Run:
    """What of the run of the floor no program that does this job can avoid."""
    parts = parts_of("floor", run, run)
    unavoidable = [part for part in parts if part.name in UNAVOIDABLE]
    wall, cpu = sum(part.wall for part in unavoidable), sum(part.cpu for part in unavoidable)
    return run._replace(wall=wall, cpu=cpu)


def _openpeel(verb: str, sources: Path) -> list[str]:
    return [PYTHON, "-m", "jobs", verb, "--sources", str(sources)]


def _child(task: str, *folders: Path) -> list[str]:
    return [PYTHON, "-m", "tests.benchmarks.children", task, *map(str, folders)]


def parts_of(of: str, run: Run, base: Run) -> list[Part]:
    """The parts that a child has printed, each the median of its runs."""
    found: list[dict[str, tuple[float, float, int]]] = [json.loads(line) for line in run.output.splitlines()]
    parts = []
    for name in found[0]:
        wall, cpu, peak = (median(one[name][field] for one in found) for field in range(3))
        parts.append(Part(of, name, wall, cpu, cpu / base.cpu, int(peak)))
    return parts
