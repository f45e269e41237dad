"""What runs in a process of its own: `python -m tests.benchmarks.children TASK FOLDER ...`.

Imports only what the task needs. Tasks with parts print them as JSON: part -> [wall seconds, CPU seconds, bytes at most
resident so far].
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from jobs.claims import Claims
    from jobs.codelists import Codelists
    from jobs.decisions import Decisions
    from jobs.pipeline import Sources

Parts = dict[str, tuple[float, float, int]]

DAY: Final = "2026-01-01"
"""The day that rules take for today; later than anything in a corpus."""


class Clock:
    """Adds up what parts of a task take; a part may be entered many times."""

    def __init__(self) -> None:
        self.parts: Parts = {}

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Counts what happens inside as this part."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        before = self.parts.get(name, (0.0, 0.0, 0))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        took = (time.perf_counter() - wall, time.process_time() - cpu)
        self.parts[name] = (before[0] + took[0], before[1] + took[1], peak)


def _texts(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((folder / "articles").iterdir())]


def yaml_load(folder: Path) -> Parts:
    """All articles with the usual loader of PyYAML, its C one: what a reader of YAML pays anyway."""
    import yaml

    for path in sorted((folder / "articles").iterdir()):
        yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return {}


def stages(folder: Path) -> Parts:
    """The whole job in one process, stage by stage."""
    clock = Clock()
    with clock.part("import"):
        from jobs import across, checks, sources, tables
        from jobs.outputs import FORMATS, TABULAR, Edition
        from jobs.workers import settle_worker
    settle_worker()
    with clock.part("files"):
        texts, problems = sources.read_sources(folder)
    claims, lists, decisions = _claims(clock, texts)
    with clock.part("weigh"):
        weighed, clashes = across.weigh(claims, lists, decisions)
    with clock.part("tabulate"):
        traced = tables.tabulate(weighed)
    with clock.part("check"):
        breaches = checks.check_tables({name: each.table for name, each in traced.items()})
    made = {name: table.table for name, table in traced.items()}
    for name in TABULAR:
        with clock.part(name):
            size = sum(len(part) for _, make in FORMATS[name](Edition(made)) for part in make())
        if not size:
            raise SystemExit(f"{name} made nothing")
    if problems or clashes or breaches:
        raise SystemExit(f"{len(problems)} problems, {len(clashes)} clashes, {len(breaches)} breaches")
    return clock.parts


def _claims(clock: Clock, texts: "Sources") -> "tuple[Claims, Codelists, Decisions]":
    """Wave one as `jobs.alone.claims_of` does it, its steps apart."""
    from jobs.claims import joined
    from jobs.contents import article_id, loaded
    from jobs.curated import Curated, flatten
    from jobs.decisions import read_decisions
    from jobs.fast import quiet
    from jobs.pins import PinFile, check_pins
    from jobs.pipeline import at_a_time
    from jobs.read import read_many
    from jobs.read_lists import read_codelists
    from jobs.rules import apply_rules
    from jobs.rules.looks import suspects
    from jobs.rules.many import Many

    with clock.part("code lists"):
        lists, _ = read_codelists(texts.codelists)
    with clock.part("decisions"):
        decisions, _ = read_decisions(*texts.decisions, lists, DAY)
    parts, size = [], at_a_time(len(texts.articles))
    for start in range(0, len(texts.articles), size):
        chunk = texts.articles[start : start + size]
        with clock.part("read"), quiet():
            written, _ = read_many([cast("bytes", loaded(data)) for _, data in chunk])
        with clock.part("rules"):
            many = Many(written, lists)
            articles = map(written.article, suspects(many, DAY))
            findings = [finding for article in articles for finding in apply_rules(article, lists, DAY)]
        names = [article_id(path) for path, _ in chunk]
        with clock.part("pins"):
            kept = [(number, texts.pins[name]) for number, name in enumerate(names) if name in texts.pins]
            files = {number: PinFile(path, cast("bytes", loaded(data))) for number, (path, data) in kept}
            pinned = {number: check_pins(written.article(number), file) for number, file in files.items()}
        findings += [finding for _, unpinned, _ in pinned.values() for finding in unpinned]
        if findings:
            raise SystemExit(f"{len(findings)} findings, such as {findings[0]}")
        with clock.part("claims"):
            spans = [pinned[number][0] if number in pinned else () for number in range(len(chunk))]
            parts.append(flatten(list(map(Curated, range(start, start + len(chunk)), names, spans)), many))
    with clock.part("join"):
        return joined(parts), lists, decisions


def floor(folder: Path, out: Path) -> Parts:
    """What no program that does this job can avoid: the bytes are read, parsed by the fastest parser, and written.

    out: the result of a build of the folder.
    """
    clock = Clock()
    with clock.part("import"):
        import io

        import pyarrow.csv
        import pyarrow.parquet
        import ryml
    with clock.part("read bytes"):
        texts = _texts(folder)
    with clock.part("rapidyaml, tree only"):
        for text in texts:
            ryml.parse_in_arena(text)
    with clock.part("rapidyaml, to JSON"):
        for text in texts:
            ryml.emit_json(ryml.parse_in_arena(text))
    del texts
    with clock.part("load tables"):
        tables = [pyarrow.parquet.read_table(path) for path in sorted(out.glob("*.parquet"))]
    with clock.part("pyarrow, CSV"):
        for table in tables:
            pyarrow.csv.write_csv(table, io.BytesIO())
    with clock.part("pyarrow, Parquet"):
        for table in tables:
            pyarrow.parquet.write_table(table, io.BytesIO(), compression="zstd")
    return clock.parts


def usual_way(folder: Path, out: Path) -> Parts:
    """The job as most people would write it."""
    from .usual import usual

    usual(folder, out)
    return {}


def formats(out: Path) -> Parts:
    """Every format and description of a release, one after the other, from the tables of a build."""
    clock = Clock()
    with clock.part("import"):
        import pyarrow.parquet

        from jobs.describe import arrow_schema
        from jobs.outputs import DOCUMENTS, FORMATS, Edition, Filed
        from schemas.tables import TABLES
    with clock.part("load tables"):
        tables = {
            name: pyarrow.parquet.read_table(out / f"{name}.parquet", schema=arrow_schema(name)) for name in TABLES
        }
    edition = Edition(tables, "1.0.0", DAY)
    filed: dict[str, Filed] = {}
    for name, output in (FORMATS | DOCUMENTS).items():
        with clock.part(name):
            for file, make in output(edition._replace(files=filed)):
                filed[file] = Filed(sum(memoryview(part).nbytes for part in make()), "0" * 64)
    return clock.parts


def read_all(*folders: Path) -> Parts:
    """Every table of some releases, as CSV and as Parquet, as pyarrow reads them."""
    import pyarrow.csv
    import pyarrow.parquet

    for folder in folders:
        for path in sorted(folder.glob("*.parquet")):
            pyarrow.parquet.read_table(path)
            pyarrow.csv.read_csv(path.with_suffix(".csv"))
    return {}


TASKS: Final[dict[str, Callable[..., Parts]]] = {
    "yaml-load": yaml_load,
    "usual": usual_way,
    "stages": stages,
    "floor": floor,
    "formats": formats,
    "read-all": read_all,
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](*map(Path, sys.argv[2:]))))
