"""The published formats and descriptions: one file each, one line below.

To add one: a module with a function that names its files and how to make them, and a line in `FORMATS` (made from the
tables alone) or `DOCUMENTS` (made when the files of all formats are there, whose sizes and digests it may tell).
"""

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, zip_longest
from typing import Final

from jobs.outputs.citation import citation_files
from jobs.outputs.croissant import croissant_files
from jobs.outputs.csv import csv_files
from jobs.outputs.csvw import csvw_files
from jobs.outputs.data_package import data_package_files
from jobs.outputs.datasette import datasette_files
from jobs.outputs.dictionary import dictionary_files
from jobs.outputs.edition import Edition, Filed, Output, Parts, nothing_but
from jobs.outputs.jsonld import jsonld_files
from jobs.outputs.page import page_files
from jobs.outputs.parquet import parquet_files
from jobs.outputs.sqlite import sqlite_files
from jobs.outputs.workbook import workbook_files

FORMATS: Final[dict[str, Output]] = {
    "csv": csv_files,
    "parquet": parquet_files,
    "workbook": workbook_files,
    "sqlite": sqlite_files,
}
DOCUMENTS: Final[dict[str, Output]] = {
    "datasette": datasette_files,
    "data_package": data_package_files,
    "csvw": csvw_files,
    "jsonld": jsonld_files,
    "croissant": croissant_files,
    "dictionary": dictionary_files,
    "citation": citation_files,
    "page": page_files,
}
OUTPUTS: Final = FORMATS | DOCUMENTS
TABULAR: Final = ("csv", "parquet")
"""The formats that are made where no release is wanted, only its tables."""

AT_ONCE: Final = 2
"""Files made at the same time; more would hold more of them in memory."""


def render(edition: Edition, wanted: Collection[str] = tuple(OUTPUTS)) -> Iterator[tuple[str, Parts]]:
    """Every file of the wanted formats and descriptions, as (name, parts); the descriptions come last."""
    formats = {name: output for name, output in FORMATS.items() if name in wanted}
    documents = [output for name, output in DOCUMENTS.items() if name in wanted]
    filed: dict[str, Filed] = {}
    for name, parts in _made(edition, formats.values()):
        if documents:
            filed[name] = _filed(parts)
        yield name, parts
    in_order = {name: filed[name] for name in file_names(edition.tables, formats)} if documents else {}
    yield from _made(edition._replace(files=in_order), documents)


def file_names(tables: Iterable[str], wanted: Collection[str] = tuple(OUTPUTS)) -> Iterator[str]:
    """The names of the files of the wanted formats, without making them."""
    nothing = nothing_but(tables)
    for output in (output for name, output in OUTPUTS.items() if name in wanted):
        yield from (name for name, _ in output(nothing))


def _made(edition: Edition, outputs: Iterable[Output]) -> Iterator[tuple[str, Parts]]:
    """The files, those of one table in all formats together, so that two that take long are made at the same time."""
    waiting: deque[tuple[str, Future[Parts]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for file in chain.from_iterable(zip_longest(*(output(edition) for output in outputs))):
            if file is not None:
                name, make = file
                waiting.append((name, threads.submit(make)))
                if len(waiting) > AT_ONCE:
                    yield _finished(waiting)
        while waiting:
            yield _finished(waiting)


def _finished(waiting: deque[tuple[str, Future[Parts]]]) -> tuple[str, Parts]:
    name, future = waiting.popleft()
    return name, future.result()


def _filed(parts: Parts) -> Filed:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return Filed(sum(memoryview(part).nbytes for part in parts), digest.hexdigest())


__all__ = ["DOCUMENTS", "FORMATS", "OUTPUTS", "TABULAR", "Edition", "Filed", "Output", "Parts", "file_names", "render"]
