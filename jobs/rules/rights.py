"""Facts are free, texts are not: how much of an article's words may stand in its source file."""

from collections.abc import Iterator
from functools import partial
from typing import Final

import numpy as np
import pyarrow.compute as pc

from jobs.coded import SPACES, Column, Numbers, mapped
from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.rules.items import items
from jobs.rules.many import Many
from schemas.article import Article

_WORD: Final = rf"[^{SPACES}…]+"
"""A word, for Arrow."""


def counted_words(text: str) -> int:
    """Words in a text: whatever stands between spaces or an ellipsis, which stands for what is left out."""
    return len(text.replace("…", " ").split())


def wordy(many: Many) -> set[int]:
    """The numbers of the articles whose words may not keep within what their licences allow."""
    limits = mapped(partial(_limits, many.lists), many["publisher"], many["licence"])
    least = min((words for words, _ in limits.values if words is not None), default=None)
    totals = np.zeros(len(many), np.int64)
    found: set[int] = set()
    for section in many.sections.values():
        for column in (section["evidence"], *((section["excerpt"],) if section.name == "statements" else ())):
            words = words_in(column)
            totals += np.bincount(section.owners, words, len(many)).astype(np.int64)
            if least is not None and words.max(initial=0) > least:
                found |= section.articles(words > least)
    counted = enumerate(zip(totals.tolist(), limits.cells(), strict=True))
    return found | {number for number, (total, (_, most)) in counted if most is not None and total > most}


def words_in(column: Column[str]) -> Numbers:
    """How many words each text of a column has."""
    counts = pc.count_substring_regex(column.texts, _WORD).to_numpy()
    words: Numbers = counts.astype(np.int64)[column.numbers]
    return words


def _limits(lists: Codelists, publisher: str, named: str) -> tuple[int | None, int | None]:
    return lists.word_limits.get(lists.licence(publisher, named), (None, None))


def words_within_rights(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An excerpt, and all excerpts and evidence of an article together, keep within the words its licence allows."""
    licence = lists.licence(article.publisher, article.licence)
    per_excerpt, per_article = _limits(lists, article.publisher, article.licence)
    total = 0
    for section, index, entry in items(article):
        for name in ("excerpt", "evidence"):
            words = counted_words(getattr(entry, name, ""))
            total += words
            if per_excerpt is not None and words > per_excerpt:
                message = f"{words} words of the article in one {name}; {licence} allows {per_excerpt}"
                yield Finding((section, index, name), "too-many-words", message)
    if per_article is not None and total > per_article:
        message = f"{total} words of the article in excerpts and evidence; {licence} allows {per_article} in all"
        yield Finding((), "too-many-words", message, "two or three words that occur once are evidence enough")
