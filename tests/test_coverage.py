"""How complete the record is: counted from what is held, unknown where nobody knows, and shown in the README."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from jobs.__main__ import main
from jobs.outputs.common import Held, held_by_cycle
from jobs.verbs.coverage import END, START
from tests.cases import head, outcome, tables_of

ROOT = Path(__file__).parent.parent
SEVEN = """\
grades:
  - {area: offend, grade: inadequate}
  - {area: respond, grade: inadequate}
  - {area: powers, grade: outstanding}
  - {area: prevent, grade: good}
  - {area: workforce, grade: good}
  - {area: invest, grade: adequate}
  - {area: vuln, grade: adequate}
"""
COUNTS = """\
counts:
  - total: 8
    grades: {outstanding: 1, good: 2, adequate: 2, requires improvement: 1, inadequate: 2}
"""


def row(tables: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in tables["coverage"] if r["coverage_id"] == key)
    return found


def test_stated_derived_and_missing_grades_are_counted_from_independent_sources() -> None:
    origin = "origin: hmicfrs-release-cambridgeshire-2024-03-12\n"
    tables = tables_of({
        "a-one": head("a") + SEVEN,
        "b-two": head("b") + origin + COUNTS,
        "c-three": head("c") + origin + COUNTS,
    })  # fmt: skip
    held = row(tables, "cambridgeshire-peel-2023-25")
    assert (
        held["areas_graded"],
        held["grades_stated"],
        held["grades_derived"],
        held["grades_disputed"],
        held["grades_missing"],
    ) == (8, 7, 1, 0, 0)
    assert (held["articles"], held["independent_sources"]) == (3, 2)


def test_what_no_article_names_is_missing_and_what_nobody_knows_is_empty() -> None:
    tables = tables_of({"a-one": head("a") + "grades:\n  - {area: powers, grade: outstanding}\n"})
    assert row(tables, "cambridgeshire-peel-2023-25")["grades_missing"] == 7
    unknown = row(tables, "cambridgeshire-peel-2016")
    assert (unknown["grades_stated"], unknown["areas_graded"], unknown["grades_missing"]) == (0, None, None)


def test_every_territorial_force_and_peel_cycle_has_a_row_and_no_other() -> None:
    tables = tables_of(
        {"a-one": head("a")},
        {
            "forces": "kent-fire,Kent Fire and Rescue Service,fire-and-rescue,,,England,,,\n",
            "cycles": "fire-2023,Fire 2023,fire,peel-five-grades,2023,,,\n",
        },
    )
    keys = {r["coverage_id"] for r in tables["coverage"]}
    assert len([k for k in keys if k.startswith("kent-")]) == len(
        [c for c in tables["cycles"] if c["programme"] == "peel"]
    )
    assert not any("fire" in key for key in keys)


def test_more_named_grades_than_graded_areas_are_a_problem_at_the_last_of_them() -> None:
    lists = {"inspections": "kent-peel-2023-25-again,kent,peel-2023-25,,1,,,\n"}
    text = head("a").replace("cambridgeshire-peel-2023-25", "kent-peel-2023-25-again")
    text += "grades:\n  - {area: powers, grade: good}\n  - {area: vuln, grade: good}\n"
    problems = outcome({"a-one": text}, lists)[1]
    assert [(p.code, p.line) for p in problems] == [("count-conflict", 8)]
    assert "1 in inspections.csv" in problems[0].message


def test_cycles_are_summed_and_what_nobody_knows_is_no_zero() -> None:
    names = ["cycle_id", "cycle", "force_id", "areas_graded"]
    names += ["grades_stated", "grades_derived", "grades_disputed", "grades_missing"]
    lines = [
        ("peel-2016", "PEEL 2016", "kent", None, 1, 0, 0, None),
        ("peel-2023-25", "PEEL 2023-25", "kent", 8, 3, 1, 0, 4),
        ("peel-2023-25", "PEEL 2023-25", "essex", 9, 0, 0, 0, 9),
        ("peel-2023-25", "PEEL 2023-25", "surrey", None, 0, 0, 1, None),
    ]
    coverage = pa.Table.from_pylist([dict(zip(names, line, strict=True)) for line in lines])
    assert held_by_cycle(coverage) == [
        Held("peel-2016", "PEEL 2016", 1, 1, 0, 0, 1, 0, 0, 0),
        Held("peel-2023-25", "PEEL 2023-25", 3, 2, 2, 17, 3, 1, 1, 13),
    ]
    assert [held.words for held in held_by_cycle(coverage)] == [
        ("PEEL 2016", "1 of 1", "not known", "1", "0", "0", "not known"),
        ("PEEL 2023-25", "2 of 3", "17 in 2 forces", "3", "1", "1", "13"),
    ]
    assert held_by_cycle(coverage.slice(0, 0)) == []


def test_the_readme_shows_what_the_command_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--sources", str(ROOT / "sources")]) == 0
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = readme.partition(START)[2].partition(END)[0]
    assert shown.strip() == capsys.readouterr().out.strip(), "run make coverage"


def test_a_file_without_marks_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "notes.md"
    file.write_text("nothing\n")
    assert main(["coverage", "--sources", str(ROOT / "sources"), "--update", str(file)]) == 2
    assert file.read_text() == "nothing\n"
    assert "lacks the lines" in capsys.readouterr().err


def test_force_by_force(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", "--forces", "--sources", str(ROOT / "sources")]) == 0
    assert "| Cambridgeshire Constabulary | PEEL 2023-25 | 8 | 8 | 0 | 0 | 0 |" in capsys.readouterr().out
