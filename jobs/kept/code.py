"""Which code this is, and what it runs on: what was found out by another is not taken for what this would find out."""

import hashlib
import os
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

HOME: Final = Path(__file__).parents[2]
"""Where our code is."""
_ROOMS: Final = ("jobs", "schemas")
_LIBRARIES: Final = {
    "msgspec": "msgspec",
    "numpy": "numpy",
    "pandas": "pandas",
    "pandera": "pandera",
    "pyarrow": "pyarrow",
    "pyyaml": "yaml",
    "rapidfuzz": "rapidfuzz",
    "rapidyaml": "ryml",
}
"""Name of a library -> that of the module that is imported."""
_INFO: Final = ".dist-info"


@cache
def code_version() -> str:
    """A digest of this code and of the versions of what it runs on."""
    digest = hashlib.sha256(f"{sys.version} {sys.byteorder}".encode())
    for library, module in _LIBRARIES.items():
        digest.update(f"\n{library} {_version(library, module)}".encode())
    for path in sorted(_files()):
        data = (HOME / path).read_bytes()
        digest.update(f"\n{path} ".encode() + hashlib.sha256(data).digest())
    return digest.hexdigest()


def _files() -> list[str]:
    """All files of our code, from `HOME`."""
    start = len(str(HOME)) + 1
    found = (
        os.path.join(folder, name)[start:]  # noqa: PTH118  (a Path for each takes as long as to read it)
        for room in _ROOMS
        for folder, _, names in os.walk(HOME / room)
        for name in names
    )
    return [path for path in found if path.endswith(".py")]


def _version(library: str, module: str) -> str:
    """The version of a library as the name of the folder that tells of it says; empty where there is none."""
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return ""
    told = [
        name.removesuffix(_INFO).partition("-")[2]
        for name in _names(os.path.dirname(os.path.dirname(spec.origin)))  # noqa: PTH120
        if name.endswith(_INFO) and name.partition("-")[0].lower() == library
    ]
    return told[0] if len(told) == 1 else _asked(library)


@cache
def _names(folder: str) -> list[str]:
    return os.listdir(folder)  # noqa: PTH208


def _asked(library: str) -> str:
    """The same as the standard library finds it, which imports much for that."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(library)
    except PackageNotFoundError:
        return ""
