"""The job on one page, without I/O: {path: bytes} of the sources -> {name: bytes} of a release, or problems.

    read      text of an article -> Article                        jobs.read, jobs.rules
    claim     articles -> claims, as columns                       jobs.curated
    weigh     claims -> facts; counts against names                jobs.weigh
    tabulate  facts -> published tables                            jobs.tables
    check     every schema, every reference                        jobs.checks
    render    tables -> files                                      jobs.outputs

Wave one looks at each file by itself, wave two across files; two only runs if one finds nothing, so that a slip of the
pen shows once.
"""

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from jobs.alone import Pinned, claims_of
from jobs.claims import Claims, joined
from jobs.codelists import Codelists
from jobs.contents import Content, article_id, carried, loaded
from jobs.decisions import Decisions, read_decisions
from jobs.kept.known import NOTHING, Key, Known, article_key, with_known
from jobs.problems import Problem
from jobs.read_lists import read_codelists
from jobs.spread import spread

if TYPE_CHECKING:
    import pyarrow as pa

    from jobs.outputs import Files
    from jobs.weigh import Weighed

FILES_AT_A_TIME: Final = 1_000
"""Articles that are worked on together: so few that each process has some."""
MANY: Final = 20_000
"""Articles from which on twice as many are worked on together, since what they share is worked out once for all."""

_Item = TypeVar("_Item")


class Sources(NamedTuple):
    """A source folder: articles as (path, content) sorted by path, code lists as name -> (path, bytes).

    pins: article id -> (path, content) of its pins; decisions: (path, bytes) of the curators' decisions. keys: of all
    articles, if they are known already. expected: how many articles there will be, about, where they are looked at one
    by one as they are taken.
    """

    articles: Sequence[tuple[str, Content]]
    codelists: dict[str, tuple[str, bytes]]
    pins: Mapping[str, tuple[str, Content]] = MappingProxyType({})
    decisions: tuple[str, bytes] = ("decisions.yaml", b"")
    keys: Sequence[Key] = ()
    expected: int = 0

    @property
    def number(self) -> int:
        """How many articles there are, about."""
        return self.expected or len(self.articles)

    def only(self, numbers: Iterable[int]) -> "Sources":
        """With no other articles than these."""
        return self._replace(articles=[self.articles[number] for number in numbers], keys=(), expected=0)


class Checked(NamedTuple):
    """What wave one leaves: the code lists, the claims, and what is wrong.

    keys: of all articles, by which their claims can be known the next time, if that was wanted; lost: how many chunks
    of the work were to be done elsewhere, and were done by this process.
    """

    lists: Codelists
    decisions: Decisions
    claims: Claims
    problems: list[Problem]
    keys: Sequence[Key] = ()
    lost: int = 0


Workers = Executor | Callable[[int], Executor | None] | None
"""What maps the work on chunks of articles, or tells what does for so many of them; None is this process."""


def check_articles(
    sources: Sources,
    today: str,
    executor: Workers = None,
    tick: Callable[[int], object] = int,
    known: Known = NOTHING,
    lists: Codelists | None = None,
    decisions: Decisions | None = None,
    keyed: bool = True,
) -> Checked:
    """Wave one: every file by itself. The claims are complete only if there are no problems.

    tick: called with numbers of articles done; known: claims of articles that were sound by the same code and code
    lists on this day or an earlier one. They are taken where article and pins are the same, byte by byte. lists,
    decisions: if they are known to be sound; keyed: whether the keys of articles are wanted.
    """
    lists, problems = read_codelists(sources.codelists) if lists is None else (lists, [])
    if decisions is None:
        decisions, found = read_decisions(*sources.decisions, lists if lists.rows else None, today)
        problems += found
    keys = dict(enumerate(keys_of(sources))) if known.keys else {}
    numbers = known.numbers([*keys.values()])
    taken = set(numbers.tolist())
    left = [pinned for pinned in _pinned(sources) if pinned[0] not in taken] if known.keys else _pinned(sources)
    number = len(left) if isinstance(left, list) else sources.number
    tick(sources.number - number)
    crew = executor(number) if callable(executor) else executor
    usable = lists if lists.rows else None
    given = (usable if crew is None else pickle.dumps(usable), today, keyed)
    chunks: Iterable[list[Pinned]] = _chunks(left, at_a_time(number))
    parts: list[Claims] = []
    lost: list[bool] = []
    sent = chunks if _near(crew) else map(_carried, chunks)
    for claims, found, made in spread(crew, claims_of, sent, *given, lost=lambda: lost.append(True)):
        problems += found
        parts += [claims] if claims else []
        keys.update(made)
        tick(len(made))
    whole, in_order = with_known(known, numbers, joined(parts)), [keys[n] for n in range(len(keys))]
    return Checked(lists, decisions, whole, sorted(problems), in_order, len(lost))


def at_a_time(number: int) -> int:
    """How many of so many articles are worked on together."""
    return FILES_AT_A_TIME if number < MANY else 2 * FILES_AT_A_TIME


def _pinned(sources: Sources) -> Iterator[Pinned]:
    for index, (path, content) in enumerate(sources.articles):
        yield index, path, content, sources.pins.get(article_id(path)) if sources.pins else None


def _near(executor: Executor | None) -> bool:
    """Whether all workers see the same files as this process."""
    ours = isinstance(executor, ProcessPoolExecutor | ThreadPoolExecutor | None)
    return ours or bool(getattr(executor, "near", False))


def _carried(chunk: list[Pinned]) -> list[Pinned]:
    return [(i, path, carried(data), (pins[0], carried(pins[1])) if pins else None) for i, path, data, pins in chunk]


def keys_of(sources: Sources) -> list[Key]:
    """The key of every article; empty for one that cannot be read."""
    if sources.keys:
        return list(sources.keys)
    with ThreadPoolExecutor(2) as threads:
        chunks = _chunks(_pinned(sources), FILES_AT_A_TIME)
        return [key for keys in threads.map(lambda chunk: [_key(*each) for each in chunk], chunks) for key in keys]


def _key(_: int, path: str, content: Content, pins: tuple[str, Content] | None) -> Key:
    data, kept = loaded(content), loaded(pins[1]) if pins else None
    if isinstance(data, OSError) or isinstance(kept, OSError):
        return b""
    return article_key(article_id(path), data, kept)


def _chunks(items: Iterable[_Item], size: int) -> Iterator[list[_Item]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def run(sources: Sources, today: str, executor: Executor | None = None) -> tuple[dict[str, bytes], list[Problem]]:
    """The whole job: every table as CSV and Parquet, or everything that is wrong."""
    checked = check_articles(sources, today, executor)
    if checked.problems:
        return {}, checked.problems
    tables, problems = make_tables(sources, checked)
    return ({name: b"".join(parts) for name, parts in render_tables(tables)} if not problems else {}), problems


def make_tables(sources: Sources, checked: Checked) -> "tuple[dict[str, pa.Table], list[Problem]]":
    """Wave two: claims are weighed, tables made and checked. The tables are sound only if there are no problems."""
    from jobs.across import weigh_and_check

    return weigh_and_check(sources.articles, sources.codelists, checked.claims, checked.lists, checked.decisions)


def weigh_claims(sources: Sources, checked: Checked) -> "tuple[Weighed, list[Problem]]":
    """The first step of wave two: the facts, and what is wrong across articles.

    `jobs.across` is this wave on a page of its own; it is imported late because pandas and pandera take long to import.
    """
    from jobs.across import weighed

    return weighed(sources.articles, checked.claims, checked.lists, checked.decisions)


class Draft(NamedTuple):
    """Published tables that are yet to be checked; faults: looks for everything that is wrong in them.

    Texts that come again may be dictionaries.
    """

    tables: "dict[str, pa.Table]"
    faults: Callable[[], list[Problem]]


def draft_tables(sources: Sources, facts: "Weighed") -> Draft:
    """The second step of wave two. The tables can be checked while they are rendered."""
    from jobs.across import tabulated

    return Draft(*tabulated(sources.articles, sources.codelists, facts))


def render_tables(tables: "dict[str, pa.Table]", formats: Collection[str] = ()) -> "Files":
    """Every file of some formats, in parts; of CSV and Parquet if none are named."""
    from jobs.outputs import TABULAR, Edition, render

    return render(Edition(tables), formats or TABULAR)
