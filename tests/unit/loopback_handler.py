"""How the server of unit.loopback answers one request, faults included."""

from __future__ import annotations

import re
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from unit.loopback import Route, Server

# What a server that sends a range in parts sends at a time, in bytes.
SHORT = 100_000


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection, which it keeps open as HTTP/1.1 does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    owner: ClassVar[Server]

    def do_GET(self) -> None:
        """Answer with the route's body, or with what is to go wrong."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        route = self.owner.take(self.command, self.path, headers, self.client_address[1])
        if route is None:
            self._short(404, "no such route")
        elif self.owner.closing.wait(route.latency):
            self.close_connection = True
        elif route.fails:
            retry = {} if route.retry_after is None else {"Retry-After": route.retry_after}
            self._short(route.status, f"status {route.status}, as told", retry)
        elif route.redirect is not None:
            self._short(302, "go on", {"Location": route.redirect})
        else:
            self._answer(route)

    do_HEAD = do_GET  # noqa: N815
    do_CONNECT = do_GET  # noqa: N815

    def _short(self, status: int, text: str, headers: dict[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _answer(self, route: Route) -> None:
        size = len(route.body)
        start, stop, ranged = self._range(route, size)
        if ranged and (route.ranges == "refused" or start >= size):
            self._short(416, "no such range", {"Content-Range": f"bytes */{size}"})
            return
        if ranged and route.ranges == "wrong":
            start, stop = 0, size
        elif ranged and route.ranges == "short":
            stop = min(stop, start + SHORT)
        self.send_response(206 if ranged else route.found)
        self.send_header("Content-Type", route.content_type)
        if ranged:
            self.send_header("Content-Range", f"bytes {start}-{stop - 1}/{size}")
        told = {"ETag": route.etag, "Last-Modified": route.modified, **route.headers}
        for name, value in told.items():
            if value is not None:
                self.send_header(name, value)
        if route.framing == "length":
            length = stop - start if route.length is None else route.length
            self.send_header("Content-Length", str(length))
            self.close_connection |= length != stop - start
        elif route.framing == "chunked":
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self._send(route, start, stop)

    def _range(self, route: Route, size: int) -> tuple[int, int, bool]:
        """Return the first byte to send, the one after the last, and whether that is a range."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        unless = self.headers.get("If-Range")
        stale = unless is not None and unless not in (route.etag, route.modified)
        stale = stale and route.ranges != "careless"
        if asked is None or stale or route.ranges == "ignored":
            return 0, size, False
        return int(asked[1]), min(int(asked[2] or size) + bool(asked[2]), size), True

    def _send(self, route: Route, start: int, stop: int) -> None:
        chunked = route.framing == "chunked"
        end = stop if route.cut is None else min(stop, start + route.cut)
        for piece in route.pieces(start, end):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            if self.owner.closing.wait(len(piece) / route.rate if route.rate else 0):
                break
        if end < stop or self.owner.closing.is_set():
            self.close_connection = True
        elif chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_: object) -> None:
        """Write nothing: what was asked is in Server.hits."""
