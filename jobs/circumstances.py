"""Of when and of what a build is: never of the clock, so that the same sources give the same release."""

import datetime as dt
import hashlib
import os
import subprocess
from pathlib import Path
from typing import Final

from jobs import WrongUseError
from jobs.addresses import Address

_HOOKS: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


def epoch_date() -> str:
    """The day of `SOURCE_DATE_EPOCH` as YYYY-MM-DD; empty if it is not set. Raises WrongUseError if it is no number."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return ""
    try:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError):
        raise WrongUseError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds since 1970") from None


def commit_of(folder: Path | Address) -> tuple[str | None, str]:
    """The commit of a folder of sources and its day; (None, "") where there is none or something is not committed.

    Nobody knows the commit of what stands at an address.
    """
    if isinstance(folder, Address):
        return None, ""
    known = _git(folder, "ls-files", "--", ".")
    status = _git(folder, "status", "--porcelain", "--untracked-files=all", "--", ".")
    shown = _git(folder, "log", "-1", "--format=%H %ct")
    if not known or status != "" or not shown:
        return None, ""
    commit, _, seconds = shown.partition(" ")
    return commit, dt.datetime.fromtimestamp(int(seconds), dt.UTC).date().isoformat()


def lock_digest(folder: Path | Address) -> str | None:
    """The sha256 of the lock file beside a folder of sources; None where there is none, or none on this machine."""
    if isinstance(folder, Address):
        return None
    try:
        return hashlib.sha256((folder.parent / "requirements.lock").read_bytes()).hexdigest()
    except OSError:
        return None


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints of a folder, whatever the settings of its user and of a hook that runs this; None if nothing."""
    environment = {name: value for name, value in os.environ.items() if name not in _HOOKS}
    try:
        run = subprocess.run(  # noqa: S603
            ["git", "--no-optional-locks", "-C", str(folder), "-c", "log.showSignature=false", *arguments],  # noqa: S607
            env=environment,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=60,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return run.stdout.strip() if run.returncode == 0 else None
