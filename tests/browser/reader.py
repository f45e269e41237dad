"""A real browser that reads a page: at a width, light or dark, with or without JavaScript, and told what it asks for."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from tests.browser import ARGUMENTS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS: Final = (360, 768, 1440)
Theme = Literal["light", "dark"]
THEMES: Final[tuple[Theme, ...]] = ("light", "dark")
PATIENCE: Final = 120_000.0
"""Milliseconds that a busy machine may take for a step."""


class Reader:
    """A browser and a folder where the pages are that it opens."""

    def __init__(self, browser: "Browser", folder: Path) -> None:
        """Nothing is open."""
        self._browser, self._folder = browser, folder
        self.asked: list[str] = []
        self.errors: list[str] = []

    @contextmanager
    def open(self, html: str, width: int = 1440, theme: Theme = "light", **more: Any) -> Iterator["Page"]:
        """A page as a file, in a window of its own; more: of the window, such as `java_script_enabled`."""
        path = self._folder / "index.html"
        path.write_text(html, encoding="utf-8")
        context = self._browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, **more)
        context.set_default_timeout(PATIENCE)
        window = context.new_page()
        self.asked, self.errors = [], []
        window.on("request", lambda request: self.asked.append(request.url))
        window.on("console", lambda message: self.errors.append(message.text))
        window.on("pageerror", lambda error: self.errors.append(str(error)))
        try:
            window.goto(path.as_uri())
            yield window
        finally:
            context.close()


@contextmanager
def reader(folder: Path) -> Iterator[Reader]:
    """Chromium without a screen."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS, timeout=PATIENCE)
        try:
            yield Reader(chromium, folder)
        finally:
            chromium.close()
