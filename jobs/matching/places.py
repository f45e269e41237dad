"""Locating words and a text -> the passages that the words mean, and the one that a browser would open."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from jobs.matching.forms import UNSEEN, Form, Prepared, Span, is_mark, prepared

ELLIPSIS: Final = "…"
_BLANK_LINE: Final = re.compile(rf"\n[\s{UNSEEN}]*\n")
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")
_NO_SPACES: Final = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Letters of scripts that put no spaces between words, such as Thai and Japanese."""
_INSIDE_WORDS: Final = "'’‘·‧․﹒＇．"
_INSIDE_NUMBERS: Final = "'’‘.,;\u037e٬⁄․﹒＇．，；"
_SOFT: Final = "\u00ad\u200b"
"""Characters of no width that part words to a browser."""


def words(text: str) -> int:
    """Words in a text: whatever stands between spaces, but for an ellipsis that stands for what is left out."""
    parts = text.split()
    return len(parts) - parts.count(ELLIPSIS)


def find(text: str | Prepared, evidence: str) -> list[Span]:
    """Every passage that the evidence means, in the order of the text.

    evidence: a fragment, or `first words … last words`; each occurrence of the first words goes with the next of the
    last words after it. Kinds of space, of quotation mark and of dash do not matter, nor characters of no width, nor
    whether letters are composed; case does. No word may be cut, as in browsers: `police power` is not in `police
    powers`, `force` not in `force’s`, `8%` not in `91.8%`.
    """
    return [Span(first.start, last.end) for first, last in matches(text, evidence)]


def crosses_paragraphs(text: str | Prepared, evidence: str) -> bool:
    """Whether the words on one side of the ellipsis, where they are found, go on beyond a blank line.

    A browser does not find such words: put the ellipsis where the paragraph ends.
    """
    given = prepared(text).text
    return any(_BLANK_LINE.search(given, *side) for match in matches(text, evidence) for side in match)


def as_written(text: str | Prepared, evidence: str) -> str:
    """The evidence with the characters that the text has for it, as browsers need it; empty where it is not found."""
    given = prepared(text).text
    for first, last in matches(text, evidence):
        sides = (first, last) if ELLIPSIS in evidence else (first,)
        return f" {ELLIPSIS} ".join(" ".join(_UNSEEN.sub("", given[start:end]).split()) for start, end in sides)
    return ""


def browser_opens(text: str | Prepared, evidence: str) -> Span | None:
    """The passage that a browser opens and highlights for the evidence; none if it finds no such words.

    It takes the first occurrence of the first words, then the next of the last; case and accents do not matter to it,
    kinds of dash and most kinds of quotation mark do, and neither side may go beyond a blank line. Where a script puts
    no spaces between words, browsers cut them with a dictionary, which is not looked at here.
    """
    here = prepared(text)
    dots, sides = sides_of(evidence)
    first = next(places_to_a_browser(here, sides[0]), None)
    if not dots or first is None:
        return first
    last = next((place for place in places_to_a_browser(here, sides[1]) if place.start >= first.end), None)
    return Span(first.start, last.end) if last else None


def matches(text: str | Prepared, evidence: str) -> list[tuple[Span, Span]]:
    """Where the first and where the last words stand, for every passage; twice the same for a fragment."""
    dots, sides = sides_of(evidence)
    firsts, *others = (places(text, side) for side in sides)
    if not dots:
        return [(place, place) for place in firsts]
    lasts = others[0]
    starts = [place.start for place in lasts]
    after = [bisect_left(starts, first.end) for first in firsts]
    return [(first, lasts[index]) for first, index in zip(firsts, after, strict=True) if index < len(lasts)]


def sides_of(evidence: str) -> tuple[bool, tuple[str, ...]]:
    """Whether there is an ellipsis, and what stands on its sides, with single spaces."""
    first, dots, last = evidence.partition(ELLIPSIS)
    return bool(dots), tuple(" ".join(side.split()) for side in ((first, last) if dots else (first,)))


def places(text: str | Prepared, side: str) -> list[Span]:
    """Every occurrence of the words on one side of an ellipsis."""
    here = prepared(text)
    return list(_bounded(here, here.exact, Prepared(side).exact.plain.strip()))


def places_to_a_browser(text: str | Prepared, side: str) -> Iterator[Span]:
    """Every occurrence of the words on one side of an ellipsis, for a browser."""
    here = prepared(text)
    return _bounded(here, here.browser, Prepared(side).browser.plain)


def places_inside_words(text: str | Prepared, side: str) -> Iterator[Span]:
    """Every occurrence of the words on one side of an ellipsis, also where words would be cut."""
    form, plain = prepared(text).exact, Prepared(side).exact.plain.strip()
    return (place for at in _occurrences(form.plain, plain) if (place := form.given(at, at + len(plain))))


def _bounded(here: Prepared, form: Form, plain: str) -> Iterator[Span]:
    browser = form is not here.exact
    for at in _occurrences(form.plain, plain):
        if not browser and at and (edge := form.plain[at - 1 : at + 1]).isascii() and edge.isalnum():
            continue
        place = form.given(at, at + len(plain))
        if place and not cuts(here.text, place.start, browser) and not cuts(here.text, place.end, browser):
            yield place


def _occurrences(text: str, plain: str) -> Iterator[int]:
    """Every occurrence, also where they overlap, in a time that grows with the text and not with its repetitions."""
    at = text.find(plain) if plain else -1
    step = _period(plain) if at >= 0 else 0
    while at >= 0:
        yield at
        while text.startswith(plain[-step:], at + len(plain)):
            at += step
            yield at
        at = text.find(plain, at + 1)


def _period(plain: str) -> int:
    """The least distance at which the words can overlap themselves (Knuth, Morris and Pratt's failure function)."""
    border, borders = 0, [0]
    for character in plain[1:]:
        while border and plain[border] != character:
            border = borders[border - 1]
        border += plain[border] == character
        borders.append(border)
    return len(plain) - border


def cuts(text: str, at: int, browser: bool = False) -> bool:
    """Whether a letter or a word is cut before the character there (UAX 29, without colons as in browsers).

    browser: characters of no width count, as parts of what they follow, or as parting words.
    """
    if not 0 < at < len(text) or text[at - 1].isspace() or text[at].isspace():
        return False
    if browser and (text[at - 1] in _SOFT or _UNSEEN.match(text[at])):
        return text[at - 1] not in _SOFT and text[at] not in _SOFT
    if is_mark(text[at]) and not _UNSEEN.match(text[at]):
        return True
    left, right = _back(text, at), _ahead(text, at)
    before, after = text[left] if left >= 0 else "", text[right : right + 1]
    if _of_word(before) and _of_word(after):
        return not (_NO_SPACES.match(before) or _NO_SPACES.match(after))
    if _of_word(before):
        beyond = _ahead(text, right + 1)
        return _joins(before, after, text[beyond : beyond + 1])
    beyond = _back(text, left)
    return _of_word(after) and beyond >= 0 and _joins(text[beyond], before, after)


def _joins(before: str, sign: str, after: str) -> bool:
    if before.isdecimal() and after.isdecimal():
        return bool(sign) and sign in _INSIDE_NUMBERS
    return before.isalpha() and after.isalpha() and bool(sign) and sign in _INSIDE_WORDS


def _of_word(character: str) -> bool:
    return character.isalpha() or character.isdecimal() or character == "_"


def _back(text: str, at: int) -> int:
    """The character before, without marks and what cannot be seen; -1 if there is none."""
    at -= 1
    while at >= 0 and (is_mark(text[at]) or _UNSEEN.match(text[at])):
        at -= 1
    return at


def _ahead(text: str, at: int) -> int:
    while at < len(text) and (is_mark(text[at]) or _UNSEEN.match(text[at])):
        at += 1
    return at
