"""Values of tables -> words of the page: dates, periods, amounts, sizes, addresses that are safe to follow."""

import datetime as dt
import re
from calendar import monthrange
from typing import Any, Final

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Names that do not depend on the locale."""
_SIGNED: Final = str.maketrans("-", "\N{MINUS SIGN}")


def day(date: dt.date | None) -> str:
    """A date in words, or nothing."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}" if date else ""


def day_of(text: str) -> str:
    """A date written as YYYY-MM-DD in words; any other text as it is."""
    try:
        return day(dt.date.fromisoformat(text))
    except ValueError:
        return text


def span(start: dt.date | None, end: dt.date | None) -> str:
    """A period in words, both days included: a day, a month, a year or from one day to another."""
    if not start or not end:
        return f"from {day(start)}" if start else f"until {day(end)}" if end else ""
    if start == end:
        return day(start)
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    if whole and (start.year, start.month) == (end.year, end.month):
        return f"{MONTHS[start.month - 1]} {start.year}"
    if whole and start.year == end.year and (start.month, end.month) == (1, 12):
        return str(start.year)
    if whole:
        return f"{MONTHS[start.month - 1]} {start.year} to {MONTHS[end.month - 1]} {end.year}"
    return f"{day(start)} to {day(end)}"


def number(value: float) -> str:
    """A number with separators between thousands, and no more digits than it has."""
    return f"{value:,.15g}".translate(_SIGNED)


def amount(value: float | None, unit: str) -> str:
    """A number with the name of its unit; nothing where there is no number."""
    if value is None:
        return ""
    return f"{number(value)}%" if unit == "per cent" else f"{number(value)} {unit}".strip()


def counted(count: int, noun: str) -> str:
    """A number of things, by their singular."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def size(count: int) -> str:
    """A number of bytes as people read it; kB is 1,000 bytes."""
    if count < 1_000:
        return f"{count} bytes"
    return f"{count / 1_000:,.0f} kB" if count < 999_500 else f"{count / 1_000_000:,.1f} MB"


def safe(address: Any) -> str:
    """An address that a reader may follow: of the web; nothing for any other."""
    text = str(address or "")
    return text if re.match(r"https?://", text) else ""


def anchor(text: Any) -> str:
    """A text as part of the id of an element."""
    return re.sub(r"[^a-z0-9]+", "-", str(text).lower()).strip("-")
