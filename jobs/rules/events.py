"""Events: each told apart."""

from collections.abc import Iterator
from operator import attrgetter

from jobs.coded import Column, coded_texts, hyphenated, mapped
from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.rules.many import Section, repeated
from schemas.article import Article
from schemas.vocabulary import INSPECTION_EVENTS


def event_keys(events: Section) -> Column[str]:
    """What makes an event one event, whenever articles say that it happened: force, kind, area and variant.

    A part of an inspection, such as its fieldwork, has the inspection instead of the force.
    """
    whose = mapped(_whose, events["event"], events.known, events.forces)
    return coded_texts(hyphenated(whose, events["event"], events.areas.map(attrgetter("area_id")), events["variant"]))


def _whose(kind: str, inspection: str, force: str) -> str:
    return inspection if kind in INSPECTION_EVENTS else force


def events_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article tells an event once; `variant` tells apart two of one kind."""
    for index, first in repeated(article, lists, "events", event_keys):
        hint = f"first in item {first + 1} of events; if it happened twice, tell them apart by variant"
        yield Finding(("events", index), "repeated-event", "the same event stands twice here", hint)
