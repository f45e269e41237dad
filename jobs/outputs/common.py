"""What the documents of a release have in common: its files, its words, how complete it is, how JSON is written."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from jobs.describe import ColumnDescription, TableDescription, describe
from jobs.outputs.edition import Edition, Parts
from schemas import dataset

ABOUT: Final = " ".join((dataset.DESCRIPTION, *dataset.WARNINGS, dataset.ATTRIBUTION))
"""What somebody who sees nothing but a description must know."""
FULL_TITLE: Final = f"{dataset.TITLE}: {dataset.SUBTITLE}"
MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""As registered with IANA, by the ending of a file's name."""
BYTES: Final = "application/octet-stream"


def media_type(name: str) -> str:
    """The media type of a file; for an ending that says nothing, the one that says nothing."""
    return MEDIA_TYPES.get(PurePosixPath(name).suffix, BYTES)


def json_parts(content: Mapping[str, Any]) -> Parts:
    """A document as JSON, in the order in which it is said."""
    return [json.dumps(content, ensure_ascii=False, indent=1).encode(), b"\n"]


def filled(content: Mapping[str, Any]) -> dict[str, Any]:
    """What there is something to say of: without empty texts, lists and dictionaries, and without None."""
    return {name: value for name, value in content.items() if value is not None and value not in ("", [], {})}


def described(edition: Edition) -> Iterator[TableDescription]:
    """The descriptions of its tables."""
    return map(describe, edition.tables)


def references(table: TableDescription, present: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(column, table, column there) of all that refers to a table that is present."""
    for column in table.columns:
        target, _, key = column.references.partition(".")
        if target in present:
            yield column.name, target, key


def terms(column: ColumnDescription, prefix: str = "") -> list[dict[str, str]]:
    """Its codes with their meanings as defined terms of schema.org; prefix: that of schema.org's names."""
    return [
        {"@type": f"{prefix}DefinedTerm", f"{prefix}termCode": code, f"{prefix}description": meaning}
        for code, meaning in column.values.items()
    ]


def cited(edition: Edition) -> str:
    """How to cite it, in a line."""
    year = f" ({edition.date[:4]})" if edition.date else ""
    version = f", version {edition.version}" if edition.version else ""
    return f"{dataset.CREATOR}{year}. {FULL_TITLE}{version}. {dataset.LICENCE_TITLE}. {edition.place}".rstrip()


def schema_org(edition: Edition) -> dict[str, Any]:
    """What schema.org says of the whole, in a catalogue as in Croissant."""
    creator = filled({"@type": "Organization", "name": dataset.CREATOR, "url": edition.address})
    return filled({
        "name": dataset.TITLE,
        "alternateName": dataset.SUBTITLE,
        "description": ABOUT,
        "url": edition.place,
        "version": edition.version,
        "datePublished": edition.date,
        "dateModified": edition.date,
        "inLanguage": dataset.LANGUAGE,
        "license": dataset.LICENCE_URL,
        "creator": creator,
        "publisher": creator,
        "keywords": list(dataset.KEYWORDS),
        "isAccessibleForFree": True,
    })  # fmt: skip


_SUMMED: Final = ("areas_graded", "grades_stated", "grades_derived", "grades_disputed", "grades_missing")


class Held(NamedTuple):
    """How much is held of a cycle of inspections.

    forces, with_grade, known: how many forces there are, how many of them have a grade, and of how many it is known
    which areas were graded; the others count areas, `graded` and `missing` only of the forces that are `known`.
    """

    cycle_id: str
    cycle: str
    forces: int
    with_grade: int
    known: int
    graded: int
    stated: int
    derived: int
    disputed: int
    missing: int

    @property
    def words(self) -> tuple[str, ...]:
        """The cells of a line about it, as everybody is told; what nobody knows is no zero."""
        forces = f"{self.known:,} force{'' if self.known == 1 else 's'}"
        return (
            self.cycle,
            f"{self.with_grade:,} of {self.forces:,}",
            f"{self.graded:,} in {forces}" if self.known else "not known",
            *(f"{count:,}" for count in (self.stated, self.derived, self.disputed)),
            f"{self.missing:,}" if self.known else "not known",
        )


HELD: Final = ("cycle", "forces with a grade", "graded areas known of", "stated", "derived", "disputed", "missing")
"""What these cells are."""


def held_by_cycle(coverage: pa.Table) -> list[Held]:
    """The table of coverage by cycle, in the order of its rows."""
    grades = pc.add(pc.add(coverage["grades_stated"], coverage["grades_derived"]), coverage["grades_disputed"])
    coverage = coverage.append_column("with_grade", pc.cast(pc.greater(grades, 0), pa.int32()))
    wanted = [("force_id", "count"), ("with_grade", "sum"), ("areas_graded", "count")]
    wanted += [(name, "sum") for name in _SUMMED]
    keys = ["cycle_id", "cycle"]
    groups = coverage.group_by(keys, use_threads=False).aggregate(wanted)
    columns = groups.select(keys + [f"{name}_{how}" for name, how in wanted]).columns
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    return [Held(cycle_id, cycle, *(count or 0 for count in counts)) for cycle_id, cycle, *counts in rows]
