"""Sources of which much is kept -> what came of them, where little has changed since.

What is kept of all claims is read by a thread meanwhile.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from jobs.entries import Place
from jobs.kept.anew import Renewed, renewed
from jobs.kept.aside import Aside
from jobs.kept.cache import TOLD, Cached
from jobs.kept.index import NOTHING, open_index, with_keys
from jobs.kept.remembered import kept_number
from jobs.kept.slim import slim_claims
from jobs.pipeline import Sources
from jobs.problems import Problem
from jobs.sources import begin_sources, read_sources


class Begun(NamedTuple):
    """Sources, what tells what is wrong with their entries, and what came of them if that was little work."""

    sources: Sources
    problems: Callable[[], list[Problem]]
    renewed: Renewed | None


def begin(
    folder: Place, cached: Cached | None, today: str, began: int, aside: Aside | None, kept: bool, unread: bool
) -> Begun:
    """Reads sources, and as few of them as will do; where nothing is kept, each is looked at when its turn comes.

    began: when this run did, in nanoseconds of the clock; aside: who has looked at the articles, and is let go if
    nothing is to be checked; kept: whether tables that are kept may be used; unread: whether sources that nobody has
    touched, as the system tells, need not be read.
    """
    if not (cached and kept and cached.has(TOLD)):
        if aside:
            aside.close()
        return _begin(folder, began, unread) if cached else Begun(*begin_sources(folder), None)
    with ThreadPoolExecutor(1) as thread:
        slim = thread.submit(lambda: slim_claims(cached, kept_number(cached)))
        begun = _begin(folder, began, unread, aside)
        if not begun.problems():
            begun = begun._replace(renewed=renewed(cached, begun.sources, today, slim.result, aside))
    if aside and not begun.renewed:
        aside.close()
    return begun


def _begin(folder: Place, began: int, unread: bool, aside: Aside | None = None) -> Begun:
    index = open_index(folder) if unread else NOTHING
    sources, problems = read_sources(folder, sound=index.ids, looks=aside.looked if aside else lambda: None)
    return Begun(sources if problems else with_keys(folder, sources, index, began), problems.copy, None)
