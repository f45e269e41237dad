"""What a renderer is given: the tables, what release they are, and the files that were made before it."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

import pyarrow as pa

Parts = Iterable[bytes | memoryview]
"""The content of a file, in parts that are made as they are taken where a file may be large."""
Make = Callable[[], Parts]
Files = Generator[tuple[str, Parts], None, None]
"""Names and contents of files, made one after the other; to be closed where they are not all wanted."""


class Filed(NamedTuple):
    """A file that was made: how many bytes, and their sha256 in hexadecimal."""

    size: int
    sha256: str


class Edition(NamedTuple):
    """What is to be written down.

    tables: their texts may be dictionaries where CSV and Parquet alone are made. version, date (YYYY-MM-DD), previous,
    commit: of the release; empty where there is none or nobody knows. address: where `latest/` and `v1.4.2/` are
    served, ending with `/`; empty if nobody said. changelog: the text of CHANGELOG.md. files: what the formats before
    made, by name; empty for a format that is made from tables alone.
    """

    tables: Mapping[str, pa.Table]
    version: str = ""
    date: str = ""
    previous: str = ""
    commit: str = ""
    address: str = ""
    changelog: str = ""
    files: Mapping[str, Filed] = MappingProxyType({})

    @property
    def place(self) -> str:
        """The permanent address of this release, ending with `/`; empty where nobody knows it."""
        return f"{self.address}v{self.version}/" if self.address and self.version else ""


Output = Callable[[Edition], Iterator[tuple[str, Make]]]
"""What names the files of a format and tells how each is made; the names depend on those of the tables alone."""


def nothing_but(names: Iterable[str]) -> Edition:
    """An edition of which only the names of its tables are known."""
    return Edition(dict.fromkeys(names, pa.table({})))
