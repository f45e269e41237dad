"""Dates as articles give them: days with or without their weekday, months, years, spans of them, nothing."""

import datetime as dt
import re
from functools import lru_cache
from typing import Final

from jobs.problems import Fault, shown

FIRST_YEAR, LAST_YEAR = 1900, 2199
DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
PART: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@lru_cache(maxsize=65_536)
def check_date(text: str) -> Fault | None:
    """A date as YYYY-MM-DD that the calendar has."""
    match = DATE.fullmatch(text)
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


@lru_cache(maxsize=65_536)
def check_day(text: str) -> Fault | None:
    """A date, perhaps after its weekday as printed, which must then be that of the calendar."""
    weekday, _, date = text.rpartition(" ")
    fault = check_date(date)
    if fault or not weekday:
        return fault if not fault or weekday.lower() in _WEEKDAYS else check_date(text)
    if weekday.lower() not in _WEEKDAYS:
        return Fault("not-a-date", f"{shown(text)} is not a date", "YYYY-MM-DD or Tuesday YYYY-MM-DD")
    real = _WEEKDAYS[dt.date.fromisoformat(date).weekday()].capitalize()
    if weekday.lower() == real.lower():
        return None
    hint = "if the article itself prints both, leave out the weekday and say in a note what it prints"
    return Fault("wrong-weekday", f"{date} is a {real}, not a {weekday.capitalize()}", hint)


def day(text: str) -> str:
    """The date of `2024-03-12` or `Tuesday 2024-03-12`."""
    return text if len(text) == 10 else text[-10:]


_SIDES: Final = {"after": 1, "from": 0, "before": -1, "until": 0}
"""What may stand before a day -> how far the first or last possible day is from it."""


@lru_cache(maxsize=65_536)
def check_article_date(text: str) -> Fault | None:
    """A day, a month, a year, a range of them, a side of a day (`after`, `from`, `before`, `until`), or `unknown`."""
    if text == "unknown":
        return None
    first, _, rest = text.partition(" ")
    if first in _SIDES:
        return check_date(rest) or check_date(_neighbour(rest, _SIDES[first]))
    if first.lower() in _WEEKDAYS or DATE.fullmatch(text):
        return check_day(text)
    fault = check_period(text)
    if fault is None or fault.code == "date-order":
        return fault
    hint = "2024-03-12, Tuesday 2024-03-12, 2024-03, after (from, before, until) 2024-03-12, or unknown"
    return Fault("not-a-date", f"{shown(text)} is not the date of an article", hint)


@lru_cache(maxsize=65_536)
def date_bounds(text: str) -> tuple[str, str]:
    """The earliest and the latest day that the date of an article can mean; empty where nobody knows."""
    word, _, rest = text.partition(" ")
    if word in _SIDES:
        bound = _neighbour(rest, _SIDES[word])
        return (bound, "") if word in ("after", "from") else ("", bound)
    return period_bounds(rest if word.lower() in _WEEKDAYS else text) or ("", "")


def _neighbour(date: str, days: int) -> str:
    return (dt.date.fromisoformat(date) + dt.timedelta(days)).isoformat() if not check_date(date) else ""


def check_period(text: str) -> Fault | None:
    """A year, month or day, or two of these joined with ` to `."""
    bounds = period_bounds(text)
    if bounds is None:
        hint = "a year, month or day, or two of them: 2024, 2024-02, 2024-02-03, 2023-04 to 2024-03"
        return Fault("not-a-period", f"{shown(text)} is not a period", hint)
    if bounds[0] > bounds[1]:
        return Fault("date-order", f"the period {shown(text)} ends before it starts")
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


@lru_cache(maxsize=65_536)
def _bounds(text: str) -> tuple[str, str] | None:
    match = PART.fullmatch(text)
    if not match:
        return None
    year, month, day = (int(part) if part else 0 for part in match.groups())
    try:
        start = dt.date(year, month or 1, day or 1)
        end = start if day else dt.date(year + (month or 12) // 12, (month or 12) % 12 + 1, 1) - dt.timedelta(1)
    except ValueError:
        return None
    return (start.isoformat(), end.isoformat()) if FIRST_YEAR <= year <= LAST_YEAR else None
