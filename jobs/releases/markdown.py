"""Any text -> Markdown that shows it and does nothing else: no link, no mention, no markup, no HTML, no new line."""

import re
from typing import Final

from jobs.problems import escaped

_MARKS: Final = re.compile(r"([\\`*_\[\]<>~|&$#!]|:(?=\S)|(?<=www)\.)", re.IGNORECASE)
"""What means something inside a line."""
_SPACES: Final = re.compile(r"\s+")
_WIDTH: Final = 400


def code(text: str) -> str:
    """A text as code: the one place where nothing in it means anything."""
    line = _line(text)
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") or not line else ""
    return f"{fence}{space}{line}{space}{fence}"


def cell(text: str) -> str:
    """A text as code in a cell of a table, where a backslash before a bar could not be told from an escaped bar."""
    return code(text).replace("|", "¦" if "\\" in text else "\\|")


def prose(text: str) -> str:
    """A text as it is read in a sentence."""
    return _MARKS.sub(r"\\\1", _line(text).replace("@", "(at)"))


def link(text: str, address: str) -> str:
    """A text that leads to a web address."""
    for mark in "<>\\":
        address = address.replace(mark, f"%{ord(mark):02X}")
    return f"[{prose(text)}](<{_SPACES.sub('', address)}>)"


def _line(text: str) -> str:
    """In one line of bearable length, without what plays tricks on readers."""
    line = escaped(" ".join(text.split()))
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
