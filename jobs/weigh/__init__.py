"""Claims -> facts: claims about the same thing become one fact, counts and names check each other.

One module a kind of fact; `groups` puts claims side by side, `settle` applies what curators decided.
"""

from jobs.weigh.eliminate import NO_TALLY, Derived, Tally, eliminate
from jobs.weigh.events import weigh_events
from jobs.weigh.grades import weigh_grades
from jobs.weigh.groups import Clash, Facts, Rival
from jobs.weigh.metrics import weigh_metrics
from jobs.weigh.settle import DECISIONS_FILE, Competing
from jobs.weigh.statements import weigh_statements
from jobs.weigh.whole import Weighed, page_of, weigh

__all__ = [
    "DECISIONS_FILE",
    "NO_TALLY",
    "Clash",
    "Competing",
    "Derived",
    "Facts",
    "Rival",
    "Tally",
    "Weighed",
    "eliminate",
    "page_of",
    "weigh",
    "weigh_events",
    "weigh_grades",
    "weigh_metrics",
    "weigh_statements",
]
