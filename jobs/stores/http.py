"""Requests to a server that may fail at any moment. What fails is either refused for good, or unclear.

Unclear is everything from which does not follow whether a request was applied: no answer, half an answer, one that
cannot be understood, a fault of the server, a limit of requests. Reads are repeated then; before a write is repeated,
whoever asked for it looks whether it was applied.
"""

import contextlib
import email.utils
import http.client
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import IO, Any, Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec
import urllib3

from jobs.stores import StoreError

T = TypeVar("T")
AGENT: Final = "openpeel"
JSON: Final = "application/vnd.github+json"
BYTES: Final = "application/octet-stream"
MAX_JSON: Final = 2**27
_PART: Final = 2**16
_SPEED: Final = 100_000
"""Bytes a second below which a transfer counts as standing still."""
_NO_RETRY: Final = urllib3.Retry(
    total=None, connect=0, read=0, status=0, other=0, redirect=5, respect_retry_after_header=False
)
"""Only moved addresses are followed; the token goes to no other server than ours."""


class Patience(NamedTuple):
    """How often and how long to try, in seconds."""

    tries: int = 6
    first: float = 1.0
    """Before the second try; doubled from try to try."""
    timeout: float = 15.0
    longest: float = 120.0
    """That a server may ask to wait."""
    rivals: float = 20.0
    """For a run that may be publishing at the same time to see that its draft was taken from it."""


class UnclearError(Exception):
    """It is not known whether a request was applied. asked: the seconds that the server asks to wait."""

    def __init__(self, words: str, asked: float = 0.0) -> None:
        """The words are for people."""
        super().__init__(words)
        self.asked = asked


class RefusedError(StoreError):
    """The server understood a request and does not do it."""

    status: int = 0


class MissingError(RefusedError):
    """There is nothing at that address, or it is not shown to us."""


class Body(NamedTuple):
    """What is sent: bytes or an open file, its kind and size."""

    data: bytes | IO[bytes]
    kind: str
    size: int


class Server:
    """A server that is asked with a token, which is never shown: not in errors, not in what objects print."""

    def __init__(self, base: str, token: str, patience: Patience) -> None:
        """A server at an http(s) address. Raises StoreError where address or token cannot be."""
        address = urlsplit(base)
        if address.scheme not in ("http", "https") or not address.hostname or "@" in address.netloc:
            raise StoreError("GITHUB_API_URL is not the address of a server, such as https://api.github.com")
        if not re.fullmatch(r"[!-~]*", token):
            raise StoreError("GITHUB_TOKEN holds characters that no token has")
        self.base, self.patience, self._token = base.rstrip("/"), patience, _Secret(token)
        self._pool = urllib3.PoolManager(maxsize=1)

    @property
    def trusted(self) -> bool:
        """Whether there is a token to write with."""
        return bool(self._token.text)

    def read(self, path: str, kind: type[T]) -> T:
        """What stands at a path. Asked again where that is unclear.

        Raises MissingError, RefusedError, or StoreError where the server gives no clear answer.
        """
        return self.patiently(lambda: self.once("GET", self.base + path, kind))

    def patiently(self, attempt: Callable[[], T], look: Callable[[], T | None] = lambda: None) -> T:
        """Does something until it is done; where that is unclear it waits and looks before it tries again.

        look: what came of it if it was done after all, else None. Raises StoreError where it stays unclear.
        """
        for count in range(self.patience.tries):
            try:
                return attempt()
            except UnclearError as unclear:
                words = str(unclear)
                self._wait(count, unclear)
            done = look()
            if done is not None:
                return done
        raise StoreError(f"{words} ({self.patience.tries} times); what is done so far stays, run the same again")

    def once(self, method: str, url: str, kind: type[T], body: Body | None = None) -> T:
        """Asks once. Raises UnclearError, RefusedError, MissingError."""
        data = bytearray()
        for part in self._answer(method, url, JSON, body, body.size if body else 0):
            data += part
            if len(data) > MAX_JSON:
                raise UnclearError(f"{_place(url)} answers without an end")
        try:
            return msgspec.json.decode(bytes(data) or b"null", type=kind)
        except (msgspec.DecodeError, RecursionError):
            raise UnclearError(f"{_place(url)} gives an answer that cannot be understood") from None

    def download(self, url: str, size: int, file: IO[bytes], *, openly: bool = False) -> None:
        """Writes the bytes at an address into a file; openly: as anyone may, without the token.

        Raises UnclearError, RefusedError, MissingError.
        """
        file.writelines(self._answer("GET", url, BYTES, None, size, openly=openly))

    def _answer(
        self, method: str, url: str, accept: str, body: Body | None, size: int, *, openly: bool = False
    ) -> Iterator[bytes]:
        """The parts of a good answer. Raises UnclearError, RefusedError, MissingError."""
        headers = {"Accept": accept, "User-Agent": AGENT}
        if not openly:
            headers |= {"X-GitHub-Api-Version": "2022-11-28"}
            headers |= {"Authorization": f"Bearer {self._token.text}"} if self._token.text else {}
        if body:
            headers |= {"Content-Type": body.kind, "Content-Length": str(body.size)}
        seconds = self.patience.timeout
        timeout = urllib3.Timeout(connect=seconds, read=seconds + size / _SPEED)
        end = time.monotonic() + 4 * seconds + size / _SPEED
        retries: Any = _NO_RETRY if method == "GET" else False
        sent: dict[str, Any] = {"body": body.data} if body else {}
        try:
            answer = self._pool.request(
                method, url, headers=headers, timeout=timeout, retries=retries, preload_content=False, **sent
            )
            try:
                self._judge(answer, url, end)
                yield from _drained(answer, url, end)
            finally:
                answer.close()
        except (urllib3.exceptions.HTTPError, http.client.HTTPException, OSError, ValueError) as error:
            raise UnclearError(f"{_place(url)} does not answer ({_kind(error)})") from None

    def _judge(self, answer: urllib3.BaseHTTPResponse, url: str, end: float) -> None:
        """Raises what a bad answer means."""
        if 200 <= answer.status < 300:
            return
        said = self._words(b"".join(_drained(answer, url, end, 2**16)))
        words = f"{_place(url)} answers {answer.status}{': ' if said else ''}{said}"
        limited = answer.status == 429 or (answer.status == 403 and _limits(answer.headers, said))
        if limited or answer.status == 408 or answer.status >= 500:
            raise UnclearError(words, _asked(answer.headers))
        if answer.status == 401:
            words += " (is GITHUB_TOKEN right?)"
        elif answer.status in (301, 302, 307, 308):
            words += " (was the repository renamed?)"
        error = MissingError(words) if answer.status in (404, 410) else RefusedError(words)
        error.status = answer.status
        raise error

    def _words(self, data: bytes) -> str:
        """What the server says of a refusal, in one line that is fit to be printed."""
        try:
            said = msgspec.json.decode(data, type=_Refusal)
        except (msgspec.DecodeError, RecursionError):
            return ""
        errors = [error for error in said.errors if isinstance(error, dict)] if isinstance(said.errors, list) else []
        codes = [str(error.get("message") or error.get("code") or "") for error in errors]
        line = "; ".join(part for part in (said.message, *codes) if part)
        line = line.replace(self._token.text, "***") if self._token.text else line
        return "".join(c if c.isprintable() else " " for c in line)[:300]

    def _wait(self, count: int, unclear: UnclearError) -> None:
        """Waits before the next try. Raises StoreError where the server asks for more than we have patience for."""
        if unclear.asked > self.patience.longest:
            minutes = round(unclear.asked / 60)
            raise StoreError(f"{unclear}; it asks to wait {minutes:,} minutes: run the same again then")
        if count + 1 < self.patience.tries:
            time.sleep(max(unclear.asked, self.patience.first * 2**count))


class _Refusal(msgspec.Struct):
    message: str = ""
    errors: Any = None


class _Secret:
    """A text that is not shown where objects are."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "***"


def _drained(answer: urllib3.BaseHTTPResponse, url: str, end: float, most: int | None = None) -> Iterator[bytes]:
    """The parts of an answer, or of its beginning. Raises UnclearError where it takes too long."""
    size = 0
    while part := answer.read1(_PART):
        yield part
        size += len(part)
        if most is not None and size >= most:
            return
        if time.monotonic() > end:
            raise UnclearError(f"{_place(url)} answers too slowly")


def _limits(headers: Mapping[str, str], said: str) -> bool:
    """Whether a refusal is one for too many requests."""
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or "rate limit" in said.lower()


def _asked(headers: Mapping[str, str]) -> float:
    """The seconds that a server asks to wait, which it may also tell as a date."""
    after, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if re.fullmatch(r"[0-9]{1,9}", after):
        return float(after)
    with contextlib.suppress(ValueError, OverflowError):
        return max(0.0, email.utils.parsedate_to_datetime(after).timestamp() - time.time())
    if headers.get("x-ratelimit-remaining") == "0" and re.fullmatch(r"[0-9]{1,12}", reset):
        return max(0.0, float(reset) - time.time() + 1)
    return 0.0


def _place(url: str) -> str:
    """A server and path, without what may stand behind them."""
    address = urlsplit(url)
    return f"{address.hostname}{address.path}"


def _kind(error: Exception) -> str:
    """What went wrong, without addresses and headers."""
    reason = getattr(error, "reason", None)
    inner = reason if isinstance(reason, Exception) else error
    return re.sub(r"(?<!^)(?=[A-Z])", " ", type(inner).__name__.removesuffix("Error")).lower()
