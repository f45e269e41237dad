"""The shape of a source file: one article, its address, and what it says.

Every scalar is text here (`no` stays no, `91.80` keeps its digits); `Kind` says what the text must be. An absent field
is the empty text, which a file cannot write; `required` names the fields that a file must have. The reader, the rules
and the JSON Schema for editors all follow this module.
"""

from typing import Annotated, ClassVar, Final

from msgspec import Struct, field

from schemas.kinds import meta

Address = Annotated[str, meta("url", "Address of the article, as a browser shows it.")]
Title = Annotated[str, meta("text", "The headline as printed.")]
Publisher = Annotated[str, meta("code", "Who published the article.", "any organisation")]
Published = Annotated[
    str,
    meta(
        "article-date",
        "Date of the article as far as anybody knows it, with the weekday if it is printed.",
        "",
        "2024-03-12",
        "Tuesday 2024-03-12",
        "2025-02",
        "after 2024-08-08",
        "unknown",
    ),
]
DateBasis = Annotated[str, meta("code", "How that date is known; printed on the article if left out.", "date bases")]
Updated = Annotated[str, meta("past-date", "Date of the latest update printed on the article, where there is one.")]
TextFile = Annotated[
    str,
    meta(
        "text-file",
        "Name of the file with the article's text, kept outside the project; not-held where we have no text.",
        "",
        "cambridgeshire-2024-03-12-peterborough-telegraph.txt",
        "not-held",
    ),
]
Language = Annotated[str, meta("language", "Language of the article, English (en) if left out.", "", "cy")]
Licence = Annotated[
    str,
    meta(
        "code",
        "Only where it differs from the publisher's own, which is all-rights-reserved if not listed.",
        "licences",
    ),
]
Inspection = Annotated[str, meta("code", "The inspection that this is about.", "inspections")]
SaidOn = Annotated[str, meta("past-date", "Date of the words, with 'yesterday' and 'today' resolved.")]
Origin = Annotated[str, meta("code", "The text that this is copied from, such as a press release.", "origins")]
Note = Annotated[str, meta("text", "A doubt or a remark for readers of the data.")]
Evidence = Annotated[
    str, meta("evidence", "A few words that locate the passage: a fragment, or `first words … last words`.")
]
Area = Annotated[
    str, meta("text", "Area of policing, as a code or as printed (official wording or alias of the cycle).")
]
GradeLabel = Annotated[str, meta("text", "The grade, as a code or as printed.", "", "requires improvement")]
Slug = Annotated[str, meta("slug", "Short name of the point made; the same wherever the same words are printed.")]
Speaker = Annotated[str, meta("code", "A person, or an organisation that speaks as such.", "speakers")]
Claimant = Annotated[str, meta("code", "A person or organisation whose figure this is.", "speakers")]
StatementKind = Annotated[str, meta("code", "What sort of utterance it is.", "statement kinds")]
Stance = Annotated[str, meta("code", "How it speaks of the force.", "stances")]
Speech = Annotated[str, meta("code", "Whether the words are quoted; direct if left out.", "speech")]
Summary = Annotated[str, meta("text", "The point in our own words, in one sentence.")]
Excerpt = Annotated[str, meta("excerpt", "A short fragment of the very words, worth publishing.")]
DueOn = Annotated[str, meta("due-date", "Deadline of a commitment.")]
Measure = Annotated[str, meta("code", "What is measured.", "measures")]
Number = Annotated[str, meta("number", "The value as a plain decimal.", "", "91.8")]
Whole = Annotated[str, meta("whole", "A whole number.", "", "8")]
Printed = Annotated[str, meta("text", "The value as printed, where it differs.", "", "13th")]
Unit = Annotated[str, meta("code", "Only where it differs from the measure's own unit.", "units")]
Qualifier = Annotated[str, meta("code", "How exact the figure claims to be; exact if left out.", "qualifiers")]
Subject = Annotated[str, meta("code", "Whom the figure is about; the inspected force if left out.", "any subject")]
Period = Annotated[str, meta("period", "Reference period.", "", "2024-02", "2023-04 to 2024-03")]
AsOf = Annotated[str, meta("past-date", "Date that 'now' means, where the figure is a state.")]
Threshold = Annotated[str, meta("quantity", "A number and a unit.", "", "10 seconds")]
Label = Annotated[str, meta("text", "As printed.", "", "pre-covid")]
Status = Annotated[str, meta("code", "Measured, expected or aimed at; actual if left out.", "statuses")]
Variant = Annotated[str, meta("slug", "Tells apart two items that are otherwise the same observation or event.")]
EventKind = Annotated[str, meta("code", "What happened.", "event kinds")]
Happened = Annotated[
    str,
    meta("period", "When it happened, as exactly as the article says.", "", "2023", "2023-09 to 2023-11"),
]


class Entry(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, frozen=True, gc=False):
    """What every item of an article may have."""

    required: ClassVar[tuple[str, ...]] = ()

    evidence: Evidence = ""
    inspection: Inspection = ""
    origin: Origin = ""
    note: Note = ""


class Grade(Entry, kw_only=True, frozen=True):
    """A grade that the article names."""

    required: ClassVar[tuple[str, ...]] = ("area", "grade")

    area: Area = ""
    grade: GradeLabel = ""
    printed: Annotated[str, meta("text", "The grade as printed, where it differs, as in another language.")] = ""
    revised_on: Annotated[str, meta("past-date", "Date at which the inspectorate corrected the grade.")] = ""
    previous: Annotated[str, meta("text", "The grade before that correction.")] = ""


class Count(Entry, kw_only=True, frozen=True):
    """How many areas got which grade. A grade that is not mentioned is left out."""

    required: ClassVar[tuple[str, ...]] = ("grades",)

    grades: dict[str, Whole] = field(default_factory=dict)
    total: Annotated[str, meta("whole", "The number of graded areas, only where printed.")] = ""
    without: Annotated[str, meta("text", "Codes of graded areas that it certainly leaves out, joined with |.")] = ""


class Statement(Entry, kw_only=True, frozen=True):
    """One point that somebody makes. It is described once; where the words are printed again, `id` and `speaker` do."""

    required: ClassVar[tuple[str, ...]] = ("id", "speaker")

    id: Slug = ""
    speaker: Speaker = ""
    kind: StatementKind = ""
    stance: Stance = ""
    area: Area = ""
    summary: Summary = ""
    excerpt: Excerpt = ""
    speech: Speech = ""
    said_on: SaidOn = ""
    due_on: DueOn = ""


class Metric(Entry, kw_only=True, frozen=True):
    """One figure that somebody claims."""

    required: ClassVar[tuple[str, ...]] = ("measure", "value", "claimed_by")

    measure: Measure = ""
    value: Number = ""
    claimed_by: Claimant = ""
    printed: Printed = ""
    unit: Unit = ""
    qualifier: Qualifier = ""
    subject: Subject = ""
    period: Period = ""
    period_label: Annotated[str, meta("text", "The period as printed, where its name misleads.")] = ""
    as_of: AsOf = ""
    threshold: Threshold = ""
    baseline: Label = ""
    baseline_period: Period = ""
    change_from: Annotated[str, meta("number", "Of a change: the figure before, only where printed.")] = ""
    change_to: Annotated[str, meta("number", "Of a change: the figure after, only where printed.")] = ""
    comparator: Label = ""
    comparator_value: Number = ""
    population: Annotated[str, meta("whole", "Of how many a rank is counted, only where printed.")] = ""
    sample: Annotated[str, meta("whole", "Of how many cases the figure is counted, only where printed.")] = ""
    status: Status = ""
    area: Area = ""
    variant: Variant = ""


class Event(Entry, kw_only=True, frozen=True):
    """Something that happened to the inspected force. Corrected grades follow from `grades` and are not entered."""

    required: ClassVar[tuple[str, ...]] = ("event",)

    event: EventKind = ""
    on: Happened = ""
    area: Area = ""
    summary: Annotated[str, meta("text", "What happened in our own words, in one sentence.")] = ""
    variant: Variant = ""


class Article(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, frozen=True, gc=False):
    """One article: where it stands and what it says, in the order of the article."""

    required: ClassVar[tuple[str, ...]] = ("url", "publisher", "published", "text")

    url: Address = ""
    publisher: Publisher = ""
    published: Published = ""
    text: TextFile = ""
    title: Title = ""
    published_basis: DateBasis = ""
    updated: Updated = ""
    language: Language = ""
    licence: Licence = ""
    inspection: Inspection = ""
    said_on: SaidOn = ""
    origin: Origin = ""
    note: Note = ""
    grades: list[Grade] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


SECTIONS: Final[dict[str, type[Entry]]] = {
    "grades": Grade,
    "counts": Count,
    "statements": Statement,
    "metrics": Metric,
    "events": Event,
}
"""The lists of an article, in the order of its manual."""
HEAD: Final = tuple(name for name in Article.__struct_fields__ if name not in SECTIONS)
"""What an article says of itself."""
