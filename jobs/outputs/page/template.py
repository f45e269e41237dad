"""The templates of the page, and its parts that are made one by one."""

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from jobs.outputs.page import words

_LOADER: Final = PackageLoader("jobs.outputs.page")


@cache
def environment() -> Environment:
    """The templates; whatever comes from a table is escaped."""
    made = Environment(loader=_LOADER, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters |= {"day": words.day, "safe_link": words.safe, "size": words.size, "anchor": words.anchor}
    made.filters |= {"day_of": words.day_of, "span_to": words.span}
    made.globals |= {"counted": words.counted}
    return made


def part(name: str, /, **values: Any) -> str:
    """A part of the page, by the name of its macro in `parts.html`."""
    return str(getattr(environment().get_template("parts.html").module, name)(**values))


def text_of(name: str) -> str:
    """A file beside the templates, such as the style."""
    return _LOADER.get_source(environment(), name)[0]
