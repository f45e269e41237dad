"""What is known of an article before it is read -> the beginning of its source file, with the codes it may need."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from jobs.codelists import Codelists, Inspection
from jobs.dates import PART, check_day, date_bounds, day
from schemas import vocabulary

INSPECTORATE: Final = "hmicfrs"
_WIDTH: Final = 110


class Known(NamedTuple):
    """What a curator can say before reading: codes, a date as in `published`, addresses; empty where not known."""

    force: str
    publisher: str
    published: str
    url: str
    title: str
    text: str
    inspection: str
    suffix: str


def article_id(known: Known) -> str:
    """Force, date and publisher, joined; a date that is no day, month or year is `undated`."""
    date = known.published if check_day(known.published) else day(known.published)
    date = date if PART.fullmatch(date) else "undated"
    return "-".join(filter(None, (known.force, date, known.publisher, known.suffix)))


def draft(known: Known, lists: Codelists) -> str:
    """The text of the new file. Codes stand in comments, to be copied and then deleted."""
    inspection = known.inspection or _likely(known, lists)
    lines = [
        "# yaml-language-server: $schema=../article.schema.json",
        "# In one sentence: what this article is, and what is in it.",
        f"url: {_quoted(known.url) if known.url.endswith(':') else known.url}",
        f"title: {_quoted(known.title)}" if known.title else "# title: the headline as printed",
        f"publisher: {known.publisher}",
        f"published: {known.published}",
        f"text: {known.text or article_id(known) + '.txt'}",
        f"inspection: {inspection}" if inspection else "# inspection:",
        "# said_on: date of the words, with 'yesterday' and 'today' resolved",
        "# origin: the text that all of it is copied from, if it is a copy (origins.csv)",
        "",
        *_sections(),
        "",
        "# --- codes, for copying; delete from here ---",
        *_comment("inspections of this force", (_inspection(i) for i in _inspections(known.force, lists))),
    ]
    if inspection:
        lines += _comment("areas", _areas(inspection, lists))
        lines += _comment("grades", (row["label"] for row in lists.scale_rows(inspection)))
    lines += _comment("speakers", _speakers(known.force, lists))
    lines += _comment("measures", (f"{row['measure_id']} ({row['unit']})" for row in lists.rows["measures"]))
    for title, codes in _VOCABULARIES.items():
        lines += _comment(title, codes)
    return "\n".join(line.rstrip() for line in lines) + "\n"


_VOCABULARIES: Final = {
    "kinds of statement": vocabulary.STATEMENT_KINDS,
    "stances towards the force": vocabulary.STANCES,
    "speech": vocabulary.SPEECH,
    "qualifiers of figures": vocabulary.QUALIFIERS,
    "statuses of figures": vocabulary.STATUSES,
    "events": vocabulary.EVENT_KINDS,
}


def _sections() -> Iterator[str]:
    yield "# grades:\n#   - area:\n#     grade:\n#     evidence:"
    yield "# counts:\n#   - total:\n#     grades:\n#       good:\n#     evidence:"
    yield "# statements:\n#   - id:\n#     speaker:\n#     kind:\n#     stance:\n#     summary:\n#     evidence:"
    yield "# metrics:\n#   - measure:\n#     value:\n#     claimed_by:\n#     evidence:"
    yield "# events:\n#   - event:\n#     on:\n#     evidence:"


def _quoted(text: str) -> str:
    escaped = " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _comment(title: str, codes: Iterator[str] | dict[str, str]) -> list[str]:
    lines, line = [f"# {title}:"], "#  "
    for code in codes:
        if len(line) + len(code) > _WIDTH:
            lines.append(line)
            line = "#  "
        line += f" {code};"
    return [*lines, line.rstrip(";")] if line != "#  " else []


def _inspections(force: str, lists: Codelists) -> list[Inspection]:
    return [i for i in lists.inspections.values() if i.force_id == force]


def _inspection(inspection: Inspection) -> str:
    total = f"{inspection.graded_total} areas graded" if inspection.graded_total else "number of graded areas not known"
    return f"{inspection.inspection_id} (report {inspection.published_on or 'of unknown date'}, {total})"


def _likely(known: Known, lists: Codelists) -> str:
    """The inspection whose report is the latest that the article can be about; empty if none is dated before it."""
    latest = date_bounds(known.published)[1]
    dated = [i for i in _inspections(known.force, lists) if i.published_on and latest and i.published_on <= latest]
    return max(dated, key=lambda i: i.published_on).inspection_id if dated else ""


def _areas(inspection: str, lists: Codelists) -> Iterator[str]:
    known = lists.inspections[inspection]
    for row in lists.rows["areas"]:
        graded = row["area"] in known.graded_areas if known.graded_areas else row["graded"] != "no"
        if row["cycle_id"] == known.cycle_id:
            yield f"{row['area']} ({row['name']}{'' if graded else '; not graded'})"


def _speakers(force: str, lists: Codelists) -> Iterator[str]:
    yield from (INSPECTORATE, force)
    near = {row["organisation_id"] for row in lists.rows["organisations"] if force in row["organisation_id"]}
    for row in lists.rows["roles"]:
        if row["organisation_id"] in {force, INSPECTORATE, *near}:
            yield f"{row['person_id']} ({row['role']})"
