"""The shape of sources/decisions.yaml: what curators decided where articles disagree, each with its reason."""

from typing import Annotated, ClassVar

from msgspec import Struct, field

from schemas.kinds import meta

Table = Annotated[str, meta("code", "The table of the fact.", "decided tables")]
Column = Annotated[str, meta("code", "What is in conflict, only where it is not the main thing.", "decided columns")]
Key = Annotated[str, meta("text", "Key of the fact in that table, as the problem names it; of counts the inspection.")]
Choice = Annotated[
    str,
    meta(
        "choice",
        "One of the values in conflict (of counts: the article, or `names` if named grades and inspections.csv are "
        "right); `open` leaves it open on purpose.",
    ),
]
Reason = Annotated[str, meta("text", "Why, in a sentence that a reader of the data can follow.")]
DecidedOn = Annotated[str, meta("past-date", "When it was decided.")]
DecidedBy = Annotated[str, meta("text", "Who decided.")]
AnyTable = Annotated[str, meta("text", "A published table.")]
PublishedKey = Annotated[str, meta("text", "Primary key of the row; several parts are joined with ` | `.")]
StatementId = Annotated[str, meta("text", "Key of a statement, as the problem names it.")]


class Decision(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, frozen=True, gc=False):
    """What every decision says."""

    required: ClassVar[tuple[str, ...]] = ("reason", "decided_on", "decided_by")

    reason: Reason = ""
    decided_on: DecidedOn = ""
    decided_by: DecidedBy = ""


class Conflict(Decision, kw_only=True, frozen=True):
    """Articles that disagree about one fact, and which of them is followed."""

    required: ClassVar[tuple[str, ...]] = ("table", "key", "choose", *Decision.required)

    table: Table = ""
    key: Key = ""
    column: Column = ""
    choose: Choice = ""


class Distinct(Decision, kw_only=True, frozen=True):
    """Two statements that read nearly the same and are two utterances all the same."""

    required: ClassVar[tuple[str, ...]] = ("first", "second", *Decision.required)

    first: StatementId = ""
    second: StatementId = ""


class Correction(Decision, kw_only=True, frozen=True):
    """A published cell that we had wrong, and why it changes. `key` may be `all` for a correction of a whole column."""

    required: ClassVar[tuple[str, ...]] = ("table", "key", "column", *Decision.required)

    table: AnyTable = ""
    key: PublishedKey = ""
    column: Annotated[str, meta("text", "The column that changes.")] = ""


class Retraction(Decision, kw_only=True, frozen=True):
    """A published row that is taken back, and why. Claims on it, or of a retracted article, go with it."""

    required: ClassVar[tuple[str, ...]] = ("table", "key", *Decision.required)

    table: AnyTable = ""
    key: PublishedKey = ""


class Approval(Decision, kw_only=True, frozen=True):
    """A collapse of the data that is wanted, once: for the release that follows `after`."""

    required: ClassVar[tuple[str, ...]] = ("finding", "after", *Decision.required)

    finding: Annotated[str, meta("text", "The finding, as the problem names it.", "", "fewer-rows grades")] = ""
    after: Annotated[str, meta("choice", "The version that is followed.", "", "1.4.2")] = ""


class Decisions(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, frozen=True, gc=False):
    """All decisions."""

    required: ClassVar[tuple[str, ...]] = ()

    conflicts: list[Conflict] = field(default_factory=list)
    distinct: list[Distinct] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)
    retractions: list[Retraction] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
