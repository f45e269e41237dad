"""openpeel site: the releases of a store -> a folder of permanent addresses, as GitHub Pages serves it.

`/v1.4.2/` is a release for good; `/v1.4/`, `/v1/` and `/latest/` are the newest of theirs that is not withdrawn.
"""

import argparse
import html
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from jobs import WrongUseError
from jobs.verbs import say
from jobs.verbs.common import add_store, counted

INDEX: Final = "index.html"
YANKED: Final = "YANKED.txt"
_PAGE: Final = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>body {{ font: 1rem/1.5 sans-serif; margin: 2rem auto; max-width: 44rem; padding: 0 1rem }}</style>
<h1>{title}</h1>
{body}
</html>
"""


class Release(NamedTuple):
    """A release as the site shows it: why it is withdrawn (empty if it is not), its day, its files in a folder."""

    version: str
    yanked: str
    date: str
    folder: Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_store(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to; a new or an empty folder")


def run(arguments: argparse.Namespace) -> int:
    """Lays out all releases, or nothing; 0. Raises WrongUseError where the target holds something."""
    from jobs.releases.readers import day_of
    from jobs.staging import staged, sweep
    from jobs.stores import open_store

    store = open_store(arguments.store)
    out: Path = arguments.out.absolute()
    _refuse(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    sweep(out.parent)
    with staged(out.parent) as beside:
        releases = []
        for stored in store.versions():
            folder = beside / "releases" / stored.version
            folder.mkdir(parents=True)
            store.fetch(stored.version, folder)
            releases.append(Release(stored.version, stored.yanked, day_of(folder), folder))
        site = beside / "site"
        _lay_out(site, releases)
        _refuse(out)  # again: downloading took its time
        size = sum(path.stat().st_size for path in site.rglob("*") if path.is_file())
        site.replace(out)
    say(f"{counted(len(releases), 'release')}, {size / 1e6:,.1f} MB -> {arguments.out}")
    return 0


def _refuse(out: Path) -> None:
    if out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir()))):
        raise WrongUseError(f"{out} is not an empty folder; name another one")


def places(releases: Sequence[Release]) -> dict[str, Release | None]:
    """What stands at each address, from releases oldest first; None where all that ever stood there are withdrawn."""
    found: dict[str, Release | None] = {}
    for release in releases:
        major, minor, _ = release.version.split(".")
        for name in ("latest", f"v{major}", f"v{major}.{minor}"):
            found[name] = found.get(name) if release.yanked else release
    return found | {f"v{release.version}": release for release in releases}


def _lay_out(site: Path, releases: Sequence[Release]) -> None:
    """Writes the site, with the same bytes and rights for the same releases."""
    addresses = places(releases)
    _folder(site)
    for name, release in addresses.items():
        _folder(site / name)
        if release is None:
            _write(site / name / YANKED, "Every release that stood here is withdrawn. Those that are not: ../\n")
        else:
            for path in sorted(release.folder.iterdir()):
                shutil.copyfile(path, site / name / path.name)
                (site / name / path.name).chmod(0o644)
            if release.yanked:
                _write(site / name / YANKED, f"Release {release.version} is not to be used: {release.yanked}\n")
        if not (site / name / INDEX).exists():
            files = sorted(path.name for path in (site / name).iterdir())
            _write(site / name / INDEX, _file_page(name, release, files))
    _write(site / INDEX, _version_page(addresses, releases))


def _folder(path: Path) -> None:
    path.mkdir()
    path.chmod(0o755)


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())
    path.chmod(0o644)


def _file_page(name: str, release: Release | None, files: Sequence[str]) -> str:
    """What a browser shows of a folder without a page of its own."""
    title = f"Open PEEL {release.version}, {release.date}" if release else f"Open PEEL {name}"
    said = (
        f"<p><strong>Not to be used: {html.escape(release.yanked)}</strong></p>" if release and release.yanked else ""
    )
    links = "\n".join(f'<li><a href="{html.escape(file)}">{html.escape(file)}</a></li>' for file in files)
    return _PAGE.format(
        title=html.escape(title), body=f'{said}<p><a href="../">All releases</a></p>\n<ul>\n{links}\n</ul>'
    )


def _version_page(addresses: Mapping[str, Release | None], releases: Sequence[Release]) -> str:
    """All releases, newest first, and the addresses that move with them."""
    return _PAGE.format(title="Open PEEL: releases", body="\n".join(_version_lines(addresses, releases)))


def _version_lines(addresses: Mapping[str, Release | None], releases: Sequence[Release]) -> Iterator[str]:
    own = {f"v{release.version}" for release in releases}
    moving = [name for name in addresses if name not in own]
    yield "<p>These addresses are permanent. Those of a full version always hold the same files.</p>"
    yield "<h2>Newest of each line</h2>\n<ul>"
    for name in ["latest"][: len(moving)] + sorted((set(moving) - {"latest"}), key=_number, reverse=True):
        release = addresses[name]
        yield f'<li><a href="{name}/">{name}</a>: {release.version if release else "withdrawn"}</li>'
    yield "</ul>\n<h2>All releases</h2>\n<ul>"
    for release in reversed(releases):
        note = f" – <strong>not to be used: {html.escape(release.yanked)}</strong>" if release.yanked else ""
        yield f'<li><a href="v{release.version}/">{release.version}</a>, {html.escape(release.date)}{note}</li>'
    yield "</ul>"


def _number(name: str) -> list[int]:
    return [int(part) for part in name.removeprefix("v").split(".")]
