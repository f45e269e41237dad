"""Two releases of the real sources, one after the other, as readers find them; made by the command itself."""

import shutil
from pathlib import Path
from typing import Final

from tests.cases import REAL
from tests.releases import ran

LATER: Final = "articles/northamptonshire-undated-northamptonshire-pfcc.yaml"
"""The article that tells of a grade which the inspectorate revised; the first release does not know it yet."""
FIGURE: Final = "articles/durham-2023-11-17-northern-echo.yaml"
MISREAD: Final = "value: 62\n"
READ: Final = "value: 61\n"
"""What that article says, and what the first release took it to say."""
CORRECTED: Final = "emergency-calls-answered-in-time-10-seconds-respond-durham-hmicfrs-durham-peel-2023-25"
CORRECTION: Final = f"""\
corrections:
  - table: metrics
    key: {CORRECTED}
    column: value
    reason: We had misread the article.
    decided_on: 2026-11-22
    decided_by: Open PEEL
"""


def two_releases(folder: Path) -> Path:
    """Publishes 0.1.0, which lacks an article and has a misread figure, then 0.2.0, which is the real record.

    Returns the folder of the second.
    """
    sources = Path(shutil.copytree(REAL, folder / "sources"))
    (sources / LATER).unlink()
    _replace(sources / FIGURE, READ, MISREAD)
    _release(folder)
    for name in (LATER, FIGURE):
        shutil.copyfile(REAL / name, sources / name)
    decisions = (sources / "decisions.yaml").read_text(encoding="utf-8")
    if "\ncorrections:\n" in decisions:
        decisions = decisions.replace("\ncorrections:\n", f"\n{CORRECTION}", 1)
    else:
        decisions += CORRECTION
    (sources / "decisions.yaml").write_text(decisions, encoding="utf-8")
    _release(folder)
    return folder / "releases/0.2.0"


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def _release(folder: Path) -> None:
    candidate, store = folder / "candidate", folder / "releases"
    places = ("--sources", folder / "sources", "--store", store, "--out", candidate)
    assert ran("build", *places, "--quiet")[:2] == (0, "")
    assert ran("publish", "--store", store, "--candidate", candidate)[:2] == (0, "")
