"""What the fields of source files are made of: a kind of text, a description, examples."""

from typing import NamedTuple

from msgspec import Meta


class Kind(NamedTuple):
    """What the text of a scalar must be: the name of a check in `jobs.scalars`, and the list of its codes."""

    name: str
    codes: str = ""


def meta(kind: str, description: str, codes: str = "", *examples: str) -> Meta:
    """What is to be known of a field: kind, description, the list of its codes, examples."""
    return Meta(description=description, examples=list(examples) or None, extra={"kind": Kind(kind, codes)})
