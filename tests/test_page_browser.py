"""The page in a real browser: for everybody, at every width, light and dark, with and without its script."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.browser import missing
from tests.browser.editions import changed, page, real, rows
from tests.browser.hostile import HOSTILE, hostile
from tests.browser.reader import THEMES, WIDTHS, Reader, Theme, reader

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(bool(missing()), reason=missing() or "it is there"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

SECTIONS: Final = ("about", "grades", "forces", "figures", "statements", "changes", "download", "licence")
OPEN_ALL: Final = "document.querySelectorAll('details').forEach((part) => { part.open = true; })"
MATRIX: Final = """() => [...document.querySelectorAll(".matrix")].flatMap((region) => {
  const areas = [...region.querySelectorAll("thead th")].map((cell) => cell.textContent);
  const cycle = region.closest("details").querySelector("h3").textContent;
  return [...region.querySelectorAll("tbody tr")].flatMap((row) => [...row.cells].slice(1).flatMap((cell, at) => {
    const parts = cell.querySelector("div") ? [...cell.children] : [cell];
    return parts.map((part) => {
      const link = part.querySelector("a:not(.mark)");
      const marks = [...part.querySelectorAll(".mark")].map((mark) => mark.textContent);
      return [cycle, row.cells[0].textContent, areas[at + 1], (link || part).textContent, link && link.href, marks];
    });
  }));
})"""


HIDDEN: Final = """() => {
  const focused = document.activeElement, box = focused.getClientRects()[0];
  const points = [[box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2]];
  const seen = points.some(([x, y]) => focused.contains(document.elementFromPoint(x, y)));
  return focused.localName !== "a" || seen ? [] : [focused.textContent];
}"""
"""The words of the link that has the focus, if something covers it."""


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with reader(tmp_path_factory.mktemp("page")) as opened:
        yield opened


@pytest.fixture(scope="module")
def html() -> str:
    return page(real())


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_keeps_anybody_out(chromium: Reader, html: str, width: int, theme: Theme, tmp_path: Path) -> None:
    """axe finds no violation; nothing is wider than the window; pictures of it all are left for people to look at."""
    from axe_playwright_python.sync_playwright import Axe

    with chromium.open(html, width, theme, bypass_csp=True) as window:
        for section in SECTIONS:
            window.locator(f"#{section}").evaluate("(part) => part.scrollIntoView()")
            window.screenshot(path=tmp_path / f"{section}.png")
        window.evaluate(OPEN_ALL)
        found = Axe().run(window, options={"rules": {"target-size": {"enabled": True}}}).response
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found["violations"]] == []
        assert {rule["id"] for rule in found["passes"]} >= {
            "color-contrast",
            "scrollable-region-focusable",
            "heading-order",
            "target-size",
        }
        assert window.evaluate("document.documentElement.scrollWidth") == width
    assert len(list(tmp_path.glob("*.png"))) == len(SECTIONS)


def test_every_grade_is_in_the_matrix_with_its_words_and_evidence(chromium: Reader) -> None:
    revised = {"revised_on": None, "previous_grade": "good"}
    disputed = {"grade": None, "grade_label": None, "grade_rank": None, "disputed": True}
    edition = changed(real(), "grades", lambda at, _: (disputed, revised)[at] if at < 2 else {})
    due = []
    for row in rows(edition, "grades"):
        corrected = row["revised_on"] or row["previous_grade"]
        marks = {"disputed": row["disputed"], "derived": row["basis"] == "derived", "corrected": corrected}
        words = [row["cycle"], row["force"], row["area"], row["grade_label"] or "disputed", row["evidence_url"]]
        due.append([*words, [mark for mark, holds in marks.items() if holds]])
    with chromium.open(page(edition)) as window:
        cells = window.evaluate(MATRIX)
    assert sorted(cell for cell in cells if cell[4]) == sorted(due)
    others = [cell for cell in cells if not cell[4]]
    assert {cell[3] for cell in others} == {"not held", "not graded", "not known"}
    listed = {(row["cycle"], row["force"]): row["graded_areas"] for row in rows(edition, "inspections")}
    for cycle, force, _, words, _, _ in others:
        assert words != "not graded" or listed[(cycle, force)]


def test_it_asks_nobody_for_anything(chromium: Reader, html: str) -> None:
    with chromium.open(html) as window:
        window.evaluate(OPEN_ALL)
        window.mouse.wheel(0, 50_000)
        window.wait_for_load_state("networkidle")
    assert [url for url in chromium.asked if not url.startswith(("file:", "data:"))] == []
    assert len([url for url in chromium.asked if url.startswith("file:")]) == 1
    assert chromium.errors == []


def test_everything_is_there_without_its_script(chromium: Reader, html: str) -> None:
    with chromium.open(html, 360, java_script_enabled=False) as window:
        for section in SECTIONS:
            assert window.locator(f"#{section}").is_visible()
        assert window.locator(".matrix").first.is_visible()
        assert window.locator(".said").last.is_visible()
        assert window.locator("figure .chart svg").last.is_visible()
        assert not window.locator("#filter, .filter, #theme").first.is_visible()
        window.locator(".force summary").first.click()
        assert window.locator(".force .grades").first.is_visible()


def seen(window: "Page", query: str) -> int:
    return window.locator(f"{query}:visible").count()


def pressed(window: "Page", key: str, times: int = 1) -> str:
    """What has the focus after a key."""
    for _ in range(times):
        window.keyboard.press(key)
    return str(window.evaluate("document.activeElement.id"))


def test_statements_are_filtered_by_keyboard(chromium: Reader, html: str) -> None:
    said = rows(real(), "statements")
    with chromium.open(html) as window:
        found = window.locator("#found")
        assert found.text_content() == f"{len(said)} of {len(said)} statements, 12 shown"
        window.locator("#by-speaker").focus()
        assert pressed(window, "Tab") == "by-stance"
        window.keyboard.type("neg")
        negative = [row for row in said if row["stance"] == "negative"]
        assert found.text_content() == f"{len(negative)} of {len(said)} statements, 12 shown"
        assert set(window.locator(".said:visible .stance").all_text_contents()) == {"negative"}
        assert pressed(window, "Tab") == "by-area"
        window.keyboard.type("Responding to the public")
        area = window.locator("#by-area").evaluate("(list) => JSON.parse(list.value)")
        fit = [row for row in negative if [row["cycle"], row["area"]] == area]
        assert seen(window, ".said") == len(fit) > 0
        assert pressed(window, "Tab") == "by-words"
        window.keyboard.type("no such words")
        assert found.text_content() == f"0 of {len(said)} statements"
        speaker = said[0]["speaker"]
        window.reload()
        window.locator("#by-speaker").select_option(speaker)
        assert seen(window, ".said") == min(12, sum(row["speaker"] == speaker for row in said))


def test_more_statements_are_shown_by_keyboard(chromium: Reader, html: str) -> None:
    with chromium.open(html) as window:
        window.locator("#more").focus()
        window.keyboard.press("Enter")
        assert seen(window, ".said") == 60
        assert (
            window.evaluate("[...document.querySelectorAll('.said')].indexOf(document.activeElement.closest('.said'))")
            == 12
        )


def test_a_force_is_found_by_its_name(chromium: Reader, html: str) -> None:
    with chromium.open(html) as window:
        window.locator("#find-force").focus()
        window.keyboard.type("dyfed")
        assert window.locator("#found-forces").text_content() == "1 force"
        assert window.locator(".matrix").first.locator("tbody tr:visible").count() == 1
        assert seen(window, ".force") == 1


def test_the_keyboard_reaches_the_content_and_moves_the_matrix(chromium: Reader, html: str) -> None:
    with chromium.open(html, 360, bypass_csp=True) as window:
        window.keyboard.press("Tab")
        assert window.evaluate("document.activeElement.className") == "skip"
        assert window.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
        assert pressed(window, "Enter") == "main"
        region = window.locator(".matrix").first
        region.focus()
        assert region.evaluate("(part) => getComputedStyle(part).outlineStyle") == "solid"
        before = region.evaluate("(part) => part.querySelector('tbody th').getBoundingClientRect().left")
        window.keyboard.press("ArrowRight")
        window.wait_for_function("document.querySelector('.matrix').scrollLeft > 0")
        assert region.evaluate("(part) => part.querySelector('tbody th').getBoundingClientRect().left") == before


@pytest.mark.parametrize("width", WIDTHS)
def test_what_has_the_focus_is_never_hidden(chromium: Reader, html: str, width: int) -> None:
    """Backwards through a matrix, too, whose header and first column stay where they are."""
    with chromium.open(html, width, bypass_csp=True) as window:
        window.locator(".round summary").nth(1).focus()
        hidden = []
        for _ in range(250):
            window.keyboard.press("Shift+Tab")
            hidden += window.evaluate(HIDDEN)
    assert hidden == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_facts_stand_in_full_lines(chromium: Reader, html: str, width: int) -> None:
    with chromium.open(html, width) as window:
        tops = window.evaluate("[...document.querySelectorAll('.facts div')].map((part) => part.offsetTop)")
    lines = [tops.count(top) for top in sorted(set(tops))]
    assert lines[-1] == lines[0], lines


def test_a_mark_leads_to_its_note(chromium: Reader, html: str) -> None:
    with chromium.open(html) as window:
        mark = window.locator(".matrix .mark").first
        place = str(mark.get_attribute("href"))
        mark.click()
        note = window.locator(place)
        assert note.is_visible()
        assert re.search("derived|corrected|disputed", note.text_content() or "")


def test_light_and_dark_are_switched_and_kept(chromium: Reader, html: str) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    with chromium.open(html) as window:
        light = window.evaluate(ground)
        window.locator("#theme").focus()
        window.keyboard.press("Enter")
        dark = window.evaluate(ground)
        assert dark != light
        with window.context.new_page() as other:  # a busy Chromium writes late what it is to keep
            other.goto(window.url)
            other.wait_for_function("localStorage.getItem('theme') === 'dark'")
        window.reload()
        assert window.evaluate(ground) == dark
    with chromium.open(html, theme="dark") as window:
        assert window.evaluate(ground) == dark


def test_hostile_cells_do_nothing(chromium: Reader) -> None:
    with chromium.open(page(hostile(real()))) as window:
        window.on("dialog", lambda dialog: chromium.errors.append(dialog.message))
        window.evaluate(OPEN_ALL)
        links: list[Any] = window.evaluate("[...document.links].map((link) => link.protocol)")
        assert set(links) <= {"http:", "https:", "file:"}
        assert HOSTILE in (window.locator("#grades").text_content() or "")
    assert chromium.errors == []


def test_what_is_injected_all_the_same_does_not_run(chromium: Reader, html: str) -> None:
    """The second lock: the policy of the page."""
    with chromium.open(html.replace("<footer>", "<footer><script>document.title = 'broken'</script>")) as window:
        assert window.title() != "broken"
    assert any("Content Security Policy" in error for error in chromium.errors)


def test_on_paper_everything_is_there(chromium: Reader, html: str) -> None:
    with chromium.open(html, 720) as window:
        window.emulate_media(media="print")
        assert window.evaluate("document.documentElement.scrollWidth") == 720
        assert not window.locator("nav").is_visible()
        assert window.locator(".matrix").last.evaluate("(part) => part.getBoundingClientRect().height") > 500
        assert window.pdf()[:4] == b"%PDF"
