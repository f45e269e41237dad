"""Every kind of fault in a code list, at its cell."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.pipeline import Sources, check_articles, run
from jobs.problems import Problem
from jobs.read_lists import read_codelists
from jobs.sources import read_sources
from tests.cases import EVER, REAL
from tests.helpers import HEAD, TODAY, changed, code_lists, real

Place = tuple[str, int, int, str]


def places(name: str, change: Callable[[str], str]) -> list[Place]:
    """List, line, column and code of each problem after a change of one list."""
    problems = read_codelists(changed(name, change))[1]
    return [(p.path.rpartition("/")[2].removesuffix(".csv"), p.line, p.column, p.code) for p in problems]


def added(name: str, lines: str) -> list[Place]:
    """The same after lines were added; their numbers count from the first added one."""
    last = real().codelists[name][1].decode().count("\n")
    return [(path, line - last, column, code) for path, line, column, code in places(name, lambda text: text + lines)]


def test_the_real_code_lists_have_no_problems() -> None:
    assert read_codelists(real().codelists)[1] == []


@pytest.mark.parametrize(("change", "code"), [
    (lambda text: "\ufeff" + text, "byte-order-mark"),
    (lambda text: "", "csv-syntax"),
    (lambda text: "\n" + text, "csv-syntax"),
    (lambda text: text.replace("person_id", "person id", 1), "csv-syntax"),
    (lambda text: text.replace("person_id,name", "name,person_id", 1), "csv-syntax"),
    (lambda text: text.replace(",", ";"), "csv-syntax"),
    (lambda text: text.replace(",", "\t"), "csv-syntax"),
    (lambda text: f'"{text}', "csv-syntax"),
])  # fmt: skip
def test_a_list_with_a_wrong_start_is_refused_at_its_first_line(change: Callable[[str], str], code: str) -> None:
    assert places("people", change) == [("people", 1, 1, code)]


@pytest.mark.parametrize(("lines", "place"), [
    ("a-b\n", (1, 1, "csv-syntax")),
    ("a-b,A B,x,y\n", (1, 1, "csv-syntax")),
    ('a-b,"A B,\nc-d,C D,\n', (1, 1, "csv-syntax")),
    ('a-b,"A" B,\n', (1, 1, "csv-syntax")),
    (f"a-b,{'x' * 200_000},\n", (1, 1, "csv-syntax")),
    ("a-b,A\0B,\n", (1, 6, "control-character")),
    ("a-b,A\x1bB,\n", (1, 6, "control-character")),
    ("a-b,A\u202eB,\n", (1, 6, "invisible-character")),
    ('a-b,"A\nB",\n', (1, 5, "control-character")),
    ("a-b,A\tB,\n", (1, 5, "control-character")),
    ("a-b,,\n", (1, 5, "empty-value")),
    ("a-b,   ,\n", (1, 5, "empty-value")),
    (",A B,\n", (1, 1, "empty-value")),
    ("A-B,A B,\n", (1, 1, "bad-id")),
    ("../a,A B,\n", (1, 1, "bad-id")),
    ("a b,A B,\n", (1, 1, "bad-id")),
    ("a-b,=A1,\n", (1, 5, "formula-text")),
    ('a-b," @A",\n', (1, 5, "formula-text")),
    ("a-b,A B,null\n", (1, 9, "null-text")),
    ('a-b,"A, B",n/a\n', (1, 12, "null-text")),
    ('"a-b","A B",n/a\n', (1, 13, "null-text")),
    (f"a-b,A B,{'x' * 3_000}\n", (1, 9, "too-long")),
    ("roy-wilsher,Roy,\n", (1, 1, "equal-id")),
])  # fmt: skip
def test_a_cell_is_refused_where_it_stands(lines: str, place: tuple[int, int, str]) -> None:
    assert added("people", lines) == [("people", *place)]


@pytest.mark.parametrize(("name", "line", "place"), [
    ("roles", "nick-deen,Chief,cambridgeshire,,,\n", (1, "unknown-value")),
    ("roles", "nick-dean,Chief,cambs,,,\n", (17, "unknown-value")),
    ("roles", "nick-dean,Chief,cambridgeshire,2024-02-30,,\n", (32, "impossible-date")),
    ("roles", "nick-dean,Chief,cambridgeshire,12/03/2024,,\n", (32, "not-a-date")),
    ("roles", "nick-dean,Chief,cambridgeshire,2024-02-03,2024-02-02,\n", (1, "list-mismatch")),
    ("measures", "calls-lost,Calls lost,percents,neither,Calls.\n", (23, "unknown-value")),
    ("measures", "calls-lost,Calls lost,percent,lower,Calls.\n", (31, "unknown-value")),
    ("cycles", "peel-2027-29,PEEL,peel,peel-six-grades,2027,,,\n", (24, "unknown-value")),
    ("cycles", "peel-2027-29,PEEL,peel,peel-five-grades,MMXXVII,,,\n", (41, "not-a-number")),
    ("cycles", "peel-2027-29,PEEL,peel,peel-five-grades,2027,,peel-2025-27|peel-2029,\n", (47, "unknown-value")),
    ("cycles", "peel-2027-29,PEEL,peel,peel-five-grades,2027,PEEL 27|n/a,,\n", (46, "null-text")),
    ("scales", "peel-five-grades,good,fine,6\n", (1, "equal-id")),
    ("scales", "peel-five-grades,superb,superb,0x6\n", (32, "not-a-number")),
    ("areas", "peel-2024,dogs,core-question,yes,Dogs,,,\n", (1, "unknown-value")),
    ("areas", "peel-2023-25,dogs,core-question,perhaps,Dogs,,,\n", (33, "unknown-value")),
    ("publishers", "hmicfrs,HMICFRS,newspaper,,ogl-3,\n", (1, "equal-id")),
    ("publishers", "kent,Kent Police,newspaper,,ogl-3,\n", (1, "equal-id")),
    ("organisations", "nick-dean,Nick Dean,other,,\n", (1, "equal-id")),
    ("organisations", "kent-pcc,Kent PCC,commissioner,kent-pcc.gov.uk,\n", (32, "not-an-address")),
    ("forces", "null,Null Police,territorial,E99,Nowhere,England,,,\n", (1, "null-text")),
    ("forces", "rutland,Rutland Police,rural,E99,Rutland,England,,,\n", (24, "unknown-value")),
    ("forces", "rutland,Rutland Police,territorial,E23000023,Rutland,England,,,\n", (1, "list-mismatch")),
    ("inspections", "rutland-made-up,rutland,peel-2018-19,,,,,\n", (17, "unknown-value")),
    ("areas", "peel-2025-27,na,question,yes,Nothing,,,\n", (14, "null-text")),
    ("scales", "peel-five-grades,none,no grade,6\n", (18, "null-text")),
    ("inspections", "kent-made-up-2018,kent,peel-2018-19,,,dogs,,\n", (1, "list-mismatch")),
    ("inspections", "kent-made-up-2023,kent,peel-2023-25,,,victims|powers,,\n", (1, "list-mismatch")),
    ("inspections", "kent-made-up-2023,kent,peel-2023-25,,,powers|powers,,\n", (1, "list-mismatch")),
    ("inspections", "kent-made-up-2023,kent,peel-2023-25,,3,powers|offend,,\n", (1, "list-mismatch")),
    ("inspections", "kent-made-up-2023,kent,peel-2023-25,,eight,,,\n", (38, "not-a-number")),
    ("inspections", f"kent-made-up-2023,kent,peel-2023-25,,{'9' * 5_000},,,\n", (38, "too-many-digits")),
])  # fmt: skip
def test_a_row_is_refused_where_it_stands(name: str, line: str, place: tuple[int, str]) -> None:
    assert added(name, line) == [(name, 1, *place)]


@pytest.mark.parametrize(("name", "lines"), [
    ("forces", "fens-fire,Fens Fire,fire-and-rescue,,,England,,,\nsea-fire,Sea Fire,fire-and-rescue,,,England,,,\n"),
    ("inspections", "all-made-up,,peel-2018-19,,,,,\n"),
    ("cycles", "peel-2027-29,PEEL 2027-29,peel,peel-five-grades,2027,PEEL 27|PEEL 2027,peel-2025-27,\n"),
])  # fmt: skip
def test_a_row_may_leave_out_what_it_has_not(name: str, lines: str) -> None:
    """Only police forces have a GSS code, reports on all forces no force, and most cycles no other name."""
    assert added(name, lines) == []


def test_a_key_is_the_same_in_other_letters() -> None:
    lines = "nick-dean,Night Watchman,kent,,,\nnick-dean,Night  watchman,kent,,,\n"
    assert added("roles", lines) == [("roles", 2, 1, "equal-id")]


def test_a_gss_code_of_two_forces_names_the_other() -> None:
    lines = "rutland,Rutland Police,territorial,E23000023,Rutland,England,,,\n"
    (problem,) = read_codelists(code_lists({"forces": lines}))[1]
    assert problem.message == "the GSS code ‘E23000023’ is that of cambridgeshire"


def test_the_hint_names_the_likeliest_code() -> None:
    (problem,) = read_codelists(code_lists({"roles": "nick-deen,Chief,cambridgeshire,,,\n"}))[1]
    assert problem.hint == "did you mean nick-dean?"


def test_an_alias_of_two_areas_is_refused_in_both() -> None:
    lines = "peel-2025-27,dogs,question,yes,Dogs,hounds,,\npeel-2025-27,cats,question,yes,Cats,Hounds,,\n"
    assert added("areas", lines) == [("areas", 1, 1, "list-mismatch"), ("areas", 2, 1, "list-mismatch")]


@pytest.mark.parametrize("aliases", ["a||b", "a|", "|a", "|", "a| |b"])
def test_an_empty_alias_is_refused(aliases: str) -> None:
    assert added("units", f"furlongs,furlongs,{aliases},\n") == [("units", 1, 19, "empty-value")]


def test_a_label_of_two_grades_is_refused() -> None:
    """Otherwise a grade that articles print would silently become another one."""
    found = places("scales", lambda text: text.replace("inadequate,inadequate,5", "inadequate,good,5"))
    assert [(line, code) for _, line, _, code in found] == [(6, "list-mismatch")]


def test_an_alias_of_two_units_is_refused() -> None:
    assert ("units", 1, 1, "list-mismatch") in added("units", "minims,minims,min,\n")


def test_all_faults_of_all_lists_are_shown_in_order() -> None:
    files = code_lists({"people": "A,B,\n", "roles": "x,=1,kent,,2024-13-01,\n", "units": "q,,,\n"})
    problems = read_codelists(files)[1]
    assert problems == sorted(problems)
    assert [(p.path.rpartition("/")[2], p.code) for p in problems] == [
        ("people.csv", "bad-id"), ("roles.csv", "unknown-value"), ("roles.csv", "formula-text"),
        ("roles.csv", "impossible-date"), ("units.csv", "empty-value"),
    ]  # fmt: skip


def test_articles_are_looked_at_for_their_shape_although_a_list_is_broken() -> None:
    files = changed("people", lambda text: "x")
    text = HEAD.replace("wired-gov", "nobody") + "colour: blue\n"
    checked = check_articles(Sources([("articles/a-b.yaml", text.encode())], files), TODAY)
    assert sorted(p.code for p in checked.problems) == ["csv-syntax", "unknown-key"]


@pytest.mark.parametrize("name", sorted(real().codelists))
def test_a_list_that_is_not_there_is_one_problem(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path(shutil.copytree(REAL, tmp_path_factory.mktemp("sources") / "s"))
    (folder / "codelists" / f"{name}.csv").unlink()
    assert all_problems(folder) == [Problem(
        str(folder / "codelists" / f"{name}.csv"), 1, 1, "missing-list", f"the code list {name}.csv is not there"
    )]  # fmt: skip


def test_a_list_that_is_a_folder_is_one_problem(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = Path(shutil.copytree(REAL, tmp_path_factory.mktemp("sources") / "s"))
    (folder / "codelists/people.csv").unlink()
    (folder / "codelists/people.csv").mkdir()
    assert [p.code for p in all_problems(folder)] == ["not-a-file"]


def all_problems(folder: Path) -> list[Problem]:
    """What `openpeel check` shows in wave one."""
    sources, problems = read_sources(folder)
    return problems + check_articles(sources, EVER).problems


@pytest.mark.parametrize(("name", "line", "column"), [
    ("scales", "peel-six-grades,good,good,0\n", "scales.grade_rank"),
    ("inspections", "kent-made-up-2023,kent,peel-2023-25,,0,,,\n", "inspections.graded_total"),
    ("roles", "nick-dean,Night-Watchman,kent,,,\nnick-dean,Night Watchman,kent,,,\n", "roles.role_id"),
    ("publishers", "made-up-post,The Post,newspaper,the post,ogl-3,\n", "organisations.url"),
])  # fmt: skip
def test_what_only_a_published_table_shows_is_traced_to_the_line(name: str, line: str, column: str) -> None:
    files = code_lists({name: line})
    last = files[name][1].decode().count("\n")
    problems = run(Sources([("articles/a-b.yaml", HEAD.encode())], files), TODAY)[1]
    assert (files[name][0], last, True) in [(p.path, p.line, p.message.startswith(column)) for p in problems]
    assert {p.code for p in problems} == {"schema"}
