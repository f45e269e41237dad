"""Things made in parts, several at the same time and ahead of whoever takes them, in their order and without a pile."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import Full, Queue
from threading import Event
from typing import Final, Generic, TypeVar

AT_ONCE: Final = 2
"""Things in the making; more would hold more of them in memory."""
AHEAD: Final = 2**27
"""Bytes of a thing that wait at most for whoever takes them, but for the last part of them."""
_LOOK: Final = 0.1
"""Seconds after which somebody who waits for room looks whether it is still wanted."""

_Part = TypeVar("_Part", bound=bytes | memoryview)
_Name = TypeVar("_Name")


class _End:
    """Stands after the last part, with what went wrong if anything did."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Waiting(Queue["_Part | _End"]):
    """Parts that wait, of which there is room for so many bytes; each counts for one more than it has."""

    def _init(self, maxsize: int) -> None:
        super()._init(maxsize)
        self._size = 0

    def _qsize(self) -> int:
        return self._size

    def _put(self, item: "_Part | _End") -> None:
        super()._put(item)
        self._size += _size(item)

    def _get(self) -> "_Part | _End":
        item: _Part | _End = super()._get()
        self._size -= _size(item)
        return item


def _size(part: bytes | memoryview | _End) -> int:
    return 1 + (0 if isinstance(part, _End) else memoryview(part).nbytes)


class Stream(Generic[_Part]):
    """The parts of one thing, on their way from the thread that makes them to the one that takes them."""

    def __init__(self, make: Callable[[], Iterable[_Part]], unwanted: Event) -> None:
        """unwanted: set when nobody takes any parts any more."""
        self._make, self._unwanted = make, unwanted
        self._waiting: _Waiting[_Part] = _Waiting(AHEAD)

    def run(self) -> None:
        """Makes the parts; what goes wrong goes to whoever takes them."""
        try:
            for part in self._make():
                if not self._put(part):
                    return
        except BaseException as error:
            self._put(_End(error))
        else:
            self._put(_End(None))

    def _put(self, part: "_Part | _End") -> bool:
        """Hands on a part as soon as there is room for it; false where nobody wants it."""
        while not self._unwanted.is_set():
            try:
                self._waiting.put(part, timeout=_LOOK)
            except Full:
                continue
            return True
        return False

    def taken(self) -> Iterator[_Part]:
        """The parts, each as soon as it is there. Raises what went wrong in the making."""
        while not isinstance(part := self._waiting.get(), _End):
            yield part
        error = part.error
        try:
            if error is not None:
                raise error
        finally:
            del part, error  # or they and the frames that an error knows hold each other


def ahead(
    things: Iterable[tuple[_Name, Callable[[], Iterable[_Part]]]],
) -> Generator[tuple[_Name, Iterator[_Part]], None, None]:
    """Names and parts of things, given their names and what makes their parts.

    The parts of a thing that nobody has taken when the next one is asked for are passed over. To be closed by whoever
    does not take all of them: somebody else still makes more.
    """
    unwanted, waiting = Event(), deque[tuple[_Name, Stream[_Part]]]()
    with ThreadPoolExecutor(AT_ONCE) as threads:
        try:
            for name, make in things:
                stream = Stream(make, unwanted)
                threads.submit(stream.run)
                waiting.append((name, stream))
                if len(waiting) > AT_ONCE:
                    yield from _next(waiting)
            while waiting:
                yield from _next(waiting)
        finally:
            unwanted.set()
            threads.shutdown(wait=False, cancel_futures=True)


def _next(waiting: "deque[tuple[_Name, Stream[_Part]]]") -> Iterator[tuple[_Name, Iterator[_Part]]]:
    name, stream = waiting.popleft()
    parts = stream.taken()
    yield name, parts
    for _ in parts:  # what was left
        pass
