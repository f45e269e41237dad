"""Why published cells and rows change: what curators said in their decisions, and what the data themselves tell."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from jobs.releases.content import Content
from schemas.decisions import Decision

if TYPE_CHECKING:  # it imports what reads sources
    from jobs.decisions import Decisions

ALL: Final = "all"
"""The key of a correction that holds for a whole column."""
CORRECTED, REVISED = "corrected", "revised"
_REVISED: Final = ("grade", "grade_label", "grade_rank", "previous_grade", "revised_on")
"""The columns of a grade that change with a correction by the inspectorate."""
_FACTS: Final = ("claim_id", "table", "fact_id", "article_id")
_CONFLICTS: Final = ("conflict_id", "table", "fact_id", "column_name", "article_ids")

TOLD: Final = ("table_name", "row_key", "column_name", "kind", "reason")
"""The columns of `changes` that tell why."""

Row = tuple[str, str]
"""Table and key."""


class Said(NamedTuple):
    """What is said of a change: its kind, and why."""

    kind: str
    reason: str


class Reasons(NamedTuple):
    """What is said of cells by (table, column) and then key or `ALL`, and of rows that are gone by (table, key)."""

    cells: Mapping[tuple[str, str], Mapping[str, Said]]
    retracted: Mapping[Row, str]

    def of(self, table: str, column: str) -> Mapping[str, Said]:
        """What is said of the cells of a column, by key; `ALL` for those that are not named."""
        return self.cells.get((table, column), {})


NO_REASONS: Final = Reasons({}, {})


def reasons_of(old: Content, new: Content, decisions: "Decisions") -> Reasons:
    """All that is said of the changes from one release to the next.

    A correction or retraction that was in the sources of the old release already speaks of what changed before it.
    """
    cells: dict[tuple[str, str], dict[str, Said]] = {}
    for c in decisions.corrections:
        if digest_of(c) not in old.spent:
            cells.setdefault((c.table, c.column), {})[c.key] = Said(CORRECTED, c.reason)
    for column, claim, said in _claimed(cells, new.tables):
        cells.setdefault(("claims", column), {}).setdefault(claim, said)
    for table, key, said in _revisions(old.tables, new.tables):
        for column in _REVISED:
            cells.setdefault((table, column), {})[key] = said
    retracted = {(r.table, r.key): r.reason for r in decisions.retractions if digest_of(r) not in old.spent}
    return Reasons(cells, dict(following(old.tables, retracted)) | retracted if retracted else {})


def digests(decisions: "Decisions") -> list[str]:
    """The digests of all corrections and retractions, sorted."""
    return sorted({digest_of(decision) for decision in (*decisions.corrections, *decisions.retractions)})


def digest_of(decision: Decision) -> str:
    """The sha256 of a decision."""
    text = json.dumps([type(decision).__name__, msgspec.to_builtins(decision)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _claimed(
    cells: Mapping[tuple[str, str], Mapping[str, Said]], new: Mapping[str, pa.Table]
) -> list[tuple[str, str, Said]]:
    """What is corrected in a fact is corrected in the claims that say so, for the same reason."""
    said = {(table, key, column): why for (table, column), found in cells.items() for key, why in found.items()}
    if not said:
        return []
    columns = {column for _, _, column in said}
    return [
        (column, claim, said[table, fact, column])
        for claim, table, fact, _ in texts_in(new, "claims", _FACTS)
        for column in columns
        if (table, fact, column) in said
    ]


def _revisions(old: Mapping[str, pa.Table], new: Mapping[str, pa.Table]) -> Iterator[tuple[str, str, Said]]:
    """Grades that the inspectorate has corrected since: the date of the correction is new."""
    for name in ("grades", "other_grades"):
        if not all(_has(tables, name, pa.date32()) for tables in (old, new)):
            continue
        before = dict(zip(*(old[name][c].to_pylist() for c in ("grade_id", "revised_on")), strict=True))
        revised = new[name].filter(pc.is_valid(new[name]["revised_on"]))
        for key, on in zip(*(revised[c].to_pylist() for c in ("grade_id", "revised_on")), strict=True):
            if key in before and (before[key] is None or before[key] < on):
                yield name, key, Said(REVISED, f"The inspectorate corrected this grade on {on}.")


def _has(tables: Mapping[str, pa.Table], name: str, date: pa.DataType) -> bool:
    """Whether a release tells when grades were corrected; an old one may not."""
    schema = tables[name].schema if name in tables else pa.schema([])
    return "grade_id" in schema.names and "revised_on" in schema.names and schema.field("revised_on").type == date


def following(old: Mapping[str, pa.Table], retracted: Mapping[Row, str]) -> Iterator[tuple[Row, str]]:
    """What goes with retracted rows: claims on them; of a retracted article its claims, what nobody else stated, and
    the conflicts in which it took part.
    """
    only: dict[Row, set[str]] = {}
    for claim, table, fact, article in texts_in(old, "claims", _FACTS):
        only.setdefault((table, fact), set()).add(article)
        reason = retracted.get((table, fact)) or retracted.get(("articles", article))
        if reason:
            yield ("claims", claim), reason
    for row, articles in only.items():
        reasons = [retracted.get(("articles", article), "") for article in sorted(articles)]
        if all(reasons):
            yield row, reasons[0]
    disputes: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for conflict, table, fact, column, parties in texts_in(old, "conflicts", _CONFLICTS):
        said = [("articles", article.strip()) for article in parties.split(";")]
        reason = next((retracted[row] for row in ((table, fact), *said) if row in retracted), "")
        disputes.setdefault((table, fact, column), []).append((conflict, reason))
    for dispute in disputes.values():
        reason = next((reason for _, reason in dispute if reason), "")
        yield from ((("conflicts", conflict), reason) for conflict, _ in dispute if reason)


def texts_in(tables: Mapping[str, pa.Table], name: str, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The texts in some columns, row by row, empty ones as empty texts; none where a release has no such columns."""
    if name in tables and all(tables[name].schema.get_field_index(c) >= 0 for c in columns):
        cells = [tables[name][column] for column in columns]
        if all(column.type == pa.string() for column in cells):
            yield from zip(*(column.fill_null("").to_pylist() for column in cells), strict=True)


def told_in(changes: pa.Table) -> Reasons:
    """What the changes of a release say of themselves."""
    cells: dict[tuple[str, str], dict[str, Said]] = {}
    retracted: dict[Row, str] = {}
    for table, key, column, kind, reason in texts_in({"": changes}, "", TOLD):
        if reason and kind == "retracted":
            retracted[(table, key)] = reason
        elif reason and kind in (CORRECTED, REVISED):
            cells.setdefault((table, column), {})[key] = Said(kind, reason)
    return Reasons(cells, retracted)
