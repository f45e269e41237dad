"""Descriptions -> `datasette.json`: titles, meanings, licence, labels of codes, filters and a form for searching.

`datasette openpeel.sqlite --metadata datasette.json` shows the database with them.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from jobs.describe import TableDescription, describe
from jobs.outputs.common import json_parts
from jobs.outputs.edition import Edition, Make, Parts
from jobs.outputs.sqlite.dictionary import TOLD, words_of
from jobs.outputs.sqlite.search import INDEXED, QUERY
from jobs.outputs.sqlite.views import views_of
from schemas.dataset import ATTRIBUTION, DESCRIPTION, LICENCE_TITLE, LICENCE_URL, NAME, SUBTITLE, TITLE, WARNINGS

FILE: Final = "datasette.json"
LABELS: Final = {
    "articles": "title",
    "areas": "area",
    "cycles": "cycle",
    "forces": "force",
    "measures": "measure",
    "organisations": "organisation",
    "people": "person",
    "units": "unit_name",
}
"""The column that is shown where another table refers to a row, if it is not the key."""
FACETS: Final = {
    "grades": ["cycle", "grade_label", "area"],
    "latest_grades": ["cycle", "grade_label", "area"],
    "statements": ["kind", "stance", "force"],
    "metrics": ["measure", "claimed_by"],
}
"""Columns whose values are offered as filters."""


def datasette_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield FILE, partial(datasette_parts, edition)


def datasette_parts(edition: Edition) -> Parts:
    """The file, in parts."""
    return json_parts(metadata(edition, {name: describe(name) for name in edition.tables}))


def metadata(edition: Edition, described: Mapping[str, TableDescription]) -> dict[str, Any]:
    """The metadata of a database, in the form of Datasette 0.65, which 1.0 reads, too."""
    about = {"about": f"{TITLE} {edition.version}".strip()} | ({"about_url": edition.place} if edition.place else {})
    return {
        "title": f"{TITLE} {edition.version}".strip(),
        "description": f"{SUBTITLE}. {' '.join(WARNINGS)}",
        "license": LICENCE_TITLE,
        "license_url": LICENCE_URL,
        "source": ATTRIBUTION,
        **about,
        "databases": {
            NAME: {
                "title": TITLE,
                "description": DESCRIPTION,
                "tables": _tables(described),
                "queries": {"search_statements": _SEARCH} if INDEXED in described else {},
            }
        },
    }


_SEARCH: Final = {
    "title": "Search in statements",
    "description": 'Words in any of their forms, "words that stand together", or words joined by OR and NOT.',
    "sql": QUERY,
    "params": ["words"],
}


def _tables(described: Mapping[str, TableDescription]) -> dict[str, Any]:
    tables = {
        name: _table(
            name, table.title, table.description, {column.name: column.description for column in table.columns}
        )
        for name, table in described.items()
    }
    tables |= {
        view.name: _table(view.name, view.title, view.description, words_of(view, described))
        for view in views_of(described)
    }
    return tables | {
        name: _table(name, told.title, told.description, {column: words for column, (_, words) in told.columns.items()})
        for name, told in TOLD.items()
    }


def _table(name: str, title: str, description: str, columns: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {"title": title, "description": description, "columns": dict(columns)}
    said |= {"label_column": LABELS[name]} if name in LABELS else {}
    return said | ({"facets": FACETS[name]} if name in FACETS else {})
