"""The workers of a Dask cluster as an executor; nothing needs to be on their disks but this program.

    dask scheduler & dask worker tcp://… &          in the environment that openpeel is installed in
    openpeel build --executor dask:tcp://…

Articles travel with the work, code lists once to each worker. What a lost worker had to do another does, and where none
is left, `jobs.spread` does it here.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any, Final, TypeVar

from jobs import WrongUseError
from jobs.kept.code import code_version
from jobs.lent import is_large

_Result = TypeVar("_Result")

PATIENCE: Final = 20
"""Seconds that a cluster has to answer, and to show a worker."""


def versions() -> str:
    """What a worker answers: a digest of its code and libraries."""
    return code_version()


def itself(data: bytes) -> bytes:
    """What a worker answers to hold data."""
    return data


class Cluster(Executor):
    """An executor over a `distributed.Client`."""

    near: Final = False
    """The workers may see other files than we do."""

    def __init__(self, client: Any) -> None:
        """client: of the cluster."""
        self._client = client
        self._sent: dict[bytes, Any] = {}
        self._waiting: dict[Any, Future[Any]] = {}
        self._over = Event()
        Thread(target=self._watch, daemon=True).start()

    def submit(self, fn: Callable[..., _Result], /, *args: Any, **kwargs: Any) -> Future[_Result]:
        """Gives the work to a worker; the future is cancelled where no worker is left."""
        future: Future[_Result] = Future()
        task = self._client.submit(fn, *map(self._shared, args), pure=False, **kwargs)
        self._waiting[task] = future
        task.add_done_callback(self._done)
        return future

    def _shared(self, argument: object) -> Any:
        if not is_large(argument):
            return argument
        if argument not in self._sent:
            # a task, not scattered data: what is scattered is lost for good with the worker that holds it
            self._sent[argument] = self._client.submit(itself, argument, pure=False)
        return self._sent[argument]

    def _done(self, task: Any) -> None:
        future = self._waiting.pop(task, None)
        if future is None or future.done():
            return
        try:
            future.set_result(task.result(timeout=PATIENCE))
        except Exception as error:
            future.set_exception(error)

    def _watch(self) -> None:
        """Gives up what is waited for when no worker has been there for a while."""
        alone = 0
        while not self._over.wait(1):
            alone = 0 if self._client.status == "running" and self._client.scheduler_info(-1)["workers"] else alone + 1
            if alone > PATIENCE:
                for task in list(self._waiting):
                    if future := self._waiting.pop(task, None):
                        future.set_exception(CancelledError("the cluster has no workers any more"))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Stops looking after the cluster."""
        self._over.set()


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor of the cluster with that scheduler, whose workers run the code that we do.

    Raises WrongUseError where there is no such cluster or its workers run something else.
    """
    try:
        from distributed import Client
    except ImportError:
        raise WrongUseError("a Dask cluster needs the library distributed: pip install openpeel[cluster]") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise WrongUseError(f"there is no Dask scheduler at {address} ({error})") from None
    with client:
        _prove(client, address)
        with Cluster(client) as executor:
            yield executor


def _prove(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        found = client.run(versions)
    except TimeoutError:
        raise WrongUseError(f"the Dask cluster at {address} has no workers") from None
    except Exception as error:
        raise WrongUseError(f"the workers of {address} cannot run openpeel ({error})") from None
    if other := sorted(worker for worker, version in found.items() if version != code_version()):
        message = f"the worker {other[0]} of {address} runs another version of openpeel or of its libraries"
        raise WrongUseError(message)
