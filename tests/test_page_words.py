"""Words and budgets of the page: values as people read them, parts until they do not fit."""

import datetime as dt

from jobs.outputs.page.budget import Budget
from jobs.outputs.page.words import amount, number, safe, size, span


def test_words() -> None:
    assert span(dt.date(2024, 2, 1), dt.date(2024, 2, 29)) == "February 2024"
    assert span(dt.date(2021, 4, 1), dt.date(2022, 3, 31)) == "April 2021 to March 2022"
    assert span(dt.date(2025, 1, 1), dt.date(2025, 12, 31)) == "2025"
    assert span(dt.date(2025, 1, 2), dt.date(2025, 1, 2)) == "2 January 2025"
    assert span(dt.date(2025, 1, 2), dt.date(2025, 2, 3)) == "2 January 2025 to 3 February 2025"
    assert span(None, dt.date(2025, 2, 3)) == "until 3 February 2025"
    assert (number(175000.0), number(-0.1), amount(77.0, "per cent"), amount(None, "days")) == (
        "175,000", "\N{MINUS SIGN}0.1", "77%", "",
    )  # fmt: skip
    assert (size(133), size(28_404), size(999_499), size(2_965_504)) == ("133 bytes", "28 kB", "999 kB", "3.0 MB")
    assert [safe(url) for url in ("https://a.org/", "HTTP://a", "javascript:x", "//a", None)] == [
        "https://a.org/", "", "", "", "",
    ]  # fmt: skip


def test_a_budget_takes_parts_until_one_does_not_fit() -> None:
    budget = Budget(5)
    assert budget.fitting(["ab", "é", "cd", "e"]) == ["ab", "é"]
    assert budget.left == 1
