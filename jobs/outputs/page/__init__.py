"""Tables -> `index.html`: one page to look at a release with, complete in itself.

It asks nothing of anybody: style, script and drawings are inside, and a policy in its head lets a browser run nothing
but these. Without JavaScript everything is there to read; the script only filters. However much data there is, it
stays below 1.5 MB: what does not fit is said, and stands in the tables.
"""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final

from markupsafe import Markup

from jobs.outputs.common import HELD
from jobs.outputs.edition import Edition, Make, Parts
from jobs.outputs.jsonld import brief
from jobs.outputs.page.changed import changed
from jobs.outputs.page.downloads import DESCRIPTIONS, downloads, recipes
from jobs.outputs.page.figures import figures
from jobs.outputs.page.forces import profiles
from jobs.outputs.page.grades import MARKS
from jobs.outputs.page.matrix import matrices
from jobs.outputs.page.overview import overview
from jobs.outputs.page.statements import statements
from jobs.outputs.page.template import environment, text_of
from schemas import dataset
from schemas.vocabulary import STANCES

NAME: Final = "index.html"


def page_files(edition: Edition) -> Iterator[tuple[str, Make]]:
    """The page."""
    yield NAME, partial(page_parts, edition)


def page_parts(edition: Edition) -> Parts:
    """The page, in one part."""
    style, script = text_of("page.css"), text_of("page.js")
    told = profiles(edition)
    html = (
        environment()
        .get_template("page.html")
        .render(
            edition=edition,
            dataset=dataset,
            style=Markup(style),  # noqa: S704  (our own file)
            script=Markup(script),  # noqa: S704  (our own file)
            policy=_policy(style, script),
            brief=Markup(_data(brief(edition))),  # noqa: S704  (nothing in it ends the element)
            overview=overview(edition),
            held=HELD,
            matrices=matrices(edition, told.shown),
            marks=MARKS,
            profiles=told,
            figures=figures(edition),
            statements=statements(edition),
            stances=STANCES,
            changed=changed(edition),
            downloads=downloads(edition),
            descriptions=DESCRIPTIONS,
            recipes=list(recipes(edition)),
        )
    )
    return [html.encode()]


def _data(content: Mapping[str, Any]) -> str:
    """JSON that can stand within a page; no policy has to allow it, since a browser runs no data."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _policy(style: str, script: str) -> str:
    """A content security policy that allows this style, this script and nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
