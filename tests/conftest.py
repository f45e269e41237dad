"""Settings of all tests."""

import os
from pathlib import Path

import pytest
from hypothesis import configuration, settings

configuration.set_hypothesis_home_dir(Path(__file__).parent.parent / ".venv/.hypothesis")  # leaves no folder behind
settings.register_profile("house", database=None)
settings.load_profile("house")
os.environ["OPENPEEL_CACHE"] = ""  # no test finds what another has left; those of the cache name a folder


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release of the real sources, the second of its store; nobody writes into it."""
    from tests.clients.released import two_releases

    return two_releases(tmp_path_factory.mktemp("released"))
