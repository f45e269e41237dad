"""Addresses that open an article at the passage."""

import pytest

from jobs.evidence import text_fragment


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("", ""),
        ("91.8%", "#:~:text=91.8%25"),
        ("first words … last words", "#:~:text=first%20words,last%20words"),
        ("non-emergency, calls & more", "#:~:text=non%2Demergency%2C%20calls%20%26%20more"),
        ("‘inadequate’", "#:~:text=%E2%80%98inadequate%E2%80%99"),
        ("tŷ", "#:~:text=t%C5%B7"),
    ],
)
def test_words_become_a_text_fragment(words: str, fragment: str) -> None:
    assert text_fragment("https://www.example.org/a?b", words) == fragment


def test_an_address_that_has_a_fragment_keeps_it() -> None:
    assert text_fragment("https://www.example.org/a#top", "x") == ":~:text=x"
