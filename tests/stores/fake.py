"""A server that speaks GitHub's interface to releases, watches what happens to them, and fails where it is told to."""

import contextlib
import hashlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qs, urlsplit

from tests.stores import REPOSITORY, TOKEN, Files

KINDS: Final = ("500", "reset", "timeout", "garbage", "other", "half", "429", "403")
"""Ways in which any request can fail, before or after it is applied."""
_PAGE: Final = 5
_ROOT: Final = f"/repos/{REPOSITORY}/releases"
_FILES: Final = f"/{REPOSITORY}/releases/download/"


class Fault(NamedTuple):
    """What happens to a request: a way to fail, after the request was applied or before."""

    kind: str
    after: bool


class Reply(NamedTuple):
    status: int
    data: Any = None
    headers: dict[str, str] = {}  # noqa: RUF012  (never changed)


class Fake:
    """The releases of one repository, and what was done to them that never may be."""

    def __init__(self, *, digests: bool = True, downloads: bool = True) -> None:
        self.digests = digests
        self.downloads = downloads
        """Whether files say where anyone gets them."""
        self.releases: dict[int, dict[str, Any]] = {}
        self.blobs: dict[int, bytes] = {}
        self.pointer: int | None = None
        self.whole: dict[str, list[Files]] = {}
        """Tag -> what a public release of that tag may hold."""
        self.wrong: list[str] = []
        self.requests: list[str] = []
        self.made = 0
        """Releases and drafts that were made on request."""
        self.lag = False
        """Whether lists show releases as they were before the last change."""
        self._before: dict[int, str] = {}
        self._now: dict[int, str] = {}
        self.limits: list[dict[str, str]] = []
        """Headers of refusals for too many requests that are due."""
        self.plan: Callable[[int, str], Fault | None] = lambda number, request: None
        self.kill: Callable[[], None] = lambda: None
        self.url = self.storage = ""
        self.lock = threading.RLock()
        self._late: list[tuple[int, Callable[[], Reply]]] = []
        self._public: set[int] = set()
        self._strange: dict[int, str] = {}
        self._next = 100

    def add(self, tag: str, files: Files, *, draft: bool = False, body: str = "", strange: bool = False) -> int:
        """A release that is there already."""
        release = self._create({"tag_name": tag, "draft": draft, "body": body})
        for name, data in files.items():
            self.keep(release["id"], name, data, "uploaded")
        if strange:
            self._strange[release["id"]] = json.dumps(release)
        elif not draft:
            self.whole.setdefault(tag, []).append(files)
        self._watch()
        return int(release["id"])

    def public(self, tag: str) -> list[Files]:
        """The files of each public release with a tag."""
        return [self.files(r["id"]) for r in self.releases.values() if r["tag_name"] == tag and not r["draft"]]

    def drafts(self) -> list[str]:
        """The tags of the drafts that no stranger has made."""
        return [r["tag_name"] for r in self.releases.values() if r["draft"] and r["id"] not in self._strange]

    def latest(self) -> str | None:
        """The tag of the latest release."""
        return self.releases[self.pointer]["tag_name"] if self.pointer else None

    def files(self, release: int) -> Files:
        return {asset["name"]: self.blobs[asset["id"]] for asset in self.releases[release]["assets"]}

    def shown(self, release: int) -> dict[str, Any]:
        """A release as it is answered."""
        made = self.releases[release]
        upload = f"{self.url}/uploads{_ROOT}/{release}/assets{{?name,label}}"
        return made | {"assets": [self._asset(asset, made) for asset in made["assets"]], "upload_url": upload}

    def answer(self, handler: "Handler") -> None:
        """Takes a request, applies it or not, and answers or not."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        request = f"{handler.command} {handler.path}"
        with self.lock:
            number = len(self.requests)
            self.requests.append(request)
            fault = self._fault(number, request)
            self._arrive(number)

            def apply() -> Reply:
                reply = self._apply(handler.command, handler.path, body, handler.headers.get("Authorization"))
                self._watch()
                return reply

            if fault and fault.kind == "late":
                self._late.append((number + 2, apply))
            reply = None
            if fault and fault.kind in ("starter", "corrupt"):
                reply = self._badly(handler.path, body, fault.kind)
            elif not fault or (fault.after and fault.kind != "late"):
                reply = apply()
        if self.limits:
            handler.reply(Reply(429, {"message": "slow down"}, self.limits.pop()))
        elif fault and fault.kind != "corrupt":
            self._misbehave(handler, fault.kind)
        elif reply:
            handler.reply(reply)

    def _fault(self, number: int, request: str) -> Fault | None:
        fault = self.plan(number, request)
        fits = not fault or fault.kind not in ("starter", "corrupt") or request.startswith("POST /uploads")
        return fault if fits else None

    def _arrive(self, number: int) -> None:
        """Applies what was on its way for long enough."""
        for due, late in list(self._late):
            if number >= due:
                self._late.remove((due, late))
                late()

    def _misbehave(self, handler: "Handler", kind: str) -> None:
        if kind == "timeout":
            time.sleep(0.4)
        if kind == "kill":
            self.kill()
        replies = {
            "500": Reply(502, b"<html>Bad gateway</html>"),
            "starter": Reply(502, b"<html>Bad gateway</html>"),
            "garbage": Reply(200, b"<html>\xff hello"),
            "other": Reply(200, {"ok": True, "id": "1"}),
            "429": Reply(429, {"message": "slow down"}, {"Retry-After": "0"}),
            "403": Reply(
                403,
                {"message": "limit"},
                {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) - 1)},
            ),
        }
        if kind in replies:
            handler.reply(replies[kind])
            return
        if kind == "half":
            handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n{"id": 1, "tag_na')
        handler.hang_up()

    def _apply(self, method: str, path: str, body: bytes, token: str | None) -> Reply:
        address = urlsplit(path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        trusted = token == f"Bearer {TOKEN}"
        if token and not trusted:
            return Reply(401, {"message": f"Bad credentials: {token}"})
        if method != "GET" and not trusted:
            return Reply(403, {"message": "Resource not accessible by integration"})
        place = address.path.removeprefix("/uploads")
        if not place.startswith(_ROOT):
            return self._openly(place, token)
        rest = place.removeprefix(_ROOT).strip("/")
        if rest == "":
            return self._list(query, trusted) if method == "GET" else self._made(json.loads(body))
        if rest == "latest":
            return Reply(200, self.shown(self.pointer)) if self.pointer else Reply(404, {"message": "Not Found"})
        found = re.fullmatch(r"(assets/)?(\d+)(/assets)?", rest)
        if not found:
            return Reply(404, {"message": "Not Found"})
        if found[1]:
            return self._on_asset(method, int(found[2]))
        release = self.releases.get(int(found[2]))
        if release is None or (release["draft"] and not trusted):
            return Reply(404, {"message": "Not Found"})
        if found[3]:
            return self._assets(method, release, query, body)
        return self._on_release(method, release, body)

    def _page(self, entries: list[Any], query: dict[str, str]) -> Reply:
        size, page = min(_PAGE, int(query.get("per_page", 30))), int(query.get("page", 1))
        return Reply(200, entries[(page - 1) * size : page * size])

    def _list(self, query: dict[str, str], trusted: bool) -> Reply:
        releases = {r["id"]: self.shown(r["id"]) for r in self.releases.values()}
        if self.lag:
            releases = {release: json.loads(text) for release, text in self._before.items()}
        seen = [release for release in releases if trusted or not releases[release]["draft"]]
        return self._page([releases[release] for release in sorted(seen, reverse=True)], query)

    def _create(self, fields: dict[str, Any]) -> dict[str, Any]:
        self._next += 1
        made = {"id": self._next, "assets": [], "body": None, "name": None, "draft": False, "prerelease": False}
        self.releases[self._next] = made | {k: v for k, v in fields.items() if k != "make_latest"}
        if not made["draft"] and not fields.get("draft") and fields.get("make_latest", "true") == "true":
            self.pointer = self._next
        return self.releases[self._next]

    def _made(self, fields: dict[str, Any]) -> Reply:
        if not fields.get("draft") and self._taken(fields["tag_name"], 0):
            return Reply(422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]})
        self.made += 1
        return Reply(201, self.shown(self._create(fields)["id"]))

    def _taken(self, tag: str, but: int) -> bool:
        return any(r["tag_name"] == tag and not r["draft"] and r["id"] != but for r in self.releases.values())

    def _on_release(self, method: str, release: dict[str, Any], body: bytes) -> Reply:
        if method == "DELETE":
            del self.releases[release["id"]]
            return Reply(204)
        if method == "PATCH":
            fields = json.loads(body)
            latest = fields.pop("make_latest", None)
            becomes = release["draft"] and fields.get("draft") is False
            tag = fields.get("tag_name")
            if tag is None:
                self.wrong.append("a PATCH without tag_name")
            if (becomes or not release["draft"]) and self._taken(tag, release["id"]):
                return Reply(422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]})
            release.update(fields)
            if latest == "true" or (becomes and latest is None):
                self.pointer = release["id"]
            elif latest == "false" and self.pointer == release["id"]:
                self.pointer = None
        return Reply(200, self.shown(release["id"]))

    def _assets(self, method: str, release: dict[str, Any], query: dict[str, str], body: bytes) -> Reply:
        if method == "GET":
            return self._page([self._asset(asset, release) for asset in release["assets"]], query)
        if any(asset["name"] == query["name"] for asset in release["assets"]):
            return Reply(422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]})
        if not release["draft"]:
            self.wrong.append("an upload to a public release")
        return Reply(201, self._asset(self.keep(release["id"], query["name"], body, "uploaded"), release))

    def keep(self, release: int, name: str, data: bytes, state: str) -> dict[str, Any]:
        self._next += 1
        self.blobs[self._next] = data
        asset = {"id": self._next, "name": name, "state": state}
        self.releases[release]["assets"].append(asset)
        return asset

    def _asset(self, asset: dict[str, Any], release: dict[str, Any]) -> dict[str, Any]:
        data = self.blobs[asset["id"]]
        digest = f"sha256:{hashlib.sha256(data).hexdigest()}" if self.digests else None
        address = f"{self.url}{_FILES}{release['tag_name']}/{asset['name']}"
        more = {"browser_download_url": address} if self.downloads else {}
        return asset | {"size": len(data), "digest": digest} | more

    def _openly(self, place: str, token: str | None) -> Reply:
        """A file as anyone gets it, if its release is public."""
        if token:
            self.wrong.append("the token was sent where none is needed")
        tag, _, name = place.removeprefix(_FILES).partition("/")
        for release in self.releases.values():
            for asset in release["assets"]:
                if (release["tag_name"], release["draft"], asset["name"]) == (tag, False, name):
                    return Reply(302, None, {"Location": f"{self.storage}/stored/{asset['id']}?signed=1"})
        return Reply(404, b"Not Found")

    def _on_asset(self, method: str, asset: int) -> Reply:
        for release in self.releases.values():
            for there in release["assets"]:
                if there["id"] == asset:
                    if method == "DELETE":
                        if not release["draft"]:
                            self.wrong.append("a file of a public release was deleted")
                        release["assets"].remove(there)
                        return Reply(204)
                    return Reply(302, None, {"Location": f"{self.storage}/stored/{asset}?signed=1"})
        return Reply(404, {"message": "Not Found"})

    def _badly(self, path: str, body: bytes, kind: str) -> Reply | None:
        """An upload of which only the beginning arrives, or other bytes."""
        address = urlsplit(path)
        name, release = parse_qs(address.query)["name"][0], int(address.path.split("/")[-2])
        if any(asset["name"] == name for asset in self.releases[release]["assets"]):
            return Reply(422, {"message": "Validation Failed", "errors": [{"code": "already_exists"}]})
        if kind == "starter":
            self.keep(release, name, body[:3], "starter")
            return None
        return Reply(201, self._asset(self.keep(release, name, body + b"x", "uploaded"), self.releases[release]))

    def _watch(self) -> None:
        """Writes down what never may be: a public release that is not whole, or gone; a stranger's that changed."""
        now = {release: json.dumps(self.shown(release)) for release in self.releases}
        if now != self._now:
            self._before, self._now = self._now, now
        public = {r["id"] for r in self.releases.values() if not r["draft"]}
        if self._public - public:
            self.wrong.append("a public release is gone")
        self._public |= public
        for release in public:
            tag = self.releases[release]["tag_name"]
            if release not in self._strange and self.files(release) not in self.whole.get(tag, []):
                self.wrong.append(f"{tag} is public and holds {sorted(self.files(release))}")
        for release, was in self._strange.items():
            if release not in self.releases or json.dumps(self.releases[release]) != was:
                self.wrong.append("a stranger's release was touched")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    fake: Fake

    def reply(self, reply: Reply) -> None:
        data = reply.data if isinstance(reply.data, bytes) else json.dumps(reply.data).encode()
        data = b"" if reply.status == 204 else data
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        if reply.status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def hang_up(self) -> None:
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.wfile.flush()
            self.connection.close()

    def do_GET(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.fake.answer(self)

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


class Storage(Handler):
    """Where files are downloaded from: another server, which must never see the token."""

    def do_GET(self) -> None:
        if self.headers.get("Authorization"):
            self.fake.wrong.append("the token went to another server")
        data = self.fake.blobs.get(int(urlsplit(self.path).path.rpartition("/")[2]))
        with contextlib.suppress(OSError):
            self.reply(Reply(404) if data is None else Reply(200, data))


@contextlib.contextmanager
def serving(fake: Fake) -> Iterator[Fake]:
    """A fake that can be asked at `fake.url`."""
    servers = []
    for kind in (Handler, Storage):
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (kind,), {"fake": fake}))
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        servers.append(server)
    fake.url, fake.storage = (f"http://127.0.0.1:{server.server_address[1]}" for server in servers)
    try:
        yield fake
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
