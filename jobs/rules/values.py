"""Every single value is of its kind."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
from msgspec import Struct

from jobs.coded import Column, Mask, unlike
from jobs.codelists import Codelists, home_of
from jobs.problems import Fault, Finding, Where
from jobs.rules.many import Heads, Many, Section
from jobs.scalars import CHECKS, SOUND, Check, check_code
from jobs.shape import shape_of
from schemas.article import SECTIONS, Article
from schemas.kinds import Kind

FEW: Final = 50
"""Values that are checked one by one, which takes less time than an expression of Arrow."""

Plan = dict[str, tuple[Kind, Check]]
"""Field -> its kind and the check of its values."""


@cache
def _plan(struct: type[Struct], lists: Codelists) -> Plan:
    kinds = {name: field.kind for name, field in shape_of(struct).fields.items() if field.kind}
    return {name: (kind, CHECKS.get(kind.name) or _code_check(kind.codes, lists)) for name, kind in kinds.items()}


def _code_check(codes: str, lists: Codelists) -> Check:
    if codes not in lists.codes:
        return lambda text: None
    return lambda text: check_code(text, lists.codes[codes], home_of(codes))


def sound_values(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Dates are dates, numbers are numbers, codes are in their lists, and no text plays tricks on a spreadsheet."""
    written = msgspec.to_builtins(article)
    for section, entry in SECTIONS.items():
        plan = _plan(entry, lists)
        for index, content in enumerate(written.pop(section, ())):
            for name, fault in _faults(content, plan):
                yield Finding((section, index, name), *fault)
    for name, fault in _faults(written, _plan(Article, lists)):
        yield Finding((name,), *fault)
    for index, count in enumerate(article.counts):
        for grade, number in count.grades.items():
            if wrong := CHECKS["whole"](number):
                yield Finding(("counts", index, "grades", grade), *wrong)


def unsound_values(many: Many) -> set[int]:
    """The numbers of the articles that have a value which is not of its kind."""
    found = {number for rows in _unsound(Article, many.heads, many.lists) for number in np.flatnonzero(rows).tolist()}
    for name, entry in SECTIONS.items():
        section = many.sections[name]
        for rows in _unsound(entry, section, many.lists):
            found |= section.articles(rows)
    return found | many.sections["counts"].articles(many.sections["counts"].counted.map(_miscounted).mask())


def _miscounted(counted: tuple[tuple[str, str], ...]) -> bool:
    return any(CHECKS["whole"](number) for _, number in counted)


def _unsound(struct: type[Struct], columns: Heads | Section, lists: Codelists) -> Iterator[Mask]:
    """For each column that has unsound values, the rows in which they are."""
    for name, (kind, check) in _plan(struct, lists).items():
        column = columns[name]
        wrong = [number for number, text in _doubtful(column, kind, lists) if text and check(text)]
        if wrong:
            yield column.among(wrong)


def _doubtful(column: Column[str], kind: Kind, lists: Codelists) -> Iterator[tuple[int, str]]:
    """Number and text of the values that have to be checked one by one."""
    if kind.name in SOUND and column.size > FEW:
        numbers = unlike(column.texts, *SOUND[kind.name])
        yield from zip(numbers.tolist(), column.texts.take(pa.array(numbers)).to_pylist(), strict=True)
    elif column.tells:
        codes = lists.codes.get(kind.codes, {})
        yield from ((number, text) for number, text in enumerate(column.values) if text not in codes)


def value_findings(struct: Struct, where: Where, lists: Codelists) -> Iterator[Finding]:
    """What is wrong with the single values of a mapping that stands at a place."""
    for name, fault in _faults(msgspec.to_builtins(struct), _plan(type(struct), lists)):
        yield Finding((*where, name), *fault)


def _faults(content: dict[str, str], plan: Plan) -> list[tuple[str, Fault]]:
    found = []
    for name, text in content.items():
        if name in plan:
            _, check = plan[name]
            if fault := check(text):
                found.append((name, fault))
    return found
