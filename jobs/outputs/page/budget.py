"""Parts of the page -> those that fit: a page that everybody can open has so many bytes, however much data there is."""

from collections.abc import Iterable
from typing import Final

MATRICES: Final = 550_000
PROFILES: Final = 320_000
STATEMENTS: Final = 260_000
FIGURES: Final = 160_000
"""Bytes for what grows with the data; the rest of the page is bounded by itself, together below 1.5 MB."""


class Budget:
    """Bytes that may still be spent."""

    def __init__(self, left: int) -> None:
        """So many at first."""
        self.left = left

    def takes(self, part: str) -> bool:
        """Whether a part still fits; then it is paid."""
        cost = len(part.encode())
        if cost > self.left:
            return False
        self.left -= cost
        return True

    def fitting(self, parts: Iterable[str]) -> list[str]:
        """The parts up to the first that does not fit; what comes after it is not made at all."""
        taken = []
        for part in parts:
            if not self.takes(part):
                break
            taken.append(part)
        return taken
