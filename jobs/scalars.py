"""What the text of a single value must be: one check per kind, each returning what is wrong or None."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from jobs.dates import DATE, PART, check_article_date, check_date, check_day, check_period
from jobs.problems import Fault, nearest, shown

MAX_TEXT: Final = 2_000
"""Characters in a text; a spreadsheet cell holds 32,767, a summary is one sentence."""
MAX_DIGITS: Final = 15
"""Significant digits that every spreadsheet and float64 keep."""


_SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_WHOLE = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_URL = re.compile(
    r"https?://[A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]+\.?(:[0-9]{1,5})?([/?][\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]*)?"
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
_CODE: Final = 100
"""Characters that no code, label or alias has more of."""
_LONG: Final = 32
"""Characters above which no text is a number, a date or a word for nothing."""
_HAS_WORD = re.compile(r"[^\W_]")
_NULLS = frozenset(
    {"na", "n/a", "null", "none", "nan", "-nan", "nil", "-", "~", "<na>", "#na", "#n/a", "#n/a n/a",
     "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan"}
)  # fmt: skip


def fold(text: str) -> str:
    """The text as codes, labels and aliases are compared: case, space and kinds of quote or dash do not matter."""
    return _folded(text) if len(text) <= _CODE else _folded.__wrapped__(text)


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
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


def plain(number: str) -> str:
    """A decimal without zeros that say nothing, so that equal values are equal texts."""
    shortest = number.rstrip("0").rstrip(".") if "." in number else number
    return "0" if shortest == "-0" else shortest


def check_url(text: str) -> Fault | None:
    """An http or https address of printable ASCII without quotes, angle brackets or spaces."""
    if _URL.fullmatch(text) and len(text) <= MAX_TEXT and ":~:" not in text:
        return None
    return Fault(
        "not-an-address", f"{shown(text)} is not an address", "http:// or https://, percent-encoded, without :~:text"
    )


def check_evidence(text: str) -> Fault | None:
    """A fragment, or `first words … last words`, with words on both sides of the one ellipsis."""
    parts = text.split("…")
    if len(parts) > 2 or not all(map(_HAS_WORD.search, parts)):
        hint = "a fragment of the article, or its first and last words: rated as … latest report"
        return Fault("bad-evidence", f"{shown(text)} does not locate a passage", hint)
    return Fault("too-long", f"locating words of {len(text):,} characters") if len(text) > MAX_TEXT else None


_TEXT_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*[.]txt")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
NOT_HELD: Final = "not-held"
"""What an article says whose text we do not have."""


def check_text_file(text: str) -> Fault | None:
    """The name of a text file, or that there is none."""
    if text == NOT_HELD or (_TEXT_FILE.fullmatch(text) and len(text) <= 200):
        return None
    hint = "the name of a file that ends in .txt, without folders; or not-held"
    return Fault("bad-text-file", f"{shown(text)} does not name a text", hint)


def check_language(text: str) -> Fault | None:
    """A language as in web pages: two or three letters, perhaps script and country."""
    if _LANGUAGE.fullmatch(text):
        return None
    return Fault("unknown-value", f"{shown(text)} is not a language", "such as en, cy (Welsh) or pl")


def check_code(text: str, codes: Mapping[str, str], home: str = "") -> Fault | None:
    """One of the values of a list, given as what is accepted -> code; home: where a new one would be added."""
    if text in codes:
        return None
    hint = nearest(text, codes, home, 0.75) if home else nearest(text, codes)
    return Fault("unknown-value", f"{shown(text)} is not known here", hint)


def check_excerpt(text: str) -> Fault | None:
    """A text that may leave out words once."""
    return check_text(text) or check_evidence(text)


def check_choice(text: str) -> Fault | None:
    """A value as another place has it, number or text; it is compared, never published."""
    return Fault("too-long", f"a choice of {len(text):,} characters") if len(text) > MAX_TEXT else None


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
    "choice": check_choice,
    "slug": check_slug,
    "number": check_number,
    "whole": check_whole,
    "date": check_date,
    "past-date": check_day,
    "due-date": check_day,
    "article-date": check_article_date,
    "period": check_period,
    "quantity": check_quantity,
    "url": check_url,
    "text-file": check_text_file,
    "language": check_language,
}
"""The check of every kind but `code`, which needs its list."""


class Form(NamedTuple):
    """A form of texts: an expression for Arrow, and how many characters there are at least and at most."""

    pattern: str
    least: int
    most: int


_PART: Final = "[^…]*[A-Za-z0-9][^…]*"
SOUND: Final = {
    "text": Form(r"\A[A-Za-z]", _LONG + 1, MAX_TEXT),
    "excerpt": Form(rf"\A[A-Za-z][^…]*(?:…{_PART})?\z", _LONG + 1, MAX_TEXT),
    "evidence": Form(rf"\A{_PART}(?:…{_PART})?\z", 1, MAX_TEXT),
    "slug": Form(r"\A[a-z]+(?:-[a-z]+)+\z", 1, 120),
    "url": Form(r"\Ahttps?://[A-Za-z0-9.-]+\.[A-Za-z][A-Za-z0-9-]+(?:/[A-Za-z0-9/._-]*)?\z", 1, MAX_TEXT),
    "article-date": Form(r"\A(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])\z", 10, 10),
}
"""Of some kinds, a form that most sound values have and no other ones: a look that costs less than the check."""
ARTICLE_ID: Final = Form(r"\A[a-z][a-z0-9]*(?:-[a-z0-9]+)+\z", _LONG + 1, 120)
"""The form that the ids of most articles have."""

_PERIOD: Final = f"{PART.pattern}(?: to {PART.pattern})?"
PATTERNS: Final = {
    "slug": _SLUG.pattern,
    "number": _NUMBER.pattern,
    "whole": _WHOLE.pattern,
    "date": DATE.pattern,
    "past-date": rf"(?:[A-Za-z]+ )?(?:{DATE.pattern})",
    "due-date": rf"(?:[A-Za-z]+ )?(?:{DATE.pattern})",
    "article-date": rf"unknown|(?:[A-Za-z]+ )?(?:{DATE.pattern})|{_PERIOD}",
    "period": _PERIOD,
    "language": _LANGUAGE.pattern,
}
"""The form of the kinds that have one, for editors."""
