"""Requests by urllib3, over connections that are kept; each failure is one line."""

from __future__ import annotations

import ssl
import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import urllib3
from urllib3 import exceptions

from rknn_flake.pins.client import DownloadError, TemporaryError
from rknn_flake.pins.proxies import pool, proxy_for, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from urllib3.response import BaseHTTPResponse

CHUNK = 1 << 18
REDIRECTS = 5
TEMPORARY = {408, 425, 429, 500, 502, 503, 504}
UNTRUSTED = (
    "install ca-certificates; behind a proxy that opens TLS, name the file with its certificate "
    "in SSL_CERT_FILE"
)


@dataclass(frozen=True)
class Answer:
    """An answer whose body is still to be read; `url` is the one that was asked for."""

    url: str
    status: int
    response: BaseHTTPResponse
    read: float

    def header(self, name: str) -> str | None:
        """Return a header's value."""
        return self.response.headers.get(name)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body as it arrives; raise TemporaryError where it breaks off."""
        try:
            while chunk := self.response.read1(CHUNK):
                yield chunk
        except exceptions.HTTPError as error:
            raise TemporaryError(f"{self.url}: {_broken(error, self.read)}") from error

    def close(self) -> None:
        """Give the connection back; one with something left to read is closed."""
        self.response.close()


class Network:
    """Pools of open connections; timeouts in seconds, `connections` kept for each host."""

    def __init__(self, connect: float, read: float, connections: int) -> None:
        self._timeout = urllib3.Timeout(connect=connect, read=read)
        self._connect = connect
        self._read = read
        self._connections = connections
        self._managers: dict[tuple[str, str | None], urllib3.PoolManager] = {}
        self._lock = threading.Lock()

    def open(self, url: str, headers: dict[str, str], accepted: tuple[int, ...]) -> Answer:
        """Ask for `url`, following redirects; raise DownloadError for a status not `accepted`."""
        at = url
        for _ in range(REDIRECTS + 1):
            response = self._ask(url, at, headers)
            location = response.get_redirect_location()
            if not location:
                if response.status in accepted:
                    return Answer(url, response.status, response, self._read)
                response.close()
                raise _refused(url, response)
            _dismiss(response)
            at = _following(url, at, location)
        raise DownloadError(
            f"{url}: more than {REDIRECTS} redirects, the last one to {at}; is it a loop? "
            "open it in a browser, or name another URL"
        )

    def close(self) -> None:
        """Close the connections that are idle."""
        with self._lock:
            for manager in self._managers.values():
                manager.clear()

    def _ask(self, url: str, at: str, headers: dict[str, str]) -> BaseHTTPResponse:
        try:
            if urlsplit(at).scheme not in ("http", "https"):
                raise DownloadError(f"{url}: {at!r} is no URL to fetch; write http:// or https://")
            return self._manager(at).request(
                "GET",
                at,
                # Not compressed: a resumed body is one of bytes.
                headers={"User-Agent": "rknn-flake", "Accept-Encoding": "identity", **headers},
                timeout=self._timeout,
                retries=False,
                redirect=False,
                preload_content=False,
                decode_content=False,
            )
        except (exceptions.LocationValueError, ValueError) as error:
            raise DownloadError(f"{url}: {at!r} is no URL to fetch: {error}") from error
        except exceptions.ProxyError as error:
            proxy = shown(proxy_for(at) or "")
            raise TemporaryError(
                f"{url}: the proxy {proxy} does not serve it: {_reason(error)}; check http_proxy, "
                "https_proxy and no_proxy"
            ) from error
        except exceptions.HTTPError as error:
            raise self._failed(url, error) from error

    def _failed(self, url: str, error: exceptions.HTTPError) -> DownloadError:
        cause = _cause(error)
        if isinstance(cause, ssl.SSLCertVerificationError):
            why = cause.verify_message
            return DownloadError(f"{url}: its certificate is not trusted ({why}); {UNTRUSTED}")
        if isinstance(error, exceptions.NewConnectionError):
            return TemporaryError(f"{url}: no connection: {_reason(error)}")
        if isinstance(error, exceptions.ConnectTimeoutError):
            return TemporaryError(f"{url}: no connection within {self._connect:g} s")
        return TemporaryError(f"{url}: {_broken(error, self._read)}")

    def _manager(self, url: str) -> urllib3.PoolManager:
        scheme, proxy = urlsplit(url).scheme, proxy_for(url)
        with self._lock:
            key = (scheme, proxy)
            if key not in self._managers:
                self._managers[key] = pool(scheme, proxy, self._connections)
            return self._managers[key]


def _following(url: str, at: str, location: str) -> str:
    """Return where a redirect at `at` leads to; raise DownloadError where nobody should follow."""
    try:
        following = urljoin(at, location)
        secure = urlsplit(following).scheme == "https"
    except ValueError as error:
        raise DownloadError(
            f"{url}: redirected to {location!r}, which is no URL ({error}); name another URL"
        ) from error
    if urlsplit(at).scheme == "https" and not secure:
        raise DownloadError(f"{url}: redirected from https to {following}: not followed")
    return following


def _dismiss(response: BaseHTTPResponse) -> None:
    """Give the connection back; one with a long body to read, or an endless one, is closed."""
    left = response.length_remaining
    if left is None or left > CHUNK:
        response.close()
    else:
        response.drain_conn()


def _refused(url: str, response: BaseHTTPResponse) -> DownloadError:
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    message = f"{url}: status {response.status}{phrase}"
    if response.status not in TEMPORARY:
        return DownloadError(message)
    try:
        after = urllib3.Retry().get_retry_after(response)
    except (exceptions.InvalidHeader, ValueError):
        after = None
    return TemporaryError(message, after=after)


def _broken(error: exceptions.HTTPError, read: float) -> str:
    if isinstance(error, exceptions.ReadTimeoutError):
        return f"no more bytes for {read:g} s"
    if isinstance(_cause(error), exceptions.IncompleteRead):
        return "the body broke off"
    return f"the connection broke: {_reason(error)}"


def _cause(error: BaseException) -> BaseException:
    """Return what lies at the bottom of one of urllib3's exceptions."""
    while True:
        inner = next((arg for arg in error.args if isinstance(arg, Exception)), error.__cause__)
        if inner is None:
            return error
        error = inner


def _reason(error: BaseException) -> str:
    cause = _cause(error)
    return getattr(cause, "strerror", None) or str(cause)
