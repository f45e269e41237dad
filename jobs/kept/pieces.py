"""CSV files of tables that have hardly changed: lines that are what they were are read where they stand.

A file is a header and pieces, each of them the lines of so many rows of the table as it is kept, with what has come
among them since. Where a piece has the same rows as when the file was written, its bytes are taken from there.
"""

import os
from collections.abc import Iterator, Set
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np

from jobs import UnfitError
from jobs.contents import Status, status_of
from jobs.kept.tables import Spliced
from jobs.outputs.csv import ROWS_AT_A_TIME, ROWS_PER_PART, csv_header, csv_lines
from jobs.outputs.edition import Parts

_TOGETHER: Final = ROWS_AT_A_TIME // ROWS_PER_PART
"""Pieces whose lines are made together at most."""
_BLOCK: Final = 2**18
"""Bytes that are read at a time: so few that they are still near the processor when they are digested and written."""


class Pieces(msgspec.Struct):
    """What a CSV file is made of, told as it is made.

    digest: of the table as it is kept; sizes: bytes of the header and of each piece; others: numbers of the pieces in
    which rows are not the kept ones.
    """

    digest: str = ""
    sizes: list[int] = []
    others: list[int] = []


class Standing(NamedTuple):
    """A file as it was written: what it is made of, and its status at rest (empty where nobody knows)."""

    path: Path
    pieces: Pieces
    status: Status


def measured(parts: Parts, made: Pieces) -> Parts:
    """Parts as they are, their sizes being told."""
    for part in parts:
        made.sizes.append(memoryview(part).nbytes)
        yield part


def piecewise(spliced: Spliced, before: Standing, made: Pieces) -> Parts:
    """The CSV file of a table, made of the one that was written before as far as that is still there.

    Each part is to be used before the next one is taken. made: is told what it is made of. Raises UnfitError if
    somebody changes the old file while it is read.
    """
    rows, changed = _cut(spliced)
    made.others = sorted(changed)
    yield from measured([csv_header(spliced.table)], made)
    with _opened(before) as file:
        sizes = before.pieces.sizes
        sound = file >= 0 and len(sizes) == len(rows) and min(sizes) >= 0 and sum(sizes) == os.fstat(file).st_size
        fresh = changed.union(before.pieces.others) if sound else set(range(len(rows)))
        places = [*accumulate(sizes)] if sound else []
        for number, last in _runs(len(rows) - 1, fresh):
            if number in fresh:
                lines = spliced.table.slice(rows[number], rows[last] - rows[number])
                ends = [row - rows[number] for row in rows[number + 1 : last + 1]]
                yield from measured(csv_lines(lines, ends), made)
            else:
                yield from _bytes(file, places[number], places[last])
                made.sizes += sizes[number + 1 : last + 1]


def _runs(number: int, fresh: Set[int]) -> Iterator[tuple[int, int]]:
    """Pieces that are treated together, as the first and the one after the last: not too many, all fresh or none."""
    first = 0
    for last in range(1, number + 1):
        if last == number or last - first == _TOGETHER or (last in fresh) != (first in fresh):
            yield first, last
            first = last


def _cut(spliced: Spliced) -> tuple[list[int], set[int]]:
    """At which row each piece begins, and where the last one ends; numbers of those whose rows are not the kept ones.

    A new row belongs to the piece of the row before which it stands, one at the end to the last one.
    """
    table, gone, places = spliced
    kept = len(table) + len(gone) - len(places)
    starts = np.arange(0, max(kept, 1), ROWS_PER_PART)
    moved = starts - np.searchsorted(gone, starts) + np.searchsorted(places, starts)
    last = len(starts) - 1
    changed = {min(row // ROWS_PER_PART, last) for row in (*gone, *places)}
    return [*moved.tolist(), len(table)], changed


@contextmanager
def _opened(before: Standing) -> Iterator[int]:
    """The open file, or -1 if it is not as it was written. Raises UnfitError if it is not so any more in the end."""
    try:
        file = os.open(before.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        yield -1
        return
    try:
        untouched = status_of(os.fstat(file)) == before.status
        yield file if untouched else -1
        if untouched and status_of(os.fstat(file)) != before.status:
            raise UnfitError(str(before.path))
    finally:
        os.close(file)


def _bytes(file: int, first: int, last: int) -> Iterator[memoryview]:
    """Bytes of an open file, few at a time, in one place of memory. Raises UnfitError if it ends before."""
    block = memoryview(bytearray(min(_BLOCK, last - first)))
    while first < last:
        try:
            read = os.preadv(file, [block[: last - first]], first)
        except OSError as error:
            raise UnfitError(str(error)) from error
        if not read:
            raise UnfitError
        yield block[:read]
        first += read
