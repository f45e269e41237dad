"""`python -m tests.benchmarks`: makes corpora, runs everything in turns, prints ratios and which targets are met.

Exit status: 0 if every target is met, 1 if one is missed, 3 if a command that is measured fails.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

from .candidates import LARGEST, at_rest, at_size, corpora
from .growth import draw, growth
from .measure import FailedError
from .releases import of_releases
from .report import Row, Table, as_text, machine
from .rivals import of_peers


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    words = "sizes (default: 2000 20000; 200000 takes an hour)"
    parser.add_argument("--articles", type=int, nargs="+", default=[2_000, 20_000], metavar="N", help=words)
    parser.add_argument("--seed", type=int, default=1, help="of the corpora (default: 1)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each command, in turns (default: 3)")
    parser.add_argument("--flawed", action="store_true", help="measure `check` on bad data as well")
    parser.add_argument("--releases", action="store_true", help="measure every format, `diff` and `verify` as well")
    words = "measure peers as well; the Python of an environment made from tests/benchmarks/peers.lock, or here"
    parser.add_argument("--peers", metavar="PYTHON", help=words)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there, too")
    parser.add_argument("--draw", type=Path, metavar="FILE", help="draw how cost grows with the articles, as SVG")
    words = "leave the corpora there; those that are there are used"
    parser.add_argument("--keep", type=Path, metavar="DIR", help=words)
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Measures and reports."""
    options = _arguments(arguments)
    with tempfile.TemporaryDirectory() as aside:
        try:
            tables = _tables(options, options.keep or Path(aside))
        except FailedError as error:
            print(f"cannot be measured: {error}", file=sys.stderr)
            return 3
    print("\n\n".join([machine(), *map(as_text, tables)]))
    if options.json:
        content = {"machine": machine(), "seed": options.seed, "tables": [table._asdict() for table in tables]}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0 if all(target.met for table in tables for target in table.targets) else 1


def _tables(options: argparse.Namespace, keep: Path) -> list[Table]:
    tables = [at_rest(max(options.rounds, 5))]
    rows: dict[int, list[Row]] = {}
    for articles in options.articles:
        folders = corpora(keep, articles, options.seed, options.flawed)
        tables.append(at_size(articles, folders, options.rounds))
        rows[articles] = tables[-1].rows
        out = folders["none"].with_name(f"{folders['none'].name}-out")
        if options.peers is not None:
            count = sum(pq.read_metadata(path).num_rows for path in out.glob("*.parquet"))
            stages = [part for part in tables[-1].parts if part.of == "stage"]
            python = "" if options.peers == "here" else options.peers
            tables.append(of_peers(out, stages, count, python, options.rounds))
        if options.releases and articles < LARGEST:
            tables.append(of_releases(articles, folders["none"], options.rounds))
    if len(rows) > 1:
        tables.append(growth(rows))
    if options.draw:
        draw(rows, options.draw)
    return tables


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
