"""What releases cost at a size: every format by itself, and `diff` and `verify` against reading both releases."""

import shutil
from pathlib import Path
from typing import Final

from .candidates import PYTHON, TITLE, edits, parts_of
from .measure import Command, interleaved, run
from .report import Table, Target, row

MOST: Final = 2.0
"""Times that `diff` and `verify` may take of the time of reading both releases."""


def of_releases(articles: int, sound: Path, rounds: int) -> Table:
    """Two releases that differ in one article, made and published for this, and what looking at them takes."""
    folder = sound.with_name(f"{sound.name}-releases")
    shutil.rmtree(folder, ignore_errors=True)
    store, out = folder / "store", folder / "out"
    _made(sound, store, out)
    run([*_openpeel("publish"), "--store", str(store), "--candidate", str(out)])
    published = next(store.glob("[0-9]*"))
    changes = edits(sound, TITLE)
    next(changes)
    _made(sound, store, out)
    next(changes)
    child = [PYTHON, "-m", "tests.benchmarks.children"]
    runs = interleaved(
        {
            "formats": Command([*child, "formats", str(out)]),
            "read": Command([*child, "read-all", str(published), str(out)]),
            "diff": Command([*_openpeel("diff"), str(published), str(out)]),
            "verify": Command([*_openpeel("verify"), str(out), "--before", str(published)]),
        },
        rounds,
    )
    base = runs["read"]
    rows = [
        row("pyarrow reads both releases, CSV and Parquet", base, base),
        row("openpeel diff", runs["diff"], base),
        row("openpeel verify, with the release before", runs["verify"], base),
    ]
    targets = [
        Target(f"{verb} / reading both", MOST, runs[verb].wall / base.wall, runs[verb].cpu / base.cpu)
        for verb in ("diff", "verify")
    ]
    return Table(f"Releases of {articles:,} articles", rows, targets, parts_of("format", runs["formats"], base))


def _made(sound: Path, store: Path, out: Path) -> None:
    command = [*_openpeel("build"), "--sources", str(sound), "--store", str(store), "--out", str(out)]
    run([*command, "--descriptions", "--bump", "PATCH", "--quiet"])


def _openpeel(verb: str) -> list[str]:
    return [PYTHON, "-m", "jobs", verb]
