"""Locating words -> what makes the article's address open at the passage."""

from urllib.parse import quote_from_bytes


def text_fragment(url: str, evidence: str) -> str:
    """What follows the address in a link to the words (https://wicg.github.io/scroll-to-text-fragment/).

    evidence: a fragment, or `first words … last words`; without any, nothing follows.
    """
    if not evidence:
        return ""
    first, _, last = evidence.partition("…")
    words = first.strip().translate(_ENCODED) + ("," + last.strip().translate(_ENCODED) if last else "")
    return f"{'' if '#' in url else '#'}:~:text={words}"


class _Encoded(dict[int, str]):
    """Code point -> what stands for it in an address; worked out once per character."""

    def __missing__(self, point: int) -> str:
        text = quote_from_bytes(chr(point).encode(), safe="").replace("-", "%2D")
        self[point] = text
        return text


_ENCODED = _Encoded()
