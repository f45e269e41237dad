"""A source folder -> the bytes of its files; nothing is followed, opened or skipped that is not a regular file.

The folder may stand at an address: then all files are fetched here, many at a time, so that whoever works on them
needs neither the address nor its credentials.
"""

import os
import stat
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from jobs.addresses import Address, AddressError, Entry, Wanted
from jobs.contents import MAX_BYTES, MAX_LIST_BYTES, Content, StoredFile, article_id, loaded, status_of
from jobs.pipeline import Sources
from jobs.problems import Problem, nearest, shown
from jobs.scalars import check_slug, fold
from schemas.codelists import CODE_LISTS

_BESIDE: Final = ("README.md", "article.schema.json", "decisions.yaml")
_FOLDERS: Final = ("articles", "codelists", "evidence")


Place = Path | Address
"""Where a folder or a file is: on this machine or at an address."""


class _Here(NamedTuple):
    """What stands in a folder of this machine; an `os.DirEntry` takes longer to tell the same of many files."""

    name: str
    path: str

    def stat(self, *, follow_symlinks: bool = False) -> os.stat_result:
        """What the system tells of it. Raises OSError."""
        return os.stat(self.path, follow_symlinks=follow_symlinks)  # noqa: PTH116  (there are many)


Entries = Sequence[os.DirEntry[str] | Entry]
Files = Sequence[_Here | Entry]


def read_sources(
    folder: Place, only: Collection[str] | None = None, sound: Collection[str] = frozenset()
) -> tuple[Sources, list[Problem]]:
    """The sources in a folder and what is wrong with its entries; only: ids of the articles to look at, if not all.

    sound: ids of articles of which all together are known to be sound. Raises NotADirectoryError or FileNotFoundError
    where the folder is none, AddressError where it cannot be reached.
    """
    _refuse_nothing(folder)
    problems = list(_strays(folder))
    linked = {problem.path for problem in problems if problem.code == "not-a-file"}
    articles: list[tuple[str, Content]] = []
    lists: dict[str, tuple[str, bytes]] = {}
    if str(folder / "articles") not in linked:
        articles, found = _read_articles(folder / "articles", only, sound)
        problems += found
    if str(folder / "codelists") not in linked:
        lists, found = _read_lists(folder / "codelists")
        problems += found
    known = {article_id(path) for path, _ in articles}
    pins, found = _read_pins(folder / "evidence", known, only) if str(folder / "evidence") not in linked else ({}, [])
    decisions, more = _read_decisions(folder, "decisions.yaml")
    if isinstance(folder, Address):
        articles = _fetched(folder / "articles", articles)
        pins = dict(zip(pins, _fetched(folder / "evidence", list(pins.values())), strict=True))
    return Sources(articles, lists, pins, decisions), sorted(problems + found + more)


def count_articles(folder: Place) -> int:
    """About how many articles a source folder holds, at a glance."""
    return len(_files(folder / "articles"))


def _refuse_nothing(folder: Place) -> None:
    if isinstance(folder, Address):
        try:
            folder.entries()
        except (FileNotFoundError, NotADirectoryError):
            raise AddressError(f"{folder} is not there, or nothing is in it") from None
    else:
        os.scandir(folder).close()


def _entries(folder: Place) -> Entries:
    if isinstance(folder, Address):
        return _entries_there(folder)
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except (FileNotFoundError, NotADirectoryError):
        return []


def _entries_there(folder: Address) -> Sequence[Entry]:
    try:
        return folder.entries()
    except (FileNotFoundError, NotADirectoryError):
        return []


def _files(folder: Place) -> Files:
    """The entries of a folder that are meant to be files, in the order of their names."""
    if isinstance(folder, Address):
        return _entries_there(folder)
    try:
        names = sorted(os.listdir(folder), key=os.fsencode)  # noqa: PTH208  (there are many)
    except (FileNotFoundError, NotADirectoryError):
        return []
    prefix = _prefix(folder)
    return [_Here(name, prefix + name) for name in names]


@dataclass(frozen=True)
class _Distant:
    """A file at an address that is yet to be read."""

    folder: Address
    wanted: Wanted

    def read(self) -> bytes:
        """Its bytes. Raises OSError where it cannot be read, AddressError where the address cannot be reached."""
        (found,) = self.folder.read([self.wanted])
        return found if isinstance(found, bytes) else found.read()


def _content(folder: Place, entry: _Here | Entry, path: str, limit: int, status: os.stat_result) -> Content:
    if isinstance(folder, Address):
        return _Distant(folder, Wanted(entry.name, entry.size if isinstance(entry, Entry) else None, limit))
    return StoredFile(path, status=status_of(status))


def _prefix(folder: Place) -> str:
    """What stands before a name in the path of an entry."""
    return str(folder / "x").removesuffix("x")


def _fetched(folder: Address, files: Sequence[tuple[str, Content]]) -> list[tuple[str, Content]]:
    """Files in one folder, read all together."""
    contents = folder.read([content.wanted for _, content in files if isinstance(content, _Distant)])
    return [(path, content) for (path, _), content in zip(files, contents, strict=True)]


def _read_articles(
    folder: Place, only: Collection[str] | None, sound: Collection[str]
) -> tuple[list[tuple[str, Content]], list[Problem]]:
    articles: list[tuple[str, Content]] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    prefix, entries = _prefix(folder), _files(folder)
    names = {entry.name.removesuffix(".yaml") for entry in entries if entry.name.endswith(".yaml")}
    unread = not names or not names <= set(sound)
    for entry in entries:
        stem, path = entry.name.removesuffix(".yaml"), prefix + entry.name
        if only is not None and stem not in only:
            continue
        if stem == entry.name:
            hint = "an article is a file whose name ends in .yaml"
            if not stem.startswith("."):
                problems.append(Problem(path, 1, 1, "stray-file", f"{shown(stem)} is not an article", hint))
            continue
        if unread:
            problems += _name_problems(path, stem, seen)
        found = _look(entry, path, MAX_BYTES)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            articles.append((path, _content(folder, entry, path, MAX_BYTES, found)))
    if unread and not seen and only is None:
        problems.append(Problem(str(folder), 1, 1, "no-sources", "there is no article"))
    return articles, problems


def _read_pins(
    folder: Place, articles: set[str], only: Collection[str] | None
) -> tuple[dict[str, tuple[str, Content]], list[Problem]]:
    pins: dict[str, tuple[str, Content]] = {}
    problems: list[Problem] = []
    prefix = _prefix(folder)
    for entry in _files(folder):
        path, stem = prefix + entry.name, entry.name.removesuffix(".json")
        if only is not None and stem not in only:
            continue
        if not entry.name.endswith(".json"):
            if not entry.name.startswith("."):
                hint = "pins are made by openpeel pin"
                problems.append(Problem(path, 1, 1, "stray-file", f"{shown(entry.name)} is no file of pins", hint))
            continue
        found = _look(entry, path, MAX_BYTES)
        if stem not in articles and not isinstance(found, Problem):
            hint = "openpeel pin removes it; or the article was renamed"
            found = Problem(path, 1, 1, "left-over-pins", f"there is no article {shown(stem)}", hint)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            pins[stem] = (path, _content(folder, entry, path, MAX_BYTES, found))
    return pins, problems


def _read_decisions(folder: Place, name: str) -> tuple[tuple[str, bytes], list[Problem]]:
    path = str(folder / name)
    entry = next((entry for entry in _files(folder) if entry.name == name), None)
    if entry is None:
        return (path, b""), []
    data = _data(folder, entry, path, MAX_BYTES)
    return ((path, b""), [data]) if isinstance(data, Problem) else ((path, data), [])


def _data(folder: Place, entry: _Here | Entry, path: str, limit: int) -> bytes | Problem:
    """The bytes of what should be a regular file within a limit of bytes, or what is wrong with it."""
    found = _look(entry, path, limit)
    if isinstance(found, Problem):
        return found
    data = loaded(_content(folder, entry, path, limit, found))
    if isinstance(data, OSError):
        return Problem(path, 1, 1, "unreadable", f"cannot be read: {data.strerror}")
    return data


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
    entries = _files(folder)
    for entry in entries:
        path = str(folder / entry.name)
        if entry.name in known:
            data = _data(folder, entry, path, MAX_LIST_BYTES)
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
    for entry in _entries(folder):
        path = str(folder / entry.name)
        if entry.name in _FOLDERS:
            if entry.is_symlink() or not entry.is_dir():
                yield Problem(path, 1, 1, "not-a-file", f"{shown(entry.name)} is not a folder of its own")
        elif entry.name not in _BESIDE and not entry.name.startswith("."):
            hint = "articles belong into articles/, code lists into codelists/, pins into evidence/"
            yield Problem(path, 1, 1, "stray-file", f"{shown(entry.name)} is none of these", hint)


def _look(entry: _Here | Entry, path: str, limit: int) -> os.stat_result | Problem:
    """What the system tells of what should be a regular file within a limit of bytes, or what is wrong with it."""
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as error:
        return Problem(path, 1, 1, "unreadable", f"cannot be read: {error.strerror}")
    if not stat.S_ISREG(status.st_mode):
        return Problem(path, 1, 1, "not-a-file", f"this is {_kind(status.st_mode)}, not a file")
    if status.st_size > limit:
        return Problem(path, 1, 1, "too-large", f"{status.st_size:,} bytes; a source file has at most {limit:,}")
    return status


def _kind(mode: int) -> str:
    kinds = {stat.S_ISDIR: "a folder", stat.S_ISLNK: "a link", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    return next((words for test, words in kinds.items() if test(mode)), "a device")
