"""Findings and changes -> CHANGELOG.md, in words that a reader of a spreadsheet understands."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pyarrow as pa

from jobs.releases.content import CHANGES
from jobs.releases.markdown import code, link, prose
from jobs.releases.rules import MAJOR, RULES, Finding

TITLE: Final = (
    "# Changes\n\nWhat changed from release to release; cell by cell it stands in the table "
    "[changes](changes.csv) of each.\n"
)
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "Gone": tuple(rule for rule, about in RULES.items() if about.loss),
    "What may break formulas, queries and links": tuple(
        rule for rule, about in RULES.items() if about.bump == MAJOR and not about.loss
    ),
    "New": (
        *("table-added", "file-added", "column-added", "filled-column-added", "rows-added", "licence-opened"),
        *("systematic-filling", "cells-filled"),
    ),
    "Changed in the world": ("cells-revised",),
    "Corrected": ("systematic-correction", "cells-corrected"),
    "About the record": ("systematic-renaming", "cells-updated", "constraint-tightened", "description-changed"),
}
"""The headings, and the rules below each."""
_SAMPLES: Final = 3
_REASONS: Final = 20
"""Reasons that are listed; the table `changes` has all."""


def changelog(
    version: str,
    date: str,
    findings: Sequence[Finding],
    tables: Mapping[str, pa.Table],
    before: str | None,
) -> str:
    """The changes up to this release.

    tables: those of the release, with its changes; before: the text of the release before, None for a first release.
    """
    lines = ["", f"## {version} ({date})", ""]
    if before is None:
        lines += ["The first release.", ""]
    for title, rules in GROUPS.items():
        found = [finding for finding in findings if finding.rule in rules]
        if found:
            lines += [f"### {title}", "", *map(_line, found), ""]
    reasons = list(_reasons(tables))
    if reasons:
        lines += ["### Why", "", *reasons[:_REASONS]]
        lines += [f"- and {len(reasons) - _REASONS:,} more, in the table `changes`"] if len(reasons) > _REASONS else []
        lines.append("")
    return TITLE + "\n".join(lines) + (before or "").removeprefix(TITLE)


def _line(finding: Finding) -> str:
    name = code(finding.table) if finding.rule == "table-removed" else _link(finding.table)
    where = f" in {name}" if finding.table else ""
    where += f", column {code(finding.column)}" if finding.column else ""
    number = f" ({finding.number:,})" if finding.number > 1 else ""
    shown = finding.samples[:_SAMPLES]
    more = "; …" if finding.number > len(shown) else ""
    return f"- {RULES[finding.rule].words}{where}{number}: {'; '.join(map(code, shown))}{more}"


def _link(table: str) -> str:
    return f"[{table}]({table}.csv)"


def _reasons(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Each reason once, with the rows that it is about and the article that the first of them rests on."""
    told = tables[CHANGES].filter(tables[CHANGES]["reason"].is_valid())
    names = ("reason", "table_name", "row_key", "article_id")
    rows_of: dict[str, dict[tuple[str, str], str | None]] = {}
    for reason, table, key, article in zip(*(told[name].to_pylist() for name in names), strict=True):
        rows_of.setdefault(reason, {})[(table, key)] = article
    articles = tables["articles"] if "articles" in tables else pa.table({"article_id": [], "url": []})
    addresses = dict(zip(articles["article_id"].to_pylist(), articles["url"].to_pylist(), strict=True))
    for reason, rows in rows_of.items():
        (table, key), article = next(iter(rows.items()))
        more = f" and {len(rows) - 1:,} more" if len(rows) > 1 else ""
        source = f" ({link(article, addresses[article])})" if article and addresses.get(article) else ""
        yield f"- {_link(table)} {code(key)}{more}: {prose(reason)}{source}"
