"""Every single value is of its kind."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import msgspec

from jobs.codelists import Codelists
from jobs.problems import Finding
from jobs.read import number_text
from jobs.rules.items import items
from jobs.scalars import CHECKS, check_code
from jobs.shape import shape_of
from schemas.article import NOTHING, Article


class _Plan(NamedTuple):
    """Which fields of a struct hold text, codes and numbers."""

    texts: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]
    numbers: tuple[tuple[str, str], ...]


@cache
def _plan(struct: type[msgspec.Struct]) -> _Plan:
    kinds = {name: field.kind for name, field in shape_of(struct).fields.items() if field.kind}
    return _Plan(
        tuple((name, kind.name) for name, kind in kinds.items() if kind.name not in ("code", "number", "whole")),
        tuple((name, kind.codes) for name, kind in kinds.items() if kind.name == "code"),
        tuple((name, kind.name) for name, kind in kinds.items() if kind.name in ("number", "whole")),
    )


def sound_values(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Dates are dates, numbers are numbers, codes are in their lists, and no text plays tricks on a spreadsheet."""
    yield from _values(article, (), lists)
    for section, index, entry in items(article):
        yield from _values(entry, (section, index), lists)
    for index, count in enumerate(article.counts):
        for grade, number in count.grades.items():
            fault = CHECKS["whole"](number_text(number))
            if fault:
                yield Finding(("counts", index, "grades", grade), *fault)


def _values(entry: msgspec.Struct, where: tuple[str | int, ...], lists: Codelists) -> Iterator[Finding]:
    plan = _plan(type(entry))
    for name, kind in plan.texts:
        text = getattr(entry, name)
        if text and (fault := CHECKS[kind](text)):
            yield Finding((*where, name), *fault)
    for name, codes in plan.codes:
        text = getattr(entry, name)
        if text and text not in lists.codes[codes]:
            fault = check_code(text, lists.codes[codes])
            yield Finding((*where, name), *fault)  # type: ignore[misc]
    for name, kind in plan.numbers:
        raw = getattr(entry, name)
        if raw is not NOTHING and (fault := CHECKS[kind](number_text(raw))):
            yield Finding((*where, name), *fault)
