"""Truths inside one article: each rule is one function, its docstring is its entry in the manual.

A rule takes an article whose values may be missing or wrong (other rules say so) and yields a finding for each thing
that is not true. To add one: write the function, add it to `RULES`, add an example to the tests.
"""

from collections.abc import Callable, Iterator
from typing import Final

from jobs.codelists import NO_LISTS, Codelists
from jobs.problems import Finding
from jobs.rules.counts import counts_add_up, counts_once, known_exceptions
from jobs.rules.dates import known_dates, no_future, ordered_dates
from jobs.rules.events import events_once
from jobs.rules.grades import gradable_areas, grades_in_scale, known_areas, one_grade_per_area, whole_revisions
from jobs.rules.items import force_named, inspections_named
from jobs.rules.metrics import known_thresholds, metrics_once, sound_changes, sound_ranks, subjects_named
from jobs.rules.rights import words_within_rights
from jobs.rules.statements import described_statements, speakers_in_office, statements_once
from jobs.rules.values import sound_values
from schemas.article import Article

Rule = Callable[[Article, Codelists, str], Iterator[Finding]]

RULES: Final[tuple[Rule, ...]] = (
    sound_values,
    no_future,
    known_dates,
    ordered_dates,
    inspections_named,
    force_named,
    known_areas,
    gradable_areas,
    grades_in_scale,
    one_grade_per_area,
    whole_revisions,
    counts_add_up,
    known_exceptions,
    counts_once,
    described_statements,
    statements_once,
    speakers_in_office,
    known_thresholds,
    sound_ranks,
    sound_changes,
    subjects_named,
    metrics_once,
    events_once,
    words_within_rights,
)


WITHOUT_LISTS: Final[tuple[Rule, ...]] = (sound_values, no_future, known_dates, ordered_dates, described_statements)
"""Rules that have something to say while the code lists cannot be used."""


def apply_rules(article: Article, lists: Codelists | None, today: str) -> list[Finding]:
    """What all rules find in an article; without code lists, those that need none. today is YYYY-MM-DD."""
    rules, known = (RULES, lists) if lists else (WITHOUT_LISTS, NO_LISTS)
    return [finding for rule in rules for finding in rule(article, known, today)]
