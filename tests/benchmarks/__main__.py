"""`python -m tests.benchmarks`: makes corpora, runs everything in turns, prints ratios and which targets are met.

Exit status: 0 if every target is met, 1 if one is missed, 3 if a command that is measured fails.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .candidates import at_rest, at_size, corpora
from .measure import FailedError
from .report import as_text, machine


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "--articles", type=int, nargs="+", default=[2_000, 20_000], metavar="N", help="sizes (default: 2000 20000)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the corpora (default: 1)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each command, in turns (default: 3)")
    parser.add_argument("--flawed", action="store_true", help="measure `check` on bad data as well")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all numbers there, too")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="leave the corpora there; those that are there are used"
    )
    return parser.parse_args(arguments)


def main(arguments: Sequence[str]) -> int:
    """Measures and reports."""
    options = _arguments(arguments)
    with tempfile.TemporaryDirectory() as aside:
        keep = options.keep or Path(aside)
        try:
            tables = [at_rest(max(options.rounds, 5))]
            for articles in options.articles:
                folders = corpora(keep, articles, options.seed, options.flawed)
                tables.append(at_size(articles, folders, options.rounds))
        except FailedError as error:
            print(f"cannot be measured: {error}", file=sys.stderr)
            return 3
    print("\n\n".join([machine(), *map(as_text, tables)]))
    if options.json:
        content = {"machine": machine(), "seed": options.seed, "tables": [table._asdict() for table in tables]}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0 if all(target.met for table in tables for target in table.targets) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
