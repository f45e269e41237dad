"""Words that made-up articles are written with: a random generator -> sentences, names and slugs."""

import unicodedata
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple, TypeVar

_Item = TypeVar("_Item")


def pick(rng: Random, items: Sequence[_Item]) -> _Item:
    """One of the items; several times faster than `rng.choice`."""
    return items[int(rng.random() * len(items))]


def some(rng: Random, items: Sequence[_Item], number: int) -> list[_Item]:
    """That many of the items (or all), in their order."""
    if number >= len(items):
        return list(items)
    return [items[index] for index in sorted(rng.sample(range(len(items)), number))]


def slug(text: str) -> str:
    """The text as an id: lower-case ASCII words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "")).encode("ascii", "ignore").decode()
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split())


FIRST_NAMES: Final = (
    "Siân", "Llŷr", "Gwenllïan", "Dafydd", "Rhŷs", "Nia", "Alun", "Amanda", "Andrew", "Ben", "Charlotte", "Craig",
    "Debbie", "Emily", "Fiona", "Gareth", "Helen", "Ian", "Jo", "Karen", "Lee", "Maggie", "Nick", "Olivia", "Paul",
    "Rachel", "Serena", "Tim", "Vanessa", "Wendy", "Zoë", "Chloé",
)  # fmt: skip
LAST_NAMES: Final = (
    "Ap Gwilym", "Prŷs", "Llewelyn", "Môn-Jones", "Blakeman", "Byrne", "Cooke", "D’Orsi", "Evans", "Farrell", "Garforth",
    "Hall", "Inglis", "Jephson", "Kirkham", "Langstaff", "Mills", "Noble", "O’Brien", "Pughe", "Rowley", "Skelly",
    "Todd", "Upton", "Vajzovic", "Watson", "Yarwood",
)  # fmt: skip
PAPERS: Final = (
    "Argus", "Chronicle", "Courier", "Daily Post", "Echo", "Evening News", "Express", "Gazette", "Herald", "Independent",
    "Journal", "Live", "Mail", "Mercury", "Observer", "Post", "Recorder", "Star", "Telegraph", "Times",
)  # fmt: skip
TOWNS: Final = (
    "Wrecsam", "Ynys Môn", "Llanelli", "Caerdydd", "Bournemouth", "Carlisle", "Derby", "Exeter", "Grimsby", "Hull",
    "Ipswich", "Kettering", "Luton", "Maidstone", "Norwich", "Oldham", "Preston", "Swindon", "Truro", "York",
)  # fmt: skip

TOPICS: Final = (
    "the handling of 999 and 101 calls", "neighbourhood policing", "the supervision of investigations",
    "support for victims and witnesses", "the visits to registered sex offenders", "the recording of violent crime",
    "stop and search", "the use of force", "its work with schools and councils", "anti-social behaviour in town centres",
    "the online child abuse team", "rural crime", "outstanding arrests", "the well-being of officers and staff",
    "the vetting of new recruits", "response times in ‘priority’ incidents", "domestic abuse", "stalking and harassment",
    "burglaries and car theft", "the digital forensics backlog", "the training of detectives", "mental health calls",
    "missing children", "body-worn cameras", "its control room", "the sharing of information with partners",
    "its financial plans", "diversity in the workforce", "bail and released suspects", "modern slavery",
    "organised crime groups", "knife crime among the young", "hate crime", "its estate and vehicles",
    "road safety", "bilingual services in Welsh and English", "scrutiny by the public", "leadership at the front line",
    "problem solving", "fraud against older people",
)  # fmt: skip
TAILS: Final = (
    "", "", "", " than at the time of the last inspection", ", above all at weekends and at night",
    ", although demand has grown by much", " in every part of the county, from the coast to the border",
    ", as its own figures show", ", and inspectors found that this is not only a question of money",
    " within the next twelve months", ", which residents notice first", ", so that those most at risk are seen sooner",
    ", unlike most other forces of its size", " with the means that it has", ", in Ynys Môn and Wrecsam as elsewhere",
    ", a point that the ‘root and branch’ review had already made", " and has to explain to the public what it does",
)  # fmt: skip


class Manner(NamedTuple):
    """One way to make a point: the start of its id, kind, stance, our summary and the printed words."""

    start: str
    kind: str
    stance: str
    summary: str
    words: str


MANNERS: Final = (
    Manner("improve", "concern", "negative", "The force has to get better at {}{}.", "must improve how it deals with {}{}"),
    Manner("too-slow", "concern", "negative", "Too little has changed in {}{}.", "progress has been too slow in {}{}"),
    Manner("pleased-with", "praise", "positive", "What the force does about {} is good{}.", "I am pleased with {}{}"),
    Manner("good-practice", "praise", "positive", "Other forces could learn from the way the force treats {}{}.", "innovative work on {}{}"),
    Manner("found", "finding", "neutral", "Inspectors looked closely at {}{}.", "our inspectors examined {}{}"),
    Manner("well-managed", "finding", "positive", "The force manages {} well{}.", "the constabulary manages {} effectively{}"),
    Manner("gaps", "finding", "negative", "There are gaps in {}, and nobody is in charge of closing them{}.", "we found gaps in {}{}"),
    Manner("has-improved", "claim", "positive", "By now {} is in a better state{}.", "we have already seen improvements in {}{}"),
    Manner("not-fair", "claim", "mixed", "The speaker finds the judgement on {} only partly fair{}.", "does not fully reflect {}{}"),
    Manner("because-of", "explanation", "neutral", "Results have to be seen against the funding of {}{}.", "one of the poorest funded forces for {}{}"),
    Manner("changed", "response", "positive", "Since the inspection the force has put more people and money into {}{}.", "additional resources went into {}{}"),
    Manner("accepts", "response", "mixed", "The findings on {} are accepted, the good ones and the bad ones{}.", "we accept the findings about {}{}"),
    Manner("will", "commitment", "neutral", "The force promises to keep working on {}{}.", "we will continue to invest in {}{}"),
    Manner("will-monitor", "commitment", "neutral", "The speaker will keep an eye on {}{}.", "I will monitor {} closely{}"),
)  # fmt: skip

NOTES: Final = (
    "The article names no area; it is assigned because of the words used.",
    "No figure is given, nor the period that is meant.",
    "Printed without a speaker; the paragraph continues the one before, which is the inspectorate’s.",
    "The headline says ‘failing’; the text does not.",
    "Which calls are meant, emergency or not, is left open.",
    "Not assigned to an area; it may belong to the leadership or to the workforce.",
    "The date of the words is that of the release, as the article says “on Tuesday”.",
)
COMMENTS: Final = (
    "One sentence with several areas, each of them a list with commas of its own.",
    "The same words stand in the press release.",
    "The line above the quotation only shortens it and is no utterance of its own.",
    "“yesterday” in the text",
    "Said twice in this article, by the newspaper and by the chief constable.",
    "Areas are named nowhere in this part.",
)
