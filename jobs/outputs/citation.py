"""What a release is -> `CITATION.cff`, from which citation managers and GitHub cite it (CFF 1.2.0)."""

from collections.abc import Iterator
from typing import Any

import yaml

from jobs.outputs.common import ABOUT, FULL_TITLE, filled
from jobs.outputs.edition import Edition, Make
from schemas import dataset


def citation_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """One file."""
    yield "CITATION.cff", lambda: [citation(edition).encode()]


def citation(edition: Edition) -> str:
    """The citation file of a release, in YAML."""
    content: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": f"If you use these data, please cite them. {dataset.ATTRIBUTION}",
        "type": "dataset",
        "title": FULL_TITLE,
        "abstract": ABOUT,
        "authors": [filled({"name": dataset.CREATOR, "website": edition.address})],
        "version": edition.version,
        "date-released": edition.date,
        "license": dataset.LICENCE,
        "url": edition.place,
        "keywords": list(dataset.KEYWORDS),
    }
    return str(yaml.safe_dump(filled(content), allow_unicode=True, sort_keys=False, width=120))
