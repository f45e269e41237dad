"""Work on many chunks -> its results in the order of the chunks, whoever does it and whatever becomes of them."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Final, TypeVar

AHEAD: Final = 32
"""Chunks that are on their way at the same time at most, so that neither they nor their results fill the memory."""

MANY: Final = 10_000
"""Rows from which on a table is worth a thread: to hand work to another one, and to wait for it, takes its time too."""

_Result = TypeVar("_Result")


def spread(
    executor: Executor | None,
    work: Callable[..., _Result],
    chunks: Iterable[Any],
    *rest: object,
    lost: Callable[[], object] = int,
) -> Iterator[_Result]:
    """What `work(chunk, *rest)` returns for each chunk; work is a pure function of its arguments.

    A chunk whose worker is lost is done in this process. So is one whose work failed: if the work is at fault and not
    the place, it fails here too, and says so. lost: called for each chunk that was to be done elsewhere and is not.
    """
    if executor is None:
        yield from (work(chunk, *rest) for chunk in chunks)
        return
    waiting: deque[tuple[Any, Future[_Result] | None]] = deque()
    for chunk in chunks:
        waiting.append((chunk, _submitted(executor, work, chunk, *rest)))
        if len(waiting) >= AHEAD:
            yield _result(*waiting.popleft(), lost, work, *rest)
    while waiting:
        yield _result(*waiting.popleft(), lost, work, *rest)


def _submitted(executor: Executor, work: Callable[..., _Result], *given: object) -> "Future[_Result] | None":
    try:
        return executor.submit(work, *given)
    except Exception:
        return None


def _result(
    chunk: object,
    future: "Future[_Result] | None",
    lost: Callable[[], object],
    work: Callable[..., _Result],
    *rest: object,
) -> _Result:
    if future is not None:
        try:
            return future.result()
        except Exception:  # noqa: S110
            pass
    lost()
    return work(chunk, *rest)


def threads(number: int, rows: int) -> Executor:
    """So many threads for work on tables of so many rows; few rows are worked on where the work is submitted."""
    return ThreadPoolExecutor(number) if rows >= MANY else _Here()


class _Here(Executor):
    """Does work at once, and fails at once."""

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> "Future[_Result]":
        done: Future[_Result] = Future()
        done.set_result(fn(*args, **kwargs))
        return done
