"""What descriptions say of columns, whatever their form, and what the package's own descriptions say."""

from typing import Any

from jobs.describe import describe
from schemas.tables import ALL_TABLES as TABLES

Facets = dict[str, Any]
"""What a description says of a column: a title, a type, whether it may be empty ...; only what it has a word for."""
Columns = dict[str, dict[str, Facets]]
"""By table and column."""

TEXT, WHOLE, NUMBER, FLAG, DATE = "string", "int32", "double", "bool", "date32[day]"
"""The types of Arrow that the types of all descriptions stand for."""


def described() -> Columns:
    """All facets of all columns, as the package's own descriptions have them."""
    return {
        name: {
            column.name: {
                "title": column.title,
                "description": column.description,
                "type": str(column.arrow),
                "nullable": column.nullable,
                "unique": column.unique,
                "key": column.key,
                "references": column.references,
                "unit": column.unit,
                "least": column.least,
                "pattern": column.pattern,
                "codes": list(column.values),
                "values": column.values,
                "role": column.role,
            }
            for column in describe(name).columns
        }
        for name in TABLES
    }
