"""Locating words and an article's text -> the passages that the words mean. No file is read here.

`forms`: how texts are compared; `places`: where words stand, also for a browser; `candidates`: what was perhaps meant.
"""

from jobs.matching.candidates import (
    CASE,
    INSIDE,
    NEAR,
    NO_END,
    NO_START,
    SEVERAL,
    SPELT,
    Candidate,
    candidates,
)
from jobs.matching.forms import Prepared, Span
from jobs.matching.places import as_written, browser_opens, crosses_paragraphs, find, words

__all__ = [
    "CASE",
    "INSIDE",
    "NEAR",
    "NO_END",
    "NO_START",
    "SEVERAL",
    "SPELT",
    "Candidate",
    "Prepared",
    "Span",
    "as_written",
    "browser_opens",
    "candidates",
    "crosses_paragraphs",
    "find",
    "words",
]
