"""Sources at an address: read as carefully as those in a folder, told apart by nothing but their paths."""

import sys
import zipfile
from importlib import import_module
from pathlib import Path
from typing import Final

import pytest

from jobs.__main__ import main
from jobs.addresses import Address, AddressError, Lost, Wanted, opened, place_of, told
from jobs.circumstances import commit_of, lock_digest
from jobs.contents import MAX_BYTES, loaded
from jobs.sources import begin_sources, read_sources
from tests.helpers import HEAD, source_folder
from tests.objects import SECRET, Bucket

PLACE: Final = "s3://peel/sources"
REAL: Final = Path(__file__).parent.parent / "sources"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return source_folder(tmp_path / "sources", {"good-one.yaml": HEAD, "good-two.yaml": HEAD.replace("/a", "/b")})


@pytest.fixture
def sound(s3: Bucket, folder: Path) -> Bucket:
    """A bucket with sound sources."""
    return uploaded(s3, folder)


def uploaded(s3: Bucket, folder: Path) -> Bucket:
    s3.put({f"sources/{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    return s3


def found_at(text: str = PLACE) -> list[tuple[str, str]]:
    """Path under the address and code of each problem that reading it shows."""
    problems = read_sources(place_of(text))[1]
    assert {(p.line, p.column) for p in problems} <= {(1, 1)}
    return [(p.path.removeprefix(f"{text}/"), p.code) for p in problems]


def test_sources_are_the_same_at_an_address(sound: Bucket, folder: Path) -> None:
    here, there = read_sources(folder)[0], read_sources(place_of(PLACE))[0]
    assert [path for path, _ in there.articles] == [f"{PLACE}/articles/good-{n}.yaml" for n in ("one", "two")]
    assert [content for _, content in there.articles] == [loaded(content) for _, content in here.articles]
    assert {name: data for name, (_, data) in there.codelists.items()} == {
        name: data for name, (_, data) in here.codelists.items()
    }
    assert there.decisions == (f"{PLACE}/decisions.yaml", b"")
    assert begin_sources(place_of(PLACE))[0].expected == 2


def test_the_real_sources_give_the_same_files_from_an_address(
    s3: Bucket, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    uploaded(s3, REAL)
    made = []
    for place in (str(REAL), PLACE):
        out = tmp_path / place.replace("/", "-")
        assert main(["build", "--sources", place, "--out", str(out), "--formats", "csv", "--quiet"]) == 0
        made.append((out / "SHA256SUMS").read_bytes())
    assert made[0] == made[1]
    assert main(["check", "--sources", PLACE]) == 0
    assert capsys.readouterr().err.endswith(" articles, no problems\n")


def test_problems_are_told_with_the_address(sound: Bucket, capsys: pytest.CaptureFixture[str]) -> None:
    sound.put({"sources/articles/bad-one.yaml": b"url: x\n"})
    assert main(["check", "--sources", PLACE]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{PLACE}/articles/bad-one.yaml:1:6: " in "".join(lines)


def test_strays_names_and_sizes_are_looked_at_as_in_a_folder(sound: Bucket, folder: Path, tmp_path: Path) -> None:
    names = {
        "articles/notes.txt": b"x", "articles/A-B.yaml": b"x", "articles/short.yaml": b"x", "articles/.DS_Store": b"x",
        "articles/a-folder.yaml/inside": b"x", "articles/too-large.yaml": b"#" * (MAX_BYTES + 1), "articles/as-large.yaml": b"#" * MAX_BYTES,
        "articles/Good-one.yaml": b"x", "codelists/areas.xlsx": b"x", "evidence/nobody-at-all.json": b"{}", "evidence/x.txt": b"x",
        "todo": b"x", "deep/er/file": b"x", ".hidden": b"x",
    }  # fmt: skip
    for name, data in names.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    uploaded(sound, folder)
    here = [(str(Path(p.path).relative_to(folder)), p.code) for p in read_sources(folder)[1]]
    assert found_at() == here
    assert len(here) == 12
    assert ("articles/too-large.yaml", "too-large") in here
    assert ("articles/a-folder.yaml", "not-a-file") in here


def test_marks_of_empty_folders_are_passed_over_and_nameless_ones_are_not(sound: Bucket) -> None:
    sound.put({"sources/": b"", "sources/articles/": b"", "sources/evidence/": b""})
    assert found_at() == []
    sound.put({"sources/articles//a-b.yaml": b"x"})
    assert found_at() == [("articles//", "stray-file")]


def test_an_object_in_the_place_of_a_folder_is_no_folder(sound: Bucket) -> None:
    for name in list(sound.held("sources/articles/")):
        sound.remove(f"sources/articles/{name}")
    sound.put({"sources/articles": b"x"})
    assert found_at() == [("articles", "not-a-file")]


def test_what_grows_or_goes_after_it_was_listed_is_unreadable(
    sound: Bucket, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No more is fetched than a file may hold, whatever the listing said."""
    place = place_of(PLACE)
    assert begin_sources(place)[0].expected == 2
    sound.put({"sources/articles/good-one.yaml": b"#" * (MAX_BYTES + 2)})
    sound.remove("sources/articles/good-two.yaml")
    assert isinstance(place, Address)
    one, two = (place / "articles").read([Wanted("good-one.yaml", 5, MAX_BYTES), Wanted("good-two.yaml", 5, MAX_BYTES)])
    assert (one, two) == (Lost("File too large"), Lost("The specified key does not exist."))
    articles = read_sources(place)[0].articles
    assert [str(loaded(content)) for _, content in articles] == [
        "[Errno 5] File too large", "[Errno 5] The specified key does not exist.",
    ]  # fmt: skip


def test_no_more_is_listed_or_held_than_is_bearable(sound: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.addresses.MAX_TOTAL", 100)
    with pytest.raises(AddressError, match="holds more than 100 bytes"):
        read_sources(place_of(PLACE))
    monkeypatch.setattr("jobs.addresses.MAX_ENTRIES", 1)
    with pytest.raises(AddressError, match="holds more than 1 files"):
        read_sources(place_of(PLACE))


def test_a_listing_is_asked_for_once(sound: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    place = place_of(PLACE)
    assert begin_sources(place)[0].expected == 2
    sound.put({"sources/articles/late-one.yaml": HEAD.encode()})
    assert len(read_sources(place)[0].articles) == 2
    assert len(read_sources(place_of(PLACE))[0].articles) == 3


@pytest.mark.parametrize("kind", ["memory", "zip", "zip at an address"])
def test_other_protocols_do_as_well(kind: str, folder: Path, tmp_path: Path, s3: Bucket) -> None:
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in sorted(folder.rglob("*.*")):
            zipped.write(path, path.relative_to(folder.parent))
    if kind == "memory":
        text = f"memory://test-{tmp_path.name}/sources"
        system, root = opened(text, kept=False)
        for path in folder.rglob("*.*"):
            system.pipe_file(f"{root}/{path.relative_to(folder)}", path.read_bytes())
    elif kind == "zip":
        text = f"zip://sources::file://{archive}"
    else:
        s3.put({"all.zip": archive.read_bytes()})
        text = "zip://sources::s3://peel/all.zip"
    sources, problems = read_sources(place_of(text))
    assert problems == []
    assert [content for _, content in sources.articles] == [HEAD.encode(), HEAD.replace("/a", "/b").encode()]


def test_a_folder_named_by_an_address_is_read_as_a_folder(folder: Path) -> None:
    assert place_of(f"file://{folder}") == folder
    (folder / "articles/a-link.yaml").symlink_to("/etc/passwd")
    assert [p.code for p in read_sources(place_of(f"file://{folder}"))[1]] == ["not-a-file"]


def test_nobody_knows_the_commit_of_an_address() -> None:
    assert (commit_of(place_of(PLACE)), lock_digest(place_of(PLACE))) == ((None, ""), None)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("s3://peel/nothing", "is not there, or nothing is in it"),
        ("s3://nobody-has-this/sources", "The specified bucket does not exist"),
        (f"s3://me:{SECRET}@peel/sources", "credentials"),
        ("nothing://peel", "fsspec knows no nothing"),
        ("s3://peel/*", "is no address"),
        ("s3://peel/a/../../b", "is no address"),
        ("gs://peel/sources", "gcsfs"),
    ],
)
def test_what_will_not_do_is_wrong_use(
    address: str, words: str, s3: Bucket, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--sources", address]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said
    assert SECRET not in said


def test_a_server_that_is_not_there_or_refuses_is_said(
    sound: Bucket, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("s3fs.S3FileSystem.retries", 1)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert main(["check", "--sources", PLACE]) == 2
    assert capsys.readouterr().err.startswith(f"openpeel: {PLACE} cannot be reached: Could not connect to")


def test_what_a_library_says_is_shown_without_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    error = OSError(f"cannot reach http://me:pass@host/x?signature={SECRET}\nbecause \x1b[31mof this")
    assert told(error) == "cannot reach http://…@host/x?signature=… because \\x1b[31mof this"


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.delitem(import_module("fsspec.registry")._registry, "s3", raising=False)
    assert main(["check", "--sources", PLACE]) == 2
    assert capsys.readouterr().err == f'openpeel: {PLACE} cannot be used: it needs pip install "openpeel[s3]"\n'


@pytest.mark.parametrize("command", [["pin", "--texts", "."], ["new", "--force", "x", "--publisher", "y", "--published", "z"], ["watch"]])  # fmt: skip
def test_verbs_that_need_a_folder_refuse_an_address(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--sources", PLACE]) == 2
    assert f"{PLACE} is not a folder of this machine" in capsys.readouterr().err
