"""Locating words -> an address that opens the article at the passage."""

from urllib.parse import quote


def evidence_url(url: str, evidence: str) -> str:
    """The article's address with a text fragment (https://wicg.github.io/scroll-to-text-fragment/) for the words.

    evidence: a fragment, or `first words … last words`; without any, the address alone.
    """
    if not evidence:
        return url
    words = ",".join(_encoded(part.strip()) for part in evidence.split("…"))
    return f"{url}{'' if '#' in url else '#'}:~:text={words}"


def _encoded(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")
