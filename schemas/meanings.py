"""What a column can be: its kinds and what they are called elsewhere, the forms of its values, what it is for."""

from typing import Any, Final, NamedTuple

import pyarrow as pa


class Kind(NamedTuple):
    """A kind of column: its Arrow type and what it is called in a dictionary, in SQLite and in the standards.

    frictionless: type of a field of a Data Package; csvw: base of a datatype of CSV on the Web, which is a type of XML
    Schema; schema_org: the data type of schema.org, which Croissant uses.
    """

    arrow: pa.DataType
    words: str
    sql: str
    frictionless: str
    csvw: str
    schema_org: str


KINDS: Final = {
    "id": Kind(pa.string(), "identifier", "TEXT", "string", "string", "Text"),
    "code": Kind(pa.string(), "code", "TEXT", "string", "string", "Text"),
    "text": Kind(pa.string(), "text", "TEXT", "string", "string", "Text"),
    "url": Kind(pa.string(), "web address", "TEXT", "string", "anyURI", "URL"),
    "whole": Kind(pa.int32(), "whole number", "INTEGER", "integer", "int", "Integer"),
    "number": Kind(pa.float64(), "number", "REAL", "number", "double", "Float"),
    "flag": Kind(pa.bool_(), "TRUE or FALSE", "INTEGER", "boolean", "boolean", "Boolean"),
    "date": Kind(pa.date32(), "date (YYYY-MM-DD)", "TEXT", "date", "date", "Date"),
}

PATTERNS: Final = {
    "id": r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    "code": r"^[a-z0-9]+(-[a-z0-9]+)*$",
    "text": r"^[^\s=+@\-\x00-\x1f\x7f]([^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$",
    "url": r"^https?://[^\s\x00-\x1f\x7f]+$",
}
"""What the values of a kind look like; what no spreadsheet or program takes for something else."""


ROLES: Final = {
    "fact": "what the row says of the world; changed only by a correction or a revision",
    "name": "what a code of the row is called",
    "record": "about our record of it: who says so, how sure, where to look, remarks",
}
"""What a column is for, which decides how a change of its cells is told."""


class Meaning(NamedTuple):
    """What pandera has no place for: kind, part of the key, `table.column` it refers to, codes, unit, role."""

    kind: str
    key: bool
    references: str
    values: dict[str, str] | None
    unit: str
    role: str

    def __deepcopy__(self, memo: dict[int, Any]) -> "Meaning":
        """Itself: pandera copies the metadata of every column whenever it makes a schema."""
        return self
