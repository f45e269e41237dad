"""Settings of all tests."""

from hypothesis import settings

settings.register_profile("house", database=None)  # leaves no folder behind
settings.load_profile("house")
