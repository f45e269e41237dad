"""The same tables, whoever reads the articles, in whatever order they finish, and whichever of them dies."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from jobs import alone, pipeline, workers
from jobs.__main__ import WRONG_USE, main
from jobs.pipeline import Sources, check_articles
from jobs.sources import read_sources
from jobs.spread import AHEAD, spread
from jobs.workers import Pool, chosen

ROOT = Path(__file__).parent.parent
TODAY = "2026-01-01"
ARTICLES = 40
SEED = 3


@pytest.fixture(scope="module")
def sources(corpus: Path) -> Sources:
    found, problems = read_sources(corpus)
    assert problems == []
    return found


@pytest.fixture(autouse=True)
def small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "FILES_AT_A_TIME", 2)
    monkeypatch.setattr(workers, "WORTH_A_POOL", 1)


def said(sources: Sources, executor: pipeline.Workers = None) -> tuple[Any, ...]:
    """All that wave one leaves."""
    checked = check_articles(sources, TODAY, executor)
    return checked.claims.tables, checked.problems, [key for key in checked.keys if key]


class Late(Executor):
    """Finishes in an order of its own; of some chunks it loses the result, some it does not take at all."""

    def __init__(self, seed: int) -> None:
        self.rng, self.waiting, self.most = random.Random(seed), list[tuple[Future[Any], Any, Any]](), 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if self.rng.random() < 0.1:
            raise BrokenExecutor
        future = Future[Any]()
        future.result = lambda timeout=None: self.finished(future)  # type: ignore[method-assign]
        self.waiting.append((future, fn, args))
        self.most = max(self.most, len(self.waiting))
        return future

    def finished(self, wanted: Future[Any]) -> Any:
        self.rng.shuffle(self.waiting)
        while not wanted.done():
            future, fn, args = self.waiting.pop()
            if self.rng.random() < 0.1:
                future.set_exception(BrokenExecutor())
            else:
                future.set_result(fn(*args))
        return Future.result(wanted)


def test_order_of_completion_and_losses_do_not_show(sources: Sources) -> None:
    due = said(sources)
    for seed in range(3):
        assert said(sources, Late(seed)) == due


def test_only_some_chunks_are_on_their_way_at_once() -> None:
    late = Late(1)
    assert list(spread(late, abs, range(-200, 0))) == list(range(200, 0, -1))
    assert 0 < late.most <= AHEAD


def test_a_defect_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        list(spread(Late(1), lambda n: 1 // n, [1, 0]))


def test_articles_travel_to_workers_that_see_other_files(sources: Sources) -> None:
    seen = []

    class Far(Executor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            seen.append({type(data) for _, _, data, _ in args[0]})
            future = Future[Any]()
            future.set_result(fn(*args))
            return future

    assert said(sources, Far()) == said(sources)
    assert seen == [{bytes}] * (ARTICLES // 2)


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles that this process reads itself: what is lost elsewhere is done here, and must not hide that."""
    read: list[str] = []
    check = alone.open_article

    def checking(path: str, *rest: Any) -> Any:
        read.append(path)
        return check(path, *rest)

    monkeypatch.setattr(alone, "open_article", checking)
    return read


@pytest.mark.parametrize(("name", "own"), [("process", 0), ("serial", ARTICLES)])
def test_the_executors_of_this_machine(name: str, own: int, sources: Sources, here: list[str]) -> None:
    with chosen(name) as executor:
        found = said(sources, executor)
    assert len(here) == own
    assert found == said(sources)


class Losing(Executor):
    """An executor that refuses some of the work and does not come back from some."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        number = args[0][0][0]
        if number == 0:
            raise RuntimeError("no more today")
        future: Future[Any] = Future()
        if number == 2:
            future.cancel()
        else:
            future.set_result(fn(*args, **kwargs))
        return future


def test_work_that_is_lost_is_counted_and_told(
    corpus: Path, sources: Sources, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check_articles(sources, TODAY, Losing()).lost == 2
    assert check_articles(sources, TODAY).lost == 0

    @contextmanager
    def chosen(name: str, fresh: bool) -> Iterator[Executor]:
        yield Losing()

    monkeypatch.setattr(workers, "chosen", chosen)
    assert main(["check", "--no-cache", "--sources", str(corpus)]) == 0
    assert "2 parts of the work did not come back from process; done by this process" in capsys.readouterr().err


def dying(number: int) -> int:
    """Kills its process the first time that it meets some numbers."""
    marker = Path(os.environ["OPENPEEL_TEST_MARKS"], str(number))
    if number % 7 == 3 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def test_processes_that_die_are_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENPEEL_TEST_MARKS", str(tmp_path))
    for number in (10, 17):
        (tmp_path / str(number)).touch()
    with Pool(2) as pool:
        assert list(spread(pool, dying, range(20))) == [n * n for n in range(20)]
    assert (tmp_path / "3").exists()


POOL = """
import sys, time
from jobs.workers import Pool

if __name__ == "__main__":
    with Pool(2) as pool:
        pool.started(fresh=sys.argv[1] == "copies")
        print(pool.submit(len, bytes(200_000)).result(), flush=True)
        time.sleep(60)
"""


@pytest.mark.parametrize("kind", ["copies", "anew"])
def test_processes_end_with_the_one_that_they_work_for_and_leave_nothing(kind: str, tmp_path: Path) -> None:
    command, environment = [sys.executable, "-c", POOL, kind], {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "200000\n"
            workers = psutil.Process(process.pid).children()
            assert len(list(tmp_path.glob("openpeel-*/*"))) == 1
        finally:
            process.kill()
    assert len(workers) >= 2
    for worker in workers:
        with suppress(psutil.TimeoutExpired):
            worker.wait(10)
    assert not [worker for worker in workers if worker.is_running() and worker.status() != psutil.STATUS_ZOMBIE]
    assert list(tmp_path.glob("openpeel-*")) == []


HALF = """
import os
from jobs.workers import Pool

if __name__ == "__main__":
    real, made = os.fork, []

    def fork():
        made.append(0)
        if len(made) == 2:
            raise BlockingIOError("no more today")
        return real()

    os.fork = fork
    with Pool(2) as pool:
        try:
            pool.started(fresh=True)
        except OSError as error:
            print(error)
        print(pool.submit(abs, -1).result())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are not copied")
def test_where_only_some_processes_can_be_started_others_are_started_anew() -> None:
    done = subprocess.run([sys.executable, "-c", HALF], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, "no more today\n1\n"), done.stderr


def test_a_scheduler_is_asked_for_before_anything_is_read(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.cluster.PATIENCE", 1)
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path / "cache"))
    assert main(["check", "--sources", str(corpus)]) == 0
    assert main(["check", "--sources", str(corpus), "--executor", "dask:tcp://127.0.0.1:9"]) == WRONG_USE


@pytest.mark.parametrize("name", ["dask:", "threads", "dask"])
def test_a_name_that_is_none_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--executor", name]) == WRONG_USE
    assert f"'{name}' is not process, serial or dask:ADDRESS" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nonsense://x"])
def test_a_scheduler_that_is_not_there(
    address: str, corpus: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.cluster.PATIENCE", 1)
    assert main(["check", "--sources", str(corpus), "--executor", f"dask:{address}"]) == WRONG_USE
    assert f"there is no Dask scheduler at {address}" in capsys.readouterr().err


@contextmanager
def ended(*command: str, cwd: Path) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    with (cwd / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", *command], cwd=cwd, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def address_of(file: Path) -> str:
    """The address that a scheduler has written into a file, once it has."""
    import json

    for _ in range(600):
        if file.exists() and file.read_text().strip().endswith("}"):
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.1)
    raise AssertionError("the scheduler does not start")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("victim", [0, 1])
def test_a_cluster_one_of_whose_workers_is_killed(
    victim: int, sources: Sources, tmp_path: Path, here: list[str]
) -> None:
    """Two workers in folders of their own, of which one dies when both have begun to work; the other does the rest.

    Either may hold the code lists, so each is killed once; this process does nothing of it.
    """
    folders = [tmp_path / name for name in ("scheduler", "one", "two")]
    for folder in folders:
        folder.mkdir()
    told = tmp_path / "scheduler.json"
    scheduler = ("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    with ended(*scheduler, "--host", "127.0.0.1", cwd=folders[0]):
        address = address_of(told)
        worker = ("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        with ended(*worker, cwd=folders[1]) as one, ended(*worker, cwd=folders[2]) as two:
            killed = (one, two)[victim]
            with chosen(f"dask:{address}") as executor:
                done: list[int] = []

                def tick(number: int) -> None:
                    done.append(number)
                    if len(done) == 4:
                        killed.kill()

                checked = check_articles(sources, TODAY, executor, tick)
            assert killed.wait() == -signal.SIGKILL
            assert here == []
            due = check_articles(sources, TODAY)
            assert checked.claims.tables == due.claims.tables
            assert (checked.problems, list(checked.keys)) == (due.problems, list(due.keys))


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_whose_scheduler_is_killed(
    sources: Sources, tmp_path: Path, here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows any more what its worker has done: this process does what has not come back, and counts it."""
    monkeypatch.setattr("jobs.cluster.PATIENCE", 3)
    told = tmp_path / "scheduler.json"
    scheduler = ("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    with ended(*scheduler, "--host", "127.0.0.1", cwd=tmp_path) as killed:
        address = address_of(told)
        worker = ("distributed.cli.dask_worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        folder = tmp_path / "worker"
        folder.mkdir()
        with ended(*worker, cwd=folder), chosen(f"dask:{address}") as executor:

            def tick(number: int) -> None:
                if number:
                    killed.kill()

            checked = check_articles(sources, TODAY, executor, tick)
        assert killed.wait() == -signal.SIGKILL
        assert 0 < checked.lost < ARTICLES // 2
        assert len(here) == 2 * checked.lost
        assert checked.claims.tables == check_articles(sources, TODAY).claims.tables


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_runs_something_else_is_refused(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = tmp_path / "scheduler.json"
    scheduler = ("distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(told))
    with ended(*scheduler, "--host", "127.0.0.1", cwd=tmp_path):
        address = address_of(told)
        with ended("distributed.cli.dask_worker", address, "--no-nanny", "--no-dashboard", cwd=tmp_path):
            monkeypatch.setattr("jobs.cluster.code_version", lambda: "another")
            assert main(["check", "--sources", str(corpus), "--executor", f"dask:{address}"]) == WRONG_USE
            assert "runs another version of openpeel" in capsys.readouterr().err


@pytest.mark.parametrize("module", ["jobs.workers", "jobs.alone", "jobs.pipeline"])
def test_whoever_works_on_articles_imports_no_pandas(module: str) -> None:
    """Arrow would, with its first array, in each process."""
    code = f"import sys, {module}, pyarrow as pa; pa.array(['a']).to_numpy(False); print('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"
