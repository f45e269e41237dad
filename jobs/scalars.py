"""What the text of a single value must be: one check per kind, each returning what is wrong or None."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from jobs.problems import Hint, nearest, shown

MAX_TEXT: Final = 2_000
"""Characters in a text; a spreadsheet cell holds 32,767, a summary is one sentence."""
MAX_DIGITS: Final = 15
"""Significant digits that every spreadsheet and float64 keep."""
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Fault(NamedTuple):
    """What is wrong with a value, before its place is known."""

    code: str
    message: str
    hint: Hint = ""


_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_WHOLE = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_PART = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_URL = re.compile(
    r"https?://[A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]+(:[0-9]{1,5})?([/?][\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*)?"
)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠﹦﹢﹣﹫−|]")
_MONTH = (
    r"(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?"
    r"|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)"
)
_TAKEN = re.compile(
    r"[\W\d_]*\d[\W\d_]*"  # 91.8%, 12/03, 22:30, £10, 1 1/2
    rf"|\W*(\d{{1,4}}(st|nd|rd|th)?\W*)?{_MONTH}\.?(\W*\d{{1,4}}){{0,2}}"  # March 2024, 12 March, may-24
    r"(\W+\d{1,2}:\d\d.*)?\W*"  # perhaps with a time
    r"|[\d.,]+\s*[de][+-]?\d*|0x[\da-f]+|[+-]?inf(inity)?"  # 1e5, 1.5e-3, 9d3
    r"|[\d.:]+\s*[ap]\.?m\.?|[\d-]+t[\d:.]+z?"  # 9:30 am, 2024-03-12T10:30
    r"|true|false",
    re.IGNORECASE,
)
_LONG: Final = 32
"""Characters above which no text is a number, a date or a word for nothing."""
_HAS_WORD = re.compile(r"[^\W_]")
_NULLS = frozenset(
    {"na", "n/a", "null", "none", "nan", "-nan", "nil", "-", "~", "<na>", "#na", "#n/a", "#n/a n/a",
     "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"}
)  # fmt: skip


def fold(text: str) -> str:
    """The text as codes, labels and aliases are compared: case, space and kinds of quote or dash do not matter."""
    return " ".join(text.casefold().translate(_SAME).split())


_SAME: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\N{NO-BREAK SPACE}": " "})


def check_text(text: str) -> Fault | None:
    """Refuses what a spreadsheet runs, what programs take for empty, and what no cell holds."""
    if len(text) > MAX_TEXT:
        return _formula(text) or Fault("too-long", f"a text of {len(text):,} characters", f"at most {MAX_TEXT:,}")
    if len(text) > _LONG and text[0].isalpha():
        return None
    return _formula(text) or _taken_for_something_else(text.strip())


def _formula(text: str) -> Fault | None:
    if not _FORMULA.match(text):
        return None
    message = f"a spreadsheet would take {shown(text)} for a formula"
    return Fault("formula-text", message, "begin with a word; a number belongs into a field for numbers")


@lru_cache(maxsize=65_536)
def _taken_for_something_else(text: str) -> Fault | None:
    if len(text) <= _LONG and _TAKEN.fullmatch(text):
        message = f"a spreadsheet would take {shown(text)} for a number or a date"
        return Fault("number-text", message, "add the word that it counts, as in ‘91.8% of calls’")
    if text.lower() in _NULLS:
        return Fault("null-text", f"{shown(text)} means an empty cell to many programs", "leave the key out, or say it")
    return None


def check_slug(text: str) -> Fault | None:
    """Lower-case words of letters and digits joined by hyphens."""
    if _SLUG.fullmatch(text) and len(text) <= 120:
        return _taken_for_something_else(text) if len(text) <= _LONG else None
    hint = "lower-case letters, digits and single hyphens, starting with a letter"
    return Fault("bad-id", f"{shown(text)} is not an id", hint)


def check_number(text: str) -> Fault | None:
    """A plain decimal of at most `MAX_DIGITS` digits."""
    if not _NUMBER.fullmatch(text):
        return Fault("not-a-number", f"{shown(text)} is not a number", "digits, with . before decimals, such as 91.8")
    if len(text.lstrip("-").replace(".", "")) > MAX_DIGITS:
        return Fault("too-many-digits", f"{shown(text)} has more than {MAX_DIGITS} digits")
    return None


def check_whole(text: str) -> Fault | None:
    """A whole number from 0 on, small enough to count things with."""
    if not _WHOLE.fullmatch(text):
        return Fault("not-a-number", f"{shown(text)} is not a whole number", "digits only, such as 8")
    if len(text) > 9:
        return Fault("too-many-digits", f"{shown(text)} has more than 9 digits")
    return None


@lru_cache(maxsize=65_536)
def check_date(text: str) -> Fault | None:
    """A date as YYYY-MM-DD that the calendar has."""
    match = _DATE.fullmatch(text)
    if not match:
        return Fault("not-a-date", f"{shown(text)} is not a date", "write YYYY-MM-DD, such as 2024-03-12")
    year, month, day = map(int, match.groups())
    try:
        dt.date(year, month, day)
    except ValueError:
        return Fault("impossible-date", f"{shown(text)} is not in the calendar")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Fault("impossible-date", f"{shown(text)} is not a year of this record", f"{FIRST_YEAR} to {LAST_YEAR}")
    return None


def period_bounds(text: str) -> tuple[str, str] | None:
    """First and last day, as YYYY-MM-DD, of `2024`, `2024-02`, `2024-02-03` or of two of these joined with ` to `."""
    first, to, last = text.partition(" to ")
    start, end = _bounds(first), _bounds(last if to else first)
    return (start[0], end[1]) if start and end else None


def period_name(text: str) -> str:
    """A period in its shortest form: `2024-02` for `2024-02-01 to 2024-02-29`; empty for what is none."""
    bounds = period_bounds(text)
    if not bounds:
        return ""
    for size in (4, 7):
        start, end = bounds[0][:size], bounds[1][:size]
        if bounds == period_bounds(f"{start} to {end}"):
            return start if start == end else f"{start} to {end}"
    return bounds[0] if bounds[0] == bounds[1] else " to ".join(bounds)


def plain(number: str) -> str:
    """A decimal without zeros that say nothing, so that equal values are equal texts."""
    shortest = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if shortest == "-0" else shortest


@lru_cache(maxsize=65_536)
def _bounds(text: str) -> tuple[str, str] | None:
    match = _PART.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        start = dt.date(year, month or 1, day or 1)
        end = start if day else dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - dt.timedelta(1)
    except ValueError:
        return None
    return (start.isoformat(), end.isoformat()) if FIRST_YEAR <= year <= LAST_YEAR else None


def check_period(text: str) -> Fault | None:
    """A year, month or day, or two of these joined with ` to `."""
    bounds = period_bounds(text)
    if bounds is None:
        hint = "a year, month or day, or two of them: 2024, 2024-02, 2024-02-03, 2023-04 to 2024-03"
        return Fault("not-a-period", f"{shown(text)} is not a period", hint)
    if bounds[0] > bounds[1]:
        return Fault("date-order", f"the period {shown(text)} ends before it starts")
    return None


def check_url(text: str) -> Fault | None:
    """An http or https address of printable ASCII without quotes, angle brackets or spaces."""
    if _URL.fullmatch(text) and len(text) <= MAX_TEXT:
        return None
    return Fault("not-an-address", f"{shown(text)} is not an address", "http:// or https://, percent-encoded")


def check_evidence(text: str) -> Fault | None:
    """A fragment, or `first words … last words`, with words on both sides of the one ellipsis."""
    parts = text.split("…")
    if len(parts) > 2 or not all(map(_HAS_WORD.search, parts)):
        hint = "a fragment of the article, or its first and last words: rated as … latest report"
        return Fault("bad-evidence", f"{shown(text)} does not locate a passage", hint)
    return Fault("too-long", f"locating words of {len(text):,} characters") if len(text) > MAX_TEXT else None


def check_code(text: str, codes: Mapping[str, str], home: str = "") -> Fault | None:
    """One of the values of a list, given as what is accepted -> code; home: where a new one would be added."""
    if text in codes:
        return None
    hint = nearest(text, codes, home, 0.75) if home else nearest(text, codes)
    return Fault("unknown-value", f"{shown(text)} is not known here", hint)


def check_excerpt(text: str) -> Fault | None:
    """A text that may leave out words once."""
    return check_text(text) or check_evidence(text)


def check_quantity(text: str) -> Fault | None:
    """A number, a space and the name of a unit."""
    number, _, unit = text.partition(" ")
    if unit.strip() and not check_number(number) and not number.startswith("-"):
        return None
    return Fault("not-a-quantity", f"{shown(text)} is not a number and a unit", "such as 10 seconds")


Check = Callable[[str], Fault | None]

CHECKS: Final[dict[str, Check]] = {
    "text": check_text,
    "excerpt": check_excerpt,
    "evidence": check_evidence,
    "slug": check_slug,
    "number": check_number,
    "whole": check_whole,
    "date": check_date,
    "past-date": check_date,
    "period": check_period,
    "quantity": check_quantity,
    "url": check_url,
}
"""The check of every kind but `code`, which needs its list."""

PATTERNS: Final = {
    "slug": _SLUG.pattern,
    "number": _NUMBER.pattern,
    "whole": _WHOLE.pattern,
    "date": _DATE.pattern,
    "past-date": _DATE.pattern,
}
"""The form of the kinds that have one, for editors."""
