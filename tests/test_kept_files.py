"""Files of tables that are as they were are kept, and only if they still are what was written."""

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from jobs import pipeline
from jobs.__main__ import main
from jobs.checks import Breach
from jobs.contents import StoredFile, status_of
from jobs.kept import anew, files
from jobs.kept.cache import Cached, open_cache, write_cache
from jobs.pipeline import Sources
from tests.benchmarks.corpus import write_corpus

if TYPE_CHECKING:
    from jobs.problems import Problem
    from jobs.weigh import Weighed

ARTICLES = 60
SEED = 5


@pytest.fixture
def sources(corpus: Path, tmp_path: Path, cache_home: Path) -> Path:
    """Sources that were built into `out`, with a cache of their own, and have changed since."""
    shutil.copytree(corpus, tmp_path / "sources")
    assert build(tmp_path) == 0
    change(tmp_path / "sources")
    return tmp_path / "sources"


def build(folder: Path, *options: str, out: str = "out") -> int:
    return main(["build", "--sources", str(folder / "sources"), "--out", str(folder / out), "--quiet", *options])


def change(sources: Path, words: str = "indeed") -> None:
    """Changes the summary of a statement, which stands in one table alone."""
    path = next(p for p in sorted((sources / "articles").iterdir()) if "    summary: " in p.read_text("utf-8"))
    head, summary, rest = path.read_text(encoding="utf-8").partition("    summary: ")
    path.write_text(f"{head}{summary}{words} {rest}", encoding="utf-8")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def inodes(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in folder.iterdir()}


def kept(folder: Path) -> set[str]:
    """The files that a build leaves where they were; it must write what one from the beginning writes."""
    before = inodes(folder / "out")
    assert build(folder) == 0
    assert build(folder, "--no-cache", out="cold") == 0
    assert content(folder / "out") == content(folder / "cold")
    assert {path.stat().st_nlink for path in (folder / "out").iterdir()} == {1}
    return {name for name, inode in inodes(folder / "out").items() if before.get(name) == inode}


def test_only_files_of_changed_tables_are_made(sources: Path) -> None:
    before = content(sources.parent / "out")
    same = kept(sources.parent)
    after = content(sources.parent / "out")
    assert {name for name in after if after[name] == before[name]} == same
    assert {name for name in after if name not in same} == {"statements.csv", "statements.parquet", "SHA256SUMS"}


def test_what_changes_again_is_made_again(sources: Path) -> None:
    assert "statements.csv" not in kept(sources.parent)
    change(sources, "once more")
    same = kept(sources.parent)
    assert "statements.csv" not in same
    assert "claims.csv" in same


def test_nothing_is_kept_of_another_folder(sources: Path) -> None:
    shutil.copytree(sources.parent / "out", sources.parent / "aside")
    shutil.rmtree(sources.parent / "out")
    assert build(sources.parent) == 0
    assert build(sources.parent, "--no-cache", out="cold") == 0
    assert content(sources.parent / "out") == content(sources.parent / "cold")


def other_bytes(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def restored(path: Path) -> None:
    told = path.stat()
    other_bytes(path)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def shorter(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def gone(path: Path) -> None:
    path.unlink()


def a_link(path: Path) -> None:
    aside = path.with_name("..") / path.name
    path.rename(aside.resolve())
    path.symlink_to(aside.resolve())


def two_names(path: Path) -> None:
    (path.parent.parent / f"second {path.name}").hardlink_to(path)


def writable_by_all(path: Path) -> None:
    path.chmod(0o666)


@pytest.mark.parametrize("harm", [other_bytes, restored, shorter, gone, a_link, two_names, writable_by_all])
def test_a_file_that_is_not_as_it_was_written_is_made_again(sources: Path, harm: Callable[[Path], None]) -> None:
    for name in ("claims.csv", "claims.parquet"):
        harm(sources.parent / "out" / name)
    same = kept(sources.parent)
    assert not {"claims.csv", "claims.parquet"} & same
    assert "grades.csv" in same


def digested(folder: Path, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The files that a build reads to see whether they are as they were written."""
    found = set()
    sha256 = StoredFile.sha256

    def reading(file: StoredFile) -> str:
        found.add(Path(file.path).name)
        return sha256(file)

    with monkeypatch.context() as patched:
        patched.setattr(StoredFile, "sha256", reading)
        kept(folder)
    return found


def test_a_file_that_nobody_has_touched_is_not_read(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert digested(sources.parent, monkeypatch) == set()
    change(sources, "once more")
    (sources.parent / "out/claims.csv").touch()
    assert digested(sources.parent, monkeypatch) == {"claims.csv"}


def test_what_another_run_puts_there_meanwhile_is_not_taken_for_ours(
    sources: Path, cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run makes the folder of other facts after this one has swapped its own in, and before it notes them."""
    shutil.rmtree(cache_home)
    ours, note = content(sources / "articles"), files.note_files

    def meanwhile(*given: Any) -> None:
        monkeypatch.setattr(files, "note_files", note)
        change(sources, "meanwhile")
        assert build(sources.parent) == 0
        note(*given)

    monkeypatch.setattr(files, "note_files", meanwhile)
    assert build(sources.parent) == 0
    for name, data in ours.items():
        (sources / "articles" / name).write_bytes(data)
    assert "grades.csv" in kept(sources.parent)


def test_where_the_clock_of_the_files_does_not_move_on_they_are_read(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_at_rest", lambda folder, names: {})
    kept(sources.parent)
    change(sources, "once more")
    assert "claims.csv" in digested(sources.parent, monkeypatch)


def test_what_is_known_is_at_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes afterwards has another time, or nothing is known of it."""
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder/file"
    for number in range(20):
        path.write_bytes(b"%d" % (number % 2))
        told = files._at_rest(path.parent, [path.name])
        os.utime(path)
        assert told.get(path.name) != status_of(path.stat())
    assert files._at_rest(path.parent, ["nowhere"]) == {}
    monkeypatch.setattr(files, "_LOOKS", 0)
    assert files._at_rest(path.parent, [path.name]) == {}


def test_digests_that_are_not_sealed_are_as_if_they_were_not_there(sources: Path) -> None:
    (file,) = (sources.parent / "cache").glob("*.files")
    data = file.read_bytes()
    file.write_bytes(data[:-3] + b"0" + data[-2:])
    assert kept(sources.parent) == set()


def test_descriptions_tell_of_files_that_are_made_with_them(sources: Path) -> None:
    before = inodes(sources.parent / "out")
    assert build(sources.parent, "--formats", "csv,parquet,data_package") == 0
    assert not set(before.values()) & set(inodes(sources.parent / "out").values())


def test_other_sources_in_the_same_folder_are_not_taken_for_ours(sources: Path, tmp_path: Path) -> None:
    """What stands in the folder is known by its bytes alone, whoever wrote it there last."""
    other = tmp_path / "other"
    write_corpus(other / "sources", ARTICLES, seed=6)
    ours = content(tmp_path / "out")
    assert main(["build", "--sources", str(other / "sources"), "--out", str(tmp_path / "out"), "--quiet"]) == 0
    assert content(tmp_path / "out")["claims.csv"] != ours["claims.csv"]
    same = kept(tmp_path)
    assert "claims.csv" not in same


def colder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a build begins again from the beginning; it must write what one from the beginning writes."""
    weighed = []
    weigh = pipeline.weigh_claims

    def weighing(sources: Sources, checked: pipeline.Checked) -> "tuple[Weighed, list[Problem]]":
        weighed.append(sources)
        return weigh(sources, checked)

    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "weigh_claims", weighing)
        assert build(folder) == 0
    assert build(folder, "--no-cache", out="cold") == 0
    assert content(folder / "out") == content(folder / "cold")
    return bool(weighed)


def test_a_table_that_nobody_asks_for_is_not_read(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = []
    table = Cached.table

    def reading(cached: Cached, name: str, schema: pa.Schema) -> pa.Table | None:
        read.append(name)
        return table(cached, name, schema)

    monkeypatch.setattr(Cached, "table", reading)
    assert not colder(sources.parent, monkeypatch)
    assert "table statements" in read
    assert not {"table claims", "table grades", "table metrics"} & set(read)


def test_a_table_that_is_not_sound_when_its_file_is_made_again_is_made_from_the_beginning(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file had to be made again, since somebody had changed it, so that the table was asked for at last."""
    damage(sources, "table metrics")
    other_bytes(sources.parent / "out/metrics.csv")
    assert colder(sources.parent, monkeypatch)
    change(sources, "once more")
    assert not colder(sources.parent, monkeypatch)


def test_a_table_that_is_not_sound_is_not_laid_out_in_parts(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    damage(sources, "table metrics")
    parts = str(sources.parent / "parts")
    assert build(sources.parent, "--partitions", parts) == 0
    assert build(sources.parent, "--no-cache", "--partitions", f"{parts}-cold", out="cold") == 0
    assert {p.relative_to(parts) for p in Path(parts).rglob("*.parquet")} == {
        p.relative_to(f"{parts}-cold") for p in Path(f"{parts}-cold").rglob("*.parquet")
    }
    assert not colder(sources.parent, monkeypatch)


@pytest.mark.parametrize("data", [b"{}", b"[", b'{"metrics": 1}'])
def test_where_nothing_tells_how_many_rows_there_are_everything_is_made(
    data: bytes, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = (sources.parent / "cache").glob("*.cache")
    found = open_cache(file)
    assert found
    contents = {name: found.section(name) or b"" for name in found.head.sections} | {"rows": data}
    assert write_cache(file, found.head, [(name, [section]) for name, section in contents.items()])
    found.close()
    assert colder(sources.parent, monkeypatch)


def damage(sources: Path, name: str) -> None:
    """Changes a byte of a section of the cache."""
    (file,) = (sources.parent / "cache").glob("*.cache")
    found = open_cache(file)
    assert found
    section = found.head.sections[name]
    place = file.stat().st_size - sum(s.size for s in found.head.sections.values()) + section.start + section.size // 2
    data = file.read_bytes()
    file.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    found.close()


def test_new_rows_that_do_not_hold_are_looked_at_with_everything_else(
    sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[set[str]] = []

    def check(tables: dict[str, pa.Table], wanted: Sequence[str]) -> list[Breach]:
        looked.append(set(wanted))
        return [Breach("statements", 0, "summary", "schema", "does not hold")]

    monkeypatch.setattr(anew, "check", check)
    assert colder(sources.parent, monkeypatch)
    assert "statements" in looked[0]


def test_how_many_rows_there_are_is_told_of_all_tables(sources: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for options in ((), ("--no-cache",)):
        capsys.readouterr()
        arguments = ["--sources", str(sources), "--out", str(sources.parent / "out"), *options]
        assert main(["build", *arguments]) == 0
        told.append(capsys.readouterr().err)
    assert told[0] == told[1]
    assert "claims" in told[0]
