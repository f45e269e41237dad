"""Libraries that ours would import if they are there, which takes long and brings nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(name: str) -> Iterator[None]:
    """Lets imports of a library fail meanwhile, as if it were not installed; nothing where it is imported already."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]  # (the documented way to make an import fail)
    try:
        yield
    finally:
        del sys.modules[name]
