"""Addresses that open articles at the passage."""

from urllib.parse import unquote, urldefrag

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.evidence import text_fragment
from jobs.scalars import check_evidence

ADDRESS = "https://www.example.org/a?b"


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("", ""),
        ("91.8%", "#:~:text=91.8%25"),
        ("first words … last words", "#:~:text=first%20words,last%20words"),
        ("first words…last words", "#:~:text=first%20words,last%20words"),
        ("non-emergency, calls & more", "#:~:text=non%2Demergency%2C%20calls%20%26%20more"),
        ("-first … last-", "#:~:text=%2Dfirst,last%2D"),
        ("2023–2025", "#:~:text=2023%E2%80%932025"),
        ("‘inadequate’", "#:~:text=%E2%80%98inadequate%E2%80%99"),
        ('it\'s "good"', "#:~:text=it%27s%20%22good%22"),
        ("#1: a/b?=+~_.", "#:~:text=%231%3A%20a%2Fb%3F%3D%2B~_."),
        ("%2D &amp;", "#:~:text=%252D%20%26amp%3B"),
        ("tŷ", "#:~:text=t%C5%B7"),
        ("警察", "#:~:text=%E8%AD%A6%E5%AF%9F"),
        ("😀", "#:~:text=%F0%9F%98%80"),
        ("  spaces\u00a0 and\nlines  … to\tthe end ", "#:~:text=spaces%20and%20lines,to%20the%20end"),
        ("only a beginning …", "#:~:text=only%20a%20beginning"),
        (" … ", ""),
    ],
)
def test_words_become_a_text_fragment(words: str, fragment: str) -> None:
    assert text_fragment(ADDRESS, words) == fragment


@pytest.mark.parametrize(
    ("address", "fragment"),
    [
        ("https://www.example.org/a", "#:~:text=x"),
        ("https://www.example.org/a?b=:~:", "#:~:text=x"),
        ("https://www.example.org/a#", ":~:text=x"),
        ("https://www.example.org/a#section", ":~:text=x"),
        ("https://www.example.org/a#!/route?b", ":~:text=x"),
        ("https://www.example.org/a#:~:text=y", "&text=x"),
        ("https://www.example.org/a#section:~:text=y,z", "&text=x"),
        ("https://www.example.org/a#section:~:", "&text=x"),
    ],
)
def test_an_address_keeps_the_fragment_that_it_has(address: str, fragment: str) -> None:
    assert text_fragment(address, "x") == fragment


@given(st.text().filter(lambda text: not check_evidence(text)))
def test_any_evidence_is_read_back_as_the_specification_reads_it(evidence: str) -> None:
    """TextDirectiveExplicitChar and PercentEncodedChar only, at most one comma, and the words are what they were."""
    address, fragment = urldefrag(ADDRESS + text_fragment(ADDRESS, evidence))
    assert address == ADDRESS
    assert fragment.startswith(":~:text=")
    terms = fragment.removeprefix(":~:text=").split(",")
    assert all(
        term.isascii() and term.replace("%", "").replace("~", "").replace(".", "").replace("_", "").isalnum()
        for term in terms
    )
    assert [unquote(term, errors="strict") for term in terms] == [
        " ".join(side.split()) for side in evidence.split("…")
    ]
