"""The process that looks and checks beside a build: what it tells is so, and nothing depends on it or is left of it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from jobs.entries import WIDTH, Stored, looks_at
from jobs.kept.aside import aside_of
from jobs.kept.index import NOTHING, open_index, with_keys, write_index
from jobs.sources import begin_sources, read_sources
from tests.helpers import HEAD, ROOT, source_folder

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2, reason="there is none on such a machine"
)
ARTICLES = 120
SEED = 5
NAMES = [f"kent-2024-0{number}-times.yaml" for number in range(1, 6)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return source_folder(tmp_path / "s", dict.fromkeys(NAMES, HEAD))


def python(program: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """A program in a process that has imported nothing yet."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )


BEGIN = """
import os, signal, sys, time
from pathlib import Path
from jobs.kept.aside import aside_of
aside = aside_of(Path(sys.argv[1]))
looks = aside.looked()
children = Path(f"/proc/self/task/{os.getpid()}/children")
(child,) = map(int, children.read_text().split())
"""


def test_it_sees_what_stands_there_and_answers(folder: Path) -> None:
    told = python(BEGIN + "print(*looks.names, len(looks.numbers), aside.asked(os.getpid) == child)", folder)
    assert told.stdout.split() == [*NAMES, str(len(NAMES) * WIDTH), "True"], told.stderr


def test_it_imports_what_checks_take_and_this_process_does_not(folder: Path) -> None:
    program = "print('pandas' in sys.modules, aside.asked(eval, \"'pandas' in __import__('sys').modules\"))"
    assert python(BEGIN + program, folder).stdout.split() == ["False", "True"]


@pytest.mark.parametrize(
    "harm",
    [
        "os.kill(child, signal.SIGKILL)",
        "os.kill(child, signal.SIGKILL); time.sleep(0.2)",
        "aside.close()",
        "aside.asked(int)",
        "os.kill(child, signal.SIGSTOP); sys.modules['jobs.kept.aside'].PATIENCE = 0.3",
    ],
)
def test_what_it_was_asked_is_done_here_if_it_is_lost(harm: str, folder: Path) -> None:
    told = python(f"{BEGIN}\n{harm}\nprint(aside.asked(os.getpid) == os.getpid(), children.read_text())", folder)
    assert told.stdout.split() == ["True"], told.stderr


def test_what_fails_there_fails_here_as_well(folder: Path) -> None:
    told = python(f"{BEGIN}\naside.asked(int, 'none')", folder)
    assert "ValueError: invalid literal for int() with base 10: 'none'" in told.stderr
    assert told.stderr.count("Traceback") == 1


def test_what_is_wrong_in_a_table_is_told(folder: Path) -> None:
    program = """
import pyarrow as pa
from jobs.describe import arrow_schema
from jobs.kept.aside import check
rows = [{"unit_id": "a-unit", "unit_name": "A unit", "note": "=none"}]
tables = {"units": pa.Table.from_pylist(rows, schema=arrow_schema("units"))}
print(*{breach.table for breach in aside.asked(check, tables, ("units",))})
"""
    told = python(BEGIN + program, folder)
    assert told.stdout.split() == ["units"], told.stderr


@pytest.mark.parametrize("how", ["aside.close()", "aside.asked(int)", "del aside"])
def test_nothing_is_left_of_it(how: str, folder: Path) -> None:
    opened = "len(os.listdir('/proc/self/fd'))"
    program = f"{BEGIN}\nbefore = {opened}\n{how}\nprint(before - {opened}, children.read_text())\nos.waitpid(-1, 0)"
    told = python(program, folder)
    assert told.stdout.split() == ["1"]
    assert "ChildProcessError" in told.stderr


def test_an_interruption_is_for_the_first_process(folder: Path) -> None:
    program = (
        "os.kill(child, signal.SIGINT); print(aside.asked(os.getpid) == child); os.kill(os.getpid(), signal.SIGINT)"
    )
    told = python(BEGIN + program, folder)
    assert told.stdout.split() == ["True"]
    assert told.stderr.count("KeyboardInterrupt") == 1


def test_it_ends_with_a_process_that_is_killed(folder: Path) -> None:
    told = python(BEGIN + "print(child, flush=True); os.kill(os.getpid(), signal.SIGKILL)", folder)
    child = int(told.stdout)
    for _ in range(200):
        if not alive(child):
            return
        time.sleep(0.05)
    raise AssertionError("it lives on")


def alive(process: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def test_a_process_with_threads_has_none(folder: Path) -> None:
    assert aside_of(folder) is None  # this one has imported pyarrow, and threads of it may run
    program = """
import sys
from pathlib import Path
from threading import Event, Thread
from jobs.kept.aside import aside_of
stop = Event()
Thread(target=stop.wait).start()
print(aside_of(Path(sys.argv[1])))
stop.set()
"""
    assert python(program, folder).stdout.split() == ["None"]


def test_what_was_seen_at_once_is_what_is_read_one_by_one(folder: Path) -> None:
    sources, problems = read_sources(folder)
    ids = [name.removesuffix(".yaml") for name in NAMES]
    seen, told = begin_sources(folder, sound=ids, looks=lambda: looks_at(folder / "articles"))
    assert isinstance(seen.articles, Stored)
    assert [*seen.articles] == sources.articles
    assert seen.articles[-1] == sources.articles[-1]
    assert seen.articles[1:3] == sources.articles[1:3]
    assert (seen.codelists, seen.pins, told()) == (sources.codelists, sources.pins, problems)


@pytest.mark.parametrize("entry", ["kent-2025-01-times.yaml", "notes.txt", ".hidden"])
@pytest.mark.parametrize("kind", ["file", "folder", "link", "large"])
def test_anything_else_is_looked_at_one_by_one(kind: str, entry: str, folder: Path) -> None:
    place = folder / "articles" / entry
    if kind == "folder":
        place.mkdir()
    elif kind == "link":
        place.symlink_to("nowhere")
    else:
        place.write_bytes(b"#" * (2_000_000 if kind == "large" else 1))
    ids = [name.removesuffix(".yaml") for name in (*NAMES, *([entry] if kind != "file" else []))]
    seen = read_sources(folder, sound=ids, looks=lambda: looks_at(folder / "articles"))
    assert not isinstance(seen[0].articles, Stored)
    assert seen == read_sources(folder, sound=ids)


def test_a_file_that_is_gone_when_it_is_looked_at_is_told_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stat = os.stat

    def gone(path: str, *, follow_symlinks: bool = True) -> os.stat_result:
        if path.endswith(NAMES[2]):
            raise FileNotFoundError
        return stat(path, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(os, "stat", gone)
    looks = looks_at(folder / "articles")
    assert looks.names == NAMES
    assert not any(looks.numbers[2 * WIDTH : 3 * WIDTH])
    assert looks_at(folder / "nowhere").names == []


def test_what_the_index_knows_is_the_same(folder: Path, cache_home: Path) -> None:
    pins = folder / "evidence"
    pins.mkdir(exist_ok=True)
    (pins / NAMES[3].replace(".yaml", ".json")).write_text("{}")
    ids = [name.removesuffix(".yaml") for name in NAMES]
    read, _ = read_sources(folder)
    seen, _ = read_sources(folder, sound=ids, looks=lambda: looks_at(folder / "articles"))
    assert isinstance(seen.articles, Stored)
    one, other = (with_keys(folder, sources, NOTHING, 1).keys for sources in (read, seen))
    assert one == other
    assert all(one)
    for given in (read, seen):
        write_index(folder, given, one, 1)
        found = open_index(folder)
        assert ([*found.ids], found.keys) == (ids, one)
        assert found.numbers[:, 1].tolist() == [(folder / "articles" / name).stat().st_ino for name in NAMES]
        assert np.flatnonzero(found.numbers[:, 5:].any(axis=1)).tolist() == [3]


def test_a_build_after_a_change_is_the_same_in_a_new_process(corpus: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(corpus, tmp_path / "sources"))
    program = "import sys; from jobs.__main__ import main; print(main(sys.argv[1:]), 'pandas' in sys.modules)"

    def built(name: str, *options: str) -> tuple[str, dict[str, bytes]]:
        arguments = ("build", "--sources", folder, "--out", tmp_path / name, *options)
        told = python(program, *arguments, OPENPEEL_CACHE=str(tmp_path / "cache"))
        return told.stdout, {file.name: file.read_bytes() for file in (tmp_path / name).iterdir()}

    told, before = built("out")
    assert told == "0 True\n"
    articles = sorted((folder / "articles").iterdir())
    article = next(file for file in articles if "    summary: " in file.read_text("utf-8"))
    article.write_text(article.read_text("utf-8").replace("    summary: ", "    summary: Now ", 1), "utf-8")
    told, again = built("out")
    assert told == "0 False\n"  # the other process has checked what changed
    assert again != before
    assert built("cold", "--no-cache") == ("0 True\n", again)
