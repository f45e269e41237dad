"""What must not be published unless somebody wants it: rows that vanish, cells that change in silence, a collapse."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from jobs.decisions import Decisions
from jobs.problems import Problem, limited, shown
from jobs.releases.compare import CELLS_OF, ROWS_OF, Changed, changed_cells, rows_of, shared_tables
from jobs.releases.content import Content
from jobs.releases.reasons import ALL, Reasons, digest_of, following, texts_in
from schemas.codelists import CODE_LISTS
from schemas.vocabulary import FACT_TABLES

EXPLAINED: Final = ("grades", "other_grades", "statements", "metrics", "grade_counts", "events")
"""The tables whose facts change only with a reason. Of others, as articles and code lists, a large part needs one."""
FOLLOWING: Final = ("claims", "conflicts", "coverage")
"""The tables whose cells change with those of others, where the reason is asked for."""
SMALL: Final = 5
"""Rows up to which a table may lose some without a collapse."""
_MANY: Final = 5
"""Rows from which on it is told that all that vanish from a table can be approved at once."""


class Guarded:
    """The two releases, what is said of their changes and what was decided, for everything that looks at them."""

    def __init__(self, old: Content, new: Content, reasons: Reasons, decisions: Decisions) -> None:
        """Approvals count that follow the old release."""
        self.old, self.new, self.reasons, self.path = old, new, reasons, decisions.path
        self.approved = {approval.finding for approval in decisions.approvals if approval.after == old.version}
        self.before, self.after = _Places(old, decisions.path), _Places(new, decisions.path)
        self._spent = {(c.table, c.key, c.column) for c in decisions.corrections if digest_of(c) in old.spent}
        self._spent |= {(r.table, r.key, "") for r in decisions.retractions if digest_of(r) in old.spent}

    def explaining(self, section: str, table: str, key: str, column: str = "") -> str:
        """What to say where a reason is missing, also if one stands there that was given for an earlier change."""
        where = f"table: {table}, key: {key}" + (f", column: {column}" if column else "")
        earlier = any((table, known, column) in self._spent for known in (key, ALL))
        more = f"; what stands there was there in {self.old.version} already, so it is about something else"
        return f"say why under {section} ({where}){more if earlier else ''}"

    def allowing(self, finding: str) -> str:
        """What to say where something is wanted."""
        return f"if it is wanted, say so under approvals (finding: {finding}, after: {self.old.version})"


def guard(old: Content, new: Content, reasons: Reasons, decisions: Decisions) -> list[Problem]:
    """Everything for which the release must not be made as it is, at most so much of each kind for a file."""
    both = Guarded(old, new, reasons, decisions)
    files: dict[str, list[tuple[Problem, str]]] = {}
    for problem in (*_vanished(both), *_unexplained(both), *_collapses(both)):
        files.setdefault(problem.path, []).append((problem, problem.hint))
    return sorted(problem for found in files.values() for problem in limited(found))


def _vanished(both: Guarded) -> Iterator[Problem]:
    """Rows that are gone and of which nobody says why; what goes with another such row is told of that one."""
    old, new = both.old, both.new
    gone: dict[tuple[str, str], int] = {}
    for name in sorted(old.tables):
        finding = f"vanished-rows {name}"
        if finding in both.approved:
            continue
        if name not in new.tables or old.declared[name].key != new.declared[name].key:
            what = "is gone" if name not in new.tables else "has another primary key"
            message = f"the table {name} {what}, and with it {len(old.tables[name]):,} published keys"
            if len(old.tables[name]):
                yield Problem(both.path, 1, 1, "vanished-row", message, both.allowing(finding))
            continue
        rows = {(name, key) for key in rows_of(name, old, new).removed}
        gone |= dict.fromkeys(rows - both.reasons.retracted.keys(), len(rows))
    with_others = dict(following(old.tables, {row: row[1] for row in gone}))
    facts = Counter(with_others[row] for row in gone.keys() & with_others.keys() if row[0] in FACT_TABLES)
    for row in sorted(gone.keys() - with_others.keys()):
        yield _gone(both, row, gone[row], facts[row[1]] if row[0] == "articles" else 0)


def _gone(both: Guarded, row: tuple[str, str], rows: int, facts: int) -> Problem:
    """A row that is gone, with so many of its table, and with it so many facts that only it stated."""
    name, key = row
    more = f", and with it {facts:,} published rows of what only it states" if facts else ""
    message = f"{name}: the published row {shown(key)} is gone{more}"
    hint = f"bring it back, or {both.explaining('retractions', name, key)}"
    many = f"; {both.allowing(f'vanished-rows {name}')}" if rows >= _MANY else ""
    return Problem(both.before.of(row), 1, 1, "vanished-row", message, hint + many)


class _Places:
    """Where the rows of a release were last stated."""

    def __init__(self, content: Content, decisions: str) -> None:
        self._folder, self._decisions = PurePath(decisions).parent, decisions
        self._articles: dict[tuple[str, str], str] = {}
        for name, key in (("articles", "article_id"), ("claims", "claim_id")):
            for row, article in texts_in(content.tables, name, (key, "article_id")):
                self._articles[(name, row)] = article
        for table, fact, article in sorted(texts_in(content.tables, "claims", ("table", "fact_id", "article_id"))):
            self._articles[(table, fact)] = article

    def of(self, row: tuple[str, str]) -> str:
        """The article of a row or the code list of its table; if there is neither, the file of decisions."""
        if row in self._articles:
            return str(self._folder / "articles" / f"{self._articles[row]}.yaml")
        if row[0] in CODE_LISTS:
            return str(self._folder / "codelists" / f"{row[0]}.csv")
        return self._decisions


def _unexplained(both: Guarded) -> Iterator[Problem]:
    old, new = both.old, both.new
    for name in shared_tables(old, new):
        if name in FOLLOWING or old.declared[name].key != new.declared[name].key:
            continue
        rows = rows_of(name, old, new)
        types = {column.name: column.type for column in old.declared[name].columns}
        touched = []
        for column in (c for c in new.declared[name].columns if types.get(c.name) == c.type):
            changed = _silent(changed_cells(name, column, old, new, rows, both.reasons))
            if name in EXPLAINED:
                yield from _each(both, name, column.name, changed)
            elif len(changed.keys):
                filled = len(rows.before) - old.tables[name][column.name].null_count
                touched.append((column.name, changed.keys, len(changed.keys) * CELLS_OF >= filled))
        yield from _large(both, name, touched, len(rows.before))


def _silent(changed: Changed) -> Changed:
    """The facts that changed and of which nobody says why."""
    silent = pc.and_(pc.equal(changed.kinds, "corrected"), pc.is_null(changed.reasons))
    return Changed(*(part.filter(silent) for part in changed))


def _each(both: Guarded, name: str, column: str, changed: Changed) -> Iterator[Problem]:
    for key, was, now in zip(*(part.to_pylist() for part in changed[:3]), strict=True):
        message = f"{name}: {column} of {shown(key)} was {_cell(was)} and is {_cell(now)}"
        hint = both.explaining("corrections", name, key, column)
        yield Problem(both.after.of((name, key)), 1, 1, "unexplained-change", message, hint)


def _large(both: Guarded, name: str, touched: list[tuple[str, pa.Array, bool]], rows: int) -> Iterator[Problem]:
    """A large part of a table that needs no reason for a small one."""
    of = pc.unique(pa.chunked_array([keys for _, keys, _ in touched], pa.large_string()))
    for column, keys, large in touched:
        if large or len(of) * ROWS_OF >= rows:
            message = f"{name}: {column} changed in {len(keys):,} of {rows:,} rows"
            hint = both.explaining("corrections", name, ALL, column)
            yield Problem(both.after.of((name, "")), 1, 1, "unexplained-change", message, hint)


def _cell(value: object) -> str:
    return "empty" if value is None else shown(str(value))


def _collapses(both: Guarded) -> Iterator[Problem]:
    old, new = both.old, both.new
    found = {}
    for name in shared_tables(old, new):
        before, after = len(old.tables[name]), len(new.tables[name])
        if before and not after:
            found[f"no-rows {name}"] = f"{name} has no rows any more; it had {before:,}"
        elif before > SMALL and 5 * after <= 4 * before:
            found[f"fewer-rows {name}"] = f"{name} has {after:,} rows; it had {before:,}"
    for force in sorted(_forces(old) - _forces(new)):
        found[f"force-gone {force}"] = f"{force} has no grade any more"
    for finding, message in sorted(found.items()):
        if finding not in both.approved:
            yield Problem(both.path, 1, 1, "collapse", message, both.allowing(finding))


def _forces(content: Content) -> set[str]:
    return {force for (force,) in texts_in(content.tables, "grades", ("force_id",))}
