"""What the sources taught us, each lesson on its own real case from `sources/` (see the data model for the thirteen).

Facts and articles are looked up by their ids and nothing is counted as a whole, so that the record may grow.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest
import yaml

from jobs.contents import loaded
from jobs.pipeline import Sources, check_articles, make_tables
from jobs.problems import Problem
from jobs.read_lists import read_codelists
from jobs.sources import read_sources
from schemas.tables import TABLES
from tests.cases import EVER, REAL, head, quicken
from tests.helpers import check, lists_with

Rows = dict[str, list[dict[str, Any]]]
Change = Callable[[dict[str, Any]], object]

CAMBS: Final = "cambridgeshire-peel-2023-25"
NORTHANTS: Final = "northamptonshire-peel-2023-25"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    quicken(monkeypatch)


@cache
def sources() -> Sources:
    """The real sources, read once."""
    read, problems = read_sources(REAL)
    assert problems == []
    articles = [(path, bytes_of(content)) for path, content in read.articles]
    pins = {name: (path, bytes_of(content)) for name, (path, content) in read.pins.items()}
    return read._replace(articles=articles, pins=pins)


def bytes_of(content: Any) -> bytes:
    data = loaded(content)
    assert isinstance(data, bytes)
    return data


def article_id(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")


def text_of(name: str) -> str:
    """The source file of a real article."""
    (data,) = (content for path, content in sources().articles if article_id(path) == name)
    return bytes_of(data).decode()


def made(
    changes: Mapping[str, Change] | None = None,
    decisions: Change | None = None,
    added: Mapping[str, str] | None = None,
    lists: Mapping[str, str] | None = None,
) -> tuple[Rows, list[Problem]]:
    """The tables or the problems of the real sources with some articles changed, as what YAML makes of them.

    decisions: a change of the decisions; added: more articles; lists: lines added to code lists.
    """
    read = sources()
    articles = []
    for path, content in read.articles:
        change = (changes or {}).get(article_id(path))
        articles.append((path, rewritten(bytes_of(content), change) if change else content))
    articles += [(f"sources/articles/{name}.yaml", text.encode()) for name, text in (added or {}).items()]
    path, data = read.decisions
    codelists = {name: (p, d + (lists or {}).get(name, "").encode()) for name, (p, d) in read.codelists.items()}
    given = read._replace(
        articles=articles, codelists=codelists, decisions=(path, rewritten(data, decisions) if decisions else data)
    )
    checked = check_articles(given, EVER)
    if checked.problems:
        return {}, checked.problems
    tables, problems = make_tables(given, checked)
    return {name: table.to_pylist() for name, table in tables.items()}, problems


def rewritten(data: bytes, change: Change) -> bytes:
    content = yaml.load(data, Loader=yaml.BaseLoader)
    change(content)
    return yaml.safe_dump(content, allow_unicode=True, sort_keys=False).encode()


@pytest.fixture(scope="module")
def real() -> Rows:
    with pytest.MonkeyPatch.context() as patch:
        quicken(patch, checks=True)
        tables, problems = made()
    assert problems == []
    return tables


def the(rows: list[dict[str, Any]], key: str, value: str) -> dict[str, Any]:
    (row,) = [row for row in rows if row[key] == value]
    return row


def claims_of(tables: Rows, fact: str) -> dict[str, dict[str, Any]]:
    """Article -> what it says of a fact."""
    return {row["article_id"]: row for row in tables["claims"] if row["fact_id"] == fact}


def test_lesson_1_areas_belong_to_a_cycle(real: Rows) -> None:
    """The press calls an area of 2021/22 and another one of 2023-25 `developing a positive workplace`."""
    assert "area: developing a positive work place" in text_of("cambridgeshire-2022-06-21-peterborough-telegraph")
    assert "area: developing a positive workplace" in text_of("cambridgeshire-2024-03-12-bbc-news")
    then = the(real["grades"], "grade_id", "cambridgeshire-peel-2021-22-workforce")
    now = the(real["grades"], "grade_id", f"{CAMBS}-workforce")
    assert (then["area_id"], now["area_id"]) == ("peel-2021-22-workforce", "peel-2023-25-workforce")
    assert "cambridgeshire-2022-06-21-peterborough-telegraph" in claims_of(real, then["grade_id"])
    assert "cambridgeshire-2024-03-12-bbc-news" in claims_of(real, now["grade_id"])
    assert "area: police power and public treatment" in text_of("cambridgeshire-undated-hunts-post")
    assert "cambridgeshire-undated-hunts-post" in claims_of(real, f"{CAMBS}-powers")
    # a short name that means two areas of its cycle is refused, where it is listed
    again = "peel-2023-25,other,core-question,no,Something else,developing a positive workplace,,\n"
    path, data = sources().codelists["areas"]
    _, problems = read_codelists(sources().codelists | {"areas": (path, data + again.encode())})
    assert {p.code for p in problems} == {"list-mismatch"}
    assert all("means several areas of peel-2023-25" in p.message for p in problems)


def test_lesson_2_scales_differ(real: Rows) -> None:
    """Four grades in the list of 2017, five since 2021/22; there was no `adequate` in 2016."""
    old, new = (the(real["grades"], "grade_id", key) for key in ("cambridgeshire-peel-2016-eff", f"{CAMBS}-respond"))
    assert (old["scale_id"], new["scale_id"]) == ("peel-four-grades", "peel-five-grades")
    ranks = {(row["scale_id"], row["grade"]): row["grade_rank"] for row in real["scales"]}
    assert all(ranks[row["scale_id"], row["grade"]] == row["grade_rank"] for row in real["grades"] if row["grade"])
    assert ranks["peel-four-grades", "inadequate"] != ranks["peel-five-grades", "inadequate"]
    text = text_of("forces-2017-03-02-itv-news").replace("grade: good", "grade: adequate", 1)
    line = text[: text.index("grade: adequate")].count("\n") + 1
    assert [(p.line, p.column, p.code) for p in check(text)] == [(line, 12, "grade-not-in-scale")]


def test_lesson_3_the_number_of_graded_areas_belongs_to_the_inspection(real: Rows) -> None:
    """Eight in Cambridgeshire, nine in Surrey and Northamptonshire, in one cycle; the service to victims is never graded."""
    found = {row["inspection_id"]: row for row in real["inspections"]}
    eight, nine = found[CAMBS], found["surrey-peel-2023-25"]
    assert (eight["cycle_id"], nine["cycle_id"]) == ("peel-2023-25", "peel-2023-25")
    assert (eight["graded_total"], nine["graded_total"], found[NORTHANTS]["graded_total"]) == (8, 9, 9)
    assert (the(real["grades"], "grade_id", f"{NORTHANTS}-record")["area"]) == "Recording data about crime"
    extra = "grades:\n  - area: {}\n    grade: good\n"
    for area in ("Recording data about crime", "Providing a service to victims of crime"):
        (problem,) = check(head("x") + extra.format(area))
        assert (problem.line, problem.code) == (7, "area-not-graded")


def without_leadership(content: dict[str, Any]) -> None:
    kept = [item for item in content.pop("grades") if not is_leadership(item)]
    content.update({"grades": kept} if kept else {})


def is_leadership(item: dict[str, Any]) -> bool:
    area = lists_with().area(CAMBS, item["area"])
    return area is not None and area.area == "leadership"


def test_lesson_4_counts_and_names_check_each_other(real: Rows) -> None:
    """Eight areas, seven of them named by the Peterborough Telegraph and counted by the release: the eighth follows, until
    The Hunts Post and BBC News name it."""
    key = f"{CAMBS}-leadership"
    stated = the(real["grades"], "grade_id", key)
    assert (stated["grade"], stated["basis"], stated["derivation"]) == ("requires-improvement", "stated", None)
    names_it = {"cambridgeshire-undated-hunts-post", "cambridgeshire-2024-03-12-bbc-news"}
    assert names_it <= {name for name, claim in claims_of(real, key).items() if claim["basis"] == "stated"}

    tables, problems = made(dict.fromkeys(claims_of(real, key), without_leadership))
    assert problems == []
    derived = the(tables["grades"], "grade_id", key)
    assert (derived["grade"], derived["basis"]) == ("requires-improvement", "derived")
    assert derived["derivation"] == (
        "Named by no article. Of 8 graded areas 1 outstanding, 2 good, 2 adequate, 1 requires improvement, 2 inadequate "
        "are counted; 7 are named, and what the counts leave over is 1 requires improvement."
    )
    claim = claims_of(tables, key)["cambridgeshire-2024-03-13-wired-gov"]
    assert (claim["basis"], claim["grade"], claim["verified"]) == ("derived", "requires-improvement", True)
    others = [{k: v for k, v in row.items() if row["grade_id"] != key} for row in real["grades"]]
    assert others == [{k: v for k, v in row.items() if row["grade_id"] != key} for row in tables["grades"]]

    def worse(content: dict[str, Any]) -> None:
        for item in content["grades"]:
            item.update({"grade": "good"} if is_leadership(item) else {})

    _, problems = made(dict.fromkeys(claims_of(real, key), worse))
    assert {(article_id(p.path), p.code) for p in problems} >= {
        ("cambridgeshire-2024-03-13-wired-gov", "count-conflict")
    }


def test_lesson_5_the_inspectorate_corrects_itself(real: Rows) -> None:
    """Northamptonshire, responding to the public: adequate when published, requires improvement since 8 August 2024."""
    key = f"{NORTHANTS}-respond"
    row = the(real["grades"], "grade_id", key)
    assert (row["grade"], row["previous_grade"], row["revised_on"], row["disputed"]) == (
        "requires-improvement", "adequate", dt.date(2024, 8, 8), False,
    )  # fmt: skip
    assert claims_of(real, key)["northamptonshire-undated-northamptonshire-pfcc"]["agrees"] is True
    assert [row for row in real["conflicts"] if row["fact_id"] == key] == []
    event = the(real["events"], "event_id", "northamptonshire-grade-corrected-peel-2023-25-respond")
    assert (event["happened_from"], event["basis"]) == (dt.date(2024, 8, 8), "derived")
    # the release counted six adequate areas, which was right when it was printed
    counted = "northamptonshire-2024-02-19-wired-gov"
    count = the(real["grade_counts"], "grade_count_id", f"{counted}-{NORTHANTS}-adequate")
    assert (count["areas"], claims_of(real, count["grade_count_id"])[counted]["agrees"]) == (6, True)
    # an article of before the correction is right, one of after it is not
    named = "grades:\n  - area: respond\n    grade: adequate\n"
    for published, due in (("2024-08-07", set()), ("2024-08-08", {"grade-conflict"})):
        tables, problems = made(added={"northamptonshire-x-y": head("x", published).replace(CAMBS, NORTHANTS) + named})
        assert {p.code for p in problems} == due
        if not problems:
            assert claims_of(tables, key)["northamptonshire-x-y"]["agrees"] is False


def test_lesson_6_sources_disagree_and_stay_on_record(real: Rows) -> None:
    """Gloucestershire 2021/22: the broadcaster counts five inadequate areas of ten, the report has eleven graded ones."""
    key, itv = "gloucestershire-peel-2021-22", "gloucestershire-2021-10-27-itv-news"
    rows = [row for row in real["conflicts"] if row["fact_id"] == key]
    assert {row["table"] for row in rows} == {"grade_counts"}
    loser = the(rows, "article_ids", itv)
    assert (loser["words"], loser["prevails"], loser["resolution"]) == ("5 inadequate, 10 in all", False, "decided")
    assert all(row["reason"] and row["decided_on"] and row["decided_by"] for row in rows)
    assert [row["prevails"] for row in rows].count(True) == 1
    count = f"{itv}-{key}-inadequate"
    assert (the(real["grade_counts"], "grade_count_id", count)["areas"], claims_of(real, count)[itv]["agrees"]) == (
        5,
        False,
    )

    def undecided(content: dict[str, Any]) -> None:
        content["conflicts"] = [item for item in content["conflicts"] if item["key"] != key]

    tables, problems = made(decisions=undecided)
    assert tables == {}
    assert {p.code for p in problems} == {"count-conflict"}
    assert itv in {article_id(p.path) for p in problems}
    assert all(f"(table: grade_counts, key: {key})" in p.hint for p in problems)


def test_lesson_7_copies_are_not_confirmations(real: Rows) -> None:
    """The list of grades that ITV News and IW Radio printed on 2 March 2017 is one text of an agency."""
    both = {"forces-2017-03-02-itv-news", "forces-2017-03-02-iw-radio"}
    for force in ("durham", "bedfordshire", "cambridgeshire", "gwent"):
        key = f"{force}-peel-2016-eff"
        claims = {name: claim for name, claim in claims_of(real, key).items() if name in both}
        assert {claim["origin_id"] for claim in claims.values()} == {"agency-list-peel-2016-2017-03-02"}
        row = the(real["grades"], "grade_id", key)
        assert (set(claims), row["claims"] - row["independent_sources"]) == (both, 1)


def test_lesson_8_one_utterance_has_many_printings(real: Rows) -> None:
    """What the inspector said of Cambridgeshire stands in four articles and is one statement with four claims."""
    key = f"{CAMBS}-roy-wilsher-answer-calls-faster"
    printings = {
        "cambridgeshire-2024-03-12-bbc-news", "cambridgeshire-2024-03-12-peterborough-telegraph",
        "cambridgeshire-2024-03-13-wired-gov", "cambridgeshire-undated-hunts-post",
    }  # fmt: skip
    row = the(real["statements"], "statement_id", key)
    assert printings <= set(claims_of(real, key))
    assert (row["claims"], row["independent_sources"]) == (len(claims_of(real, key)), 1)
    assert (
        row["excerpt"] == "It should answer 999 and 101 calls faster and respond to those incidents more quickly too."
    )

    # under another name his words on Surrey would be a second statement: that is noticed, in both places
    def renamed(content: dict[str, Any]) -> None:
        (item,) = [item for item in content["statements"] if item["id"] == "concerns-about-performance"]
        item |= {"id": "worried-about-surrey", "kind": "concern", "stance": "negative", "summary": "He worries."}

    _, problems = made({"surrey-2023-12-06-bbc-news": renamed})
    found = {article_id(p.path): p for p in problems}
    assert {p.code for p in problems} == {"likely-duplicate"}
    assert {"surrey-2023-12-06-bbc-news", "forces-2023-12-06-itv-news"} <= set(found)
    assert "articles/surrey-2023-12-06-bbc-news.yaml:" in found["forces-2023-12-06-itv-news"].hint


def test_lesson_9_who_says_so(real: Rows) -> None:
    """Surrey's emergency calls: 77 per cent to the inspectorate, 88 per cent to the commissioner, two rows for ever."""
    rows = {
        row["claimed_by_id"]: row
        for row in real["metrics"]
        if (row["measure_id"], row["subject_id"]) == ("emergency-calls-answered-in-time", "surrey")
        and row["inspection_id"] == "surrey-peel-2023-25"
    }
    assert (rows["hmicfrs"]["value"], rows["hmicfrs"]["said_by_id"]) == (77.0, None)
    assert (rows["surrey-pcc"]["value"], rows["surrey-pcc"]["said_by_id"]) == (88.0, "lisa-townsend")
    assert not rows["hmicfrs"]["disputed"]
    assert {"surrey-2023-12-06-bbc-news", "forces-2023-12-06-itv-news"} <= set(
        claims_of(real, rows["hmicfrs"]["metric_id"])
    )


def test_lesson_10_seven_dates_are_seven_things(real: Rows) -> None:
    """AboutMyArea printed on 20 February what the force said `today (Friday, February 16 2024)`."""
    name = "northamptonshire-2024-02-20-aboutmyarea"
    article = the(real["articles"], "article_id", name)
    assert (article["published_on"], article["date_basis"]) == (dt.date(2024, 2, 20), "printed")
    assert the(real["origins"], "origin_id", article["origin_id"])["published_on"] == dt.date(2024, 2, 16)
    assert the(real["inspections"], "inspection_id", NORTHANTS)["published_on"] == dt.date(2024, 2, 16)
    text = text_of(name)
    wrong = text.replace("said_on: Friday 2024-02-16", "said_on: Thursday 2024-02-16")
    (problem,) = check(wrong)
    assert (problem.line, problem.code) == (wrong[: wrong.index("said_on: ")].count("\n") + 1, "wrong-weekday")
    assert problem.message == "2024-02-16 is a Friday, not a Thursday"
    # said the day before it was reprinted
    key = f"{CAMBS}-roy-wilsher-answer-calls-faster"
    reprint = the(real["articles"], "article_id", "cambridgeshire-2024-03-13-wired-gov")
    assert (the(real["statements"], "statement_id", key)["said_on"], reprint["published_on"]) == (
        dt.date(2024, 3, 12), dt.date(2024, 3, 13),
    )  # fmt: skip
    # updated, fieldwork, reference period
    updated = the(real["articles"], "article_id", "cambridgeshire-2022-06-21-peterborough-telegraph")
    assert updated["updated_on"] == dt.date(2022, 6, 21)
    fieldwork = the(real["events"], "event_id", f"{CAMBS}-fieldwork")
    assert fieldwork["happened_from"] < the(real["inspections"], "inspection_id", CAMBS)["published_on"]
    (calls,) = [
        row
        for row in real["metrics"]
        if row["metric_id"].startswith(
            "calls-answered-in-time-10-seconds-respond-cambridgeshire-cambridgeshire-2024-02"
        )
    ]
    assert (calls["period_start"], calls["period_end"]) == (dt.date(2024, 2, 1), dt.date(2024, 2, 29))
    # nobody knows the date of this one, but for the day that it must be after
    unknown = the(real["articles"], "article_id", "northamptonshire-undated-northamptonshire-pfcc")
    assert (unknown["published_on"], unknown["published_from"], unknown["published_to"], unknown["date_basis"]) == (
        None, dt.date(2024, 8, 9), None, "wording",
    )  # fmt: skip


CHANGE: Final = """\
metrics:
  - measure: emergency-calls-change
    value: {}
    claimed_by: hmicfrs
    change_from: 89.0
    change_to: 77.7
    unit: {}
"""


def test_lesson_11_units(real: Rows) -> None:
    """A `drop of 11.3 per cent` from 89.0 to 77.7 per cent is percentage points; one in three keeps its form; money its scale."""
    (problem,) = check(head("x") + CHANGE.format("-11.3", "percent"))
    assert (problem.line, problem.column, problem.code) == (12, 11, "percentage-points")
    assert "-11.3 is the difference from 89.0 to 77.7: percentage points, not per cent" in problem.message
    assert check(head("x") + CHANGE.format("-11.3", "percentage-points")) == []
    assert check(head("x") + CHANGE.format("-12.7", "percent")) == []
    assert [p.code for p in check(head("x") + CHANGE.format("-12.7", "percentage-points"))] == ["percentage-points"]
    assert [p.code for p in check(head("x") + CHANGE.format("-15", "percent"))] == ["change-mismatch"]
    rows = {row["metric_id"]: row for row in real["metrics"]}
    third = rows[f"calls-abandoned-respond-cambridgeshire-hmicfrs-{CAMBS}"]
    assert (third["value"], third["value_as_printed"], third["qualifier"]) == (33.0, "one in three", "about")
    money = rows["budget-shortfall-gloucestershire-hmicfrs-2021-04-to-2022-03-projected"]
    assert (money["value"], money["unit"], money["status"]) == (1.4, "gbp-million", "projected")
    points = {row["unit_id"]: row["unit_name"] for row in real["units"]}
    assert points["percent"] != points["percentage-points"]


def test_lesson_12_not_everything_is_peel(real: Rows) -> None:
    """An inspection of crime data integrity, which the project has no article about yet, is added to the real ones."""
    programmes = {row["cycle_id"]: row["programme"] for row in real["cycles"]}
    assert {programmes[row["cycle_id"]] for row in real["grades"]} == {"peel"}
    lists = {
        "cycles": "cdi-2016-x,Crime data integrity,crime-data-integrity,peel-four-grades,2016,,,\n",
        "areas": "cdi-2016-x,recording,whole,yes,Crime recording,,,\n",
        "inspections": "northamptonshire-cdi-2016-x,northamptonshire,cdi-2016-x,2017-01-10,1,recording,,\n",
    }
    text = head("x", "2017-01-11").replace(CAMBS, "northamptonshire-cdi-2016-x")
    text += "grades:\n  - area: crime recording\n    grade: inadequate\n"
    tables, problems = made(added={"northamptonshire-x-y": text}, lists=lists)
    assert problems == []
    assert tables["grades"] == real["grades"]
    row = the(tables["other_grades"], "grade_id", "northamptonshire-cdi-2016-x-recording")
    assert (row["grade"], row["cycle_id"], row["grade_rank"]) == ("inadequate", "cdi-2016-x", 4)
    assert claims_of(tables, row["grade_id"])["northamptonshire-x-y"]["table"] == "other_grades"


def columns() -> Iterator[tuple[str, str, str]]:
    """Every published column: table, name, description."""
    for name, table in TABLES.items():
        for column, field in table.to_schema().columns.items():
            yield name, column, field.description or ""


def test_lesson_13_comparability_is_a_property_of_a_pair_of_cycles(real: Rows) -> None:
    """Cambridgeshire got worse at responding to the public on paper, in cycles that HMICFRS says do not compare."""
    then, now = (
        the(real["grades"], "grade_id", f"cambridgeshire-peel-{cycle}-respond") for cycle in ("2021-22", "2023-25")
    )
    assert (then["grade"], now["grade"]) == ("requires-improvement", "inadequate")
    cycles = {row["cycle_id"]: row for row in real["cycles"]}
    assert [cycles[cycle]["comparable_with"] for cycle in ("peel-2021-22", "peel-2023-25")] == [None, None]
    assert (now["previous_grade"], now["revised_on"]) == (None, None)  # that is for corrections of one inspection
    # what was found in 2021/22 reaches no row of 2023-25
    tables, problems = made(dict.fromkeys(claims_of(real, then["grade_id"]), without_grades))
    assert problems == []
    for name in ("grades", "metrics", "statements", "events", "inspections"):
        assert of_cycle(tables[name]) == of_cycle(real[name])
    # and no column is made to hold a change from one cycle to the next
    named = {
        (table, column)
        for table, column, _ in columns()
        if any(w in column for w in ("change", "previous", "trend", "last_", "delta"))
    }
    assert {pair for pair in named if pair[0] not in ("changes", "deliveries")} <= {
        ("grades", "previous_grade"), ("other_grades", "previous_grade"), ("metrics", "change_from"), ("metrics", "change_to"),
    }  # fmt: skip


def without_grades(content: dict[str, Any]) -> None:
    for section in ("grades", "counts"):
        kept = [
            item
            for item in content.get(section, ())
            if "2021-22" not in item.get("inspection", content.get("inspection", ""))
        ]
        content.pop(section, None)
        content.update({section: kept} if kept else {})


def of_cycle(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["cycle_id"] == "peel-2023-25"]


def test_every_lesson_has_its_test() -> None:
    numbers = [int(name.split("_")[2]) for name in globals() if name.startswith("test_lesson_")]
    assert numbers == list(range(1, 14))


def test_articles_read_as_plain_yaml_are_the_same(real: Rows) -> None:
    """The changes above go through a YAML library; what it makes of an article is what we make of it."""
    tables, problems = made({"surrey-2023-12-06-bbc-news": lambda content: None})
    assert problems == []
    assert tables["claims"] == real["claims"]
