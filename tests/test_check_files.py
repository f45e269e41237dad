"""`openpeel check FILE`: one file at once, by itself and beside all others, and honest about the rest."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jobs.__main__ import WRONG_USE, main
from tests.benchmarks.corpus import write_corpus
from tests.cases import head
from tests.helpers import source_folder

ROOT = Path(__file__).parent.parent

GRADE = "grades:\n  - {{area: powers, grade: {}}}\n"
ONE = "cambridgeshire-2024-03-12-one"
OTHER = "cambridgeshire-2024-03-13-other"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    texts = {f"{name}.yaml": head(name) + GRADE.format("good") for name in (ONE, OTHER)}
    return source_folder(tmp_path / "sources", texts)


def check(sources: Path, *files: str | Path) -> int:
    return main(["check", "--sources", str(sources), "--executor", "serial", *map(str, files)])


def the_file(sources: Path, name: str) -> Path:
    return sources / "articles" / f"{name}.yaml"


def test_a_file_by_itself(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = the_file(sources, ONE)
    file.write_text(head(ONE) + GRADE.format("goood"), encoding="utf-8")
    the_file(sources, OTHER).write_text("broken: [", encoding="utf-8")
    assert check(sources, file) == 1
    said = capsys.readouterr()
    assert re.fullmatch(rf"{file}:7:27: .*\[unknown-value\]\n.*\n", said.out)
    assert said.err == "1 article, 1 problem\n"


def test_without_an_earlier_look_it_says_what_it_does_not_know(
    sources: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    the_file(sources, ONE).write_text(head(ONE) + GRADE.format("adequate"), encoding="utf-8")
    assert check(sources, the_file(sources, ONE)) == 0
    assert capsys.readouterr() == (
        "",
        "1 article, no problems; not looked at: the other articles: openpeel check looks at all of them\n",
    )


def test_beside_all_others_as_they_were(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(sources) == 0
    the_file(sources, ONE).write_text(head(ONE) + GRADE.format("adequate"), encoding="utf-8")
    capsys.readouterr()
    assert check(sources, the_file(sources, ONE)) == 1
    few = capsys.readouterr()
    assert few.err.startswith("1 article, 2 problems; beside 1 other; not looked at: changes of the others since")
    assert check(sources) == 1
    assert few.out == capsys.readouterr().out
    assert few.out.count("[grade-conflict]") == 2


def test_a_changed_file_whose_address_was_taken_before(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    the_file(sources, ONE).write_text(head(OTHER) + GRADE.format("good"), encoding="utf-8")
    assert check(sources) == 1
    the_file(sources, ONE).write_text(head(OTHER) + GRADE.format("adequate"), encoding="utf-8")
    capsys.readouterr()
    assert check(sources, the_file(sources, ONE)) == 1
    assert "[equal-address]" in capsys.readouterr().out


def test_a_new_file_with_an_address_that_is_taken(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(sources) == 0
    new = the_file(sources, "cambridgeshire-2024-03-14-new")
    new.write_text(head(OTHER), encoding="utf-8")
    capsys.readouterr()
    assert check(sources, new) == 1
    assert capsys.readouterr().out == (
        f"{new}:1:6: another article has the address ‘https://www.example.org/{OTHER}’ [equal-address]\n"
        f"    see {the_file(sources, OTHER)}:1\n"
    )


def test_what_no_longer_describes_is_seen_elsewhere(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = "statements:\n  - id: a-point\n    speaker: hmicfrs\n    excerpt: words that are said here\n"
    more = "    kind: finding\n    stance: neutral\n    summary: A point.\n"
    the_file(sources, ONE).write_text(head(ONE) + said + more, encoding="utf-8")
    the_file(sources, OTHER).write_text(head(OTHER) + said, encoding="utf-8")
    assert check(sources) == 0, capsys.readouterr().out
    the_file(sources, ONE).write_text(head(ONE), encoding="utf-8")
    capsys.readouterr()
    assert check(sources, the_file(sources, ONE)) == 1
    assert f"{the_file(sources, OTHER)}:7:9: no article describes" in capsys.readouterr().out


def test_a_code_list_that_has_changed(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(sources) == 0
    people = sources / "codelists" / "people.csv"
    people.write_bytes(people.read_bytes() + b"somebody-new,Somebody New,\n")
    capsys.readouterr()
    assert check(sources, the_file(sources, ONE), people) == 0
    assert "a code list has changed since" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "words"), [("README.md", "is not in the source folder"), ("sources/articles/x-y.yaml", "is not there")]
)
def test_a_file_that_cannot_be_looked_at(file: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--sources", str(ROOT / "sources"), str(ROOT / file)]) == WRONG_USE
    assert words in capsys.readouterr().err


def test_the_real_articles_are_clean_one_by_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    copied = Path(shutil.copytree(ROOT / "sources", tmp_path / "real"))
    files = sorted((copied / "articles").iterdir())
    assert check(copied) == 0
    assert check(copied, *files[::40], *sorted((copied / "evidence").iterdir())[:2]) == 0
    assert check(copied, *files) == 0


def test_nothing_heavy_is_imported(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    write_corpus(sources, 12, seed=2)
    assert check(sources) == 0
    file = next((sources / "articles").iterdir())
    code = (
        "import sys; from jobs.__main__ import main; "
        f"print(main(['check', '--sources', {str(sources)!r}, {str(file)!r}]), *sorted(sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert ran.stdout.split()[0] == "0"
    assert "beside 11 others" in ran.stderr
    assert not {"pandas", "pandera", "distributed", "jobs.across"} & set(ran.stdout.split())
