"""The readers agree: what a fast one accepts, the slow one reads without a problem and with the same content."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jobs.fast import as_json, quiet
from jobs.read import read_fast, read_slow
from jobs.screen import screen
from jobs.written import from_json
from schemas.article import Article
from tests.helpers import HEAD, Case, all_cases, articles_in, real

ARTICLES = {Path(path).stem: Path(path).read_text(encoding="utf-8") for path, _ in real().articles}


def assert_agree(text: str) -> Article | None:
    """Holds a text against both readers, as `jobs.read.read` would use them."""
    screened, spots = screen(text.encode("utf-8", "surrogatepass"))
    if spots:
        return None
    with quiet():
        fast = read_fast(screened.encode())
        (content,) = as_json([screened.encode()])
    written = from_json([content]) if content else None
    if fast is not None:
        slow = read_slow(screened)
        assert (slow.spots, slow.findings) == ([], [])
        assert slow.article == fast
    if fast is not None or written is not None:
        assert written is not None
        assert articles_in(written) == [written.article(0)] == [fast]
    return fast


@pytest.mark.parametrize("name", ARTICLES)
def test_the_real_articles_go_the_fast_way(name: str) -> None:
    assert assert_agree(ARTICLES[name]) is not None


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_no_case_of_bad_input_is_read_in_two_ways(case: Case) -> None:
    assert_agree(case.text)


NUMBERS = [
    "0", "-0", "00", "1", "12", "-12", "012", "+3", ".5", "-.5", "5.", "5.0", "0.50", "0.", "-0.0", "1e5", "1E5",
    "1e-5", "1_000", "1,000", "0x1F", "0o17", "0b1", "12:", "22:30", "22:30:45", "~", "null", "Null", "NULL", "true",
    "True", "no", "No", "yes", "on", "off", ".inf", "-.inf", ".Inf", "inf", ".nan", ".NaN", "nan", "NaN", '"12"',
    "'12'", '"0.50"', "'.5'", '""', "''", '"', '12"', "'12", "'", "1#2", "12#3", "[]", "{}", "[1]", "{a}", "{a:1}",
    "[1,2]", "1-2", "-", "--", "---", "...", "1...", "?", "!", "&", "*", "|", ">", "%", "@", "`", ",", ":", "]", "}",
    "12]", "12}", "12,", "99999999999999999999", "1.0000000000000000000001", "０", "１２", "1２", "٣", "½", "²", "∞",
    "1\u00a02", "2024-03-12", "1/2", "27%", "£5", "a'b", 'a"b', "\"a'b\"", "'a\"b'", "'a''b'", "#",
]  # fmt: skip


@pytest.mark.parametrize(
    "style", ["{}", " {}", "{} ", "{} # remark", "{}\n", "\n    {}", '"{}"', "'{}'", "{} 2", "2 {}"]
)
def test_numbers_are_the_text_that_was_written(style: str) -> None:
    for number in NUMBERS:
        word = style.format(number)
        metric = f"metrics:\n- measure: call-answering-rank\n  value: {word}\n  claimed_by: hmicfrs\n"
        assert_agree(HEAD + metric)
        assert_agree(f"{HEAD}counts:\n- total: {word}\n  grades:\n    good: {word}\n")
        assert_agree(f"{HEAD}counts:\n- {{total: {word}, grades: {{good: {word}}}}}\n")
        assert_agree(f"{HEAD}counts:\n- grades: {{{word}: 1}}\n")
        assert_agree(f"{HEAD}title: {word}\nnote: {word}\n")


WORDS = [
    "", " ", "  ", "\n", "\n\n", "\n  ", ":", ": ", " :", "-", "- ", " - ", "#", " #", "# x", '"', "'", '""', "''", '" "', "' '",
    "[", "]", "[]", "{", "}", "{}", "{: 1}", "[,]", ",", "? ", "|", ">", "|-", ">+", "|2", "&a ", "*a", "!t ", "!!str ", "%", "@", "`",
    "~", "null", "true", "no", ".5", "1e5", "---", "...", "<<", "\\", "\\n", '\\"', "a: b", "a:b", "x", "…", "\u00a0", "é", "e\u0301",
    "\t", "\u3000", "'a' b", '"a" b', "a 'b'", "=", "<", "\u0338", "\r\n", "\u0085",
]  # fmt: skip


KEYS = st.sampled_from(["title", "note", "url", "grades", "area", "'note'", '"note"', "x"])
FOLDED = st.lists(
    st.sampled_from(["", " ", "  ", "   ", "x", "x y ", "# x", "- x", "a: b", "-", "'", '"', "x #y", "…"]), max_size=6
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(st.sampled_from([">-", "|-", ">", "|", ">+", ">2", "> # x", "|2-", ">-  "]), FOLDED, st.integers(0, 5), KEYS)
def test_any_folded_text_is_read_alike(header: str, lines: list[str], indent: int, key: str) -> None:
    folded = "".join(f"{' ' * indent}{line}\n" for line in lines)
    assert_agree(f"{HEAD}{key}: {header}\n{folded}")
    assert_agree(f"{HEAD}grades:\n- {key}: {header}\n  {folded}  area: powers\n  grade: good\n")
    assert_agree(f"{HEAD}grades:\n- area: powers\n  {key}: {header}\n{folded}  grade: good\n")


def mutations(text: str, seed: int, number: int) -> Iterator[str]:
    """Copies of a text with one or two small changes each: a slip of the pen, a lost line, a stray word."""
    chance = random.Random(seed)
    for _ in range(number):
        mutant = text
        for _ in range(chance.choice([1, 1, 2])):
            mutant = _mutated(mutant, chance)
        yield mutant


def _mutated(text: str, chance: random.Random) -> str:
    text = text or "x"
    lines = text.split("\n")
    spot, line = chance.randrange(len(text)), chance.randrange(len(lines))
    match chance.randrange(9):
        case 0:
            return text[:spot] + chance.choice(WORDS) + text[spot:]
        case 1:
            return text[:spot] + text[spot + chance.randint(1, 3) :]
        case 2:
            return text[:spot]
        case 3:
            return "\n".join(lines[:line] + lines[line + 1 :])
        case 4:
            return "\n".join([*lines[: line + 1], *lines[line:]])
        case 5:
            other = chance.randrange(len(lines))
            return "\n".join([*lines[:line], lines[other], *lines[line:]])
        case 6:
            lines[line] = " " * chance.randrange(5) + lines[line].lstrip()
            return "\n".join(lines)
        case 7:
            key, colon, _ = lines[line].partition(": ")
            lines[line] = key + colon + chance.choice(WORDS) + chance.choice(["", *WORDS])
            return "\n".join(lines)
        case _:
            return text[:spot] + chance.choice(WORDS) + text[spot + 1 :]


SHORT = re.sub(r"(?s)(  - id: digital.*)(?=  # The inspector's)", "", ARTICLES["cambridgeshire-2024-03-13-wired-gov"])


@pytest.mark.parametrize("seed", range(8))
def test_mutations_of_a_real_article_are_read_alike(seed: int) -> None:
    for mutant in mutations(SHORT, seed, 400):
        assert_agree(mutant)


SCALARS = st.one_of(
    st.sampled_from(WORDS),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=6),
    st.text(st.sampled_from(" \n:-#'\"[]{},&*!|>%@`?.0x1a"), max_size=8),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=4).map("".join),
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(SCALARS, KEYS)
@example('"  "', "title")
@example("a\n\n  b", "note")
def test_any_value_is_read_alike(word: str, key: str) -> None:
    assert_agree(f"{HEAD}{key}: {word}\n")
    assert_agree(f"{HEAD}grades:\n- {{area: powers, grade: good, {key}: {word}}}\n")
    assert_agree(f"{HEAD}grades:\n- area: powers\n  {key}: {word}\n  grade: good\n")
