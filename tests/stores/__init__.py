"""What tests of stores share: small releases, and a store on the fake server."""

import hashlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from jobs.stores.api import Releases
from jobs.stores.github import GitHubStore
from jobs.stores.http import Patience, Server

REPOSITORY: Final = "open/peel"
TOKEN: Final = "ghs_secretsecretsecret"
QUICK: Final = Patience(tries=4, first=0.002, timeout=10.0, longest=2.0, rivals=0.0)
"""Little waiting between tries; an answer itself may take long, on a machine that has much else to do."""
SHORT: Final = QUICK._replace(timeout=0.25, tries=8)
"""Where a server lets us wait; more tries, since a slow machine lets us wait, too."""

Files = dict[str, bytes]


def release(
    version: str, previous: str | None, word: str = "", *, breaking: bool = False, more: Files | None = None
) -> Files:
    """The files of a small release; another content for each word."""
    about = {
        "name": "openpeel",
        "format": 1,
        "version": version,
        "previous": previous,
        "breaking": breaking,
        "bump": "MAJOR" if breaking else "MINOR",
        "source": {"commit": None, "lock": None},
    }
    files = {
        "grades.csv": f"grade\n{version} {word}\n".encode() * 50,
        "empty.csv": b"",
        "release.json": (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode(),
        "CHANGELOG.md": f"# Changes\n\n## {version} (2026-11-22)\n\nNew rows: {word}\n\n## 0.0.1 (2025-01-01)\n\nOld.\n".encode(),
        **(more or {}),
    }
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items())]
    return files | {"SHA256SUMS": "".join(lines).encode()}


def written(folder: Path, files: Files) -> Path:
    """A folder with these files."""
    folder.mkdir(parents=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def held(folder: Path) -> Files:
    """The files of a folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets the command take small releases for sound: they have no tables."""
    module = ModuleType("jobs.releases.verify")
    module.verify_folder = lambda folder: []  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "jobs.releases.verify", module)


def github(url: str, token: str = TOKEN, patience: Patience = QUICK) -> GitHubStore:
    """The store on a fake server."""
    return GitHubStore(Releases(Server(url, token, patience), REPOSITORY))
