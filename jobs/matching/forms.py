"""A text -> how it reads when it is compared, and the way back from there to the characters as given.

Two forms: `exact` for curators, to whom kinds of space, quotation mark and dash are all one; `browser` for what a
browser takes for equal when it opens a link to words of a page: letters without case and accents, some quotation marks,
no dashes (https://wicg.github.io/scroll-to-text-fragment/, and what Chromium makes of it: tests/test_browser.py).
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, NamedTuple
from unicodedata import category, combining, normalize


class Span(NamedTuple):
    """Part of a text, from the character at `start` to the one before `end`; characters are code points."""

    start: int
    end: int


class Form(NamedTuple):
    """How a text reads when it is compared, in pieces: the one at `plain[at[i]:at[i + 1]]` stands for
    `text[starts[i]:ends[i]]`, character by character if both are of one length, else only as a whole."""

    plain: str
    at: list[int]
    starts: list[int]
    ends: list[int]

    def given(self, start: int, end: int) -> Span | None:
        """What part of the text `plain[start:end]` stands for; none if a letter of the text would be split."""
        first, last = bisect_right(self.at, start) - 1, bisect_right(self.at, end - 1) - 1
        into, left = start - self.at[first], self.at[last + 1] - end
        if (into and not self._is_even(first)) or (left and not self._is_even(last)):
            return None
        return Span(self.starts[first] + into, self.ends[last] - left)

    def _is_even(self, piece: int) -> bool:
        return self.at[piece + 1] - self.at[piece] == self.ends[piece] - self.starts[piece]


@dataclass(frozen=True)
class Prepared:
    """A text made ready for many questions; every function that takes a text takes this as well."""

    text: str

    @cached_property
    def exact(self) -> Form:
        """As a curator reads it."""
        return _form(self.text, _ODD, _exact, _exact_letter, lambda gap: " ")

    @cached_property
    def browser(self) -> Form:
        """As a browser reads it; a paragraph ends with a line break."""
        return _form(
            self.text, _ODD_TO_A_BROWSER, _bare, _bare_letter, lambda gap: "\n" if gap.count("\n") > 1 else " "
        )


def prepared(text: str | Prepared) -> Prepared:
    """The text, ready if it was not."""
    return text if isinstance(text, Prepared) else Prepared(text)


UNSEEN: Final = (
    r"\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters of no width, for use inside [ ] (Unicode: Default_Ignorable_Code_Point)."""
LONGEST_LETTER: Final = 64
"""Characters that a letter with its marks can have; Unicode's own limit is 31 (UAX 15, Stream-Safe Text Format)."""

_SPACES: Final = {point: " " for point in range(0x3001) if chr(point).isspace()}
_SINGLE: Final = "'`´‘’‚‛‹›′‵ʹʻʼʽˈ＇"
_DOUBLE: Final = '"“”„‟«»″‶〝〞〟＂'
_DASHES: Final = "-‐‑‒–—―−⁃⸺⸻﹘﹣－"
_SAME: Final = _SPACES | {
    ord(c): same for kinds, same in ((_SINGLE, "'"), (_DOUBLE, '"'), (_DASHES, "-")) for c in kinds
}

_SAME_TO_A_BROWSER: Final = dict.fromkeys(map(ord, "\t\n\f\r"), " ") | str.maketrans("‘’‚‛“”„‟׳״", "''''\"\"\"\"'\"")
_BARE_LETTERS: Final = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h"}  # no marks to Unicode, yet to UTS 10
)
_KANA_MARKS: Final = "\u3099\u309a"

_UNSEEN: Final = re.compile(f"[{UNSEEN}]+")
_ODD: Final = re.compile(
    rf"(?P<gap>\s[\s{UNSEEN}]*\s)|(?s:.)?[^\s\x00-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]+"
)
_ODD_TO_A_BROWSER: Final = re.compile(r"(?P<gap>[ \t\n\f\r]{2,})|(?s:.)?[^\x00-\x7f‘’“”–—]+")
"""Where one character is not always one character: runs of space, and letters that may have marks, with the letter
before them."""


def _form(
    text: str, odd: re.Pattern[str], same: Callable[[str], str], letter: Callable[[str], str], gap: Callable[[str], str]
) -> Form:
    made: list[str] = []
    at, starts, ends, size = [0], [0], [0], 0

    def add(start: int, end: int, plain: str) -> None:
        nonlocal size
        if len(plain) == end - start and start == ends[-1] and size - at[-1] == start - starts[-1]:
            ends[-1] = end
        elif plain:
            at.append(size)
            starts.append(start)
            ends.append(end)
        made.append(plain)
        size += len(plain)

    done = 0
    for match in odd.finditer(text):
        add(done, match.start(), same(text[done : match.start()]))
        if match["gap"]:
            add(*match.span(), gap(match.group()))
        else:
            for start, end in _letters(text, *match.span()):
                add(start, end, letter(text[start:end]))
        done = match.end()
    add(done, len(text), same(text[done:]))
    return Form("".join(made), [*at, size], starts, ends)


def _letters(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Every letter with the marks that belong to it; what cannot be seen is left out, but for inside of one."""
    first = last = -1
    for index in range(start, end):
        character = text[index]
        if _UNSEEN.match(character):
            continue
        if first < 0 or index - first >= LONGEST_LETTER or not is_mark(character):
            if first >= 0:
                yield first, last + 1
            first = index
        last = index
    if first >= 0:
        yield first, last + 1


def is_mark(character: str) -> bool:
    """Whether it belongs to the letter before it: accents, vowel signs, the later parts of a Korean syllable."""
    return category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


def _exact(text: str) -> str:
    return normalize("NFC", text).translate(_SAME)


def _bare(text: str) -> str:
    """Case and accents gone, as on the primary level of UTS 10."""
    bare = normalize("NFKD", text.translate(_SAME_TO_A_BROWSER)).casefold()
    if bare.isascii():
        return bare
    bare = normalize("NFKD", bare).translate(_BARE_LETTERS)
    return "".join(c for c in bare if not combining(c) or c in _KANA_MARKS)


@lru_cache(maxsize=16_384)
def _exact_letter(text: str) -> str:
    return _exact(_UNSEEN.sub("", text))


@lru_cache(maxsize=16_384)
def _bare_letter(text: str) -> str:
    """й is no и with an accent, to readers and to UTS 10."""
    seen = normalize("NFC", _UNSEEN.sub("", text))
    return "й" if seen in ("й", "Й") else _bare(seen)
