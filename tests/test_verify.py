"""`openpeel verify` and `diff`: every change of a release is found, nothing in it makes them fail, hang or follow it."""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from jobs.outputs.csv import csv_bytes
from jobs.outputs.parquet import parquet_bytes
from jobs.releases import sums, verify
from jobs.releases.cells import digest
from jobs.releases.load import UnsoundError, load, read_about
from jobs.releases.verify import seen, verify_changes, verify_folder
from jobs.staging import SUMS
from tests.cases import quicken
from tests.helpers import ROOT
from tests.releases import Shop, bytes_of, ran, sealed
from tests.test_release_build import more


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of two sound releases, 0.1.0 and 0.2.0."""
    with pytest.MonkeyPatch.context() as patch:
        quicken(patch)
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        shop = Shop(tmp_path_factory.mktemp("shop"))
        shop.release()
        more(shop)
        shop.release()
    return shop.store


@pytest.fixture
def folder(store: Path, tmp_path: Path) -> Path:
    """A copy of the second release, to be broken."""
    return Path(shutil.copytree(store / "0.2.0", tmp_path / "release"))


def checked(folder: Path) -> list[str]:
    """What is wrong, each in one line, found within seconds."""
    start = time.monotonic()
    faults = verify_folder(folder)
    assert time.monotonic() - start < 20
    assert all(fault and fault.isprintable() and len(fault) < 1_000 for fault in faults), faults
    assert len(faults) < 200
    return faults


def test_sound_releases_have_no_faults(store: Path) -> None:
    for version in ("0.1.0", "0.2.0"):
        assert checked(store / version) == []
        assert ran("verify", store / version) == (0, "", f"{store / version}: sound\n")
    assert verify_changes(store / "0.2.0", store / "0.1.0") == []
    assert ran("verify", store) == (0, "", f"{store}: sound\n")
    assert ran("verify", f"{store}@0.1.0")[0] == 0


# --- changes of bytes, files and names


def test_every_change_of_a_byte_is_found(folder: Path) -> None:
    """500 changes of one byte, in any file; that of the checksums and release.json more often."""
    rng = random.Random(1)
    files = bytes_of(folder)
    for number in range(500):
        name = rng.choice([*files, SUMS, "release.json"])
        data = bytearray(files[name])
        place = rng.randrange(len(data))
        data[place] ^= 1 << rng.randrange(8)
        (folder / name).write_bytes(data)
        assert checked(folder), (number, name, place)
        (folder / name).write_bytes(files[name])
    assert checked(folder) == []


def test_every_file_that_is_cut_or_longer_is_found(folder: Path) -> None:
    rng = random.Random(2)
    for name, data in bytes_of(folder).items():
        for other in (data[: rng.randrange(len(data))], b"", data + b"\n", data + b"\0", data[:-1]):
            (folder / name).write_bytes(other)
            assert checked(folder), (name, len(other))
        (folder / name).write_bytes(data)


def swap(folder: Path, one: str, other: str) -> None:
    (folder / one).rename(folder / "x")
    (folder / other).rename(folder / one)
    (folder / "x").rename(folder / other)


def lines(change: Callable[[list[str]], list[str]]) -> Callable[[Path], object]:
    """A change of the lines of the checksums."""

    def changed(folder: Path) -> None:
        path = folder / SUMS
        path.write_text("".join(change(path.read_text().splitlines(keepends=True))))

    return changed


def linked(folder: Path, name: str) -> None:
    (folder / name).rename(folder.parent / name)
    (folder / name).symlink_to(folder.parent / name)


def replaced(folder: Path, name: str, make: Callable[[Path], object]) -> None:
    (folder / name).unlink()
    make(folder / name)


def emptied(folder: Path) -> Path:
    for path in folder.iterdir():
        path.unlink()
    return folder


def overwritten(folder: Path) -> None:
    emptied(folder).rmdir()
    folder.write_text("x")


def socket_at(path: Path) -> None:
    os.mknod(path, 0o140644)


BREAKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "two files change places": (lambda f: swap(f, "grades.csv", "events.csv"), "events.csv does not have the digest"),
    "a file more": (lambda f: (f / "x.csv").write_text("x"), "‘x.csv’ is not listed"),
    "a hidden file more": (lambda f: (f / ".x").write_text("x"), "‘.x’ is not listed"),
    "a file with a name that plays tricks": (lambda f: (f / "\u202ex\n\x1b[2J").write_text("x"), "‘\\u202ex\\x0a\\x1b[2J’ is not listed"),
    "a name that is no text": (lambda f: Path(os.fsdecode(os.fsencode(f) + b"/\xff")).write_text("x"), "is not listed"),
    "a folder more": (lambda f: (f / "more").mkdir(), "‘more’ is not listed"),
    "a file less": (lambda f: (f / "grades.csv").unlink(), "grades.csv is listed in SHA256SUMS and not there"),
    "no checksums": (lambda f: (f / SUMS).unlink(), "SHA256SUMS: No such file"),
    "no release.json": (lambda f: (f / "release.json").unlink(), "release.json is listed in SHA256SUMS and not there"),
    "a line less": (lines(lambda all_: all_[1:]), "is not a list of checksums"),
    "a line less, in the middle": (lines(lambda all_: all_[:9] + all_[10:]), "is not listed in SHA256SUMS"),
    "a line twice": (lines(lambda all_: [*all_[:9], all_[8], *all_[9:]]), "is not a list"),
    "two lines in the wrong order": (lines(lambda all_: [*all_[:5], all_[6], all_[5], *all_[7:]]), "is not a list"),
    "a cut last line": (lines(lambda all_: [*all_[:-1], all_[-1][:-1]]), "is not a list"),
    "another form of lines": (lines(lambda all_: [line.replace("  ", " *") for line in all_]), "is not a list"),
    "capital digits": (lines(lambda all_: [line[:64].upper() + line[64:] for line in all_]), "is not a list"),
    "ends of lines": (lines(lambda all_: [line.replace("\n", "\r\n") for line in all_]), "is not a list"),
    "a path in it": (lines(lambda all_: [*all_, f"{'0' * 64}  ../../etc/passwd\n"]), "is not a list"),
    "itself in it": (lines(lambda all_: sorted([*all_, f"{'0' * 64}  {SUMS}\n"], key=lambda line: line[66:])), "is not a list"),
    "a huge list": (lambda f: (f / SUMS).write_bytes((f / SUMS).read_bytes() * 50_000), "File too large"),
    "a list of a thousand files": (lines(lambda all_: [f"{'0' * 64}  f{n:04}\n" for n in range(2_000)]), "is not a list"),
    "a list of zeros": (lambda f: (f / SUMS).write_bytes(bytes(2**19)), "is not a list"),
    "a thousand files more": (lambda f: [(f / f"x{n}").write_text("") for n in range(1_500)], "more of this kind"),
    "a link": (lambda f: linked(f, "grades.csv"), "grades.csv is not a regular file"),
    "a link for the checksums": (lambda f: linked(f, SUMS), "SHA256SUMS: a link, not a file"),
    "a link to itself": (lambda f: replaced(f, "grades.csv", lambda p: p.symlink_to(p)), "grades.csv is not a regular file"),
    "a link to nothing": (lambda f: replaced(f, "grades.csv", lambda p: p.symlink_to("/nowhere")), "grades.csv is not a regular file"),
    "a link to a device": (lambda f: replaced(f, "grades.csv", lambda p: p.symlink_to("/dev/zero")), "grades.csv is not a regular file"),
    "a pipe": (lambda f: replaced(f, "grades.csv", os.mkfifo), "grades.csv is not a regular file"),
    "a pipe for the checksums": (lambda f: replaced(f, SUMS, os.mkfifo), "SHA256SUMS: not a regular file"),
    "a pipe for release.json": (lambda f: replaced(f, "release.json", os.mkfifo), "release.json is not a regular file"),
    "a socket": (lambda f: replaced(f, "grades.csv", socket_at), "grades.csv is not a regular file"),
    "a folder for a file": (lambda f: replaced(f, "grades.csv", Path.mkdir), "grades.csv is not a regular file"),
    "a folder for the checksums": (lambda f: replaced(f, SUMS, Path.mkdir), "SHA256SUMS: not a regular file"),
    "a file with a hole of gigabytes": (lambda f: os.truncate(f / "grades.csv", 2**40), "its files have more than"),
    "a file": (overwritten, "is not a folder"),
    "nothing": (lambda f: emptied(f).rmdir(), "is not a folder"),
    "an empty folder": (lambda f: emptied(f), "SHA256SUMS: No such file"),
}  # fmt: skip


@pytest.mark.parametrize("case", BREAKS)
def test_whatever_is_done_to_a_folder_is_found(case: str, folder: Path) -> None:
    break_it, words = BREAKS[case]
    break_it(folder)
    faults = checked(folder)
    assert any(words in fault for fault in faults), faults


def test_faults_of_files_are_told_in_the_order_of_their_names(folder: Path) -> None:
    """Whichever is looked at first."""
    names = ["CITATION.cff", "forces.csv", "grades.csv", "openpeel.sqlite", "units.parquet"]
    for name in names:
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n")
    assert checked(folder) == [f"{name} does not have the digest that SHA256SUMS lists" for name in names]


# --- forgeries whose checksums fit


def forged(
    folder: Path, name: str, change: Callable[[pa.Table], pa.Table], *, about: bool = True, csv: bool = True
) -> None:
    """Changes a table in all of its files as somebody would who knows how."""
    found = pq.read_table(folder / f"{name}.parquet")
    table = change(pa.table(found.columns, names=found.column_names))
    (folder / f"{name}.parquet").write_bytes(parquet_bytes(table))
    if csv:
        (folder / f"{name}.csv").write_bytes(csv_bytes(table))
    if about:
        with retold(folder) as said:
            key = tuple(said["tables"][name]["declared"]["key"])
            said["tables"][name] |= {"rows": len(table), "digest": digest(table, key)}
    sealed(folder)


class retold:  # noqa: N801
    """`release.json` to be changed in place; the checksums follow."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: dict[str, Any] = json.loads((folder / "release.json").read_bytes())

    def __enter__(self) -> dict[str, Any]:
        return self.said

    def __exit__(self, *_: object) -> None:
        text = json.dumps(self.said, ensure_ascii=False, indent=1) + "\n"
        (self.folder / "release.json").write_text(text, encoding="utf-8", errors="surrogatepass")
        sealed(self.folder)


def edited(name: str, change: Callable[[bytes], bytes] | None) -> Callable[[Path], None]:
    """Changes the bytes of a file, or takes it away; the checksums follow."""

    def edit(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).unlink()
        if change:
            (folder / name).write_bytes(change(data))
        sealed(folder)

    return edit


def exchanged(one: str, other: str) -> Callable[[Path], None]:
    """Two tables under each other's names; the checksums follow."""

    def exchange(folder: Path) -> None:
        for end in ("csv", "parquet"):
            swap(folder, f"{one}.{end}", f"{other}.{end}")
        sealed(folder)

    return exchange


def sets(column: str, value: Any, row: int = 0) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        cells = table[column].to_pylist()
        cells[row] = value
        return table.set_column(
            table.column_names.index(column), column, pa.array(cells, table.schema.field(column).type)
        )

    return change


def kept(table: pa.Table) -> pa.Table:
    return table


def test_a_forgery_that_tells_the_same_everywhere_is_a_release(folder: Path) -> None:
    """What is forged below is sound but for what is said of it."""
    for name in ("grades", "forces", "changes"):
        forged(folder, name, kept)
    assert checked(folder) == []


FORGERIES: dict[str, tuple[Callable[[Path], object], str]] = {
    "a cell in both formats": (lambda f: forged(f, "grades", sets("grade", "inadequate"), about=False), "grades: rows or digest are not those"),
    "a cell in Parquet": (lambda f: forged(f, "grades", sets("grade", "inadequate"), csv=False), "grades.csv does not have the cells of grades.parquet"),
    "a row less in Parquet": (lambda f: forged(f, "grades", lambda t: t.slice(1), csv=False), "grades.csv does not have the cells"),
    "a row less": (lambda f: forged(f, "grades", lambda t: t.slice(1), about=False), "grades.parquet has 2 rows, release.json tells of 3"),
    "a row twice": (lambda f: forged(f, "grades", lambda t: pa.concat_tables([t, t.slice(0, 1)])), "grades: the primary key is empty or repeats"),
    "no key": (lambda f: forged(f, "grades", sets("grade_id", None)), "grades: the primary key is empty or repeats"),
    "an empty cell": (lambda f: forged(f, "grades", sets("force", None)), "grades.force: an empty cell where a value is due"),
    "an unknown code": (lambda f: forged(f, "grades", sets("basis", "guessed")), "grades.basis: a code that its list does not have"),
    "a small number": (lambda f: forged(f, "grades", sets("claims", 0)), "grades.claims: less than 1"),
    "a text of another form": (lambda f: forged(f, "grades", sets("force", "=cmd()")), "grades.force: a text of another form than declared"),
    "a value twice": (lambda f: forged(f, "articles", lambda t: sets("url", t["url"][1].as_py())(t)), "articles.url: a value repeats"),
    "a broken reference": (lambda f: forged(f, "grades", sets("force_id", "nowhere")), "grades.force_id: a value that is not in forces.force_id"),
    "a column less": (lambda f: forged(f, "grades", lambda t: t.drop_columns(["basis"])), "does not have the columns"),
    "a column elsewhere": (lambda f: forged(f, "grades", lambda t: t.select(t.column_names[::-1])), "does not have the columns"),
    "another type": (lambda f: forged(f, "grades", lambda t: t.set_column(0, "grade_id", pa.array([1, 2, 3]))), "does not have the columns"),
    "a text that is none": (lambda f: forged(f, "grades", lambda t: t.set_column(2, "force", pa.array([b"\xff"] * 3).view(pa.binary()).cast(pa.string(), safe=False))), "grades.parquet cannot be read"),
    "two tables change places": (exchanged("forces", "units"), "forces.parquet has 30 rows"),
    "a CSV file with another cell": (edited("grades.csv", lambda data: data.replace(b",good,", b",poor,", 1)), "grades.csv does not have the cells"),
    "a CSV file with quotes for nothing": (edited("grades.csv", lambda data: data.replace(b",,", b',"",', 1)), "grades.csv does not have the cells"),
    "a CSV file with a column more": (edited("units.csv", lambda data: data.replace(b"\n", b",x\n")), "units.csv does not have the cells"),
    "a CSV file that is cut": (edited("grades.csv", lambda data: data[:-30]), "grades.csv"),
    "a CSV file without lines": (edited("grades.csv", lambda _: b""), "grades.csv"),
    "no CSV file": (edited("grades.csv", None), "grades.csv"),
    "no Parquet file": (edited("grades.parquet", None), "grades.parquet"),
    "no changelog": (edited("CHANGELOG.md", None), "is not a list of checksums"),
    "a Parquet file that is none": (edited("grades.parquet", lambda _: b"PAR1" + bytes(100) + b"PAR1"), "grades.parquet cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("case", FORGERIES)
def test_a_forgery_whose_checksums_fit_is_found(case: str, folder: Path) -> None:
    forge, words = FORGERIES[case]
    forge(folder)
    faults = checked(folder)
    assert any(words in fault for fault in faults), faults


def test_random_changes_whose_checksums_fit_change_no_cell_in_silence(folder: Path) -> None:
    """A byte of a table is either found or means nothing to a reader."""
    rng = random.Random(3)
    files = {name: data for name, data in bytes_of(folder).items() if name.endswith((".csv", ".parquet"))}
    told = {name: table["digest"] for name, table in read_about(folder)["tables"].items()}
    for _ in range(30):
        name = rng.choice(list(files))
        data = bytearray(files[name])
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
        (folder / name).write_bytes(data)
        sealed(folder)
        if not checked(folder) and name != "changes.parquet":
            content = load(folder)
            assert all(digest(table, content.declared[n].key) == told[n] for n, table in content.tables.items())
        (folder / name).write_bytes(files[name])
    sealed(folder)
    assert checked(folder) == []


def with_texts_of_no_cell(table: pa.Table) -> pa.Table:
    """The same cells, in a file with texts in it that stand in no cell: of another form, no codes, nobody's ids."""
    for name in ("force", "force_id", "basis"):
        once = table[name].combine_chunks().dictionary_encode()
        more = pa.concat_arrays([once.dictionary, pa.array(["=cmd()"])])
        column = pa.DictionaryArray.from_arrays(once.indices, more)
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def test_a_text_that_stands_in_no_cell_is_no_fault(folder: Path) -> None:
    table = with_texts_of_no_cell(pq.read_table(folder / "grades.parquet"))
    pq.write_table(table, folder / "grades.parquet")
    read = pq.read_table(folder / "grades.parquet", read_dictionary=["basis"])
    assert "=cmd()" in read["basis"].chunk(0).dictionary.to_pylist()
    sealed(folder)
    assert checked(folder) == []


def bombed(folder: Path, number: int, **columns: Any) -> Path:
    """A table of so many rows as somebody would make it whose file is small and whose cells are not."""
    table = pq.read_table(folder / "forces.parquet")
    filled = {name: columns.get(name, table[name][0].as_py()) for name in table.column_names}
    text = pa.dictionary(pa.int32(), pa.string())
    cells = [
        pa.DictionaryArray.from_arrays(pa.array(np.zeros(number, np.int32)), pa.array([value], pa.string())).cast(text)
        for value in filled.values()
    ]
    made = pa.table(cells, names=table.column_names)
    pq.write_table(made, folder / "forces.parquet", compression="zstd", dictionary_pagesize_limit=2**30)
    with retold(folder) as said:
        said["tables"]["forces"]["rows"] = number
    return folder


BOMBS: dict[str, Callable[[Path], object]] = {
    "one cell of 200 MB": lambda f: bombed(f, 1, force="x" * 200_000_000),
    "a megabyte, a million times": lambda f: bombed(f, 1_000_000, force="x" * 1_000_000),
    "ten million rows": lambda f: bombed(f, 10_000_000, force="x"),
    "rows in CSV too": lambda f: [(f / "forces.csv").write_bytes(b"\n" * 30_000_000), bombed(f, 3_000_000, force="x" * 1_000)],
}  # fmt: skip


@pytest.mark.parametrize("case", BOMBS)
def test_a_small_file_never_becomes_a_huge_table(case: str, folder: Path, store: Path) -> None:
    BOMBS[case](folder)
    before = pa.default_memory_pool().max_memory()
    assert any("forces.parquet cannot be read: of " in fault for fault in checked(folder))
    assert pa.default_memory_pool().max_memory() < max(before, 2**31)
    status, out, err = ran("diff", store, folder)
    assert (status, out, err.count("\n")) == (2, "", 1)


# --- a hostile release.json

DEEP = "[" * 100_000


def told(where: str, value: Any) -> Callable[[Path], None]:
    """Another value in release.json; `where`: keys and places, parted by slashes."""

    def change(folder: Path) -> None:
        with retold(folder) as said:
            place: Any = said
            *way, last = [int(part) if part.isdigit() else part for part in where.split("/")]
            for part in way:
                place = place[part]
            if value is ...:
                del place[last]
            else:
                place[last] = value

    return change


GRADES = "tables/grades/declared"
SAID: dict[str, tuple[Callable[[Path], object], str]] = {
    "no JSON": (edited("release.json", lambda _: (b"{")), "cannot be understood"),
    "no text": (edited("release.json", lambda _: b"\xff\xfe{"), "cannot be understood"),
    "nothing": (edited("release.json", lambda _: b""), "cannot be understood"),
    "a list": (edited("release.json", lambda _: (b"[]")), "cannot be understood"),
    "deep": (edited("release.json", lambda _: ('{"x":' + DEEP).encode()), "cannot be understood"),
    "deep and known": (edited("release.json", lambda _: ('{"tables":{"x":{"declared":' + DEEP).encode()), "cannot be understood"),
    "no number": (edited("release.json", lambda data: data.replace(b'"format": 1', b'"format": NaN')), "cannot be understood"),
    "half a letter": (told("licence", "\ud800"), "cannot be understood"),
    "another name": (told("name", "peel"), "cannot be understood"),
    "another format": (told("format", 2), "cannot be understood"),
    "no version": (told("version", "1.0"), "cannot be understood"),
    "a version with a line": (told("version", "0.2.0\n"), "cannot be understood"),
    "a version that is a path": (told("previous", "../../etc"), "cannot be understood"),
    "a version that does not follow": (told("version", "0.1.1"), "0.1.1 is not the version that follows 0.1.0 by MINOR"),
    "a version that stays": (told("version", "0.1.0"), "is not the version that follows"),
    "less than its findings": (told("bump", "PATCH"), "PATCH is less than its findings ask for"),
    "a first release that follows": (told("bump", "FIRST"), "a first release follows none"),
    "a release that follows none": (told("previous", None), "a first release follows none"),
    "what breaks": (told("breaking", True), "whether it breaks anything is not what its bump says"),
    "no day": (told("date", "yesterday"), "cannot be understood"),
    "another digest": (told("tables/grades/digest", "0" * 64), "grades: rows or digest are not those"),
    "a digest that is none": (told("tables/grades/digest", "x"), "cannot be understood"),
    "more rows": (told("tables/grades/rows", 4), "grades.parquet has 3 rows, release.json tells of 4"),
    "absurdly many rows": (told("tables/grades/rows", 10**15), "grades.parquet has 3 rows, release.json tells of 1,000,000,000,000,000"),
    "more rows than there are numbers": (told("tables/grades/rows", 10**400), "cannot be understood"),
    "less than no rows": (told("tables/grades/rows", -1), "cannot be understood"),
    "rows as text": (told("tables/grades/rows", "3"), "cannot be understood"),
    "no tables": (told("tables", {}), "the table changes is not in it"),
    "no changes": (told("tables/changes", ...), "the table changes is not in it"),
    "a table with a path": (told(f"{GRADES}/name", "../grades"), "a table has two names"),
    "a table that is not there": (lambda f: told("tables/x", json.loads((f / "release.json").read_text())["tables"]["grades"])(f), "a table has two names"),
    "a key that is no column": (told(f"{GRADES}/key", ["x"]), "the primary key is not made of its columns"),
    "no key": (told(f"{GRADES}/key", []), "the primary key is not made of its columns"),
    "a key twice": (told(f"{GRADES}/key", ["grade_id", "grade_id"]), "the primary key is not made"),
    "another key": (told(f"{GRADES}/key", ["force_id"]), "are not those that say so"),
    "no columns": (told(f"{GRADES}/columns", []), "the primary key is not made of its columns"),
    "a column less": (told(f"{GRADES}/columns/3", ...), "does not have the columns"),
    "a column with a path": (told(f"{GRADES}/columns/3/name", "../x"), "a name is not of lower-case letters"),
    "a column twice": (told(f"{GRADES}/columns/3/name", "grade_id"), "or repeats"),
    "an unknown type": (told(f"{GRADES}/columns/3/type", "decimal"), "a type that no column has"),
    "another type": (told(f"{GRADES}/columns/3/type", "int32"), "grades"),
    "a least text": (told(f"{GRADES}/columns/3/least", 1), "a least value of what is not a number"),
    "a least number beyond all": (told("tables/grade_counts/declared/columns/10/least", 10**400), "cannot be understood"),
    "a reference that is none": (told(f"{GRADES}/columns/1/references", "forces"), "a reference that is not a table and its column"),
    "a reference to nowhere": (told(f"{GRADES}/columns/1/references", "nowhere.x"), "refers to nowhere.x, which is not there"),
    "a reference to another type": (told(f"{GRADES}/columns/1/references", "scales.grade_rank"), "a value that is not in scales.grade_rank"),
    "a form that is none": (told(f"{GRADES}/columns/2/pattern", "(("), "its declared form is none"),
    "a form that takes long": (told(f"{GRADES}/columns/2/pattern", "((a?){1000}){1000}$"), "a form that would take long"),
    "a form that explodes elsewhere": (told(f"{GRADES}/columns/2/pattern", "^(((a|b)*)*)*c$"), "a text of another form"),
    "a long form": (told(f"{GRADES}/columns/2/pattern", "(a?)*" * 100), "a form that would take long"),
    "a form of numbers": (told("tables/grades/declared/columns/12/pattern", "x"), "codes or a form of what is not a text"),
    "codes that are none": (told(f"{GRADES}/columns/8/values", {"a": 1}), "cannot be understood"),
    "findings that are none": (told("findings/0", {"rule": 1}), "cannot be understood"),
    "a finding of another kind": (told("findings/0/bump", "HUGE"), "cannot be understood"),
    "no source": (told("source", None), "cannot be understood"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_whatever_release_json_says_is_found(case: str, folder: Path) -> None:
    change, words = SAID[case]
    change(folder)
    faults = checked(folder)
    assert any(words in fault for fault in faults), faults


JUNK: list[Any] = [None, True, -1, 0.5, float("inf"), 10**30, "", "x", "\0/../" * 50, [], [[]], {}, {"": {}}, ["x"] * 9]
FREE = {
    "title",
    "description",
    "licence",
    "unit",
    "role",
    "samples",
    "table",
    "column",
    "rule",
    "commit",
    "lock",
    "kind",
    "number",
}
"""What a release may say as it likes, as far as can be told from itself."""


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value."""
    if way:
        yield way
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*way, key))


def test_junk_anywhere_in_release_json_never_makes_it_fail(folder: Path) -> None:
    rng = random.Random(4)
    said = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    everywhere = list(places(said))
    top = [way for way in everywhere if len(way) < 3 or way[:2] == ("tables", "grades")]
    for number in range(100):
        way = rng.choice(top if number % 2 else everywhere)
        value, place = rng.choice(JUNK), said
        for key in way[:-1]:
            place = place[key]
        before, place[way[-1]] = place[way[-1]], value
        (folder / "release.json").write_text(json.dumps(said), encoding="utf-8")
        sealed(folder)
        assert checked(folder) or before == value or FREE & set(way) or "values" in way or "decisions" in way, (
            way,
            value,
        )
        if number % 8 == 0:
            assert ran("verify", folder)[0] in (0, 1)
            assert ran("diff", folder, folder)[0] in (0, 2)
        place[way[-1]] = before


# --- tables that two releases share


WAYS_TO_BREAK = [*(break_it for kind in (BREAKS, FORGERIES, SAID) for break_it, _ in kind.values()), *BOMBS.values()]


@pytest.mark.parametrize("break_it", WAYS_TO_BREAK, ids=[*BREAKS, *FORGERIES, *SAID, *BOMBS])
def test_beside_a_sound_release_the_same_is_found(
    break_it: Callable[[Path], object], store: Path, folder: Path
) -> None:
    """All but what was changed has the bytes of the sound one and is taken from it."""
    sound = seen(store / "0.2.0")
    break_it(folder)
    faults = seen(folder).faults
    assert faults
    assert seen(folder, sound).faults == faults


SHARED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a cell in CSV": (edited("forces.csv", lambda data: data.replace(b"Kent", b"Cant")), "forces.csv does not have the cells"),
    "a cell in Parquet": (lambda f: forged(f, "forces", sets("force", "Cant Police"), csv=False), "forces.csv does not have the cells"),
    "a cell in both": (lambda f: forged(f, "forces", sets("force", "Cant Police"), about=False), "forces: rows or digest"),
    "a digest": (told("tables/forces/digest", "0" * 64), "forces: rows or digest are not those"),
    "a form": (told("tables/forces/declared/columns/1/pattern", "^x$"), "forces.force: a text of another form"),
    "a key": (lambda f: forged(f, "forces", lambda t: pa.concat_tables([t, t.slice(0, 1)])), "forces: the primary key"),
    "what others refer to": (lambda f: forged(f, "forces", lambda t: t.filter(pc.not_equal(t["force_id"], "avon-and-somerset"))), "a value that is not in forces.force_id"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHARED)
def test_a_table_that_is_only_nearly_shared_is_looked_at(case: str, store: Path, tmp_path: Path) -> None:
    """As the release before one that is sound."""
    change, words = SHARED[case]
    before = Path(shutil.copytree(store / "0.1.0", tmp_path / "before"))
    change(before)
    faults = seen(before, seen(store / "0.2.0")).faults
    assert faults == seen(before).faults
    assert any(words in fault for fault in faults), faults
    assert ran("verify", store / "0.2.0", "--before", before)[:2] == (1, "".join(f"0.1.0: {f}\n" for f in faults))


def test_shared_tables_are_looked_at_once(store: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    real_look = verify._look

    def look(folder: Path, name: str, told: Any) -> verify.Look:
        looked.append(name)
        return real_look(folder, name, told)

    monkeypatch.setattr(verify, "_look", look)
    later = seen(store / "0.2.0")
    assert sorted(looked) == sorted(later.tables)
    looked.clear()
    earlier = seen(store / "0.1.0", later)
    assert earlier.faults == []
    assert {"articles", "claims", "changes"} <= set(looked) < set(later.tables) - {"forces", "scales", "units"}
    assert all((earlier.tables[name] is later.tables[name]) == (name not in looked) for name in later.tables)
    looked.clear()
    edited("grades.csv", lambda data: data + b"x")(folder)
    assert seen(store / "0.2.0", seen(folder)).faults == []
    assert looked.count("forces") == 2, "nothing is taken from a release with faults"


# --- changes


CHANGED: dict[str, Callable[[pa.Table], pa.Table]] = {
    "a change less": lambda t: t.slice(1),
    "another new cell": lambda t: sets("new_text", "x", next(n for n, v in enumerate(t["new_text"].to_pylist()) if v))(t),
    "another old cell": lambda t: sets("old_number", 7.0, next(n for n, v in enumerate(t["old_number"].to_pylist()) if v))(t),
    "a change more, of nothing": lambda t: pa.concat_tables([t, sets("row_key", "zzz")(t.slice(0, 1))]),
    "a change more, of a table that is not there": lambda t: pa.concat_tables([t, sets("table_name", "zzz")(t.slice(0, 1))]),
    "a change more, of a column that is not there": lambda t: pa.concat_tables([t, sets("column_name", "zzz")(t.slice(0, 1))]),
    "a number that is no number": lambda t: sets("new_number", float("nan"), next(n for n, v in enumerate(t["new_number"].to_pylist()) if v))(t),
    "none at all": lambda t: t.slice(0, 0),
}  # fmt: skip


@pytest.mark.parametrize("case", CHANGED)
def test_changes_that_are_not_those_since_the_release_before_are_found(case: str, store: Path, folder: Path) -> None:
    forged(folder, "changes", CHANGED[case])
    assert checked(folder) == []
    faults = verify_changes(folder, store / "0.1.0")
    assert faults
    assert all("changes" in fault for fault in faults)
    status, out, _ = ran("verify", folder, "--before", store / "0.1.0")
    assert (status, out.splitlines()) == (1, faults)


@pytest.mark.parametrize("name", ["table_name", "row_key", "old_number", "kind", "reason"])
def test_changes_of_another_shape_make_nothing_fail(name: str, store: Path, folder: Path) -> None:
    """As they may be in a release of other days, or of nobody knows whom."""
    with retold(folder) as said:
        for column in said["tables"]["changes"]["declared"]["columns"]:
            if column["name"] == name:
                column |= {"type": "int64", "kind": "whole", "values": {}, "pattern": "", "nullable": True}
    numbers = pa.array(range(len(pq.read_table(folder / "changes.parquet"))), pa.int64())
    forged(folder, "changes", lambda t: t.set_column(t.column_names.index(name), name, numbers))
    assert checked(folder) == []
    shaped = name in ("kind", "reason")
    assert verify_changes(folder, store / "0.1.0") == (
        [] if shaped else ["changes does not tell what stood and stands in a cell"]
    )
    assert ran("diff", f"{store}@0.1.0", folder)[0] == 0


def test_changes_are_looked_at_where_the_release_before_is_at_hand(store: Path, folder: Path, tmp_path: Path) -> None:
    forged(folder, "changes", lambda t: t.slice(1))
    status, out, err = ran("verify", folder)
    assert (status, out) == (0, "")
    assert "0.1.0, is not at hand: its changes are not looked at" in err
    beside = shutil.copytree(store, tmp_path / "store", symlinks=True)
    for path in folder.iterdir():
        shutil.copy(path, beside / "0.2.0" / path.name)
    for address in (beside / "0.2.0", beside, f"{beside}@0.2.0", beside / "latest"):
        status, out, err = ran("verify", address)
        assert (status, out.count("\n")) == (1, 1), (address, out, err)
    assert ran("verify", folder, "--before", f"{store}@0.1.0")[0] == 1
    assert ran("verify", folder, "--before", f"{store}@0.2.0")[1] == "it follows 0.1.0, not 0.2.0\n"
    for before in (tmp_path / "nowhere", f"{store}@0.9.0"):
        status, out, err = ran("verify", folder, "--before", before)
        assert (status, out, err.count("\n")) == (2, "", 1)


def test_a_damaged_release_before_is_told(store: Path, folder: Path, tmp_path: Path) -> None:
    before = Path(shutil.copytree(store / "0.1.0", tmp_path / "0.1.0"))
    (before / "grades.csv").write_text("x")
    status, out, _ = ran("verify", folder)
    assert (status, out) == (1, "0.1.0: grades.csv does not have the digest that SHA256SUMS lists\n")


def test_a_damaged_release_in_a_store_is_told(store: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(store, tmp_path / "store", symlinks=True)
    (copy / "0.2.0" / "grades.csv").write_text("x")
    for address in (copy, f"{copy}@0.2.0", copy / "latest"):
        assert ran("verify", address)[:2] == (1, "grades.csv does not have the digest that SHA256SUMS lists\n")


@pytest.mark.parametrize(
    "address", ["nowhere", "", "github:x", "nowhere@0.1.0", "x" * 5_000, "https://example.org", "."]
)
def test_wrong_addresses_are_wrong_use_in_one_line(
    address: str, tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments in (("verify", address), ("diff", address, store), ("diff", store, address)):
        status, out, err = ran(*arguments)
        assert (status, out, err.count("\n")) == (2, "", 1), (arguments, err)


def test_a_version_that_a_store_does_not_have(store: Path) -> None:
    for arguments in (("verify", f"{store}@9.0.0"), ("diff", f"{store}@9.0.0", store)):
        status, out, err = ran(*arguments)
        assert (status, out) == (2, "")
        assert err == f"openpeel: {store}@9.0.0 has no release 9.0.0\n"


# --- diff


def test_diff_tells_what_the_release_itself_tells(store: Path) -> None:
    status, out, err = ran("diff", f"{store}@0.1.0", store, "--format", "json")
    assert (status, err) == (0, "")
    said = read_about(store / "0.2.0")
    found = json.loads(out)
    assert [{k: v for k, v in f.items() if k != "loss"} for f in found["findings"]] == said["findings"]
    assert (found["bump"], found["compat"]) == (said["bump"], said["compat"])
    assert ran("diff", store / "0.1.0", store / "0.2.0", "--format", "json")[1] == out


def test_diff_of_the_same_is_nothing(store: Path) -> None:
    assert ran("diff", store, store / "latest") == (0, "bump: NONE\n", "")
    assert ran("diff", store, store, "--format", "markdown") == (0, "**Bump: NONE**\n", "")
    assert json.loads(ran("diff", store, store, "--format", "json")[1])["findings"] == []


def test_diff_backwards_finds_what_is_gone_first(store: Path) -> None:
    out = ran("diff", f"{store}@0.2.0", f"{store}@0.1.0")[1].splitlines()
    assert out[0].startswith("MAJOR  rows-vanished           articles  (1): cambridgeshire-2024-03-13-wired-gov")
    assert out[-1] == "bump: MAJOR"
    table = ran("diff", f"{store}@0.2.0", f"{store}@0.1.0", "--format", "markdown")[1].splitlines()
    assert table[2:4] == ["| bump | what | where | how often | examples |", "|---|---|---|---|---|"]
    assert table[4].startswith(
        "| MAJOR | rows are gone without a retraction **(data loss)** | `articles` | 1 | `cambridgeshire"
    )


def test_diff_of_what_is_no_release_is_wrong_use(store: Path, folder: Path) -> None:
    for name, data in (("release.json", b"{}"), ("grades.parquet", b"x")):
        (folder / name).write_bytes(data)
        status, out, err = ran("diff", store, folder)
        assert (status, out, err.count("\n")) == (2, "", 1)


def test_diff_refuses_a_table_whose_keys_repeat(store: Path, folder: Path) -> None:
    forged(folder, "grades", lambda t: pa.concat_tables([t, t.slice(0, 1)]))
    with pytest.raises(UnsoundError, match="the primary key is empty or repeats"):
        load(folder)
    assert ran("diff", store, folder)[0] == 2


def test_texts_may_be_kept_in_other_ways(store: Path, folder: Path) -> None:
    """Other writers keep texts as long texts or dictionaries; the cells are the same."""
    for name in ("grades", "forces", "claims"):
        table = pq.read_table(folder / f"{name}.parquet")
        wide = (
            {pa.string(): pa.large_string()}
            if name == "grades"
            else {pa.string(): pa.dictionary(pa.int32(), pa.string())}
        )
        schema = pa.schema([(f.name, wide.get(f.type, f.type)) for f in table.schema])
        pq.write_table(table.cast(schema), folder / f"{name}.parquet", compression="snappy", row_group_size=2)
    sealed(folder)
    assert checked(folder) == []
    assert ran("diff", store, folder) == (0, "bump: NONE\n", "")


def test_the_limits_are_far_above_any_release() -> None:
    assert sums.MAX_TOTAL >= 2**32
    assert sums.MAX_FILES >= 1_000


@pytest.mark.parametrize("verb", ["verify", "diff"])
def test_nothing_heavy_is_imported(verb: str, store: Path) -> None:
    one, other = str(store / "0.1.0"), str(store / "0.2.0")
    arguments = [other, "--before", one] if verb == "verify" else [one, other]
    code = (
        "import sys; from jobs.__main__ import main; "
        f"status = main({[verb, *arguments]!r}); sys.stderr.write(' '.join([str(status), *sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stderr.splitlines()[-1].split()[0] == "0"
    assert not {"pandas", "pandera", "jobs.describe", "jobs.read", "distributed"} & set(done.stderr.split())
