"""The text of a source file -> an Article, or problems in the curator's words.

Two ways that agree: a fast one, which accepts only plain texts and knows no places, and a slow one, which keeps the
place of every value and has the last word. Whatever the fast one does not accept goes the slow way.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, Final, NamedTuple

import msgspec

from jobs.fast import as_json
from jobs.nodes import Node, Scalar
from jobs.problems import Finding, Hint, Problem, limited, trimmed
from jobs.screen import Spot, familiar, screen
from jobs.shape import check_shape, place, shape_of
from jobs.written import Articles, Written, from_json
from schemas.article import SECTIONS, Article, Count

_decoder = msgspec.json.Decoder(Article)
_encoder = msgspec.json.Encoder()

_FATAL: Final = frozenset({"anchor", "alias", "tag", "merge-key", "wrong-type"})
_TOGETHER: Final = 2**26
"""Bytes of files that are read together at most, several times ten thousand for each of them."""
_TOO_MANY: Final = 100
"""Forbidden characters from which on a file is not looked at any further."""
FEW: Final = 8
"""Articles that are read one by one, which takes less time than columns."""


class Reading(NamedTuple):
    """What came of a file: its content, what is wrong with it, or both; `node`, if known, gives findings a place."""

    content: msgspec.Struct | None
    node: Node | None
    spots: list[Spot]
    findings: list[Finding]

    @property
    def article(self) -> Article | None:
        """The article, where it is one that was read."""
        return self.content if isinstance(self.content, Article) else None


def read_fast(text: bytes) -> Article | None:
    """The article, if the text (UTF-8, screened) is so plain that the fast parser can be trusted with it.

    Call it within `quiet`.
    """
    (content,) = as_json([text])
    return _understood(content) if content else None


def _understood(content: bytes) -> Article | None:
    """The article in what `as_json` has made of a text, if it is whole."""
    try:
        article = _decoder.decode(content)
    except ValueError:
        return None
    whole = content.count(b'"') == _encoder.encode(article).count(b'"')  # keys and texts; of equal keys one is left
    return article if whole and _complete(article) else None


def _complete(article: Article) -> bool:
    structs = [article, *chain.from_iterable(getattr(article, section) for section in SECTIONS)]
    told = all(getattr(struct, field) for struct in structs for field in struct.required)
    return told and all(map(_plain_counts, article.counts))


def _plain_counts(count: Count) -> bool:
    """Whether the keys and values of counts, which are free, are such that keys can be counted in JSON."""
    return all(k.strip() and k[0] != ":" and v.strip() for k, v in count.grades.items())


def read_slow(
    text: str, struct: type[msgspec.Struct] = Article, decoder: "msgspec.json.Decoder[Any]" = _decoder
) -> Reading:
    """The content with the place of everything, and all that is wrong with its YAML and its shape.

    The content holds whatever is right, so that its values can be looked at in the same run; it is None where the text
    cannot be understood at all. struct and its decoder: what the text should be, an article unless said otherwise.
    """
    from jobs.marks import read_marks

    node, spots = read_marks(text)
    if (node is None or node == Scalar("", node.line, node.column)) and not spots:
        node = None
        spots = [Spot(1, 1, "missing-key", "the file is empty", "openpeel describe --article-schema shows the format")]
    if node is None or any(spot.code in _FATAL for spot in spots):
        return Reading(None, node, spots, [])
    content, findings = check_shape(node, shape_of(struct))
    return Reading(decoder.decode(_encoder.encode(content)), node, spots, findings)


def read(data: bytes) -> Reading:
    """The article in a file's bytes, or what is wrong with it."""
    text, spots = screen(data)
    if spots:
        return _despite(spots, text)
    article = read_fast(text.encode())
    return Reading(article, None, [], []) if article else read_slow(text)


class Read(NamedTuple):
    """What came of some files: what their articles say, and each by itself unless nothing is wrong with any of them."""

    written: Written
    readings: list[Reading] | None


def read_many(files: Sequence[bytes]) -> Read:
    """The articles in the bytes of some files, or what is wrong with them."""
    objects = _objects(files) if len(files) > FEW and sum(map(len, files)) <= _TOGETHER else None
    written = from_json(objects) if objects else None
    if written is not None:
        return Read(written, None)
    readings = list(map(read, files))
    return Read(Articles([each.article for each in readings if each.article is not None]), readings)


def _objects(files: Sequence[bytes]) -> list[bytes] | None:
    """Every article as JSON; None where anything is wrong with one of them."""
    texts = []
    for data in files:
        text, spots = (data, []) if familiar(data) else _screened(data)
        if spots:
            return None
        texts.append(text)
    objects = []
    for text, content in zip(texts, as_json(texts), strict=True):
        if content is None:
            reading = read_slow(text.decode())
            if reading.article is None or reading.spots or reading.findings:
                return None
            content = _encoder.encode(reading.article)
        objects.append(content)
    return objects


def _screened(data: bytes) -> tuple[bytes, list[Spot]]:
    text, spots = screen(data)
    return text.encode(), spots


def _despite(spots: list[Spot], text: str) -> Reading:
    """What else can be said of a text with characters that must not be there, if it is a text at all."""
    if not text or len(spots) > _TOO_MANY:
        return Reading(None, None, spots, [])
    reading = read_slow(text)
    return reading._replace(spots=[*spots, *reading.spots])


def located(path: str, reading: Reading, data: bytes) -> list[Problem]:
    """The problems of a file, each at its line and column; reads the text again where places are not known yet."""
    node = reading.node
    if node is None and reading.findings:
        node = read_slow(screen(data)[0]).node
    last = len(data.splitlines()) or 1
    found: list[tuple[Problem, Hint]] = []
    found += [(Problem(path, min(s.line, last), s.column, s.code, s.message), s.hint) for s in reading.spots]
    findings, more = trimmed(reading.findings)
    for finding in findings:
        line, column = place(node, finding.where)
        found.append((Problem(path, line, column, finding.code, finding.message), finding.hint))
    return limited(found, more)
