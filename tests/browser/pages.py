"""A text -> a page with paragraphs, lists and links, served on this machine."""

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

PARTED: Final = "\n\n"
"""What stands between two paragraphs of a text."""

_BLOCKS: Final = ("p", "blockquote", "p", "h3", "li", "p", "div")
_HEAD: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>News</title>
<style>
  body { font: 16px/1.5 sans-serif; margin: 10px }
  ::target-text { background: #f0f; color: #f0f }
</style>
<h1 id="top">News</h1><ul><li><a href="/">Home</a><li><a href="/">Crime</a></ul>
"""


def html_of(text: str) -> str:
    """A page whose article holds the text: every paragraph a block, and words in them in links or set off."""
    blocks = []
    for index, paragraph in enumerate(text.split(PARTED)):
        name = _BLOCKS[index % len(_BLOCKS)]
        blocks.append(f'<{name} id="part-{index}">{_inline(paragraph)}</{name}>')
    return f"{_HEAD}<article>{''.join(blocks)}</article>"


def _inline(paragraph: str) -> str:
    parts = re.split(r"(\s+)", paragraph)
    for index in range(6, len(parts), 14):
        parts[index] = f"\0em\1{parts[index]}\0/em\1"
    for index in range(12, len(parts), 14):
        parts[index] = f"\0a href=/\1{parts[index]}\0/a\1"
    return escape("".join(parts)).replace("\0", "<").replace("\1", ">")


@contextmanager
def served(pages: Mapping[str, str]) -> Iterator[str]:
    """The pages by their paths, at the address that is given, until the block is left."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = pages.get(self.path.partition("?")[0], "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
