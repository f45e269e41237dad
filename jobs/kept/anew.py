"""Tables made before, and a few articles that have changed since -> the tables as they would be made from everything.

Only what the changed articles have to do with is weighed, once as it was and once as it is. Rows that came of the
former leave the tables, rows that come of the latter take their places. Wherever anything is not as it must be, there
is no result, and everything is made from the beginning.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from jobs import UnfitError
from jobs.claims import Claims
from jobs.coded import plain
from jobs.codelists import Codelists
from jobs.decisions import Decisions
from jobs.describe import describe, heard, published
from jobs.kept.aside import Aside, check
from jobs.kept.beside import Beside, put_beside
from jobs.kept.cache import BATCH, TABLE, TOLD, Cached
from jobs.kept.known import Key
from jobs.kept.part import concerned
from jobs.kept.remembered import STALE, decisions_digest, kept_decisions, kept_keys, kept_lists
from jobs.kept.slim import Slim
from jobs.kept.tables import KeptTables, Spliced
from jobs.pipeline import Sources, check_articles, keys_of
from jobs.problems import Problem
from jobs.tables import DIMENSIONS, FACTS, Traced, order_of, tabulate, untraced
from jobs.weigh import weigh


class Renewed(NamedTuple):
    """The tables, and the code lists and decisions that they were made with.

    tables: read when they are asked for, or UnfitError is raised; faults: looks what is wrong in the rows that are new,
    or raises it.
    """

    tables: KeptTables
    lists: Codelists
    decisions: Decisions
    faults: Callable[[], list[Problem]]


def renewed(
    cached: Cached, sources: Sources, today: str, slim: Callable[[], Slim | None], aside: Aside | None = None
) -> Renewed | None:
    """The tables of sources without any problem; None if it takes everything to know them.

    slim: what is kept of all claims; aside: checks the rows that are new, while this process goes on.
    """
    try:
        heard(cached.section(TOLD))
    except msgspec.MsgspecError:
        return None
    tables = all(cached.has(f"{TABLE}{name}") for name in published())
    if not tables or cached.head.decisions != decisions_digest(sources):
        return None
    known = kept_keys(cached, sources, today)
    if not known:
        return None
    try:
        return _from_kept(cached, known, sources, today, slim, aside)
    except UnfitError:
        return None


def _from_kept(
    cached: Cached,
    known: list[Key],
    sources: Sources,
    today: str,
    of_all: Callable[[], Slim | None],
    aside: Aside | None,
) -> Renewed | None:
    keys = keys_of(sources)
    left, gone = _others(keys, known), _others(known, keys)
    few = left is not None and gone is not None and max(len(left), len(gone)) <= len(known) * STALE
    lists = kept_lists(cached, sources) if few else None
    if lists is None or left is None or gone is None:
        return None
    decisions = kept_decisions(cached, sources, today)
    checked = check_articles(sources.only(left), today, lists=lists, decisions=decisions)
    slim = of_all()
    if checked.problems or slim is None:
        return None
    names = slim.claims["articles"]["article_id"].to_pylist()
    beside = put_beside(slim, {names[number] for number in gone}, checked)
    if beside is None:
        return None
    tables = KeptTables(cached)
    faults = _renewed(tables, beside, checked.lists, checked.decisions, aside)
    return Renewed(tables, checked.lists, checked.decisions, faults) if faults else None


def _others(keys: Sequence[Key], known: Sequence[Key]) -> list[int] | None:
    """The numbers of keys that are not among the known ones; None if a key comes twice."""
    now = set(keys)
    others = now.difference(known)
    return [number for number, key in enumerate(keys) if key in others] if len(now) == len(keys) else None


def _renewed(
    tables: KeptTables, beside: Beside, lists: Codelists, decisions: Decisions, aside: Aside | None
) -> Callable[[], list[Problem]] | None:
    """Changes the tables that are other ones now, and returns what checks them; None if that cannot be."""
    ours = concerned(decisions, beside.keys).decisions
    known = {name: untraced(tables[name]) for name in DIMENSIONS}  # of the same code lists
    if beside.ties.spoken:
        tables.begin("statements")  # the one that takes longest; Arrow lets this thread run meanwhile
    pairs = {(i.force_id, i.cycle_id) for name in beside.ties.graded if (i := lists.inspections.get(name))}
    before, now = (_made(claims, lists, ours, known, pairs) for claims in (beside.before, beside.part))
    if before is None or now is None:
        return None
    changed: dict[str, Spliced] = {}
    for name in ("articles", *FACTS):
        if before[name].table.equals(now[name].table):
            continue
        spliced = replaced(tables[name], before[name].table, now[name].table, order_of(name))
        if spliced is None:
            return None
        changed[name] = spliced
    tables.change(changed)
    return _faults(now, _doubtful(before, now, set(changed)), aside)


def _doubtful(before: dict[str, Traced], now: dict[str, Traced], changed: set[str]) -> list[str]:
    """Tables that have changed, and those that refer to keys of which some are gone."""
    doubtful = set(changed)
    for name in FACTS:
        for column in describe(name).columns:
            table, _, key = column.references.partition(".")
            if table not in changed:
                continue
            left = pc.is_in(before[table].table[key], value_set=now[table].table[key])
            if not pc.all(left, min_count=0).as_py():
                doubtful.add(name)
    return [name for name in now if name in doubtful]


def _faults(tables: dict[str, Traced], doubtful: Sequence[str], aside: Aside | None) -> Callable[[], list[Problem]]:
    """What checks some tables of a part; all others are as they were when they were checked last.

    It raises UnfitError where anything is wrong: only everything together shows where that comes from.
    """
    if not doubtful:
        if aside:
            aside.close()
        return list
    keys = {name: traced.table.select(describe(name).key) for name, traced in tables.items()}
    slim = keys | {name: tables[name].table for name in doubtful}

    def faults() -> list[Problem]:
        if aside.asked(check, slim, doubtful) if aside else check(slim, doubtful):
            raise UnfitError
        return []

    return faults


def _made(
    claims: Claims, lists: Codelists, decisions: Decisions, known: dict[str, Traced], covered: set[tuple[str, str]]
) -> dict[str, Traced] | None:
    weighed, clashes = weigh(claims, lists, decisions)
    if clashes:
        return None
    made = tabulate(weighed, known, covered)
    return {name: known.get(name) or each._replace(table=plain(each.table)) for name, each in made.items()}


def _rank(cells: Iterable[Any]) -> tuple[tuple[bool, Any], ...]:
    return tuple((cell is None, cell) for cell in cells)


def replaced(table: pa.Table, before: pa.Table, now: pa.Table, order: Sequence[str]) -> Spliced | None:
    """A sorted table, with rows taken out and others put in their places; None if it does not hold the former.

    All three are sorted by the columns of `order`, empty cells last, of which the last is the key.
    """
    key = order[-1]
    found = pc.is_in(table[key], value_set=pa.concat_arrays([t[key].combine_chunks() for t in (before, now)]))
    if not table.filter(found).equals(before):
        return None
    if before.equals(now):
        return Spliced(table)
    were, are = before.to_pylist(), now.to_pylist()
    kept = {row[key]: row for row in were}
    same = {row[key] for row in are if kept.get(row[key]) == row}
    gone = [at for at, row in zip(pc.indices_nonzero(found).to_pylist(), were, strict=True) if row[key] not in same]
    fresh = [row for row, cells in enumerate(are) if cells[key] not in same]
    columns = [table[name] for name in order]
    ranks = [_rank(are[row][name] for name in order) for row in fresh]
    places = [
        bisect_left(range(len(table)), rank, key=lambda at: _rank(column[at].as_py() for column in columns))
        for rank in ranks
    ]
    return Spliced(_spliced(table, now.take(pa.array(fresh, pa.int64())), gone, places), gone, places)


def _spliced(table: pa.Table, new: pa.Table, gone: Sequence[int], places: Sequence[int]) -> pa.Table:
    """A table without some of its rows, and with new ones before some; its chunks end where those of kept tables do."""
    pieces: list[pa.Table] = []
    last = 0
    moves = [(row, -1) for row in gone] + [(place, row) for row, place in enumerate(places)]
    for place, row in sorted(moves, key=lambda move: (move[0], move[1] < 0, move[1])):
        pieces.append(table.slice(last, place - last))
        last = place + (row < 0)
        pieces += [new.slice(row, 1)] if row >= 0 else []
    pieces.append(table.slice(last))
    whole = pa.concat_tables([piece for piece in pieces if len(piece)] or [table.slice(0, 0)])
    ends = accumulate(len(chunk) for chunk in whole.column(0).chunks)
    cuts = sorted({0, len(whole), *(end for end in ends if end % BATCH == 0)})
    parts = [whole.slice(start, stop - start).combine_chunks() for start, stop in pairwise(cuts)]
    return pa.concat_tables(parts or [whole])
