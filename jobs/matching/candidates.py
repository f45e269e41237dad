"""Locating words that mean no passage, or several -> the passages that were perhaps meant, for a message."""

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from heapq import nlargest
from itertools import islice, zip_longest
from typing import Final, NamedTuple

from jobs.matching.forms import Prepared, Span, prepared
from jobs.matching.places import find, places, places_inside_words, places_to_a_browser, sides_of

SHOWN: Final = 3
"""Passages that are shown."""
LONGEST: Final = 60
"""Characters of a passage that are shown."""

SEVERAL: Final = "one of several places"
NO_END: Final = "the first words, which the last do not follow"
NO_START: Final = "the last words, which the first do not precede"
INSIDE: Final = "part of a longer word"
CASE: Final = "other capital letters"
SPELT: Final = "other accents or signs"
NEAR: Final = "similar words"

_LIKE: Final = 0.6
"""How alike words must be to be shown, from 0 to 1."""
_WORDS, _UNKNOWN, _VOCABULARY, _TRIED = 30, 5, 20_000, 20
"""How many words of the evidence are looked for, how many of them in other spellings, among how many words of the text;
and how many passages are compared."""


class Candidate(NamedTuple):
    """A passage that was perhaps meant.

    span: its place in the text; line: that of its start, from 1; words: the passage as written, in one line of at most
    `LONGEST` characters, with words around it where it stands several times; why: how it differs from what was looked
    for, one of the phrases above.
    """

    span: Span
    line: int
    words: str
    why: str


def candidates(text: str | Prepared, evidence: str) -> list[Candidate]:
    """At most `SHOWN` passages for evidence that means none or several; for evidence that means one there are none."""
    here = prepared(text)
    found = find(here, evidence)
    if found:
        several = found[:SHOWN] if len(found) > 1 else []
        return [_candidate(here, span, SEVERAL)._replace(words=_with_context(here.text, span)) for span in several]
    dots, sides = sides_of(evidence)
    there = [places(here, side) if dots else [] for side in sides]
    groups = [_explained(here, side) for side, spans in zip(sides, there, strict=True) if side and not spans]
    otherwise = [candidate for turn in zip_longest(*groups) for candidate in turn if candidate]
    firsts, lasts = there if dots else ([], [])
    half = [_candidate(here, span, NO_END) for span in firsts[:1]]
    half += [_candidate(here, span, NO_START) for span in lasts[-1:]]
    return [*otherwise[: SHOWN - len(half)], *half]


def _explained(here: Prepared, side: str) -> list[Candidate]:
    """Where the words on one side of the ellipsis stand in another way."""
    folded = Prepared(side).exact.plain.casefold()
    otherwise = []
    for place in islice(places_to_a_browser(here, side), SHOWN):
        written = Prepared(here.text[place.start : place.end]).exact.plain
        otherwise.append(_candidate(here, place, CASE if written.casefold() == folded else SPELT))
    inside = islice(places_inside_words(here, side), SHOWN)
    return otherwise or [_candidate(here, _whole(here.text, place), INSIDE) for place in inside] or _near(here, side)


def _candidate(here: Prepared, span: Span, why: str) -> Candidate:
    line = here.text.count("\n", 0, span.start) + 1
    return Candidate(span, line, _in_one_line(here.text[span.start : span.end]), why)


def _in_one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


def _whole(text: str, span: Span) -> Span:
    """The span with the words that it cuts."""
    before = re.search(r"\S*\Z", text[max(span.start - LONGEST, 0) : span.start])
    after = re.match(r"\S*", text[span.end : span.end + LONGEST])
    return Span(span.start - len(before.group() if before else ""), span.end + len(after.group() if after else ""))


def _with_context(text: str, span: Span) -> str:
    """The beginning of a passage with as many words before and after as there is room for, so that places can be told
    apart."""
    start, end = span.start, min(span.end, span.start + LONGEST // 2)
    low = max(start - LONGEST, 0)
    left = [low + match.start() for match in re.finditer(r"\S+", text[low:start])]
    right = [end + match.end() for match in re.finditer(r"\S+", text[end : end + LONGEST])]
    for before, after in zip_longest(reversed(left), right):
        if before is not None and _fits(text[before:end]):
            start = before
        if after is not None and _fits(text[start:after]):
            end = after
    return " ".join(text[start:end].split())


def _fits(text: str) -> bool:
    return len(" ".join(text.split())) <= LONGEST


def _near(here: Prepared, side: str) -> list[Candidate]:
    """The passages most like the words: every word votes for where a passage with it would begin, rare ones more."""
    tokens = list(_tokens(here.exact.plain))
    wanted = [key for key, _, _ in _tokens(Prepared(side).exact.plain)][:_WORDS]
    where: dict[str, list[int]] = defaultdict(list)
    for index, (key, _, _) in enumerate(tokens):
        where[key].append(index)
    votes: Counter[int] = Counter()
    for index, key in _known(wanted, where):
        for hit in where[key]:
            votes[max(hit - index, 0)] += 1 / len(where[key]) ** 0.5
    likely = nlargest(_TRIED, votes, key=lambda first: (votes[first] + votes[first + 1] + votes[first - 1], -first))
    scored = sorted((-_likeness(wanted, tokens[first : first + len(wanted)]), first) for first in likely)
    kept: list[int] = []
    for likeness, first in scored:
        if -likeness >= _LIKE and all(abs(first - other) >= len(wanted) for other in kept):
            kept.append(first)
    passages = [tokens[first : first + len(wanted)] for first in kept[:SHOWN]]
    spans = [here.exact.given(passage[0][1], passage[-1][2]) for passage in passages]
    return [_candidate(here, span, NEAR) for span in spans if span]


def _tokens(plain: str) -> Iterator[tuple[str, int, int]]:
    """Every word without case and the signs around it, with its place."""
    for match in re.finditer("[^ ]+", plain):
        yield _SIGNS.sub("", match.group().casefold()), *match.span()


_SIGNS: Final = re.compile(r"^\W+|\W+$")


def _known(wanted: list[str], where: dict[str, list[int]]) -> Iterator[tuple[int, str]]:
    """The words of the text that the wanted ones are or may be, each with its place among the wanted."""
    tries = _UNKNOWN
    for index, key in enumerate(dict.fromkeys(wanted)):
        if key in where:
            yield index, key
        elif tries:
            tries -= 1
            alike = islice((known for known in where if abs(len(known) - len(key)) <= 2), _VOCABULARY)
            for close in difflib.get_close_matches(key, list(alike), 1, _LIKE):
                yield index, close


def _likeness(wanted: list[str], passage: list[tuple[str, int, int]]) -> float:
    written = " ".join(key for key, _, _ in passage)
    return difflib.SequenceMatcher(None, " ".join(wanted), written, autojunk=False).ratio()
