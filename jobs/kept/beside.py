"""A few articles, new or changed, beside what is kept of all: the part of the claims that they have to do with."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import Claims
from jobs.kept.known import Known, renumbered, with_known
from jobs.kept.part import Files, Ties, keys_in, ties_of, widened
from jobs.kept.slim import Slim
from jobs.pipeline import Checked
from jobs.weigh import page_of

FEW: Final = 20
"""Addresses that are looked for in all others at once; of more, each is looked at by itself."""


class Beside(NamedTuple):
    """The part of the claims that a few articles speak of, now or before, with the articles that it comes from.

    ties: what they speak of; part: as it is now, the articles that stayed first; before: as it was; keys: of the facts
    in either, by table; stayed: how many articles of the part have; others: how many of all.
    """

    ties: Ties
    part: Claims
    before: Claims
    keys: dict[str, frozenset[str]]
    stayed: int
    others: int


def put_beside(slim: Slim, gone: Collection[str], checked: Checked) -> Beside | None:
    """The articles of a first wave beside those that are kept; None if what is kept is not sound.

    gone: ids of articles that are kept and must not be used, since they have changed or are no more.
    """
    fresh, articles = checked.claims.plain(), slim.claims["articles"]
    away = np.array([name in gone for name in articles["article_id"].to_pylist()], dtype=np.bool_)
    everyone = np.ones(len(fresh["articles"]), dtype=np.bool_)
    ties = ties_of(slim.claims, away) | ties_of(fresh, everyone)
    ties = widened(ties, checked.lists, slim.claims, fresh)
    whole = slim.part(ties)
    if whole is None:
        return None
    near = away | _of(whole) | _at(articles["url"], fresh["articles"]["url"])
    before = renumbered(whole, np.where(near, np.cumsum(near) - 1, -1).astype(np.int32))
    stays = ~away[near]
    numbers = np.where(stays, np.cumsum(stays) - 1, -1).astype(np.int32)
    part = with_known(Known((), before), numbers, _moved(fresh, int(stays.sum())))
    was, now = keys_in(before, ties), keys_in(part, ties)
    keys = {table: was[table] | now[table] for table in was}
    return Beside(ties, part, before, keys, int(stays.sum()), len(away) - int(away.sum()))


def _of(claims: Claims) -> Files:
    """Whether anything else comes of each article."""
    files = np.zeros(len(claims["articles"]), dtype=np.bool_)
    for kind, table in claims.tables.items():
        if kind != "articles":
            files[np.asarray(table["file"])] = True
    return files


def _at(urls: pa.ChunkedArray, others: pa.ChunkedArray) -> Files:
    """Whether each address is one of others, as these are compared."""
    pages = set(map(page_of, others.to_pylist()))
    found = np.full(len(urls), bool(pages))
    if 0 < len(pages) <= FEW:  # what of an address is compared stands in it
        found = np.array(pc.match_substring_regex(urls, "|".join(map(re.escape, sorted(pages)))))
    found[found] = [page_of(url) in pages for url in urls.filter(pa.array(found)).to_pylist()]
    return found


def _moved(claims: Claims, by: int) -> Claims:
    tables = {}
    for kind, table in claims.tables.items():
        files = pc.add(table["file"], np.int32(by))
        tables[kind] = table.set_column(table.schema.get_field_index("file"), "file", files)
    return Claims(tables)
