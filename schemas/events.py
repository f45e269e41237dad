"""The events table: what happened to a force, besides being graded."""

from schemas import shared, vocabulary
from schemas.columns import Date, Flag, Table, Text, Whole, column


class Events(Table):
    """One row per event: a status that changed, a visit, a corrected grade. A status is not a grade."""

    event_id: Text = column(
        "id", "Event id", "Force (of fieldwork and revisits the inspection), kind, area and variant, joined.", key=True
    )
    force_id: Text = shared.force_id()
    force: Text = shared.force()
    event: Text = column("code", "Event", "What happened.", values=vocabulary.ALL_EVENT_KINDS)
    happened_from: Date = column(
        "date", "Happened from", "Earliest day that is possible; equal to the latest where the day is known.",
        nullable=True,
    )  # fmt: skip
    happened_to: Date = column("date", "Happened to", "Latest day that is possible.", nullable=True)
    inspection_id: Text = shared.inspection_id()
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    area_id: Text = shared.area_id(nullable=True)
    area: Text = shared.area(nullable=True)
    summary: Text = column("text", "Summary", "What happened, in the words of Open PEEL.", nullable=True)
    basis: Text = column(
        "code", "Basis", "Whether an article tells it or it follows.", values=vocabulary.BASES, role="record"
    )
    claims: Whole = shared.claims()
    independent_sources: Whole = shared.independent_sources()
    disputed: Flag = shared.disputed()
    note: Text = shared.note()
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "events"
        title = "Events"
