"""A source folder whose articles are looked at as they are taken is the same folder, with the same faults."""

from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest

from jobs import entries
from jobs import sources as sources_module
from jobs.coded import ascends
from jobs.contents import Content
from jobs.problems import Problem
from jobs.sources import begin_sources, read_sources
from tests.helpers import HEAD, source_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Sound articles between entries that are none."""
    place = source_folder(tmp_path / "s", {f"kent-2024-0{n}-times.yaml": HEAD for n in range(1, 8)})
    articles = place / "articles"
    (articles / "Kent-2024-01-times.yaml").write_text("another")
    (articles / "kent-2024-02-b.yaml").mkdir()
    (articles / "kent-2024-03-b.yaml").symlink_to("nowhere")
    (articles / "notes.txt").write_text("none")
    (articles / ".hidden").write_text("none")
    return place


def test_they_are_the_same_one_by_one_and_all_at_once(folder: Path) -> None:
    sources, problems = read_sources(folder)
    begun, told = begin_sources(folder)
    assert list(begun.articles) == list(begun.articles) == sources.articles
    assert begun._replace(articles=[], expected=0) == sources._replace(articles=[])
    assert told() == told() == problems
    assert {problem.code for problem in problems} >= {"bad-id", "equal-id", "not-a-file", "stray-file"}


def test_problems_and_numbers_are_told_after_all_have_been_looked_at(folder: Path) -> None:
    sources, problems = read_sources(folder)
    assert begin_sources(folder)[1]() == problems
    articles = begin_sources(folder)[0].articles
    assert len(articles) == len(sources.articles) == 8
    assert articles[7] == sources.articles[7]
    assert articles[2:4] == sources.articles[2:4]


def test_nothing_is_looked_at_before_it_is_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(place: entries.Place, entry: entries.Here, path: str, limit: int) -> Content | Problem:
        seen.append(entry.name)
        return entries.content_of(place, entry, path, limit)

    monkeypatch.setattr(sources_module, "content_of", look)
    begun, told = begin_sources(folder)
    assert begun.expected == 10
    assert not [name for name in seen if name.startswith("kent")]
    assert [Path(path).name for path, _ in islice(begun.articles, 3)] == sorted(
        ["Kent-2024-01-times.yaml", "kent-2024-01-times.yaml", "kent-2024-02-times.yaml"]
    )
    assert [name for name in seen if name.startswith("kent")][-1] == "kent-2024-02-times.yaml"
    told()
    assert seen.count("kent-2024-07-times.yaml") == seen.count("kent-2024-01-times.yaml") == 1


def test_pins_of_an_article_that_is_no_file_are_not_left_over(folder: Path) -> None:
    (folder / "evidence").mkdir(exist_ok=True)
    for name in ("kent-2024-02-b", "kent-2024-09-b"):
        (folder / "evidence" / f"{name}.json").write_text("{}")
    left = [Path(problem.path).name for problem in read_sources(folder)[1] if problem.code == "left-over-pins"]
    assert left == ["kent-2024-09-b.json"]


@pytest.mark.parametrize(
    ("chunks", "due"),
    [
        ([], True),
        ([[]], True),
        ([["a"]], True),
        ([["a"], [], ["b"], ["c", "d"]], True),
        ([["a", "é"], ["Ω"]], True),
        ([["a"], ["a"]], False),
        ([["b"], ["a"]], False),
        ([["a", "a"]], False),
        ([["b", "a"], ["c"]], False),
        ([["a", None]], False),
        ([[None]], False),
    ],
)
def test_keys_ascend_within_and_across_pieces(chunks: list[list[str | None]], due: bool) -> None:
    assert ascends(pa.chunked_array(chunks, pa.string())) is due
