"""Publishes three small files: `python child.py TARGET WORD`."""

import os
import sys
from pathlib import Path

from jobs.staging import publish_folder

NAMES = ("grades.csv", f"{sys.argv[2]}.csv", "metrics.parquet")
CONTENTS: tuple[list[bytes], ...] = ([f"grade\n{sys.argv[2]}\n".encode()] * 1000, [], [sys.argv[2].encode()])

os.access("publishing begins", os.F_OK)  # a mark in the list of system calls
publish_folder(Path(sys.argv[1]), zip(NAMES, CONTENTS, strict=True))
