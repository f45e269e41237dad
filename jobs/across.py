"""Wave two: what only all sources together show, each problem at its line in the sources."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyarrow as pa

from jobs.checks import Breach, check_tables
from jobs.claims import Claims
from jobs.codelists import Codelists
from jobs.contents import Content, loaded
from jobs.decisions import NO_DECISIONS, Decisions
from jobs.marks import Node, read_marks
from jobs.problems import Finding, Hint, Problem, limited, shown
from jobs.screen import screen
from jobs.shape import place
from jobs.tables import Traced, Weighed, tabulate
from jobs.weigh import (
    DECISIONS_FILE,
    NO_TALLY,
    Clash,
    Rival,
    eliminate,
    weigh_events,
    weigh_grades,
    weigh_metrics,
    weigh_statements,
)

Articles = Sequence[tuple[str, Content]]
"""Path and content of each article; a claim's `file` is the index here."""


def weigh_and_check(
    articles: Articles,
    codelists: Mapping[str, tuple[str, bytes]],
    claims: Claims,
    lists: Codelists,
    decisions: Decisions = NO_DECISIONS,
) -> tuple[dict[str, pa.Table], list[Problem]]:
    """The published tables and everything that is wrong across articles or in the tables."""
    weighed, clashes = weigh(claims, lists, decisions)
    if clashes:
        return {}, located(articles, clashes, decisions)
    tables = tabulate(weighed)
    breaches = check_tables(tables)
    if breaches:
        paths = {name: path for name, (path, _) in codelists.items()}
        return {}, _traced(articles, paths, tables, breaches, decisions)
    return {name: traced.table for name, traced in tables.items()}, []


def weigh(claims: Claims, lists: Codelists, decisions: Decisions) -> tuple[Weighed, list[Clash]]:
    """Facts of all kinds, and what does not fit together and is not decided."""
    grades, grade_clashes, conflicts = weigh_grades(claims, lists, decisions)
    clashes = [*_equal_addresses(claims), *grade_clashes]
    found = [weigh(claims, decisions) for weigh in (weigh_statements, weigh_metrics, weigh_events)]
    (statements, metrics, events) = (facts for facts, _, _ in found)
    for _, more, known in found:
        clashes += more
        conflicts = conflicts + known
    tally = eliminate(claims, grades, lists, decisions) if not grade_clashes else NO_TALLY
    conflicts = conflicts + tally.conflicts
    weighed = Weighed(claims, grades, statements, metrics, events, tally, conflicts, decisions, lists)
    return weighed, clashes + tally.clashes


def _equal_addresses(claims: Claims) -> Iterator[Clash]:
    first: dict[str, int] = {}
    table = claims["articles"]
    for file, url in zip(table["file"].to_pylist(), table["url"].to_pylist(), strict=True):
        page = url.partition("#")[0].partition("://")[2].removeprefix("www.").rstrip("/")
        if page in first:
            message = f"another article has the address {shown(url)}"
            yield Clash(file, Finding(("url",), "equal-address", message), Rival(first[page], ("url",)))
        first.setdefault(page, file)


def located(articles: Articles, clashes: Iterable[Clash], decisions: Decisions = NO_DECISIONS) -> list[Problem]:
    """Clashes at their lines, each with the line of its rival."""
    by_file: dict[int, list[Clash]] = {}
    for clash in clashes:
        by_file.setdefault(clash.file, []).append(clash)
    nodes = _Nodes(articles, decisions)
    problems = []
    for file, found in by_file.items():
        path = decisions.path if file == DECISIONS_FILE else articles[file][0]
        placed: list[tuple[Problem, Hint]] = []
        for _, finding, rival in found:
            line, column = place(nodes.of(file), finding.where)
            hint = finding.hint if isinstance(finding.hint, str) else finding.hint()
            if rival:
                hint = f"see {articles[rival.file][0]}:{nodes.line(rival)}{'; ' if hint else ''}{hint}"
            placed.append((Problem(path, line, column, finding.code, finding.message), hint))
        problems += limited(placed)
    return sorted(problems)


class _Nodes:
    """The marked nodes of source files, each read again once when a problem in it has to be placed."""

    def __init__(self, articles: Articles, decisions: Decisions) -> None:
        self._articles = articles
        self._decisions = decisions
        self._known: dict[int, Node | None] = {}

    def of(self, file: int) -> Node | None:
        """The nodes of the article with that index, or of the decisions; None if it cannot be read any more."""
        if file not in self._known:
            data = self._decisions.data if file == DECISIONS_FILE else loaded(self._articles[file][1])
            self._known[file] = read_marks(screen(data)[0])[0] if isinstance(data, bytes) else None
        return self._known[file]

    def line(self, rival: Rival) -> int:
        """The line of a rival."""
        return place(self.of(rival.file), rival.where)[0]


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
