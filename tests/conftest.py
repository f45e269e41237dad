"""Settings of all tests."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import configuration, settings

if TYPE_CHECKING:
    from tests.objects import Bucket

configuration.set_hypothesis_home_dir(Path(__file__).parent.parent / ".venv/.hypothesis")  # leaves no folder behind
settings.register_profile("house", database=None)
settings.load_profile("house")
os.environ["OPENPEEL_CACHE"] = ""  # no test finds what another has left; those of the cache name a folder


@pytest.fixture
def cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for the cache, in which half of the articles may change before all are kept anew."""
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path / "cache"))
    for module in ("anew", "remembered"):
        monkeypatch.setattr(f"jobs.kept.{module}.STALE", 0.5)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Generated sources of a module, which says how many `ARTICLES` they have and from which `SEED`."""
    from tests.benchmarks.corpus import write_corpus

    folder = tmp_path_factory.mktemp("corpus") / "sources"
    write_corpus(folder, request.module.ARTICLES, request.module.SEED)
    return folder


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the real sources, the second of its store; nobody writes into it."""
    from tests.clients.released import two_releases

    return two_releases(tmp_path_factory.mktemp("released"))


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of a server that speaks S3."""
    from tests.objects import serving

    with serving() as address:
        yield address


@pytest.fixture
def s3(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> "Bucket":
    """An empty bucket."""
    from tests.objects import bucket

    return bucket(s3_server, monkeypatch)
