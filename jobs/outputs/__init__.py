"""The published formats and descriptions: one file each, one line below.

To add one: a module with a function that names its files and how to make them, and a line in `FORMATS` (made from the
tables alone) or `DOCUMENTS` (made when the files of all formats are there, whose sizes and digests it may tell).
"""

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from itertools import chain, zip_longest
from typing import Final

from jobs.ahead import ahead
from jobs.coded import plain_tables
from jobs.outputs.csv import csv_files
from jobs.outputs.edition import Edition, Filed, Files, Make, Output, Parts, nothing_but
from jobs.outputs.parquet import parquet_files


def _late(name: str) -> Output:
    """An output whose module is imported when it is asked for: jinja2 and XlsxWriter take longer than most builds."""

    def files(edition: Edition) -> Iterator[tuple[str, Make]]:
        output: Output = getattr(import_module(f"jobs.outputs.{name}"), f"{name}_files")
        return output(edition)

    return files


FORMATS: Final[dict[str, Output]] = {
    "csv": csv_files,
    "parquet": parquet_files,
    "workbook": _late("workbook"),
    "sqlite": _late("sqlite"),
}
DOCUMENTS: Final[dict[str, Output]] = {
    "datasette": _late("datasette"),
    "data_package": _late("data_package"),
    "csvw": _late("csvw"),
    "jsonld": _late("jsonld"),
    "croissant": _late("croissant"),
    "dictionary": _late("dictionary"),
    "citation": _late("citation"),
    "page": _late("page"),
}
OUTPUTS: Final = FORMATS | DOCUMENTS
TABULAR: Final = ("csv", "parquet")
"""The formats that are made where no release is wanted, only its tables. They take dictionaries of texts for texts."""


def render(edition: Edition, wanted: Collection[str] = tuple(OUTPUTS)) -> Files:
    """Every file of the wanted formats and descriptions, as (name, parts); the descriptions come last.

    Files are made while those before them are taken, a large one never whole; so each is to be taken before the next.
    """
    if not set(wanted) <= set(TABULAR):
        edition = edition._replace(tables=plain_tables(edition.tables))
    formats = {name: output for name, output in FORMATS.items() if name in wanted}
    documents = [output for name, output in DOCUMENTS.items() if name in wanted]
    filed: dict[str, Filed] = {}
    for name, parts in ahead(_by_table(edition, formats.values())):
        noted = _noted(name, parts, filed)
        yield name, noted if documents else parts
        deque(noted if documents else (), maxlen=0)  # what nobody took is told as well
    in_order = {name: filed[name] for name in file_names(edition.tables, formats)} if documents else {}
    yield from ahead(_by_table(edition._replace(files=in_order), documents))


def file_names(tables: Iterable[str], wanted: Collection[str] = tuple(OUTPUTS)) -> Iterator[str]:
    """The names of the files of the wanted formats, without making them."""
    nothing = nothing_but(tables)
    for output in (output for name, output in OUTPUTS.items() if name in wanted):
        yield from (name for name, _ in output(nothing))


def _by_table(edition: Edition, outputs: Iterable[Output]) -> Iterator[tuple[str, Make]]:
    """The files, those of one table in all formats together, so that two that take long are made at the same time."""
    together = chain.from_iterable(zip_longest(*(output(edition) for output in outputs)))
    return (file for file in together if file is not None)


def _noted(name: str, parts: Parts, filed: dict[str, Filed]) -> Parts:
    """The parts of a file; when all are taken, its size and digest are known."""
    digest, size = hashlib.sha256(), 0
    for part in parts:
        digest.update(part)
        size += memoryview(part).nbytes
        yield part
    filed[name] = Filed(size, digest.hexdigest())


__all__ = [
    "DOCUMENTS",
    "FORMATS",
    "OUTPUTS",
    "TABULAR",
    "Edition",
    "Filed",
    "Files",
    "Output",
    "Parts",
    "file_names",
    "render",
]
