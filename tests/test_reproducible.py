"""The same sources give the same bytes of every file, wherever, whenever and in whatever order they are read."""

import json
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pytest
import yaml

from jobs import alone, pipeline
from jobs.describe import describe
from jobs.pipeline import Sources
from jobs.scalars import NOT_HELD
from jobs.sources import read_sources
from schemas.article import SECTIONS
from schemas.tables import TABLES
from tests.cases import EVER, REAL
from tests.publishing import ROOT, state

PLACES = {
    "another zone, language and seed": {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"},
    "yet another": {
        "TZ": "America/St_Johns",
        "LC_ALL": "C.UTF-8",
        "PYTHONHASHSEED": "4711",
        "SOURCE_DATE_EPOCH": "4102444800",
    },
}


@cache
def sources() -> Sources:
    found, problems = read_sources(REAL)
    assert problems == []
    return found


@cache
def due() -> dict[str, bytes]:
    return run(sources())


def run(given: Sources, executor: Executor | None = None) -> dict[str, bytes]:
    files, problems = pipeline.run(given, EVER, executor)
    assert problems == []
    return files


def copied(folder: Path) -> Path:
    """The sources, their files made in the opposite order."""
    paths = sorted((path for path in REAL.rglob("*") if path.is_file()), reverse=True)
    for path in paths:
        copy = folder / path.relative_to(REAL)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
        os.utime(copy, (0, 0))
    return folder


@pytest.mark.parametrize("place", PLACES)
def test_a_build_elsewhere_gives_the_same_bytes(place: str, tmp_path: Path) -> None:
    """Zone, language, hash seed, day, rights of new files, working directory and order on the disk, all at once."""
    relative = copied(tmp_path / "work" / "sources").relative_to(tmp_path / "work")
    mask = "077" if place == "yet another" else "000"
    code = f"import os; os.umask(0o{mask}); from jobs.__main__ import command; command()"
    command = [sys.executable, "-c", code, "build", "--quiet", "--sources", str(relative), "--out", "made/out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **PLACES[place]}
    ran = subprocess.run(command, cwd=tmp_path / "work", env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    made = state(tmp_path / "work" / "made" / "out") or {}
    made.pop("SHA256SUMS")
    assert made.keys() == due().keys()
    assert [name for name, data in made.items() if data != due()[name]] == []


def test_a_second_run_in_one_process_gives_the_same_bytes() -> None:
    assert len(due()) == 2 * len(TABLES)
    assert run(sources()) == due()


@pytest.mark.parametrize("kind", ["threads", "processes", "none"])
def test_workers_and_the_size_of_their_shares_do_not_show(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "FILES_AT_A_TIME", 1)
    if kind == "none":
        assert run(sources()) == due()
        return
    pool = ThreadPoolExecutor(4) if kind == "threads" else ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    with pool:
        assert run(sources(), pool) == due()


def test_threads_that_read_at_once_do_not_lose_the_standard_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any executor may map the work: what a thread does to the whole process must not outlast it."""
    first_is_in, second_is_in, first_is_out = threading.Event(), threading.Event(), threading.Event()
    check = alone.open_article

    def checking(path: str, *rest: Any) -> Any:
        if path == first[0]:
            first_is_in.set()
            second_is_in.wait(1)
        else:
            second_is_in.set()
            first_is_out.wait(1)
        return check(path, *rest)

    def claiming(article: tuple[str, bytes]) -> None:
        if article == second:
            first_is_in.wait(1)
        alone.claims_of([(0, *article, None)], pickle.dumps(None), EVER)
        first_is_out.set()

    monkeypatch.setattr(alone, "open_article", checking)
    first, second, *_ = sources().articles
    before, kept = os.fstat(2), os.dup(2)
    try:
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(claiming, (first, second)))
        after = os.fstat(2)
    finally:
        os.dup2(kept, 2)
        os.close(kept)
    assert second_is_in.is_set()
    assert (after.st_dev, after.st_ino, after.st_rdev) == (before.st_dev, before.st_ino, before.st_rdev)


def reversed_items(data: bytes) -> bytes:
    """An article with the items of each section in the opposite order, and without its text; JSON is YAML.

    Without, since pins of items that are alike are told apart by their order.
    """
    article = yaml.load(data, Loader=yaml.BaseLoader) | {"text": NOT_HELD}
    for section in SECTIONS:
        if section in article:
            article[section].reverse()
    return json.dumps(article, ensure_ascii=False, indent=1).encode()


def ids(files: dict[str, bytes]) -> dict[str, list[list[str]]]:
    """The keys of every table, in the order of its rows."""
    tables = {name: pa.csv.read_csv(pa.BufferReader(files[f"{name}.csv"])) for name in TABLES}
    return {name: [table[key].to_pylist() for key in describe(name).key] for name, table in tables.items()}


def test_the_order_of_items_in_an_article_and_of_articles_does_not_change_ids() -> None:
    given = sources()
    turned = [(path, reversed_items(Path(path).read_bytes())) for path, _ in reversed(given.articles)]
    assert turned[0][1] != Path(turned[0][0]).read_bytes()
    files = run(given._replace(articles=turned, codelists=dict(reversed(given.codelists.items())), pins={}))
    assert ids(files) == ids(due())
    assert sum(len(rows) for keys in ids(files).values() for rows in keys[:1]) > 300


def test_the_order_of_articles_and_lists_alone_changes_no_fact() -> None:
    given = sources()
    backwards, lists = list(reversed(given.articles)), dict(reversed(given.codelists.items()))
    files = run(given._replace(articles=backwards, codelists=lists, pins=dict(reversed(list(given.pins.items())))))
    assert [name for name in files if files[name] != due()[name]] == []
