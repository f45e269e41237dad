"""Wave two: what only all sources together show, each problem at its line in the sources."""

from collections.abc import Callable, Iterable, Mapping

import pyarrow as pa

from jobs.checks import Breach, check_tables
from jobs.claims import Claims
from jobs.coded import plain_tables
from jobs.codelists import Codelists
from jobs.decisions import NO_DECISIONS, Decisions
from jobs.located import Articles, located
from jobs.problems import Finding, Problem, limited
from jobs.tables import Traced, tabulate
from jobs.weigh import Clash, Weighed, weigh

__all__ = ["located", "tabulated", "weigh", "weigh_and_check", "weighed"]


Faults = Callable[[], list[Problem]]
"""Looks for everything that is wrong in tables."""


def weighed(
    articles: Articles, claims: Claims, lists: Codelists, decisions: Decisions = NO_DECISIONS
) -> tuple[Weighed, list[Problem]]:
    """The facts, and everything that is wrong across articles."""
    found, clashes = weigh(claims, lists, decisions)
    return found, located(articles, clashes, decisions)


def tabulated(
    articles: Articles, codelists: Mapping[str, tuple[str, bytes]], facts: Weighed
) -> tuple[dict[str, pa.Table], Faults]:
    """The published tables, texts also as dictionaries, and what looks for everything that is wrong in them."""
    tables, decisions = tabulate(facts), facts.decisions
    published = {name: traced.table for name, traced in tables.items()}
    paths = {name: path for name, (path, _) in codelists.items()}

    def faults() -> list[Problem]:
        breaches = check_tables(published)
        return _traced(articles, paths, tables, breaches, decisions) if breaches else []

    return published, faults


def weigh_and_check(
    articles: Articles,
    codelists: Mapping[str, tuple[str, bytes]],
    claims: Claims,
    lists: Codelists,
    decisions: Decisions = NO_DECISIONS,
) -> tuple[dict[str, pa.Table], list[Problem]]:
    """The published tables and everything that is wrong across articles or in the tables."""
    facts, problems = weighed(articles, claims, lists, decisions)
    if problems:
        return {}, problems
    tables, faults = tabulated(articles, codelists, facts)
    problems = faults()
    return {} if problems else plain_tables(tables), problems


def _traced(
    articles: Articles,
    paths: Mapping[str, str],
    tables: Mapping[str, Traced],
    breaches: Iterable[Breach],
    decisions: Decisions,
) -> list[Problem]:
    """Breaches in published tables at the lines of the sources that the rows came from."""
    clashes: list[Clash] = []
    problems: list[Problem] = []
    for breach in breaches:
        trace = tables[breach.table].trace
        section = trace.section[breach.row].as_py()
        file, item = trace.file[breach.row].as_py(), trace.item[breach.row].as_py()
        if file == -1:
            problems.append(Problem(paths[section], item, 1, breach.code, breach.message))
            continue
        where = (breach.column,) if section == "article" else (section, item, breach.column)
        clashes.append(Clash(file, Finding(where, breach.code, breach.message)))
    return sorted([*limited((p, "") for p in problems), *located(articles, clashes, decisions)])
