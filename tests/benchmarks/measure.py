"""A command -> what one run of it took: a process of its own, measured from outside."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
"""The checkout that is measured; commands run there, so that its modules are the ones imported."""

SAMPLE_EVERY: Final = 0.02
"""Seconds between two looks at the memory of a process tree, at least."""
SHARE: Final = 0.01
"""Of the time of one core that these looks take at most, or who uses all cores would be slowed down by them."""
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")


class Run(NamedTuple):
    """One run of a command.

    wall: seconds on the clock; cpu: seconds of processor time, user and system, children included; peak: bytes resident
    in all its processes together, at most (what they share counts for each of them, so it is an upper bound); maxrss:
    bytes resident in the largest single process, at most, as the kernel kept it; output: what it printed, one line a
    run where several are taken together.
    """

    wall: float
    cpu: float
    peak: int
    maxrss: int
    output: str

    @classmethod
    def middle(cls, runs: Sequence["Run"]) -> "Run":
        """The medians of several runs, with the output of all."""
        wall, cpu = median(run.wall for run in runs), median(run.cpu for run in runs)
        peak, maxrss = median(run.peak for run in runs), median(run.maxrss for run in runs)
        return cls(wall, cpu, int(peak), int(maxrss), "".join(run.output for run in runs))


class FailedError(Exception):
    """A command did not end as it should."""


class Command(NamedTuple):
    """What is run: arguments, the exit status that it must have, what is done before each run (and not measured).

    cache: where it keeps what it found out; nowhere unless said otherwise; times: how often it is run in each round, since
    what is short differs more between its runs.
    """

    arguments: Sequence[str]
    expected: int = 0
    before: Callable[[], object] = lambda: None
    cache: str = ""
    times: int = 1


def run(command: Sequence[str], expected: int = 0, cache: str = "") -> Run:
    """Runs a command and measures it. Raises FailedError if its exit status is not the expected one."""
    environment = {**os.environ, "OPENPEEL_CACHE": cache}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.stop()
        out.seek(0)
        err.seek(0)
        if process.returncode != expected:
            said = (err.read() + out.read()).decode(errors="replace")
            raise FailedError(f"{' '.join(command)}: exit status {process.returncode}\n{said[-2000:]}")
        maxrss = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        cpu = usage.ru_utime + usage.ru_stime
        return Run(wall, cpu, max(sampler.peak, maxrss), maxrss, out.read().decode(errors="replace"))


class _Sampler(threading.Thread):
    """Looks at the memory of a process and its descendants until it is stopped; Linux only, elsewhere it sees nothing."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self._done = pid, 0, threading.Event()

    def run(self) -> None:
        pause = SAMPLE_EVERY
        while not self._done.wait(pause):
            before = time.thread_time()
            self.peak = max(self.peak, sum(_resident(pid) for pid in _tree(self.pid)))
            pause = max(SAMPLE_EVERY, (time.thread_time() - before) / SHARE)

    def stop(self) -> None:
        """Ends the thread."""
        self._done.set()
        self.join()


def _tree(pid: int) -> list[int]:
    pids = [pid]
    for parent in pids:  # grows while it is walked
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                pids += map(int, (task / "children").read_text().split())
        except OSError:
            continue
    return pids


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def interleaved(commands: Mapping[str, Command], rounds: int) -> dict[str, Run]:
    """The medians of several runs of each command, taken in turns so that a busy minute slows down all of them."""
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            for _ in range(command.times):
                command.before()
                runs[name].append(run(command.arguments, command.expected, command.cache))
    return {name: Run.middle(found) for name, found in runs.items()}
