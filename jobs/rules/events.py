"""Events: each told apart."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.rules.many import Many, Section
from schemas.article import Article
from schemas.vocabulary import INSPECTION_EVENTS


def event_keys(events: Section) -> list[str]:
    """What makes an event one event, whenever articles say that it happened: force, kind, area and variant.

    A part of an inspection, such as its fieldwork, has the inspection instead of the force.
    """
    named = zip(events["event"], events.known, events.forces, strict=True)
    whose = [inspection if kind in INSPECTION_EVENTS else force for kind, inspection, force in named]
    areas = [area.area_id for area in events.areas]
    parts = zip(whose, events["event"], areas, events["variant"], strict=True)
    return ["-".join(filter(None, each)) for each in parts]


def events_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article tells an event once; `variant` tells apart two of one kind."""
    first: dict[str, int] = {}
    for index, key in enumerate(event_keys(Many([article], lists).sections["events"])):
        if key in first:
            hint = f"first in item {first[key] + 1} of events; if it happened twice, tell them apart by variant"
            yield Finding(("events", index), "repeated-event", "the same event stands twice here", hint)
        first.setdefault(key, index)
