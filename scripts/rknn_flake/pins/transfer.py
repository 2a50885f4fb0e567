"""One file from one mirror, into its partial file: resumed where it breaks off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rknn_flake.pins import digests
from rknn_flake.pins.client import DownloadError, TemporaryError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.pins.cache import Cache
    from rknn_flake.pins.client import Client
    from rknn_flake.pins.digests import Digests
    from rknn_flake.pins.download import Wanted
    from rknn_flake.pins.network import Answer
    from rknn_flake.pins.partial import Partial
    from rknn_flake.progress import Bar

# A try that brings this much more, in bytes, is no failure to count.
PROGRESS = 1 << 20
# How far a body may go beyond the size that is known before it is given up, in bytes.
EXCESS = 16 << 20
RANGE, NO_RANGE = 206, 416
# A number of bytes in a header; Python reads none of more than 4300 digits.
LENGTH = "[0-9]{1,18}"
CONTENT_RANGE = f"bytes ({LENGTH})-{LENGTH}/({LENGTH})"


class Transfer:
    """A download of what is `wanted` from `url`, which goes on after what `partial` has."""

    def __init__(
        self, wanted: Wanted, url: str, partial: Partial, client: Client, bar: Bar
    ) -> None:
        self._wanted = wanted
        self._url = url
        self._partial = partial
        self._client = client
        self._bar = bar
        self._shown = 0
        self._furthest = partial.size
        self._resumed = False

    def fetched(self, cache: Cache) -> tuple[Path, Digests]:
        """Return the file's place in the cache and its digests; raise DownloadError."""
        self._client.persist(self._once)
        found = digests.read(self._partial.path)
        if self._resumed and not self._wanted.fits(found):
            # Its beginning may be of an older run, or of another file.
            self._partial.restart(None)
            self._client.persist(self._once)
            found = digests.read(self._partial.path)
        return cache.put(self._partial.path, found.sha256), found

    def _once(self) -> None:
        if self._partial.validator is None and self._wanted.sha256 is None:
            # Nothing would tell that the rest is of another file.
            self._partial.restart(None)
        start = self._partial.size
        if start:
            asked = {"Range": f"bytes={start}-"}
            if self._partial.validator is not None:
                asked["If-Range"] = self._partial.validator
            with self._client.stream(self._url, asked, (RANGE, NO_RANGE)) as answer:
                if answer.status not in (RANGE, NO_RANGE):
                    self._whole(answer)
                    return
                size = self._size_of_rest(answer, start)
                if size is not None:
                    self._resumed = True
                    self._copy(answer, size)
                    return
        with self._client.stream(self._url) as answer:
            self._whole(answer)

    def _whole(self, answer: Answer) -> None:
        self._partial.restart(_validator(answer))
        length = re.fullmatch(LENGTH, answer.header("Content-Length") or "")
        self._copy(answer, int(length[0]) if length else None)

    def _size_of_rest(self, answer: Answer, start: int) -> int | None:
        """Return the size of the whole file that the answer has the rest of; None: it has not."""
        told = re.fullmatch(CONTENT_RANGE, answer.header("Content-Range") or "")
        other = _validator(answer) not in (None, self._partial.validator)
        if answer.status == NO_RANGE or other or told is None or int(told[1]) != start:
            return None
        return int(told[2])

    def _copy(self, answer: Answer, total: int | None) -> None:
        self._bar.total(total or self._wanted.size)
        self._show()
        limit = None if self._wanted.size is None else self._wanted.size + EXCESS
        try:
            for chunk in self._client.chunks(answer):
                self._partial.write(chunk)
                self._show()
                if limit is not None and self._partial.size > limit:
                    self._partial.restart(None)
                    raise DownloadError(
                        f"{self._url}: more than {limit} bytes and no end; "
                        f"expected {self._wanted.size}"
                    )
        except TemporaryError as error:
            raise self._broken(str(error), total) from error
        if total is not None and self._partial.size < total:
            raise self._broken(f"{self._url}: the body ended", total)

    def _show(self) -> None:
        self._bar.advance(self._partial.size - self._shown)
        self._shown = self._partial.size

    def _broken(self, message: str, total: int | None) -> TemporaryError:
        size = self._partial.size
        moved = size >= self._furthest + PROGRESS
        self._furthest = max(self._furthest, size)
        of = "" if total is None else f" of {total}"
        return TemporaryError(f"{message} after {size}{of} bytes", moved=moved)


def _validator(answer: Answer) -> str | None:
    etag = answer.header("ETag")
    # A weak one does not vouch for each byte.
    return etag if etag and not etag.startswith("W/") else answer.header("Last-Modified")
