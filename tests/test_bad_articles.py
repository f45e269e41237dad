"""Every kind of fault inside one article, at its line; the cases stand in tests/bad."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.fast import quiet
from jobs.problems import CODES, FORMATS, Problem
from jobs.read import read_fast, read_slow
from jobs.rules import RULES, Rule
from jobs.screen import screen
from tests.helpers import BAD, BODY, HEAD, TODAY, Case, all_cases, build, cases_of, check, compared, lists_with

RULE_FILES = BAD / "rules"


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_each_problem_is_at_its_line(case: Case) -> None:
    found, due = compared(check(case.text, case.lists), case.expected)
    assert found == due


def test_every_rule_has_an_example() -> None:
    assert {path.stem for path in RULE_FILES.iterdir()} == {rule.__name__ for rule in RULES}


def found_by(rule: Rule, case: Case) -> int:
    article = read_slow(case.text).article
    assert article is not None
    return len(list(rule(article, lists_with(case.lists), TODAY)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_rule_fails_and_passes_its_examples(rule: Rule) -> None:
    examples = {case.name: case for case in cases_of(RULE_FILES / f"{rule.__name__}.yaml")}
    assert found_by(rule, examples["fails"]) == len(examples["fails"].expected)
    assert found_by(rule, examples["passes"]) == 0
    assert check(examples["passes"].text, examples["passes"].lists) == []


def hint_of(body: str, head: str = HEAD) -> str:
    (problem,) = check(head + body)
    return problem.hint


@pytest.mark.parametrize(
    ("body", "hint"),
    [
        ("grades:\n- {area: powers, grade: good, evidense: good}\n", "did you mean evidence?"),
        ("statments: []\n", "did you mean statements?"),
        ("grades:\n- {area: polic powers and public treatment, grade: good}\n", "did you mean police powers and public"),
        ("grades:\n- {area: powers, grade: addequate}\n", "did you mean adequate?"),
        ("grades:\n- {area: powers, grade: good, inspection: cambrigeshire-peel-2023-25}\n", "did you mean cambridgeshire-peel-2023-25?"),
        ("statements:\n- {id: a-point, speaker: roy-wilscher}\n", "did you mean roy-wilsher?"),
        ("statements:\n- {id: a-point, speaker: Cambridgeshire}\n", "did you mean cambridgeshire?"),
        ("metrics:\n- {measure: emergency-call-change, claimed_by: hmicfrs, value: 27}\n", "did you mean emergency-calls-change?"),
        ("metrics:\n- {measure: emergency-calls-change, claimed_by: hmicfrs, value: 27, unit: percnt}\n", "did you mean percent?"),
        ("metrics:\n- {measure: emergency-calls-change, claimed_by: hmicfrs, value: 27, subject: surey}\n", "did you mean surrey?"),
        ("metrics:\n- {measure: calls-answered-in-time, claimed_by: hmicfrs, value: 27, threshold: 10 secons}\n", "did you mean seconds?"),
        ("origin: hmicfrs-release-cambridgeshire-2024-03-21\n", "did you mean hmicfrs-release-cambridgeshire-2024-03-12?"),
        ("licence: ogl\n", "did you mean ogl-3?"),
    ],
)  # fmt: skip
def test_the_hint_names_the_likeliest_value(body: str, hint: str) -> None:
    assert hint_of(body).casefold().startswith(hint.casefold())


def test_a_hint_lists_a_few_values_where_none_is_likely() -> None:
    body = "statements:\n- {id: a-point, speaker: hmicfrs, kind: finding, stance: xyzzy, summary: A point.}\n"
    assert hint_of(body) == "one of: mixed, negative, neutral, positive"


def test_a_hint_never_proposes_the_opposite_grade() -> None:
    """The four grades before 2021/22 have no ‘adequate’; its nearest word, ‘inadequate’, is not what was meant."""
    kent = {"inspections": "kent-made-up-2018,kent,peel-2018-19,,,,,\n"}
    head = HEAD.replace("cambridgeshire-peel-2023-25", "kent-made-up-2018")
    (problem,) = check(head + "grades:\n- {area: eff, grade: adequate}\n", kent)
    assert problem.hint == "one of: outstanding, good, requires improvement, inadequate"


def texts_of(text: str) -> list[str]:
    found = []
    with quiet():
        fast = read_fast(text.encode())
    for article in (fast, read_slow(text).article):
        if article is fast is None:  # the fast way leaves it to the slow one
            continue
        assert article is not None
        found.append(article.statements[0].summary)
    return found


@pytest.mark.parametrize("word", ["no", "on", "In March", "1 000 calls", "null and void", "Nan Smith"])
def test_a_text_is_kept_exactly_as_written(word: str) -> None:
    body = f"statements:\n- {{id: a-point, speaker: hmicfrs, kind: finding, stance: neutral, summary: {word}}}\n"
    assert check(HEAD + body) == []
    assert set(texts_of(HEAD + body)) == {word}


@pytest.mark.parametrize("word", ["0x1F", "012", "22:30", "1_000", "1e5", "2024-03-12", "0.50"])
def test_a_text_that_a_spreadsheet_would_change_is_refused_in_its_own_words(word: str) -> None:
    body = f"statements:\n- {{id: a-point, speaker: hmicfrs, kind: finding, stance: neutral, summary: {word}}}\n"
    (problem,) = check(HEAD + body)
    assert (problem.line, problem.column, problem.code) == (BODY + 1, 76, "number-text")
    assert f"‘{word}’" in problem.message
    assert set(texts_of(HEAD + body)) == {word}


def test_an_odd_number_is_refused_in_the_words_that_were_written() -> None:
    messages = [check(HEAD + METRIC.format(word))[0].message for word in ("no", "012", "22:30", "1_000")]
    assert messages == [f"‘{word}’ is not a number" for word in ("no", "012", "22:30", "1_000")]


METRIC = "metrics:\n- {{measure: emergency-calls-change, claimed_by: hmicfrs, value: {}}}\n"


@pytest.mark.parametrize("word", ["'1\"2'", '"1\\"2"'])
def test_a_quote_in_a_number_is_shown_as_it_is(word: str) -> None:
    (problem,) = check(HEAD + METRIC.format(word))
    assert problem.message == '‘1"2’ is not a number'


def test_a_misspelt_key_is_reported_once_although_it_stands_twice() -> None:
    problems = check(HEAD + "colour: blue\ncolour: red\n")
    assert [(p.line, p.code) for p in problems] == [(BODY, "unknown-key"), (BODY + 1, "duplicate-key")]


@pytest.mark.parametrize("digits", [400, 5_000])
@pytest.mark.parametrize("field", ["value", "population", "comparator_value"])
def test_a_number_of_any_length_is_a_problem_and_no_crash(field: str, digits: int) -> None:
    metric = {"measure": "call-answering-rank", "claimed_by": "hmicfrs", "value": "13"} | {field: "9" * digits}
    body = "metrics:\n- " + "\n  ".join(f"{key}: {value}" for key, value in metric.items()) + "\n"
    assert "too-many-digits" in [p.code for p in check(HEAD + body)]


def test_the_same_problem_a_thousand_times_is_shown_fifty_times() -> None:
    problems = check(HEAD + "grades:\n" + "- {area: dogs, grade: good}\n" * 1_000)
    assert len(problems) == 50
    assert problems[-1].message.endswith("(and 950 more of this kind in the file)")


def test_grades_that_contradict_each_other_name_both() -> None:
    (problem,) = check(HEAD + "grades:\n- {area: powers, grade: good}\n- {area: Powers, grade: inadequate}\n")
    assert problem == Problem(
        "a-b.yaml", BODY + 2, 3, "repeated-grade",
        "‘Police powers and treating the public fairly and respectful…’ is graded twice here and differently",
        "first as ‘good’, item 1 of grades",
    )  # fmt: skip


def test_a_grade_repeated_in_other_letters_does_not_differ() -> None:
    (problem,) = check(HEAD + "grades:\n- {area: powers, grade: good}\n- {area: Powers, grade: Good}\n")
    assert "differently" not in problem.message


@pytest.mark.parametrize("place", [lambda text: text, lambda text: f"\n{text}", lambda text: f"  {text}  "])
def test_text_survives_whole(place: Callable[[str], str]) -> None:
    words = "Heddlu’r dŵr, ŷd; Gàidhlig; العربية; Ελληνικά; 🚓 “quoted” ‘words’ – café"
    files, problems = build({"a-b": f'{HEAD}title: "{place(words)}"\n'})
    assert problems == []
    assert f'"{words}"'.encode() in files["articles.csv"]
    assert words.encode() in files["articles.parquet"]


def test_decomposed_letters_come_out_composed() -> None:
    files, problems = build({"a-b": f"{HEAD}title: Dw\u0302r cafe\u0301\n"})
    assert problems == []
    assert "Dŵr café".encode() in files["articles.csv"]


def test_letters_decomposed_by_an_escape_come_out_composed_or_not_at_all() -> None:
    files, problems = build({"a-b": f'{HEAD}title: "cafe\\u0301"\n'})
    assert problems or "café".encode() in files["articles.csv"]


def test_screened_texts_are_what_both_readers_see() -> None:
    text, spots = screen((HEAD + "title: a\r\n").encode())
    assert (text, spots) == (HEAD + "title: a\n", [])


WITH_BAD_INPUT = (
    "test_bad_*.py",
    "test_article_dates.py",
    "test_decisions.py",
    "test_events.py",
    "test_guard.py",
    "test_lessons.py",
    "test_pinning.py",
    "test_pins.py",
)
"""The tests that hold bad input, here and beside; others may name a code without ever producing it."""


def test_every_code_is_due_somewhere_in_these_tests() -> None:
    due = {code for case in all_cases() for _, code, _ in case.expected}
    folder = Path(__file__).parent
    for path in sorted({path for pattern in WITH_BAD_INPUT for path in folder.glob(pattern)}):
        found = re.findall(r'"([a-z0-9-]+)"|#! ([a-z0-9-]+)', path.read_text(encoding="utf-8"))
        due |= {word for words in found for word in words}
    assert CODES.keys() - due == set()


HOSTILE = ["a\n::error::x", "a\r::error::x", "a\x1b[31mred", "a\x9b31m", "a\u202egnp", "a%0Ab", "a%0A::error::x", "a,line=9,col=9", "a::b", "a:b",
           "a'\"b", "a\u2028b", "a\u0085b", "a\x00b", "\u200b", "a\U000e0041b", "::set-output name=x::y", "a\ud800b", "%25", "a\x7fb"]  # fmt: skip


@pytest.mark.parametrize("word", HOSTILE)
@pytest.mark.parametrize("field", ["path", "message", "hint"])
def test_no_text_breaks_out_of_a_format(word: str, field: str) -> None:
    texts = {"path": "articles/a-b.yaml", "message": "a message", "hint": "a hint"} | {field: word}
    problem = Problem(
        path=texts["path"], line=3, column=4, code="unknown-value", message=texts["message"], hint=texts["hint"]
    )
    (annotation,) = FORMATS["github"]([problem])
    assert re.fullmatch(r"::error file=[^,:\r\n]*,line=3,col=4,title=unknown-value::[^\r\n]*", annotation)
    lines = [*FORMATS["text"]([problem]), annotation]
    assert len(lines) == 3
    assert not any(re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e0fff]", line)
                      for line in lines)  # fmt: skip
    (said,) = FORMATS["json"]([problem])
    assert said.isascii()
    assert json.loads(said) == [problem._asdict()]
    assert re.sub(r"[\x20-\x7e\n]", "", said) == ""


@pytest.mark.parametrize("word", ["a\x1b[31m", "::error::x", "x%0A::error::x", "a\u202eb", "a\nb", "'a\"b"])
def test_hostile_values_are_shown_escaped(word: str) -> None:
    quoted = json.dumps(word)
    for body in (
        f"publisher: {quoted}\n",
        f"{quoted}: x\n",
        f"updated: {quoted}\n",
        f"grades:\n- {{area: {quoted}, grade: {quoted}}}\n",
    ):
        head = HEAD.replace("publisher: wired-gov\n", "") if body.startswith("publisher") else HEAD
        problems = check(head + body)
        assert problems
        for problem in problems:
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", problem.message + problem.hint)
