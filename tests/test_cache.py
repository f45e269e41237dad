"""What earlier runs found out saves work and changes nothing, whatever has become of it."""

import ast
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobs import alone, pipeline
from jobs.checks import check_tables
from jobs.kept import anew, cache, code, index, remembered
from jobs.kept.anew import replaced
from jobs.kept.cache import Cached, Head, cache_file, open_cache, write_cache
from jobs.kept.slim import slim_claims
from jobs.pipeline import weigh_claims
from jobs.rules import RULES
from jobs.sources import read_sources
from jobs.tables import untraced
from jobs.verbs.common import Made, made_from
from tests.cases import quicken

ROOT = Path(__file__).parent.parent
ARTICLES = 24
SEED = 7

Patch = pytest.MonkeyPatch


@pytest.fixture
def sources(corpus: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(corpus, tmp_path / "sources"))


@pytest.fixture(autouse=True)
def home(cache_home: Path, monkeypatch: Patch) -> Path:
    """The folder of the cache, for tables that need no look; nobody waits until files are at rest."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 2026-01-01
    quicken(monkeypatch)
    monkeypatch.setattr(index, "GRAIN", 0)
    monkeypatch.setattr(anew, "check", lambda tables, wanted: [])
    return cache_home


def the_file(sources: Path) -> Path:
    path = cache_file(sources)
    assert path
    return path


def said(made: Made) -> tuple[Any, ...]:
    """Everything that readers see of what was made."""
    return made.tables, made.problems, made.faulty


def plain(sources: Path) -> Made:
    return made_from(sources, "serial", cache=False)


def cached(sources: Path) -> Made:
    return made_from(sources, "serial")


def counted_reads(monkeypatch: Patch) -> list[str]:
    """The paths of the articles that are read from now on."""
    read: list[str] = []
    check = alone.open_article

    def checking(path: str, *rest: Any) -> Any:
        read.append(path)
        return check(path, *rest)

    monkeypatch.setattr(alone, "open_article", checking)
    return read


def articles(sources: Path) -> list[Path]:
    return sorted((sources / "articles").iterdir())


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_only_what_has_changed_is_read_again(sources: Path, monkeypatch: Patch) -> None:
    first = cached(sources)
    read = counted_reads(monkeypatch)
    assert said(cached(sources)) == said(first) == said(plain(sources))
    assert len(read) == ARTICLES  # all of them by the run without the cache
    read.clear()
    changed = articles(sources)[3]
    edit(changed, "\ntitle: ", "\ntitle: Corrected. ")
    made = cached(sources)
    assert read == [str(changed)]
    assert said(made) == said(plain(sources)) != said(first)
    assert made.tables["articles"]["title"].to_pylist()[3].startswith("Corrected. ")


def test_a_change_is_woven_into_the_tables_that_were_kept(sources: Path, monkeypatch: Patch) -> None:
    """Nothing of this is made from everything; a grade that changes moves facts, claims, counts and coverage."""
    cached(sources)
    make = pipeline.weigh_claims
    monkeypatch.setattr(pipeline, "weigh_claims", None)
    without_an_article(random.Random(1), sources)
    made = cached(sources)
    assert len(made.tables["articles"]) == ARTICLES - 1
    monkeypatch.setattr(pipeline, "weigh_claims", make)
    assert said(made) == said(plain(sources))


@pytest.mark.parametrize("kept", [True, False])
def test_a_name_that_is_no_text_is_a_problem_as_without_a_cache(kept: bool, sources: Path) -> None:
    if kept:
        cached(sources)
    strange = os.fsdecode(b"kent-2024-01-\xff.yaml")
    articles(sources)[0].rename(sources / "articles" / strange)
    problems = cached(sources).problems
    assert problems == plain(sources).problems
    assert "bad-id" in {problem.code for problem in problems}


def test_what_refers_to_a_row_that_is_gone_is_checked_again(sources: Path) -> None:
    before = {name: untraced(table) for name, table in cached(sources).tables.items()}
    fewer = before | {"articles": untraced(before["articles"].table[1:])}
    assert anew._doubtful(before, before, {"articles"}) == ["articles"]
    assert anew._doubtful(before, fewer, {"articles"}) == ["claims", "grade_counts", "articles"]
    assert anew._doubtful(before, before, {"statements"}) == ["statements"]
    assert anew._doubtful(before, fewer, set()) == []


def with_title(rng: random.Random, sources: Path) -> None:
    edit(rng.choice(articles(sources)), "\ntitle: ", f"\ntitle: Number {rng.random()} ")


def without_an_article(rng: random.Random, sources: Path) -> None:
    path = rng.choice(articles(sources))
    path.unlink()
    (sources / "evidence" / f"{path.stem}.json").unlink(missing_ok=True)


def with_a_copy(rng: random.Random, sources: Path) -> None:
    path = rng.choice(articles(sources))
    text = path.read_text(encoding="utf-8")
    lines = [f"{line}-again" if line.startswith("url: ") else line for line in text.split("\n")]
    lines = ["text: not-held" if line.startswith("text: ") else line for line in lines]
    path.with_name(f"{path.stem}-{rng.randrange(1000)}.yaml").write_text("\n".join(lines), encoding="utf-8")


def with_another_grade(rng: random.Random, sources: Path) -> None:
    path = rng.choice(articles(sources))
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("grade: good", "grade: adequate", 1), encoding="utf-8")


def with_a_restored_date(rng: random.Random, sources: Path) -> None:
    """As many bytes as before, and the time of the last change set back."""
    path = rng.choice(articles(sources))
    told = path.stat()
    edit(path, "\ntitle: ", f"\ntitle: {rng.choice('ABC')}")
    path.write_bytes(path.read_bytes()[:-2] + b"\n")
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert path.stat().st_size == told.st_size


def with_a_touch(rng: random.Random, sources: Path) -> None:
    rng.choice(articles(sources)).touch()


def with_another_name(rng: random.Random, sources: Path) -> None:
    path = rng.choice(articles(sources))
    path.rename(path.with_name(f"{path.stem}-{rng.randrange(1000)}.yaml"))


def with_two_that_change_places(rng: random.Random, sources: Path) -> None:
    one, two = rng.sample(articles(sources), 2)
    one.rename(sources / ".aside")
    two.rename(one)
    (sources / ".aside").rename(two)


def with_other_pins(rng: random.Random, sources: Path) -> None:
    for path in sorted((sources / "evidence").iterdir())[:1]:
        path.write_bytes(path.read_bytes().replace(b"1", b"2"))


def without_pins(rng: random.Random, sources: Path) -> None:
    for path in sorted((sources / "evidence").iterdir())[:1]:
        path.unlink()


def without_an_index(rng: random.Random, sources: Path) -> None:
    the_file(sources).with_suffix(".index").unlink(missing_ok=True)


def with_a_broken_line(rng: random.Random, sources: Path) -> None:
    edit(rng.choice(articles(sources)), "\npublisher: ", "\npublisher: no-")


def with_another_word_in_a_list(rng: random.Random, sources: Path) -> None:
    path = sources / "codelists" / "forces.csv"
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    row = lines[1].split(",")
    edit(path, row[1], f"{row[1]} Force")


def without_a_decision(rng: random.Random, sources: Path) -> None:
    (sources / "decisions.yaml").write_text("", encoding="utf-8")


def with_a_flipped_byte(rng: random.Random, sources: Path) -> None:
    path = the_file(sources)
    if path.exists() and (data := bytearray(path.read_bytes())):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        path.write_bytes(data)


def with_a_cut_cache(rng: random.Random, sources: Path) -> None:
    path = the_file(sources)
    if path.exists():
        os.truncate(path, rng.randrange(path.stat().st_size + 1))


def without_a_cache(rng: random.Random, sources: Path) -> None:
    the_file(sources).unlink(missing_ok=True)


EDITS: list[Callable[[random.Random, Path], None]] = [
    with_title, with_title, without_an_article, with_a_copy, with_a_copy, with_another_grade, with_a_broken_line,
    with_another_word_in_a_list, without_a_decision, with_a_flipped_byte, with_a_cut_cache, without_a_cache,
    with_a_restored_date, with_a_touch, with_another_name, with_two_that_change_places, with_other_pins, without_pins,
    without_an_index,
]  # fmt: skip


@pytest.mark.parametrize("change", EDITS, ids=lambda change: change.__name__)
def test_one_change_is_seen(change: Callable[[random.Random, Path], None], sources: Path) -> None:
    cached(sources)
    change(random.Random(3), sources)
    assert said(cached(sources)) == said(plain(sources))
    assert said(cached(sources)) == said(plain(sources))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(EDITS), min_size=1, max_size=4), st.integers(0, 2**32))
def test_whatever_happens_a_cached_run_says_what_a_cold_one_says(
    corpus: Path, tmp_path: Path, edits: list[Callable[[random.Random, Path], None]], seed: int
) -> None:
    rng = random.Random(seed)
    folder = tmp_path / f"{seed}-{rng.random()}"
    shutil.copytree(corpus, folder)
    cached(folder)
    for change in edits:
        change(rng, folder)
        assert said(cached(folder)) == said(plain(folder)), change.__name__
    shutil.rmtree(folder)


def test_the_rendered_files_are_the_same_too(sources: Path) -> None:
    cached(sources)
    edit(articles(sources)[0], "\ntitle: ", "\ntitle: Corrected. ")
    one, other = (
        {name: b"".join(parts) for name, parts in pipeline.render_tables(dict(made.tables))}
        for made in (cached(sources), plain(sources))
    )
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []


def sections(path: Path) -> dict[str, bytes | None]:
    """Everything that is believed of a file."""
    found = open_cache(path)
    if found is None:
        return {}
    with_all = {name: found.section(name) for name in found.head.sections}
    found.close()
    return with_all


def test_a_changed_byte_anywhere_is_seen(sources: Path) -> None:
    cached(sources)
    path = the_file(sources)
    whole, believed = path.read_bytes(), sections(path)
    assert all(believed.values())
    for place in [*range(0, 3_000, 37), *range(3_000, len(whole), len(whole) // 100)]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x20]) + whole[place + 1 :])
        found = sections(path)
        assert list(found.values()).count(None) == 1 if found else True
        assert all(data is None or data == believed[name] for name, data in found.items())
    for size in range(0, len(whole), len(whole) // 50):
        path.write_bytes(whole[:size])
        assert all(data is None or data == believed[name] for name, data in sections(path).items())


def sealed(path: Path, change: Callable[[dict[str, bytes | memoryview]], object]) -> None:
    """Writes a file again with other contents under sound seals."""
    found = open_cache(path)
    assert found
    contents: dict[str, bytes | memoryview] = {name: found.section(name) or b"" for name in found.head.sections}
    change(contents)
    assert write_cache(path, found.head, [(name, [data]) for name, data in contents.items()])
    found.close()


HOSTILE: dict[str, Callable[[dict[str, bytes | memoryview]], object]] = {
    "a pickle": lambda s: s.update({"grades 0": b"cos\nsystem\n(S'touch /tmp/openpeel-was-here'\ntR."}),
    "another pickle": lambda s: s.update({"ties grades": b"cos\nsystem\n(S'touch /tmp/openpeel-was-here'\ntR."}),
    "another table": lambda s: s.update({"grades 0": cache.table_bytes(pa.table({"file": pa.array([1], pa.int32())}))}),
    "ties of another kind": lambda s: s.update({"ties grades": s["ties statements"]}),
    "no rows for the ties": lambda s: s.pop("grades 0"),
    "keys cut short": lambda s: s.update(keys=bytes(s["keys"])[:-7]),
    "too many keys": lambda s: s.update(keys=bytes(s["keys"]) + bytes(32)),
    "no keys": lambda s: s.pop("keys"),
    "nothing": lambda s: s.clear(),
    "no articles": lambda s: s.update({"articles 0": s["counts 0"]}),
    "rows of another kind": lambda s: s.update({"table grades": s["table claims"]}),
    "no rows": lambda s: s.update({"table grades": b""}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_a_stranger_may_have_sealed_is_looked_at_before_it_is_used(kind: str, sources: Path) -> None:
    cached(sources)
    sealed(the_file(sources), HOSTILE[kind])
    edit(articles(sources)[0], "\ntitle: ", "\ntitle: Corrected. ")
    assert said(cached(sources)) == said(plain(sources))


def as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def as_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


PLACES: dict[str, Callable[[Path], object]] = {
    "a folder": as_folder,
    "a pipe": as_pipe,
    "a link": as_link,
    "empty": lambda path: path.write_bytes(b""),
    "garbage": lambda path: path.write_bytes(random.Random(1).randbytes(100_000)),
    "a file that others write": lambda path: path.chmod(0o666),
    "in a folder that others write": lambda path: path.parent.chmod(0o777),
}


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_not_a_file_of_ours_alone_is_ignored(kind: str, sources: Path) -> None:
    due = said(cached(sources))
    PLACES[kind](the_file(sources))
    assert open_cache(the_file(sources)) is None
    assert said(cached(sources)) == due


def test_a_cache_of_another_version_is_ignored(sources: Path, monkeypatch: Patch) -> None:
    cached(sources)
    path = the_file(sources)
    monkeypatch.setattr(cache, "code_version", lambda: "another")
    assert the_file(sources) != path
    assert open_cache(path) is None


def test_where_nothing_can_be_written_nothing_is_kept(sources: Path, home: Path, monkeypatch: Patch) -> None:
    home.write_text("a file where the folder should be")
    due = said(plain(sources))
    assert said(cached(sources)) == due
    for nowhere in ("", "relative", "/proc/nothing"):
        monkeypatch.setenv("OPENPEEL_CACHE", nowhere)
        assert said(cached(sources)) == due
    assert home.is_file()
    assert not Path("relative").exists()


def test_without_the_cache_nothing_is_left(sources: Path, home: Path) -> None:
    plain(sources)
    assert not home.exists()


def test_what_was_sound_on_a_later_day_is_not_so_on_an_earlier_one(sources: Path, monkeypatch: Patch) -> None:
    cached(sources)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "631152000")  # 1990-01-01
    assert {problem.code for problem in cached(sources).problems} >= {"future-date"}
    assert said(cached(sources)) == said(plain(sources))


def test_only_one_rule_looks_at_the_day() -> None:
    """The cache relies on that: what was sound on one day is so on every later one."""
    using = set()
    for rule in RULES:
        tree = ast.parse(Path(sys.modules[rule.__module__].__file__ or "").read_text(encoding="utf-8"))
        (function,) = (n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == rule.__name__)
        if any(isinstance(n, ast.Name) and n.id == "today" for n in ast.walk(function)):
            using.add(rule.__name__)
    assert using == {"no_future"}


def test_the_oldest_go_first(home: Path) -> None:
    paths = [home / f"{number}.cache" for number in range(36)]
    for number, path in enumerate(paths):
        assert write_cache(path, Head(code.code_version(), "", "", "", {}), [("one", [b"1"])])
        os.utime(path, (number, number))
    assert write_cache(paths[0], Head(code.code_version(), "", "", "", {}), [])
    assert {path.name for path in home.iterdir()} == {paths[0].name, *(path.name for path in paths[-23:])}


def test_two_runs_at_once_do_not_disturb_each_other(sources: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jobs", "build", "--quiet", "--sources", str(sources), "--out"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for _ in range(2):
        runs = [subprocess.Popen([*command, str(tmp_path / name)], cwd=ROOT, env=environment) for name in "ab"]
        assert [run.wait() for run in runs] == [0, 0]
        edit(articles(sources)[0], "\ntitle: ", "\ntitle: Corrected. ")
    one, other = ((tmp_path / name / "SHA256SUMS").read_text() for name in "ab")
    assert one == other
    assert {path.suffix for path in the_file(sources).parent.iterdir()} == {".cache", ".files", ".index"}


@pytest.fixture
def opened(sources: Path) -> Iterator[Cached]:
    cached(sources)
    found = open_cache(the_file(sources))
    assert found
    yield found
    found.close()


def test_a_cache_that_is_cut_while_it_is_read_is_no_trap(opened: Cached, sources: Path) -> None:
    os.truncate(the_file(sources), 20_000)
    assert slim_claims(opened, ARTICLES) is None
    assert not remembered.known_claims(opened, read_sources(sources)[0], "2026-01-01").keys


def test_the_real_articles_edited_one_by_one(tmp_path: Path, monkeypatch: Patch) -> None:
    """With everything checked, and with the share of articles that is allowed to change in life."""
    sources = Path(shutil.copytree(ROOT / "sources", tmp_path / "real"))
    monkeypatch.setattr(anew, "STALE", 0.01)
    monkeypatch.setattr(anew, "check", check_tables)
    cached(sources)
    for path in articles(sources)[::50]:
        edit(path, "\ntitle: ", "\ntitle: Corrected. ")
        monkeypatch.setattr(pipeline, "weigh_claims", None)
        made = cached(sources)
        monkeypatch.setattr(pipeline, "weigh_claims", weigh_claims)
        assert said(made) == said(plain(sources))
        shutil.copy(ROOT / "sources" / "articles" / path.name, path)


def test_another_version_of_any_of_our_files_is_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for room in ("jobs", "schemas"):
        shutil.copytree(code.HOME / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(code, "HOME", tmp_path)
    seen = set()
    for path in ("", "jobs/weigh/counts.py", "jobs/kept/cache.py", "schemas/grades.py"):
        if path:
            with (tmp_path / path).open("a") as file:
                file.write("\n# another remark\n")
        code.code_version.cache_clear()
        seen.add(code.code_version())
    code.code_version.cache_clear()
    assert len(seen) == 4


ROWS = st.dictionaries(st.text("abc", min_size=1, max_size=3), st.integers(0, 3), max_size=12)
ORDERS = (("key",), ("value", "key"))


def as_table(rows: dict[str, int], order: Sequence[str] = ("key",)) -> pa.Table:
    """Keys with their values; 0 stands for an empty cell."""
    keys = sorted(rows)
    values = pa.array([rows[key] or None for key in keys], pa.int32())
    table = pa.table({"key": pa.array(keys, pa.string()), "value": values})
    return table.take(pc.sort_indices(table, [(name, "ascending") for name in order])).combine_chunks()


@pytest.mark.parametrize("order", ORDERS)
@given(ROWS, ROWS, st.data())
def test_rows_are_taken_out_and_put_in_at_their_places(
    order: Sequence[str], rows: dict[str, int], more: dict[str, int], data: Any
) -> None:
    out = set(data.draw(st.lists(st.sampled_from(sorted(rows)))) if rows else [])
    kept = {key: value for key, value in rows.items() if key not in out}
    before, now = as_table({key: rows[key] for key in out}, order), as_table(more, order)
    found = replaced(as_table(rows, order), before, now, order)
    assert (found and found.table) == (None if kept.keys() & more.keys() else as_table(kept | more, order))


def test_rows_that_are_not_there_are_not_taken_out() -> None:
    table = as_table({"a": 1, "c": 2})
    assert replaced(table, as_table({"b": 1}), as_table({}), ["key"]) is None
    assert replaced(table, as_table({"a": 2}), as_table({}), ["key"]) is None
