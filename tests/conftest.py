"""Settings of all tests."""

from pathlib import Path

from hypothesis import configuration, settings

configuration.set_hypothesis_home_dir(Path(__file__).parent.parent / ".venv/.hypothesis")  # leaves no folder behind
settings.register_profile("house", database=None)
settings.load_profile("house")
