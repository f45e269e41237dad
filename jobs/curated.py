"""Articles -> claims, column by column."""

from collections.abc import Iterable, Sequence
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from jobs.claims import COLUMNS, Claims, Columns, claims_table
from jobs.coded import SPACES, TEXT, Column, coded, hyphenated, mapped, or_else
from jobs.dates import day, period_bounds
from jobs.evidence import fragment_start, fragment_words
from jobs.pins import Pin
from jobs.rules.events import event_keys
from jobs.rules.many import Many, Section
from jobs.rules.metrics import claimants, metric_keys, threshold, units
from jobs.scalars import plain


class Curated(NamedTuple):
    """Index of an article's path, its id, and its pins in the order of its items; none if no text is held."""

    file: int
    name: str
    pins: tuple[Pin, ...]


def flatten(articles: Sequence[Curated], many: Many) -> Claims:
    """The claims of articles all of whose values are sound; many: what the same articles say."""
    files = np.array([each.file for each in articles], np.int32)
    names = coded([each.name for each in articles])
    columns: dict[str, Columns] = {"articles": _articles(many, files, names)}
    origins, starts = or_else(many["origin"], names), many["url"].map(fragment_start)
    for kind, maker in _MAKERS.items():
        section = many.sections[kind]
        common: Columns = {
            "file": files[section.owners],
            "item": section.indices,
            "inspection_id": section.inspections,
            "origin": section.own_or("origin", origins),
            "fragment": _fragments(section, section.of(starts)),
            "note": _tidied(section["note"]),
        }
        columns[kind] = maker(section, common)
    columns["pins"] = _pins(articles, many)
    return Claims({kind: claims_table(kind, columns[kind]) for kind in COLUMNS})


def _tidied(column: Column[str]) -> Column[str]:
    untidy = pc.any(pc.match_substring_regex(column.texts, _UNTIDY), min_count=0).as_py()
    return column.map(_tidy) if untidy else column


_UNTIDY: Final = rf"[\t\n]|\A[{SPACES}]|[{SPACES}]\z"
"""A text in several lines, with tabs in it or with space around it, for Arrow."""


def _tidy(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\t" in text else text.strip()


def _articles(many: Many, files: Any, names: Column[str]) -> Columns:
    bases = mapped(_basis, many["published_basis"], many["published"])
    bounds = many.heads.published
    return {
        **{field: many[field] for field in ("url", "origin", "text")},
        "file": files,
        "article_id": names,
        "title": _tidied(many["title"]),
        "publisher_id": many["publisher"],
        "licence": mapped(many.lists.licence, many["publisher"], many["licence"]),
        "language": _default(many["language"], "en"),
        "published_from": bounds.map(itemgetter(0)),
        "published_to": bounds.map(itemgetter(1)),
        "date_basis": bases,
        "updated_on": many["updated"].map(day),
        "note": _tidied(many["note"]),
    }


def _basis(basis: str, date: str) -> str:
    return basis or ("unknown" if date == "unknown" else "printed")


def _default(column: Column[str], default: str) -> Column[str]:
    return column.map(lambda text: text or default)


def _pins(articles: Iterable[Curated], many: Many) -> Columns:
    rows = [
        (each.file, section, index, pin.start, pin.end, pin.words, pin.sha256)
        for number, each in enumerate(articles)
        if each.pins
        for (section, index), pin in zip(many.items(number), each.pins, strict=True)
    ]
    names = COLUMNS["pins"]
    return dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))


def _fragments(section: Section, starts: Column[str]) -> pa.Array:
    located = section["evidence"]
    if section.name == "statements":
        located = or_else(located, section["excerpt"])
    words = located.map(_words).array()
    there = pc.not_equal(words, "")
    return pc.if_else(there, pc.binary_join_element_wise(starts.array(), words, pa.scalar("", TEXT)), words)


def _words(evidence: str) -> str:
    return fragment_words(_tidy(evidence))


def _area_ids(section: Section) -> Column[str]:
    return section.areas.map(attrgetter("area_id"))


def _grades(s: Section, common: Columns) -> Columns:
    return {
        **common,
        "fact_id": hyphenated(s.inspections, s.areas.map(attrgetter("area"))),
        "area_id": _area_ids(s),
        "grade": s.grades("grade"),
        "value_as_printed": _tidied(s["printed"]),
        "revised_on": s["revised_on"].map(day),
        "previous_grade": s.grades("previous"),
    }


def _counts(s: Section, common: Columns) -> Columns:
    """A row for each grade that is counted."""
    counted = [(row, label, number) for row, grades in enumerate(s.counted.cells()) for label, number in grades]
    rows = np.array([row for row, _, _ in counted], np.int64)
    labels = coded([label for _, label, _ in counted])
    columns = {
        name: column.take(pa.array(rows)) if isinstance(column, pa.Array) else column.take(rows)
        for name, column in (common | {"total_as_printed": s["total"], "without": s["without"]}).items()
    }
    grades = s.graded(s.alike.take(rows), labels)
    return {
        **columns,
        "fact_id": hyphenated(s.inspections.take(rows), grades),
        "grade": grades,
        "label": labels,
        "number": coded([number for _, _, number in counted]),
    }


def _statements(s: Section, common: Columns) -> Columns:
    offices = mapped(s.lists.office, s["speaker"], s.said)
    return {
        **common,
        **{field: s[field] for field in ("speaker", "kind", "stance")},
        "fact_id": hyphenated(s.inspections, s["speaker"], s["id"]),
        "area_id": _area_ids(s),
        "summary": _tidied(s["summary"]),
        "excerpt": _tidied(s["excerpt"]),
        "speech": _default(s["speech"], "direct"),
        "said_on": s.own_or("said_on", s.heads["said_on"]).map(day),
        "due_on": s["due_on"].map(day),
        "role": offices.map(itemgetter(0)),
        "organisation_id": offices.map(itemgetter(1)),
    }


def _metrics(s: Section, common: Columns) -> Columns:
    who = s.once(claimants)
    limits = s["threshold"].map(lambda text: (text and threshold(text, s.lists)) or ("", ""))
    period, baseline = s["period"].map(_bounds), s["baseline_period"].map(_bounds)
    return {
        **common,
        **{field: s[field] for field in ("population", "sample")},
        **{field: s[field].map(plain) for field in ("value", "change_from", "change_to", "comparator_value")},
        **{field: _tidied(s[field]) for field in ("baseline", "comparator")},
        "fact_id": s.once(metric_keys),
        "measure_id": s["measure"],
        "value_as_printed": _tidied(s["printed"]),
        "claimed_by": who,
        "said_by": mapped(lambda said, by: said if said != by else "", s["claimed_by"], who),
        "subject_id": or_else(s["subject"], s.forces),
        "unit": s.once(units),
        "qualifier": _default(s["qualifier"], "exact"),
        "period_start": period.map(itemgetter(0)),
        "period_end": period.map(itemgetter(1)),
        "period_as_printed": _tidied(s["period_label"]),
        "as_of": s["as_of"].map(day),
        "threshold": limits.map(itemgetter(0)),
        "threshold_unit": limits.map(itemgetter(1)),
        "baseline_start": baseline.map(itemgetter(0)),
        "baseline_end": baseline.map(itemgetter(1)),
        "status": _default(s["status"], "actual"),
        "area_id": _area_ids(s),
    }


def _events(s: Section, common: Columns) -> Columns:
    happened = s["on"].map(_bounds)
    return {
        **common,
        "fact_id": s.once(event_keys),
        "force_id": s.forces,
        "event": s["event"],
        "area_id": _area_ids(s),
        "summary": _tidied(s["summary"]),
        "happened_from": happened.map(itemgetter(0)),
        "happened_to": happened.map(itemgetter(1)),
    }


def _bounds(period: str) -> tuple[str, str]:
    return (period_bounds(period) if period else None) or ("", "")


_MAKERS: Final = {
    "grades": _grades,
    "counts": _counts,
    "statements": _statements,
    "metrics": _metrics,
    "events": _events,
}
