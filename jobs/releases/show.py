"""Findings -> text, Markdown or JSON."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from jobs.problems import escaped
from jobs.releases.markdown import cell
from jobs.releases.rules import RULES, Finding
from jobs.releases.version import bump_of, compat


def as_text(findings: Sequence[Finding]) -> Iterator[str]:
    """One finding a line, then the bump."""
    for f in findings:
        samples = "; ".join(map(escaped, f.samples))
        yield f"{f.bump:<5}  {f.rule:<22}  {_where(f)}  ({f.number:,}): {samples}{_more(f)}"
    yield f"bump: {bump_of(findings)}"


def as_markdown(findings: Sequence[Finding]) -> Iterator[str]:
    """A table for a pull request, data loss first."""
    yield f"**Bump: {bump_of(findings)}**"
    if findings:
        yield "\n| bump | what | where | how often | examples |\n|---|---|---|---|---|"
    for f in findings:
        samples = "; ".join(map(cell, f.samples))
        words = RULES[f.rule].words + (" **(data loss)**" if RULES[f.rule].loss else "")
        yield f"| {f.bump} | {words} | {cell(_where(f))} | {f.number:,} | {samples}{_more(f)} |"


def as_json(findings: Sequence[Finding]) -> Iterator[str]:
    """One object: bump, what it means under other rules, findings."""
    listed = [{"bump": f.bump, "loss": RULES[f.rule].loss} | f._asdict() for f in findings]
    about = {"bump": bump_of(findings), "compat": compat(findings), "findings": listed}
    yield json.dumps(about, ensure_ascii=True, indent=1)


def _where(finding: Finding) -> str:
    return ".".join(filter(None, (finding.table, finding.column))) or "release"


def _more(finding: Finding) -> str:
    return "; …" if finding.number > len(finding.samples) else ""


FORMATS: Final[dict[str, Callable[[Sequence[Finding]], Iterator[str]]]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}
