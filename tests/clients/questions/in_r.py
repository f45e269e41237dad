"""The ten questions in R, with its own `read.csv` and with readr."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from schemas.tables import ALL_TABLES
from tests.clients import r

Answers = Mapping[str, list[tuple[Any, ...]]]

_SCRIPT: Final = Path(__file__).with_name("questions.R")


def with_base(folder: Path) -> Answers:
    """`read.csv`."""
    return _answers("read.csv", folder)


def with_readr(folder: Path) -> Answers:
    """`readr::read_csv`."""
    return _answers("readr", folder)


def _answers(reader: str, folder: Path) -> Answers:
    held = r.asked(reader, folder, list(ALL_TABLES), _SCRIPT)
    return {name: list(zip(*columns.values(), strict=True)) for name, columns in held.items()}
