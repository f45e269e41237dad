"""How each tool loads a release: the texts that the page shows and the README repeats, and that tests run.

To add one: a file beside this one and a line in `RECIPES`.
"""

from importlib.resources import files
from typing import Final, NamedTuple

ADDRESS: Final = "https://ADDRESS/latest/"
"""Stands in a recipe for where the files are; `placed` puts the true address there."""


class Recipe(NamedTuple):
    """How one tool loads the tables. tool: as its users call it; language: of its code, empty for steps by hand."""

    tool: str
    file: str
    language: str = ""

    @property
    def text(self) -> str:
        """What to type or to do, with `ADDRESS` for where the files are."""
        return (files(__name__) / self.file).read_text(encoding="utf-8")


RECIPES: Final[tuple[Recipe, ...]] = ()


def placed(text: str, address: str) -> str:
    """A recipe for files at an address or in a folder (ending with `/`); for readers to fill in where it is empty."""
    return text.replace(ADDRESS, address) if address else text
