"""Code as a reader runs it: a text in a language, in a folder of the reader's own -> what it prints."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import duckdb

PROGRAMS: Final = str(Path(sys.executable).parent)
"""Where the commands of the environment are, as for somebody who has activated it."""


def ran(text: str, language: str, folder: Path, path: str = "") -> str:
    """What it prints; path: folders of commands that come before all others. Fails where the code does.

    What programs keep for themselves stands beside the folder, so that none of them meets another of its kind.
    """
    home = folder.with_name(f"{folder.name}-home")
    home.mkdir(exist_ok=True)
    return LANGUAGES[language](text, folder, _environment(path) | {"HOME": str(home)})


def _environment(path: str) -> dict[str, str]:
    folders = [*filter(None, (path,)), PROGRAMS, os.environ["PATH"]]
    kept = {n: value for n, value in os.environ.items() if not n.lower().endswith("_proxy") and n[:4] != "XDG_"}
    return kept | {"PATH": os.pathsep.join(folders), "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def _run(command: list[str], folder: Path, environment: Mapping[str, str]) -> str:
    ran = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def _in_shell(text: str, folder: Path, environment: Mapping[str, str]) -> str:
    return _run(["bash", "-euo", "pipefail", "-c", text], folder, environment)


def _in_python(text: str, folder: Path, environment: Mapping[str, str]) -> str:
    return _run([sys.executable, "-W", "error", "-c", text], folder, environment)


def _in_r(text: str, folder: Path, environment: Mapping[str, str]) -> str:
    return _run(["Rscript", "-e", text], folder, environment)


def _in_duckdb(text: str, folder: Path, _: Mapping[str, str]) -> str:
    """In the library, since the command `duckdb` is no Python package."""
    with duckdb.connect(config={"file_search_path": str(folder)}) as connection:
        return "\n".join(map(str, connection.execute(text).fetchall()))


LANGUAGES: Final[dict[str, Callable[[str, Path, Mapping[str, str]], str]]] = {
    "sh": _in_shell,
    "python": _in_python,
    "r": _in_r,
    "sql": _in_duckdb,
}
