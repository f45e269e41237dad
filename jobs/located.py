"""What does not fit together -> problems at their lines, each with the line of the other side."""

from collections.abc import Iterable, Sequence

from jobs.contents import Content, loaded
from jobs.decisions import NO_DECISIONS, Decisions
from jobs.nodes import Node
from jobs.problems import Hint, Problem, limited
from jobs.screen import screen
from jobs.shape import place
from jobs.weigh import DECISIONS_FILE, Clash, Rival

Articles = Sequence[tuple[str, Content]]
"""Path and content of each article; a claim's `file` is the index here."""


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
        from jobs.marks import read_marks

        if file not in self._known:
            data = self._decisions.data if file == DECISIONS_FILE else loaded(self._articles[file][1])
            self._known[file] = read_marks(screen(data)[0])[0] if isinstance(data, bytes) else None
        return self._known[file]

    def line(self, rival: Rival) -> int:
        """The line of a rival."""
        return place(self.of(rival.file), rival.where)[0]
