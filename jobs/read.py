"""The text of a source file -> an Article, or problems in the curator's words.

Two ways that agree: a fast one, which accepts only plain texts and knows no places, and a slow one, which keeps the
place of every value and has the last word. Whatever the fast one does not accept goes the slow way.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from threading import Lock
from typing import Any, Final, NamedTuple

import msgspec
import ryml

from jobs.marks import Node, Scalar, read_marks
from jobs.problems import Finding, Hint, Problem, limited, trimmed
from jobs.screen import Spot, familiar, screen
from jobs.shape import check_shape, place, shape_of
from jobs.written import Articles, Written, lines_of
from schemas.article import SECTIONS, Article, Count

_decoder = msgspec.json.Decoder(Article)
_encoder = msgspec.json.Encoder()

_FATAL: Final = frozenset({"anchor", "alias", "tag", "merge-key", "wrong-type"})
_INDICATORS: Final = b"&*!@`|>?[]{}"
"""What may begin something else than a plain value, besides the sign of per cent, which is in most texts."""
_PERCENT = re.compile(rb"%(?<![^\s\-:,?\[{].)")
_INDICATOR = re.compile(rb"[&*!%@`|>?\[\]{}](?<![^\s\-:,?\[{].)")
"""A character that may begin something else than a plain value, where one begins."""
_SUSPECT = re.compile(
    rb"(?:^|[-:,?\[{])\s*(?:[&*!%@`|?\[\]{}]|>(?!-\n))",  # neither a plain nor a quoted nor a folded value
    re.MULTILINE,
)
_POINT = re.compile(rb"[.][0-9](?<=[-:,\[+\s]..)")
"""A number without a digit before its point: the fast parser would add one."""
_SPACE: Final = rb"\s|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80"
"""Any character that counts as space, in UTF-8."""
_UNCOUNTED = re.compile(rb'": (?:null|"(?:["]|:|%b))' % _SPACE)
"""Texts that are or may be empty, or would spoil the counting of keys."""
_REWRITTEN = re.compile(rb'": "-?\.(?:inf|nan)"|"-?\.(?:inf|nan)":')
"""What the fast parser may have made of something else."""
_BARE_NUMBER = re.compile(rb'": (?=[-0-9])(?<!\\": )(-?[0-9][^",\n}\]]*)')
_LAST_POINT = re.compile(rb"[.](?<=[0-9][.])[ \t]*(?:#|\r?\n|\Z)")
"""Where a number may end in its point: the fast parser would add a digit."""


_ROOM: Final = 2
"""Bytes of JSON at most for each byte of a text; what needs more is read the slow way."""
_TOGETHER: Final = 2**26
"""Bytes of files that are read together at most, several times ten thousand for each of them."""
_TOO_MANY: Final = 100
"""Forbidden characters from which on a file is not looked at any further."""
FEW: Final = 8
"""Articles that are read one by one, which takes less time than columns."""
_STANDARD_ERROR: Final = Lock()


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


class Fast:
    """The fast parser, with the room that it takes for one text after the other."""

    def __init__(self) -> None:
        """Each for one thread."""
        self._tree, self._room = ryml.Tree(), bytearray()

    def json(self, text: bytes) -> bytes | None:
        """The article as JSON in one line, if the text (UTF-8, screened) is so plain that the parser can be trusted.

        All single values are texts. What they stand for, and whether any key comes twice, has not been looked at.
        Call it within `quiet`: of a broken text the parser prints what it also raises.
        """
        if not _plain(text):
            return None
        try:
            content = self._parsed(text) or b"{}"
        except (ryml.ExceptionBasic, ryml.ExceptionParse, ryml.ExceptionVisit, ValueError, IndexError):
            self._tree = ryml.Tree()
            return None
        if _UNCOUNTED.search(content) or ((b".inf" in content or b".nan" in content) and _REWRITTEN.search(content)):
            return None
        if (b".0\n" in content or b".0," in content) and _LAST_POINT.search(text):
            return None
        pieces = _BARE_NUMBER.split(content)
        pieces[1::2] = [b'": "%b"' % number for number in pieces[1::2]]
        return b"".join(pieces).replace(b"\n", b"")

    def _parsed(self, text: bytes) -> bytes:
        if len(self._room) < _ROOM * len(text) + 1_000:
            self._room = bytearray(_ROOM * len(text) + 1_000)
        self._tree.clear()
        self._tree.clear_arena()
        ryml.parse_in_arena(text, tree=self._tree)
        made = bytes(ryml.emit_json_in_place(self._tree, self._room))
        if len(made) > _ROOM * len(text) + 1_000:  # whatever room the texts before have needed
            raise ValueError
        return made


def _plain(text: bytes) -> bool:
    if b"\t" in text or b"\\" in text or (b"<" in text and b"<<" in text) or b"\n---" in text or b"\n..." in text:
        return False  # tabs, escapes, merge keys, documents
    if text.startswith((b"---", b"...", b"%")) or _POINT.search(text):
        return False
    first = _INDICATOR if len(text.translate(None, _INDICATORS)) < len(text) else _PERCENT
    return not (first.search(text) and _SUSPECT.search(text))


def read_fast(text: bytes) -> Article | None:
    """The article, if the text (UTF-8, screened) is so plain that the fast parser can be trusted with it.

    Call it within `quiet`.
    """
    content = Fast().json(text)
    return _understood(content) if content else None


def _understood(content: bytes) -> Article | None:
    """The article in what `Fast` has made of a text, if it is whole."""
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


@contextmanager
def quiet() -> Iterator[None]:
    """Keeps what the fast parser prints of a broken text, besides raising, off the standard error.

    One thread at a time, since the standard error is one for all.
    """
    with _STANDARD_ERROR:
        yield from _without_standard_error()


def _without_standard_error() -> Iterator[None]:
    try:
        kept = os.dup(2)
    except OSError:  # it is closed already
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


def read_slow(
    text: str, struct: type[msgspec.Struct] = Article, decoder: "msgspec.json.Decoder[Any]" = _decoder
) -> Reading:
    """The content with the place of everything, and all that is wrong with its YAML and its shape.

    The content holds whatever is right, so that its values can be looked at in the same run; it is None where the text
    cannot be understood at all. struct and its decoder: what the text should be, an article unless said otherwise.
    """
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
    lines = _lines(files) if len(files) > FEW and sum(map(len, files)) <= _TOGETHER else None
    written = lines_of(lines) if lines else None
    if written is not None:
        return Read(written, None)
    readings = list(map(read, files))
    return Read(Articles([each.article for each in readings if each.article is not None]), readings)


def _lines(files: Sequence[bytes]) -> list[bytes] | None:
    """Every article as JSON; None where anything is wrong with one of them."""
    fast = Fast()
    lines = []
    for data in files:
        text = data
        if not familiar(data):
            screened, spots = screen(data)
            if spots:
                return None
            text = screened.encode()
        line = fast.json(text)
        if line is None:
            reading = read_slow(text.decode())
            if reading.article is None or reading.spots or reading.findings:
                return None
            line = _encoder.encode(reading.article)
        lines.append(line)
    return lines


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
