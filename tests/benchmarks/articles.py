"""A story -> the YAML texts of its articles, as a curator writes them."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import Final, NamedTuple

from .story import Figure, Point, Story, make_point
from .words import COMMENTS, MANNERS, NOTES, TOPICS, pick, slug, some
from .world import Row

SCHEMA: Final = "# yaml-language-server: $schema=../article.schema.json"
WIRED_GOV: Final = {"publisher_id": "wired-gov", "domain": "wired-gov.net", "licence": "all-rights-reserved"}
HELD_SHARE: Final = 0.1
"""Of the articles, those of which a text is held and pinned."""
NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


class Plan(NamedTuple):
    """What an article is: who prints it when, what it is copied from, and how much of each thing it holds.

    corrects: it tells the correction of a grade; visit: the month in which it has the visit of the inspectors, if it
    tells of it; text: the name of the file with its text.
    """

    publisher: Row
    published: dt.date
    origin: str
    points: Sequence[int]
    figures: int
    grades: int
    counts: bool
    corrects: bool
    visit: str = ""
    text: str = "not-held"


def write_articles(rng: Random, story: Story, papers: Sequence[Row], number: int) -> Iterator[tuple[str, str]]:
    """The articles of a story, as (id, text); the first that prints a point describes it."""
    described: set[int] = set()
    publishers = [WIRED_GOV, *some(rng, papers, number)]
    for index in range(number):
        plan = _plan(rng, story, index, number, publishers[index])
        article_id = f"{story.inspection.force_id}-{plan.published}-{plan.publisher['publisher_id']}"
        text = f"{article_id}.txt" if rng.random() < HELD_SHARE else plan.text
        plan = plan._replace(text=text, visit=_visit(rng, story, index, number))
        parts = [
            *_head(rng, story, plan),
            *_grades(rng, story, plan),
            *_counts(rng, story, plan),
            *_statements(rng, story, plan, described),
            *_metrics(rng, story, plan),
            *_events(plan),
        ]
        yield article_id, "\n".join(parts) + "\n"


def _plan(rng: Random, story: Story, index: int, number: int, publisher: Row) -> Plan:
    """Reprints of both releases come first, then newspapers, and in the end reports from later weeks."""
    on, areas = story.inspection.published_on, len(story.grades)
    release, response = story.inspection.origins
    if index == 0:
        points = some(rng, range(20), 9 + int(rng.random() * 6))
        return Plan(publisher, on + dt.timedelta(1), release, points, int(rng.random() * 2), 2, True, False)
    if index == 1:
        points = some(rng, range(20, 34), 8 + int(rng.random() * 5))
        return Plan(publisher, on, response, points, 3, int(rng.random() * 4), False, False)
    points = some(rng, range(40), 6 + int(rng.random() * 6))
    figures, grades = 1 + int(rng.random() * 5), areas if index == 2 else 4 + int(rng.random() * (areas - 3))
    if index > 3 and rng.random() < 0.3:
        later = on + dt.timedelta(30 + int(rng.random() * 60))
        return Plan(publisher, later, "", points, figures, grades, story.revision is None, story.revision is not None)
    early = on + dt.timedelta(int(rng.random() * 4))
    return Plan(publisher, early, "", points, figures, grades, rng.random() < 0.25, False)


def _head(rng: Random, story: Story, plan: Plan) -> Iterator[str]:
    inspection, paper = story.inspection, plan.publisher
    force = inspection.force_id.replace("-", " ").title().replace(" And ", " and ")
    topic = pick(rng, TOPICS)
    title = (
        f"{force} Police {pick(rng, ('must improve', 'praised for', 'answers critics of', 'under fire over'))} {topic}"
    )
    yield SCHEMA
    yield f"# {'Reprint of a release' if plan.origin else 'Local newspaper'}: {pick(rng, COMMENTS)}"
    yield f"url: https://www.{paper['domain']}/news/crime/{slug(title)}-{int(rng.random() * 1e12)}"
    yield f'title: "{force}: {topic}"' if rng.random() < 0.1 else f"title: {title}"
    yield f"publisher: {paper['publisher_id']}"
    yield from _date(rng, plan.published)
    yield f"text: {plan.text}"
    if rng.random() < 0.05:
        yield f"updated: {plan.published + dt.timedelta(1)}"
    if paper is WIRED_GOV:
        yield "licence: ogl-3"
    yield f"inspection: {inspection.id}"
    if rng.random() < 0.7:
        yield f"said_on: {inspection.published_on}"
    if plan.origin:
        yield f"origin: {plan.origin}"
    if rng.random() < 0.02:
        yield f"note: {pick(rng, ('>-', '>-', '|-'))}\n  {pick(rng, NOTES)}\n  {pick(rng, NOTES)}"
    elif rng.random() < 0.3:
        yield f"note: {pick(rng, NOTES)}"


def _date(rng: Random, on: dt.date) -> Iterator[str]:
    """The date of an article, which is not always printed as a day."""
    chance = rng.random()
    if chance < 0.02:
        yield f"published: after {on - dt.timedelta(1)}\npublished_basis: wording"
    elif chance < 0.05:
        yield f"published: {on}\npublished_basis: page-data"
    else:
        yield f"published: {f'{on:%A} ' if chance < 0.2 else ''}{on}"


def _visit(rng: Random, story: Story, index: int, number: int) -> str:
    """The month of the visit in an article, or its year: in the release, in the last one if it has another month, and
    here and there.
    """
    if not story.visit or (story.visit.other and index == number - 1):
        return story.visit.other if story.visit else ""
    if index == 0:
        return story.visit.month
    return story.visit.month[: 4 if rng.random() < 0.1 else None] if rng.random() < 0.3 else ""


def _grades(rng: Random, story: Story, plan: Plan) -> Iterator[str]:
    named = [area for area in story.inspection.areas if area.code not in story.unnamed]
    revision = story.revision
    chosen = some(rng, named, plan.grades)
    if revision and plan.corrects and all(area.code != revision.area for area in chosen):
        chosen += [area for area in named if area.code == revision.area]
    if not chosen:
        return
    yield "\ngrades:"
    if rng.random() < 0.5:
        yield f"  # {pick(rng, COMMENTS)}"
    for area in chosen:
        wording, corrected = pick(rng, area.wordings), revision and plan.corrects and revision.area == area.code
        grade = revision.grade if revision and corrected else story.grades[area.code]
        label = grade.replace("-", " ")
        yield f"  - area: {wording}"
        yield f"    grade: {label if rng.random() < 0.5 else grade}"
        if revision and corrected:
            yield f"    revised_on: {revision.on}\n    previous: {revision.previous}"
        yield f'    evidence: "‘{label}’ … {" ".join(wording.split()[-2:])}"'
        if rng.random() < 0.04:
            yield f"    note: {pick(rng, NOTES)}"


def _counts(rng: Random, story: Story, plan: Plan) -> Iterator[str]:
    if not plan.counts:
        return
    counts = Counter(story.grades.values())
    total = len(story.grades)
    shown = [grade for grade in story.inspection.grades if counts[grade]]
    if not plan.origin and len(shown) > 2 and rng.random() < 0.3:
        shown.remove(pick(rng, shown))
    yield "\ncounts:"
    if rng.random() < 0.5:
        yield f'  # "{NUMBERS[total] if total < len(NUMBERS) else total}" in the text\n  - total: {total}\n    grades:'
    else:
        yield "  - grades:"
    for grade in shown:
        yield f"      {grade if rng.random() < 0.7 else grade.replace('-', ' ')}: {counts[grade]}"
    yield f'    evidence: "graded … {shown[-1].replace("-", " ")} in {NUMBERS[min(counts[shown[-1]], 10)]}"'


def _statements(rng: Random, story: Story, plan: Plan, described: set[int]) -> Iterator[str]:
    yield "\nstatements:"
    speaker = ""
    for index in plan.points:
        point = story.points[index]
        if point.speaker != speaker:
            yield f"  # {pick(rng, COMMENTS)}" if rng.random() < 0.4 else f"  # {point.speaker}"
            speaker = point.speaker
        origin = "" if point.origin == plan.origin else point.origin
        if index in described:
            yield f'  - id: {point.id}\n    speaker: {point.speaker}\n    evidence: "{point.words}"'
            if origin:
                yield f"    origin: {origin}"
        else:
            described.add(index)
            yield from _described(rng, point, origin, plan.published)
    if not plan.origin:
        for topic in some(rng, TOPICS, int(rng.random() * 3)):
            own = make_point(rng, plan.publisher["publisher_id"], topic, MANNERS[9:12], "", "")
            yield from _described(rng, own, "", plan.published)


def _described(rng: Random, point: Point, origin: str, published: dt.date) -> Iterator[str]:
    yield f"  - id: {point.id}\n    speaker: {point.speaker}\n    kind: {point.manner.kind}"
    yield f"    stance: {point.manner.stance}"
    if point.area:
        yield f"    area: {point.area}"
    longer = f" {pick(rng, NOTES)}" if rng.random() < 0.1 else ""
    yield f"    summary: {point.summary}{longer}"
    yield f'    {"excerpt" if rng.random() < 0.2 else "evidence"}: "{point.words}"'
    if "-" not in point.speaker:
        yield "    speech: indirect"
    if point.manner.kind == "commitment" and rng.random() < 0.3:
        yield f"    due_on: {published + dt.timedelta(180)}"
    if origin:
        yield f"    origin: {origin}"
    if rng.random() < 0.08:
        yield f"    note: {pick(rng, NOTES)}"


def _metrics(rng: Random, story: Story, plan: Plan) -> Iterator[str]:
    figures = some(rng, story.figures, plan.figures)
    if not figures:
        return
    yield "\nmetrics:"
    for figure in figures:
        yield from _metric(rng, figure, plan)


def _metric(rng: Random, figure: Figure, plan: Plan) -> Iterator[str]:
    more_digits = "0" if "." in figure.value and rng.random() < 0.1 else ""
    yield f"  - measure: {figure.measure}\n    value: {figure.value}{more_digits}"
    if figure.printed != figure.value:
        yield f"    printed: {figure.printed.replace('-', 'minus ')}"
    yield f"    claimed_by: {figure.claimants[rng.random() < 0.3]}"
    for name, text in figure.fields:
        yield f"    {name}: {text}"
    if rng.random() < 0.6:
        for name, text in figure.details:
            yield f"    {name}: {text}"
    yield f'    evidence: "{figure.printed.replace("-", "minus ")}"'
    if figure.origin != plan.origin:
        yield f"    origin: {figure.origin}"
    if rng.random() < 0.15:
        yield f"    note: {pick(rng, NOTES)}"


def _events(plan: Plan) -> Iterator[str]:
    if not plan.visit:
        return
    yield "\nevents:"
    yield f"  - event: revisit\n    on: {plan.visit}"
    yield '    summary: Inspectors came back.\n    evidence: "inspectors came back"'
