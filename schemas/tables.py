"""The list of published tables, in the order in which a reader meets them."""

from typing import Final

from schemas import dimensions
from schemas.changes import Changes
from schemas.claims import Claims
from schemas.columns import Table
from schemas.conflicts import Conflicts
from schemas.coverage import Coverage
from schemas.events import Events
from schemas.grade_counts import GradeCounts
from schemas.grades import Grades, OtherGrades
from schemas.metrics import Metrics
from schemas.statements import Statements

TABLES: Final[dict[str, type[Table]]] = {
    "grades": Grades,
    "statements": Statements,
    "metrics": Metrics,
    "claims": Claims,
    "grade_counts": GradeCounts,
    "conflicts": Conflicts,
    "events": Events,
    "other_grades": OtherGrades,
    "coverage": Coverage,
    "articles": dimensions.Articles,
    "inspections": dimensions.Inspections,
    "cycles": dimensions.Cycles,
    "areas": dimensions.Areas,
    "scales": dimensions.Scales,
    "forces": dimensions.Forces,
    "people": dimensions.People,
    "roles": dimensions.Roles,
    "organisations": dimensions.Organisations,
    "measures": dimensions.Measures,
    "units": dimensions.Units,
    "subjects": dimensions.Subjects,
    "origins": dimensions.Origins,
}

RELEASE_TABLES: Final[dict[str, type[Table]]] = {"changes": Changes}
"""Tables that are made when a release is compared with the one before, and belong to it."""
ALL_TABLES: Final = TABLES | RELEASE_TABLES
