"""A number and a seed -> a complete source folder of made-up articles, the same bytes every time.

The articles are what curators write, in shape and size: some twenty facts each in 3 to 4 KB, several articles about each
inspection that copy the same releases, name the same grades and count them. Nothing in them is true; of some a text is
said to be held, and they have pins, but there is no text.

    from tests.benchmarks.corpus import write_corpus
    write_corpus(Path("folder"), articles=2_000, seed=1)
"""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Final, Literal

from jobs.pins import Pin, Pins, digest, locating_words, named_items, pinned_words, render
from jobs.read import read
from jobs.scalars import NOT_HELD

from .articles import write_articles
from .flaws import FLAWS
from .story import Story, Values, make_story
from .world import make_world, write_lists

Flaws = Literal["none", "broken", "conflicts"]
"""What is wrong with a corpus: nothing, single files (seen in wave one), or files that contradict each other (wave two)."""

FLAWED_SHARE: Final = 0.05
"""Of the articles of a corpus with flaws."""


def write_corpus(folder: Path, articles: int, seed: int = 1, flaws: Flaws = "none") -> int:
    """Writes a source folder where nothing stands yet; returns the bytes of all articles."""
    rng = Random(f"{seed} {flaws}")
    sizes = list(_sizes(rng, articles))
    world = make_world(rng, len(sizes))
    for part in ("articles", "codelists", "evidence"):
        (folder / part).mkdir(parents=True)
    write_lists(folder / "codelists", world.lists)
    values: Values = {}
    seen: set[str] = set()
    decisions: list[str] = []
    number = count()
    total = 0
    for inspection, size in zip(world.inspections, sizes, strict=True):
        story = make_story(rng, inspection, values)
        decisions += _decided(story) if size > 1 else ()
        for article_id, text in write_articles(rng, story, world.papers, size):
            name = article_id if article_id not in seen else f"{article_id}-{len(seen)}"
            seen.add(name)
            data = text.encode()
            if flaws != "none" and rng.random() < FLAWED_SHARE:
                data = FLAWS[flaws](next(number), text)
            (folder / "articles" / f"{name}.yaml").write_bytes(data)
            if f"\ntext: {NOT_HELD}\n" not in text:
                pinned = data if flaws == "conflicts" else text.encode()
                (folder / "evidence" / f"{name}.json").write_bytes(_pins(rng, pinned))
            total += len(data)
    (folder / "decisions.yaml").write_text("\n".join(["conflicts:", *decisions, ""]) if decisions else "")
    return total


def _sizes(rng: Random, articles: int) -> Iterator[int]:
    """Articles per inspection, 5 to 11, that many in all."""
    while articles > 0:
        size = min(articles, 5 + int(rng.random() * 7))
        yield size
        articles -= size


def _decided(story: Story) -> Iterator[str]:
    """The decision on a visit that is told in two ways."""
    if story.visit and story.visit.other:
        yield f"  - table: events\n    key: {story.inspection.id}-revisit\n    choose: {story.visit.month}"
        yield "    reason: The release is nearer to what happened.\n    decided_on: 2025-06-01\n    decided_by: Nobody"


def _pins(rng: Random, data: bytes) -> bytes:
    """Pins of an article, at places where its words might stand."""
    article = read(data).article
    if article is None:
        raise ValueError("an article that cannot be read has no pins")
    pins, end = [], 0
    for _, _, entry, name in named_items(article):
        start = end + int(rng.random() * 200)
        end = start + len(locating_words(entry))
        words = len(locating_words(entry).split())
        pins.append(Pin(name, digest(pinned_words(entry)), start, end, words, digest(f"{start} {end}")))
    return render(Pins(article.text, digest(article.url), end + 100, tuple(pins)))
