"""The made-up corpora are what the benchmarks need: always the same, sound, and with something of everything."""

import sys
from pathlib import Path

import pyarrow.compute as pc
import pytest

from jobs.pipeline import Checked, Sources, check_articles, make_tables, render_tables
from jobs.read import read
from jobs.sources import read_sources
from tests.benchmarks import children, measure, report
from tests.benchmarks.corpus import Flaws, write_corpus

ARTICLES = 150
TODAY = children.DAY


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}


def first_wave(folder: Path) -> tuple[Sources, Checked]:
    sources, problems = read_sources(folder)
    assert problems == []
    return sources, check_articles(sources, TODAY)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(folder, ARTICLES)
    return folder


def test_same_seed_same_bytes(corpus: Path, tmp_path: Path) -> None:
    write_corpus(tmp_path / "same", ARTICLES)
    write_corpus(tmp_path / "other", ARTICLES, seed=2)
    assert files(tmp_path / "same") == files(corpus)
    assert files(tmp_path / "other") != files(corpus)


def test_articles_look_like_real_ones(corpus: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted((corpus / "articles").iterdir())]
    assert len(texts) == ARTICLES
    assert 3_000 < sum(len(text.encode()) for text in texts) / ARTICLES < 5_000
    for text in texts:
        assert text.startswith("# yaml-language-server: $schema=../article.schema.json\n# ")
    for seen in (
        "published: after",
        "day 20",
        "\nevents:",
        ".txt\n",
        "change_from:",
        "Wrecsam",
        "“",
        "‘",
        " … ",
        "\n  # ",
        "requires improvement",
        "excerpt:",
        "due_on:",
    ):
        assert any(seen in text for text in texts), seen
    fast = [read(text.encode()).node is None for text in texts]
    assert sum(fast) >= 0.9 * ARTICLES


def test_corpus_passes_the_whole_job_and_has_everything(corpus: Path) -> None:
    sources, checked = first_wave(corpus)
    assert checked.problems == []
    tables, problems = make_tables(sources, checked)
    assert problems == []
    assert all(data for _, data in render_tables(tables))
    grades, statements, metrics, claims = (tables[n] for n in ("grades", "statements", "metrics", "claims"))
    assert 15 < len(claims) / ARTICLES < 25
    assert pc.sum(pc.equal(grades["basis"], "derived")).as_py() > 0
    assert pc.count(grades["revised_on"]).as_py() > 0
    assert pc.sum(pc.invert(claims["agrees"])).as_py() > 0  # grades printed before they were corrected
    assert pc.max(grades["claims"]).as_py() > 3
    for table in (statements, metrics):
        assert pc.max(table["claims"]).as_py() > 3
        assert pc.max(table["independent_sources"]).as_py() < pc.max(table["claims"]).as_py()  # copies
    assert pc.count(tables["articles"]["origin_id"]).as_py() > 0
    assert len(tables["grade_counts"]) > 0
    assert len(tables["events"]) > pc.count(grades["revised_on"]).as_py()  # corrections, and what is told
    assert 0.03 < pc.sum(claims["verified"]).as_py() / len(claims) < 0.3
    assert set(tables["articles"]["date_basis"].to_pylist()) == {"printed", "page-data", "wording"}
    assert pc.count(metrics["change_from"]).as_py() > 0
    assert set(metrics["status"].to_pylist()) == {"actual", "target"}


@pytest.mark.parametrize(
    ("flaws", "codes"),
    [
        ("broken", {"yaml-syntax", "unknown-key", "unknown-value", "bad-evidence", "empty-value"}),
        ("conflicts", {"grade-conflict", "metric-conflict", "described-twice", "undescribed-statement"}),
    ],
)
def test_flawed_corpora_have_problems_of_their_wave(flaws: Flaws, codes: set[str], tmp_path: Path) -> None:
    write_corpus(tmp_path, 600, flaws=flaws)
    sources, checked = first_wave(tmp_path)
    assert bool(checked.problems) == (flaws == "broken")
    problems = checked.problems or make_tables(sources, checked)[1]
    assert codes <= {problem.code for problem in problems}


def test_a_child_is_measured() -> None:
    run = measure.run([sys.executable, "-c", "print(len(bytes(50_000_000)))"])
    assert run.output == "50000000\n"
    assert min(run.wall, run.cpu) > 0
    assert run.peak >= run.maxrss > 50_000_000
    with pytest.raises(measure.FailedError, match="exit status 3"):
        measure.run([sys.executable, "-c", "raise SystemExit(3)"])


def test_report_says_which_targets_are_met() -> None:
    run = measure.Run(wall=2.0, cpu=3.0, peak=500_000_000, maxrss=400_000_000, output="")
    targets = [report.Target("build / yaml.load", 1.0, 1.25, 0.9), report.Target("gigabytes", 2.0, 0.5, None)]
    parts = [report.Part("stage", "read", 1.0, 1.0, 0.33, 300_000_000)]
    text = report.as_text(report.Table("12 articles", [report.row("openpeel build", run, run)], targets, parts))
    assert "openpeel build                                  2.000    3.000    1.00    1.00     500     400" in text
    assert "  read                      1.000    1.000   100.0    0.33      300" in text
    assert "MISSED  build / yaml.load: 1.25, by CPU time 0.90 (at most 1.00)" in text
    assert "met     gigabytes: 0.50 (at most 2.00)" in text


def test_stages_and_floor_run(corpus: Path, tmp_path: Path) -> None:
    sources, checked = first_wave(corpus)
    for name, parts in render_tables(make_tables(sources, checked)[0]):
        (tmp_path / name).write_bytes(b"".join(parts))
    stages = children.stages(corpus)
    assert {"read", "rules", "pins", "claims", "weigh", "tabulate", "check", "csv", "parquet"} <= stages.keys()
    assert "rapidyaml, tree only" in children.floor(corpus, tmp_path)
