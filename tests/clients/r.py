"""R, with its own `read.csv` and with readr: the tables in a folder -> what R holds."""

import datetime as dt
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

Columns = dict[str, list[object]]

_SCRIPT: Final = Path(__file__).with_name("read_tables.R")
_CLASSES: Final[dict[str, Callable[[str], object]]] = {
    "logical": lambda text: text == "TRUE",
    "integer": int,
    "numeric": float,
    "character": str,
    "Date": dt.date.fromisoformat,
}


@cache
def missing_r() -> str:
    """Why R cannot be asked."""
    return "" if shutil.which("Rscript") else "R is not installed (apt: r-base-core)"


@cache
def missing_readr() -> str:
    """Why readr cannot be asked."""
    if missing_r():
        return missing_r()
    found = subprocess.run(["Rscript", "-e", "library(readr)"], capture_output=True, check=False).returncode == 0
    return "" if found else "R's readr is not installed (apt: r-cran-readr)"


def read(reader: str, folder: Path, names: list[str]) -> dict[str, Columns]:
    """What R holds; reader: `read.csv` or `readr`."""
    _run([reader, str(folder), *names])
    return {name: _columns(folder / f"{name}.cells") for name in names}


def asked(reader: str, folder: Path, names: list[str], questions: Path) -> dict[str, Columns]:
    """What R answers to the functions in a file; reader: `read.csv` or `readr`."""
    _run([reader, str(folder), *names, "--questions", str(questions)])
    return {path.stem: _columns(path) for path in sorted(folder.glob("*.cells"))}


def _run(arguments: list[str]) -> None:
    command, environment = ["Rscript", str(_SCRIPT), *arguments], {**os.environ, "LC_ALL": "C.UTF-8"}
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert (ran.returncode, ran.stderr) == (0, "")


def _columns(path: Path) -> Columns:
    columns: Columns = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, kind, *cells = line.split("\t")
        columns[name] = [None if cell == "\x01" else _CLASSES.get(kind, str)(cell) for cell in cells]
    return columns
