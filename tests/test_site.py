"""All releases of a store are laid out under permanent addresses, the same bytes for the same store."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from jobs.__main__ import main

State = dict[str, bytes]


def release(store: Path, version: str, **files: str) -> dict[str, bytes]:
    """Puts a release into a folder store and tells its files."""
    about = {"name": "openpeel", "format": 1, "version": version, "previous": None, "date": f"2026-01-0{version[-1]}"}
    made = {"release.json": json.dumps(about).encode(), "grades.csv": version.encode()}
    made |= {name.replace("_", "."): text.encode() for name, text in files.items()}
    lines = [f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(made.items())]
    made["SHA256SUMS"] = "".join(lines).encode()
    (store / version).mkdir(parents=True)
    for name, data in made.items():
        (store / version / name).write_bytes(data)
    return made


def yank(store: Path, **reasons: str) -> None:
    (store / "yanked.json").write_text(
        json.dumps({version.removeprefix("v").replace("_", "."): reason for version, reason in reasons.items()})
    )


def state(folder: Path) -> State:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def laid_out(tmp_path: Path, name: str = "site") -> State:
    assert main(["site", "--store", str(tmp_path / "store"), "--out", str(tmp_path / name)]) == 0
    return state(tmp_path / name)


def files_of(site: State, place: str) -> State:
    """What stands at an address, without the page that lists it."""
    prefix = f"{place}/"
    return {name.removeprefix(prefix): data for name, data in site.items() if name.startswith(prefix)} | {
        "index.html": b""
    }


def held(made: dict[str, bytes], **more: str) -> State:
    return made | {name.replace("_", "."): text.encode() for name, text in more.items()} | {"index.html": b""}


def test_each_release_has_its_own_address_and_the_newest_the_moving_ones(tmp_path: Path) -> None:
    store = tmp_path / "store"
    made = {version: release(store, version) for version in ("0.9.0", "1.4.1", "1.4.2", "1.5.0", "2.0.0", "1.10.3")}
    site = laid_out(tmp_path)
    moving = "latest=2.0.0 v2=2.0.0 v2.0=2.0.0 v1=1.10.3 v1.10=1.10.3 v1.5=1.5.0 v1.4=1.4.2 v0=0.9.0 v0.9=0.9.0"
    due = {f"v{version}": version for version in made} | dict(word.split("=") for word in moving.split())
    assert {name.partition("/")[0] for name in site} == {*due, "index.html"}
    for place, version in due.items():
        assert files_of(site, place) == held(made[version]), place


def test_a_withdrawn_release_stays_under_its_own_address_only(tmp_path: Path) -> None:
    store = tmp_path / "store"
    made = {version: release(store, version) for version in ("1.0.0", "1.0.1", "1.1.0")}
    yank(store, v1_1_0="grades of <Kent> were swapped", v1_0_1="wrong")
    site = laid_out(tmp_path)
    for place in ("latest", "v1", "v1.0", "v1.0.0"):
        assert files_of(site, place) == held(made["1.0.0"]), place
    note = "Release 1.1.0 is not to be used: grades of <Kent> were swapped\n"
    assert files_of(site, "v1.1.0") == held(made["1.1.0"], YANKED_txt=note)
    assert set(files_of(site, "v1.1")) == {"YANKED.txt", "index.html"}
    assert b"is withdrawn" in site["v1.1/YANKED.txt"]
    assert "not to be used: grades of &lt;Kent&gt; were swapped" in site["index.html"].decode()
    assert "Not to be used: grades of &lt;Kent&gt;" in site["v1.1.0/index.html"].decode()


def test_an_address_is_never_lost(tmp_path: Path) -> None:
    store = tmp_path / "store"
    seen: set[str] = set()
    for number, version in enumerate(("0.1.0", "0.1.1", "0.2.0", "1.0.0")):
        release(store, version)
        if version == "0.2.0":
            yank(store, v0_2_0="wrong")
        names = {name.partition("/")[0] for name in laid_out(tmp_path, f"site-{number}")}
        assert seen <= names
        seen |= names


def test_the_page_lists_releases_newest_first_with_links_that_lead_somewhere(tmp_path: Path) -> None:
    for version in ("1.9.0", "1.10.0"):
        release(tmp_path / "store", version)
    site = laid_out(tmp_path)
    page = site["index.html"].decode()
    links = [part.partition('"')[0] for part in page.split('href="')[1:]]
    assert links == ["latest/", "v1.10/", "v1.9/", "v1/", "v1.10.0/", "v1.9.0/"]
    assert all(f"{link}index.html" in site for link in links)
    assert "2026-01-00" in page


def test_the_page_of_a_release_is_kept_as_it_is(tmp_path: Path) -> None:
    made = release(tmp_path / "store", "1.0.0", index_html="<p>ours</p>")
    assert made["index.html"] == b"<p>ours</p>"
    site = laid_out(tmp_path)
    assert site["v1.0.0/index.html"] == site["latest/index.html"] == b"<p>ours</p>"


def test_no_release_makes_an_empty_page(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    assert set(laid_out(tmp_path)) == {"index.html"}


def test_the_same_store_gives_the_same_bytes_and_rights(tmp_path: Path) -> None:
    for version in ("0.1.0", "0.2.0"):
        release(tmp_path / "store", version)
    first = laid_out(tmp_path, "first")
    before = os.umask(0o077)
    try:
        assert laid_out(tmp_path, "second") == first
    finally:
        os.umask(before)
    for path in [tmp_path / "second", *(tmp_path / "second").rglob("*")]:
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)


def test_a_damaged_release_stops_it_and_nothing_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0")
    (tmp_path / "store/0.1.0/grades.csv").write_bytes(b"other")
    assert main(["site", "--store", str(tmp_path / "store"), "--out", str(tmp_path / "site")]) == 2
    assert "grades.csv" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["store"]


def test_what_a_run_that_died_has_left_is_removed_and_the_size_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pages takes a gigabyte."""
    release(tmp_path / "store", "0.1.0", large="x" * 500_000)
    (tmp_path / ".openpeel-1-dead/site").mkdir(parents=True)
    assert "latest/large" in laid_out(tmp_path)
    assert capsys.readouterr().err == f"1 release, 2.0 MB -> {tmp_path / 'site'}\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "store"]


def test_a_folder_that_holds_something_is_not_touched(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release(tmp_path / "store", "0.1.0")
    (tmp_path / "site").mkdir()
    (tmp_path / "site/mine").write_bytes(b"mine")
    assert main(["site", "--store", str(tmp_path / "store"), "--out", str(tmp_path / "site")]) == 2
    assert "not an empty folder" in capsys.readouterr().err
    assert state(tmp_path / "site") == {"mine": b"mine"}


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    release(tmp_path / "store", "0.1.0")
    (tmp_path / "site").mkdir()
    assert "latest/grades.csv" in laid_out(tmp_path)
