"""Bytes that cannot stand in a source file, and texts made to hang or to break what reads them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.problems import Problem
from jobs.screen import screen
from tests.helpers import BODY, HEAD, ROOT, check, source_folder

TEXT = HEAD + "title: Heddlu’r dŵr\n"


def places(data: bytes) -> list[tuple[int, int, str]]:
    return [(p.line, p.column, p.code) for p in check(data)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_named(encoding: str) -> None:
    (problem,) = check(TEXT.encode(encoding))
    name = encoding.upper().removesuffix("-SIG")
    assert problem == Problem(
        "a-b.yaml", 1, 1, "byte-order-mark", f"the file starts with a {name} byte order mark",
        "save the file as UTF-8 without byte order mark",
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_two_or_four_bytes_a_letter_are_refused_without_a_mark_too(encoding: str) -> None:
    problems = check(TEXT.encode(encoding))
    assert problems[0].line == 1
    assert {p.code for p in problems} <= {"control-character", "not-utf-8"}


@pytest.mark.parametrize(
    ("word", "column"),
    [
        (b"\xff", 10),
        (b"caf\xe9", 13),  # Latin-1
        (b"\x93x\x94", 10),  # curly quotes of Windows-1252
        (b"\xc0\xaf", 10),  # a slash in too many bytes
        (b"\xed\xa0\xbd", 10),  # half of a pair of surrogates
        (b"\xf4\x90\x80\x80", 10),  # beyond the last character
        (b"\xe2\x80", 10),  # cut off
    ],
)
def test_bytes_that_are_not_utf_8_are_found_where_they_are(word: bytes, column: int) -> None:
    found = places(HEAD.encode() + b"title: a " + word + b"\n")
    assert found[0] == (BODY, column, "not-utf-8")
    assert {(line, code) for line, _, code in found} == {(BODY, "not-utf-8")}


@pytest.mark.parametrize("character", ["\0", "\a", "\b", "\v", "\f", "\r", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u2029", "\ufffd", "\ufffe", "\ue000"])  # fmt: skip
def test_control_characters_are_found_where_they_are(character: str) -> None:
    assert places(f"{HEAD}title: a{character}b\n".encode()) == [(BODY, 9, "control-character")]


@pytest.mark.parametrize("character", [
    "\u00ad", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\u202a", "\u202d", "\u202e", "\u2060", "\u2066", "\u2069",
    "\u2800", "\u3164", "\ufe0f", "\ufeff", "\U000e0041", "\U000e0100",
])  # fmt: skip
def test_invisible_characters_are_found_where_they_are(character: str) -> None:
    (problem,) = check(f"{HEAD}title: a{character}b\n".encode())
    assert (problem.line, problem.column, problem.code) == (BODY, 9, "invisible-character")
    assert f"U+{ord(character):04X}" in problem.message
    assert character not in problem.message


def test_a_control_character_in_a_remark_or_a_key_is_one_too() -> None:
    assert places(HEAD.encode() + b"# a \x1b[31m remark\nti\x00tle: x\n") == [
        (BODY, 5, "control-character"),
        (BODY + 1, 3, "control-character"),
    ]


def test_lines_may_end_as_windows_ends_them_but_not_as_old_macs_did() -> None:
    assert check(TEXT.replace("\n", "\r\n")) == []
    assert places(TEXT.replace("\n", "\r").encode())[0][1:] == (27, "control-character")


@pytest.mark.parametrize("data", [b"", b"\n", b"   \n", b"# only a remark\n", b"---\n...\n"])
def test_nothing_is_no_article(data: bytes) -> None:
    assert {(p.line, p.code) for p in check(data)} in ({(1, "missing-key")}, {(1, "wrong-type")})


MERGE_BOMB = "a0: &a0 {k: v}\n" + "".join(
    f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 9)
)
LAUGHS = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40))
HUGE, LARGE = 1_000_000, 200_000
HOSTILE = {
    "merge keys": (MERGE_BOMB[:438].encode(), "anchor"),
    "a billion laughs": (LAUGHS.encode(), "anchor"),
    "nested brackets": (b"[" * 100_000, "too-deep"),
    "nested and closed brackets": (b"url: " + b"[" * 100_000 + b"]" * 100_000, "too-deep"),
    "nested braces": (b"{" * 100_000, "too-deep"),
    "nested mappings in braces": (b"{a: " * 100_000 + b"}" * 100_000, "too-deep"),
    "nested hyphens": (b"- " * 100_000, "too-deep"),
    "nested keys": (b"a: " * 100_000, "yaml-syntax"),
    "nested keys, indented": (b"".join(b" " * n + b"a:\n" for n in range(1_400)), "too-deep"),
    "nested question marks": (b"? " * 100_000, "too-deep"),
    "a nested number": (f"{HEAD}metrics:\n- value: {'[' * 50_000}{']' * 50_000}\n".encode(), "too-deep"),
    "empty lines": (HEAD.encode() + b"colour: x" + b"\n" * HUGE, "unknown-key"),
    "spaces": (HEAD.encode() + b"colour: x" + b" " * HUGE + b"\n", "unknown-key"),
    "indented empty lines": (HEAD.encode() + b"colour: x" + b"  \n" * (HUGE // 3), "unknown-key"),
    "zero bytes": (b"\0" * LARGE, "control-character"),
    "bytes that are not UTF-8": (b"\xff" * LARGE, "not-utf-8"),
    "invisible characters": ("\u200b".encode() * (LARGE // 3), "invisible-character"),
    "many unknown keys": (b"".join(b"key%d: x\n" % n for n in range(60_000)), "unknown-key"),
    "one key many times": (b"note: x\n" * (LARGE // 8), "duplicate-key"),
    "many items": (HEAD.encode() + b"grades:\n" + b"- {a: 1}\n" * (LARGE // 9), "unknown-key"),
    "quotes": (b'"' * HUGE, "yaml-syntax"),
    "colons": (b":\n" * (HUGE // 2), "yaml-syntax"),
    "a long key": (b"k" * HUGE + b": x\n", "yaml-syntax"),
    "a long text": (HEAD.encode() + b"title: " + b"long " * (HUGE // 5) + b"\n", "too-long"),
}  # fmt: skip
"""Texts on which a reader that builds, recurses or looks back hangs or dies, and a problem that is due."""


def test_the_merge_key_bomb_is_as_small_as_they_come() -> None:
    assert len(HOSTILE["merge keys"][0]) == 438


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_are_refused_without_delay(name: str) -> None:
    """In a process of its own: what it guards against would hang or kill the tests."""
    data, code = HOSTILE[name]
    script = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_CPU, (10, 10))\n"
        "from jobs.pipeline import Sources, check_articles\n"
        "from tests.helpers import code_lists, TODAY\n"
        "sources = Sources([('a-b.yaml', sys.stdin.buffer.read())], code_lists())\n"
        "problems = check_articles(sources, TODAY).problems\n"
        "print(*sorted({p.code for p in problems}))"
    )
    done = subprocess.run([sys.executable, "-c", script], input=data, capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert code in done.stdout.decode().split()


def test_nothing_is_run_or_written_by_a_tag(tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    problems = check(f"{HEAD}note: !!python/object/apply:os.system ['touch {witness}']\n")
    assert [p.code for p in problems] == ["tag"]
    assert not witness.exists()


def test_a_closed_standard_error_does_not_matter(tmp_path: Path) -> None:
    folder = source_folder(tmp_path / "sources", {"a-b.yaml": TEXT})
    command = [sys.executable, "-m", "jobs", "check", "--sources", str(folder)]
    done = subprocess.run(command, stdout=subprocess.PIPE, cwd=ROOT, check=False, preexec_fn=lambda: os.close(2))
    assert (done.returncode, done.stdout) == (0, b"")


def test_bytes_that_would_be_a_letter_if_they_stood_together_are_not_one() -> None:
    text, spots = screen(b"note: caf\xc3 and \xa9\n")
    assert text == "note: caf and \n"
    assert [(spot.line, spot.column, spot.code) for spot in spots] == [(1, 10, "not-utf-8"), (1, 16, "not-utf-8")]
