"""Articles' texts -> pins, and the proof that pins are true: the only place where texts are read."""

import errno
import hashlib
from collections.abc import Collection, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from jobs import across
from jobs.alone import judge
from jobs.codelists import Codelists
from jobs.contents import MAX_BYTES, StoredFile, article_id, loaded
from jobs.decisions import Decisions
from jobs.matching import Prepared, Span, as_written, browser_opens, candidates, crosses_paragraphs, find, words
from jobs.pins import (
    PIN,
    Pin,
    PinFile,
    Pins,
    digest,
    field_of,
    locating_words,
    missing_evidence,
    named_items,
    pinned_words,
    read_pins,
    render,
)
from jobs.pipeline import Sources
from jobs.problems import Finding, Hint, Problem, shown
from jobs.read import Reading, located
from jobs.rules.items import inspection_of
from jobs.scalars import NOT_HELD
from jobs.weigh.alike import Passage, clashes_of, words_of
from schemas.article import Article


class Read(NamedTuple):
    """An article without faults: index of the file, its path, itself."""

    file: int
    path: str
    article: Article

    @property
    def article_id(self) -> str:
        """The name of its file."""
        return article_id(self.path)


class Pinned(NamedTuple):
    """What pinning makes: article id -> the bytes of its pins, articles that are to have none, and what is wrong."""

    files: dict[str, bytes]
    without: set[str]
    problems: list[Problem]


def pin_articles(sources: Sources, lists: Codelists, today: str, texts: Path) -> Pinned:
    """The pins of every article whose text is held. An article with a problem of any kind gets none."""
    articles, problems = _read_articles(sources, lists, today)
    files: dict[str, bytes] = {}
    for read in articles:
        if read.article.text == NOT_HELD:
            continue
        pins, findings = pins_of(read.article, texts)
        problems += _placed(sources, read, findings)
        if pins is not None and not findings:
            files[read.article_id] = render(pins)
    known = {article_id(path) for path, _ in sources.articles}
    held = {read.article_id for read in articles if read.article.text != NOT_HELD}
    read_ids = {read.article_id for read in articles}
    without = {name for name in sources.pins if name not in known or (name in read_ids and name not in held)}
    return Pinned(files, without, sorted(problems))


def prove_pins(
    sources: Sources, lists: Codelists, decisions: Decisions, today: str, texts: Path, faulty: Collection[str]
) -> list[Problem]:
    """Everything by which the pins of articles differ from what their texts give.

    With the texts at hand, statements are compared by their very words, too. faulty: paths of articles and pins that
    are left out, since something else is known to be wrong with them.
    """
    problems: list[Problem] = []
    passages: list[Passage] = []
    for read in _read_articles(sources, lists, today)[0]:
        path, content = sources.pins.get(read.article_id, ("", b""))
        data = loaded(content)
        kept = read_pins(PinFile(path, data))[0] if isinstance(data, bytes) else None
        if kept is None or read.path in faulty or path in faulty:
            continue
        pins, findings = pins_of(read.article, texts)
        if pins is not None:
            findings += _differences(read.article, kept, pins)
            passages += _passages(read, pins, texts, lists)
        problems += _placed(sources, read, findings)
    return sorted(problems + across.located(sources.articles, clashes_of(passages, decisions), decisions))


def _read_articles(sources: Sources, lists: Codelists, today: str) -> tuple[list[Read], list[Problem]]:
    """The articles without faults of their own, whatever their pins are like, and the faults of the others."""
    articles: list[Read] = []
    problems: list[Problem] = []
    for file, path, article, found in judge(sources.articles, lists, today):
        problems += found
        if article is not None and not found:
            articles.append(Read(file, path, article))
    return articles, problems


def _placed(sources: Sources, read: Read, findings: list[Finding]) -> list[Problem]:
    data = loaded(sources.articles[read.file][1]) if findings else b""
    return located(read.path, Reading(None, None, [], findings), data if isinstance(data, bytes) else b"")


def read_text(texts: Path, name: str) -> bytes | OSError:
    """The bytes of an article's text, or why there are none; no link is followed."""
    data = loaded(StoredFile(str(texts / name)))
    if isinstance(data, bytes) and len(data) > MAX_BYTES:
        return OSError(errno.EFBIG, f"{len(data):,} bytes, where a text has at most {MAX_BYTES:,}")
    return data


def pins_of(article: Article, texts: Path) -> tuple[Pins | None, list[Finding]]:
    """The pins of an article, or None where its text cannot be read, and the words that are not in it once."""
    data = read_text(texts, article.text)
    if isinstance(data, OSError):
        message = f"the text {shown(article.text)} cannot be read: {data.strerror}"
        hint = f"put it into {texts}; where we have no text, say text: {NOT_HELD}"
        return None, [Finding(("text",), "missing-text", message, hint)]
    try:
        text = Prepared(data.decode())
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1:,} of the text {shown(article.text)} is not UTF-8"
        return None, [Finding(("text",), "missing-text", message, "save it as UTF-8")]
    findings: list[Finding] = []
    pins = []
    for section, index, entry, name in named_items(article):
        evidence = locating_words(entry)
        if not evidence:
            findings.append(missing_evidence(section, index))
            continue
        found = [Finding((section, index, field_of(entry)), *fault) for fault in faults_of(text, evidence)]
        excerpt = getattr(entry, "excerpt", "")
        if excerpt and entry.evidence and not find(text, excerpt):
            found += [Finding((section, index, "excerpt"), *fault) for fault in faults_of(text, excerpt)]
        findings += found
        if not found:
            span = find(text, evidence)[0]
            passage = text.text[span.start : span.end]
            pins.append(Pin(name, digest(pinned_words(entry)), span.start, span.end, words(passage), digest(passage)))
    return Pins(article.text, hashlib.sha256(data).hexdigest(), len(text.text), tuple(pins)), findings


def faults_of(text: Prepared, evidence: str) -> Iterator[tuple[str, str, Hint]]:
    """Why locating words do not mean one passage, for us and for a browser: code, message and hint."""
    spans = find(text, evidence)
    if len(spans) != 1:
        if spans:
            several = partial(_nearest, text, evidence, "add a word that is not in the other places: ")
            yield "several-matches", f"{shown(evidence)} is in the text {len(spans)} times", several
        else:
            yield "no-match", f"{shown(evidence)} is not in the text", partial(_nearest, text, evidence, "nearest: ")
        return
    if crosses_paragraphs(text, evidence):
        hint = "put the ellipsis where the paragraph ends: first words … last words"
        yield "opens-elsewhere", "a browser finds no words that go on beyond the end of a paragraph", hint
        return
    opened = browser_opens(text, evidence)
    if opened is None:
        hint = f"with quotation marks and dashes as in the text: {as_written(text, evidence)}"
        yield "opens-elsewhere", f"a browser does not find {shown(evidence)}", hint
    elif opened != spans[0]:
        line = text.text.count("\n", 0, opened.start) + 1
        there = shown(_one_line(text, opened))
        hint = "add a word: to a browser, capital letters and accents make no difference"
        yield "opens-elsewhere", f"a browser opens line {line} for these words: {there}", hint


def _nearest(text: Prepared, evidence: str, words: str) -> str:
    listed = "; ".join(f"line {c.line}: {shown(c.words)} ({c.why})" for c in candidates(text, evidence))
    return words + listed if listed else "nothing in the text is like it: is it the text of this article?"


def _one_line(text: Prepared, span: Span) -> str:
    return " ".join(text.text[span.start : span.end].split())


def _differences(article: Article, kept: Pins, made: Pins) -> list[Finding]:
    """Where the pins that are kept are not those that the text gives now."""
    if kept.sha256 != made.sha256 or kept.characters != made.characters:
        message = f"{shown(article.text)} is not the text that was pinned"
        return [Finding(("text",), "changed-text", message, f"if it is right, {PIN}")]
    known, due = ({pin.item: pin for pin in pins.pins} for pins in (kept, made))
    return [
        Finding((section, index, field_of(entry)), "changed-pins", "the pin is not what the text gives", PIN)
        for section, index, entry, name in named_items(article)
        if name in due and known.get(name) != due[name]
    ]


def _passages(read: Read, pins: Pins, texts: Path, lists: Codelists) -> Iterator[Passage]:
    """The very words of the statements of an article."""
    data = read_text(texts, read.article.text)
    text = data.decode(errors="replace") if isinstance(data, bytes) else ""
    spans = {pin.item: (pin.start, pin.end) for pin in pins.pins}
    for section, index, entry, name in named_items(read.article):
        if section == "statements" and name in spans:
            statement = read.article.statements[index]
            inspection = inspection_of(read.article, entry, lists)
            key = f"{inspection}-{statement.speaker}-{statement.id}"
            start, end = spans[name]
            yield Passage(key, statement.speaker, inspection, read.file, index, words_of(text[start:end]))
