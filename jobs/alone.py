"""Wave one: what each article shows by itself, some articles at a time and anywhere."""

import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from jobs.claims import Claims
from jobs.codelists import NO_LISTS, Codelists
from jobs.contents import Content, article_id, loaded
from jobs.curated import Curated, flatten
from jobs.fast import quiet
from jobs.kept.known import Key, article_key
from jobs.pins import Pin, PinFile, check_pins
from jobs.problems import Finding, Problem
from jobs.read import FEW, Reading, located, read_many
from jobs.rules import apply_rules
from jobs.rules.looks import suspects
from jobs.rules.many import Many
from jobs.scalars import NOT_HELD
from schemas.article import Article

Pinned = tuple[int, str, Content, tuple[str, Content] | None]
"""An article to be read: its index, path and content, and path and content of its pins if there are any."""


class Part(NamedTuple):
    """What wave one makes of some articles: their claims if all are sound, what is wrong, index and key of each."""

    claims: Claims | None
    problems: list[Problem]
    keys: list[tuple[int, Key]]


class Judged(NamedTuple):
    """What wave one makes of one article: itself where nothing is wrong, its pins, and what is wrong."""

    article: Article | None
    pins: tuple[Pin, ...]
    problems: list[Problem]


class Opened(NamedTuple):
    """An article whose files could be read: number, path and bytes, and its pins."""

    number: int
    path: str
    data: bytes
    pins: PinFile | None

    @property
    def name(self) -> str:
        """The id of the article."""
        return article_id(self.path)


class Looked(NamedTuple):
    """Articles that have been read: as columns; each by itself unless all could be understood; what rules find in them.

    The findings have no places yet.
    """

    many: Many
    readings: list[Reading] | None
    findings: list[list[Finding]]

    def reading(self, number: int) -> Reading:
        """What came of one file."""
        if self.readings is None:
            return Reading(self.many.written.article(number), None, [], [])
        return self.readings[number]

    def held(self) -> set[int]:
        """The numbers of the files whose articles may rest on a text that is held."""
        if self.readings is not None:
            return set(range(len(self.readings)))
        return set(np.flatnonzero(self.many["text"].map(NOT_HELD.__ne__).mask()).tolist())


def claims_of(chunk: list[Pinned], parcel: bytes | Codelists | None, today: str, keyed: bool = True) -> Part:
    """The claims of some articles and what is wrong with them; without code lists, what can be said without them.

    A pure function of its arguments, for any executor. parcel: the code lists or None; if pickled, each process unpacks
    them once. keyed: whether keys are wanted; that of an article that is not sound is empty.
    """
    lists = _unpacked(parcel) if isinstance(parcel, bytes) else parcel
    tried = [open_article(path, index, content, pins) for index, path, content, pins in chunk]
    opened = [one for one, _ in tried if one]
    looked = look(opened, lists, today)
    held = looked.held()
    judged = [_bound(looked, n, one, n in held) for n, one in enumerate(opened)]
    problems = [p for _, unread in tried for p in unread] + [p for _, found in judged for p in found]
    keys = dict.fromkeys((index for index, *_ in chunk), b"")
    for one, (_, found) in zip(opened, judged, strict=True):
        if keyed and not found:
            keys[one.number] = article_key(one.name, one.data, one.pins.data if one.pins else None)
    if lists is None or problems:
        return Part(None, problems, list(keys.items()))
    named = [one.name.encode(errors="replace").decode() for one in opened]  # others tell of a name that is no text
    curated = [Curated(o.number, name, pins) for o, name, (pins, _) in zip(opened, named, judged, strict=True)]
    return Part(flatten(curated, looked.many), problems, list(keys.items()))


@lru_cache(maxsize=1)
def _unpacked(parcel: bytes) -> Codelists | None:
    lists: Codelists | None = pickle.loads(parcel)  # noqa: S301  (made by the pipeline)
    return lists


def open_article(
    path: str, number: int, content: Content, pins: tuple[str, Content] | None
) -> tuple[Opened | None, list[Problem]]:
    """What is in the files of an article; where one of them cannot be read, why."""
    data, kept = loaded(content), loaded(pins[1]) if pins else b""
    if isinstance(data, bytes) and isinstance(kept, bytes):
        return Opened(number, path, data, PinFile(pins[0], kept) if pins else None), []
    unread = [(p, d) for p, d in ((path, data), (pins[0] if pins else "", kept)) if isinstance(d, OSError)]
    return None, [Problem(p, 1, 1, "unreadable", f"cannot be read: {error.strerror}") for p, error in unread]


def look(opened: Sequence[Opened], lists: Codelists | None, today: str) -> Looked:
    """Reads articles and applies the rules to them."""
    with quiet():
        written, readings = read_many([one.data for one in opened])
    many = Many(written, lists or NO_LISTS)
    closer = suspects(many, today) if lists and len(many) > FEW else range(len(many))
    doubted = {number: apply_rules(written.article(number), lists, today) for number in closer}
    if readings is None:
        return Looked(many, None, [doubted.get(number, []) for number in range(len(many))])
    numbers = iter(range(len(many)))
    findings = [[*r.findings, *(doubted.get(next(numbers), ()) if r.article else ())] for r in readings]
    return Looked(many, readings, findings)


def _bound(looked: Looked, number: int, one: Opened, held: bool) -> tuple[tuple[Pin, ...], list[Problem]]:
    """The pins of an article, and everything that is wrong with it and with them."""
    findings = looked.findings[number]
    bound: tuple[Pin, ...] = ()
    problems: list[Problem] = []
    if (held or one.pins) and (article := looked.reading(number).article) is not None:
        bound, unpinned, problems = check_pins(article, one.pins)
        findings = findings + unpinned
    return bound, problems + _placed(looked, number, one, findings)


def _placed(looked: Looked, number: int, one: Opened, findings: list[Finding]) -> list[Problem]:
    """What is wrong with an article, at its places."""
    if not findings and (looked.readings is None or not looked.readings[number].spots):
        return []
    with quiet():
        return located(one.path, looked.reading(number)._replace(findings=findings), one.data)


def check_article(path: str, data: bytes, lists: Codelists | None, today: str, file: PinFile | None = None) -> Judged:
    """One article and its pins, and everything that is wrong inside the two."""
    one = Opened(0, path, data, file)
    looked = look([one], lists, today)
    pins, problems = _bound(looked, 0, one, True)
    return Judged(None if problems else looked.reading(0).article, pins, problems)


def judge(
    articles: Sequence[tuple[str, Content]], lists: Codelists, today: str
) -> Iterator[tuple[int, str, Article | None, list[Problem]]]:
    """Every article for itself, without its pins: index, path, article and what is wrong."""
    for index, (path, content) in enumerate(articles):
        one, unread = open_article(path, index, content, None)
        if one is None:
            yield index, path, None, unread
            continue
        looked = look([one], lists, today)
        yield index, path, looked.reading(0).article, _placed(looked, 0, one, looked.findings[0])
