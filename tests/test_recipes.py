"""The recipes do as they say: their very text loads a built release, with a local address for the public one."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jobs.describe import describe
from jobs.outputs import file_names
from jobs.recipes import ADDRESS, RECIPES, Recipe, placed
from schemas.tables import ALL_TABLES
from tests.clients import r, shell
from tests.clients.served import served

BY_FILE = {recipe.file: recipe for recipe in RECIPES}
BY_HAND = {
    "excel.txt": "Excel is a program for Windows and macOS",
    "power-bi.txt": "Power BI is a program for Windows",
    "google-sheets.txt": "Google Sheets runs at Google, which cannot see a local address",
    "tableau.txt": "Tableau Desktop is a program for Windows and macOS",
    "libreoffice.txt": "a dialogue; what LibreOffice reads is tested without a window",
}
"""Recipes that cannot be run here, and why; the names in them are looked at instead."""
NEEDED = {"libreoffice-headless.txt": ["soffice"], "sqlite.txt": ["sqlite3"], "curl.txt": ["sha256sum"]}
"""Commands besides curl that are no part of the environment."""
IN_M = {"int32": "Int64.Type", "date32[day]": "type date", "bool": "type logical", "double": "type number"}
FILE = re.compile(r"\b[a-z_]+\.(?:csv|parquet|xlsx|sqlite|json)\b(?!\()")

DATASETTE = """\
#!/bin/sh
for last; do :; done
if [ "$last" = --open ]; then set -- "$1" "$2" "$3" --get /; fi
exec {folder}/datasette "$@"
"""
"""`datasette`, but for `--open`: it shows the first page instead of serving it for ever."""


@pytest.fixture(scope="module")
def address(released: Path) -> Iterator[str]:
    with served(released) as where:
        yield where


@pytest.fixture(scope="module")
def grades(released: Path) -> pa.Table:
    return pq.read_table(released / "grades.parquet")


@pytest.fixture(scope="module")
def inadequate(grades: pa.Table) -> set[str]:
    """The answer that all recipes give."""
    asked = ("PEEL 2023-25", "Responding to the public", "inadequate")
    found = {row["force"] for row in grades.to_pylist() if (row["cycle"], row["area"], row["grade"]) == asked}
    assert found
    return found


def missing(recipe: Recipe) -> str:
    """Why a recipe cannot be run on this machine."""
    if recipe.language == "r":
        return r.missing_readr() if recipe.file == "readr.txt" else r.missing_r()
    needed = ["curl", *NEEDED.get(recipe.file, [])] if recipe.language == "sh" else []
    return "".join(f"{program} is not installed. " for program in needed if not shutil.which(program))


def run(recipe: Recipe, address: str, folder: Path) -> str:
    """What a recipe prints; a browser that it would open is left closed."""
    if missing(recipe):
        pytest.skip(missing(recipe))
    commands = folder / "commands"
    commands.mkdir()
    (commands / "datasette").write_text(DATASETTE.format(folder=shell.PROGRAMS))
    (commands / "datasette").chmod(0o755)
    return shell.ran(placed(recipe.text, address), recipe.language, folder, str(commands))


def forces_in(said: str, grades: pa.Table) -> set[str]:
    return {force for force in grades["force"].to_pylist() if force in said}


@pytest.mark.parametrize("file", [file for file in BY_FILE if file not in {*BY_HAND, "duckdb.txt", "curl.txt"}])
def test_a_recipe_answers_what_it_asks(
    file: str, address: str, tmp_path: Path, grades: pa.Table, inadequate: set[str]
) -> None:
    said = run(BY_FILE[file], address, tmp_path)
    if file == "libreoffice-headless.txt":
        sheet = openpyxl.load_workbook(tmp_path / "grades.xlsx").worksheets[0]
        header, *rows = sheet.iter_rows(values_only=True)
        assert (list(header), len(rows)) == (grades.column_names, len(grades))
        said = " ".join(str(row[2]) for row in rows if (row[5], row[7], row[9]) == ASKED)
    assert forces_in(said, grades) == inadequate


ASKED = ("PEEL 2023-25", "Responding to the public", "inadequate")


def test_duckdb_answers_of_files_in_a_folder(released: Path, tmp_path: Path, inadequate: set[str]) -> None:
    """For an address it would first download an extension of its own, which tests do not."""
    said = shell.ran(placed(BY_FILE["duckdb.txt"].text, f"{released}/"), "sql", tmp_path)
    assert set(re.findall(r"\('(.*)',\)", said)) == inadequate


def test_curl_takes_the_whole_release_and_finds_a_forged_file(released: Path, address: str, tmp_path: Path) -> None:
    said = run(BY_FILE["curl.txt"], address, tmp_path)
    got = {path.name: path.read_bytes() for path in (tmp_path / "openpeel").iterdir()}
    assert got == {path.name: path.read_bytes() for path in released.iterdir()}
    assert said.count(": OK\n") == len(got) - 1
    forged = Path(shutil.copytree(released, tmp_path / "forged"))
    (forged / "grades.csv").write_bytes(got["grades.csv"].replace(b"inadequate", b"adequate", 1))
    (tmp_path / "again").mkdir()
    with served(forged) as where, pytest.raises(AssertionError, match=r"grades\.csv: FAILED"):
        run(BY_FILE["curl.txt"], where, tmp_path / "again")


def test_every_recipe_is_listed_and_run_or_said_not_to_be() -> None:
    folder = Path(__file__).parent.parent / "jobs/recipes"
    assert {path.name for path in folder.glob("*.txt")} == set(BY_FILE)
    assert {recipe.file for recipe in RECIPES if recipe.language not in shell.LANGUAGES} == set(BY_HAND)
    assert len({recipe.tool for recipe in RECIPES}) == len(RECIPES)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.tool)
def test_a_recipe_is_short_and_names_files_that_a_release_has(recipe: Recipe) -> None:
    files = {*file_names(ALL_TABLES), "SHA256SUMS"}
    assert set(FILE.findall(recipe.text)) - {"grades.json"} <= files
    assert ADDRESS in recipe.text
    assert "ADDRESS" not in placed(recipe.text, "https://data.example.org/latest/")
    assert placed(recipe.text, "") == recipe.text
    assert len(recipe.text.splitlines()) <= 25
    assert recipe.text == recipe.text.strip() + "\n"


@pytest.mark.parametrize("file", ["excel.txt", "power-bi.txt"])
def test_code_for_power_query_is_whole_and_names_what_there_is(file: str, grades: pa.Table) -> None:
    """As far as can be seen without the program: brackets and quotes close, every step is defined before it is used."""
    code = "\n".join(line for line in BY_FILE[file].text.splitlines() if not line.startswith("//"))
    bare = re.sub(r'"[^"]*"', '""', code)
    assert code.count('"') % 2 == 0
    assert all(bare.count(a) == bare.count(b) for a, b in ("()", "[]", "{}"))
    body, _, last = bare.removeprefix("let").partition("\nin\n")
    names = re.findall(r"^    (\w+) = ", body, re.MULTILINE)
    steps = re.split(r"^    \w+ = ", body, flags=re.MULTILINE)[1:]
    assert [step.rstrip()[-1] == "," for step in steps] == [True] * (len(steps) - 1) + [False]
    assert all(re.search(rf"\b{name}\b", step) for name, step in zip(names, [*steps[1:], last], strict=True))
    assert set(re.findall(r"(?:each|and) \[(\w+)\]", code)) <= set(grades.column_names)
    assert [text for text in re.findall(r'\] = "([^"]*)"', code) if text not in every_text(grades)] == []


def test_excel_is_told_the_type_of_every_column_that_is_not_text() -> None:
    told = dict(re.findall(r'\{"(\w+)", ([\w. ]+)\}', BY_FILE["excel.txt"].text))
    assert told == {c.name: IN_M[str(c.arrow)] for c in describe("grades").columns if str(c.arrow) != "string"}


def test_google_sheets_counts_columns_as_they_stand(grades: pa.Table) -> None:
    text = BY_FILE["google-sheets.txt"].text
    named = {int(number): grades.column_names[int(number) - 1] for number in re.findall(r"Col(\d+)", text)}
    assert named == {3: "force", 6: "cycle", 8: "area", 10: "grade"}
    assert set(re.findall(r"Col\d+ = '([^']*)'", text)) <= every_text(grades)


@pytest.mark.parametrize("file", ["tableau.txt", "libreoffice.txt"])
def test_steps_by_hand_name_columns_and_values_that_there_are(file: str, grades: pa.Table) -> None:
    text = BY_FILE[file].text
    assert set(re.findall(r"\b[a-z]+_(?:id|rank)\b", text)) <= set(grades.column_names)
    for column, value in (("cycle", "PEEL 2023-25"), ("area", "Responding to the public"), ("grade", "inadequate")):
        assert re.search(rf"{column} (?:to )?{value}", text)
        assert value in grades[column].to_pylist()


def every_text(table: pa.Table) -> set[str]:
    return {cell for name in ("cycle", "area", "grade") for cell in table[name].to_pylist() if cell}
