"""HTTP with patience: what may pass by itself is tried again, with growing pauses.

Light to import: urllib3 is loaded when something is fetched (see pins.network).
"""

from __future__ import annotations

import threading
from contextlib import closing, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rknn_flake.pins.network import Answer, Network

T = TypeVar("T")

# Seconds.
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 30.0
BACKOFF = 0.5  # before the second try; doubled before each further one
LONGEST_WAIT = 60.0  # that a server may ask for in Retry-After
TRIES = 4
LONGEST_TEXT = 64 << 20  # bytes; a page is in memory as a whole
# As many connections to a host are kept open; more than threads there may be.
CONNECTIONS = 64


class DownloadError(RknnError):
    """A URL gave nothing, or no mirror did."""


class TemporaryError(DownloadError):
    """What may go better next time.

    `after` is how long to wait, in seconds, where that is known; `moved` says that this try, though
    it failed, got further than those before.
    """

    def __init__(self, message: str, *, after: float | None = None, moved: bool = False) -> None:
        super().__init__(message)
        self.after = after
        self.moved = moved


class StoppedError(RknnError):
    """The run is being broken off."""


class Client:
    """Connections that all threads share. The pauses and timeouts are in seconds."""

    def __init__(
        self,
        *,
        connect: float = CONNECT_TIMEOUT,
        read: float = READ_TIMEOUT,
        backoff: float = BACKOFF,
        tries: int = TRIES,
    ) -> None:
        self.connect = connect
        self.read = read
        self.backoff = backoff
        self.tries = tries
        self._stopped = threading.Event()
        self._making = threading.Lock()

    def text(self, url: str, accept: str | None = None) -> str:
        """Return the page at `url`, which must be UTF-8; raise DownloadError."""
        headers = {} if accept is None else {"Accept": accept}

        def once() -> bytearray:
            page = bytearray()
            with self.stream(url, headers) as answer:
                for chunk in self.chunks(answer):
                    page += chunk
                    if len(page) > LONGEST_TEXT:
                        raise DownloadError(f"{url}: more than {LONGEST_TEXT} bytes of text")
            return page

        try:
            return self.persist(once).decode()
        except UnicodeDecodeError as error:
            raise DownloadError(f"{url}: found no UTF-8 text ({error.reason})") from error

    @contextmanager
    def stream(
        self, url: str, headers: Mapping[str, str] | None = None, also: tuple[int, ...] = ()
    ) -> Iterator[Answer]:
        """Ask once for `url` and give the answer, whose body is read by `chunks`.

        Any status but 200 and those in `also` raises DownloadError, or TemporaryError where
        another try, by `persist`, may help.
        """
        self._check()
        with closing(self._network.open(url, dict(headers or {}), (200, *also))) as answer:
            yield answer

    def chunks(self, answer: Answer) -> Iterator[bytes]:
        """Yield the body as it arrives; raise TemporaryError where it breaks off."""
        for chunk in answer.chunks():
            self._check()
            yield chunk

    def persist(self, work: Callable[[], T]) -> T:
        """Return what `work` returns, tried again after each TemporaryError for a while."""
        failed = 0
        while True:
            try:
                return work()
            except TemporaryError as error:
                failed = 1 if error.moved else failed + 1
                pause = self.backoff * 2 ** (failed - 1) if error.after is None else error.after
                if pause > LONGEST_WAIT:
                    raise DownloadError(f"{error}; it asks to wait {pause:.0f} s") from error
                if failed >= self.tries:
                    raise DownloadError(f"{error} (tried {failed} times)") from error
                if self._stopped.wait(pause):
                    raise StoppedError("interrupted") from error

    def stop(self) -> None:
        """Make every thread that uses this client end soon, with StoppedError; for good."""
        self._stopped.set()

    def close(self) -> None:
        """Close the connections that nobody uses just now."""
        if "_shared" in vars(self):
            self._network.close()

    @cached_property
    def _shared(self) -> Network:
        # A tenth of a second that a run with everything in its cache need not wait for.
        from rknn_flake.pins.network import Network  # noqa: PLC0415

        return Network(self.connect, self.read, CONNECTIONS)

    @property
    def _network(self) -> Network:
        with self._making:
            return self._shared

    def _check(self) -> None:
        if self._stopped.is_set():
            raise StoppedError("interrupted")
