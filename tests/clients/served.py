"""A folder on the web, as Pages serves it: whole files, or the part that a client asks for."""

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

from tests.servers import Answer, Request, serving


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of its files, ending with `/`."""

    def answer(request: Request) -> Answer:
        path = folder / request.path.removeprefix("/latest/")
        asked = {name.lower(): text for name, text in request.headers.items()}
        return _part(path.read_bytes(), asked.get("range", "")) if path.is_file() else Answer(404)

    with serving(answer) as address:
        yield f"{address}/latest/"


def _part(data: bytes, wanted: str) -> Answer:
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", wanted)
    if not found:
        return Answer(200, data, (("Accept-Ranges", "bytes"),))
    first, last = found.groups()
    start = int(first) if first else max(0, len(data) - int(last))
    end = min(int(last) + 1, len(data)) if first and last else len(data)
    return Answer(206, data[start:end], (("Content-Range", f"bytes {start}-{end - 1}/{len(data)}"),))
