"""A number and a seed -> a complete source folder of made-up articles, the same bytes every time.

The articles are what curators write, in shape and size: some twenty facts each in 3 to 4 KB, several articles about each
inspection that copy the same releases, name the same grades and count them. Nothing in them is true.

    from tests.benchmarks.corpus import write_corpus
    write_corpus(Path("folder"), articles=2_000, seed=1)
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final, Literal

from .articles import write_articles
from .flaws import FLAWS
from .story import Values, make_story
from .world import make_world, write_lists

Flaws = Literal["none", "broken", "conflicts"]
"""What is wrong with a corpus: nothing, single files (seen in wave one), or files that contradict each other (wave two)."""

FLAWED_SHARE: Final = 0.05
"""Of the articles of a corpus with flaws."""


def write_corpus(folder: Path, articles: int, seed: int = 1, flaws: Flaws = "none") -> int:
    """Writes `articles/` and `codelists/` into a folder that does not hold them yet; returns the bytes of all articles."""
    rng = Random(f"{seed} {flaws}")
    sizes = list(_sizes(rng, articles))
    world = make_world(rng, len(sizes))
    (folder / "articles").mkdir(parents=True)
    (folder / "codelists").mkdir()
    write_lists(folder / "codelists", world.lists)
    values: Values = {}
    seen: set[str] = set()
    total = 0
    for inspection, size in zip(world.inspections, sizes, strict=True):
        for article_id, text in write_articles(rng, make_story(rng, inspection, values), world.papers, size):
            name = article_id if article_id not in seen else f"{article_id}-{len(seen)}"
            seen.add(name)
            data = text.encode()
            if flaws != "none" and rng.random() < FLAWED_SHARE:
                data = FLAWS[flaws](rng, text)
            (folder / "articles" / f"{name}.yaml").write_bytes(data)
            total += len(data)
    return total


def _sizes(rng: Random, articles: int) -> Iterator[int]:
    """Articles per inspection, 5 to 11, that many in all."""
    while articles > 0:
        size = min(articles, 5 + int(rng.random() * 7))
        yield size
        articles -= size
