"""An inspection -> what is true and said about it, from which its articles take their parts."""

import datetime as dt
from functools import cache
from random import Random
from typing import Final, NamedTuple

from .words import MANNERS, TAILS, TOPICS, Manner, pick, slug, some
from .world import Inspection

WEIGHTS: Final = {"outstanding": 4, "good": 40, "adequate": 30, "requires-improvement": 20, "inadequate": 6}
"""How often a grade is given, of a hundred."""


class Revision(NamedTuple):
    """A grade that the inspectorate corrected."""

    area: str
    grade: str
    previous: str
    on: dt.date


class Visit(NamedTuple):
    """A visit of the inspectors before the report: its month, and the month that one article has, if that differs."""

    month: str
    other: str


class Point(NamedTuple):
    """An utterance: what a statement says of it, and the printed words that locate it."""

    id: str
    speaker: str
    manner: Manner
    area: str
    summary: str
    words: str
    origin: str


class Figure(NamedTuple):
    """An observation: its measure and value, who claims it (person, organisation), and further fields as written."""

    measure: str
    value: str
    printed: str
    claimants: tuple[str, str]
    fields: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]
    origin: str


class Story(NamedTuple):
    """All about one inspection; unnamed: areas whose grades no article names, so that counts must tell."""

    inspection: Inspection
    grades: dict[str, str]
    revision: Revision | None
    unnamed: frozenset[str]
    points: list[Point]
    figures: list[Figure]
    visit: Visit | None


Values = dict[tuple[str, ...], str]
"""Observation -> its value, over a whole corpus, so that an observation has one value whoever prints it."""


def make_story(rng: Random, inspection: Inspection, values: Values) -> Story:
    """Truth and talk about an inspection."""
    scale = [grade for grade in WEIGHTS if grade in inspection.grades]
    weights = [WEIGHTS[grade] for grade in scale]
    codes = [area.code for area in inspection.areas]
    grades = dict(zip(codes, rng.choices(scale, weights, k=len(codes)), strict=True))
    revision = _revision(rng, inspection, grades, scale) if rng.random() < 0.12 else None
    unnamed: frozenset[str] = frozenset()
    if inspection.listed and rng.random() < 0.4:
        grade = pick(rng, list(grades.values()))
        alike = [code for code in codes if grades[code] == grade and not (revision and revision.area == code)]
        unnamed = frozenset(alike[: 1 + int(rng.random() * 2)])
    points, figures = _points(rng, inspection), _figures(rng, inspection, values)
    visit = _visit(rng, inspection.published_on) if rng.random() < 0.2 else None
    return Story(inspection, grades, revision, unnamed, points, figures, visit)


def _visit(rng: Random, on: dt.date) -> Visit:
    """A visit in the month before or the one before that; one in ten is told in two ways."""
    last = on.replace(day=1) - dt.timedelta(1)
    first = last.replace(day=1) - dt.timedelta(1)
    months = some(rng, (f"{first:%Y-%m}", f"{last:%Y-%m}"), 2)
    return Visit(months[0], months[1] if rng.random() < 0.1 else "")


def _revision(rng: Random, inspection: Inspection, grades: dict[str, str], scale: list[str]) -> Revision:
    area = pick(rng, list(grades))
    grade = pick(rng, [grade for grade in scale if grade != grades[area]])
    return Revision(area, grade, grades[area], inspection.published_on + dt.timedelta(25))


@cache
def _slug(topic: str) -> str:
    return slug(topic.removeprefix("the ").removeprefix("its "))


def make_point(rng: Random, speaker: str, topic: str, manners: tuple[Manner, ...], area: str, origin: str) -> Point:
    """A point that a speaker makes about a topic."""
    manner = pick(rng, manners)
    summary = manner.summary.format(topic, pick(rng, TAILS))
    words = manner.words.format(topic, pick(rng, TAILS))
    start, end = words.split()[:2], topic.split()[-2:]
    locating = f"{' '.join(start)} … {' '.join(end)}"  # a topic is spoken of once in a story, its tail often
    return Point(f"{manner.start}-{_slug(topic)}", speaker, manner, area, summary, locating, origin)


def _points(rng: Random, inspection: Inspection) -> list[Point]:
    chief, inspector, commissioner = inspection.people
    release, response = inspection.origins
    speakers = [("hmicfrs", release)] * 12 + [(inspector, release)] * 8 + [(chief, response)] * 14
    speakers += [(commissioner, "")] * 6
    codes = [area.code for area in inspection.areas] + [""] * 5
    topics = rng.sample(TOPICS, len(speakers))
    own = {"hmicfrs": MANNERS[:7], inspector: (*MANNERS[:7], MANNERS[-1]), chief: MANNERS[7:13]}
    return [
        make_point(rng, speaker, topic, own.get(speaker, MANNERS[7:]), pick(rng, codes), origin)
        for (speaker, origin), topic in zip(speakers, topics, strict=True)
    ]


class _Measure(NamedTuple):
    """How figures of a measure look: range of values (in its unit) and decimals, and fields that go with it."""

    least: float
    most: float
    decimals: int
    suffix: str
    fields: tuple[tuple[str, str], ...] = ()
    details: tuple[tuple[str, str], ...] = ()


_MEASURES: Final = {
    "call-answering-rank": _Measure(1, 43, 0, "th", (), (("population", "43"),)),
    "calls-answered-in-time": _Measure(60, 99, 1, "% of calls", (("threshold", "10 seconds"),)),
    "emergency-calls-change": _Measure(
        2, 40, 0, "% more", (), (("baseline", "pre-covid"), ("baseline_period", "2019"))
    ),
    "victims-satisfied": _Measure(55, 95, 1, "% of victims"),
    "crimes-solved": _Measure(
        5, 30, 1, "% of crimes", (), (("comparator", "average of all forces"), ("comparator_value", "16.4"))
    ),
    "recorded-crime-change": _Measure(-15, 15, 1, "% in a year"),
    "crimes-recorded": _Measure(80, 99, 2, "% of crimes"),
    "answering-time": _Measure(2, 90, 0, " seconds"),
    "officers": _Measure(900, 9_000, 0, " officers", (("status", "target"),)),
    "budget-gap": _Measure(1, 40, 1, " million pounds"),
    "overdue-visits": _Measure(10, 900, 0, ""),
    "files-in-backlog": _Measure(100, 5_000, 0, " files"),
}
_NAMES: Final = tuple(_MEASURES)


def _figures(rng: Random, inspection: Inspection, values: Values) -> list[Figure]:
    chief, inspector, _ = inspection.people
    codes = [area.code for area in inspection.areas] + [""] * len(inspection.areas)
    figures = []
    for name in rng.sample(_NAMES, 8):
        measure = _MEASURES[name]
        of_force = rng.random() < 0.75
        claimants = (chief, inspection.force_id) if of_force else (inspector, "hmicfrs")
        fields = [*measure.fields, *_time(rng, inspection.published_on)]
        if area := pick(rng, codes):
            fields.append(("area", area))
        if rng.random() < 0.1:
            fields.append(("subject", "england-and-wales"))
        subject = dict(fields).get("subject", inspection.force_id)
        about = dict(fields).get("period") or dict(fields).get("as_of") or inspection.id
        key = (name, subject, claimants[1], about, area)
        value = values.setdefault(key, f"{rng.uniform(measure.least, measure.most):.{measure.decimals}f}")
        details = (*measure.details, *(_change(value) if name.endswith("-change") else ()))
        origin = inspection.origins[of_force]
        figures.append(Figure(name, value, f"{value}{measure.suffix}", claimants, tuple(fields), details, origin))
    return figures


def _change(percent: str) -> tuple[tuple[str, str], ...]:
    """The figures before and after a change."""
    return ("change_from", "2000"), ("change_to", str(2000 + round(20 * float(percent))))


def _time(rng: Random, on: dt.date) -> tuple[tuple[str, str], ...]:
    """The time that a figure is about: the month before, the year before, the day of the report, or not said."""
    before = on.replace(day=1) - dt.timedelta(1)
    year = on.year - 1
    choices = (
        (("period", f"{before:%Y-%m}"),),
        (("period", f"{year}-04 to {on.year}-03" if on.month > 3 else f"{year - 1}-04 to {year}-03"),),
        (("as_of", on.isoformat()),),
        (),
    )
    return pick(rng, choices)
