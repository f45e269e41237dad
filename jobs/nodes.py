"""What YAML text says, as plain nodes that know where they were written."""

from typing import NamedTuple


class Scalar(NamedTuple):
    """A single value, as text."""

    text: str
    line: int
    column: int


class Items(NamedTuple):
    """A list."""

    items: "list[Node]"
    line: int
    column: int


class Fields(NamedTuple):
    """A mapping: its keys and values in order."""

    fields: "list[tuple[Scalar, Node]]"
    line: int
    column: int


Node = Scalar | Items | Fields
