"""Libraries that ours would import if they are there, which takes long and brings nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def without(name: str) -> Iterator[None]:
    """Lets imports of a library fail meanwhile, as if it were not installed; nothing where it is imported already."""

    class Unseen:
        """A finder that is asked first."""

        @staticmethod
        def find_spec(asked: str, path: object = None, target: object = None) -> None:
            """Raises ModuleNotFoundError for the library."""
            if asked == name:
                raise ModuleNotFoundError(name)

    sys.meta_path.insert(0, Unseen)
    try:
        yield
    finally:
        sys.meta_path.remove(Unseen)


def arrow_undescribed() -> None:
    """Lets pyarrow make its functions without the descriptions of their options, which nobody reads in a command.

    To take them apart is half the time of an import of `pyarrow.compute`, which this is to come before. It stays so for
    the whole process, so it is for one of ours: nobody else in it could read descriptions with that parser of Arrow's.
    """
    parser = ModuleType("pyarrow.vendored.docscrape")
    vars(parser)["NumpyDocString"] = lambda text: {"Parameters": []}
    sys.modules.setdefault(parser.__name__, parser)


def pandas_unseen() -> None:
    """Lets pyarrow find no pandas when it looks for it, as it does with its first array: that takes half a second.

    It looks again when it needs it.
    """
    import pyarrow as pa

    with without("pandas"):
        pa.array([])
