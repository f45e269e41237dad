"""openpeel pin: where in the articles' texts the words of each fact stand, kept beside the facts."""

import argparse
import os
from pathlib import Path

from jobs.verbs import say
from jobs.verbs.common import (
    add_format,
    add_sources,
    add_texts,
    counted,
    print_problems,
    read_lists_of,
    texts_folder,
    today,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_texts(parser, required=True)
    add_sources(parser, here=True)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    """Writes the pins of every article that has no problem; 1 if others have. Raises WrongUseError without texts."""
    from jobs.pinning import pin_articles

    texts = texts_folder(arguments.texts)
    sources, lists, problems = read_lists_of(arguments.sources)
    folder = Path(arguments.sources) / "evidence"
    if not lists.rows or any(p.path == str(folder) for p in problems):
        print_problems(problems, arguments.format)
        return 1
    pinned = pin_articles(sources, lists, today(), texts)
    left = {Path(p.path).stem for p in problems if p.code == "left-over-pins"}
    problems = sorted([*(p for p in problems if p.code != "left-over-pins"), *pinned.problems])
    faulty = {Path(p.path).stem for p in problems if Path(p.path).parent.name == "articles"}
    files = {name: data for name, data in pinned.files.items() if name not in faulty}
    changed = _write(folder, files)
    _remove(folder, {*pinned.without, *(name for name in left if not _article(folder, name))} - faulty)
    print_problems(problems, arguments.format)
    if arguments.format == "text":
        said = f"{counted(len(problems), 'problem')}, " if problems else ""
        say(f"{said}{counted(len(files), 'article')} pinned, {changed} of them anew")
    return 1 if problems else 0


def _article(folder: Path, name: str) -> bool:
    """Whether there is an article of that name, whatever it is like."""
    return os.path.lexists(folder.parent / "articles" / f"{name}.yaml")


def _write(folder: Path, files: dict[str, bytes]) -> int:
    """Writes the pins that changed; how many these are."""
    from jobs.staging import write_file

    changed = 0
    for name, data in files.items():
        path = folder / f"{name}.json"
        if path.is_symlink() or not path.is_file() or path.read_bytes() != data:
            write_file(path, data)
            changed += 1
    return changed


def _remove(folder: Path, names: set[str]) -> None:
    for name in sorted(names):
        path = folder / f"{name}.json"
        path.unlink(missing_ok=True)
        say(f"{path} removed: these are the pins of no article whose text is held")
