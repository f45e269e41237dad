"""The job on one page, without I/O: {path: bytes} of the sources -> {name: bytes} of a release, or problems.

    read      text of an article -> Article                        jobs.read, jobs.rules
    claim     articles -> claims, as columns                       jobs.claims
    weigh     claims -> facts; counts against names                jobs.weigh, jobs.eliminate
    tabulate  facts -> published tables                            jobs.tables
    check     every schema, every reference                        jobs.checks
    render    tables -> files                                      jobs.outputs

Wave one looks at each file by itself, wave two across files; two only runs if one finds nothing, so that a slip of the
pen shows once.
"""

import pickle
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from itertools import islice
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from jobs.claims import Claims, Curated, flatten, joined
from jobs.codelists import Codelists
from jobs.contents import Content, loaded
from jobs.decisions import Decisions, read_decisions
from jobs.pins import Pin, PinFile, check_pins
from jobs.problems import Problem
from jobs.read import located, quiet, read
from jobs.read_lists import read_codelists
from jobs.rules import apply_rules
from schemas.article import Article

if TYPE_CHECKING:
    import pyarrow as pa

    from jobs.outputs import Parts

FILES_AT_A_TIME: Final = 500

_Item = TypeVar("_Item")


class Sources(NamedTuple):
    """A source folder: articles as (path, content) sorted by path, code lists as name -> (path, bytes).

    pins: article id -> (path, content) of its pins; decisions: (path, bytes) of the curators' decisions.
    """

    articles: Sequence[tuple[str, Content]]
    codelists: dict[str, tuple[str, bytes]]
    pins: Mapping[str, tuple[str, Content]] = MappingProxyType({})
    decisions: tuple[str, bytes] = ("decisions.yaml", b"")


class Judged(NamedTuple):
    """What wave one makes of one article: itself where nothing is wrong, its pins, and what is wrong."""

    article: Article | None
    pins: tuple[Pin, ...]
    problems: list[Problem]


class Checked(NamedTuple):
    """What wave one leaves: the code lists, the claims, and what is wrong."""

    lists: Codelists
    decisions: Decisions
    claims: Claims
    problems: list[Problem]


def check_articles(
    sources: Sources, today: str, executor: Executor | None = None, tick: Callable[[int], object] = int
) -> Checked:
    """Wave one: every file by itself. The claims are complete only if there are no problems.

    executor: maps the work on chunks of articles; None is this process. tick: called with the number of articles done.
    """
    lists, problems = read_codelists(sources.codelists)
    decisions, found = read_decisions(*sources.decisions, lists if lists.rows else None, today)
    problems += found
    parcel = pickle.dumps(lists if lists.rows else None)
    chunks = _chunks(_pinned(sources), FILES_AT_A_TIME)
    parts: list[Claims] = []
    left = len(sources.articles)
    for claims, found in (executor.map if executor else map)(partial(claims_of, parcel=parcel, today=today), chunks):
        problems += found
        parts += [claims] if claims else []
        done = min(FILES_AT_A_TIME, left)
        left -= done
        tick(done)
    return Checked(lists, decisions, joined(parts), sorted(problems))


Pinned = tuple[int, str, Content, tuple[str, Content] | None]
"""An article to be read: its index, path and content, and path and content of its pins if there are any."""


def _pinned(sources: Sources) -> Iterator[Pinned]:
    for index, (path, content) in enumerate(sources.articles):
        yield index, path, content, sources.pins.get(PurePath(path).stem) if sources.pins else None


def claims_of(chunk: list[Pinned], parcel: bytes, today: str) -> tuple[Claims | None, list[Problem]]:
    """The claims of some articles and what is wrong with them; without code lists, what can be said without them.

    A pure function of its arguments, for any executor. parcel: the pickled code lists or None, which each process
    unpacks once.
    """
    lists = _unpacked(parcel)
    articles: list[Curated] = []
    problems: list[Problem] = []
    with quiet():
        for index, path, content, pins in chunk:
            data = loaded(content)
            kept = loaded(pins[1]) if pins else b""
            unread = [(p, d) for p, d in ((path, data), (pins[0] if pins else "", kept)) if isinstance(d, OSError)]
            problems += [Problem(p, 1, 1, "unreadable", f"cannot be read: {error.strerror}") for p, error in unread]
            if isinstance(data, OSError) or isinstance(kept, OSError):
                continue
            file = PinFile(pins[0], kept) if pins else None
            article, bound, found = check_article(path, data, lists, today, file)
            problems += found
            if article is not None and not found:
                articles.append((index, PurePath(path).stem, article, bound))
    return (flatten(articles, lists) if lists and not problems else None), problems


@lru_cache(maxsize=1)
def _unpacked(parcel: bytes) -> Codelists | None:
    lists: Codelists | None = pickle.loads(parcel)  # noqa: S301  (made by check_articles)
    return lists


def check_article(path: str, data: bytes, lists: Codelists | None, today: str, file: PinFile | None = None) -> Judged:
    """One article and its pins, and everything that is wrong inside the two."""
    reading = read(data)
    findings = list(reading.findings)
    bound: tuple[Pin, ...] = ()
    problems: list[Problem] = []
    if reading.article is not None:
        findings += apply_rules(reading.article, lists, today)
        bound, unpinned, problems = check_pins(reading.article, file)
        findings += unpinned
    if findings or reading.spots:
        problems += located(path, reading._replace(findings=findings), data)
    return Judged(None if problems else reading.article, bound, problems)


def judge(sources: Sources, lists: Codelists, today: str) -> Iterator[tuple[int, str, Article | None, list[Problem]]]:
    """Every article for itself, without its pins: index, path, article and what is wrong."""
    with quiet():
        for index, (path, content) in enumerate(sources.articles):
            data = loaded(content)
            if isinstance(data, OSError):
                yield index, path, None, [Problem(path, 1, 1, "unreadable", f"cannot be read: {data.strerror}")]
                continue
            reading = read(data)
            findings = [*reading.findings, *(apply_rules(reading.article, lists, today) if reading.article else ())]
            found = located(path, reading._replace(findings=findings), data) if findings or reading.spots else []
            yield index, path, reading.article, found


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
    """Wave two: claims are weighed, tables made and checked. The tables are sound only if there are no problems.

    `jobs.across` is this wave on a page of its own; it is imported late because pandas and pandera take long to import.
    """
    from jobs.across import weigh_and_check

    return weigh_and_check(sources.articles, sources.codelists, checked.claims, checked.lists, checked.decisions)


def render_tables(tables: "dict[str, pa.Table]", formats: Collection[str] = ()) -> "Iterator[tuple[str, Parts]]":
    """Every file of some formats, in parts; of CSV and Parquet if none are named."""
    from jobs.outputs import TABULAR, Edition, render

    return render(Edition(tables), formats or TABULAR)
