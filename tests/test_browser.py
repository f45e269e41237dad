"""Links to passages in a real browser: it scrolls to the passage and marks it, and nothing else."""

from collections.abc import Iterator
from typing import Final

import pytest

from jobs.evidence import text_fragment
from jobs.matching import Span, browser_opens, find
from tests.browser import Browser, Seen, missing, opened

pytestmark = pytest.mark.xdist_group("browser")

ADDRESS: Final = "https://example.org/a"
BEFORE: Final = "\n\n".join(
    f"In week {week} nothing happened that a newspaper would print, and so this one printed the weather instead."
    for week in range(1, 53)
)
AFTER: Final = BEFORE.replace("week", "month")
LAST: Final = "Sentinel of the page."

NEWS: Final = """\
The inspectorate graded the force as ‘inadequate’ for how it manages offenders, and told it so on Tuesday.

“We answer faster, and we listen,” said the chief constable; “it’s a start.”

Non-emergency calls, burglary & theft, co-operation – all of it improved, the report (page 7; 2023–2025) says.

Some 91.8% of calls were answered within 10 seconds, up from 77%, or +14.8 points: “100% right?” asked nobody.

Mae’r tŷ ger y dŵr, a’r ŵyl yn fyw; ŷch chi’n dod?

Полиция ответила на вызовы быстрее, чем год назад.

تجيب الشرطة على المكالمات أسرع من العام الماضي.

警察は通報への対応を改善した。

The budget rose by £10\u00a0million in\u00a0spring, and the caf\u00e9 of the s\u0065\u0302ance closed.

It said that the force \u2039is\u203a “rock ’n’ roll” at inter\u00adnational work.

The first of three paragraphs begins here.

The second stands in between.

The third ends there, with a full stop."""

CASES: Final = {
    "inadequate": "inadequate",
    "‘inadequate’": "‘inadequate’",
    "as 'inadequate' for how": "as ‘inadequate’ for how",
    '"We answer faster, and we listen," said': "“We answer faster, and we listen,” said",
    "it's a start.": "it’s a start.",
    "Non-emergency calls, burglary & theft, co-operation": "Non-emergency calls, burglary & theft, co-operation",
    "-emergency": "-emergency",
    "operation – all": "operation – all",
    "(page 7; 2023–2025)": "(page 7; 2023–2025)",
    "91.8% of calls": "91.8% of calls",
    "77%, or +14.8 points: “100% right?”": "77%, or +14.8 points: “100% right?”",
    "burglary & theft … the report": "burglary & theft, co-operation – all of it improved, the report",
    "Mae’r tŷ ger y dŵr": "Mae’r tŷ ger y dŵr",
    "a'r ŵyl … ŷch chi'n dod?": "a’r ŵyl yn fyw; ŷch chi’n dod?",
    "Полиция ответила на вызовы": "Полиция ответила на вызовы",
    "تجيب الشرطة … المكالمات": "تجيب الشرطة على المكالمات",
    "警察は": "警察は",
    "通報への … を改善した": "通報への対応を改善した",
    "by £10 million in spring, and": "by £10\u00a0million in\u00a0spring, and",
    "caf\u0065\u0301 of the s\u00eaance": "caf\u00e9 of the s\u0065\u0302ance",
    "\"rock 'n' roll\" at": "“rock ’n’ roll” at",
    "international work": "inter\u00adnational work",
    "of three … full stop.": (
        "of three paragraphs begins here.\n\nThe second stands in between.\n\nThe third ends there, with a full stop."
    ),
}
"""Locating words -> the passage as the page has it."""


PUZZLES: Final = """\
Police powers differ; the Police Power is one, and police power another.

Cafe society met before the café society did, in Straße and Łódź, by the dŵr.

PEEL 2021–2022 is not PEEL 2021-2022; they said «good» of it, and „fair‟ of that, and so ”poor’ too.

The force’s plan is a force plan; 91.8% is not 8% of it, nor is 1,000 bids any 000 bids.

Wait… and see. It ended.Next came a co-operation on 10² miles, a ½ mile, and/or the inter\u00adcity trains.

The END is near. Start here and then we end; and then they end.

One thing\n\nor another thing, a snow_ball fight, a wide\u00a0 gap, a don`t panic.

Ёлка и мой дом. ΣΟΦΟΣ λόγος. أحمد قال الحقيقة. firsts first of firsts."""

OPENED: Final = {
    "police power": "Police Power",
    "CAFÉ SOCIETY": "Cafe society",
    "strasse and lodz, by the dwr": "Straße and Łódź, by the dŵr",
    "PEEL 2021-2022": "PEEL 2021-2022",
    '"fair" of': "„fair‟ of",
    "\"poor' too": "”poor’ too",
    "force": "force",
    "8% of": "8% of",
    "000 bids": "000 bids",
    "wait... and": "Wait… and",
    "Next came": "Next came",
    "operation on 102 miles": "operation on 10² miles",
    "1⁄2 mile": "½ mile",
    "or the intercity": "or the inter\u00adcity",
    "city trains": "city trains",
    "start here … end": "Start here and then we end",
    "елка и": "Ёлка и",
    "σοφος λογος": "ΣΟΦΟΣ λόγος",
    "احمد قال": "أحمد قال",
    "first … firsts": "first of firsts",
}
"""Words -> what a browser opens for them; where the words stand twice, the case of a letter tells which."""
NOT_OPENED: Final = [
    '"good" of', "they end … start here", "thing or", "ball fight", "wide gap", "don't panic", "2 mile", "мои", "Lodz, buy",
    "1,00", "PEEL 2021—2022", "s plan", "91", "he END", "power is one, and police powers",
]  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if missing():
        pytest.skip(missing())
    with opened() as browser:
        yield browser


def page_of(text: str) -> str:
    """The text far below the fold, and far above the end."""
    return "\n\n".join([BEFORE, text, AFTER, LAST])


def span_of(page: str, passage: str) -> Span:
    start = page.index(passage)
    return Span(start, start + len(passage))


def trouble(browser: Browser, page: str, span: Span, seen: Seen) -> str:
    """How what is seen differs from the passage in view and marked, and nothing else marked."""
    if seen.marked is None:
        return "nothing is marked"
    passage = browser.passage(page, span)
    if not (seen.scrolled > 0 and passage[1] >= 0 and passage[3] <= seen.height):
        return f"not in view: {passage}, scrolled {seen.scrolled}"
    off = max(abs(due - held) for due, held in zip(passage, seen.marked, strict=True))
    return f"marked {seen.marked}, not {passage}" if off > 2 else ""


def test_a_link_opens_the_page_at_the_passage_and_marks_it(browser: Browser) -> None:
    page = page_of(NEWS)
    spans = {evidence: span_of(page, passage) for evidence, passage in CASES.items()}
    assert {evidence: find(page, evidence) for evidence in CASES} == {e: [span] for e, span in spans.items()}
    found = {}
    for evidence, span in spans.items():
        seen = browser.open(page, text_fragment(ADDRESS, evidence))
        found[evidence] = trouble(browser, page, span, seen)
    assert found == dict.fromkeys(CASES, "")


def test_a_word_more_or_less_is_seen(browser: Browser) -> None:
    """The test itself: it can tell the passage from others."""
    page = page_of(NEWS)
    seen = browser.open(page, text_fragment(ADDRESS, "calls were answered"))
    assert trouble(browser, page, span_of(page, "calls were answered"), seen) == ""
    others = ["calls were", "were answered", "calls were answered within", "answered", "caf\u00e9", "week 2"]
    assert all(trouble(browser, page, span_of(page, other), seen) for other in others)


def test_words_that_are_not_in_the_page_mark_nothing_and_the_page_stays_at_its_top(browser: Browser) -> None:
    fragment = text_fragment(ADDRESS, "words that nobody has printed")
    assert browser.open(page_of(NEWS), fragment, wait=0.5) == Seen(0, None, 400)


@pytest.mark.parametrize("section", ["#", "#part-70", "#nowhere"])
def test_an_address_with_a_section_still_opens_at_the_passage(browser: Browser, section: str) -> None:
    page, passage = page_of(NEWS), "91.8% of calls"
    seen = browser.open(page, section + text_fragment(ADDRESS + section, passage))
    assert trouble(browser, page, span_of(page, passage), seen) == ""


def test_an_address_that_points_at_words_already_points_at_these_too(browser: Browser) -> None:
    page, passage = page_of(NEWS), "91.8% of calls"
    section = "#:~:text=words%20that%20nobody%20has%20printed"
    seen = browser.open(page, section + text_fragment(ADDRESS + section, passage))
    assert trouble(browser, page, span_of(page, passage), seen) == ""


def test_what_matching_says_a_browser_opens_is_what_it_opens(browser: Browser) -> None:
    page = page_of(PUZZLES)
    spans = {evidence: browser_opens(page, evidence) or Span(0, 0) for evidence in OPENED}
    assert {evidence: page[slice(*span)] for evidence, span in spans.items()} == OPENED
    found = {}
    for evidence, span in spans.items():
        seen = browser.open(page, text_fragment(ADDRESS, evidence))
        found[evidence] = trouble(browser, page, span, seen)
    assert found == dict.fromkeys(OPENED, "")


def test_what_matching_says_no_browser_opens_is_not_opened(browser: Browser) -> None:
    """All of these words are asked for at once, and last of all the words at the page's end, which alone are marked."""
    page = page_of(PUZZLES)
    assert [browser_opens(page, evidence) for evidence in NOT_OPENED] == [None] * len(NOT_OPENED)
    words = [text_fragment(f"{ADDRESS}#:~:", evidence) for evidence in [*NOT_OPENED, LAST]]
    assert len(words) <= 16, "Chromium reads no more"
    seen = browser.open(page, "#:~:" + "".join(words))
    assert trouble(browser, page, span_of(page, LAST), seen) == ""
