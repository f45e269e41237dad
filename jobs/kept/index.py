"""What the system told of the files of a source folder when they were read last, so that few are read again.

As in git's index: a file whose device, inode, size and times are what they were is taken to be what it was, since no
program can set the time of its last change. A file that changed shortly before it was looked at, or after that by its
own clock, may have changed once more within one tick of that clock: it is read. Only files of this machine are known.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from jobs.coded import Numbers
from jobs.contents import Content, StoredFile, article_id
from jobs.entries import WIDTH, Place, Stored
from jobs.kept.cache import Head, cache_file, open_cache, write_cache
from jobs.kept.code import code_version
from jobs.kept.known import Key
from jobs.pipeline import Sources, keys_of

GRAIN: Final = 2_000_000_000
"""Nanoseconds within which two changes may have the same time: the coarsest file system counts in two seconds."""
FEW: Final = 100
"""Files that are read again each time, before what is known of all is written anew."""
_KIND: Final = ".index"
_KEY: Final = 32
_NUMBERS: Final = 10
"""That are known of an article: those of its file and those of its pins, or as many zeros."""
_OWN: Final = _NUMBERS // 2
_TIMES: Final = (3, 4, 8, 9)
"""Which of them are times."""


class Index(NamedTuple):
    """Ids of articles, in their order, each with its row; what the system told of their files and pins; their keys.

    began: when that was asked, in nanoseconds of the clock.
    """

    began: int
    ids: Mapping[str, int]
    numbers: Numbers
    keys: Sequence[Key]


NOTHING: Final = Index(0, {}, np.zeros((0, _NUMBERS), np.int64), ())


def open_index(folder: Place) -> Index:
    """What is known of a source folder; nothing if that is not sound."""
    cached = open_cache(cache_file(folder, _KIND))
    if cached is None:
        return NOTHING
    ids, numbers, keys, began = (cached.section(name) or b"" for name in ("ids", "numbers", "keys", "began"))
    names = {name: row for row, name in enumerate(ids.decode(errors="replace").split("/"))}
    rows, when = len(keys) // _KEY, int.from_bytes(began, "big")
    sizes = (rows * _NUMBERS * 8, rows * _KEY, 8)
    if (len(numbers), len(keys), len(began)) != sizes or len(names) != rows:
        return NOTHING
    if when > time.time_ns():  # the clock has gone back: nobody knows what has happened since
        return NOTHING
    table = np.frombuffer(numbers, "<i8").reshape(rows, _NUMBERS)
    return Index(when, names, table, [keys[i : i + _KEY] for i in range(0, len(keys), _KEY)])


def with_keys(folder: Place, sources: Sources, index: Index, began: int) -> Sources:
    """Sources with sound names, with the keys of all articles; what had to be read for that is known the next time.

    Those that cannot be read have an empty key, as `keys_of` tells. began: when the look at the sources began.
    """
    ids = _ids(sources)
    keys = [b""] * len(ids)
    rows = index.ids if ids == [*index.ids] else {name: row for row, name in enumerate(ids)}
    numbers = _numbers_of(sources, rows)
    places = _places(index, rows)
    if numbers is not None and len(index.ids):
        same = (places >= 0) & (index.numbers[places] == numbers).all(axis=1)
        same &= (numbers[:, _TIMES] < index.began - GRAIN).all(axis=1)
        keys = [index.keys[at] if known else b"" for at, known in zip(places.tolist(), same.tolist(), strict=True)]
    left = [number for number, key in enumerate(keys) if not key]
    for number, key in zip(left, keys_of(sources.only(left)), strict=True):
        keys[number] = key
    if len(left) > FEW:
        write_index(folder, sources, keys, began)
    return sources._replace(keys=keys)


def _places(index: Index, rows: Mapping[str, int]) -> "npt.NDArray[np.intp]":
    """Where each article is in the index; -1 where it is not."""
    if rows is index.ids:
        return np.arange(len(rows))
    return np.array([index.ids.get(name, -1) for name in rows], dtype=np.intp)


def _ids(sources: Sources) -> list[str]:
    if isinstance(sources.articles, Stored):
        return [name.removesuffix(".yaml") for name in sources.articles.looks.names]
    return [article_id(path) for path, _ in sources.articles]


def _numbers_of(sources: Sources, rows: Mapping[str, int]) -> Numbers | None:
    """What the system has told of articles and their pins; None if they are not files of this machine.

    rows: the row of each article.
    """
    numbers = np.zeros((len(rows), _NUMBERS), "<i8")
    try:
        if isinstance(sources.articles, Stored):
            numbers[:, :_OWN] = np.frombuffer(sources.articles.looks.numbers, np.int64).reshape(-1, WIDTH)[:, 1:]
        else:
            numbers[:, :_OWN] = _told([file for _, file in sources.articles])
        pinned = [rows[name] for name in sources.pins]
        numbers[pinned, _OWN:] = _told([file for _, file in sources.pins.values()])
    except (ValueError, OverflowError):  # no such files; an inode or a device of 64 bits
        return None
    return numbers


def _told(files: Sequence[Content]) -> Numbers:
    """The status of each file. Raises ValueError where nobody asked for one, OverflowError for 64 bits."""
    told = [file.status if isinstance(file, StoredFile) else () for file in files]
    if any(len(status) != _OWN for status in told):
        raise ValueError
    return np.array(told, "<i8").reshape(-1, _OWN)


def write_index(folder: Place, sources: Sources, keys: Sequence[Key], began: int) -> None:
    """Keeps what the system has told of the files, where it can.

    keys: of all articles, found after that; began: when it was asked, in nanoseconds of the clock.
    """
    ids = _ids(sources)
    numbers = _numbers_of(sources, {name: row for row, name in enumerate(ids)})
    if numbers is None or not ids or not all(keys) or began > time.time_ns():
        return
    sections = {"ids": "/".join(ids).encode(), "numbers": numbers.tobytes(), "keys": b"".join(keys)}
    sections["began"] = began.to_bytes(8, "big")
    write_cache(cache_file(folder, _KIND), Head(code_version()), [(name, [data]) for name, data in sections.items()])
