"""Files that are as the system told of them before are not read again, and nothing else is taken for known."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from jobs.__main__ import main
from jobs.contents import StoredFile
from jobs.kept import index
from jobs.kept.cache import cache_file, open_cache, write_cache
from jobs.kept.index import NOTHING, open_index, with_keys, write_index
from jobs.pipeline import Sources, keys_of
from jobs.sources import read_sources

ARTICLES = 40
SEED = 8
HOUR = 3_600_000_000_000

Patch = pytest.MonkeyPatch


@pytest.fixture
def sources(corpus: Path, tmp_path: Path, cache_home: Path, monkeypatch: Patch) -> Path:
    """Sources of which everything is known, as if nobody had touched them for a while before."""
    folder = Path(shutil.copytree(corpus, tmp_path / "sources"))
    monkeypatch.setattr(index, "GRAIN", 0)
    settle()
    look(folder)
    return folder


def settle() -> None:
    """Waits until the clock of the file system has moved on."""
    time.sleep(0.03)


def look(folder: Path, began: int = 0) -> None:
    """Notes what stands there; began: what a clock says that may be wrong, in nanoseconds."""
    began = began or time.time_ns()
    read, problems = read_sources(folder)
    assert not problems
    write_index(folder, read, keys_of(read), began)


def read_again(folder: Path, monkeypatch: Patch) -> list[str]:
    """Names of the files that are read to know the keys, which must be those that bytes alone tell."""
    found: list[str] = []
    read = StoredFile.read

    def reading(file: StoredFile) -> bytes:
        found.append(Path(file.path).name)
        return read(file)

    given, problems = read_sources(folder)
    assert not problems
    with monkeypatch.context() as patched:
        patched.setattr(StoredFile, "read", reading)
        keys = with_keys(folder, given, open_index(folder), time.time_ns()).keys
    assert keys == keys_of(given)
    return sorted(found)


def article(folder: Path, number: int = 3) -> Path:
    """An article without pins."""
    pinned = {path.stem for path in (folder / "evidence").iterdir()}
    return [path for path in sorted((folder / "articles").iterdir()) if path.stem not in pinned][number]


def pins(folder: Path) -> Path:
    return min((folder / "evidence").iterdir())


def other(path: Path) -> None:
    """Other words of the same length."""
    data = path.read_bytes()
    place = data.index(b"title: ") + 7 if b"title: " in data else len(data) // 2
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])


def restored(path: Path) -> None:
    """Other words, as long as before, and the time of the last change set back."""
    told = path.stat()
    other(path)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (told.st_size, told.st_mtime_ns)


def touched(path: Path) -> None:
    path.touch()


def another_inode(path: Path) -> None:
    told, aside = path.stat(), path.parent.parent / "aside"
    shutil.copy2(path, aside)
    restored(aside)
    aside.replace(path)
    os.utime(path, ns=(told.st_atime_ns, told.st_mtime_ns))


def to_come(path: Path) -> None:
    os.utime(path, ns=(time.time_ns() + HOUR, time.time_ns() + HOUR))


def long_ago(path: Path) -> None:
    other(path)
    os.utime(path, ns=(0, 0))


def same_bytes_again(path: Path) -> None:
    path.write_bytes(path.read_bytes())


HARMS = (other, restored, touched, another_inode, to_come, long_ago, same_bytes_again)


def test_what_is_as_it_was_is_not_read(sources: Path, monkeypatch: Patch) -> None:
    assert read_again(sources, monkeypatch) == []


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_was_done_to_an_article_shows(harm: Callable[[Path], None], sources: Path, monkeypatch: Patch) -> None:
    harm(article(sources))
    assert read_again(sources, monkeypatch) == [article(sources).name]


@pytest.mark.parametrize("harm", HARMS)
def test_whatever_was_done_to_pins_shows(harm: Callable[[Path], None], sources: Path, monkeypatch: Patch) -> None:
    path = pins(sources)
    harm(path)
    assert read_again(sources, monkeypatch) == sorted([path.name, f"{path.stem}.yaml"])


def test_pins_that_come_or_go_show(sources: Path, monkeypatch: Patch) -> None:
    path, data = pins(sources), pins(sources).read_bytes()
    path.unlink()
    assert read_again(sources, monkeypatch) == [f"{path.stem}.yaml"]
    look(sources)
    path.write_bytes(data)
    assert read_again(sources, monkeypatch) == sorted([path.name, f"{path.stem}.yaml"])


def test_articles_that_come_go_or_change_their_names_show(sources: Path, monkeypatch: Patch) -> None:
    article(sources, 0).unlink()
    assert read_again(sources, monkeypatch) == []
    more = article(sources, 2).with_name("new-one.yaml")
    shutil.copy2(article(sources, 2), more)
    assert read_again(sources, monkeypatch) == ["new-one.yaml"]
    more.rename(more.with_name("newer-one.yaml"))
    assert read_again(sources, monkeypatch) == ["newer-one.yaml"]


def test_two_that_change_places_are_not_taken_for_each_other(sources: Path, monkeypatch: Patch) -> None:
    one, two = article(sources, 1), article(sources, 2)
    one.rename(sources / ".aside")
    two.rename(one)
    (sources / ".aside").rename(two)
    assert read_again(sources, monkeypatch) == [one.name, two.name]


def test_what_changed_shortly_before_it_was_looked_at_is_read(sources: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(index, "GRAIN", 2_000_000_000)
    everything = len(read_again(sources, monkeypatch))
    assert everything == ARTICLES + len(list((sources / "evidence").iterdir()))


def test_what_is_written_in_the_tick_of_the_look_is_read(sources: Path, monkeypatch: Patch) -> None:
    """As if the clock of the files stood still: everything that the system tells is the same, and the words are not."""
    tick = time.time_ns()
    monkeypatch.setattr("jobs.entries.status_of", lambda told: (1, told.st_ino, told.st_size, tick, tick))
    look(sources, began=tick)
    other(article(sources))
    assert article(sources).name in read_again(sources, monkeypatch)


def test_a_clock_that_has_gone_back_makes_nothing_known(sources: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1)
    assert open_index(sources) is NOTHING


def test_a_look_in_the_future_is_not_noted(sources: Path) -> None:
    file = the_file(sources)
    file.unlink()
    look(sources, began=time.time_ns() + HOUR)
    assert not file.exists()


def test_files_of_a_clock_ahead_of_ours_are_read_each_time(sources: Path, monkeypatch: Patch) -> None:
    look(sources, began=time.time_ns() - HOUR)
    assert len(read_again(sources, monkeypatch)) >= ARTICLES


def test_another_folder_under_the_same_name_is_not_taken_for_it(sources: Path, monkeypatch: Patch) -> None:
    shutil.copytree(sources, sources.with_name("copy"))
    sources.rename(sources.with_name("before"))
    sources.with_name("copy").rename(sources)
    assert len(read_again(sources, monkeypatch)) >= ARTICLES


def test_a_link_in_the_place_of_an_article_is_no_article(sources: Path) -> None:
    path = article(sources)
    path.rename(sources / ".aside")
    path.symlink_to(sources / ".aside")
    known = open_index(sources)
    given, problems = read_sources(sources, sound=known.ids)
    assert [problem.code for problem in problems] == ["not-a-file"]
    keys = with_keys(sources, given, known, time.time_ns()).keys
    assert keys == keys_of(given)
    assert len(keys) == ARTICLES - 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root can read everything")
def test_an_article_that_cannot_be_read_any_more_has_no_key(sources: Path) -> None:
    article(sources).chmod(0)
    given, _ = read_sources(sources)
    assert with_keys(sources, given, open_index(sources), time.time_ns()).keys.count(b"") == 1


def test_an_article_that_is_gone_when_it_is_to_be_read_has_no_key(sources: Path) -> None:
    other(article(sources))
    given, _ = read_sources(sources)
    article(sources).unlink()
    assert with_keys(sources, given, open_index(sources), time.time_ns()).keys.count(b"") == 1


def the_file(folder: Path) -> Path:
    file = cache_file(folder)
    assert file
    return file.with_suffix(".index")


def test_what_is_not_whole_or_of_another_version_makes_nothing_known(sources: Path, monkeypatch: Patch) -> None:
    file = the_file(sources)
    data = file.read_bytes()
    for place in range(0, len(data), 31):
        file.write_bytes(data[:place] + bytes([data[place] ^ 0x20]) + data[place + 1 :])
        assert open_index(sources) is NOTHING
    for size in range(0, len(data), 101):
        file.write_bytes(data[:size])
        assert open_index(sources) is NOTHING
    file.write_bytes(data)
    assert open_index(sources) is not NOTHING
    monkeypatch.setattr(index, "open_cache", lambda path: None)
    assert open_index(sources) is NOTHING


@pytest.mark.parametrize("section", ["ids", "numbers", "keys", "began"])
def test_what_does_not_fit_together_makes_nothing_known(section: str, sources: Path) -> None:
    found = open_cache(the_file(sources))
    assert found
    contents = {name: found.section(name) or b"" for name in found.head.sections}
    for change in (contents[section] + b"/aaaaa", contents[section][:-1], b"\xff" * len(contents[section])):
        changed = contents | {section: change}
        assert write_cache(the_file(sources), found.head, [(name, [data]) for name, data in changed.items()])
        known = open_index(sources)
        assert known is NOTHING or (change[-1:] != b"a" and len(known.ids) == ARTICLES)
    found.close()


def test_only_what_is_read_from_files_is_noted(sources: Path) -> None:
    file = the_file(sources)
    file.unlink()
    given, _ = read_sources(sources)
    keys = keys_of(given)
    for articles in (
        [(path, b"") for path, _ in given.articles],
        [(path, StoredFile(path)) for path, _ in given.articles],
    ):
        write_index(sources, given._replace(articles=articles), keys, time.time_ns())
    write_index(sources, given, [b"", *keys[1:]], time.time_ns())
    write_index(sources, Sources([], {}), [], time.time_ns())
    assert not file.exists()


def test_numbers_that_are_too_large_are_not_noted(sources: Path) -> None:
    file = the_file(sources)
    file.unlink()
    given, _ = read_sources(sources)
    articles = [(path, StoredFile(path, status=(0, 2**64 - 1, 0, 0, 0))) for path, _ in given.articles]
    write_index(sources, given._replace(articles=articles), keys_of(given), time.time_ns())
    assert not file.exists()


def test_what_many_have_become_is_noted_at_once(sources: Path, monkeypatch: Patch) -> None:
    for path in (sources / "articles").iterdir():
        touched(path)
    settle()
    monkeypatch.setattr(index, "FEW", 5)
    assert len(read_again(sources, monkeypatch)) >= ARTICLES
    assert read_again(sources, monkeypatch) == []


def test_a_release_reads_every_article(sources: Path, monkeypatch: Patch) -> None:
    """What the system tells of files is enough for a build that somebody waits for, not for what is published."""
    folder, articles = str(sources.parent), {path.name for path in (sources / "articles").iterdir()}
    build = ["build", "--sources", str(sources), "--out", f"{folder}/out", "--quiet", "--executor", "serial"]
    assert main(build) == 0
    settle()
    look(sources)
    for options, wanted in (([], set()), (["--store", f"{folder}/store"], articles)):
        found: set[str] = set()
        read = StoredFile.read

        def reading(file: StoredFile, read: Callable[[StoredFile], bytes] = read, found: set[str] = found) -> bytes:
            found.add(Path(file.path).name)
            return read(file)

        with monkeypatch.context() as patched:
            patched.setattr(StoredFile, "read", reading)
            assert main([*build, *options]) == 0
        assert found & articles == wanted
