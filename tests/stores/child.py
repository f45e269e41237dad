"""Runs that can be killed: reads `URL FOLDER BASE` lines, and publishes each in a process of its own.

Says the process id before and the exit status after each. (A fork of a warm process, so that hundreds are quick.)
"""

import os
import sys
from pathlib import Path

from jobs.stores import StoreError
from tests.stores import github


def publish(url: str, folder: str, base: str) -> int:
    """0 if published, 2 if the store refused."""
    try:
        github(url).publish(Path(folder), base or None)
    except StoreError:
        return 2
    return 0


def main() -> None:
    """One line after the other."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(publish(*line.rstrip("\n").split("\t")))
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
