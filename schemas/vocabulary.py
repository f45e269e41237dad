"""Closed lists: the codes that only a change of code may extend, each with its meaning."""

from typing import Final

STATEMENT_KINDS: Final = {
    "finding": "what an inspection found",
    "praise": "approval of something the force does",
    "concern": "something that should be better, as seen by the speaker",
    "claim": "what the speaker holds to be true, not itself found by an inspection",
    "explanation": "why something is as it is, as seen by the speaker",
    "response": "a reaction, or what has been done about something",
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
FACT_TABLES: Final = {
    "grades": "the claim is about a grade",
    "statements": "the claim is an utterance",
    "metrics": "the claim is a figure",
    "grade_counts": "the claim is a count of areas by grade",
}
