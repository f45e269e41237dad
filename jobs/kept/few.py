"""A few articles, by themselves and against all others as these were when everything was looked at last.

Without pandas and pandera, so that an editor or a hook before a commit has its answer at once; whether the published
tables hold is not looked at.
"""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from jobs.contents import StoredFile
from jobs.kept.beside import put_beside
from jobs.kept.cache import lists_digest
from jobs.kept.part import concerned
from jobs.kept.remembered import kept_decisions, kept_lists, kept_number, opened
from jobs.kept.slim import slim_claims
from jobs.located import located
from jobs.pipeline import check_articles
from jobs.problems import Problem
from jobs.sources import read_sources
from jobs.weigh import weigh

if TYPE_CHECKING:
    from jobs.contents import Content


class Looked(NamedTuple):
    """What was found; articles: how many were looked at; others: how many they were put beside; unseen: what was not
    looked at, in words."""

    problems: list[Problem]
    articles: int
    others: int
    unseen: str


def look(folder: Path, ids: Collection[str], today: str, cache: bool = True) -> Looked:
    """The problems of these articles, of the code lists and of the decisions of a source folder."""
    cached = opened(folder) if cache else None
    with ThreadPoolExecutor(1) as thread:
        kept = thread.submit(lambda: slim_claims(cached, kept_number(cached))) if cached else None  # meanwhile
        sources, problems = read_sources(folder, ids)
        lists = kept_lists(cached, sources) if cached else None
        decisions = kept_decisions(cached, sources, today) if cached and lists else None
        checked = check_articles(sources, today, lists=lists, decisions=decisions)
    problems = sorted(problems + checked.problems)
    if problems:
        return Looked(problems, len(sources.articles), 0, "")
    if cached is not None and lists is None and cached.head.lists != lists_digest(sources.codelists):
        unseen = "the other articles: a code list has changed since openpeel check has looked at all of them"
        return Looked([], len(sources.articles), 0, unseen)
    slim = kept.result() if kept else None
    beside = put_beside(slim, ids, checked) if slim else None
    if beside is None:
        return Looked([], len(sources.articles), 0, "the other articles: openpeel check looks at all of them")
    chosen = concerned(checked.decisions, beside.keys)
    clashes = weigh(beside.part, checked.lists, chosen.decisions)[1]
    names = beside.part["articles"]["article_id"].to_pylist()[: beside.stayed] if clashes else ()
    paths = [str(folder / "articles" / f"{name}.yaml") for name in names]
    articles: list[tuple[str, Content]] = [*((path, StoredFile(path)) for path in paths), *sources.articles]
    found = located(articles, map(chosen.renumbered, clashes), checked.decisions)
    unseen = "changes of the others since all were looked at, and the published tables"
    return Looked(found, len(sources.articles), beside.others, unseen)


def ids_of(files: Collection[Path], folder: Path) -> tuple[set[str], list[Path]]:
    """The ids of the articles that files in a source folder belong to, and the files that are not in it."""
    ids, strange = set(), []
    for file in files:
        try:
            inside = PurePath(file.absolute().relative_to(folder.absolute()))
        except ValueError:
            strange.append(file)
            continue
        if inside.parts[:1] in (("articles",), ("evidence",)):
            ids.add(inside.stem)
    return ids, strange
