"""Entries of a source folder that are not what they should be; what a run says about them and leaves behind."""

import hashlib
import json
import os
import re
import shutil
import socket
import stat
from pathlib import Path

import pytest

from jobs.__main__ import main
from jobs.contents import MAX_BYTES, StoredFile, loaded
from jobs.pipeline import check_articles
from jobs.problems import Problem
from jobs.sources import read_sources
from tests.cases import TODAY
from tests.helpers import BODY, HEAD, compared, source_folder, unmarked

Found = list[tuple[str, str]]


def found_in(folder: Path) -> Found:
    """File name and code of each problem that reading a folder shows; all are at the first character."""
    problems = read_sources(folder)[1]
    assert {(p.line, p.column) for p in problems} <= {(1, 1)}
    return [(str(Path(p.path).relative_to(folder)), p.code) for p in problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return source_folder(tmp_path / "sources", {"good-one.yaml": HEAD})


def test_a_sound_folder_has_no_problems(folder: Path) -> None:
    sources, problems = read_sources(folder)
    assert problems == []
    ((path, content),) = sources.articles
    assert (path, loaded(content)) == (str(folder / "articles/good-one.yaml"), HEAD.encode())


def test_what_is_no_file_is_neither_opened_nor_followed(folder: Path, tmp_path: Path) -> None:
    articles = folder / "articles"
    (articles / "a-folder.yaml").mkdir()
    os.mkfifo(articles / "a-pipe.yaml")
    (articles / "a-link.yaml").symlink_to(articles / "good-one.yaml")
    (articles / "a-link-to-nothing.yaml").symlink_to(tmp_path / "nothing")
    (articles / "a-link-to-a-secret.yaml").symlink_to("/etc/passwd")
    (articles / "a-device.yaml").symlink_to("/dev/zero")
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as server:
        os.chdir(articles)
        server.bind("a-socket.yaml")
        os.chdir(here)
        problems = read_sources(folder)[1]
    assert [(Path(p.path).name, p.code, p.message) for p in problems] == [
        ("a-device.yaml", "not-a-file", "this is a link, not a file"),
        ("a-folder.yaml", "not-a-file", "this is a folder, not a file"),
        ("a-link-to-a-secret.yaml", "not-a-file", "this is a link, not a file"),
        ("a-link-to-nothing.yaml", "not-a-file", "this is a link, not a file"),
        ("a-link.yaml", "not-a-file", "this is a link, not a file"),
        ("a-pipe.yaml", "not-a-file", "this is a pipe, not a file"),
        ("a-socket.yaml", "not-a-file", "this is a socket, not a file"),
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root makes devices")
def test_a_device_is_not_opened(folder: Path) -> None:
    try:
        os.mknod(folder / "articles/a-device.yaml", stat.S_IFCHR | 0o644, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("devices cannot be made here")
    assert found_in(folder) == [("articles/a-device.yaml", "not-a-file")]


def test_a_file_that_may_not_be_read_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal of the system is played."""
    real_open = os.open

    def refuse(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith("good-one.yaml"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, flags, *rest)

    monkeypatch.setattr(os, "open", refuse)
    path = str(folder / "articles/good-one.yaml")
    sources, problems = read_sources(folder)
    problems += check_articles(sources, TODAY).problems
    assert problems == [Problem(path, 1, 1, "unreadable", "cannot be read: Permission denied")]


def test_a_file_is_too_large_from_one_byte_over_the_limit_on(folder: Path) -> None:
    (folder / "articles/as-large-as-may-be.yaml").write_bytes(b"#" * MAX_BYTES)
    (folder / "articles/too-large.yaml").write_bytes(b"#" * (MAX_BYTES + 1))
    with (folder / "articles/far-too-large.yaml").open("wb") as file:
        file.truncate(1 << 40)
    assert found_in(folder) == [("articles/far-too-large.yaml", "too-large"), ("articles/too-large.yaml", "too-large")]


@pytest.mark.parametrize("size", [0, 1, 2**18 - 1, 2**18, 2**18 + 1, 10**6])
def test_a_file_is_digested_as_it_is_read(size: int, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(os.urandom(size))
    assert StoredFile(str(path)).sha256() == hashlib.sha256(StoredFile(str(path)).read()).hexdigest()


def test_what_is_not_read_is_not_digested(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "file").write_bytes(b"1234")
    os.mkfifo(tmp_path / "pipe")
    for name, limit, words in (("link", 9, "a link"), ("pipe", 9, "not a regular file"), ("file", 3, "too large")):
        for look in (StoredFile.read, StoredFile.sha256):
            with pytest.raises(OSError, match=words):
                look(StoredFile(str(tmp_path / name), limit))
    with pytest.raises(FileNotFoundError):
        StoredFile(str(tmp_path / "nowhere")).sha256()


def test_stray_files_are_named_hidden_ones_are_left_alone(folder: Path) -> None:
    for name in ("articles/notes.txt", "articles/x.yml", "articles/X-Y.YAML", "articles/b-c.yaml~", "codelists/force.csv",
                 "codelists/areas.xlsx", "forces.csv", "todo"):  # fmt: skip
        (folder / name).write_text("x")
    for name in (
        "articles/.DS_Store",
        "articles/.b-c.yaml.swp",
        "codelists/.~lock.areas.csv#",
        ".gitkeep",
        "README.md",
    ):
        (folder / name).write_text("x")
    (folder / "articles/2024").mkdir()
    problems = read_sources(folder)[1]
    assert {p.code for p in problems} == {"stray-file"}
    assert [str(Path(p.path).relative_to(folder)) for p in problems] == [
        "articles/2024", "articles/X-Y.YAML", "articles/b-c.yaml~", "articles/notes.txt", "articles/x.yml",
        "codelists/areas.xlsx", "codelists/force.csv", "forces.csv", "todo",
    ]  # fmt: skip
    assert "did you mean forces.csv?" in [p.hint for p in problems]


@pytest.mark.parametrize("name", [
    "..yaml", "...yaml", ".yaml", ".hidden-one.yaml", "-rf.yaml", "A-B.yaml", "a_b.yaml", "a b.yaml", "a.b.yaml", "a-b.yaml.yaml",
    "short.yaml", "1-b.yaml", "é-b.yaml", "e\u0301-b.yaml", "ａ-ｂ.yaml", "a--b.yaml", "a-.yaml", "a\\b.yaml", "a%2fb.yaml", "a,b:c.yaml",
    "a-b\n.yaml", "a\x1b[31m-b.yaml", "\u202ea-b.yaml", f"a-{'b' * 130}.yaml",
])  # fmt: skip
def test_a_name_that_is_no_id_is_refused(folder: Path, name: str) -> None:
    (folder / "articles" / name).write_text(HEAD)
    assert found_in(folder) == [(f"articles/{name}", "bad-id")]


def test_a_name_that_is_not_utf_8_is_refused(folder: Path) -> None:
    Path(os.fsdecode(os.fsencode(folder / "articles") + b"/caf\xe9-b.yaml")).write_text(HEAD)
    (problem,) = read_sources(folder)[1]
    assert problem.code == "bad-id"
    assert problem.message == "‘caf\\udce9-b’ is not an article id"


@pytest.mark.parametrize(("one", "other"), [("good-one", "Good-One"), ("caf\u00e9-a", "cafe\u0301-a"), ("straße-a", "STRASSE-a")])  # fmt: skip
def test_names_that_some_systems_take_for_one_are_equal(tmp_path: Path, one: str, other: str) -> None:
    folder = source_folder(tmp_path / "both", {f"{one}.yaml": HEAD, f"{other}.yaml": HEAD})
    assert "equal-id" in [code for _, code in found_in(folder)]


def test_no_article_is_a_problem(tmp_path: Path) -> None:
    folder = source_folder(tmp_path / "sources")
    assert found_in(folder) == [("articles", "no-sources")]
    (folder / "articles").rmdir()
    assert found_in(folder) == [("articles", "no-sources")]


def test_an_empty_folder_has_no_sources_and_no_lists(tmp_path: Path) -> None:
    codes = [code for _, code in found_in(tmp_path)]
    assert set(codes) == {"no-sources", "missing-list"}


def test_articles_and_codelists_must_be_folders_of_their_own(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "articles", tmp_path / "elsewhere")
    (folder / "articles").symlink_to(tmp_path / "elsewhere")
    assert ("articles", "not-a-file") in found_in(folder)
    assert read_sources(folder)[0].articles == []


def test_pins_are_files_of_articles_and_nothing_else(folder: Path) -> None:
    pins = folder / "evidence"
    pins.mkdir()
    (pins / "good-one.json").symlink_to(folder / "articles/good-one.yaml")
    (pins / "gone-one.json").write_text("{}")
    (pins / "good-one.txt").write_text("the text of an article, which must not be published")
    (pins / ".good-one.json.4711").write_text("what a run left that died")
    (pins / "large-one.json").write_bytes(b"#" * (MAX_BYTES + 1))
    (pins / "pipe-one.json").mkdir()
    assert found_in(folder) == [
        ("evidence/gone-one.json", "left-over-pins"),
        ("evidence/good-one.json", "not-a-file"),
        ("evidence/good-one.txt", "stray-file"),
        ("evidence/large-one.json", "too-large"),
        ("evidence/pipe-one.json", "not-a-file"),
    ]


def test_pins_must_be_in_a_folder_of_their_own(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "evidence").symlink_to(tmp_path / "elsewhere")
    assert found_in(folder) == [("evidence", "not-a-file")]


def test_pins_that_may_not_be_read_are_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may read everything, so the refusal of the system is played."""
    real_open = os.open

    def refuse(path: str, flags: int, *rest: int) -> int:
        if str(path).endswith("good-one.json"):
            raise PermissionError(13, "Permission denied")
        return real_open(path, flags, *rest)

    (folder / "evidence").mkdir()
    (folder / "evidence/good-one.json").write_text("{}")
    monkeypatch.setattr(os, "open", refuse)
    problems = check_articles(read_sources(folder)[0], TODAY).problems
    assert [(p.path, p.code) for p in problems] == [(str(folder / "evidence/good-one.json"), "unreadable")]


@pytest.mark.parametrize("kind", ["a link", "a folder", "too large"])
def test_decisions_are_a_file(folder: Path, kind: str) -> None:
    decisions = folder / "decisions.yaml"
    if kind == "a link":
        decisions.symlink_to(folder / "articles/good-one.yaml")
    elif kind == "a folder":
        decisions.mkdir()
    else:
        decisions.write_bytes(b"#" * (MAX_BYTES + 1))
    assert found_in(folder) == [("decisions.yaml", "too-large" if kind == "too large" else "not-a-file")]
    assert read_sources(folder)[0].decisions == (str(decisions), b"")


@pytest.mark.parametrize("text", ["", "# nothing is decided yet\n", "conflicts:\n", "{}\n"])
def test_decisions_may_be_none(folder: Path, text: str) -> None:
    """`conflicts:` without a value is empty as everywhere."""
    (folder / "decisions.yaml").write_text(text)
    problems = check_articles(read_sources(folder)[0], TODAY).problems
    assert [p.code for p in problems] == (["empty-value"] if text.startswith("conflicts") else [])


def test_faults_of_decisions_are_shown_at_their_lines(folder: Path) -> None:
    text, due = unmarked("""\
conflicts:
  - table: grade #! unknown-value@12
    key: a-key
    choose: good
    reason: Both were read. Both were read.
    decided_on: 2199-01-01 #! future-date@17
    decided_by: n/a #! null-text@17
  - table: grades #! missing-key@5 missing-key@5
    choose: 91.8
    decided_on: Monday 2024-03-12 #! wrong-weekday@17
    decided_by: Somebody
    why: Because #! unknown-key@5
distinct: {first: a, second: b} #! wrong-type@11
""")
    (folder / "decisions.yaml").write_text(text)
    problems = check_articles(read_sources(folder)[0], TODAY).problems
    assert {p.path for p in problems} == {str(folder / "decisions.yaml")}
    found, expected = compared(problems, due)
    assert found == expected


@pytest.mark.parametrize("name", ["nothing", "file"])
def test_a_source_folder_that_is_none_is_wrong_use(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    assert main(["check", "--sources", str(tmp_path / name)]) == 2
    assert str(tmp_path / name) in capsys.readouterr().err


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


@pytest.mark.parametrize("fault", ["colour: blue\n", "grades:\n- {area: powers, grade: good}\n- {area: powers, grade: good}\n", "\tx", "\0"])  # fmt: skip
def test_a_build_that_fails_leaves_the_last_one_untouched(folder: Path, tmp_path: Path, fault: str) -> None:
    build = ["build", "--quiet", "--sources", str(folder), "--out", str(tmp_path / "out")]
    assert main(build) == 0
    before = snapshot(tmp_path / "out")
    (folder / "articles/good-one.yaml").write_text(HEAD + fault)
    assert main(build) == 1
    assert snapshot(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sources"]


FAULTY: dict[str, str | bytes] = {
    "a-b.yaml": HEAD + "colour: blue\ngrades:\n- {area: dogs, grade: good}\n",
    "c-d.yaml": HEAD.replace("wired-gov", "nobody") + "title: =1+1\n",
    "e-f.yaml": "url: [\n",
    "G.yaml": HEAD,
    "h-i.yaml": b"\xff\xfe",
}


def shown(folder: Path, form: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["check", "--sources", str(folder), "--format", form]) == 1
    return capsys.readouterr().out


def test_all_faults_of_all_files_are_shown_in_one_run_and_in_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = source_folder(tmp_path / "s", FAULTY)
    (folder / "codelists/dogs.csv").write_text("x")
    found = json.loads(shown(folder, "json", capsys))
    assert [(Path(p["path"]).name, p["line"], p["code"]) for p in found] == [
        ("G.yaml", 1, "bad-id"),
        ("a-b.yaml", BODY, "unknown-key"),
        ("a-b.yaml", BODY + 2, "unknown-value"),
        ("c-d.yaml", 2, "unknown-value"),
        ("c-d.yaml", BODY, "formula-text"),
        ("e-f.yaml", 1, "yaml-syntax"),
        ("h-i.yaml", 1, "byte-order-mark"),
        ("dogs.csv", 1, "stray-file"),
    ]


def test_json_holds_exactly_what_a_problem_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = source_folder(tmp_path / "s", {"a-b.yaml": HEAD + "titel: x\n"})
    assert json.loads(shown(folder, "json", capsys)) == [
        {
            "path": str(folder / "articles/a-b.yaml"),
            "line": BODY,
            "column": 1,
            "code": "unknown-key",
            "message": "unknown key ‘titel’",
            "hint": "did you mean title?",
        }
    ]


def test_text_and_annotations_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = source_folder(tmp_path / "s", {"a-b.yaml": HEAD + "titel: x\n"})
    path = folder / "articles/a-b.yaml"
    assert (
        shown(folder, "text", capsys)
        == f"{path}:{BODY}:1: unknown key ‘titel’ [unknown-key]\n    did you mean title?\n"
    )
    assert shown(folder, "github", capsys) == (
        f"::error file={path},line={BODY},col=1,title=unknown-key::unknown key ‘titel’ (did you mean title?)\n"
    )


def test_a_clean_folder_says_nothing_but_valid_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = source_folder(tmp_path / "s", {"a-b.yaml": HEAD})
    for form, said in (("text", ""), ("github", ""), ("json", "[]\n")):
        assert main(["check", "--sources", str(folder), "--format", form]) == 0
        assert capsys.readouterr().out == said


@pytest.mark.parametrize("arguments", [
    [], ["frobnicate"], ["check", "--format", "xml"], ["check", "--colour"], ["check", "extra"], ["build", "--out"],
    ["check", "--sources", "/nonexistent/sources"],
])  # fmt: skip
def test_wrong_use_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_a_defect_of_ours_is_three(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("not thought of")

    monkeypatch.setattr("jobs.kept.begin.begin_sources", broken)
    assert main(["check"]) == 3
    assert "defect" in capsys.readouterr().err


@pytest.mark.parametrize("epoch", ["99999999999999999999", "253402300800"])
def test_a_day_beyond_the_calendar_is_wrong_use(
    epoch: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert main(["check", "--sources", str(source_folder(tmp_path / "s", {"a-b.yaml": HEAD}))]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_hostile_file_names_are_shown_escaped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [
        "a-\n::error::x.yaml",
        "A-\x1b[31m,b:c.yaml",
        "a-\x1b[31m,b:c.yaml",
        "x%0A::error::y.yaml",
        "\u202egnp-a.yaml",
    ]
    folder = source_folder(tmp_path / "s", dict.fromkeys(names, HEAD))
    for form in ("text", "github", "json"):
        lines = shown(folder, form, capsys).split("\n")
        assert not any(re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line) for line in lines)
        assert not any(line.startswith("::error::") for line in lines)
    assert {Path(p.path).name for p in read_sources(folder)[1]} == set(names)
