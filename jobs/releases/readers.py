"""What readers of a release get: its day, and what answers at addresses, asked a few at a time and within bounds."""

import hashlib
import json
import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import urllib3

DEAD: Final = (404, 410)
"""The answers that say that there is nothing (any more); all others may be a matter of the hour or of who asks."""
_WORKERS: Final = 6
_TOGETHER: Final = 300.0
"""Seconds for all addresses together; a single one has some twenty."""
_RETRIES: Final = urllib3.Retry(total=None, connect=0, read=0, redirect=5, status=0, other=0, raise_on_status=False)


def day_of(folder: Path) -> str:
    """The day of a release as its `release.json` tells it, whatever else that tells; empty if it does not."""
    try:
        day = json.loads((folder / "release.json").read_bytes())["date"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""
    return day if isinstance(day, str) else ""


def asked(
    addresses: Sequence[str], ask: "Callable[[str], int | None] | None" = None, seconds: float = _TOGETHER
) -> dict[str, int | None]:
    """The answers of addresses (see `status`). Those that take too long together are missing."""
    ask = ask or status
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
    for address in addresses:
        waiting.put(address)
    answers: dict[str, int | None] = {}
    end = time.monotonic() + seconds

    def work() -> None:
        while time.monotonic() < end:
            try:
                address = waiting.get_nowait()
            except queue.Empty:
                return
            answers[address] = ask(address)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(min(_WORKERS, len(addresses)))]
    for thread in threads:
        thread.start()
    for thread in threads:  # one that never ends dies with the process
        thread.join(max(0.0, end - time.monotonic()))
    return dict(answers)


def status(address: str) -> int | None:
    """The status after all redirections; None for trouble on the way. Where HEAD fails, GET has the last word."""
    answer = _status(address, "HEAD")
    return answer if answer is not None and answer < 400 else _status(address, "GET")


def _status(address: str, method: str) -> int | None:
    """The body is not read. Each question is a connection of its own."""
    try:
        with _pool() as pool:
            response = pool.request(method, address, preload_content=False)
            response.close()
            return response.status
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return None


def digest(address: str, limit: int) -> tuple[int | None, str]:
    """The status and the sha256 of what is at an address; None for trouble on the way, "" past the limit of bytes."""
    found, size = hashlib.sha256(), 0
    try:
        with _pool() as pool:
            response = pool.request("GET", address, preload_content=False)
            try:
                for part in response.stream(1 << 18):
                    size += len(part)
                    if size > limit:
                        return response.status, ""
                    found.update(part)
            finally:
                response.close()
            return response.status, found.hexdigest()
    except (urllib3.exceptions.HTTPError, OSError, ValueError):
        return None, ""


def _pool() -> urllib3.PoolManager:
    return urllib3.PoolManager(
        retries=_RETRIES, timeout=urllib3.Timeout(connect=10, read=10), headers={"User-Agent": "openpeel-watch"}
    )
