"""Copies of this process: safe while nothing runs in it but threads of libraries, which are at rest."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unwarned() -> Iterator[None]:
    """Keeps Python from warning of copies of a process that has threads, where these are known to be at rest."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
