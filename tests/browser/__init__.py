"""A real browser: a text becomes a local page, the page is opened at a link, and what the browser shows is looked at.

The page marks what a link points at in a colour of its own, which is then looked for in a picture of the window.
"""

import base64
import importlib.util
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from jobs.matching import Span
from tests.browser.pages import PARTED, html_of, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

ARGUMENTS: Final = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PATIENCE: Final = 10.0
"""Seconds after which a browser that marks nothing will not do so any more."""

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in the window."""

_MARKED: Final = """async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], {type: "image/png"}));
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const data = canvas.getImageData(0, 0, image.width, image.height).data;
  let box = null;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== 255 || data[i + 1] !== 0 || data[i + 2] !== 255) continue;
    const x = (i / 4) % image.width, y = Math.floor(i / 4 / image.width);
    box = box ?? [x, y, x, y];
    box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x + 1), Math.max(box[3], y + 1)];
  }
  return box;
}"""

_PASSAGE: Final = """([start, end]) => {
  const nodes = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const boxes = [];
  for (let at = 0; nodes.nextNode(); at += nodes.currentNode.length) {
    const node = nodes.currentNode, from = Math.max(start - at, 0), to = Math.min(end - at, node.length);
    if (from >= to) continue;
    const range = document.createRange();
    range.setStart(node, from);
    range.setEnd(node, to);
    boxes.push(...range.getClientRects());
  }
  const shown = boxes.filter((box) => box.width > 0);
  const all = (side, pick) => pick(...shown.map((box) => box[side]));
  return [all("left", Math.min), all("top", Math.min), all("right", Math.max), all("bottom", Math.max)];
}"""


class Seen(NamedTuple):
    """What the browser shows: how far it has scrolled, what is marked in the window, and the window's height."""

    scrolled: float
    marked: Box | None
    height: int


def missing() -> str:
    """Why it cannot be asked on this machine, or nothing."""
    if not shutil.which("chromium"):
        return "Chromium is not installed (apt: chromium)"
    return "" if importlib.util.find_spec("playwright") else "playwright is not installed (pip: playwright)"


class Browser:
    """A window, and the pages that it can open."""

    def __init__(self, window: "Page", eyes: "Page", pages: dict[str, str], address: str) -> None:
        self._window, self._eyes, self._pages, self._address = window, eyes, pages, address

    def open(self, text: str, fragment: str, wait: float = PATIENCE) -> Seen:
        """Opens a page of the text, with what follows its address in a link; wait: for something marked, in seconds."""
        path = f"/{len(self._pages)}"
        self._pages[path] = html_of(text)
        self._window.goto(f"{self._address}{path}{fragment}")
        until = time.monotonic() + wait
        while not (marked := self._look()) and time.monotonic() < until:
            time.sleep(0.05)
        size = self._window.viewport_size
        return Seen(self._window.evaluate("scrollY"), marked, size["height"] if size else 0)

    def passage(self, text: str, span: Span) -> Box:
        """Where a passage of the text that is open stands in the window."""
        ends = [text[:end].replace(PARTED, "").encode("utf-16-le") for end in span]
        left, top, right, bottom = self._window.evaluate(_PASSAGE, [len(end) // 2 for end in ends])
        return left, top, right, bottom

    def _look(self) -> Box | None:
        box = self._eyes.evaluate(_MARKED, base64.b64encode(self._picture()).decode())
        return tuple(box) if box else None

    def _picture(self) -> bytes:
        """A busy machine is asked again."""
        from playwright.sync_api import Error

        for pause in (0.1, 0.5, 2):
            try:
                return self._window.screenshot()
            except Error:
                time.sleep(pause)
        return self._window.screenshot()


@contextmanager
def opened() -> Iterator[Browser]:
    """Chromium without a screen."""
    from playwright.sync_api import sync_playwright

    pages: dict[str, str] = {}
    with served(pages) as address, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        try:
            context = chromium.new_context(viewport={"width": 1200, "height": 400})
            yield Browser(context.new_page(), chromium.new_page(), pages, address)
        finally:
            chromium.close()
