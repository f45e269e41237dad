"""Problems: what is wrong, where in the sources, and how a curator, a workflow or a program reads it."""

import difflib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple, Protocol, TypeVar

CODES: Final[dict[str, str]] = {
    # the file itself
    "no-sources": "there is nothing to build from",
    "not-a-file": "an entry is a folder, link, pipe or device where a regular file is due",
    "unreadable": "the file cannot be read",
    "stray-file": "a file among the sources that is neither an article nor a code list",
    "too-large": "the file is larger than a source file can be",
    "bad-id": "an id that is not a slug of lower-case letters, digits and hyphens",
    "equal-id": "two files or entries have the same id, also when only case or Unicode form differ",
    "byte-order-mark": "the file starts with a byte order mark or is not UTF-8",
    "not-utf-8": "bytes that are not UTF-8",
    "control-character": "a control character",
    "invisible-character": "a character that cannot be seen or that turns the direction of the text",
    # its YAML
    "yaml-syntax": "the text is not YAML",
    "two-documents": "more than one YAML document in a file",
    "anchor": "a YAML anchor",
    "alias": "a YAML alias",
    "tag": "a YAML tag",
    "merge-key": "a YAML merge key",
    "too-deep": "nesting deeper than any article needs",
    "duplicate-key": "a key stands twice in one mapping",
    # its shape
    "wrong-type": "a mapping, a list or a single value stands where another of the three is due",
    "unknown-key": "a key that the format does not have",
    "missing-key": "a key that is required here",
    "empty-value": "a key without a value",
    # its values
    "not-a-number": "not a plain decimal number",
    "too-many-digits": "more digits than a spreadsheet keeps",
    "not-a-date": "not a date as YYYY-MM-DD",
    "impossible-date": "a date that no calendar has",
    "future-date": "a date that is still to come",
    "date-order": "two dates in the wrong order",
    "not-a-period": "not a period",
    "not-a-quantity": "not a number with a known unit",
    "not-an-address": "not an http or https address",
    "formula-text": "text that a spreadsheet would run as a formula",
    "number-text": "text that a spreadsheet would turn into a number or a date",
    "null-text": "text that programs take for an empty cell",
    "too-long": "text longer than a spreadsheet cell or an excerpt can be",
    "wrong-weekday": "a weekday that its date did not have",
    "bad-text-file": "not the name of a text file",
    "bad-evidence": "locating words that are not a fragment or `first words … last words`",
    "unknown-value": "a value that its list does not have",
    "ambiguous-value": "a name that means several things here",
    # truths inside one article
    "no-inspection": "an item for which no inspection is named",
    "area-not-graded": "a grade for an area that its cycle or its inspection does not grade",
    "grade-not-in-scale": "a grade that the scale of its cycle does not have",
    "repeated-grade": "an area that is graded twice in one article",
    "revision-incomplete": "a correction without its date or without the grade before",
    "count-mismatch": "counts that exceed their total",
    "repeated-count": "counts of one inspection stand twice in one article",
    "repeated-statement": "a statement that stands twice in one article",
    "incomplete-statement": "a statement described by half",
    "no-role": "a person who has no role at that date",
    "repeated-metric": "an observation that stands twice in one article",
    "no-force": "a grade, count or event for a report that is not about one force",
    "no-subject": "a figure of which nothing says whom it is about",
    "date-basis": "a date of which it is not said, or said wrongly, how it is known",
    "change-mismatch": "a change that is not the one between the figures given with it",
    "percentage-points": "percentage points given as per cent, or the other way round",
    "repeated-event": "an event that stands twice in one article",
    "bad-rank": "a rank that is not a whole number from 1 up to its population",
    "too-many-words": "more of the words of an article than its licence allows",
    # evidence
    "missing-evidence": "an item without locating words in an article whose text is held",
    "missing-pins": "an article whose text is held and whose items are not pinned",
    "missing-pin": "an item that is not pinned",
    "changed-evidence": "locating words that changed since they were pinned",
    "left-over-pin": "a pin of an item that is no longer there",
    "left-over-pins": "pins of an article that is not there, or whose text is not held",
    "changed-pins": "pins that are not as they were made",
    "missing-text": "the text of an article is not in the folder of texts",
    "changed-text": "a text that is not the one that was pinned",
    "no-match": "locating words that are not in the text",
    "several-matches": "locating words that are in the text more than once",
    "opens-elsewhere": "locating words by which a browser would open another place",
    # truths across articles
    "equal-address": "two articles with one address",
    "undescribed-statement": "a statement that no article describes",
    "described-twice": "a statement that two articles describe",
    "grade-conflict": "articles that name different grades for one area",
    "count-conflict": "counts that cannot be reconciled with each other or with the named grades",
    "statement-conflict": "articles that date one utterance differently",
    "metric-conflict": "articles that print different values of one observation",
    "event-conflict": "articles that date one event differently",
    "likely-duplicate": "two statements of one speaker that read nearly the same",
    # decisions
    "repeated-decision": "a decision that is taken twice",
    "stale-decision": "a decision that decides nothing (any more)",
    "unknown-choice": "a decision for a value that no article names",
    # releases
    "vanished-row": "a published row that is gone without a retraction",
    "unexplained-change": "a published fact that changed without a correction",
    "collapse": "a table or a force of which much or all is gone",
    # code lists
    "csv-syntax": "the text is not a table of comma-separated values",
    "missing-list": "a code list that is not there",
    "list-mismatch": "entries of code lists that contradict each other",
    # published tables
    "schema": "a value that the schema of a published table does not allow",
    "broken-reference": "a reference to a row that is not there",
}
"""Every code a problem can have, with its meaning."""

Hint = str | Callable[[], str]
"""What may help, or how to find it out; worked out only when it is shown."""

LIMIT_PER_CODE: Final = 50
"""Problems of one code shown for one file; the last of them says how many more there are."""


class Problem(NamedTuple):
    """Something wrong in the sources. Lines and columns count from 1, columns in characters; sorts by place."""

    path: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""


Where = tuple[str | int, ...]
"""What leads to a value: keys and indexes from the top of an article."""


class Finding(NamedTuple):
    """A problem before its place is known: `where` leads to it."""

    where: Where
    code: str
    message: str
    hint: Hint = ""


class Fault(NamedTuple):
    """What is wrong with a single value, wherever it stands."""

    code: str
    message: str
    hint: Hint = ""


class HasCode(Protocol):
    """Anything with a problem code."""

    @property
    def code(self) -> str:
        """One of `CODES`."""


_Found = TypeVar("_Found", bound=HasCode)

_UNSAFE = re.compile(
    r"[^\x20-\x7e\xa1-\xac\xae-\u034e\u0350-\u0377\u0384-\u058a\u05d0-\u05ea\u0620-\u06dc\u1e00-\u1fff‐-‧‰-⁞\u20a0-\u20bf\u2100-\u218b]"
)
_WORD_LIMIT = 60


def shown(text: str) -> str:
    """A value as it may stand in a message: short, in quotes, with whatever could play tricks on a terminal escaped."""
    short = text if len(text) <= _WORD_LIMIT else text[: _WORD_LIMIT - 1] + "…"
    return f"‘{escaped(short)}’"


def escaped(text: str) -> str:
    r"""The text with characters that are invisible, reorder others or control a terminal written as \u escapes."""
    return _UNSAFE.sub(lambda match: _escape(match.group()), text)


def _escape(character: str) -> str:
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def nearest(word: str, allowed: Iterable[str], otherwise: str = "", cutoff: float = 0.6) -> Callable[[], str]:
    """A hint with the likeliest of the allowed values; worked out only when it is shown.

    otherwise: what to say if none is likely; cutoff: how alike two words must be, from 0 to 1.
    """
    return partial(_nearest, word, allowed, otherwise, cutoff)


def _nearest(word: str, allowed: Iterable[str], otherwise: str, cutoff: float) -> str:
    options = sorted(set(allowed))
    folded = {option.casefold(): option for option in reversed(options)}
    close = difflib.get_close_matches(word.casefold()[:_WORD_LIMIT], list(folded), n=1, cutoff=cutoff)
    if close:
        return f"did you mean {folded[close[0]]}?"
    return otherwise or (f"one of: {', '.join(options)}" if len(options) <= 12 else "")


def trimmed(found: Iterable[_Found]) -> tuple[list[_Found], Counter[str]]:
    """The first findings of each code, and how many more there are: one slip made often is not looked at forever."""
    seen: Counter[str] = Counter()
    kept = []
    for finding in found:
        seen[finding.code] += 1
        if seen[finding.code] <= LIMIT_PER_CODE:
            kept.append(finding)
    return kept, seen - Counter(dict.fromkeys(seen, LIMIT_PER_CODE))


def limited(problems: Iterable[tuple[Problem, Hint]], more: Mapping[str, int] | None = None) -> list[Problem]:
    """The problems of one file in order, at most `LIMIT_PER_CODE` of a code, with their hints worked out.

    more: problems of each code that were left out before.
    """
    groups: dict[str, list[tuple[Problem, Hint]]] = defaultdict(list)
    for problem, hint in problems:
        groups[problem.code].append((problem, hint))
    kept = []
    for group in groups.values():
        group.sort(key=lambda pair: pair[0])
        for problem, hint in group[:LIMIT_PER_CODE]:
            kept.append(problem._replace(hint=hint if isinstance(hint, str) else hint()))
        left = max(len(group) - LIMIT_PER_CODE, 0) + (more or {}).get(group[0][0].code, 0)
        if left:
            kept[-1] = kept[-1]._replace(message=f"{kept[-1].message} (and {left} more of this kind in the file)")
    return sorted(kept)


def as_text(problems: Sequence[Problem]) -> Iterator[str]:
    """One problem a line, its hint on a line of its own, for people and editors."""
    for p in problems:
        yield f"{escaped(p.path)}:{p.line}:{p.column}: {escaped(p.message)} [{p.code}]"
        if p.hint:
            yield f"    {escaped(p.hint)}"


def as_github(problems: Sequence[Problem]) -> Iterator[str]:
    """Workflow commands that GitHub shows at the line of a pull request."""
    for p in problems:
        place = f"file={_property(p.path)},line={p.line},col={p.column},title={_property(p.code)}"
        yield f"::error {place}::{_data(p.message + (f' ({p.hint})' if p.hint else ''))}"


def as_json(problems: Sequence[Problem]) -> Iterator[str]:
    """One JSON array of objects with path, line, column, code, message and hint."""
    yield json.dumps([p._asdict() for p in problems], ensure_ascii=True, indent=1)


def _data(text: str) -> str:
    return escaped(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMATS: Final[dict[str, Callable[[Sequence[Problem]], Iterator[str]]]] = {
    "text": as_text,
    "github": as_github,
    "json": as_json,
}
