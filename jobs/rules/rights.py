"""Facts are free, texts are not: how much of an article's words may stand in its source file."""

from collections.abc import Iterator

from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.rules.items import items
from schemas.article import Article


def counted_words(text: str) -> int:
    """Words in a text: whatever stands between spaces or an ellipsis, which stands for what is left out."""
    return len(text.replace("…", " ").split())


def _surely_few(article: Article, per_excerpt: int | None, per_article: int | None) -> bool:
    """Whether all texts are so short that they keep within the limits; a look that costs little."""
    texts = [entry.evidence for _, _, entry in items(article)] + [s.excerpt for s in article.statements if s.excerpt]
    if per_excerpt is not None and max(map(len, texts), default=0) >= 2 * per_excerpt:
        return False
    return per_article is None or counted_words(" ".join(texts)) <= per_article


def words_within_rights(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """An excerpt, and all excerpts and evidence of an article together, keep within the words its licence allows."""
    licence = lists.licence(article.publisher, article.licence)
    per_excerpt, per_article = lists.word_limits.get(licence, (None, None))
    if _surely_few(article, per_excerpt, per_article):
        return
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
