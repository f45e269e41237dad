"""Ways in which the text of an article goes wrong: typing errors in one file, and contradictions between files."""

import re
from collections.abc import Callable, Mapping
from typing import Final

Flaw = Callable[[str], str]


def _replaced(pattern: str, by: str, count: int = 1) -> Flaw:
    compiled = re.compile(pattern, re.MULTILINE)
    return lambda text: compiled.sub(by, text, count=count)


BROKEN: Final[Mapping[str, Flaw]] = {
    "unknown key": _replaced(r"^publisher:", "publsher:"),
    "unknown grade": _replaced(r"^    grade: .*$", "    grade: brilliant"),
    "unknown speaker": _replaced(r"^    speaker: ", "    speaker: the-", 3),
    "impossible date": _replaced(r"^published: (....).*$", r"published: \1-02-30"),
    "tab": _replaced(r"^    evidence:", "\tevidence:"),
    "colon in a plain text": _replaced(r"^title: ", "title: Exclusive: "),
    "quote left open": _replaced(r'"$', "", 1),
    "equal keys": _replaced(r"^(inspection: .*)$", r"\1\n\1"),
    "anchor": _replaced(r"^inspection: ", "inspection: &i "),
    "empty value": _replaced(r"^    kind: .*$", "    kind:", 2),
    "invisible character": _replaced(r"^title: ", "title: \u200b"),
    "number in words": _replaced(r"^    value: .*$", "    value: about 20"),
    "bad evidence": _replaced(r"…", "… and … so on …", 5),
    "item left unindented": _replaced(r"^  - id:", "- id:"),
    "letter lost": _replaced(r"^    summary: (.)", r"    sumary: \1"),
}
"""What a single file shows."""

CONFLICTS: Final[Mapping[str, Flaw]] = {
    "other grade": _replaced(r"^    grade: (?!inadequate).*$", "    grade: inadequate"),
    "other value": _replaced(r"^    value: ([0-9]+\.)", r"    value: 1\1"),
    "described twice": _replaced(
        r"^(    speaker: .*)\n    evidence:",
        r"\1\n    kind: claim\n    stance: neutral\n    summary: Again.\n    evidence:",
    ),
    "described nowhere": _replaced(r"^  - id: ", "  - id: misspelt-", 1),
    "other count": _replaced(r"^(      (?:good|adequate)): .*$", r"\1: 0"),
}
"""What only several files show. A file that has nothing to contradict stays as it is."""


def broken(number: int, text: str) -> bytes:
    """The bytes of a text that a curator spoilt, in the ways of `BROKEN` one after the other, then not in UTF-8."""
    way = number % (len(BROKEN) + 1)
    if way == len(BROKEN):
        return text.encode("utf-16" if number // way % 2 else "cp1252", "replace")
    return list(BROKEN.values())[way](text).encode()


def conflicting(number: int, text: str) -> bytes:
    """The bytes of a text that is sound by itself and contradicts others, in the ways of `CONFLICTS` in turns."""
    return list(CONFLICTS.values())[number % len(CONFLICTS)](text).encode()


FLAWS: Final[Mapping[str, Callable[[int, str], bytes]]] = {"broken": broken, "conflicts": conflicting}
