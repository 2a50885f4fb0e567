"""An HTTP server on loopback that serves bytes, records what it is asked, and fails as it is told.

url = server.route("/x.whl", b"...", cut=1000)      # breaks off once, after 1000 bytes
assert [hit.range for hit in server.hits("/x.whl")] == [None, "bytes=1000-"]
"""

from __future__ import annotations

import socket
import ssl
import sys
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import ThreadingHTTPServer
from typing import TYPE_CHECKING, Literal

from unit.loopback_handler import Handler

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType
    from typing import Any, Self

PIECE = 1 << 16
ALWAYS = sys.maxsize
# The path of a route that answers whatever no other does, as a proxy or a login page would.
ANYTHING = "*"


@dataclass(frozen=True)
class Generated:
    """A body of `size` zero bytes that is never in memory as a whole."""

    size: int

    def __len__(self) -> int:
        return self.size


@dataclass(frozen=True)
class Route:
    """What is served under a path, and how it goes wrong.

    The first `fails` requests get `status` (with `retry_after`, if any) in place of the body; the
    first `cuts` bodies end, with the connection, after `cut` bytes. `length` is what Content-Length
    says in place of the truth; `framing` "chunked" or "close" leaves it out. `ranges` says what
    becomes of a Range header: "ignored" sends everything with 200, "wrong" everything with 206,
    "refused" answers 416, "short" sends SHORT bytes of the rest, "careless" passes If-Range over.
    `redirect` is the Location to send. `found` is the status that comes with the body. `latency` is
    in seconds before each answer, `rate` in bytes a second.
    """

    body: bytes | Generated = b""
    content_type: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str | None = None
    modified: str | None = None
    status: int = 503
    fails: int = 0
    retry_after: str | None = None
    cut: int | None = None
    cuts: int = 1
    length: int | None = None
    framing: Literal["length", "chunked", "close"] = "length"
    ranges: Literal["honest", "ignored", "wrong", "refused", "short", "careless"] = "honest"
    redirect: str | None = None
    found: int = 200
    latency: float = 0.0
    rate: float | None = None

    def pieces(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the body from `start` to `stop` in pieces, small ones where the rate is low."""
        size = PIECE if self.rate is None else max(1, min(PIECE, int(self.rate / 50)))
        for at in range(start, stop, size):
            end = min(at + size, stop)
            yield bytes(end - at) if isinstance(self.body, Generated) else self.body[at:end]


@dataclass(frozen=True)
class Hit:
    """One request: header names in lower case, `at` in seconds of time.monotonic()."""

    method: str
    path: str
    headers: Mapping[str, str]
    connection: int
    at: float

    @property
    def range(self) -> str | None:
        """What its Range header asked for."""
        return self.headers.get("range")


class _Listener(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 128

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.context = context
        self.open: set[socket.socket] = set()
        self.guard = threading.Lock()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        if self.context is not None:
            # The handshake comes with the first reading, which is not in the thread that accepts.
            connection = self.context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        with self.guard:
            self.open.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        with self.guard:
            self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        # A client that has gone is no fault of the server's.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)

    def disconnect(self) -> None:
        """Break every connection, so that the threads that wait on one end."""
        with self.guard:
            for connection in self.open:
                try:
                    # TLS would say goodbye first.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
                except OSError:
                    continue


class Server:
    """Listens on 127.0.0.1 until closed; with a certificate (PEM, with its key) it speaks TLS."""

    def __init__(self, certificate: Path | None = None) -> None:
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
        self.closing = threading.Event()
        self._routes: dict[str, Route] = {}
        self._hits: list[Hit] = []
        self._guard = threading.Lock()
        self._listener = _Listener(context)
        self._listener.RequestHandlerClass = type("Bound", (Handler,), {"owner": self})
        scheme = "http" if certificate is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._listener.server_port}"
        self._thread = threading.Thread(target=self._listener.serve_forever, args=(0.02,))
        self._thread.start()

    def route(self, path: str, body: bytes | Generated = b"", **faults: Any) -> str:  # noqa: ANN401
        """Serve `body` under `path` ("*": all others) with the faults of Route; return the URL."""
        with self._guard:
            self._routes[path] = Route(body, **faults)
        return self.url if path == ANYTHING else self.url + path

    def hits(self, path: str | None = None) -> list[Hit]:
        """Return the requests so far, those for `path` or all; a proxy's paths are whole URLs."""
        with self._guard:
            return [hit for hit in self._hits if path in (None, hit.path)]

    def take(self, method: str, path: str, headers: Mapping[str, str], port: int) -> Route | None:
        """Record a request; return what to answer it with, with the faults that are still due."""
        with self._guard:
            self._hits.append(Hit(method, path, headers, port, time.monotonic()))
            name = path if path in self._routes else ANYTHING
            route = self._routes.get(name)
            if route is None:
                return None
            if route.fails:
                self._routes[name] = replace(route, fails=route.fails - 1)
            elif route.cut is not None:
                if not route.cuts:
                    return replace(route, cut=None)
                self._routes[name] = replace(route, cuts=route.cuts - 1)
            return route

    def close(self) -> None:
        """Stop listening, break what is open and wait for every thread."""
        self.closing.set()
        self._listener.shutdown()
        self._listener.disconnect()
        self._listener.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
