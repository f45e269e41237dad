"""Locating words in a text: what they mean, what they could have meant, and what a browser opens for them."""

import re
import unicodedata
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jobs import matching
from jobs.matching import (
    Prepared,
    Span,
    as_written,
    browser_opens,
    candidates,
    crosses_paragraphs,
    find,
    words,
)
from jobs.matching.candidates import LONGEST, SHOWN
from jobs.matching.forms import UNSEEN, is_mark

NEWS: Final = """\
The report is out today.

The force was rated ‘inadequate’ for how it manages offenders – and it’s not alone:
police powers were praised (91.8% of calls, 1,000 a day).

The force’s chief said: “We answer non-emergency calls faster.” The force in the country
town was praised, the force in the country at large was not."""


def passages(text: str, evidence: str) -> list[str]:
    return [text[start:end] for start, end in find(text, evidence)]


@pytest.mark.parametrize(
    ("evidence", "passage"),
    [
        ("out today", "out today"),
        ("out today.", "out today."),
        ("rated 'inadequate' for", "rated ‘inadequate’ for"),
        ("rated ‹inadequate› for", "rated ‘inadequate’ for"),
        ("`inadequate´", "‘inadequate’"),
        ("it's not", "it’s not"),
        ("offenders - and", "offenders – and"),
        ("offenders — and", "offenders – and"),
        ("alone: police powers", "alone:\npolice powers"),
        ("  manages\n\t\u00a0offenders ", "manages offenders"),
        ("man\u00adages off\u200benders", "manages offenders"),
        ('"We answer non‑emergency calls', "“We answer non-emergency calls"),
        ("«We answer", "“We answer"),
        ("(91.8% of calls, 1,000", "(91.8% of calls, 1,000"),
        ("emergency calls", "emergency calls"),
        ("today. The force was", "today.\n\nThe force was"),
    ],
)
def test_kinds_of_space_quotation_mark_and_dash_are_one(evidence: str, passage: str) -> None:
    assert passages(NEWS, evidence) == [passage]


@pytest.mark.parametrize(
    "evidence",
    [
        "police power", "olice powers", "force was rate", "1.8%", "8% of", "91", "000 a day", "1", "Force was", "POLICE",
        "it", "s not", "'We answer", "inadequate for", "offenders and", "out  to day", "…", "", " ", "\u200b", "today…",
    ],
)  # fmt: skip
def test_other_words_parts_of_words_and_other_case_are_not_found(evidence: str) -> None:
    assert passages(NEWS.replace(" it manages", " she manages"), evidence) == []


@pytest.mark.parametrize(
    ("text", "evidence", "bounded"),
    [
        ("the force's plan", "force", False),
        ("the force’s plan", "s plan", False),
        ("the force' plan", "force", True),
        ("the ‘force’ plan", "force", True),
        ("the forces’ plan", "forces", True),
        ("a 9.5 b", "9", False),
        ("a 9,500 b", "500", False),
        ("a 9. b", "9", True),
        ("ended.Next one", "ended", True),
        ("co-operate", "operate", True),
        ("and/or", "or", True),
        ("a@b.example", "b", True),
        ("snow_ball", "ball", False),
        ("9am", "9", False),
        ("10² miles", "10", True),
        ("£10m", "10m", True),
        ("inter\u00adnational", "inter", False),
        ("inter\u00adnational", "national", False),
        ("caf\u00adés", "és", False),
        ("e\u0301", "e", False),
        ("xe\u0301", "x", False),
        ("x\u0302", "x", False),
        ("x\u0302y", "y", False),
        ("警察は犯罪を防ぐ", "犯罪", True),
        ("경찰은 범죄를", "경찰", False),
        ("Полиция отвечает", "Поли", False),
        ("الشرطة تحارب", "شرطة", False),
    ],
)
def test_a_match_begins_and_ends_where_words_do(text: str, evidence: str, bounded: bool) -> None:
    assert passages(text, evidence) == [evidence] * bounded


@pytest.mark.parametrize(
    ("text", "evidence", "found"),
    [
        ("one a two", "one … two", ["one a two"]),
        ("one two", "one…two", ["one two"]),
        ("two one", "one … two", []),
        ("one two one two", "one … two", ["one two", "one two"]),
        ("one one two two", "one … two", ["one one two", "one two"]),
        ("one x one", "one … one", ["one x one"]),
        ("one", "one … one", []),
        ("one\n\nmany\n\ntwo", "one … two", ["one\n\nmany\n\ntwo"]),
        ("onetwo one twos two", "one … two", ["one twos two"]),
        ("so it changed… and then", "changed … and", ["changed… and"]),
        ("ha ha ha", "ha ha", ["ha ha", "ha ha"]),
        ("ha ha ha ha ha x ha ha ha", "ha ha ha", ["ha ha ha"] * 4),
        ("a b a a b a b a", "a b a", ["a b a"] * 3),
        ("a b a a b a b a a b a", "a b a a b a", ["a b a a b a"] * 2),
    ],
)
def test_every_passage_that_is_meant_is_found(text: str, evidence: str, found: list[str]) -> None:
    assert passages(text, evidence) == found


def test_offsets_are_those_of_the_text_as_given() -> None:
    text = "\u200bCafe\u0301\u00ad \u00a0 \n te\u0302te \u2013 ee\u0301\u200b\u0323e, K=\u212a."
    assert find(text, "Café tête") == [Span(1, 17)]
    assert find(text, "tête - eé\u0323e,") == [Span(12, 27)]
    assert find(text, "K=K") == [Span(28, 31)]
    assert find(text, "Cafe") == []
    assert passages(text, "Café … K=K.")[0] == text[1:]
    assert passages("각 x", unicodedata.normalize("NFD", "각 x")) == ["각 x"]


def test_a_text_is_prepared_once_for_many_questions() -> None:
    text = Prepared(NEWS)
    assert find(text, "police powers") == find(NEWS, "police powers") == [Span(110, 123)]
    assert browser_opens(text, "Police Powers") == Span(110, 123)
    assert as_written(text, "it's not") == "it’s not"


@pytest.mark.parametrize(
    ("evidence", "due"),
    [
        ("out today. The force", True),
        ("out today … The force", False),
        ("alone: police powers", False),
        ("report … calls, 1,000 a day). The force's chief", True),
        ("The force", False),
        ("nowhere", False),
    ],
)
def test_words_that_go_on_beyond_a_paragraph_are_told(evidence: str, due: bool) -> None:
    assert crosses_paragraphs(NEWS, evidence) is due
    assert crosses_paragraphs(NEWS.replace("\n", "\r\n"), evidence) is due


@pytest.mark.parametrize(
    ("evidence", "written"),
    [
        ("rated 'inadequate' for", "rated ‘inadequate’ for"),
        ("offenders - and it's … \"We answer", "offenders – and it’s … “We answer"),
        ("alone: police", "alone: police"),
        ("nowhere", ""),
    ],
)
def test_evidence_can_be_had_in_the_characters_of_the_text(evidence: str, written: str) -> None:
    assert as_written(NEWS, evidence) == written


@pytest.mark.parametrize(
    ("evidence", "opened"),
    [
        ("police powers", "police powers"),
        ("THE FORCE", "The force"),
        ("the force in", "The force in"),
        ("'inadequate'", "‘inadequate’"),
        ("offenders - and", None),
        ("«We answer", None),
        ("out today. The force", None),
        ("out today … The force", "out today.\n\nThe force"),
        ("praised … the force", NEWS[NEWS.index("praised") : NEWS.index(" in the country")]),
        ("town … report", None),
        ("nowhere", None),
        ("", None),
    ],
)
def test_a_browser_opens_the_first_words_that_are_the_same_to_it(evidence: str, opened: str | None) -> None:
    span = browser_opens(NEWS, evidence)
    assert (span and NEWS[slice(*span)]) == opened


@pytest.mark.parametrize(
    ("text", "evidence", "opened"),
    [
        ("The Cafe and the café", "café", "Cafe"),
        ("tŷ ger y dŵr", "TY … DWR", "tŷ ger y dŵr"),
        ("Straße, Æon, Øre, Łódź", "strasse, aeon, ore, lodz", "Straße, Æon, Øre, Łódź"),
        ("мои дом, мой дом", "мой", "мой"),
        ("かき, がき", "がき", "がき"),
        ("ΣΟΦΟΣ", "σοφος", "ΣΟΦΟΣ"),
        ("so… he", "so... he", "so… he"),
        ("a ½ mile", "1⁄2 mile", "½ mile"),
        ("a ½ mile", "2 mile", None),
        ("10² miles", "102 miles", "10² miles"),
        ("10² miles", "10", "10"),
        ("inter\u00adcity trains", "intercity", "inter\u00adcity"),
        ("inter\u00adcity trains", "city trains", "city trains"),
        ("inter\u00adcity trains", "inter", "inter"),
        ("a (long)\u2060, walk", "(long)", None),
        ("‚fair‛ „play‟", "'fair' \"play\"", "‚fair‛ „play‟"),
        ("it`s", "it's", None),
        ("a b", "a\nb", "a b"),
        ("a\r\nb", "a b", "a\r\nb"),
        ("a\u00a0b", "a b", "a\u00a0b"),
        ("a\u00a0 b", "a b", None),
        ("a\r\n\r\nb", "a b", None),
        ("one x", "one … one", None),
        ("one x one", "one … one", "one x one"),
    ],
)
def test_what_is_the_same_to_a_browser(text: str, evidence: str, opened: str | None) -> None:
    """As `test_browser.py` finds that it is."""
    span = browser_opens(text, evidence)
    assert (span and text[slice(*span)]) == opened


def test_words_are_what_stands_between_spaces() -> None:
    assert [words(text) for text in ("", "a", " a\u00a0b\nc ", "a … b", "a…b", "it's – so")] == [0, 1, 3, 2, 1, 3]


@pytest.mark.parametrize(
    ("evidence", "due"),
    [
        ("police powers", []),
        (
            "force in the country",
            [
                (6, "calls faster.” The force in the country town was praised,", matching.SEVERAL),
                (7, "town was praised, the force in the country at large was not.", matching.SEVERAL),
            ],
        ),
        ("police power", [(4, "police powers", matching.INSIDE)]),
        ("Police powers", [(4, "police powers", matching.CASE)]),
        ("police pówers", [(4, "police powers", matching.SPELT)]),
        ("police powders were praised", [(4, "police powers were praised", matching.NEAR)]),
        ("town … report", [(7, "town", matching.NO_END), (1, "report", matching.NO_START)]),
        ("report … polise powers", [(4, "police powers", matching.NEAR), (1, "report", matching.NO_END)]),
        ("Report … town", [(1, "report", matching.CASE), (7, "town", matching.NO_START)]),
        ("Report … Town", [(1, "report", matching.CASE), (7, "town", matching.CASE)]),
        ("town … town", [(7, "town", matching.NO_END), (7, "town", matching.NO_START)]),
        ("inadequete", [(3, "‘inadequate’", matching.NEAR)]),
        ("wholly unlike anything", []),
        ("", []),
        ("…", []),
    ],
)
def test_what_was_perhaps_meant_is_shown(evidence: str, due: list[tuple[int, str, str]]) -> None:
    found = candidates(NEWS, evidence)
    assert [(c.line, c.words, c.why) for c in found] == due
    assert all(NEWS[slice(*c.span)] for c in found)


def test_what_is_shown_is_as_written_in_one_line_and_cut_where_it_is_long() -> None:
    long = "first " + "many words " * 40
    begin = f"x first{' many words' * 4} many"
    assert [c.words for c in candidates(f"x {long}\n\ny {long}", "first … many")] == [
        begin,
        f"many words many words y first{' many words' * 2} many",
    ]
    assert [c.words for c in candidates(f"x {long} end\n\ny {long} end", "first … end")] == [
        begin,
        f"many words end y first{' many words' * 3} many",
    ]
    several = "One. one. oNe. two"
    assert [c.why for c in candidates(several, "ONE … two")] == [matching.CASE, matching.CASE, matching.NO_START]
    text = "One “two”,\n\tthree said; " + "word " * 30 + "and ‘one two’ three."
    assert [c.words for c in candidates(text, "One two three")] == ["One “two”, three", "‘one two’ three."]
    assert [c.words for c in candidates(text, "said; Word" + " word" * 29)] == ["said; " + "word " * 10 + "wor…"]


@pytest.mark.parametrize(
    ("part", "times", "evidence", "found"),
    [
        ("’", 100_000, "’a", 0),
        ("a", 100_000, "a" * 1_999, 0),
        ("a ", 100_000, "a " * 999 + "b", 0),
        ("a ", 20_000, "a " * 999 + "a", 19_001),
        ("a ", 20_000, "a " * 400 + "… a", 19_600),
        ("aa ", 20_000, "aa " * 600 + "a", 0),
        ("\u0301\u0323", 100_000, "é", 0),
        ("e\u0301 ", 20_000, "é", 20_000),
        (" \u200b", 100_000, "a", 0),
        ("a\n\n", 20_000, "a a", 19_999),
        ("a\u200b", 100_000, "a", 0),
        ("警察は", 20_000, "は警", 19_999),
        ("\ufdfa", 20_000, "x", 0),
    ],
    ids=range(13),
)
def test_texts_that_take_a_careless_search_forever_are_searched(
    part: str, times: int, evidence: str, found: int
) -> None:
    text = Prepared(part * times)
    assert len(find(text, evidence)) == found
    assert len(candidates(text, evidence)) <= SHOWN
    assert browser_opens(text, evidence) in [None, *find(text, evidence)[:1], Span(0, 1)]


LETTERS: Final = "abcxyzABCéŵŷñßæſðøАбвйёαβςΣأحمد警察をカ가각I1２٣½²"
SIGNS: Final = "'’‘`\"“”«»-–—‑.,;:!?()&%#/_·\u0301\u0302\u0323\u3099\u0338\u00ad\u200b\u200d\u2060\ufe0f"
SPACES: Final = (" ", "  ", "\n", "\r\n", "\n\n", "\t", "\u00a0", "\u2009\u200b ", "\u3000", "\u2028")
KINDS: Final = ("'’‘‚‛`´‹›′", '"“”„‟«»″', "-‐‑–—−")
_UNSEEN: Final = re.compile(f"[{UNSEEN}]")


def is_word(token: str) -> bool:
    """Whether it can be seen, holds no ellipsis, and begins with a letter or sign and not with the mark of one."""
    seen = _UNSEEN.sub("", token)
    return bool(seen) and not any(c.isspace() or c == "…" for c in seen) and not is_mark(seen[0])


TOKENS: Final = st.one_of(st.text(LETTERS + SIGNS, max_size=6), st.text(max_size=4)).filter(is_word)


@st.composite
def slices(draw: st.DrawFn) -> tuple[str, Span]:
    """A text, and the place of some of its words, without spaces and what cannot be seen around them."""
    tokens = draw(st.lists(TOKENS, min_size=1, max_size=12))
    gaps = [draw(st.sampled_from(SPACES)) for _ in tokens]
    text = draw(st.sampled_from(["", " ", "\u200b"])) + "".join(map("".join, zip(tokens, gaps, strict=True)))
    places = [match.span() for match in re.finditer(rf"[^\s{UNSEEN}](\S*[^\s{UNSEEN}])?", text)]
    first = draw(st.integers(0, len(places) - 1))
    last = draw(st.integers(first, len(places) - 1))
    return text, Span(places[first][0], places[last][1])


def retyped(draw: st.DrawFn, given: str) -> str:
    """The same words from another keyboard."""
    made = []
    for character in draw(st.sampled_from([given, *(unicodedata.normalize(f, given) for f in ("NFC", "NFD"))])):
        kinds = SPACES if character.isspace() else next((k for k in KINDS if character in k), character)
        made.append(draw(st.sampled_from(kinds)) + draw(st.sampled_from(["", "", "", "\u00ad", "\u200b"])))
    return "".join(made)


@given(slices())
def test_any_words_of_any_text_are_found_where_they_stand(given: tuple[str, Span]) -> None:
    text, span = given
    found = find(text, text[span.start : span.end])
    assert span in found
    assert found == sorted(set(found))
    assert all(0 <= start < end <= len(text) for start, end in found)


@given(st.data())
def test_words_typed_otherwise_are_found_where_they_stand(data: st.DataObject) -> None:
    text, span = data.draw(slices())
    assert span in find(text, data.draw(st.composite(retyped)(text[span.start : span.end])))


@given(slices(), st.data())
def test_one_letter_more_less_or_other_is_noticed(given: tuple[str, Span], data: st.DataObject) -> None:
    text, span = given
    evidence = text[span.start : span.end]
    letters = [index for index, c in enumerate(evidence) if c.isalnum() and c not in "ʹʻʼʽˈ" and not _UNSEEN.match(c)]
    at = data.draw(st.sampled_from(letters)) if letters else 0
    new = data.draw(st.sampled_from([c for c in "abcXYZéŵ1" if c != evidence[at]]))
    changes = [evidence[:at] + new + evidence[at:]]
    if letters:
        changes += [evidence[:at] + evidence[at + 1 :], evidence[:at] + new + evidence[at + 1 :]]
    assert [change for change in changes if span in find(text, change)] == []


@given(slices())
def test_a_decomposed_text_has_the_same_words_in_the_same_places(given: tuple[str, Span]) -> None:
    text, span = given
    evidence = text[span.start : span.end]
    decomposed = unicodedata.normalize("NFD", text)
    here, there = passages(text, evidence), passages(decomposed, evidence)
    assert [unicodedata.normalize("NFC", found) for found in there] == [unicodedata.normalize("NFC", f) for f in here]


@given(st.text("ab ", max_size=30), st.text("ab ", min_size=1, max_size=7))
def test_all_places_are_found_as_by_looking_at_each(text: str, evidence: str) -> None:
    text, evidence = " ".join(text.split()), " ".join(evidence.split())
    assume(evidence)
    due = [m.start() for m in re.finditer(rf"(?<!\S)(?={evidence}(?!\S))", text)]
    assert [start for start, _ in find(text, evidence)] == due
    assert browser_opens(text, evidence.upper()) == (Span(due[0], due[0] + len(evidence)) if due else None)


@given(st.text("ab ", max_size=30), st.text("ab ", max_size=3), st.text("ab ", max_size=3))
def test_an_ellipsis_spans_to_the_next_last_words(text: str, first: str, last: str) -> None:
    firsts, lasts = find(text, first), find(text, last)
    due = [
        (f.start, min(e.end for e in lasts if e.start >= f.end)) for f in firsts if any(e.start >= f.end for e in lasts)
    ]
    assert find(text, f"{first}…{last}") == due


@given(st.text(LETTERS[:12] + "'’.- …\n", max_size=60), st.text(LETTERS[:12] + "'’.- …\n", max_size=12))
def test_candidates_are_shown_only_where_they_help(text: str, evidence: str) -> None:
    shown = candidates(text, evidence)
    assert len(shown) <= SHOWN
    assert not (shown and len(find(text, evidence)) == 1)
    assert all(len(c.words) <= LONGEST and 0 <= c.span.start < c.span.end <= len(text) for c in shown)
    assert all(c.line == text[: c.span.start].count("\n") + 1 for c in shown)
