"""Findings -> the next version number, and what the same findings mean under other rules of versioning."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from jobs.releases.rules import MAJOR, MINOR, NONE, PATCH, RULES, SCHEMA_BUMPS, Finding, worst

FIRST: Final = "0.1.0"
"""The version of a first release."""
_FORM = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})", re.ASCII)


class Version(NamedTuple):
    """A version; compares as versions do."""

    major: int
    minor: int
    patch: int

    def __str__(self) -> str:
        """As in `1.4.2`."""
        return f"{self.major}.{self.minor}.{self.patch}"


def parsed(text: str) -> Version | None:
    """The version in a text such as `1.4.2`; None where it is none."""
    match = _FORM.fullmatch(text)
    return Version(*map(int, match.groups())) if match else None


def number(text: str) -> Version:
    """The version in a text that is one. Raises ValueError where it is none."""
    version = parsed(text)
    if version is None:
        raise ValueError(f"{text!r} is not a version")
    return version


def bump_of(findings: Iterable[Finding]) -> str:
    """The worst bump of the findings."""
    return worst(finding.bump for finding in findings)


def raised(bump: str, wanted: str) -> str:
    """The bump that a person wants, or that of the findings if it is worse: a bump may be raised, never lowered."""
    return worst((bump, wanted))


def bumped(version: Version, bump: str, wanted: str = NONE) -> Version:
    """The version that follows. Before 1.0.0 MAJOR counts as MINOR; only a person who wants MAJOR makes it 1.0.0."""
    if bump == NONE:
        return version
    if wanted == MAJOR and not version.major:
        return Version(1, 0, 0)
    if bump == MAJOR and version.major:
        return Version(version.major + 1, 0, 0)
    if bump in (MAJOR, MINOR):
        return Version(version.major, version.minor + 1, 0)
    assert bump == PATCH  # noqa: S101  (there is no other)
    return version._replace(patch=version.patch + 1)


def compat(findings: Iterable[Finding]) -> dict[str, str]:
    """What the findings mean under the Data Package, Croissant and SchemaVer rules."""
    rules = [RULES[finding.rule] for finding in findings]
    return {
        "data_package": worst(rule.data_package for rule in rules),
        "croissant": worst(rule.croissant for rule in rules),
        "schemaver": worst((rule.schemaver for rule in rules), SCHEMA_BUMPS),
    }
