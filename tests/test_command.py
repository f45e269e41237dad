"""The command as people and workflows call it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import VERBS, main

ROOT = Path(__file__).parent.parent
ARTICLE = "articles/cambridgeshire-2024-03-13-wired-gov.yaml"
ARTICLES = len(list((ROOT / "sources/articles").glob("*.yaml")))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "sources", tmp_path / "sources"))


def replaced(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"usage: openpeel {verb}")


def test_the_help_names_every_verb_and_imports_nothing_heavy() -> None:
    code = "import sys; from jobs.__main__ import main; main(['--help']); print(*sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    assert all(f"    {verb} " in said for verb in VERBS)
    assert not {"pandas", "pyarrow", "pandera", "msgspec", "yaml", "ryml"} & set(said.split())


def test_clean_sources_are_clean(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--sources", str(sources)]) == 0
    assert capsys.readouterr() == ("", f"{ARTICLES} articles, no problems\n")


def test_a_problem_is_shown_at_its_place(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(sources / ARTICLE, "publisher: wired-gov", "publisher: wired-gove")
    assert main(["check", "--sources", str(sources)]) == 1
    assert capsys.readouterr().out == (
        f"{sources}/{ARTICLE}:6:12: ‘wired-gove’ is not known here [unknown-value]\n    did you mean wired-gov?\n"
    )


def test_github_shows_it_at_the_line(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(sources / ARTICLE, "publisher: wired-gov", "publisher: wired-gove")
    assert main(["check", "--sources", str(sources), "--format", "github"]) == 1
    assert capsys.readouterr().out == (
        f"::error file={sources}/{ARTICLE},line=6,col=12,title=unknown-value"
        "::‘wired-gove’ is not known here (did you mean wired-gov?)\n"
    )


def test_programs_read_json(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    replaced(sources / ARTICLE, "publisher: wired-gov", "publisher: wired-gove")
    assert main(["check", "--sources", str(sources), "--format", "json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)
    assert problem == {
        "path": f"{sources}/{ARTICLE}",
        "line": 6,
        "column": 12,
        "code": "unknown-value",
        "message": "‘wired-gove’ is not known here",
        "hint": "did you mean wired-gov?",
    }


def test_build_says_what_it_made_or_nothing(sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["build", "--sources", str(sources), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert re.search(r"^ +[0-9]+  grades$", said.err, flags=re.MULTILINE)
    assert said.err.endswith(f"{ARTICLES} articles -> {out}\n")
    made = {path.name for path in out.iterdir()}
    assert {"grades.csv", "grades.parquet", "SHA256SUMS"} <= made
    assert main(["build", "--sources", str(sources), "--out", str(out), "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_build_that_fails_changes_nothing(sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["build", "--sources", str(sources), "--out", str(out), "--quiet"]) == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    replaced(sources / ARTICLE, "grade: outstanding", "grade: splendid")
    assert main(["build", "--sources", str(sources), "--out", str(out)]) == 1
    assert "[unknown-value]" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["chek"],
        ["check", "--sorces", "x"],
        ["check", "--format", "xml"],
        ["build", "extra"],
        ["pin"],
        ["new", "--force", "cambridgeshire"],
    ],
)
def test_wrong_use_is_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: openpeel")


def test_a_folder_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--sources", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr().err == f"openpeel: {tmp_path}/nowhere: No such file or directory\n"


@pytest.mark.parametrize("verb", ["check", "pin"])
def test_texts_that_are_no_folder_are_wrong_use(
    verb: str, sources: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([verb, "--sources", str(sources), "--texts", str(tmp_path / "nowhere")]) == 2
    assert capsys.readouterr() == ("", f"openpeel: {tmp_path}/nowhere is not a folder of texts\n")


def test_a_defect_is_3(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("jobs.verbs.check.run", lambda arguments: 1 // 0)
    assert main(["check"]) == 3
    assert "this is a defect of openpeel" in capsys.readouterr().err


def test_a_reader_that_stops_reading_is_no_defect(sources: Path) -> None:
    for number in range(50):
        (sources / "articles" / f"a-{number}.yaml").write_text("x: 1\n" * 60, encoding="utf-8")
    command = [sys.executable, "-m", "jobs", "check", "--sources", str(sources)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
        assert process.wait() == 141


def test_the_command_ends_when_all_that_was_begun_is_done() -> None:
    """Threads, what others have asked for in the end, and what was printed; then nothing is taken apart any more."""
    code = """
import atexit, sys, threading, time
from jobs import __main__ as ours
class Kept:
    def __del__(self):
        print("taken apart")
sys.kept = Kept()
def main(arguments):
    atexit.register(print, "asked for", file=sys.stderr)
    threading.Thread(target=lambda: (time.sleep(0.3), print("thread"))).start()
    print("main")
    return 3
ours.main = main
ours.command()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (run.returncode, run.stdout, run.stderr) == (3, "main\nthread\n", "asked for\n")


def test_what_was_asked_for_before_the_command_is_done_as_well() -> None:
    code = """
import atexit
atexit.register(print, "asked for before")
from jobs import __main__ as ours
ours.main = lambda arguments: 3
ours.command()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (run.returncode, run.stdout, run.stderr) == (3, "asked for before\n", "")


@pytest.mark.parametrize(("sound", "status"), [(True, 0), (False, 1)])
def test_closed_streams_change_no_status(sources: Path, tmp_path: Path, sound: bool, status: int) -> None:
    """Nor is a file that is opened next taken for one of them."""
    if not sound:
        replaced(sources / ARTICLE, "publisher: wired-gov", "publisher: wired-gove")
    command = f'"{sys.executable}" -m jobs build --sources "{sources}" --out "{tmp_path / "out"}" <&- >&- 2>&-'
    assert subprocess.run(["sh", "-c", command], check=False, cwd=ROOT).returncode == status
    found = {path.name for path in tmp_path.glob("out/*")}
    assert {"grades.csv", "SHA256SUMS"} <= found if sound else not found
    if sound:
        assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "out").returncode == 0


@pytest.mark.parametrize(("place", "status"), [("| (exec <&-; sleep 0.5)", 141), (">/dev/full", 2)])
def test_help_that_nobody_can_read_says_so(place: str, status: int) -> None:
    command = f'unset PYTHONUNBUFFERED; ("{sys.executable}" -m jobs --help; echo $? >&3) 3>&2 2>/dev/null {place}'
    run = subprocess.run(["sh", "-c", command], stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)
    assert run.stderr == f"{status}\n"


def test_an_interruption_that_python_makes_another_error_of_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As 3.11 does where a class is being made."""

    def run(arguments: object) -> int:
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt as error:
            raise RuntimeError("Error calling __set_name__") from error

    monkeypatch.setattr("jobs.verbs.check.run", run)
    assert main(["check"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("formats", ["parquet", "workbook", "sqlite,page"])
def test_a_folder_with_any_format_is_ours(sources: Path, tmp_path: Path, formats: str) -> None:
    for _ in range(2):
        build = ["build", "--sources", str(sources), "--out", str(tmp_path / "out"), "--formats", formats, "--quiet"]
        assert main(build) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Arrow may lack it")
@pytest.mark.parametrize(("named", "used"), [({}, "jemalloc"), ({"ARROW_DEFAULT_MEMORY_POOL": "system"}, "system")])
def test_arrow_allocates_with_jemalloc_unless_somebody_says_otherwise(named: dict[str, str], used: str) -> None:
    code = """
from jobs import __main__ as ours
def main(arguments):
    import pyarrow
    print(pyarrow.default_memory_pool().backend_name)
    return 0
ours.main = main
ours.command()
"""
    environ = {name: value for name, value in os.environ.items() if name != "ARROW_DEFAULT_MEMORY_POOL"} | named
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environ, check=True, cwd=ROOT
    )
    assert (run.stdout, run.stderr) == (f"{used}\n", "")


def test_arrow_is_imported_without_its_descriptions() -> None:
    """They are what takes half of the time; its functions are the same without them."""
    code = """
from jobs import __main__ as ours
def main(arguments):
    import pyarrow.compute as pc
    print("skip_nulls :" in pc.min_max.__doc__, pc.min_max([3, 1, 2], skip_nulls=False))
    return 0
ours.main = main
ours.command()
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert (run.stdout, run.stderr) == ("False [('min', 1), ('max', 3)]\n", "")
