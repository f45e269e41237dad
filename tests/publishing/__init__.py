"""Publishing under faults: states of a folder, and a small program that is struck at a chosen system call."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[2]
CHILD: Final = Path(__file__).with_name("child.py")
FAMILIES: Final = {
    "open": ("openat",),
    "write": ("write",),
    "flush": ("fsync",),
    "rename": ("rename", "renameat", "renameat2"),
    "mkdir": ("mkdir", "mkdirat"),
    "chmod": ("chmod", "fchmod", "fchmodat"),
    "remove": ("unlink", "unlinkat", "rmdir"),
    "lock": ("flock",),
}
"""The system calls of the publishing step; what they are called differs from machine to machine."""
LINKS: Final = ("symlink", "symlinkat")
"""Those that make links: only stores do."""

State = dict[str, bytes]


class Point(NamedTuple):
    """The n-th time that a program makes a system call, from 1."""

    call: str
    number: int


def files(word: str) -> State:
    """What a run publishes: three files, one of them empty; another set of names for each word."""
    return {"grades.csv": f"grade\n{word}\n".encode() * 1000, f"{word}.csv": b"", "metrics.parquet": word.encode()}


def state(folder: Path) -> State | None:
    """The bytes of every file below a folder; None where there is no such folder."""
    if not folder.is_dir():
        return None
    paths = [path for path in folder.rglob("*") if not path.is_dir()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(paths)}


def beside(folder: Path) -> list[str]:
    """What stands beside a folder."""
    return sorted(entry.name for entry in folder.parent.iterdir() if entry.name != folder.name)


@cache
def missing_strace() -> str:
    """Why no fault can be injected here."""
    if not shutil.which("strace"):
        return "strace is not installed (apt: strace)"
    command = ["strace", "-f", "-o", os.devnull, "-e", "trace=fsync", "-e", "inject=fsync:error=EIO", "true"]
    traced = subprocess.run(command, capture_output=True, check=False).returncode == 0
    return "" if traced else "strace may not trace programs on this machine"


def struck(command: list[str], faults: list[str], log: Path) -> int:
    """Runs a program with faults, as strace's `inject=` writes them; the calls that it made are in the log.

    Returns its exit status; -9 where it was killed. (Not with `--seccomp-bpf`: strace 6.1 then loses injected signals.)
    """
    calls = ",".join(f"?{call}" for family in (*FAMILIES.values(), LINKS) for call in family)
    options = ["strace", "-f", "-qq", "-o", str(log), "-e", f"trace={calls},?access,?faccessat,?faccessat2"]
    for fault in faults:
        options += ["-e", f"inject={fault}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run([*options, *command], env=environment, capture_output=True, check=False, timeout=300)
    return ran.returncode


def child(target: Path, word: str) -> list[str]:
    """The command that publishes `files(word)`, and imports nothing else, so that it starts fast."""
    return [sys.executable, "-S", str(CHILD), str(target), word]


def points(log: Path, family: str) -> list[Point]:
    """Where faults can strike: each call of a family (or `link`) that the logged child made while it published."""
    calls = FAMILIES.get(family, LINKS)
    made: Counter[str] = Counter()
    found = []
    publishing = False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        publishing = publishing or "publishing begins" in line
        call = re.match(r"\d+\s+(\w+)\(", line)
        if call and call[1] in calls:
            made[call[1]] += 1
            found += [Point(call[1], made[call[1]])] if publishing else []
    return found
