"""A small web server for tests, on a port of its own, as a context."""

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Request(NamedTuple):
    """What a client asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Answer(NamedTuple):
    """What it is answered; headers in addition to the length."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


@contextlib.contextmanager
def serving(answer: Callable[[Request], Answer | None]) -> Iterator[str]:
    """The address of a server that answers by this function; None closes the connection without a word."""

    class Handler(BaseHTTPRequestHandler):
        """Hands requests on."""

        def handle_any(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            request = Request(self.command, self.path, dict(self.headers), self.rfile.read(length))
            made = answer(request)
            self.close_connection = True
            if made is None:
                return
            self.send_response(made.status)
            for name, value in (*made.headers, ("Content-Length", str(len(made.body)))):
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(made.body)

        do_GET = do_HEAD = do_POST = do_PATCH = handle_any  # noqa: N815

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
