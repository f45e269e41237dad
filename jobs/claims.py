"""Articles -> claims: what each article says, as columns, every row with the file and item that it was written in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from jobs.codelists import Codelists
from jobs.dates import day, period_bounds
from jobs.evidence import fragment_start, fragment_words
from jobs.pins import Pin
from jobs.rules.events import event_keys
from jobs.rules.items import items
from jobs.rules.many import Many, Section, mapped, or_else
from jobs.rules.metrics import claimants, metric_keys, threshold, units
from jobs.scalars import plain
from schemas.article import Article

Column = Sequence[str] | Sequence[int]
Columns = dict[str, Column]

_PLACE: Final = ("file", "item", "fact_id")
_COMMON: Final = ("inspection_id", "origin", "fragment", "note")

COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "articles": (
        "file", "article_id", "url", "title", "publisher_id", "licence", "language", "published_from", "published_to",
        "date_basis", "updated_on", "origin", "note", "text",
    ),
    "grades": (*_PLACE, *_COMMON, "area_id", "grade", "value_as_printed", "revised_on", "previous_grade"),
    "counts": (*_PLACE, *_COMMON, "grade", "label", "number", "total_as_printed", "without"),
    "statements": (
        *_PLACE, *_COMMON,
        "speaker", "kind", "stance", "area_id", "summary", "excerpt", "speech", "said_on", "due_on",
        "role", "organisation_id",
    ),
    "metrics": (
        *_PLACE, *_COMMON,
        "measure_id", "value", "value_as_printed", "claimed_by", "said_by", "subject_id", "unit", "qualifier",
        "period_start", "period_end", "period_as_printed", "as_of", "threshold", "threshold_unit", "baseline",
        "baseline_start", "baseline_end", "change_from", "change_to", "comparator", "comparator_value", "population",
        "sample", "status", "area_id",
    ),
    "events": (*_PLACE, *_COMMON, "force_id", "event", "area_id", "summary", "happened_from", "happened_to"),
    "pins": ("file", "section", "item", "span_start", "span_end", "span_words", "span_sha256"),
}  # fmt: skip
"""The columns of the claims of each kind; `file` is the index of the article's path, `item` that in its section,
`fragment` what follows the article's address in a link to the passage. Dates that nobody knows are empty."""

_INTEGERS: Final = ("file", "item", "span_start", "span_end", "span_words")

Curated = tuple[int, str, Article, tuple[Pin, ...]]
"""Index of the path, article id, article, and its pins in the order of its items; none where we hold no text."""


@dataclass(frozen=True)
class Claims:
    """The claims of some articles: one table a kind, columns as in `COLUMNS`, text but for `file` and `item`."""

    tables: dict[str, pa.Table]

    def __getitem__(self, kind: str) -> pa.Table:
        """The claims of one kind."""
        return self.tables[kind]


def flatten(articles: Sequence[Curated], many: Many) -> Claims:
    """The claims of articles all of whose values are sound; many: the same articles."""
    files, names = [file for file, *_ in articles], [name for _, name, *_ in articles]
    columns: dict[str, Columns] = {"articles": _articles(many, files, names)}
    origins, starts = list(map(or_else, many["origin"], names)), mapped(fragment_start, many["url"])
    for kind, maker in _MAKERS.items():
        section = many.sections[kind]
        common: Columns = {
            "file": section.of(files),
            "item": section.indices,
            "inspection_id": section.inspections,
            "origin": section.own_or("origin", origins),
            "fragment": _fragments(section, section.of(starts)),
            "note": _tidied(section["note"]),
        }
        columns[kind] = maker(section, common)
    columns["pins"] = _pins(articles)
    return Claims({kind: _table(kind, columns[kind]) for kind in COLUMNS})


def joined(parts: Iterable[Claims]) -> Claims:
    """Claims made in parts, as one; the parts come in the order of their files."""
    parts = list(parts) or [no_claims()]
    tables = {kind: pa.concat_tables([part[kind] for part in parts]) for kind in COLUMNS}
    return Claims(tables | {"articles": tables["articles"].combine_chunks()})


def no_claims() -> Claims:
    """The claims of no article at all."""
    return flatten([], Many([], Codelists()))


def _table(kind: str, columns: Mapping[str, Column]) -> pa.Table:
    return pa.table({name: _array(name, columns[name]) for name in COLUMNS[kind]})


def _array(name: str, column: Column) -> pa.Array:
    if name in _INTEGERS:
        return pa.array(column, pa.int32())
    if not any(column):
        return pa.repeat(pa.scalar("", pa.large_string()), len(column))
    return pa.array(column, pa.large_string())


def _tidy(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\t" in text else text.strip()


def _tidied(column: Sequence[str]) -> list[str]:
    return [text and _tidy(text) for text in column] if any(column) else list(column)


def _articles(many: Many, files: Sequence[int], names: Sequence[str]) -> Columns:
    bases = zip(many["published_basis"], many["published"], strict=True)
    bounds = many.heads.published
    return {
        **{field: many[field] for field in ("url", "origin", "text")},
        "file": files,
        "article_id": names,
        "title": _tidied(many["title"]),
        "publisher_id": many["publisher"],
        "licence": mapped(many.lists.licence, many["publisher"], many["licence"]),
        "language": [language or "en" for language in many["language"]],
        "published_from": [first for first, _ in bounds],
        "published_to": [last for _, last in bounds],
        "date_basis": [basis or ("unknown" if date == "unknown" else "printed") for basis, date in bases],
        "updated_on": mapped(day, many["updated"]),
        "note": _tidied(many["note"]),
    }


def _pins(articles: Iterable[Curated]) -> Columns:
    rows = [
        (file, section, index, pin.start, pin.end, pin.words, pin.sha256)
        for file, _, article, pins in articles
        if pins
        for (section, index, _), pin in zip(items(article), pins, strict=True)
    ]
    names = COLUMNS["pins"]
    return dict(zip(names, zip(*rows, strict=True) if rows else ((),) * len(names), strict=True))


def _fragments(section: Section, starts: Iterable[str]) -> list[str]:
    words = mapped(_words, _located(section))
    return [start + text if text else "" for start, text in zip(starts, words, strict=True)]


def _words(evidence: str) -> str:
    return fragment_words(_tidy(evidence))


def _located(section: Section) -> list[str]:
    if section.name != "statements":
        return section["evidence"]
    return list(map(or_else, section["evidence"], section["excerpt"]))


def _area_ids(section: Section) -> list[str]:
    return [area.area_id for area in section.areas]


def _grades(s: Section, common: Columns) -> Columns:
    named = zip(s.inspections, s.areas, strict=True)
    return {
        **common,
        "fact_id": [f"{inspection}-{area.area}" for inspection, area in named],
        "area_id": _area_ids(s),
        "grade": s.grades("grade"),
        "value_as_printed": _tidied(s["printed"]),
        "revised_on": mapped(day, s["revised_on"]),
        "previous_grade": s.grades("previous"),
    }


def _counts(s: Section, common: Columns) -> Columns:
    """A row for each grade that is counted."""
    counted = [(row, label, number) for row, grades in enumerate(s["grades"]) for label, number in grades.items()]
    rows, labels = [row for row, _, _ in counted], [label for _, label, _ in counted]
    columns = common | {"total_as_printed": s["total"], "without": s["without"]}
    columns = {name: [column[row] for row in rows] for name, column in columns.items()}
    grades = s.graded([s.alike[row] for row in rows], labels)
    named = zip(columns["inspection_id"], grades, strict=True)
    return {
        **columns,
        "fact_id": [f"{inspection}-{grade}" for inspection, grade in named],
        "grade": grades,
        "label": labels,
        "number": [number for _, _, number in counted],
    }


def _statements(s: Section, common: Columns) -> Columns:
    offices = mapped(s.lists.office, s["speaker"], s.said)
    named = zip(s.inspections, s["speaker"], s["id"], strict=True)
    return {
        **common,
        **{field: s[field] for field in ("speaker", "kind", "stance")},
        "fact_id": ["-".join(names) for names in named],
        "area_id": _area_ids(s),
        "summary": _tidied(s["summary"]),
        "excerpt": _tidied(s["excerpt"]),
        "speech": [speech or "direct" for speech in s["speech"]],
        "said_on": mapped(day, s.own_or("said_on", s.heads["said_on"])),
        "due_on": mapped(day, s["due_on"]),
        "role": [role for role, _ in offices],
        "organisation_id": [organisation for _, organisation in offices],
    }


def _metrics(s: Section, common: Columns) -> Columns:
    who = s.once(claimants)
    limits, limit_units = _apart(mapped(lambda text: (text and threshold(text, s.lists)) or ("", ""), s["threshold"]))
    period_start, period_end = _apart(mapped(_bounds, s["period"]))
    baseline_start, baseline_end = _apart(mapped(_bounds, s["baseline_period"]))
    return {
        **common,
        **{field: s[field] for field in ("population", "sample")},
        **{field: mapped(plain, s[field]) for field in ("value", "change_from", "change_to", "comparator_value")},
        **{field: _tidied(s[field]) for field in ("baseline", "comparator")},
        "fact_id": s.once(metric_keys),
        "measure_id": s["measure"],
        "value_as_printed": _tidied(s["printed"]),
        "claimed_by": who,
        "said_by": [said if said != by else "" for said, by in zip(s["claimed_by"], who, strict=True)],
        "subject_id": list(map(or_else, s["subject"], s.forces)),
        "unit": s.once(units),
        "qualifier": [qualifier or "exact" for qualifier in s["qualifier"]],
        "period_start": period_start,
        "period_end": period_end,
        "period_as_printed": _tidied(s["period_label"]),
        "as_of": mapped(day, s["as_of"]),
        "threshold": limits,
        "threshold_unit": limit_units,
        "baseline_start": baseline_start,
        "baseline_end": baseline_end,
        "status": [status or "actual" for status in s["status"]],
        "area_id": _area_ids(s),
    }


def _events(s: Section, common: Columns) -> Columns:
    happened_from, happened_to = _apart(mapped(_bounds, s["on"]))
    return {
        **common,
        "fact_id": s.once(event_keys),
        "force_id": s.forces,
        "event": s["event"],
        "area_id": _area_ids(s),
        "summary": _tidied(s["summary"]),
        "happened_from": happened_from,
        "happened_to": happened_to,
    }


def _bounds(period: str) -> tuple[str, str]:
    return (period_bounds(period) if period else None) or ("", "")


def _apart(pairs: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    return [first for first, _ in pairs], [second for _, second in pairs]


_MAKERS: Final = {
    "grades": _grades,
    "counts": _counts,
    "statements": _statements,
    "metrics": _metrics,
    "events": _events,
}
