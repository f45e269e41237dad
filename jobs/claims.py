"""Articles -> claims: what each article says, as columns, every row with the file and item that it was written in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from jobs.codelists import AMBIGUOUS, Codelists
from jobs.dates import date_bounds, day, period_bounds
from jobs.evidence import text_fragment
from jobs.pins import Pin
from jobs.rules.events import event_key
from jobs.rules.items import items, when_said
from jobs.rules.metrics import claimant, metric_key, threshold
from jobs.scalars import plain
from schemas.article import Article, Entry

Row = tuple[str | int, ...]

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


def flatten(articles: Iterable[Curated], lists: Codelists) -> Claims:
    """The claims of articles all of whose values are sound."""
    rows: dict[str, list[Row]] = {kind: [] for kind in COLUMNS}
    for file, article_id, article, pins in articles:
        origin = article.origin or article_id
        rows["articles"].append(_article(file, article_id, article, lists))
        for kind, maker in _MAKERS.items():
            rows[kind].extend(maker(file, article, origin, lists))
        if pins:
            rows["pins"].extend(_pins(file, article, pins))
    return Claims({kind: _table(kind, rows[kind]) for kind in COLUMNS})


def joined(parts: Iterable[Claims]) -> Claims:
    """Claims made in parts, as one; the parts come in the order of their files."""
    parts = list(parts) or [flatten([], Codelists())]
    tables = {kind: pa.concat_tables([part[kind] for part in parts]) for kind in COLUMNS}
    return Claims(tables | {"articles": tables["articles"].combine_chunks()})


def _table(kind: str, rows: list[Row]) -> pa.Table:
    names = COLUMNS[kind]
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    types = [pa.int32() if name in _INTEGERS else pa.large_string() for name in names]
    arrays = [pa.array(column, type_) for column, type_ in zip(columns, types, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _tidy(text: str) -> str:
    if not text:
        return text
    return " ".join(text.split()) if "\n" in text or "\t" in text else text.strip()


def _article(file: int, article_id: str, a: Article, lists: Codelists) -> Row:
    basis = a.published_basis or ("unknown" if a.published == "unknown" else "printed")
    return (
        file, article_id, a.url, _tidy(a.title), a.publisher, lists.licence(a.publisher, a.licence), a.language or "en",
        *date_bounds(a.published), basis, day(a.updated), a.origin, _tidy(a.note), a.text,
    )  # fmt: skip


def _pins(file: int, article: Article, pins: tuple[Pin, ...]) -> Iterator[Row]:
    for (section, index, _), pin in zip(items(article), pins, strict=True):
        yield file, section, index, pin.start, pin.end, pin.words, pin.sha256


def _common(article: Article, entry: Entry, origin: str, evidence: str) -> tuple[str, ...]:
    return (
        entry.inspection or article.inspection,
        entry.origin or origin,
        text_fragment(article.url, evidence),
        _tidy(entry.note),
    )


def _area_id(lists: Codelists, inspection: str, text: str) -> str:
    return (lists.area(inspection, text) or AMBIGUOUS).area_id if text else ""


def _grades(file: int, article: Article, origin: str, lists: Codelists) -> Iterator[Row]:
    for index, grade in enumerate(article.grades):
        common = _common(article, grade, origin, _tidy(grade.evidence))
        inspection = common[0]
        previous = lists.grade(inspection, grade.previous) if grade.previous else ""
        area = lists.area(inspection, grade.area) or AMBIGUOUS
        yield (
            file, index, f"{inspection}-{area.area}", *common, area.area_id,
            lists.grade(inspection, grade.grade) or "", _tidy(grade.printed), day(grade.revised_on), previous or "",
        )  # fmt: skip


def _counts(file: int, article: Article, origin: str, lists: Codelists) -> Iterator[Row]:
    for index, count in enumerate(article.counts):
        common = _common(article, count, origin, _tidy(count.evidence))
        for label, number in count.grades.items():
            grade = lists.grade(common[0], label) or ""
            yield (file, index, f"{common[0]}-{grade}", *common, grade, label, number, count.total, count.without)


def _statements(file: int, article: Article, origin: str, lists: Codelists) -> Iterator[Row]:
    at, said_on = when_said(article), day(article.said_on)
    for index, s in enumerate(article.statements):
        common = _common(article, s, origin, _tidy(s.evidence or s.excerpt))
        when = when_said(article, s.said_on) if s.said_on else at
        roles = lists.roles_at(s.speaker, *when)
        yield (
            file, index, f"{common[0]}-{s.speaker}-{s.id}", *common,
            s.speaker, s.kind, s.stance, _area_id(lists, common[0], s.area), _tidy(s.summary),
            _tidy(s.excerpt), s.speech or "direct", day(s.said_on) if s.said_on else said_on, day(s.due_on),
            lists.role_name(s.speaker, *when) if roles else "", roles[0].organisation_id if roles else s.speaker,
        )  # fmt: skip


def _metrics(file: int, article: Article, origin: str, lists: Codelists) -> Iterator[Row]:
    for index, m in enumerate(article.metrics):
        common = _common(article, m, origin, _tidy(m.evidence))
        who = claimant(article, m, lists)
        value = m.value
        limit = (threshold(m.threshold, lists) if m.threshold else None) or ("", "")
        period = (period_bounds(m.period) if m.period else None) or ("", "")
        baseline = (period_bounds(m.baseline_period) if m.baseline_period else None) or ("", "")
        yield (
            file, index, metric_key(article, m, lists), *common, m.measure, plain(value), _tidy(m.printed),
            who, m.claimed_by if who != m.claimed_by else "", m.subject or lists.inspections[common[0]].force_id,
            m.unit or lists.measure_units[m.measure], m.qualifier or "exact", *period, _tidy(m.period_label),
            day(m.as_of), *limit, _tidy(m.baseline), *baseline, plain(m.change_from), plain(m.change_to),
            _tidy(m.comparator), plain(m.comparator_value),
            m.population, m.sample, m.status or "actual", _area_id(lists, common[0], m.area),
        )  # fmt: skip


def _events(file: int, article: Article, origin: str, lists: Codelists) -> Iterator[Row]:
    for index, e in enumerate(article.events):
        common = _common(article, e, origin, _tidy(e.evidence))
        happened = (period_bounds(e.on) if e.on else None) or ("", "")
        yield (
            file, index, event_key(article, e, lists), *common, lists.inspections[common[0]].force_id, e.event,
            _area_id(lists, common[0], e.area), _tidy(e.summary), *happened,
        )  # fmt: skip


_MAKERS: Final = {
    "grades": _grades,
    "counts": _counts,
    "statements": _statements,
    "metrics": _metrics,
    "events": _events,
}
