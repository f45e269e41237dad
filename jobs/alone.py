"""Wave one: what each article shows by itself, some articles at a time and anywhere."""

import pickle
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from jobs.claims import Claims, Curated, flatten
from jobs.codelists import NO_LISTS, Codelists
from jobs.contents import Content, article_id, loaded
from jobs.kept.known import Key, article_key
from jobs.pins import Pin, PinFile, check_pins
from jobs.problems import Finding, Problem
from jobs.read import Reading, located, quiet, read
from jobs.rules import apply_rules
from jobs.rules.looks import suspects
from jobs.rules.many import Articles, Many
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
    """An article whose files could be read: number, path and bytes, its pins, and what was understood of it."""

    number: int
    path: str
    data: bytes
    pins: PinFile | None
    reading: Reading

    @property
    def name(self) -> str:
        """The id of the article."""
        return article_id(self.path)


def claims_of(chunk: list[Pinned], parcel: bytes, today: str) -> Part:
    """The claims of some articles and what is wrong with them; without code lists, what can be said without them.

    A pure function of its arguments, for any executor. parcel: the pickled code lists or None, which each process
    unpacks once. The key of an article that is not sound is empty.
    """
    lists = _unpacked(parcel)
    with quiet():
        tried = [open_article(path, index, content, pins) for index, path, content, pins in chunk]
        opened = [one for one, _ in tried if one]
        many, findings = _looked_at([one.reading for one in opened], lists, today)
        judged = [_judged(*each) for each in zip(opened, findings, strict=True)]
    problems = [p for _, unread in tried for p in unread] + [p for each in judged for p in each.problems]
    keys = dict.fromkeys((index for index, *_ in chunk), b"")
    for one, (article, _, _) in zip(opened, judged, strict=True):
        if article is not None:
            keys[one.number] = article_key(one.name, one.data, one.pins.data if one.pins else None)
    if lists is None or problems:
        return Part(None, problems, list(keys.items()))
    pins = [each.pins for each in judged]
    sound = zip(opened, pins, strict=True)
    curated = [Curated(one.number, one.name, one.reading.article, bound) for one, bound in sound if one.reading.article]
    return Part(flatten(curated, many), problems, list(keys.items()))


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
        return Opened(number, path, data, PinFile(pins[0], kept) if pins else None, read(data)), []
    unread = [(p, d) for p, d in ((path, data), (pins[0] if pins else "", kept)) if isinstance(d, OSError)]
    return None, [Problem(p, 1, 1, "unreadable", f"cannot be read: {error.strerror}") for p, error in unread]


def _looked_at(readings: Sequence[Reading], lists: Codelists | None, today: str) -> tuple[Many, list[list[Finding]]]:
    """The articles that could be understood, and of every reading what is wrong with it, so far without places."""
    understood = [reading.article for reading in readings if reading.article is not None]
    many = Many(Articles(understood), lists or NO_LISTS)
    closer = suspects(many, today) if lists else range(len(many))
    numbers = iter(range(len(many)))
    findings = []
    for reading in readings:
        doubted = reading.article if reading.article is not None and next(numbers) in closer else None
        findings.append([*reading.findings, *(apply_rules(doubted, lists, today) if doubted else ())])
    return many, findings


def _judged(one: Opened, findings: list[Finding]) -> Judged:
    article = one.reading.article
    bound: tuple[Pin, ...] = ()
    problems: list[Problem] = []
    if article is not None:
        bound, unpinned, problems = check_pins(article, one.pins)
        findings = findings + unpinned
    problems += _placed(one, findings)
    return Judged(None if problems else article, bound, problems)


def _placed(one: Opened, findings: list[Finding]) -> list[Problem]:
    """What is wrong with an article, at its places."""
    wrong = findings or one.reading.spots
    return located(one.path, one.reading._replace(findings=findings), one.data) if wrong else []


def check_article(path: str, data: bytes, lists: Codelists | None, today: str, file: PinFile | None = None) -> Judged:
    """One article and its pins, and everything that is wrong inside the two."""
    with quiet():
        one = Opened(0, path, data, file, read(data))
    _, (findings,) = _looked_at([one.reading], lists, today)
    return _judged(one, findings)


def judge(
    articles: Sequence[tuple[str, Content]], lists: Codelists, today: str
) -> Iterator[tuple[int, str, Article | None, list[Problem]]]:
    """Every article for itself, without its pins: index, path, article and what is wrong."""
    with quiet():
        for index, (path, content) in enumerate(articles):
            one, unread = open_article(path, index, content, None)
            if one is None:
                yield index, path, None, unread
                continue
            _, (findings,) = _looked_at([one.reading], lists, today)
            yield index, path, one.reading.article, _placed(one, findings)
