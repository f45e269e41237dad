"""The fast parser: YAML -> JSON, for texts that are so plain that it can be trusted with them.

What it cannot be trusted with, and what it may have made of that, is looked for in all texts at once.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import compress
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import ryml

_FOREIGN: Final = "|".join(
    (
        r"[\t\\]|<<",  # tabs, escapes, merge keys
        r"(?:\A|\n)(?:---|\.\.\.)",  # documents
        r"(?:\A|[\n\-:,?\[{])[ \t-\r]*[&*!%@`?\[\]{}]",  # a value that is neither plain nor quoted nor a block
        r"(?:\A|[\n\-:,?\[{])[ \t-\r]*[|>](?:[^\-]|-[^\n]|-?\z)",  # a block that does not just end where its text does
        r"[ \t-\r\-:,\[+]\.[0-9]",  # a number without a digit before its point: the parser would add one
    )
)
"""What no plain text (UTF-8, screened) has; these are expressions of Arrow, on bytes."""
_SPACE: Final = r"[ \t-\r]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
"""Any character that counts as space, in UTF-8."""
_ODD: Final = "|".join(
    (
        rf'": (?:null|"(?:"|:|{_SPACE}))',  # texts that are or may be empty, or would spoil the counting of keys
        r'": "-?\.(?:inf|nan)"|"-?\.(?:inf|nan)":',  # what the parser may have made of something else
    )
)
_ROUND: Final = r"\.0[\n,]"
"""A number to which the parser may have added its last digit."""
_LAST_POINT: Final = r"[0-9]\.[ \t]*(?:#|\r?\n|\z)"
"""Where a number may end in its point."""
_BARE_NUMBER = re.compile(rb'": (?=[-0-9])(?<!\\": )(-?[0-9][^",\n}\]]*)')

_ROOM: Final = 2
"""Bytes of JSON at most for each byte of a text; what needs more is left to others."""
_STANDARD_ERROR: Final = Lock()


def as_json(texts: Sequence[bytes]) -> list[bytes | None]:
    """Each article as JSON, None where the text (UTF-8, screened) is not so plain that the parser can be trusted.

    All single values are texts. What they stand for, and whether any key comes twice, has not been looked at.
    Call it within `quiet`: of a broken text the parser prints what it also raises.
    """
    parser = _Parser()
    made = [None if odd else parser.json(text) for text, odd in zip(texts, _having(_FOREIGN, texts), strict=True)]
    doubted: list[int] = np.flatnonzero(_having(f"{_ODD}|{_ROUND}", made)).tolist()
    wrong = _having(_ODD, [made[n] for n in doubted]) | _having(_LAST_POINT, [texts[n] for n in doubted])
    for number in compress(doubted, wrong):
        made[number] = None
    return [_quoted(content) if content is not None else None for content in made]


def _having(expression: str, texts: Sequence[bytes | None]) -> npt.NDArray[np.bool_]:
    """Which texts have something in them; where there is no text there is nothing."""
    found = np.asarray(pc.match_substring_regex(_in_a_row([text or b"" for text in texts]), expression))
    there: npt.NDArray[np.bool_] = found & np.fromiter((text is not None for text in texts), np.bool_, len(texts))
    return there


def _in_a_row(texts: Sequence[bytes]) -> pa.Array:
    """The texts for Arrow, which by itself would grow their room again and again."""
    ends = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(pa.large_binary(), len(texts), buffers)


def _quoted(content: bytes) -> bytes:
    """JSON with its numbers as texts."""
    pieces = _BARE_NUMBER.split(content)
    pieces[1::2] = [b'": "%b"' % number for number in pieces[1::2]]
    return b"".join(pieces)


class _Parser:
    """The parser, with the room that it takes for one text after the other."""

    def __init__(self) -> None:
        self._tree, self._room = ryml.Tree(), bytearray()

    def json(self, text: bytes) -> bytes | None:
        """What the parser makes of a text, numbers as they are; None where it takes it for broken."""
        try:
            return self._parsed(text) or b"{}"
        except (ryml.ExceptionBasic, ryml.ExceptionParse, ryml.ExceptionVisit, ValueError, IndexError):
            self._tree = ryml.Tree()
            return None

    def _parsed(self, text: bytes) -> bytes:
        if len(self._room) < _ROOM * len(text) + 1_000:
            self._room = bytearray(_ROOM * len(text) + 1_000)
        self._tree.clear()
        self._tree.clear_arena()
        ryml.parse_in_arena(text, tree=self._tree)
        made = bytes(ryml.emit_json_in_place(self._tree, self._room))
        if len(made) > _ROOM * len(text) + 1_000:  # whatever room the texts before have needed
            raise ValueError
        return made


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps what the fast parser prints of a broken text, besides raising, off the standard error.

    One thread at a time, since the standard error is one for all.
    """
    with _STANDARD_ERROR:
        yield from _without_standard_error()


def _without_standard_error() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # it is closed already
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
