"""A look at many articles at once misses nothing that the rules find in each, and their claims are those of each."""

import gc
import pickle
import random
import weakref
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pytest

from jobs.alone import Pinned, check_article, claims_of
from jobs.claims import COLUMNS, joined, no_claims
from jobs.contents import loaded
from jobs.curated import Curated, flatten
from jobs.fast import quiet
from jobs.read import read
from jobs.rules import RULES, apply_rules, looks
from jobs.rules.looks import OTHERS, suspects
from jobs.rules.many import Many
from jobs.written import Articles
from schemas.article import SECTIONS, Article, Event, Grade, Metric, Statement
from tests.helpers import TODAY, all_cases, lists_with, real

if TYPE_CHECKING:
    from collections.abc import Callable

EVER = "2098-12-31"


def understood(data: object) -> Article | None:
    assert isinstance(data, bytes)
    return read(data).article


def real_articles() -> list[Article]:
    read_ = [understood(loaded(content)) for _, content in real().articles]
    return [article for article in read_ if article is not None]


def bad_articles() -> list[Article]:
    """What can be understood of the cases of bad input, and articles in which something has changed."""
    with quiet():
        cases = [read(case.text.encode()).article for case in all_cases() if not case.lists]
    nobody = Statement(id="x", speaker="andy-cooke")
    early = Article(published="1950-01-01", inspection="cambridgeshire-peel-2023-25", statements=[nobody])
    return [*(article for article in cases if article is not None), *mutants(0), early]


def faulty(articles: list[Article], today: str) -> set[int]:
    return {number for number, article in enumerate(articles) if apply_rules(article, lists_with(), today)}


def test_no_rule_is_left_to_look_at_every_article() -> None:
    assert OTHERS == ()


def test_of_sound_articles_none_needs_a_closer_look() -> None:
    articles = real_articles()
    assert len(articles) > 200
    assert faulty(articles, EVER) == set() == suspects(Many(Articles(articles), lists_with()), EVER)


def test_every_fault_of_the_bad_articles_is_seen_among_many() -> None:
    articles = [*real_articles(), *bad_articles()]
    found = faulty(articles, TODAY)
    assert len(found) > 100
    assert found <= suspects(Many(Articles(articles), lists_with()), TODAY)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_that_no_look_knows_looks_at_every_article(rule: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a new rule is whole with its function and its line in the list."""
    bad = bad_articles()
    found = {n for n, article in enumerate(bad) if any(True for _ in rule(article, lists_with(), TODAY))}
    assert found
    for name in ("unsound_values", "_misdated", "_without_office"):
        monkeypatch.setattr(looks, name, lambda *_: set())
    monkeypatch.setattr(looks, "LOOKS", ())
    monkeypatch.setattr(looks, "ONCE", {})
    monkeypatch.setattr(looks, "OTHERS", (rule,))
    assert found <= suspects(Many(Articles(bad), lists_with()), TODAY)


def fields(struct: msgspec.Struct) -> list[str]:
    return [name for name in struct.__struct_fields__ if isinstance(getattr(struct, name), str)]


def mutant(article: Article, others: list[Article], chance: random.Random) -> Article:
    """The article with one value changed to what another one has in that place, to nothing or to something odd."""
    spots: list[tuple[str, int]] = [("", 0)]
    spots += [(section, row) for section in SECTIONS for row in range(len(getattr(article, section)))]
    section, row = chance.choice(spots)
    struct = getattr(article, section)[row] if section else article
    field = chance.choice(fields(struct))
    like = chance.choice(others)
    values = [getattr(item, field) for item in (getattr(like, section) if section else [like])]
    text = chance.choice([*values, "", "2199-01-01", "1900-01-01", "x", "good", "12", "hmicfrs", "leadership"])
    changed = msgspec.structs.replace(struct, **{field: text})
    if not section:
        return changed
    items = list(getattr(article, section))
    items[row] = changed
    if chance.random() < 0.1:
        items.append(changed)
    return msgspec.structs.replace(article, **{section: items})


def mutants(seed: int) -> list[Article]:
    chance, articles = random.Random(seed), real_articles()
    return [mutant(chance.choice(articles), articles, chance) for _ in range(400)]


@pytest.mark.parametrize("seed", range(1, 6))
def test_whatever_changes_in_an_article_is_seen_among_many(seed: int) -> None:
    articles = mutants(seed)
    found = faulty(articles, TODAY)
    assert len(found) > 100
    seen = suspects(Many(Articles(articles), lists_with()), TODAY)
    assert found <= seen
    assert len(seen - found) < len(articles) / 10  # what needs no closer look seldom gets one


@pytest.mark.parametrize("seed", range(4))
def test_dates_that_do_not_follow_each_other_are_seen_among_many(seed: int) -> None:
    chance = random.Random(seed)
    days = ["2024-02-01", "2024-02-10", "2024-02-20", "Tuesday 2024-02-20", "2024-03-05"]
    dates = [*days, "2024", "2024-02", "2024-01 to 2024-03", "after 2024-02-10", "before 2024-02-10", "unknown"]

    def dated() -> Article:
        said, due = chance.choice([*[""] * 9, *days]), chance.choice(["", *days])
        point = Statement(id="a-point", speaker="hmicfrs", kind="finding", stance="neutral", summary="A point of ours.")
        return Article(
            url="https://example.org/a",
            publisher="wired-gov",
            published=chance.choice(dates),
            published_basis=chance.choice(["", "address"]),
            updated=chance.choice([*[""] * 9, *days]),
            said_on=chance.choice(["", *days]),
            text="not-held",
            inspection="cambridgeshire-peel-2023-25",
            statements=[msgspec.structs.replace(point, said_on=said, due_on=due)],
            grades=[Grade(area="powers", grade="good", previous="adequate", revised_on=chance.choice(days))],
            metrics=[Metric(measure="call-answering-rank", value="1", claimed_by="hmicfrs", as_of=chance.choice(days))],
            events=[Event(event="revisit", on=chance.choice([*days, "2024", "2024-02 to 2024-03"]))],
        )

    articles = [msgspec.structs.replace(dated(), **chance.choice(LESS)) for _ in range(3_000)]
    found = faulty(articles, TODAY)
    assert 100 < len(found) < len(articles) - 100
    assert found <= suspects(Many(Articles(articles), lists_with()), TODAY)


LESS: list[dict[str, list[msgspec.Struct]]] = [
    {name: [] for name in SECTIONS if name != kept} for kept in ("grades", "statements", "metrics", "events")
]
"""What to leave out, so that one section is left."""


def test_problems_are_those_of_each_article_alone() -> None:
    cases = [case for case in all_cases() if not case.lists]
    chunk: list[Pinned] = [(n, f"articles/{n}-a.yaml", case.text.encode(), None) for n, case in enumerate(cases)]
    part = claims_of(chunk, pickle.dumps(lists_with()), TODAY)
    alone = [check_article(path, data, lists_with(), TODAY) for _, path, data, _ in chunk if isinstance(data, bytes)]
    assert sorted(part.problems) == sorted(problem for each in alone for problem in each.problems)
    assert part.claims is None
    assert [number for number, key in part.keys if key] == [n for n, each in enumerate(alone) if each.article]


def test_claims_of_many_are_the_claims_of_each() -> None:
    articles = real_articles()
    curated = [Curated(n, f"a-{n}", ()) for n in range(len(articles))]
    lists = lists_with()
    together = flatten(curated, Many(Articles(articles), lists)).plain()
    apart = joined(flatten([c], Many(Articles([a]), lists)) for c, a in zip(curated, articles, strict=True)).plain()
    for kind in COLUMNS:
        assert isinstance(together[kind], pa.Table)
        assert together[kind].schema == no_claims()[kind].schema
        assert together[kind].equals(apart[kind])


def test_nothing_of_articles_is_left_when_they_have_been_looked_at() -> None:
    """Workers run without the collector of garbage: what refers to itself would stay for as long as they live."""
    lists, articles = lists_with(), real_articles()[:20]
    parcel = pickle.dumps(lists)
    chunk: list[Pinned] = [(n, path, content, None) for n, (path, content) in enumerate(real().articles[:20])]
    gc.collect()
    gc.disable()
    try:
        many = Many(Articles(articles), lists)
        gone: list[Callable[[], object]] = [
            weakref.ref(many),
            *(weakref.ref(section) for section in many.sections.values()),
        ]
        suspects(many, EVER)
        flatten([Curated(n, f"a-{n}", ()) for n in range(len(articles))], many)
        del many
        assert [each() for each in gone] == [None] * len(gone)
        claims_of(chunk, parcel, EVER)
        before = len(gc.get_objects())
        for _ in range(5):
            claims_of(chunk, parcel, EVER)
        assert len(gc.get_objects()) - before < 200
    finally:
        gc.enable()
