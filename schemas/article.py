"""The shape of a source file: one article, its address, and what it says.

Every scalar is text here (`no` stays no, `91.80` keeps its digits); `Kind` says what the text must be. An absent field
is the empty text, which a file cannot write; `required` names the fields that a file must have. The reader, the rules
and the JSON Schema for editors all follow this module.
"""

from typing import Annotated, ClassVar, NamedTuple

from msgspec import Meta, Struct, field


class Kind(NamedTuple):
    """What the text of a scalar must be: the name of a check in `jobs.scalars`, and the list of its codes."""

    name: str
    codes: str = ""


def _meta(kind: str, description: str, codes: str = "", *examples: str) -> Meta:
    return Meta(description=description, examples=list(examples) or None, extra={"kind": Kind(kind, codes)})


Address = Annotated[str, _meta("url", "Address of the article, as a browser shows it.")]
Title = Annotated[str, _meta("text", "The headline as printed.")]
Publisher = Annotated[str, _meta("code", "Who published the article.", "publishers")]
Published = Annotated[str, _meta("past-date", "Date printed on the article.", "", "2024-03-12")]
Updated = Annotated[str, _meta("past-date", "Date of the latest update printed on the article, where there is one.")]
Licence = Annotated[str, _meta("code", "Only where it differs from the publisher's own licence.", "licences")]
Inspection = Annotated[str, _meta("code", "The inspection that this is about.", "inspections")]
SaidOn = Annotated[str, _meta("past-date", "Date of the words, with 'yesterday' and 'today' resolved.")]
Origin = Annotated[str, _meta("code", "The text that this is copied from, such as a press release.", "origins")]
Note = Annotated[str, _meta("text", "A doubt or a remark for readers of the data.")]
Evidence = Annotated[
    str, _meta("evidence", "A few words that locate the passage: a fragment, or `first words … last words`.")
]
Area = Annotated[
    str, _meta("text", "Area of policing, as a code or as printed (official wording or alias of the cycle).")
]
GradeLabel = Annotated[str, _meta("text", "The grade, as a code or as printed.", "", "requires improvement")]
Slug = Annotated[str, _meta("slug", "Short name of the point made; the same wherever the same words are printed.")]
Speaker = Annotated[str, _meta("code", "A person, or an organisation that speaks as such.", "speakers")]
Claimant = Annotated[str, _meta("code", "A person or organisation whose figure this is.", "speakers")]
StatementKind = Annotated[str, _meta("code", "What sort of utterance it is.", "statement kinds")]
Stance = Annotated[str, _meta("code", "How it speaks of the force.", "stances")]
Speech = Annotated[str, _meta("code", "Whether the words are quoted; direct if left out.", "speech")]
Summary = Annotated[str, _meta("text", "The point in our own words, in one sentence.")]
Excerpt = Annotated[str, _meta("excerpt", "A short fragment of the very words, worth publishing.")]
DueOn = Annotated[str, _meta("date", "Deadline of a commitment.")]
Measure = Annotated[str, _meta("code", "What is measured.", "measures")]
Number = Annotated[str, _meta("number", "The value as a plain decimal.", "", "91.8")]
Whole = Annotated[str, _meta("whole", "A whole number.", "", "8")]
Printed = Annotated[str, _meta("text", "The value as printed, where it differs.", "", "13th")]
Unit = Annotated[str, _meta("code", "Only where it differs from the measure's own unit.", "units")]
Qualifier = Annotated[str, _meta("code", "How exact the figure claims to be; exact if left out.", "qualifiers")]
Subject = Annotated[str, _meta("code", "Whom the figure is about; the inspected force if left out.", "any subject")]
Period = Annotated[str, _meta("period", "Reference period.", "", "2024-02", "2023-04 to 2024-03")]
AsOf = Annotated[str, _meta("past-date", "Date that 'now' means, where the figure is a state.")]
Threshold = Annotated[str, _meta("quantity", "A number and a unit.", "", "10 seconds")]
Label = Annotated[str, _meta("text", "As printed.", "", "pre-covid")]
Status = Annotated[str, _meta("code", "Measured, expected or aimed at; actual if left out.", "statuses")]
Variant = Annotated[str, _meta("slug", "Tells apart two figures that are otherwise the same observation.")]


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
    revised_on: Annotated[str, _meta("past-date", "Date at which the inspectorate corrected the grade.")] = ""
    previous: Annotated[str, _meta("text", "The grade before that correction.")] = ""


class Count(Entry, kw_only=True, frozen=True):
    """How many areas got which grade. A grade that is not mentioned is left out."""

    required: ClassVar[tuple[str, ...]] = ("grades",)

    grades: dict[str, Whole] = field(default_factory=dict)
    total: Annotated[str, _meta("whole", "The number of graded areas, only where printed.")] = ""


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
    as_of: AsOf = ""
    threshold: Threshold = ""
    baseline: Label = ""
    baseline_period: Period = ""
    comparator: Label = ""
    comparator_value: Number = ""
    population: Annotated[str, _meta("whole", "Of how many a rank is counted, only where printed.")] = ""
    status: Status = ""
    area: Area = ""
    variant: Variant = ""


class Article(Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True, frozen=True, gc=False):
    """One article: where it stands and what it says, in the order of the article."""

    required: ClassVar[tuple[str, ...]] = ("url", "publisher", "published")

    url: Address = ""
    publisher: Publisher = ""
    published: Published = ""
    title: Title = ""
    updated: Updated = ""
    licence: Licence = ""
    inspection: Inspection = ""
    said_on: SaidOn = ""
    origin: Origin = ""
    note: Note = ""
    grades: list[Grade] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    metrics: list[Metric] = field(default_factory=list)
