"""A source folder -> its files, each article looked at when its turn comes, and what is wrong with its entries.

The folder may stand at an address: then all files are fetched here, many at a time, so that whoever works on them
needs neither the address nor its credentials.
"""

import stat
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, overload

import numpy as np
import pyarrow as pa

from jobs.addresses import Address
from jobs.coded import TEXT, different, unlike
from jobs.contents import MAX_BYTES, MAX_LIST_BYTES, Content
from jobs.entries import (
    WIDTH,
    Files,
    Looks,
    Place,
    Stored,
    content_of,
    data_of,
    entries_of,
    fetched,
    files_of,
    prefix_of,
    refuse_nothing,
)
from jobs.pipeline import Sources
from jobs.problems import Problem, nearest, shown
from jobs.scalars import ARTICLE_ID, check_slug, fold
from schemas.codelists import CODE_LISTS

_BESIDE: Final = ("README.md", "article.schema.json", "decisions.yaml")
_FOLDERS: Final = ("articles", "codelists", "evidence")


def read_sources(
    folder: Place,
    only: Collection[str] | None = None,
    sound: Collection[str] = frozenset(),
    looks: Callable[[], Looks | None] = lambda: None,
) -> tuple[Sources, list[Problem]]:
    """The sources in a folder and what is wrong with its entries; only: ids of the articles to look at, if not all.

    sound: ids of articles of which all together are known to be sound; looks: tells what stands in the folder of the
    articles, if somebody has looked; it is asked when all else has been read.
    Raises NotADirectoryError or FileNotFoundError where the folder is none, AddressError where it cannot be reached.
    """
    sources, problems = begin_sources(folder, only, sound, looks)
    articles = sources.articles if isinstance(sources.articles, Stored) else sources.articles[:]
    return sources._replace(articles=articles, expected=0), problems()


def begin_sources(
    folder: Place,
    only: Collection[str] | None = None,
    sound: Collection[str] = frozenset(),
    looks: Callable[[], Looks | None] = lambda: None,
) -> tuple[Sources, Callable[[], list[Problem]]]:
    """The same, but each article is looked at when it is taken, so that work on the first ones can begin.

    What is wrong with the entries is told when somebody asks, all articles having been looked at then.
    """
    refuse_nothing(folder)
    problems = list(_strays(folder))
    linked = {problem.path for problem in problems if problem.code == "not-a-file"}
    there = str(folder / "articles") not in linked
    lists: dict[str, tuple[str, bytes]] = {}
    if str(folder / "codelists") not in linked:
        lists, found = _read_lists(folder / "codelists")
        problems += found
    pins, found = _read_pins(folder / "evidence", only) if str(folder / "evidence") not in linked else ({}, [])
    decisions, more = _read_decisions(folder, "decisions.yaml")
    articles: Sequence[tuple[str, Content]]
    told: Callable[[], list[Problem]] = list
    seen = looks() if there and only is None and isinstance(folder, Path) else None
    if seen and isinstance(folder, Path) and (plain := _plain(seen, sound)):
        articles, known = Stored(folder / "articles", seen), plain
    else:
        entries = files_of(folder / "articles") if there else []
        named = _stems(entry.name for entry in entries)
        unread = there and (not named or not (named <= set(sound) or _ids(named)))
        known = named if only is None else named.intersection(only)
        articles = listed = _Articles(folder / "articles", entries, only, unread)
        told = listed.problems
    problems += [*found, *more, *_left_over(pins, known)]
    if isinstance(folder, Address):
        articles = fetched(folder / "articles", list(articles))
        pins = dict(zip(pins, fetched(folder / "evidence", list(pins.values())), strict=True))
    sources = Sources(articles, lists, pins, decisions, expected=len(known))
    return sources, lambda: sorted(problems + told())


def _stems(names: Iterable[str]) -> set[str]:
    return {name.removesuffix(".yaml") for name in names if name.endswith(".yaml")}


def _ids(names: Collection[str]) -> bool:
    """Whether all names are certain to be ids of articles."""
    return "".join(names).isascii() and not len(unlike(pa.array(names, TEXT), *ARTICLE_ID))


def _plain(looks: Looks, sound: Collection[str]) -> Collection[str]:
    """The ids of the articles, if there is nothing else, all are sound, and nothing is wrong with any of the files."""
    stems = sound
    if looks.names != [f"{name}.yaml" for name in sound]:
        stems = _stems(looks.names)
        if len(stems) < len(looks.names) or not stems <= set(sound):
            return ()
    numbers = np.frombuffer(looks.numbers, np.int64).reshape(-1, WIDTH)
    regular = all(map(stat.S_ISREG, different(numbers[:, 0]).tolist()))
    return stems if regular and bool((numbers[:, 3] <= MAX_BYTES).all()) else ()


class _Articles(Sequence[tuple[str, Content]]):
    """The articles in a folder by their names, each looked at when it is taken for the first time."""

    def __init__(self, folder: Place, entries: Files, only: Collection[str] | None, unread: bool) -> None:
        """only: as for `read_sources`; unread: whether the names of all may be new."""
        self._folder, self._only, self._unread = folder, only, unread
        self._problems: list[Problem] = []
        self._found: list[tuple[str, Content]] = []
        self._next = self._looked(entries)

    def __iter__(self) -> Iterator[tuple[str, Content]]:
        """Path and content of each."""
        number = 0
        while number < len(self._found) or self._look():
            yield self._found[number]
            number += 1

    def __len__(self) -> int:
        """How many there are; all are looked at for that."""
        self._found += self._next
        return len(self._found)

    @overload
    def __getitem__(self, index: int) -> tuple[str, Content]: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, Content]]: ...

    def __getitem__(self, index: int | slice) -> tuple[str, Content] | Sequence[tuple[str, Content]]:
        """One of them, or some; all are looked at for that."""
        len(self)
        return self._found[index]

    def problems(self) -> list[Problem]:
        """What is wrong with the names and entries of all."""
        len(self)
        return self._problems

    def _look(self) -> bool:
        """Looks at entries up to the next article; whether there was one."""
        article = next(self._next, None)
        if article is not None:
            self._found.append(article)
        return article is not None

    def _looked(self, entries: Files) -> Iterator[tuple[str, Content]]:
        seen: dict[str, str] = {}
        prefix = prefix_of(self._folder)
        for entry in entries:
            stem, path = entry.name.removesuffix(".yaml"), prefix + entry.name
            if self._only is not None and stem not in self._only:
                continue
            if stem == entry.name:
                hint = "an article is a file whose name ends in .yaml"
                if not stem.startswith("."):
                    message = f"{shown(stem)} is not an article"
                    self._problems.append(Problem(path, 1, 1, "stray-file", message, hint))
                continue
            if self._unread:
                self._problems += _name_problems(path, stem, seen)
            found = content_of(self._folder, entry, path, MAX_BYTES)
            if isinstance(found, Problem):
                self._problems.append(found)
            else:
                yield path, found
        if self._unread and not seen and self._only is None:
            self._problems.append(Problem(str(self._folder), 1, 1, "no-sources", "there is no article"))


def _read_pins(folder: Place, only: Collection[str] | None) -> tuple[dict[str, tuple[str, Content]], list[Problem]]:
    """The files of pins, by the ids of their articles."""
    pins: dict[str, tuple[str, Content]] = {}
    problems: list[Problem] = []
    prefix = prefix_of(folder)
    for entry in files_of(folder):
        path, stem = prefix + entry.name, entry.name.removesuffix(".json")
        if only is not None and stem not in only:
            continue
        if stem == entry.name:
            if not stem.startswith("."):
                hint = "pins are made by openpeel pin"
                problems.append(Problem(path, 1, 1, "stray-file", f"{shown(stem)} is no file of pins", hint))
            continue
        found = content_of(folder, entry, path, MAX_BYTES)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            pins[stem] = (path, found)
    return pins, problems


def _left_over(pins: dict[str, tuple[str, Content]], articles: Collection[str]) -> list[Problem]:
    """Takes out the pins that no article has, and tells which these were."""
    hint = "openpeel pin removes it; or the article was renamed"
    left = [stem for stem in pins if stem not in articles]
    return [
        Problem(pins.pop(stem)[0], 1, 1, "left-over-pins", f"there is no article {shown(stem)}", hint) for stem in left
    ]


def _read_decisions(folder: Place, name: str) -> tuple[tuple[str, bytes], list[Problem]]:
    path = str(folder / name)
    entry = next((entry for entry in files_of(folder) if entry.name == name), None)
    if entry is None:
        return (path, b""), []
    data = data_of(folder, entry, path, MAX_BYTES)
    return ((path, b""), [data]) if isinstance(data, Problem) else ((path, data), [])


def _name_problems(path: str, stem: str, seen: dict[str, str]) -> Iterator[Problem]:
    """What is wrong with an article's name; seen: the articles before it, to which it is added."""
    fault = check_slug(stem)
    alike = stem if fault is None else fold(unicodedata.normalize("NFKC", stem))
    if fault:
        hint = "force, date and publisher: cambridgeshire-2024-03-12-peterborough-telegraph.yaml"
        yield Problem(path, 1, 1, "bad-id", f"{shown(stem)} is not an article id", hint)
    elif "-" not in stem:
        yield Problem(
            path, 1, 1, "bad-id", f"{shown(stem)} is too short for an article id", "force, date and publisher"
        )
    if seen.setdefault(alike, path) != path:
        message = "another article has the same id, but for case or the form of its letters"
        yield Problem(path, 1, 1, "equal-id", message, f"see {seen[alike]}")


def _read_lists(folder: Place) -> tuple[dict[str, tuple[str, bytes]], list[Problem]]:
    lists: dict[str, tuple[str, bytes]] = {}
    problems: list[Problem] = []
    known = {f"{name}.csv": name for name in CODE_LISTS}
    entries = files_of(folder)
    for entry in entries:
        path = str(folder / entry.name)
        if entry.name in known:
            data = data_of(folder, entry, path, MAX_LIST_BYTES)
            if isinstance(data, Problem):
                problems.append(data)
            else:
                lists[known[entry.name]] = (path, data)
        elif not entry.name.startswith("."):
            hint = nearest(entry.name, known)()
            problems.append(Problem(path, 1, 1, "stray-file", f"{shown(entry.name)} is not a code list", hint))
    missing = sorted(known.keys() - {entry.name for entry in entries})
    problems += (Problem(str(folder / n), 1, 1, "missing-list", f"the code list {n} is not there") for n in missing)
    return lists, problems


def _strays(folder: Place) -> Iterator[Problem]:
    for entry in entries_of(folder):
        path = str(folder / entry.name)
        if entry.name in _FOLDERS:
            if entry.is_symlink() or not entry.is_dir():
                yield Problem(path, 1, 1, "not-a-file", f"{shown(entry.name)} is not a folder of its own")
        elif entry.name not in _BESIDE and not entry.name.startswith("."):
            hint = "articles belong into articles/, code lists into codelists/, pins into evidence/"
            yield Problem(path, 1, 1, "stray-file", f"{shown(entry.name)} is none of these", hint)
