"""Bytes of a source file -> its text in NFC, or a problem for each byte and character that must not be there."""

import re
import unicodedata
from itertools import islice
from typing import Final, NamedTuple

_MARKS: Final = {
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\xfe\xff": "UTF-16",
    b"\xff\xfe": "UTF-16",
    b"\xef\xbb\xbf": "UTF-8",
}

_CONTROL = (
    r"\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufff9-\uffff\ud800-\udfff\ufdd0-\ufdef\ue000-\uf8ff\U000f0000-\U0010ffff"
)
_INVISIBLE = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_FORBIDDEN = re.compile(f"[{_CONTROL}{_INVISIBLE}]")
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")


_PLAIN: Final = bytes([9, 10, *range(32, 127)])
_FAMILIAR: Final = frozenset("‘’“”–—…£€àâêîôûŵŷáéíóúẃýäëïöüẅÿèìòùçñÁÉÎÔŴŶ·")
"""Characters that need no second look: visible, composed, and in every other article."""


MAX_SPOTS: Final = 1_000
"""Places looked for in one file; a file with more is not a text."""


class Spot(NamedTuple):
    """A problem of the bare text: line and column from 1, code and message."""

    line: int
    column: int
    code: str
    message: str
    hint: str = ""


def familiar(data: bytes) -> bool:
    """Whether a file is in UTF-8 and of nothing but characters that need no second look, so that it is its text."""
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return _FAMILIAR.issuperset(data.translate(None, _PLAIN).decode())  # without its ASCII it is UTF-8 still


def screen(data: bytes) -> tuple[str, list[Spot]]:
    """The text of a file, without the characters that must not be there, and a spot for each of these.

    Lines end in LF (CRLF is taken for it); letters are in Unicode normalisation form C.
    """
    if familiar(data):
        return data.decode(), []
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            hint = "save the file as UTF-8 without byte order mark"
            return "", [Spot(1, 1, "byte-order-mark", f"the file starts with a {encoding} byte order mark", hint)]
    text = data.decode("utf-8", "surrogateescape")
    text = text.replace("\r\n", "\n")
    text = unicodedata.normalize("NFC", text)
    if not _FORBIDDEN.search(text):
        return text, []
    return _FORBIDDEN.sub("", text), _spots(text)


def _spots(text: str) -> list[Spot]:
    spots = (
        Spot(number, match.start() + 1, *hidden(match.group()))
        for number, line in enumerate(text.split("\n"), 1)
        for match in _FORBIDDEN.finditer(line)
    )
    return list(islice(spots, MAX_SPOTS))


def first_hidden(text: str) -> tuple[str, str, str] | None:
    """Code, message and hint for the first character of a value that must not be there, if there is one."""
    match = _FORBIDDEN.search(text)
    return hidden(match.group()) if match else None


def hidden(character: str) -> tuple[str, str, str]:
    """Code, message and hint for a character that must not be there."""
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:
        return "not-utf-8", f"byte 0x{number - 0xDC00:02x} is not UTF-8", "save the file as UTF-8"
    name = unicodedata.name(character, "")
    label = f"U+{number:04X}{f' ({name})' if name else ''}"
    if _IS_INVISIBLE.match(character):
        return "invisible-character", f"invisible character {label}", "delete it"
    return "control-character", f"control character {label}", "delete it"
