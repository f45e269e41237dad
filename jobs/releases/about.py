"""`release.json`: what a release says of itself, written and read in one shape."""

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from jobs.releases.content import Declared
from jobs.releases.rules import Finding

Version = Annotated[str, Meta(pattern=r"\A(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\Z")]
Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Day = Annotated[str, Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Bump = Literal["NONE", "PATCH", "MINOR", "MAJOR"]


class Source(Struct):
    """What it was made from: the commit of the sources and the digest of the lock file, where these are known."""

    commit: Annotated[str, Meta(pattern=r"\A[0-9a-f]{40,64}\Z")] | None
    lock: Digest | None


class Told(Struct):
    """A table: how many rows, the digest of its cells, what it declares."""

    rows: Count
    digest: Digest
    declared: Declared


class ToldFinding(Struct):
    """A finding with its bump."""

    rule: str
    bump: Bump
    table: str
    column: str
    number: Count
    samples: list[str]


class Compat(Struct):
    """What the findings mean under other rules of versioning."""

    data_package: Bump
    croissant: Bump
    schemaver: Literal["NONE", "ADDITION", "REVISION", "MODEL"]


class About(Struct, kw_only=True):
    """All of `release.json`.

    previous: the version that it was compared with; bump: that of the findings, or what a person has raised it to;
    breaking: whether that is MAJOR, whatever the version number; decisions: digests of the corrections and retractions
    in its sources, so that none of them speaks of a later change; address: where the site of the releases is.
    """

    name: Literal["openpeel"] = "openpeel"
    format: Literal[1] = 1
    version: Version
    previous: Version | None
    date: Day
    bump: Literal["FIRST", "PATCH", "MINOR", "MAJOR"]
    breaking: bool
    licence: str
    source: Source
    tables: dict[str, Told]
    findings: list[ToldFinding]
    compat: Compat
    decisions: list[Digest] = []
    address: Annotated[str, Meta(pattern=r"\A(https?://[^\s]+/)?\Z", max_length=500)] = ""


def as_json(finding: Finding) -> dict[str, Any]:
    """A finding as it stands in `release.json`."""
    return {"bump": finding.bump} | finding._asdict() | {"samples": list(finding.samples)}


def written(about: dict[str, Any]) -> str:
    """The text of `release.json`. Raises ValueError where something in it is not of its shape."""
    plain = msgspec.to_builtins(msgspec.convert(about, About))
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


def parsed_about(data: bytes) -> About:
    """What a `release.json` says. Raises ValueError where it is none, in words about the place."""
    try:
        return msgspec.json.decode(data, type=About)
    except RecursionError:
        raise ValueError("nesting deeper than any release has") from None


def plain(about: About) -> dict[str, Any]:
    """The same as dictionaries and lists."""
    return dict(msgspec.to_builtins(about))
