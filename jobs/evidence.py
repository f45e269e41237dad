"""Locating words -> an address that opens the article at the passage."""

from urllib.parse import quote_from_bytes


def evidence_url(url: str, evidence: str) -> str:
    """The article's address with a text fragment (https://wicg.github.io/scroll-to-text-fragment/) for the words.

    evidence: a fragment, or `first words … last words`; without any, the address alone.
    """
    if not evidence:
        return url
    words = ",".join(_encoded(part.strip()) for part in evidence.split("…"))
    return f"{url}{'' if '#' in url else '#'}:~:text={words}"


def _encoded(text: str) -> str:
    return text.translate(_ENCODED)


class _Encoded(dict[int, str]):
    """Code point -> what stands for it in an address; worked out once per character."""

    def __missing__(self, point: int) -> str:
        text = quote_from_bytes(chr(point).encode(), safe="").replace("-", "%2D")
        self[point] = text
        return text


_ENCODED = _Encoded()
