"""Closed lists: the codes that only a change of code may extend, each with its meaning."""

from typing import Final

STATEMENT_KINDS: Final = {
    "finding": "what an inspection found",
    "praise": "approval of something the force does",
    "concern": "something that should be better, as seen by the speaker",
    "claim": "what the speaker holds to be true, not itself found by an inspection",
    "explanation": "why something is as it is, as seen by the speaker",
    "response": "a reaction, or what has been done about something",
    "objection": "contests a finding or a grade of the inspection",
    "commitment": "what the speaker promises to do",
}
STANCES: Final = {
    "positive": "speaks well of the force",
    "negative": "speaks ill of the force",
    "mixed": "both",
    "neutral": "neither",
}
SPEECH: Final = {
    "direct": "printed as the speaker's own words",
    "indirect": "reported in the words of the article",
}
QUALIFIERS: Final = {
    "exact": "printed without reservation",
    "about": "printed as approximate",
    "almost": "printed as slightly below",
    "less-than": "an upper bound, not reached",
    "at-most": "an upper bound",
    "more-than": "a lower bound, exceeded",
    "at-least": "a lower bound",
    "estimated": "printed as an estimate",
}
STATUSES: Final = {
    "actual": "measured or counted",
    "projected": "expected by the claimant",
    "target": "aimed at",
}
POLARITIES: Final = {
    "higher-is-better": "a higher value is better",
    "lower-is-better": "a lower value is better",
    "neither": "a higher value is neither better nor worse by itself",
}
BASES: Final = {
    "stated": "named by at least one article",
    "derived": "follows from counts and the other grades; named by no article",
}
LEVELS: Final = {
    "pillar": "effectiveness, efficiency or legitimacy as a whole (to 2018/19)",
    "question": "a question below a pillar (to 2018/19)",
    "core-question": "an area of policing (from 2021/22)",
    "whole": "an inspection of another programme as a whole",
    "part": "what an inspection of another programme grades by itself",
}
GRADED: Final = {
    "yes": "graded in every inspection of the cycle",
    "no": "inspected, never graded",
    "where-inspected": "graded in some inspections of the cycle only",
}
SUBJECT_KINDS: Final = {
    "force": "one police force",
    "group": "several police forces",
    "country": "a country or countries",
}
ORGANISATION_KINDS: Final = {
    "force": "a police force",
    "inspectorate": "an inspectorate",
    "commissioner": "the office of a police and crime commissioner, mayor or authority",
    "government": "a government department or agency",
    "publisher": "a publisher of articles",
    "other": "any other organisation",
}
EVENT_KINDS: Final = {
    "fieldwork": "inspectors examined the force",
    "revisit": "inspectors came back to see what has changed",
    "cause-of-concern-raised": "the inspectorate raised a cause of concern",
    "cause-of-concern-closed": "the inspectorate closed a cause of concern; no grade changes by that",
    "engage-entered": "the force was moved to closer monitoring (Engage, called special measures)",
    "engage-left": "the force was moved back to ordinary monitoring",
}
"""What an article can say that happened."""
INSPECTION_EVENTS: Final = frozenset({"fieldwork", "revisit"})
"""Those that every inspection has of its own."""
ALL_EVENT_KINDS: Final = EVENT_KINDS | {"grade-corrected": "the inspectorate corrected a grade that it had published"}
"""Those, and what follows from the grades."""
DATE_BASES: Final = {
    "printed": "printed on the article",
    "page-data": "given with the page, as by a date field or a feed",
    "address": "part of the article's address",
    "wording": "follows from the article's words, such as ‘today (Thursday)’",
    "other-article": "taken over from another article about the same event",
    "unknown": "nobody knows",
}
FORCE_KINDS: Final = {
    "territorial": "a territorial police force of England or Wales, inspected by PEEL",
    "special": "another police force or law enforcement body",
    "fire-and-rescue": "a fire and rescue service",
}
CHANGE_KINDS: Final = {
    "added": "the row is new",
    "retracted": "the row is gone, and a curator has said why",
    "removed": "the row is gone",
    "corrected": "we had it wrong",
    "revised": "the inspectorate has changed it",
    "filled": "it was not known before",
    "updated": "the record behind it has changed: who says so, how sure, where to look, what a code is called",
}
RESOLUTIONS: Final = {
    "decided": "a curator chose one of the values",
    "left-open": "nobody can tell yet: the fact is disputed and its value empty",
}
DECIDED_TABLES: Final = {
    "grades": "the grade of an area in an inspection of any programme",
    "grade_counts": "how many areas of an inspection got which grade",
    "statements": "an utterance",
    "metrics": "an observation",
    "events": "something that happened",
}
DECIDED_COLUMNS: Final = {
    "revised_on": "of a grade: the date of its correction",
    "previous_grade": "of a grade: the grade before its correction",
    "unit": "of an observation: its unit",
    "population": "of an observation: of how many a rank is counted",
    "comparator_value": "of an observation: the figure it is compared with",
    "sample": "of an observation: of how many cases it is counted",
    "change_from": "of a change: the figure before",
    "change_to": "of a change: the figure after",
    "baseline_start": "of an observation: first day of the baseline period",
    "baseline_end": "of an observation: last day of the baseline period",
}
FACT_TABLES: Final = {
    "grades": "the claim is about a grade of a PEEL inspection",
    "other_grades": "the claim is about a grade of an inspection of another programme",
    "events": "the claim is about something that happened",
    "statements": "the claim is an utterance",
    "metrics": "the claim is a figure",
    "grade_counts": "the claim is a count of areas by grade",
}
