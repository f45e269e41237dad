"""Pins with texts: the words of a fact mean one passage, and every change of a text is seen. No text here was printed."""

import os
import random
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from jobs.decisions import NO_DECISIONS
from jobs.pinning import prove_pins
from jobs.pipeline import Sources
from jobs.problems import Problem
from jobs.sources import read_sources
from tests.cases import Desk, distinct, head, quicken
from tests.helpers import TODAY, lists_with

TEXT: Final = """\
NORTHMERE: A GOOD MORNING FOR NOBODY

A good morning is rare in a town that was made up for this line.
Calls wait far too long – “an age”, says a voice – until they are
answered.

The voice goes on: “Officers’ work, and the officers' rest, matter.”
The force answers 9 of 10 calls. Ŵyl y môr is a feast of the sea.

It ends here, at the end of the page.
"""
GRADE: Final = "grades:\n  - area: prevent\n    grade: good\n    evidence: {}\n"
LINE, COLUMN = 9, 15
"""Where the evidence of that grade stands."""


def article(evidence: str, name: str = "a") -> str:
    return head(name).replace("not-held", f"{name}.txt") + GRADE.format(evidence)


def one(tmp_path: Path, evidence: str, text: str | bytes = TEXT) -> Desk:
    return Desk(tmp_path, {"a-one": article(evidence)}, {"a.txt": text})


def passage(desk: Desk, text: str = TEXT) -> str:
    """The words that the only claim was pinned to."""
    (row,) = desk.tables()["claims"]
    return text[row["span_start"] : row["span_end"]]


@pytest.mark.parametrize(
    ("evidence", "words"),
    [
        ("far too long", "far too long"),
        ("for this line. Calls wait", "for this line.\nCalls wait"),
        ("Calls wait … answered", "Calls wait far too long – “an age”, says a voice – until they are\nanswered"),
        ("'\"an age\", says'", "“an age”, says"),
        ("Officers' work", "Officers’ work"),
        ("the officers’ rest", "the officers' rest"),
        ("until they are   answered", "until they are\nanswered"),
        ("Ŵyl y môr", "Ŵyl y môr"),
        ("9 of 10 calls", "9 of 10 calls"),
        ("made up … matter", TEXT[TEXT.index("made up") : TEXT.index("matter") + 6]),
    ],
)
def test_words_mean_one_passage(tmp_path: Path, evidence: str, words: str) -> None:
    desk = one(tmp_path, evidence)
    assert desk.pin() == []
    assert passage(desk) == words


def test_letters_may_be_composed_or_not(tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", TEXT)
    desk = one(tmp_path, "Ŵyl y môr", text)
    assert desk.pin() == []
    assert unicodedata.normalize("NFC", passage(desk, text)) == "Ŵyl y môr"


@pytest.mark.parametrize(
    ("evidence", "code", "message", "hint"),
    [
        ("far too longer", "no-match", "‘far too longer’ is not in the text", "line 4: ‘far too long’ (similar words)"),
        ("calls Wait", "no-match", "is not in the text", "line 4: ‘Calls wait’ (other capital letters)"),
        ("ar too lon", "no-match", "is not in the text", "line 4: ‘far too long’ (part of a longer word)"),
        ("Wyl y mor", "no-match", "is not in the text", "line 8: ‘Ŵyl y môr’ (other accents or signs)"),
        ("Calls wait … nowhere", "no-match", "is not in the text", "line 4: ‘Calls wait’ (the first words, which"),
        ("quite other matters entirely", "no-match", "is not in the text", "is it the text of this article?"),
        ("the", "several-matches", "‘the’ is in the text 4 times", "add a word"),
        ("answered. The voice", "opens-elsewhere", "beyond the end of a paragraph", "put the ellipsis where"),
        ("long - “an age”", "opens-elsewhere", "a browser does not find", "as in the text: long – “an age”"),
        ("good morning", "opens-elsewhere", "a browser opens line 1 for these words: ‘GOOD MORNING’", "add a word"),
    ],
)
def test_words_that_mean_none_or_several(tmp_path: Path, evidence: str, code: str, message: str, hint: str) -> None:
    desk = one(tmp_path, f"'{evidence}'")
    before = desk.files()
    (problem,) = desk.pin()
    assert (problem.path, problem.line, problem.column) == (str(desk.article("a-one")), LINE, COLUMN)
    assert problem.code == code
    assert message in problem.message
    assert hint in problem.hint
    assert desk.files() == before


def test_words_in_several_places_are_shown_with_words_around_them(tmp_path: Path) -> None:
    (problem,) = one(tmp_path, "it", "If it rains, it pours.\nNobody says it.\n").pin()
    assert problem.hint.endswith(
        "line 1: ‘If it rains, it pours. Nobody says it.’ (one of several places); "
        "line 1: ‘If it rains, it pours. Nobody says it.’ (one of several places); "
        "line 2: ‘If it rains, it pours. Nobody says it.’ (one of several places)"
    )


STATEMENT: Final = """\
statements:
  - id: a-point
    speaker: hmicfrs
    kind: concern
    stance: negative
    summary: It takes long.
    evidence: {}
    excerpt: {}
"""


@pytest.mark.parametrize(
    ("evidence", "excerpt", "found"),
    [
        ("Calls wait", "far too long", []),
        ("Calls wait", "The", []),  # locates nothing, so it may stand in several places
        ("Calls wait", "far too short", [(13, "no-match")]),
        ("Calls weight", "far too short", [(12, "no-match"), (13, "no-match")]),
    ],
)
def test_an_excerpt_stands_in_the_text_as_well(
    tmp_path: Path, evidence: str, excerpt: str, found: list[tuple[int, str]]
) -> None:
    text = head("a").replace("not-held", "a.txt") + STATEMENT.format(evidence, excerpt)
    desk = Desk(tmp_path, {"a-one": text}, {"a.txt": TEXT})
    assert [(p.line, p.code) for p in desk.pin()] == found


def test_an_excerpt_alone_locates_and_must_stand_in_one_place(tmp_path: Path) -> None:
    text = head("a").replace("not-held", "a.txt") + STATEMENT.format("X", "the").replace("    evidence: X\n", "")
    desk = Desk(tmp_path, {"a-one": text}, {"a.txt": TEXT})
    assert [(p.line, p.column, p.code) for p in desk.pin()] == [(12, 14, "several-matches")]


def link(path: Path) -> None:
    path.rename(path.with_suffix(".x"))
    path.symlink_to(path.with_suffix(".x"))


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


UNREADABLE: Final[dict[str, tuple[Callable[[Path], object], str]]] = {
    "missing": (Path.unlink, "No such file or directory"),
    "a link": (link, "cannot be read"),
    "a pipe": (pipe, "not a regular file"),
    "a folder": (folder, "not a regular file"),
    "not UTF-8": (lambda path: path.write_bytes(TEXT.encode() + b"caf\xe9\n"), "is not UTF-8"),
    "UTF-16": (lambda path: path.write_bytes(TEXT.encode("utf-16")), "byte 1 of the text ‘a.txt’ is not UTF-8"),
    "too large": (lambda path: path.write_bytes(b"a " * 600_000), "at most 1,048,576"),
    "far too large": (lambda path: os.truncate(path, 2**34), "File too large"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_text_that_cannot_be_read_is_shown_where_it_is_named(tmp_path: Path, name: str) -> None:
    desk = one(tmp_path, "far too long")
    assert desk.pin() == []
    kept = desk.pins("a-one").read_bytes()
    change, message = UNREADABLE[name]
    change(desk.text("a.txt"))
    for problems in (desk.pin(), desk.check(texts=True)):
        assert [(p.line, p.column, p.code) for p in problems] == [(4, 7, "missing-text")]
        assert message in problems[0].message
    assert desk.pins("a-one").read_bytes() == kept
    assert desk.check() == []


def test_an_empty_text_has_no_words(tmp_path: Path) -> None:
    assert [p.code for p in one(tmp_path, "far too long", "").pin()] == ["no-match"]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    articles = {"a-one": article("far too long"), "b-two": article("Calls … answered", "b")}
    made = Desk(tmp_path, articles | {"c-three": head("c")}, {"a.txt": TEXT, "b.txt": TEXT})
    assert made.pin() == []
    return made


def proved(desk: Desk, sources: Sources) -> list[Problem]:
    return prove_pins(sources, lists_with(), NO_DECISIONS, TODAY, desk.texts, ())


LETTERS: Final = "aZ9 \n\t\r.’'–-é\N{COMBINING ACUTE ACCENT}\N{ZERO WIDTH SPACE}\N{NO-BREAK SPACE}\N{BOM}𝔘"


def test_every_random_change_to_a_text_is_noticed(desk: Desk) -> None:
    rng = random.Random(2)
    sources, _ = read_sources(desk.sources)
    assert proved(desk, sources) == []
    for number in range(150):
        at = rng.choice([0, len(TEXT) - 1, rng.randrange(len(TEXT))])
        new = rng.choice(LETTERS)
        text = rng.choice([TEXT[:at] + TEXT[at + 1 :], TEXT[:at] + new + TEXT[at + 1 :], TEXT[:at] + new + TEXT[at:]])
        name = "ab"[number % 2]
        if text != TEXT:
            desk.text(f"{name}.txt").write_bytes(text.encode())
            found = [p for p in proved(desk, sources) if p.code == "changed-text"]
            assert [(Path(p.path).name[0], p.line, p.column) for p in found] == [(name, 4, 7)], (at, new)
            desk.text(f"{name}.txt").write_bytes(TEXT.encode())


def test_every_random_change_to_the_bytes_of_a_text_is_noticed(desk: Desk) -> None:
    rng = random.Random(3)
    sources, _ = read_sources(desk.sources)
    data = TEXT.encode()
    for _ in range(100):
        at = rng.choice([0, len(data) - 1, rng.randrange(len(data))])
        flipped = data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
        desk.text("a.txt").write_bytes(flipped)
        assert {p.code for p in proved(desk, sources)} & {"changed-text", "missing-text"}, at


@pytest.mark.parametrize(
    "text",
    [
        "\N{BOM}" + TEXT, TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), TEXT.rstrip("\n"), TEXT + "\n", " " + TEXT,
        TEXT + "\0", unicodedata.normalize("NFD", TEXT), TEXT.replace("\n", " \n"), TEXT + TEXT, TEXT.upper(), "",
    ],
)  # fmt: skip
def test_a_text_that_reads_the_same_is_another_text(desk: Desk, text: str) -> None:
    desk.text("a.txt").write_bytes(text.encode())
    assert "changed-text" in [p.code for p in desk.check(texts=True)]
    assert desk.check() == []


def test_pins_made_anew_are_those_of_the_text_as_it_is_now(desk: Desk) -> None:
    text = "Something before. " + TEXT
    desk.text("a.txt").write_text(text, encoding="utf-8")
    assert desk.pin() == []
    assert desk.check(texts=True) == []
    (row,) = [row for row in desk.tables()["claims"] if row["article_id"] == "a-one"]
    assert text[row["span_start"] : row["span_end"]] == "far too long"


def test_pinning_again_changes_nothing(desk: Desk) -> None:
    before = desk.files()
    times = desk.pins("a-one").stat().st_mtime_ns
    status, out, said = desk.run("pin", "--texts", str(desk.texts))
    assert (status, out, said) == (0, "", "2 articles pinned, 0 of them anew\n")
    assert desk.files() == before
    assert desk.pins("a-one").stat().st_mtime_ns == times


def test_pins_are_the_same_wherever_they_are_made(desk: Desk, tmp_path: Path) -> None:
    other = Desk(tmp_path / "other", {"b-two": article("Calls … answered", "b")}, {"b.txt": TEXT, "z.txt": "no"})
    assert other.pin() == []
    assert other.pins("b-two").read_bytes() == desk.pins("b-two").read_bytes()


def test_pinning_writes_pins_and_nothing_else(tmp_path: Path) -> None:
    made = Desk(tmp_path, {"a-one": article("far too long"), "c-three": head("c")}, {"a.txt": TEXT, "x.txt": "x"})
    before = made.files()
    assert made.pin() == []
    after = made.files()
    assert set(after) - set(before) == {"sources/evidence/a-one.json"}
    assert {name: after[name] for name in before} == before
    assert [path.name for path in tmp_path.iterdir() if path.name not in ("sources", "texts")] == []


BROKEN: Final = {
    "YAML": "grades: [\n",
    "shape": "colour: blue\n",
    "values": "updated: 2024-13-01\n",
    "rules": "counts:\n  - grades: {good: 9}\n    total: 3\n    evidence: far\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_articles_with_problems_keep_their_pins_and_others_get_theirs(desk: Desk, kind: str) -> None:
    kept = desk.pins("a-one").read_bytes()
    with desk.article("a-one").open("a", encoding="utf-8") as file:
        file.write(BROKEN[kind])
    desk.article("b-two").write_text(article("answered", "b"), encoding="utf-8")
    problems = desk.pin()
    assert {p.path for p in problems} == {str(desk.article("a-one"))}
    assert desk.pins("a-one").read_bytes() == kept
    assert {p.path for p in desk.check(texts=True)} == {str(desk.article("a-one"))}


def test_problems_of_all_files_show_in_one_run(tmp_path: Path) -> None:
    articles = {
        "a-one": article("far too short"), "b-two": article("the", "b"), "c-three": article("far", "c"),
        "d-four": article("far", "d") + "colour: blue\n", "e-five": article("far too long", "e"),
    }  # fmt: skip
    made = Desk(tmp_path, articles, {f"{name}.txt": TEXT for name in "abde"})
    assert [(Path(p.path).stem, p.code) for p in made.pin()] == [
        ("a-one", "no-match"), ("b-two", "several-matches"), ("c-three", "missing-text"), ("d-four", "unknown-key"),
    ]  # fmt: skip
    assert made.pins("e-five").exists()


def test_a_proof_shows_what_else_is_wrong_as_well(desk: Desk) -> None:
    desk.text("b.txt").write_text("Another text.\n", encoding="utf-8")
    desk.article("a-one").write_text(article("far too long") + "colour: blue\n", encoding="utf-8")
    found = {(Path(p.path).stem, p.code) for p in desk.check(texts=True)}
    assert found == {("a-one", "unknown-key"), ("b-two", "changed-text"), ("b-two", "no-match")}


def test_an_article_that_cannot_be_looked_at_keeps_its_pins(desk: Desk) -> None:
    path = desk.article("a-one")
    path.rename(desk.texts / "a-one.yaml")
    path.symlink_to(desk.texts / "a-one.yaml")
    kept = desk.pins("a-one").read_bytes()
    assert [(p.path, p.code) for p in desk.pin()] == [(str(path), "not-a-file")]
    assert desk.pins("a-one").read_bytes() == kept


def test_a_folder_of_pins_that_is_a_link_is_not_written_to(tmp_path: Path) -> None:
    made = one(tmp_path, "far too long")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (made.sources / "evidence").symlink_to(elsewhere)
    assert [(p.path, p.code) for p in made.pin()] == [(str(made.sources / "evidence"), "not-a-file")]
    assert list(elsewhere.iterdir()) == []


def test_pins_that_are_a_link_are_replaced_not_followed(desk: Desk) -> None:
    elsewhere = desk.texts / "elsewhere.json"
    data = desk.pins("a-one").read_bytes()
    desk.pins("a-one").rename(elsewhere)
    desk.pins("a-one").symlink_to(elsewhere)
    assert [p.code for p in desk.pin()] == ["not-a-file"]
    assert elsewhere.read_bytes() == data
    assert desk.pin() == []
    assert not desk.pins("a-one").is_symlink()


def test_an_id_that_is_none_is_not_pinned(tmp_path: Path) -> None:
    made = Desk(tmp_path, {"A One": article("far too long")}, {"a.txt": TEXT})
    assert [p.code for p in made.pin()] == ["bad-id"]
    assert not (made.sources / "evidence").exists()


def test_broken_code_lists_stop_the_pinning(desk: Desk) -> None:
    (desk.sources / "codelists/units.csv").unlink()
    shutil.rmtree(desk.sources / "evidence")
    assert "missing-list" in [p.code for p in desk.pin()]
    assert not (desk.sources / "evidence").exists()


@pytest.mark.parametrize("verb", ["pin", "check"])
def test_texts_are_a_folder(desk: Desk, verb: str) -> None:
    for path in (desk.texts / "nowhere", desk.text("a.txt")):
        status, out, said = desk.run(verb, "--texts", str(path))
        assert (status, out) == (2, "")
        assert "is not a folder of texts" in said


def test_a_disk_that_refuses_leaves_the_pins_as_they_were(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = desk.files()
    desk.text("a.txt").write_text("Before. " + TEXT, encoding="utf-8")
    monkeypatch.setattr(
        "jobs.staging._write_file", lambda path, parts: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    status, _, said = desk.run("pin", "--texts", str(desk.texts))
    assert (status, said) == (2, "openpeel: No space left\n")
    assert {name: data for name, data in desk.files().items() if "evidence" in name} == {
        name: data for name, data in kept.items() if "evidence" in name
    }


HOSTILE: Final = {
    "one letter": ("a " * 20_000, "a a a a … a a b"),
    "one word": ("a" * 50_000, "a" * 1_900),
    "one sentence": ("the police force " * 5_000, "the police force"),
    "nothing but marks": ("e" + "\N{COMBINING ACUTE ACCENT}" * 100_000, "e … e"),
    "nothing that shows": ("\N{ZERO WIDTH SPACE}" * 300_000, "far too long"),
    "nothing but lines": ("\n" * 1_000_000, "far too long"),
    "letters without spaces": ("ก" * 10_000, "กก … ข"),
    "control characters": ("\0\x1b[31m\N{RIGHT-TO-LEFT OVERRIDE}" * 5_000, "far too long"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_survived(tmp_path: Path, name: str) -> None:
    text, evidence = HOSTILE[name]
    licence = "licence: ogl-3\n"
    made = Desk(tmp_path, {"a-one": article(evidence).replace("text:", licence + "text:")}, {"a.txt": text})
    status, out, _ = made.run("pin", "--texts", str(made.texts))
    assert status == 1
    assert any(f"[{code}]" in out for code in ("no-match", "several-matches", "opens-elsewhere"))
    assert "\x1b" not in out


def test_a_multitude_of_items_is_survived(tmp_path: Path) -> None:
    words = [f"word{number}" for number in range(500)]
    items = "".join(
        f"- {{id: p{w}, speaker: hmicfrs, kind: claim, stance: neutral, summary: S., evidence: {w}}}\n" for w in words
    )
    text = head("a").replace("not-held", "a.txt").replace("text:", "licence: ogl-3\ntext:") + "statements:\n" + items
    made = Desk(tmp_path, {"a-one": text}, {"a.txt": " ".join(words)})
    assert made.pin() == []
    made.text("a.txt").write_text(" ".join(word[::-1] for word in words), encoding="utf-8")
    problems = made.check(texts=True)
    assert {p.code for p in problems} == {"no-match", "changed-text"}
    assert len(problems) == 51
    assert "450 more of this kind" in problems[-1].message


POINT: Final = """\
statements:
  - id: {}
    speaker: hmicfrs
    kind: concern
    stance: negative
    summary: It takes long.
    evidence: {}
"""
INSPECTION: Final = "cambridgeshire-peel-2023-25"


def printings(tmp_path: Path, first: str, second: str) -> Desk:
    """Two articles that print nearly the same words, under two names."""
    heads = {name: head(name).replace("not-held", f"{name}.txt") for name in "ab"}
    articles = {
        "a-one": heads["a"] + POINT.format("late", first),
        "b-two": heads["b"] + POINT.format("slow", second),
    }
    texts = {"a.txt": TEXT, "b.txt": TEXT.replace("far too long", "much too long")}
    made = Desk(tmp_path, articles, texts)
    assert made.pin() == []
    return made


def test_with_texts_the_very_words_are_compared(tmp_path: Path) -> None:
    made = printings(tmp_path, "Calls … answered", "Calls wait … they are answered")
    assert made.check() == []
    problems = made.check(texts=True)
    assert [(Path(p.path).stem, p.line, p.column, p.code) for p in problems] == [
        ("a-one", 7, 9, "likely-duplicate"),
        ("b-two", 7, 9, "likely-duplicate"),
    ]
    assert f"see {made.article('b-two')}:7" in problems[0].hint
    assert f"see {made.article('a-one')}:7" in problems[1].hint
    keys = (f"{INSPECTION}-hmicfrs-slow", f"{INSPECTION}-hmicfrs-late")
    (made.sources / "decisions.yaml").write_text(distinct(*keys), encoding="utf-8")
    assert made.check(texts=True) == []


def test_what_shows_without_texts_is_not_shown_twice_with_them(tmp_path: Path) -> None:
    words = "Calls wait … until they are answered"
    made = printings(tmp_path, words, words)
    assert len(made.check()) == 2
    assert made.check(texts=True) == made.check()


def test_other_words_of_one_speaker_are_no_duplicate(tmp_path: Path) -> None:
    assert printings(tmp_path, "Calls … answered", "The force … 10 calls").check(texts=True) == []
