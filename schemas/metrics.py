"""The metrics table: one row per observation and claimant."""

from schemas import shared, vocabulary
from schemas.columns import Date, Flag, Number, Table, Text, Whole, column


class Metrics(Table):
    """One row per observation: a figure about a subject in a period, as claimed by one organisation."""

    metric_id: Text = column(
        "id",
        "Metric id",
        "Measure, threshold, area, subject, claimant, time (else inspection), status and variant, joined.",
        key=True,
    )
    measure_id: Text = column("code", "Measure id", "What is measured.", references="measures.measure_id")
    measure: Text = column("text", "Measure", "Name of what is measured.", role="name")
    polarity: Text = column("code", "Polarity", "Which direction is better.", values=vocabulary.POLARITIES, role="name")
    subject_id: Text = column("code", "Subject id", "Whom the figure is about: one of `forces`, or of `subjects`.")
    subject: Text = column("text", "Subject", "Name of the subject.", role="name")
    subject_kind: Text = column(
        "code", "Kind of subject", "What the subject is.", values=vocabulary.SUBJECT_KINDS, role="name"
    )
    force_id: Text = column(
        "code", "Force id", "The subject, where it is one police force; empty otherwise.",
        references="forces.force_id", nullable=True,
    )  # fmt: skip
    claimed_by_id: Text = column(
        "code", "Claimed by (id)", "The organisation whose figure it is.", references="organisations.organisation_id"
    )
    claimed_by: Text = column("text", "Claimed by", "Name of the organisation whose figure it is.", role="name")
    said_by_id: Text = column(
        "id", "Said by (id)", "The person who said so, where one did.", references="people.person_id", nullable=True
    )
    said_by: Text = column("text", "Said by", "Name of the person who said so.", nullable=True, role="name")
    inspection_id: Text = shared.inspection_id()
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    area_id: Text = shared.area_id(nullable=True)
    area: Text = shared.area(nullable=True)
    value: Number = column(
        "number", "Value", "The figure. Empty where it is disputed.", unit="as in `unit`", nullable=True
    )
    unit: Text = shared.unit("Unit", "Unit of the value. Empty where that is disputed.", nullable=True)
    value_as_printed: Text = column(
        "text",
        "Value as printed",
        "The figure in the article's own form, where it differs.",
        nullable=True,
        role="record",
    )
    qualifier: Text = column("code", "Qualifier", "How exact the figure claims to be.", values=vocabulary.QUALIFIERS)
    period_start: Date = column("date", "Period start", "First day of the reference period.", nullable=True)
    period_end: Date = column("date", "Period end", "Last day of the reference period.", nullable=True)
    period_as_printed: Text = column(
        "text",
        "Period as printed",
        "The period in the article's own words, where these mislead.",
        nullable=True,
        role="record",
    )
    as_of: Date = column("date", "As of", "Date at which a state is meant.", nullable=True)
    threshold: Number = column(
        "number", "Threshold", "Limit that the measure speaks of, as in ‘within 10 seconds’.", nullable=True,
        unit="as in `threshold_unit`",
    )  # fmt: skip
    threshold_unit: Text = shared.unit("Unit of the threshold", "Unit of the threshold.", nullable=True)
    baseline: Text = column("text", "Baseline", "What a change is counted from, as printed.", nullable=True)
    baseline_start: Date = column("date", "Baseline start", "First day of the baseline period.", nullable=True)
    baseline_end: Date = column("date", "Baseline end", "Last day of the baseline period.", nullable=True)
    change_from: Number = column(
        "number", "Change from", "Of a change: the figure before, where printed.", nullable=True, unit="of the figures"
    )
    change_to: Number = column(
        "number", "Change to", "Of a change: the figure after, where printed.", nullable=True, unit="of the figures"
    )
    comparator: Text = column("text", "Comparator", "What the figure is compared with, as printed.", nullable=True)
    comparator_value: Number = column(
        "number", "Value of the comparator", "The figure it is compared with.", nullable=True, unit="as in `unit`"
    )
    population: Whole = column(
        "whole", "Population", "Of how many a rank is counted; empty where it is not said.", nullable=True, ge=1
    )
    sample: Whole = column(
        "whole", "Sample", "Of how many cases the figure is counted; empty where it is not said.", nullable=True, ge=1,
        unit="cases",
    )  # fmt: skip
    status: Text = column("code", "Status", "Measured, expected or aimed at.", values=vocabulary.STATUSES)
    claims: Whole = shared.claims()
    independent_sources: Whole = shared.independent_sources()
    disputed: Flag = shared.disputed()
    note: Text = shared.note()
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "metrics"
        title = "Metrics"
