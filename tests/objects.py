"""A server that speaks S3, for tests: moto's, on this machine, with faults on demand."""

import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import pytest

SECRET: Final = "a-secret-that-nobody-prints"
BUCKET: Final = "peel"


Wanted = Callable[[int, str, dict[str, Any]], str]


class Bucket(NamedTuple):
    """A bucket of the server, which runs in this process, looked at without asking it."""

    backend: Any

    def put(self, files: Mapping[str, bytes]) -> None:
        """Puts objects there."""
        for name, data in files.items():
            self.backend.put_object(BUCKET, name, data)

    def remove(self, name: str) -> None:
        """Removes an object."""
        self.backend.delete_object(BUCKET, name)

    def held(self, under: str = "") -> dict[str, bytes]:
        """The objects under a prefix, by the rest of their names."""
        keys = self.backend.buckets[BUCKET].keys
        return {name.removeprefix(under): keys[name].value for name in sorted(keys) if name.startswith(under)}

    def restore(self, files: Mapping[str, bytes]) -> None:
        """Lets it hold exactly these objects."""
        before = self.held()
        for name in before.keys() - files.keys():
            self.remove(name)
        self.put({name: data for name, data in files.items() if before.get(name) != data})


@contextmanager
def serving() -> Iterator[str]:
    """A server; its address."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of moto and what it imports
        from moto.server import ThreadedMotoServer
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def bucket(url: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    """An empty bucket, found through the usual environment."""
    from moto.backends import get_backend

    environment = {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "somebody",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    get_backend("s3").reset()
    backend = get_backend("s3")["123456789012"]["aws"]
    backend.create_bucket(BUCKET, "us-east-1")
    return Bucket(backend)


class Strike:
    """Counts the requests of a run and lets some fail: just before the server gets them, or just after."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nothing is struck yet."""
        import s3fs

        self.begin()
        real: Callable[..., Any] = s3fs.S3FileSystem._call_s3

        async def call(system: Any, method: str, *arguments: Any, **named: Any) -> Any:
            number = len(self.made)
            self.made.append(method)
            struck = self._wanted(number, method, named)
            if struck and not (self._after and struck == "first"):
                raise OSError(5, "struck")
            if not self._strict:
                named.pop("IfNoneMatch", None)
            answer = await real(system, method, *arguments, **named)
            if struck:
                raise OSError(5, "struck")
            return answer

        monkeypatch.setattr(s3fs.S3FileSystem, "_call_s3", call)

    def begin(self, at: int = -1, *, after: bool = False) -> None:
        """Counts from nothing; the request with this index fails, and so do all that follow."""
        self.made: list[str] = []
        self._after, self._strict = after, True
        self._wanted: Wanted = lambda number, method, named: (
            "first" if number == at else "rest" if 0 <= at < number else ""
        )

    def only(self, which: Callable[[str, dict[str, Any]], bool], *, after: bool) -> None:
        """The first request of a kind fails, all others do not."""
        left = [which]
        self.begin(after=after)

        def wanted(number: int, method: str, named: dict[str, Any]) -> str:
            if not left or not left[0](method, named):
                return ""
            left.clear()
            return "first"

        self._wanted = wanted

    def careless(self) -> None:
        """The server no longer keeps to conditions."""
        self._strict = False
