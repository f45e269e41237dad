"""Pins: which span of an article's text each item rests on, kept beside the facts so that a build needs no text.

A pin is bound to its item by the item's name within the article and by the digest of its locating words; the whole file
is sealed by a digest of its own, so that a pin that was changed by hand shows without the text.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import Final, NamedTuple

import msgspec

from jobs.problems import Finding, Problem, shown
from jobs.rules.items import items
from jobs.scalars import NOT_HELD
from schemas.article import Article, Entry


class Pin(msgspec.Struct, frozen=True):
    """A span of a text, in characters; sha256: of its words as written there in UTF-8, words: how many they are.

    evidence: digest of the words in the source file that were looked for.
    """

    item: str
    evidence: str
    start: int
    end: int
    words: int
    sha256: str


class Pins(msgspec.Struct, frozen=True):
    """The pins of an article, in the order of its items; sha256: of the bytes of its text."""

    text: str
    sha256: str
    characters: int
    pins: tuple[Pin, ...]
    seal: str = ""


class PinFile(NamedTuple):
    """The file of an article's pins as it is in the sources."""

    path: str
    data: bytes


PIN: Final = "openpeel pin --texts DIR, with the texts at hand, makes them anew"
_FIRST_LINE: Final = 2
"""Line of the first pin; each has a line of its own."""

_decoder = msgspec.json.Decoder(Pins, strict=True)
_NAMED_BY: Final = {"grades": ("area",), "statements": ("speaker", "id"), "metrics": ("measure",), "events": ("event",)}


def locating_words(entry: Entry) -> str:
    """What locates the passage of an item: its evidence, or the excerpt of a statement that has no other."""
    return entry.evidence or getattr(entry, "excerpt", "")


def field_of(entry: Entry) -> str:
    """The key under which these words stand."""
    return "evidence" if entry.evidence else "excerpt"


def pinned_words(entry: Entry) -> str:
    """All words of an item that must be in the text, those that locate it and its excerpt, each in one line."""
    parts = (entry.evidence, getattr(entry, "excerpt", ""))
    return "\n".join(part.replace("\\", "\\\\").replace("\n", "\\n") for part in parts if part)


def digest(text: str) -> str:
    """The sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def named_items(article: Article) -> Iterator[tuple[str, int, Entry, str]]:
    """Every item: section, index, itself, and its name, which is unlike all others of the article."""
    seen: Counter[str] = Counter()
    for section, index, entry in items(article):
        parts = (section, entry.inspection, *(getattr(entry, field) for field in _NAMED_BY.get(section, ())))
        name = " ".join(" ".join(filter(None, parts)).split())
        seen[name] += 1
        yield section, index, entry, name if seen[name] == 1 else f"{name} ({seen[name]})"


def render(pins: Pins) -> bytes:
    """The file of the pins: one pin a line, so that a change shows as one line."""
    head = {"text": pins.text, "sha256": pins.sha256, "characters": pins.characters}
    lines = [json.dumps(head, ensure_ascii=False)[:-1] + ', "pins": [']
    rows = list(map(_row, pins.pins))
    lines += [f"{row}," for row in rows[:-1]] + rows[-1:]
    body = "\n".join(lines) + "\n"
    return f'{body}], "seal": "{digest(body)}"}}\n'.encode()


def _row(pin: Pin) -> str:
    """What `json.dumps` makes of a pin, in a quarter of the time."""
    item, evidence, sha256 = map(encode_basestring, (pin.item, pin.evidence, pin.sha256))
    where = f'"start": {pin.start}, "end": {pin.end}, "words": {pin.words}'
    return f'{{"item": {item}, "evidence": {evidence}, {where}, "sha256": {sha256}}}'


def check_pins(article: Article, file: PinFile | None) -> tuple[tuple[Pin, ...], list[Finding], list[Problem]]:
    """The pins of an article in the order of its items, and what is wrong: in the article, and in the file of pins.

    Needs no text: whether the words are where the pins say can only be seen with it (`jobs.pinning`).
    """
    if not article.text:
        return (), [], []  # that is a problem of its own, and nobody knows which text is meant
    if article.text == NOT_HELD:
        left = [Problem(file.path, 1, 1, "left-over-pins", "pins of an article whose text is not held")] if file else []
        return (), [], left
    findings = [missing_evidence(section, i) for section, i, entry in items(article) if not locating_words(entry)]
    if file is None:
        if any(True for _ in items(article)) and not findings:
            hint = f"{PIN}; where we have no text, say text: {NOT_HELD}"
            findings.append(Finding(("text",), "missing-pins", "the items of this article are not pinned yet", hint))
        return (), findings, []
    pins, problems = read_pins(file)
    if pins is None:
        return (), findings, problems
    if pins.text != article.text:
        findings.append(Finding(("text",), "missing-pins", f"the pins are those of the text {shown(pins.text)}", PIN))
    return _bound(article, pins, file, findings)


def missing_evidence(section: str, index: int) -> Finding:
    """The finding of an item without words."""
    message = "the text is held, but no words locate this"
    return Finding((section, index), "missing-evidence", message, "add evidence")


def _bound(
    article: Article, pins: Pins, file: PinFile, findings: list[Finding]
) -> tuple[tuple[Pin, ...], list[Finding], list[Problem]]:
    known = {pin.item: pin for pin in pins.pins}
    bound = []
    for section, index, entry, name in named_items(article):
        pin, words = known.pop(name, None), locating_words(entry)
        where = (section, index, field_of(entry))
        if pin is None and words:
            findings.append(Finding(where, "missing-pin", "this is not pinned yet", PIN))
        elif pin is not None and words and pin.evidence != digest(pinned_words(entry)):
            findings.append(Finding(where, "changed-evidence", "the words changed since they were pinned", PIN))
        elif pin is not None:
            bound.append(pin)
    left = [
        Problem(file.path, _FIRST_LINE + line, 1, "left-over-pin", f"{shown(pin.item)} is no item of the article", PIN)
        for line, pin in enumerate(pins.pins)
        if pin.item in known
    ]
    return tuple(bound), findings, left


def read_pins(file: PinFile) -> tuple[Pins | None, list[Problem]]:
    """The pins in a file, or where it is not as `render` writes it."""
    try:
        pins = _decoder.decode(file.data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None, [_changed(file, _broken_line(file.data))]
    written, due = file.data.split(b"\n"), render(pins).split(b"\n")
    if written == due:
        return pins, []
    last = min(len(written), len(due)) - 1
    line = next((n for n, pair in enumerate(zip(written, due, strict=False)) if pair[0] != pair[1]), last)
    return None, [_changed(file, line + 1)]


def _changed(file: PinFile, line: int) -> Problem:
    return Problem(file.path, line, 1, "changed-pins", "the pins are not as openpeel pin wrote them", PIN)


def _broken_line(data: bytes) -> int:
    try:
        json.loads(data)
    except json.JSONDecodeError as error:
        return error.lineno
    except (ValueError, RecursionError):
        pass
    return 1
