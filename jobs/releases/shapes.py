"""Two releases -> in what they differ but for their rows: files, licence, tables, columns and what these declare."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePath
from typing import Final

from jobs.releases.content import Column, Content, Declared
from jobs.releases.rules import Finding

SAMPLES: Final = 5
"""Examples shown with a finding."""
_BY, _SA, _NC, _ND = "attribution", "share alike", "no commerce", "no derivatives"
LICENCES: Final[dict[str, frozenset[str]]] = {
    "CC0-1.0": frozenset(),
    "PDDL-1.0": frozenset(),
    "CC-BY-4.0": frozenset({_BY}),
    "ODC-By-1.0": frozenset({_BY}),
    "OGL-UK-3.0": frozenset({_BY}),
    "CC-BY-SA-4.0": frozenset({_BY, _SA}),
    "ODbL-1.0": frozenset({_BY, _SA}),
    "CC-BY-NC-4.0": frozenset({_BY, _NC}),
    "CC-BY-ND-4.0": frozenset({_BY, _ND}),
    "CC-BY-NC-SA-4.0": frozenset({_BY, _NC, _SA}),
    "CC-BY-NC-ND-4.0": frozenset({_BY, _NC, _ND}),
}
"""What each licence asks of whoever uses the data; less of it is more permissive."""


def shapes(old: Content, new: Content) -> Iterator[Finding]:
    """Everything in which two releases differ but for the rows of their tables."""
    gone, fresh = old.declared.keys() - new.declared.keys(), new.declared.keys() - old.declared.keys()
    for name in sorted(gone):
        yield Finding("table-removed", name, "", 1, (f"{_rows(old, name):,} rows",))
    for name in sorted(fresh):
        yield Finding("table-added", name, "", 1, (f"{_rows(new, name):,} rows",))
    yield from several("file-removed", "", "", _without(old.files - new.files, gone))
    yield from several("file-added", "", "", _without(new.files - old.files, fresh))
    if old.licence != new.licence:
        yield Finding(_licence(old.licence, new.licence), "", "", 1, (f"{old.licence} -> {new.licence}",))
    for name in sorted(old.declared.keys() & new.declared.keys()):
        yield from _table(old.declared[name], new.declared[name])


def several(rule: str, table: str, column: str, examples: Sequence[str]) -> Iterator[Finding]:
    """A finding with as many cases as there are examples; none if there are none."""
    if examples:
        yield Finding(rule, table, column, len(examples), tuple(examples[:SAMPLES]))


def _rows(content: Content, name: str) -> int:
    return len(content.tables[name]) if name in content.tables else 0


def _without(files: Iterable[str], tables: Iterable[str]) -> list[str]:
    """The files that are not simply those of these tables."""
    return sorted(name for name in files if PurePath(name).stem not in tables)


def _licence(old: str, new: str) -> str:
    known = old in LICENCES and new in LICENCES
    return "licence-opened" if known and LICENCES[new] < LICENCES[old] else "licence-changed"


def _table(old: Declared, new: Declared) -> Iterator[Finding]:
    table, before, after = old.name, {c.name: c for c in old.columns}, {c.name: c for c in new.columns}
    kept, order = [name for name in before if name in after], [name for name in after if name in before]
    yield from several("column-removed", table, "", [name for name in before if name not in after])
    yield from several("column-moved", table, "", [a for a, b in zip(order, kept, strict=True) if a != b])
    last = max((index for index, name in enumerate(after) if name in before), default=-1)
    fresh = [(index, name) for index, name in enumerate(after) if name not in before]
    yield from several("column-inserted", table, "", [name for index, name in fresh if index < last])
    due = [name for _, name in fresh if not after[name].nullable]
    yield from several("column-added", table, "", [name for index, name in fresh if index > last and name not in due])
    yield from several("filled-column-added", table, "", due)
    if old.key != new.key:
        yield Finding("key-changed", table, "", 1, (f"{' + '.join(old.key)} -> {' + '.join(new.key)}",))
    yield from several("description-changed", table, "", _texts(old, new))
    for name in kept:
        yield from _column(table, before[name], after[name])


def _texts(old: Declared | Column, new: Declared | Column) -> list[str]:
    pairs = ((old.title, new.title), (old.description, new.description))
    return [after for before, after in pairs if before != after]


def _column(table: str, old: Column, new: Column) -> Iterator[Finding]:
    if (old.type, old.kind) != (new.type, new.kind):
        yield Finding("type-changed", table, old.name, 1, (f"{old.kind} ({old.type}) -> {new.kind} ({new.type})",))
    if old.unit != new.unit:
        yield Finding("unit-changed", table, old.name, 1, (f"{old.unit or 'none'} -> {new.unit or 'none'}",))
    if old.references and new.references and old.references != new.references:
        yield Finding("meaning-changed", table, old.name, 1, (f"{old.references} -> {new.references}",))
    if new.nullable and not old.nullable:
        yield Finding("column-nullable", table, old.name, 1, ("may be empty now",))
    if old.unique and not new.unique:
        yield Finding("column-not-unique", table, old.name, 1, ("may repeat now",))
    if old.values and new.values:
        yield from several("code-removed", table, old.name, [code for code in old.values if code not in new.values])
        yield from several("code-added", table, old.name, [code for code in new.values if code not in old.values])
    loose = list(_loosened(old, new))
    yield from several("constraint-loosened", table, old.name, loose)
    tight = [*_promised(old, new), *(what for what in _loosened(new, old) if what not in loose)]
    yield from several("constraint-tightened", table, old.name, tight)
    meanings = [f"{code}: {text}" for code, text in new.values.items() if old.values.get(code, text) != text]
    roles = [f"role: {old.role} -> {new.role}"] if old.role != new.role else []
    yield from several("description-changed", table, old.name, [*_texts(old, new), *meanings, *roles])


def _promised(old: Column, new: Column) -> Iterator[str]:
    if old.nullable and not new.nullable:
        yield "never empty now"
    if new.unique and not old.unique:
        yield "never repeats now"


def _loosened(old: Column, new: Column) -> Iterator[str]:
    """What holds before and not after; read the other way round, what is tightened."""
    if old.values and not new.values:
        yield "a closed list of codes"
    if old.references and not new.references:
        yield f"refers to {old.references}"
    if old.least is not None and (new.least is None or new.least < old.least):
        yield f"at least {old.least}"
    if old.pattern and old.pattern != new.pattern and old.kind == new.kind and not new.values:
        yield "the form of its texts"
