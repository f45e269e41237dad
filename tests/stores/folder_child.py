"""Changes a folder store: `python folder_child.py STORE publish CANDIDATE BASE`, or `STORE yank VERSION REASON`."""

import os
import sys
from pathlib import Path

from jobs.stores.folder import FolderStore

store, verb, what, how = sys.argv[1:]
os.access("publishing begins", os.F_OK)  # a mark in the list of system calls
if verb == "publish":
    FolderStore(Path(store)).publish(Path(what), how or None)
else:
    FolderStore(Path(store)).yank(what, how)
