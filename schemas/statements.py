"""The statements table: one row per utterance."""

from schemas import shared, vocabulary
from schemas.columns import Date, Flag, Table, Text, Whole, column


class Statements(Table):
    """One row per utterance: a point that a person or an organisation makes, however many articles print it."""

    statement_id: Text = column("id", "Statement id", "The inspection, the speaker and the point, joined.", key=True)
    speaker_id: Text = column(
        "id", "Speaker id", "The person; empty if an organisation speaks.", references="people.person_id", nullable=True
    )
    speaker: Text = column("text", "Speaker", "Name of the person or organisation that speaks.", role="name")
    role: Text = column(
        "text", "Role", "The speaker's role at that date; empty for organisations.", nullable=True, role="name"
    )
    organisation_id: Text = column(
        "code", "Organisation id", "The organisation spoken for.", references="organisations.organisation_id"
    )
    organisation: Text = column("text", "Organisation", "Name of the organisation spoken for.", role="name")
    said_on: Date = shared.said_on()
    force_id: Text = shared.force_id(nullable=True)
    force: Text = shared.force(nullable=True)
    inspection_id: Text = shared.inspection_id()
    cycle_id: Text = shared.cycle_id()
    cycle: Text = shared.cycle()
    area_id: Text = shared.area_id(nullable=True)
    area: Text = shared.area(nullable=True)
    kind: Text = column("code", "Kind", "What sort of utterance it is.", values=vocabulary.STATEMENT_KINDS)
    stance: Text = column("code", "Stance", "How it speaks of the force.", values=vocabulary.STANCES)
    speech: Text = column("code", "Speech", "Whether the words are quoted or reported.", values=vocabulary.SPEECH)
    summary: Text = column("text", "Summary", "The point, in the words of Open PEEL.")
    excerpt: Text = column("text", "Excerpt", "A short fragment of the very words.", nullable=True)
    due_on: Date = column("date", "Due on", "Deadline of a commitment.", nullable=True)
    claims: Whole = shared.claims()
    independent_sources: Whole = shared.independent_sources()
    disputed: Flag = shared.disputed()
    note: Text = shared.note()
    evidence_url: Text = shared.evidence_url()

    class Config:
        """Names of the table."""

        name = "statements"
        title = "Statements"
