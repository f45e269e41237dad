"""A few articles, new or changed, beside what is kept of all: the part of the claims that they have to do with."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.kept.known import Known, with_known
from jobs.kept.part import Ties, keys_in, ties_of, widened
from jobs.kept.remembered import Slim
from jobs.pipeline import Checked


class Beside(NamedTuple):
    """The part of the claims that a few articles speak of, now or before.

    ties: what they speak of; part: as it is now, the articles that stayed first; before: as it was; keys: of the facts
    in either, by table; others: how many articles stayed.
    """

    ties: Ties
    part: Claims
    before: Claims
    keys: dict[str, frozenset[str]]
    others: int


def put_beside(slim: Slim, gone: Collection[str], checked: Checked) -> Beside | None:
    """The articles of a first wave beside those that are kept; None if what is kept is not sound.

    gone: ids of articles that are kept and must not be used, since they have changed or are no more.
    """
    fresh, names = checked.claims.plain(), slim.claims["articles"]["article_id"].to_pylist()
    away = np.array([name in gone for name in names], dtype=np.bool_)
    others = len(names) - int(away.sum())
    everyone = np.ones(len(fresh["articles"]), dtype=np.bool_)
    ties = ties_of(slim.claims, away) | ties_of(fresh, everyone)
    ties = widened(ties, checked.lists, slim.claims, fresh)
    before = slim.part(ties)
    if before is None:
        return None
    numbers = np.where(away, -1, np.cumsum(~away) - 1).astype(np.int32)
    part = with_known(Known((), before), numbers, _moved(fresh, others))
    was, now = keys_in(before, ties), keys_in(part, ties)
    return Beside(ties, part, before, {table: was[table] | now[table] for table in was}, others)


def _moved(claims: Claims, by: int) -> Claims:
    tables = {}
    for kind, table in claims.tables.items():
        files = pc.add(table["file"], np.int32(by))
        tables[kind] = table.set_column(table.schema.get_field_index("file"), "file", files)
    return Claims(tables)
