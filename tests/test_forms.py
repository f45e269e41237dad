"""The forms by which many texts are known to be sound at once let nothing pass that the check of their kind refuses."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobs.coded import coded_texts, unlike
from jobs.rules.rights import counted_words, words_in
from jobs.scalars import ARTICLE_ID, CHECKS, MAX_TEXT, SOUND, check_slug, fold

WORDS = st.sampled_from(
    ["a", "A", "é", "1", "0", "-", " ", "…", "=", "+", "@", "\n", "\t", "'", "https://", "http://", "example.org", ".co", "/",
     ":~:", "text", "?", "#", "2024-03-12", "2024-02-30", "1899-01-01", "2199-12-28", "unknown", "march", "may", "nan", "n/a",
     "none", "true", "1e5", "x" * 31, "x" * 119, "y" * 1990, "\u00a0", "\u3000", "\u2028", "after "]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=6).map("".join)


@pytest.mark.parametrize("kind", SOUND)
@settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(TEXTS)
@example("x" * MAX_TEXT)
@example("x" * (MAX_TEXT + 1))
@example("")
@example("https://example.org/a\n")
def test_what_has_the_form_is_sound(kind: str, text: str) -> None:
    if not len(unlike(coded_texts([text]).texts, *SOUND[kind])):
        assert CHECKS[kind](text) is None


@settings(max_examples=1_500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(st.lists(st.sampled_from(["kent", "-", "--", "a1", "2024-03-12", "É", "ﬁ", "\n", "K", "x" * 40]), max_size=6))
def test_names_of_the_form_are_ids_and_no_two_of_them_are_alike(words: list[str]) -> None:
    name = "".join(words)
    if not len(unlike(coded_texts([name]).texts, *ARTICLE_ID)):
        assert check_slug(name) is None
        assert "-" in name
        assert fold(name) == name


@given(
    st.text(
        st.sampled_from("a\u0301é…. \t\n\x0b\x1c\x85\u00a0\u1680\u2003\u2028\u202f\u205f\u3000\u200b'"), max_size=12
    )
)
def test_words_are_counted_alike(text: str) -> None:
    assert words_in(coded_texts([text])).tolist() == [counted_words(text)]
