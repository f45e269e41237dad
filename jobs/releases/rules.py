"""The rules of versions: every way in which two releases can differ, how bad it is for readers, and in what words.

MAJOR breaks a formula, query or join of a reader, or lets it mean something else; MINOR leaves old queries working;
PATCH is a correction or a description. The worst finding decides.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

NONE, PATCH, MINOR, MAJOR = "NONE", "PATCH", "MINOR", "MAJOR"
BUMPS: Final = (NONE, PATCH, MINOR, MAJOR)
"""From the least to the worst."""
MODEL, REVISION, ADDITION = "MODEL", "REVISION", "ADDITION"
SCHEMA_BUMPS: Final = (NONE, ADDITION, REVISION, MODEL)
"""Those of SchemaVer, from the least to the worst."""


class Rule(NamedTuple):
    """A way to differ: the bump that follows, and what it means to a reader.

    data_package: the bump under the Data Package Version pattern (datapackage.org/recipes/data-package-version: MAJOR
    if fields come, go or move or a constraint gets stricter, MINOR for more data and looser constraints, PATCH for
    corrections and descriptions); what it does not name, as a licence, counts by whether old uses go on.
    croissant: under "Dataset Versioning" of Croissant 1.0 and 1.1 (MAJOR if existing data change, MINOR if only new
    ones come and the old can still be told apart, as `changes` does, PATCH if the data stay, in whatever files).
    schemaver: under SchemaVer of Snowplow (MODEL if no old data fit the new schema, as where a column is due that they
    lack, REVISION if some may not, ADDITION if all fit). loss: data is gone.
    """

    bump: str
    data_package: str
    croissant: str
    schemaver: str
    words: str
    loss: bool = False


RULES: Final[dict[str, Rule]] = {
    # data loss first
    "table-removed": Rule(MAJOR, MAJOR, MAJOR, MODEL, "a table is gone", loss=True),
    "column-removed": Rule(MAJOR, MAJOR, MAJOR, MODEL, "columns are gone", loss=True),
    "rows-vanished": Rule(MAJOR, MAJOR, MAJOR, NONE, "rows are gone without a retraction", loss=True),
    "file-removed": Rule(MAJOR, MAJOR, PATCH, NONE, "files are gone", loss=True),
    "code-removed": Rule(MAJOR, MAJOR, PATCH, REVISION, "codes are gone from a list", loss=True),
    "rows-retracted": Rule(MINOR, MAJOR, MAJOR, NONE, "rows were retracted, each with its reason", loss=True),
    # what breaks, or means something else
    "column-moved": Rule(MAJOR, MAJOR, PATCH, ADDITION, "columns stand in another place"),
    "column-inserted": Rule(MAJOR, MAJOR, MINOR, ADDITION, "new columns were put between others"),
    "type-changed": Rule(MAJOR, MAJOR, MAJOR, MODEL, "a column has another type"),
    "unit-changed": Rule(MAJOR, MAJOR, MAJOR, MODEL, "a column has another unit"),
    "key-changed": Rule(MAJOR, MAJOR, PATCH, MODEL, "a table has another primary key"),
    "meaning-changed": Rule(MAJOR, MINOR, PATCH, MODEL, "a column refers to something else"),
    "column-nullable": Rule(MAJOR, MINOR, PATCH, ADDITION, "a column that was always filled may be empty"),
    "column-not-unique": Rule(MAJOR, MINOR, PATCH, ADDITION, "values of a column may repeat"),
    "code-added": Rule(MAJOR, MINOR, PATCH, ADDITION, "codes were added to a list declared closed"),
    "constraint-loosened": Rule(MAJOR, MINOR, PATCH, ADDITION, "values may stand in a column that could not before"),
    "licence-changed": Rule(MAJOR, MAJOR, PATCH, NONE, "the licence changed"),
    # what is new, or changed in the world
    "table-added": Rule(MINOR, MINOR, MINOR, ADDITION, "a new table"),
    "file-added": Rule(MINOR, MINOR, PATCH, NONE, "new files"),
    "column-added": Rule(MINOR, MAJOR, MINOR, ADDITION, "new columns at the end"),
    "filled-column-added": Rule(MINOR, MAJOR, MINOR, MODEL, "new columns that are never empty"),
    "rows-added": Rule(MINOR, MINOR, MINOR, NONE, "new rows"),
    "licence-opened": Rule(MINOR, MINOR, PATCH, NONE, "the licence allows all that it allowed, and more"),
    "cells-revised": Rule(MINOR, MINOR, MAJOR, NONE, "cells follow a revision by the inspectorate"),
    "systematic-correction": Rule(
        MINOR, PATCH, MAJOR, NONE, "cells of a large part of a column or table were corrected"
    ),
    "systematic-filling": Rule(
        MINOR, MINOR, MAJOR, NONE, "cells that were empty are filled in a large part of a column or table"
    ),
    "systematic-renaming": Rule(
        MINOR, MINOR, MAJOR, NONE, "names in a large part of a column or table changed with what they name"
    ),
    # corrections and descriptions
    "cells-corrected": Rule(PATCH, PATCH, MAJOR, NONE, "cells were corrected"),
    "cells-filled": Rule(PATCH, MINOR, MAJOR, NONE, "cells that were empty are filled"),
    "cells-updated": Rule(
        PATCH, MINOR, MAJOR, NONE, "cells about the record itself changed: counts, links, names, notes"
    ),
    "constraint-tightened": Rule(PATCH, MAJOR, PATCH, REVISION, "a column promises more than before"),
    "description-changed": Rule(PATCH, PATCH, PATCH, NONE, "titles or descriptions changed"),
}
"""Rule id -> rule, data loss first."""


class Finding(NamedTuple):
    """One way in which a release differs: rule, table and column (empty: all of them), how often, examples."""

    rule: str
    table: str
    column: str
    number: int
    samples: tuple[str, ...]

    @property
    def bump(self) -> str:
        """The bump that follows."""
        return RULES[self.rule].bump


def worst(bumps: Iterable[str], order: tuple[str, ...] = BUMPS) -> str:
    """The worst of some bumps; NONE if there are none."""
    return max(bumps, key=order.index, default=NONE)
