"""Made-up releases: a few tables as the test writes them, each with what it declares, and the same as files."""

import contextlib
import copy
import datetime as dt
import hashlib
import io
import json
import locale
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
import yaml

from jobs import ahead, pipeline, workers
from jobs.__main__ import main
from jobs.decisions import NO_DECISIONS, Decisions
from jobs.problems import Problem
from jobs.releases.compare import compare
from jobs.releases.content import TYPES, Column, Content, Declared
from jobs.releases.reasons import NO_REASONS, Reasons
from jobs.releases.rules import Finding
from jobs.staging import SUMS
from schemas.decisions import Approval, Correction, Retraction
from schemas.meanings import KINDS
from tests.cases import Desk, head, quicken

Row = dict[str, Any]


def column(name: str, kind: str = "text", **more: Any) -> Column:
    """A column of a kind; facts that may be empty unless it is said otherwise."""
    key = more.get("key", False)
    about = {"nullable": not key, "unique": key, "key": key, "title": name, "description": f"The {name}."}
    return Column(**({"name": name, "type": str(KINDS[kind].arrow), "kind": kind} | about | more))


@dataclass
class Made:
    """A release that tests change in place before they make its content."""

    version: str = "1.0.0"
    licence: str = "CC-BY-4.0"
    files: set[str] = field(default_factory=set)
    columns: dict[str, list[Column]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)

    def add(self, name: str, columns: Iterable[Column], rows: Iterable[Row]) -> "Made":
        """Adds a table; its key is that of its columns."""
        self.columns[name], self.rows[name] = list(columns), [dict(row) for row in rows]
        self.keys[name] = tuple(c.name for c in self.columns[name] if c.key)
        self.texts[name] = (name.capitalize(), f"One row per thing of {name}.")
        self.files |= {f"{name}.csv", f"{name}.parquet"}
        return self

    def drop(self, name: str) -> None:
        """Takes a table away, with its files."""
        for part in (self.columns, self.rows, self.keys, self.texts):
            del part[name]
        self.files -= {f"{name}.csv", f"{name}.parquet"}

    def alter(self, table: str, name: str, **more: Any) -> None:
        """Changes what is declared of a column."""
        self.columns[table] = [msgspec.structs.replace(c, **more) if c.name == name else c for c in self.columns[table]]

    def set(self, table: str, name: str, value: Any, rows: Iterable[int]) -> None:
        """Changes cells; value: what they become, or what makes it of what they are."""
        for row in rows:
            cells = self.rows[table][row]
            cells[name] = value(cells.get(name)) if callable(value) else value

    def content(self) -> Content:
        """The release as it is compared."""
        return Content(
            self.version,
            self.licence,
            frozenset(self.files),
            {name: Declared(name, *self.texts[name], self.keys[name], tuple(self.columns[name])) for name in self.rows},
            {name: arrow(self.columns[name], rows) for name, rows in self.rows.items()},
        )


def arrow(columns: Iterable[Column], rows: list[Row]) -> pa.Table:
    """Rows as a table."""
    listed = list(columns)
    arrays = [pa.array([row.get(c.name) for row in rows], TYPES[c.type]) for c in listed]
    return pa.Table.from_arrays(arrays, names=[c.name for c in listed])


ROWS = 100


def base() -> Made:
    """A release with two tables: 100 grades of 10 forces, and the forces."""
    grades = [
        column("grade_id", "id", key=True),
        column("force_id", "code", nullable=False, references="forces.force_id"),
        column("force", role="name"),
        column("grade", "code", values={"good": "well done", "adequate": "enough", "poor": "less"}),
        column("score", "number", unit="points", least=0),
        column("areas", "whole", unit="areas"),
        column("seen_on", "date"),
        column("final", "flag"),
        column("note", role="record"),
    ]
    rows = [
        {
            "grade_id": f"g{n:03}",
            "force_id": f"f{n % 10}",
            "force": f"Force {n % 10}",
            "grade": ("good", "adequate", "poor")[n % 3],
            "score": n / 4,
            "areas": n,
            "seen_on": dt.date(2024, 1, 1) + dt.timedelta(n),
            "final": n % 2 == 0,
            "note": None if n % 2 else f"note {n}",
        }
        for n in range(ROWS)
    ]
    forces = [column("force_id", "code", key=True), column("name", nullable=False, unique=True)]
    made = Made().add("grades", grades, rows)
    made.add("forces", forces, [{"force_id": f"f{n}", "name": f"Force {n}"} for n in range(10)])
    made.files |= {"release.json", "CHANGELOG.md"}
    return made


Change = Callable[[Made], object]


def nothing(made: Made) -> None:
    """Leaves it as it is."""


def pair(change: Change, before: Change = nothing) -> tuple[Content, Content]:
    """The base, and the base with a change; before: what both begin with."""
    old = base()
    before(old)
    new = copy.deepcopy(old)
    change(new)
    return old.content(), new.content()


def told(findings: Iterable[Finding]) -> list[tuple[str, str, str, int]]:
    """Findings without their samples."""
    return [finding[:4] for finding in findings]


def found(change: Change, before: Change = nothing, reasons: Reasons = NO_REASONS) -> list[tuple[str, str, str, int]]:
    """What a change of the base is found to be."""
    return told(compare(*pair(change, before), reasons))


SAID = {"reason": "We misread it.", "decided_on": "2025-01-02", "decided_by": "A curator"}


def correction(table: str, key: str, column: str, **more: str) -> Correction:
    """A correction of a cell, or of a column."""
    return Correction(table=table, key=key, column=column, **(SAID | more))


def retraction(table: str, key: str, **more: str) -> Retraction:
    """A retraction of a row."""
    return Retraction(table=table, key=key, **(SAID | more))


def approval(finding: str, after: str = "1.0.0") -> Approval:
    """An approval of a collapse."""
    return Approval(finding=finding, after=after, **SAID)


def decisions(*made: Correction | Retraction | Approval) -> Decisions:
    """Decisions about releases."""
    return NO_DECISIONS._replace(
        path="sources/decisions.yaml",
        corrections=tuple(d for d in made if isinstance(d, Correction)),
        retractions=tuple(d for d in made if isinstance(d, Retraction)),
        approvals=tuple(d for d in made if isinstance(d, Approval)),
    )


def ran(*arguments: str | Path) -> tuple[int, str, str]:
    """A verb: exit status, what it prints, what it says besides."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        status = main([str(argument) for argument in arguments])
    return status, out.getvalue(), err.getvalue()


def sealed(folder: Path) -> None:
    """Writes the checksums of a folder anew, as a forger would."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines))


GRADED = """\
grades:
  - area: {area}
    grade: {grade}
"""
NAMES = {"peterborough-telegraph": "respond", "bbc-news": "prevent", "hunts-post": "powers"}
"""Publishers, and the area that each grades."""


def article(publisher: str, grade: str = "good", more: str = "") -> str:
    """An article of a publisher that grades its area."""
    return head(publisher, publisher=publisher) + GRADED.format(area=NAMES[publisher], grade=grade) + more


def name_of(publisher: str) -> str:
    """The id of that article."""
    return f"cambridgeshire-2024-03-12-{publisher}"


class Shop(Desk):
    """A desk with a store beside it: three articles, each with a grade of its own."""

    def __init__(self, folder: Path) -> None:
        """Nothing is published yet."""
        super().__init__(folder, {name_of(publisher): article(publisher) for publisher in NAMES})
        self.store, self.out = folder / "releases", folder / "candidate"

    def build(self, *options: str) -> tuple[int, str, str]:
        """`openpeel build`: exit status, what it prints, what it says besides."""
        return self.run("build", "--store", str(self.store), "--out", str(self.out), "--quiet", *options)

    def release(self, *options: str) -> Path:
        """Builds and publishes; where the release is then."""
        assert self.build(*options) == (0, "", "")
        status, out, err = ran("publish", "--store", self.store, "--candidate", self.out)
        assert (status, out) == (0, ""), err
        return self.store / str(self.about()["version"])

    def problems(self) -> list[Problem]:
        """The problems for which there is no release."""
        status, out, err = self.build("--format", "json")
        assert status == 1, (out, err)
        return [Problem(**problem) for problem in json.loads(out)]

    def about(self) -> dict[str, Any]:
        """What the candidate says of itself."""
        return dict(json.loads((self.out / "release.json").read_text(encoding="utf-8")))

    def decide(self, *made: Correction | Retraction | Approval) -> None:
        """Writes decisions.yaml anew."""
        parts: dict[str, list[dict[str, str]]] = {}
        for decision in made:
            parts.setdefault(f"{type(decision).__name__.lower()}s", []).append(msgspec.to_builtins(decision))
        (self.sources / "decisions.yaml").write_text(yaml.safe_dump(parts), encoding="utf-8")


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# --- a release made in another place: `python -m tests.releases FOLDER VARIATIONS` prints the checksums of each


def elsewhere(folder: Path, number: int, how: dict[str, str]) -> str:
    """The checksums of a release made under some circumstances."""
    shop = Shop.__new__(Shop)
    shop.sources, shop.store, shop.out = folder / "sources", folder / "releases", folder / f"made-{number}"
    if "copy" in how:
        shop.sources = copied(shop.sources, folder / how["copy"], touched="touch" in how)
    with contextlib.ExitStack() as stack:
        for name, enter in CIRCUMSTANCES.items():
            if name in how:
                stack.enter_context(enter(how[name], folder))
        if how.get("directory") == "beside":
            shop.sources, shop.store, shop.out = (
                Path(os.path.relpath(p)) for p in (shop.sources, shop.store, shop.out)
            )
        made = shop.build()
        if made != (0, "", ""):
            raise AssertionError((how, made))
        return (shop.out / SUMS).read_text()


def copied(sources: Path, target: Path, *, touched: bool) -> Path:
    """A copy of the sources, its files made in the opposite order."""
    for path in sorted((path for path in sources.rglob("*") if path.is_file()), reverse=True):
        copy_ = target / "sources" / path.relative_to(sources)
        copy_.parent.mkdir(parents=True, exist_ok=True)
        copy_.write_bytes(path.read_bytes())
        if touched:
            os.utime(copy_, (0, 0))
    return target / "sources"


@contextlib.contextmanager
def patched(owner: Any, name: str, value: Any) -> Iterator[None]:
    """Something else in a place, for a while."""
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        setattr(owner, name, before)


@contextlib.contextmanager
def in_zone(zone: str, _: Path) -> Iterator[None]:
    with patched(os, "environ", os.environ):
        os.environ["TZ"] = zone
        time.tzset()
        yield
        del os.environ["TZ"]
        time.tzset()


@contextlib.contextmanager
def in_locale(name: str, _: Path) -> Iterator[None]:
    before = locale.setlocale(locale.LC_ALL)
    locale.setlocale(locale.LC_ALL, name)
    yield
    locale.setlocale(locale.LC_ALL, before)


@contextlib.contextmanager
def with_mask(mask: str, _: Path) -> Iterator[None]:
    before = os.umask(int(mask, 8))
    yield
    os.umask(before)


@contextlib.contextmanager
def in_directory(name: str, folder: Path) -> Iterator[None]:
    before = Path.cwd()
    (folder / "beside").mkdir(exist_ok=True)
    os.chdir(folder / "beside" if name == "beside" else name)
    yield
    os.chdir(before)


def with_clock(day: str, _: Path) -> contextlib.AbstractContextManager[None]:
    """A clock that shows a day, wherever one is read."""
    at = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Any:
            return at.astimezone(tz)

    class Day(dt.date):
        @classmethod
        def today(cls) -> Any:
            return at.date()

    stack = contextlib.ExitStack()
    for name, value in (("datetime", Clock), ("date", Day)):
        stack.enter_context(patched(dt, name, value))
    stack.enter_context(patched(time, "time", at.timestamp))
    return stack  # type: ignore[return-value]


class Listed(list[Any]):
    """The entries of a folder, as `os.scandir` gives them."""

    def __enter__(self) -> "Listed":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """There is nothing to close."""


def in_order(order: str, _: Path) -> contextlib.AbstractContextManager[None]:
    """Folders listed in another order."""
    scandir = os.scandir

    def scanned(path: Any = ".") -> Listed:
        with scandir(path) as entries:
            found = sorted(entries, key=lambda entry: str(entry.name), reverse=True)
        if order == "shuffled":
            random.Random(7).shuffle(found)
        return Listed(found)

    return patched(os, "scandir", scanned)


def with_executor(_: str, __: Path) -> contextlib.AbstractContextManager[None]:
    """Articles read in threads."""

    @contextlib.contextmanager
    def threads(_: bool) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(4) as pool:
            yield pool

    return patched(workers, "executor_for", threads)


@contextlib.contextmanager
def with_cores(number: str, _: Path) -> Iterator[None]:
    before = pa.cpu_count()
    pa.set_cpu_count(int(number))
    yield
    pa.set_cpu_count(before)


CIRCUMSTANCES: dict[str, Callable[[str, Path], contextlib.AbstractContextManager[None]]] = {
    "zone": in_zone,
    "locale": in_locale,
    "mask": with_mask,
    "directory": in_directory,
    "clock": with_clock,
    "order": in_order,
    "executor": with_executor,
    "cores": with_cores,
    "share": lambda number, _: patched(pipeline, "FILES_AT_A_TIME", int(number)),
    "at_once": lambda number, _: patched(ahead, "AT_ONCE", int(number)),
}

if __name__ == "__main__":
    quicken(pytest.MonkeyPatch())
    listed = json.loads(sys.argv[2])
    print(json.dumps({name: elsewhere(Path(sys.argv[1]), n, how) for n, (name, how) in enumerate(listed.items())}))
