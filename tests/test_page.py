"""The page without a browser: what it tells, what it leaves out and says so, its size, and the same bytes everywhere."""

import datetime as dt
import json
import os
import re
import subprocess
import sys
from collections import Counter
from html import unescape
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest

from jobs.outputs import DOCUMENTS, file_names
from jobs.outputs.edition import Edition
from jobs.outputs.jsonld import jsonld
from jobs.outputs.page.downloads import DESCRIPTIONS
from jobs.outputs.page.figures import groups_of
from jobs.outputs.page.words import day, size
from jobs.recipes import RECIPES
from schemas import dataset
from schemas.tables import ALL_TABLES
from tests.browser.editions import ADDRESS, changed, first, made, many, page, real, rows
from tests.browser.hostile import HOSTILE, Tags, hostile

LIMIT: Final = 1_500_000


@pytest.fixture(scope="module")
def html() -> str:
    return page(real())


def words_of(html: str, section: str) -> str:
    """The text of a part of the page."""
    found = re.search(rf'<section id="{section}".*?</section>', html, re.DOTALL)
    assert found
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def test_it_says_what_it_is_and_how_current(html: str) -> None:
    told = words_of(html, "about")
    edition = real()
    latest = max(row["published_on"] for row in rows(edition, "articles") if row["published_on"])
    for words in (
        dataset.SUBTITLE,
        dataset.DESCRIPTION,
        *dataset.WARNINGS,
        "Release 0.1.0",
        "Date 4 March 2026",
        "Release before none",
        f"Articles read {len(rows(edition, 'articles')):,}",
        f"Latest article {day(latest)}",
        f"Grades {len(rows(edition, 'grades')):,}",
    ):
        assert words in told
    held = [row for row in rows(edition, "coverage") if row["cycle_id"] == "peel-2023-25"]
    missing = sum(row["grades_missing"] or 0 for row in held)
    assert re.search(rf"PEEL 2023-25 \d+ of {len(held)} .* {missing} PEEL 2021/22", told)


def test_search_engines_find_the_dataset_in_the_page() -> None:
    """What stands in `dataset.jsonld`, in short; nothing in it ends the element that it stands in."""
    for edition in (real(), real()._replace(address="https://example.org/</script>/"), Edition(real().tables)):
        told = page(edition).partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        short, whole = json.loads(told), jsonld(edition)
        assert short.pop("@context") == "https://schema.org/"
        assert short.pop("@type") in whole["@type"]
        assert short.keys() - {"distribution"} >= {"name", "description", "license", "creator"}
        files = short.pop("distribution", [])
        assert [file["contentUrl"] for file in files] == [f"{edition.place}{name}" for name in edition.files]
        assert short.items() <= whole.items()
        assert short.get("url", "") == edition.place
        assert len(told) < 12_000


def test_where_no_inspection_is_known_nothing_is_known() -> None:
    """`not held` says that there is a grade, so it takes an inspection that must have given one."""
    kent = {"force_id": "kent", "cycle_id": "peel-2023-25", "graded_areas": None}

    def row_of(edition: Edition) -> set[str]:
        cells = (
            page(edition).partition('id="cycle-peel-2023-25"')[2].partition(">Kent Police<")[2].partition("</tr>")[0]
        )
        return set(re.findall(r'<td class="[^"]*">(not [^<]*)</td>', cells))

    tables = real().tables
    inspections = [
        row for row in rows(real(), "inspections") if (row["force_id"], row["cycle_id"]) != tuple(kent.values())[:2]
    ]
    none = real()._replace(tables={**tables, "inspections": made("inspections", inspections)})
    assert row_of(none) == {"not known"}
    known = made("inspections", [*inspections, inspections[0] | kent | {"inspection_id": "kent-peel-2023-25"}])
    assert row_of(real()._replace(tables={**tables, "inspections": known})) == {"not held", "not known"}


def test_cycles_without_a_grade_are_named(html: str) -> None:
    held = {row["cycle"] for row in rows(real(), "grades")}
    nothing = [row["cycle"] for row in rows(real(), "cycles") if row["cycle"] not in held]
    assert nothing
    said = words_of(html, "grades").partition("No grade is held of ")[2]
    assert set(said.rstrip(".").split(", ")) == set(nothing)


def test_a_force_is_never_compared_across_cycles_that_do_not_compare(html: str) -> None:
    assert "Not to be compared: nothing says that grades of PEEL 2023-25 compare with those of PEEL 2021/22." in html
    inspections = {(row["force_id"], row["cycle_id"], row["inspection_id"]) for row in rows(real(), "grades")}
    of_one_cycle = Counter(key[:2] for key in inspections)
    assert html.count("Both inspections, above and below, are of ") == sum(of_one_cycle.values()) - len(of_one_cycle)
    assert "may be compared" not in html
    joined = page(changed(real(), "cycles", lambda _, row: {"comparable_with": "peel-2021-22; peel-2016"}))
    assert "Not to be compared" not in joined
    assert "Grades above and below may be compared." in joined


def test_derived_corrected_and_disputed_grades_say_why() -> None:
    grade = rows(real(), "grades")[0]["grade_id"]
    disputed = {"grade": None, "grade_label": None, "grade_rank": None, "disputed": True}
    edition = changed(real(), "grades", lambda at, _: {} if at else disputed)
    claims = [
        dict.fromkeys(rows(edition, "conflicts")[0], None)
        | {"conflict_id": f"c-{value}", "table": "grades", "fact_id": grade, "column_name": "grade", "grade": value}
        | {"prevails": False, "claims": 1, "independent_sources": 1, "article_ids": f"a-{value}"}
        | {
            "resolution": "left-open",
            "reason": "Nobody can tell.",
            "decided_on": dt.date(2026, 1, 1),
            "decided_by": "Us",
        }
        for value in ("good", "requires-improvement")
    ]
    told = words_of(page(edition._replace(tables={**edition.tables, "conflicts": made("conflicts", claims)})), "grades")
    assert "disputed : Articles disagree: good (a-good); requires improvement (a-requires-improvement). Nobody" in told
    assert "corrected : Corrected by the inspectorate on 8 August 2024; it was adequate before." in told
    for row in rows(edition, "grades"):
        assert not row["derivation"] or row["derivation"] in told


def test_every_figure_is_told_with_claimant_period_and_comparator(html: str) -> None:
    told = words_of(html, "figures")
    for group in groups_of(real()):
        for figure in group.figures:
            told_row = (figure.value, figure.row["claimed_by"], figure.period, *figure.compared)
            assert all(" ".join(words.split()) in told for words in told_row)
    assert "almost \N{MINUS SIGN}84%" in told
    assert "projected: 10 million pounds sterling" in told
    assert "target: 3 months" in told


PLACES: Final = {
    "value": ("layer_1_marks", r'transform="translate\(([-\d.]+),'),
    "comparator_value": ("layer_2_marks", r'd="M([-\d.]+),'),
}
"""Where a drawing has its marks."""


def test_drawings_show_the_numbers_of_the_table(html: str) -> None:
    """What stands where in a drawing, read back by its axis, which holds zero."""
    titles = {unescape(title): at for title, at in re.findall(r'<h3 id="(figure-\d+)">(.*?)</h3>', html)}
    drawn = 0
    for group in groups_of(real()):
        place = {title: at for at, title in titles.items()}.get(group.title)
        if not place or not group.plotted:
            continue
        svg = html.partition(f'id="{place}"')[2].partition("<svg")[2].partition("</svg>")[0]
        axis = svg.partition("role-axis-label")[2].partition("</g>")[0]
        ends = [
            float(text.replace(",", "").replace("\N{MINUS SIGN}", "-"))
            for text in re.findall(r">([^<>]+)</text>", axis)
        ]
        low, high = ends[0], ends[-1]
        assert low <= 0 <= high
        assert group.unit != "per cent" or {low, high} <= {-100.0, 0.0, 100.0}
        for column, where in PLACES.items():
            due = [figure.row[column] for figure in group.figures if figure.row[column] is not None]
            shown = [float(x) for x in re.findall(where[1], svg.partition(where[0])[2].partition("</g>")[0])]
            shown = [low + (high - low) * x / 296 for x in shown]
            assert shown == pytest.approx(due, abs=(high - low) / 150), (group.title, column)
        drawn += 1
    assert drawn == html.count("<svg") > 5


def test_files_are_told_with_sizes_and_digests(html: str) -> None:
    for name, filed in real().files.items():
        row = html.partition(f'<a href="{name}" download>{name}</a>')[2].partition("</tr>")[0]
        assert size(filed.size) in row
        assert f"<code>{filed.sha256}</code>" in row
    links = set(re.findall(r'href="([^":#]+)"', html))
    assert links <= {*file_names(ALL_TABLES), "CHANGELOG.md", "release.json", "SHA256SUMS"}


def test_all_descriptions_are_listed() -> None:
    described = set(file_names(ALL_TABLES, DOCUMENTS)) - {"index.html"}
    assert described | {"CHANGELOG.md"} == set(DESCRIPTIONS)


def test_every_recipe_is_there_for_the_address_of_the_release(html: str) -> None:
    told = words_of(html, "download")
    for recipe in RECIPES:
        assert " ".join(recipe.text.replace("https://ADDRESS/", ADDRESS).split()) in told
    assert "ADDRESS" not in told
    assert "https://ADDRESS/latest/" in page(real()._replace(address=""))


def test_it_says_how_to_cite(html: str) -> None:
    told = words_of(html, "licence")
    assert dataset.ATTRIBUTION in told
    assert f"Open PEEL (2026). Open PEEL: {dataset.SUBTITLE} , version 0.1.0, 4 March 2026." in told
    assert f"{ADDRESS}v0.1.0/" in told


def test_what_changed_is_told() -> None:
    empty = dict.fromkeys(real().tables["changes"].column_names)
    cells = [
        empty
        | {"table_name": "grades", "row_key": f"g{at}", "column_name": "grade", "kind": "corrected"}
        | {"old_text": "good", "new_text": "adequate", "reason": f"We misread it {at} times."}
        for at in range(45)
    ]
    cells.append(
        empty | {"table_name": "metrics", "row_key": "m", "column_name": "value", "kind": "added", "new_number": 7.5}
    )
    log = "# Changes\n\n## 0.2.0 (2026-05-06)\n\n- new\n\n## 0.1.0 (2026-03-04)\n\nThe first.\n"
    later = real()._replace(version="0.2.0", previous="0.1.0", changelog=log)
    told = words_of(page(later._replace(tables={**later.tables, "changes": made("changes", cells)})), "changes")
    assert "grades corrected we had it wrong 45 45 metrics added the row is new 1 1" in told
    assert "40 of 45, all of them in changes.csv" in told
    assert "grades: g0 grade corrected good adequate We misread it 0 times." in told
    assert told.endswith("In the words of the changelog - new")
    assert "This is the first release" in words_of(page(real()), "changes")
    assert "These tables are no release" in words_of(page(Edition(real().tables)), "changes")


@pytest.mark.parametrize("held", [(), ("grades",), ("metrics", "statements"), ("articles", "forces", "cycles")])
def test_it_copes_with_tables_that_are_not_there(held: tuple[str, ...]) -> None:
    told = page(Edition({name: real().tables[name] for name in held}))
    assert told.count("<h2") == 7
    empty = page(Edition({name: real().tables[name].slice(0, 0) for name in held}))
    for words in (
        "No grades are held.",
        "Nothing is held of any force.",
        "No figures are held.",
        "No statements are held.",
    ):
        assert words in empty
    assert "<svg" not in empty


def test_hostile_cells_are_words(html: str) -> None:
    told = page(hostile(real()))
    assert HOSTILE in unescape(told)
    tags, harmless = Tags(told), Tags(html)
    assert set(tags.count) <= set(harmless.count)
    assert tags.count["script"] == harmless.count["script"] == 2
    assert set(tags.attributes) <= set(harmless.attributes)
    assert not [name for name in harmless.attributes if name.startswith("on") or name == "style"]
    assert not [
        link for link in tags.links if not re.match(r"https?://|#|[A-Za-z_]+\.[a-z0-9]+$|SHA256SUMS$|data:,$", link)
    ]


@pytest.mark.parametrize(("forces", "cycles"), [(10, 10), (100, 1), (1, 100)])
def test_a_hundred_times_the_data_stays_below_the_limit_and_says_what_is_left_out(forces: int, cycles: int) -> None:
    edition = many(real(), forces, cycles)
    assert len(edition.tables["grades"]) == 100 * len(real().tables["grades"])
    told = page(edition)
    assert 500_000 < len(told.encode()) < LIMIT
    assert "for want of space" in words_of(told, "grades") or "forces are shown" in words_of(told, "grades")
    assert f"of {len(edition.tables['statements']):,} statements are shown" in words_of(told, "statements")
    assert f"of {len(edition.tables['metrics']):,} figures are shown" in words_of(told, "figures")


def test_todays_data_is_told_whole(html: str) -> None:
    assert 'class="cut"' not in html
    assert html.count('class="said ') == len(rows(real(), "statements"))
    assert len(html.encode()) < LIMIT / 2


def test_the_same_bytes_everywhere(tmp_path: Path, html: str) -> None:
    for name, table in real().tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
    digests = set()
    for seed, zone, language in (("0", "Pacific/Kiritimati", "C"), ("7", "America/St_Johns", "de_DE.UTF-8")):
        variables = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        code = "import sys; from tests.test_page import elsewhere; elsewhere(sys.argv[1])"
        command = [sys.executable, "-W", "error", "-c", code, str(tmp_path)]
        variables["PYTHONPATH"] = str(Path(__file__).parent.parent)
        run = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, check=False)
        assert run.returncode == 0, run.stderr.decode()
        digests.add(run.stdout)
    assert digests == {html.encode()}


def elsewhere(folder: str) -> None:
    """Prints the page of the real tables as they are kept in a folder."""
    files = {path.stem: pq.read_table(path) for path in sorted(Path(folder).glob("*.parquet"))}
    sys.stdout.buffer.write(page(first(files)).encode())
