"""Events: each told apart."""

from collections.abc import Iterator

from jobs.codelists import AMBIGUOUS, Codelists
from jobs.problems import Finding
from jobs.rules.items import inspection_of
from schemas.article import Article, Event
from schemas.vocabulary import INSPECTION_EVENTS


def event_key(article: Article, event: Event, lists: Codelists) -> str:
    """What makes an event one event, whenever articles say that it happened: force, kind, area and variant.

    A part of an inspection, such as its fieldwork, has the inspection instead of the force.
    """
    inspection = inspection_of(article, event, lists)
    force = lists.inspections[inspection].force_id if inspection else ""
    whose = inspection if event.event in INSPECTION_EVENTS else force
    area = lists.area(inspection, event.area) if inspection and event.area else None
    return "-".join(filter(None, (whose, event.event, (area or AMBIGUOUS).area_id, event.variant)))


def events_once(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An article tells an event once; `variant` tells apart two of one kind."""
    first: dict[str, int] = {}
    for index, event in enumerate(article.events):
        key = event_key(article, event, lists)
        if key in first:
            hint = f"first in item {first[key] + 1} of events; if it happened twice, tell them apart by variant"
            yield Finding(("events", index), "repeated-event", "the same event stands twice here", hint)
        first.setdefault(key, index)
