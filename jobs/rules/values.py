"""Every single value is of its kind."""

import re
from collections.abc import Callable, Iterator
from functools import cache

import msgspec
from msgspec import Struct

from jobs.codelists import Codelists, home_of
from jobs.problems import Fault, Finding, Where
from jobs.rules.items import SECTIONS
from jobs.rules.many import Many, numbers_beside
from jobs.scalars import CHECKS, SOUND, Check, check_code
from jobs.shape import shape_of
from schemas.article import Article
from schemas.kinds import Kind

Quick = Callable[[str], object]
Plan = dict[str, tuple[Quick, Check]]
"""Field -> what is true of most sound values and of no other ones (and costs little), and the check."""


@cache
def _plan(struct: type[Struct], lists: Codelists) -> Plan:
    kinds = {name: field.kind for name, field in shape_of(struct).fields.items() if field.kind}
    return {
        name: (_quick(kind, lists), CHECKS.get(kind.name) or _code_check(kind.codes, lists))
        for name, kind in kinds.items()
    }


def _quick(kind: Kind, lists: Codelists) -> Quick:
    if kind.name in SOUND:
        return re.compile(SOUND[kind.name], re.ASCII).fullmatch
    return lists.codes.get(kind.codes, {}).__contains__


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
    heads = _unsound(Article, many.__getitem__, many.lists)
    found = {number for column, wrong in heads for number in numbers_beside(wrong, column, range(len(column)))}
    for name, entry in SECTIONS.items():
        section = many.sections[name]
        for column, wrong in _unsound(entry, section.__getitem__, many.lists):
            found |= numbers_beside(wrong, column, section.owners)
    counts = many.sections["counts"]
    numbers = zip(counts.owners, counts["grades"], strict=True)
    return found | {owner for owner, grades in numbers if any(map(CHECKS["whole"], grades.values()))}


def _unsound(
    struct: type[Struct], columns: Callable[[str], list[str]], lists: Codelists
) -> Iterator[tuple[list[str], set[str]]]:
    """The columns that have unsound texts, and these."""
    for name, (sound, check) in _plan(struct, lists).items():
        column = columns(name)
        wrong = {text for text in set(column) if text and not sound(text) and check(text)}
        if wrong:
            yield column, wrong


def value_findings(struct: Struct, where: Where, lists: Codelists) -> Iterator[Finding]:
    """What is wrong with the single values of a mapping that stands at a place."""
    for name, fault in _faults(msgspec.to_builtins(struct), _plan(type(struct), lists)):
        yield Finding((*where, name), *fault)


def _faults(content: dict[str, str], plan: Plan) -> list[tuple[str, Fault]]:
    found = []
    for name, text in content.items():
        if name in plan:
            sound, check = plan[name]
            if not sound(text) and (fault := check(text)):
                found.append((name, fault))
    return found
