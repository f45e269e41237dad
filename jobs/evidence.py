"""Locating words -> what makes the article's address open at the passage."""

from urllib.parse import quote_from_bytes


def text_fragment(url: str, evidence: str) -> str:
    """What follows the address in a link to the words (https://wicg.github.io/scroll-to-text-fragment/).

    evidence: a fragment, or `first words … last words`; without any, nothing follows. An address keeps a `#section` of
    its own. To words that it already points at these are added: browsers mark both, and scroll to the others if they
    are there, so an article's own address should have none.
    """
    words = fragment_words(evidence)
    return fragment_start(url) + words if words else ""


def fragment_start(url: str) -> str:
    """What stands between an address and the words that it is to point at."""
    if "#" not in url:
        return "#:~:text="
    return "&text=" if ":~:" in url.partition("#")[2] else ":~:text="


def fragment_words(evidence: str) -> str:
    """The words of a fragment, or its first and last words, as they stand in an address."""
    return ",".join(filter(None, map(_encoded, evidence.split("…", 1)))) if evidence else ""


def _encoded(side: str) -> str:
    words = side.split()
    if "".join(words).isalnum() and side.isascii():  # letters and digits stand for themselves
        return "%20".join(words)
    return " ".join(words).translate(_ENCODED)


class _Encoded(dict[int, str]):
    """Code point -> what stands for it in an address; worked out once per character."""

    def __missing__(self, point: int) -> str:
        text = quote_from_bytes(chr(point).encode(), safe="").replace("-", "%2D")
        self[point] = text
        return text


_ENCODED = _Encoded()
