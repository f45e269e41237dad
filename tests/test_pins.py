"""Pins without texts: what a build knows of the words that facts rest on, and that nothing about them changes unseen."""

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest
import yaml

from jobs.alone import check_article
from jobs.contents import Content, loaded
from jobs.pins import Pin, PinFile, Pins, read_pins, render
from jobs.problems import Problem
from tests.cases import BODY, Desk, head, quicken
from tests.helpers import TODAY, lists_with

TEXT: Final = """\
The Northmere Gazette, with nothing but invented words.

The force is good at preventing crime – and adequate at responding
to the public, says a made-up report.

“Calls wait far too long,” said somebody who is not there. “Officers’
patience is without end, and nobody   counts their hours.”

Of all calls 91.8% were picked up within ten seconds; 13 of 100 were not.
Inspectors came by in May.
"""
"""A text that nobody ever printed."""

ITEMS: Final = """\
grades:
  - area: prevent
    grade: good
    evidence: "good at preventing crime"
  - area: respond
    grade: adequate
    evidence: "adequate at … the public"
counts:
  - grades:
      good: 1
    evidence: "is good at"
statements:
  - id: calls-wait
    speaker: hmicfrs
    kind: concern
    stance: negative
    summary: It takes the force long to answer.
    excerpt: "Calls wait far too long"
  - id: patience
    speaker: hmicfrs
    kind: praise
    stance: positive
    summary: Officers bear a lot.
    evidence: "Officers' patience … their hours"
    excerpt: "without end"
metrics:
  - measure: calls-answered-in-time
    value: 91.8
    claimed_by: hmicfrs
    threshold: 10 seconds
    evidence: "91.8% were picked up"
events:
  - event: fieldwork
    on: 2023-05
    evidence: "Inspectors came by"
"""
WORDS: Final = (
    "good at preventing crime", "adequate at responding\nto the public", "is good at", "Calls wait far too long",
    "Officers’\npatience is without end, and nobody   counts their hours", "91.8% were picked up", "Inspectors came by",
)  # fmt: skip
"""The words of the text that the items mean, in the order of the items."""

ARTICLE: Final = head("a").replace("not-held", "a.txt") + ITEMS
OTHER: Final = head("b", "2024-03-13", "bbc-news") + "grades:\n  - area: prevent\n    grade: good\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """One article that is pinned, and one whose text is not held."""
    made = Desk(tmp_path, {"a-one": ARTICLE, "b-two": OTHER}, {"a.txt": TEXT})
    assert made.pin() == []
    return made


@pytest.fixture(scope="module")
def pinned(tmp_path_factory: pytest.TempPathFactory) -> PinFile:
    made = Desk(tmp_path_factory.mktemp("pins"), {"a-one": ARTICLE}, {"a.txt": TEXT})
    assert made.pin() == []
    return PinFile("evidence/a-one.json", made.pins("a-one").read_bytes())


def problems_of(article: str, file: PinFile | None) -> list[Problem]:
    """What plain `check` finds in an article and its pins, as wave one of it does."""
    return check_article("articles/a-one.yaml", article.encode(), lists_with(), TODAY, file).problems


def changed(path: Path, old: str, new: str, count: int = 1) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def line_of(text: str, words: str) -> int:
    """The line at which words stand first."""
    return text[: text.index(words)].count("\n") + 1


def test_pinned_claims_are_verified_and_say_where(desk: Desk) -> None:
    assert desk.check() == []
    rows = [row for row in desk.tables()["claims"] if row["article_id"] == "a-one"]
    assert {row["verified"] for row in rows} == {True}
    spans = {(row["span_start"], row["span_end"], row["span_sha256"]) for row in rows}
    due = {(TEXT.index(w), TEXT.index(w) + len(w), hashlib.sha256(w.encode()).hexdigest()) for w in WORDS}
    assert spans == due


def test_claims_of_a_text_that_is_not_held_are_neither_verified_nor_false(desk: Desk) -> None:
    (row,) = [row for row in desk.tables()["claims"] if row["article_id"] == "b-two"]
    assert [row[name] for name in ("verified", "span_start", "span_end", "span_sha256")] == [None] * 4


def test_without_any_pins_no_claim_is_verified(tmp_path: Path) -> None:
    rows = Desk(tmp_path, {"b-two": OTHER}).tables()["claims"]
    assert [row["verified"] for row in rows] == [None]


def test_offsets_count_characters_not_bytes(tmp_path: Path) -> None:
    text = "\N{BOM}𝔘nd “ŵ” é. Nothing is true here."
    article = (
        head("a").replace("not-held", "a.txt")
        + "grades:\n  - area: prevent\n    grade: good\n    evidence: Nothing is\n"
    )
    desk = Desk(tmp_path, {"a-one": article}, {"a.txt": text})
    assert desk.pin() == []
    (row,) = desk.tables()["claims"]
    assert text[row["span_start"] : row["span_end"]] == "Nothing is"


def test_a_file_of_pins_says_what_it_is_about(pinned: PinFile) -> None:
    content = json.loads(pinned.data)
    assert content["text"] == "a.txt"
    assert content["sha256"] == hashlib.sha256(TEXT.encode()).hexdigest()
    assert content["characters"] == len(TEXT)
    assert [pin["words"] for pin in content["pins"]] == [len(words.split()) for words in WORDS]
    lines = pinned.data.decode().split("\n")
    assert [json.loads(line.removesuffix(","))["item"] for line in lines[1:-2]] == [
        "grades prevent", "grades respond", "counts", "statements hmicfrs calls-wait", "statements hmicfrs patience",
        "metrics calls-answered-in-time", "events fieldwork",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("good at preventing crime", "good at preventing"),
        ("adequate at … the public", "adequate … the public"),
        ("Calls wait far too long", "Calls wait far too"),
        ("Officers' patience", "Officers’ patience"),
        ("without end", "Without end"),
        ("91.8% were picked up", "91.8% were  picked up"),
        ("Inspectors came by", "Inspectors came by in"),
    ],
)
def test_changed_words_are_shown_at_their_line(desk: Desk, old: str, new: str) -> None:
    changed(desk.article("a-one"), f'"{old}', f'"{new}')
    (problem,) = desk.check()
    lines = {line_of(ARTICLE, f'"{old}'), line_of(ARTICLE, f'"{old}') - 1}  # an excerpt is shown at the evidence above
    assert problem.line in lines
    assert (problem.path, problem.code) == (str(desk.article("a-one")), "changed-evidence")
    assert "openpeel pin" in problem.hint


def test_words_that_move_into_the_next_line_are_other_words(pinned: PinFile) -> None:
    """`a` with the excerpt `b` is not the one passage `a b`."""
    article = ARTICLE.replace(
        '    evidence: "Officers\' patience … their hours"\n    excerpt: "without end"\n',
        "    evidence: |-\n      Officers' patience … their hours\n      without end\n",
    )
    assert [p.code for p in problems_of(article, pinned)] == ["changed-evidence"]


def evidence_of(text: str) -> list[list[tuple[Any, Any]]] | None:
    """All evidence and excerpts of an article by item, or None where it is not YAML of the right shape."""
    try:
        content = yaml.load(text, Loader=yaml.BaseLoader)
        sections = [content[name] for name in ("grades", "counts", "statements", "metrics", "events")]
        return [[(item.get("evidence"), item.get("excerpt")) for item in section] for section in sections]
    except (yaml.YAMLError, KeyError, TypeError, AttributeError):
        return None


LETTERS: Final = "aZ9 é’'“\"…–-.,%\t\n\\#:"


def mutated(rng: random.Random, text: str, start: int, end: int) -> str:
    """A text with one character in a range deleted, replaced or added."""
    at = rng.randrange(start, end)
    new = rng.choice(LETTERS)
    return rng.choice([text[:at] + text[at + 1 :], text[:at] + new + text[at + 1 :], text[:at] + new + text[at:]])


def test_every_random_change_to_evidence_is_noticed(pinned: PinFile) -> None:
    rng = random.Random(1)
    whole = [(n, n + len(line)) for n, line in starts(ARTICLE) if "evidence:" in line or "excerpt:" in line]
    before = evidence_of(ARTICLE)
    seen = {"evidence": 0, "yaml": 0}
    for _ in range(300):
        start, end = rng.choice(whole)
        article = mutated(rng, ARTICLE, ARTICLE.index(":", start) + 1, end)
        after = evidence_of(article)
        if after == before:
            continue
        problems = problems_of(article, pinned)
        assert problems, article[start - 40 : end + 40]
        assert {p.path for p in problems} == {"articles/a-one.yaml"}
        seen["evidence" if [p.code for p in problems] == ["changed-evidence"] else "yaml"] += 1
    assert seen["evidence"] > 150


def starts(text: str) -> Iterator[tuple[int, str]]:
    """Every line and where it starts."""
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def flipped(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]


def renumbered(rng: random.Random, data: bytes) -> bytes:
    at = rng.choice([n for n, byte in enumerate(data) if chr(byte).isdigit()])
    return data[:at] + rng.choice([b"", b"1", b"12", b"0", b"-1", b"1.0"]) + data[at + 1 :]


def relined(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    changes: list[Callable[[], object]] = [
        lambda: lines.pop(one),
        lambda: lines.insert(other, lines[one]),
        lambda: lines.__setitem__(slice(None), [*lines[:one], lines[other], *lines[one + 1 :]]),
        lambda: lines.insert(one, b""),
        lambda: lines.insert(one, b"{}"),
    ]
    rng.choice(changes)()
    return b"\n".join(lines)


def swapped(rng: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = rng.sample(range(1, len(lines) - 2), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data))]


def filled(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes(rng.choices(range(256), k=rng.randrange(1, 4))) + data[at:]


@pytest.mark.parametrize("change", [flipped, renumbered, relined, swapped, cut, filled])
def test_every_random_change_to_a_file_of_pins_is_noticed(
    pinned: PinFile, change: Callable[[random.Random, bytes], bytes]
) -> None:
    rng = random.Random(change.__name__)
    for _ in range(100):
        data = change(rng, pinned.data)
        if data != pinned.data:
            assert_changed(pinned, data)


def assert_changed(pinned: PinFile, data: bytes) -> None:
    problems = problems_of(ARTICLE, pinned._replace(data=data))
    assert [(p.path, p.code) for p in problems] == [(pinned.path, "changed-pins")], data[:80]
    assert 1 <= problems[0].line <= max(data.count(b"\n") + 1, 1)


def rewritten(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """A change of the content, written as our own program would, but for the seal."""

    def apply(data: bytes) -> bytes:
        content = json.loads(data)
        change(content)
        lines = [json.dumps(pin, ensure_ascii=False) for pin in content["pins"]]
        first = json.dumps({k: content[k] for k in ("text", "sha256", "characters")})[:-1] + ', "pins": [\n'
        return (first + ",\n".join(lines) + f'\n], "seal": "{content["seal"]}"}}\n').encode()

    return apply


NOT_PINS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "empty": lambda data: b"",
    "blank": lambda data: b"\n",
    "null": lambda data: b"null\n",
    "a list": lambda data: b"[]\n",
    "no pins": rewritten(lambda content: content["pins"].clear()),
    "one pin less": rewritten(lambda content: content["pins"].pop()),
    "one pin twice": rewritten(lambda content: content["pins"].append(content["pins"][0])),
    "another start": rewritten(lambda content: content["pins"][0].update(start=content["pins"][0]["start"] + 1)),
    "another text": rewritten(lambda content: content.update(text="b.txt")),
    "a huge number": rewritten(lambda content: content["pins"][0].update(end=10**400)),
    "a negative number": rewritten(lambda content: content.update(characters=-1)),
    "another item": rewritten(lambda content: content["pins"][0].update(item="grades respond")),
    "another seal": rewritten(lambda content: content.update(seal="0" * 64)),
    "no seal": lambda data: data[: data.rindex(b', "seal"')] + b"}\n",
    "a lone surrogate": lambda data: data.replace(b"a.txt", b"\\ud800"),
    "a letter in escapes": lambda data: data.replace(b"a.txt", b"\\u0061.txt"),
    "spread out": lambda data: json.dumps(json.loads(data), indent=1).encode(),
    "in one line": lambda data: json.dumps(json.loads(data)).encode() + b"\n",
    "other line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "no last line end": lambda data: data.rstrip(b"\n"),
    "one more line end": lambda data: data + b"\n",
    "a byte order mark": lambda data: b"\xef\xbb\xbf" + data,
    "in UTF-16": lambda data: data.decode().encode("utf-16"),
    "a key twice": lambda data: data.replace(b'"characters"', b'"characters": 1, "characters"'),
    "a key too many": lambda data: data.replace(b'{"text"', b'{"x": 1, "text"'),
    "not JSON": lambda data: b"pins: none\n",
    "YAML": lambda data: yaml.safe_dump(json.loads(data)).encode(),
    "not a number": lambda data: data.replace(b'"start": ', b'"start": NaN', 1),
    "nested lists": lambda data: b"[" * 500_000,
    "nested mappings": lambda data: b'{"a":' * 200_000,
    "nested pins": lambda data: data.replace(b'"pins": [', b'"pins": [' * 10_000),
    "twice": lambda data: data + data,
}


@pytest.mark.parametrize("name", NOT_PINS)
def test_what_no_pinning_writes_is_noticed(pinned: PinFile, name: str) -> None:
    data = NOT_PINS[name](pinned.data)
    assert data != pinned.data
    assert_changed(pinned, data)


def test_a_problem_in_a_file_of_pins_has_its_line(pinned: PinFile) -> None:
    lines = pinned.data.decode().split("\n")
    lines[4] = lines[4].replace('"words": ', '"words": 1')
    (problem,) = problems_of(ARTICLE, pinned._replace(data="\n".join(lines).encode()))
    assert (problem.line, problem.code) == (len(lines) - 1, "changed-pins")  # the seal is what does not fit
    lines[4] = lines[4].replace('"words"', "words")
    (problem,) = problems_of(ARTICLE, pinned._replace(data="\n".join(lines).encode()))
    assert problem.line == 5


def test_what_is_written_is_read_again(pinned: PinFile) -> None:
    pins, problems = read_pins(pinned)
    assert problems == []
    assert pins is not None
    assert render(pins) == pinned.data


def test_a_pin_is_written_as_any_writer_of_json_does() -> None:
    pin = Pin('grades "a" \\ b\n\t\x08\x7f é\u2028', "0" * 64, 1, 20, 3, "f" * 64)
    written = render(Pins("a.txt", "0" * 64, 99, (pin, pin))).decode()
    line = json.dumps(msgspec.structs.asdict(pin), ensure_ascii=False)
    assert written.split("\n")[1:3] == [f"{line},", line]
    assert json.loads(written)["pins"] == [msgspec.structs.asdict(pin)] * 2


def test_swapped_words_of_two_items_are_shown_at_both(desk: Desk) -> None:
    text = ARTICLE.replace("good at preventing crime", "@").replace("91.8% were picked up", "good at preventing crime")
    desk.article("a-one").write_text(text.replace("@", "91.8% were picked up"), encoding="utf-8")
    assert [(p.line, p.code) for p in desk.check()] == [
        (line_of(text, "evidence: "), "changed-evidence"),
        (line_of(text, 'evidence: "good at preventing crime"'), "changed-evidence"),
    ]


def test_swapped_words_of_two_observations_of_one_measure_are_shown_at_both(tmp_path: Path) -> None:
    item = "  - measure: calls-abandoned\n    value: {}\n    claimed_by: hmicfrs\n    period: {}\n    evidence: {}\n"
    one, two = item.format(13, 2023, "13 of 100"), item.format(91, 2022, "91.8%")
    top = head("a").replace("not-held", "a.txt") + "metrics:\n"
    desk = Desk(tmp_path, {"a-one": top + one + two}, {"a.txt": TEXT})
    assert desk.pin() == []
    assert desk.check() == []
    swap = item.format(13, 2023, "91.8%") + item.format(91, 2022, "13 of 100")
    desk.article("a-one").write_text(top + swap, encoding="utf-8")
    assert [(p.line, p.code) for p in desk.check()] == [(11, "changed-evidence"), (16, "changed-evidence")]


def test_an_item_that_is_gone_leaves_a_pin_over_at_its_line(desk: Desk) -> None:
    text = ARTICLE[: ARTICLE.index("events:")]
    desk.article("a-one").write_text(text.replace(ITEMS[: ITEMS.index("counts:")], ""), encoding="utf-8")
    assert [(p.path, p.line, p.column, p.code) for p in desk.check()] == [
        (str(desk.pins("a-one")), line, 1, "left-over-pin") for line in (2, 3, 8)
    ]
    assert "grades prevent" in desk.check()[0].message


def test_a_new_item_is_not_pinned_yet(desk: Desk) -> None:
    with desk.article("a-one").open("a", encoding="utf-8") as file:
        file.write('  - event: revisit\n    on: 2023-06\n    evidence: "came by in May"\n')
    (problem,) = desk.check()
    assert (problem.line, problem.column, problem.code) == (ARTICLE.count("\n") + 3, 15, "missing-pin")
    assert desk.pin() == []
    assert desk.check() == []


def test_an_item_that_gets_another_name_is_both(desk: Desk) -> None:
    changed(desk.article("a-one"), "id: calls-wait", "id: calls-are-late")
    assert [(p.path, p.code) for p in desk.check()] == [
        (str(desk.article("a-one")), "missing-pin"),
        (str(desk.pins("a-one")), "left-over-pin"),
    ]


def test_an_article_that_was_never_pinned(desk: Desk) -> None:
    desk.pins("a-one").unlink()
    (problem,) = desk.check()
    assert (problem.line, problem.column, problem.code) == (4, 7, "missing-pins")
    assert "not-held" in problem.hint


def test_an_article_without_items_needs_no_pins(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"a-one": head("a").replace("not-held", "a.txt")}, {"a.txt": TEXT})
    assert desk.check() == []
    assert desk.pin() == []
    assert desk.check() == []


def test_a_renamed_article_leaves_its_pins_behind_until_it_is_pinned_again(desk: Desk) -> None:
    desk.article("a-one").rename(desk.article("c-three"))
    assert [(Path(p.path).name, p.line, p.code) for p in desk.check()] == [
        ("c-three.yaml", 4, "missing-pins"),
        ("a-one.json", 1, "left-over-pins"),
    ]
    assert desk.pin() == []
    assert desk.check(texts=True) == []
    assert [path.name for path in (desk.sources / "evidence").iterdir()] == ["c-three.json"]


def test_pins_of_an_article_that_is_gone_are_shown_and_removed(desk: Desk) -> None:
    desk.article("a-one").unlink()
    assert [(p.path, p.line, p.code) for p in desk.check()] == [(str(desk.pins("a-one")), 1, "left-over-pins")]
    status, _, said = desk.run("pin", "--texts", str(desk.texts))
    assert (status, desk.pins("a-one").exists()) == (0, False)
    assert f"{desk.pins('a-one')} removed" in said
    assert desk.check() == []


def test_pins_of_a_text_that_is_not_held_any_more_are_shown_and_removed(desk: Desk) -> None:
    changed(desk.article("a-one"), "text: a.txt", "text: not-held")
    assert [(p.path, p.line, p.code) for p in desk.check()] == [(str(desk.pins("a-one")), 1, "left-over-pins")]
    assert desk.pin() == []
    assert not desk.pins("a-one").exists()
    assert desk.check() == []
    assert {row["verified"] for row in desk.tables()["claims"]} == {None}


def test_pins_of_another_text(desk: Desk) -> None:
    changed(desk.article("a-one"), "text: a.txt", "text: b.txt")
    (problem,) = desk.check()
    assert (problem.line, problem.column, problem.code) == (4, 7, "missing-pins")
    assert "a.txt" in problem.message


def test_items_may_change_places(desk: Desk) -> None:
    before = {row["claim_id"]: row for row in desk.tables()["claims"]}
    content = yaml.load(ARTICLE, Loader=yaml.BaseLoader)
    turned = {key: value[::-1] if isinstance(value, list) else value for key, value in reversed(content.items())}
    desk.article("a-one").write_text(yaml.safe_dump(turned, sort_keys=False, allow_unicode=True), encoding="utf-8")
    assert desk.check(texts=True) == []
    assert {row["claim_id"]: row for row in desk.tables()["claims"]} == before


def test_words_are_needed_where_the_text_is_held(desk: Desk) -> None:
    changed(desk.article("a-one"), '    evidence: "is good at"\n', "")
    kept = desk.files()
    (problem,) = desk.check()
    assert (problem.line, problem.code) == (line_of(ARTICLE, "counts:") + 1, "missing-evidence")
    assert [p.code for p in desk.pin()] == ["missing-evidence"]
    assert desk.files() == kept


def test_a_value_may_be_mended_without_new_pins(desk: Desk) -> None:
    changed(desk.article("a-one"), "value: 91.8", "value: 91.80")
    changed(desk.article("a-one"), "summary: Officers bear a lot.", "summary: Officers put up with a lot.")
    assert desk.check(texts=True) == []


@pytest.mark.parametrize("kind", ["link", "folder", "large", "stray"])
def test_only_files_of_pins_are_pins(desk: Desk, kind: str) -> None:
    pins = desk.pins("a-one")
    if kind == "link":
        pins.rename(desk.texts / "elsewhere.json")
        pins.symlink_to(desk.texts / "elsewhere.json")
    elif kind == "folder":
        pins.unlink()
        pins.mkdir()
    elif kind == "large":
        pins.write_bytes(b" " * 1_048_577)
    else:
        pins.with_name("notes.txt").write_text("nothing", encoding="utf-8")
    codes = {"link": "not-a-file", "folder": "not-a-file", "large": "too-large", "stray": "stray-file"}
    found = {(Path(p.path).name, p.code) for p in desk.check()}
    name = "notes.txt" if kind == "stray" else "a-one.json"
    assert (name, codes[kind]) in found
    assert found - {(name, codes[kind])} <= {("a-one.yaml", "missing-pins")}


def test_pins_that_cannot_be_read_are_a_problem_of_their_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(content: Content) -> bytes | OSError:
        return (
            OSError(5, "the disk is tired") if str(getattr(content, "path", "")).endswith(".json") else loaded(content)
        )

    monkeypatch.setattr("jobs.alone.loaded", refuse)
    (problem,) = desk.check()
    assert (problem.path, problem.code) == (str(desk.pins("a-one")), "unreadable")


def test_a_seal_made_anew_deceives_until_the_text_is_there(desk: Desk) -> None:
    """The seal guards against accidents; that words really stand in a text only the text can prove."""
    pins, _ = read_pins(PinFile("", desk.pins("a-one").read_bytes()))
    assert pins is not None
    first = pins.pins[0]
    forged = type(first)(first.item, first.evidence, first.start + 1, first.end + 1, first.words, first.sha256)
    desk.pins("a-one").write_bytes(
        render(type(pins)(pins.text, pins.sha256, pins.characters, (forged, *pins.pins[1:])))
    )
    assert desk.check() == []
    assert [(p.line, p.code) for p in desk.check(texts=True)] == [(BODY + 3, "changed-pins")]
