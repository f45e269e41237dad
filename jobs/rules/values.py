"""Every single value is of its kind."""

from collections.abc import Iterator
from functools import cache

import msgspec

from jobs.codelists import Codelists, home_of
from jobs.problems import Finding
from jobs.rules.items import SECTIONS
from jobs.scalars import CHECKS, Check, check_code
from jobs.shape import shape_of
from schemas.article import Article, Entry

Plan = dict[str, tuple[Check | None, str]]
"""Field -> its check, or the list that its codes come from."""


@cache
def _plan(struct: type[Entry | Article]) -> Plan:
    kinds = {name: field.kind for name, field in shape_of(struct).fields.items() if field.kind}
    return {name: (CHECKS.get(kind.name), kind.codes) for name, kind in kinds.items()}


def sound_values(article: Article, lists: Codelists, today: str) -> Iterator[Finding]:
    """Dates are dates, numbers are numbers, codes are in their lists, and no text plays tricks on a spreadsheet."""
    written = msgspec.to_builtins(article)
    for section in SECTIONS:
        entries: list[Entry] = getattr(article, section)
        for index, content in enumerate(written.pop(section, ())):
            yield from _values(content, _plan(type(entries[index])), (section, index), lists)
    yield from _values(written, _plan(Article), (), lists)
    for index, count in enumerate(article.counts):
        for grade, number in count.grades.items():
            fault = CHECKS["whole"](number)
            if fault:
                yield Finding(("counts", index, "grades", grade), *fault)


def _values(content: dict[str, str], plan: Plan, where: tuple[str | int, ...], lists: Codelists) -> Iterator[Finding]:
    for name, text in content.items():
        if name not in plan:
            continue
        check, codes = plan[name]
        if check is None and text in lists.codes[codes]:
            continue
        if fault := check(text) if check else check_code(text, lists.codes[codes], home_of(codes)):
            yield Finding((*where, name), *fault)
