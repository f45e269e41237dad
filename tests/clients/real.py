"""The tables of the real sources, made once a process."""

from functools import cache

import pyarrow as pa

from jobs.pipeline import check_articles, make_tables
from jobs.sources import read_sources
from tests.cases import EVER, REAL


def real_tables() -> dict[str, pa.Table]:
    """What `openpeel build` makes of `sources`, for each who asks to put others in their places."""
    return dict(_made())


@cache
def _made() -> dict[str, pa.Table]:
    sources, problems = read_sources(REAL)
    checked = check_articles(sources, EVER)
    tables, found = make_tables(sources, checked)
    assert problems + checked.problems + found == []
    return tables
