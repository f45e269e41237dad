"""Small parts of what is kept: by which code it was made, code lists, decisions, addresses beside others."""

import importlib
import importlib.metadata
import random
import shutil
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from jobs.kept import anew, beside, code, few, remembered
from jobs.read_lists import read_codelists
from jobs.verbs.common import made_from
from tests.cases import REAL


def test_versions_of_libraries_are_those_that_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(code, "_asked", lambda library: pytest.fail(f"{library} had to be asked for"))
    for library, module in code._LIBRARIES.items():
        assert code._version(library, module) == importlib.metadata.version(library)


def test_a_library_that_is_told_of_twice_or_never_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def version_with(*folders: str) -> str:
        place = tmp_path / str(len(folders))
        for folder in ("peelish", *folders):
            (place / folder).mkdir(parents=True)
        (place / "peelish" / "__init__.py").touch()
        for folder in folders:
            (place / folder / "METADATA").write_text(f"Name: peelish\nVersion: {folder[8]}.9\n")
        monkeypatch.setattr(sys, "path", [str(place), *sys.path])
        importlib.invalidate_caches()
        return code._version("peelish", "peelish")

    assert version_with() == ""
    assert version_with("peelish-1.0.dist-info") == "1.0"
    assert version_with("peelish-2.0.dist-info", "peelish-3.0.dist-info") in ("2.9", "3.9")
    assert code._version("no-such-library", "no_such_library") == ""


def test_kept_code_lists_are_those_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path))
    made = made_from(REAL)
    cached = remembered.opened(REAL)
    assert cached is not None
    kept = remembered.kept_lists(cached, made.sources)
    assert kept is not None
    assert vars(kept) == vars(made.lists) == vars(read_codelists(made.sources.codelists)[0])
    other = made.sources._replace(codelists=made.sources.codelists | {"units": ("units.csv", b"")})
    assert remembered.kept_lists(cached, other) is None


def test_kept_decisions_are_those_that_were_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path))
    made = made_from(REAL)
    cached = remembered.opened(REAL)
    assert cached is not None
    assert made.decisions.conflicts
    assert remembered.kept_decisions(cached, made.sources, cached.head.day) == made.decisions
    assert remembered.kept_decisions(cached, made.sources, "2000-01-01") is None
    path, data = made.sources.decisions
    other = made.sources._replace(decisions=(path, data + b"\n"))
    assert remembered.kept_decisions(cached, other, cached.head.day) is None


def test_decisions_with_something_wrong_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their problems are told each time, also where one article alone is looked at."""
    monkeypatch.setenv("OPENPEEL_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "sources"
    shutil.copytree(REAL, folder)
    decided = (folder / "decisions.yaml").read_text(encoding="utf-8")
    (folder / "decisions.yaml").write_text(decided.replace("decided_by: ", "decided_by: N/A # ", 1), encoding="utf-8")
    problems = made_from(folder).problems
    assert {problem.path for problem in problems} == {str(folder / "decisions.yaml")}
    cached = remembered.opened(folder)
    assert cached is not None
    assert cached.has("lists")
    assert not cached.has("decisions")
    first = min(path.stem for path in (folder / "articles").iterdir())
    assert few.look(folder, {first}, cached.head.day).problems == problems


@pytest.mark.parametrize("most", [0, 3])
def test_addresses_are_compared_alike_whether_few_or_many(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "FEW", most)
    urls = pa.chunked_array(
        [
            [
                "https://www.a.example/x",
                "http://a.example/x/#top",
                "https://a.example/xy",
                "https://b.example/?q=(x|y)+.",
            ],
            ["https://c.example/y"],
        ]
    )

    def at(*others: str) -> list[bool]:
        found: list[bool] = beside._at(urls, pa.chunked_array([others], pa.string())).tolist()
        return found

    assert at("https://a.example/x#part") == [True, True, False, False, False]
    assert at("http://b.example/?q=(x|y)+.", "https://c.example/y/", "https://d.example") == [False] * 3 + [True] * 2
    assert at() == [False] * 5


@pytest.mark.parametrize("seed", range(40))
def test_only_rows_that_differ_change_places(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some rows are told again, of which some are as they were; the others go, and new ones come, in their order."""
    monkeypatch.setattr(anew, "BATCH", 4)
    rng = random.Random(seed)
    rows = {f"k{number:02}": rng.choice((None, 1, 2)) for number in range(0, 2 * rng.choice((0, 1, 4, 11)), 2)}
    again = rng.sample(sorted(rows), rng.randrange(len(rows) + 1))
    told = {key: rows[key] if rng.random() < 0.5 else 3 for key in again if rng.random() < 0.8}
    told |= {f"k{rng.randrange(30) * 2 + 1:02}": 4 for _ in range(rng.choice((0, 0, 1, 6)))}
    after = {key: value for key, value in rows.items() if key not in again} | told

    def table(cells: dict[str, int | None]) -> pa.Table:
        made = pa.table({"key": pa.array(sorted(cells), pa.string()), "value": [cells[key] for key in sorted(cells)]})
        return made.cast(pa.schema({"key": pa.string(), "value": pa.int64()}))

    kept = pa.concat_tables([table(rows).slice(start, 4) for start in range(0, max(len(rows), 1), 4)])
    found = anew.replaced(kept, table({key: rows[key] for key in again}), table(told), ("key",))
    assert found is not None
    assert found.table.equals(table(after))
    assert [sorted(rows)[row] for row in found.gone] == [key for key in sorted(rows) if after.get(key, 9) != rows[key]]
    assert len(found.places) == len(after) - len(rows) + len(found.gone)
    assert all(len(chunk) % 4 == 0 for chunk in found.table["key"].chunks[:-1])
    wrong = table(dict.fromkeys(again, 5))
    assert anew.replaced(kept, wrong, table(told), ("key",)) is None or not again
