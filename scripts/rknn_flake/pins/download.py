"""Files from any of their mirrors, each held against the size and sha256 that are known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rknn_flake.pins import digests
from rknn_flake.pins.client import Client, DownloadError
from rknn_flake.pins.hashes import Digest, to_sri
from rknn_flake.pins.threads import completed
from rknn_flake.pins.transfer import Transfer

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from rknn_flake.errors import RknnError
    from rknn_flake.pins.cache import Cache
    from rknn_flake.pins.digests import Digests
    from rknn_flake.progress import Bar, Bars


@dataclass(frozen=True)
class Wanted:
    """A file: mirrors of the same bytes in order of trial; size in bytes and sha256 in hex."""

    name: str
    urls: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None

    def fits(self, found: Digests) -> bool:
        """Say whether these are the bytes, as far as is known."""
        return self.sha256 in (None, found.sha256) and self.size in (None, found.size)


@dataclass(frozen=True)
class Got:
    """A file in the cache, which may be another than the wanted one: `digests` tell.

    `url` is where it is from, None for the cache; `refused` has a line for each mirror that failed
    or sent other bytes.
    """

    path: Path
    digests: Digests
    url: str | None
    refused: tuple[str, ...] = ()


def download(wanted: Wanted, cache: Cache, client: Client, bar: Bar) -> Got:
    """Return the file from the cache or the first mirror that has it.

    When none has, the last other file that one sent is returned in its place. Raises DownloadError
    when no mirror sent any.
    """
    found = None if wanted.sha256 is None else cache.lookup(wanted.sha256)
    if found is not None:
        return Got(found[0], found[1], None)
    refused: list[str] = []
    other: Got | None = None
    for url in wanted.urls:
        try:
            with cache.partial(url) as partial:
                path, sums = Transfer(wanted, url, partial, client, bar).fetched(cache)
        except DownloadError as error:
            refused.append(str(error))
            continue
        if wanted.fits(sums):
            return Got(path, sums, url, tuple(refused))
        refused.append(_difference(wanted, url, path, sums))
        other = Got(path, sums, url)
    if other is not None:
        return Got(other.path, other.digests, other.url, tuple(refused))
    if not refused:
        refused.append(f"{wanted.name}: no URL is known for it")
    raise DownloadError("; ".join(refused))


def download_all(
    wanted: Sequence[Wanted],
    *,
    cache: Cache,
    jobs: int,
    bars: Bars,
    client: Client | None = None,
) -> Generator[tuple[int, Got | RknnError], None, None]:
    """Yield each file's position in `wanted` and what came of it, as they are done.

    `jobs` are fetched at once, and the same file once however often it is wanted. When the
    iteration is broken off, the threads stop, `client` is of no more use, and what was downloaded
    stays in the cache's partial files.
    """
    used = client or Client()

    def work(numbers: Sequence[int]) -> Got:
        return _one([wanted[number] for number in numbers], cache, used, bars)

    results = completed(work, _groups(wanted), jobs=jobs, stop=used.stop)
    try:
        for numbers, result in results:
            for number in numbers:
                yield number, result
    finally:
        results.close()
        if client is None:
            used.close()


def _groups(wanted: Sequence[Wanted]) -> list[list[int]]:
    """Return the positions of the same file together, in the order in which they are wanted."""
    groups: dict[object, list[int]] = {}
    for number, one in enumerate(wanted):
        groups.setdefault(one.sha256 or one.urls, []).append(number)
    return list(groups.values())


def _one(same: Sequence[Wanted], cache: Cache, client: Client, bars: Bars) -> Got:
    """Download what all of `same` are, from the mirrors of each."""
    urls = tuple(dict.fromkeys(url for one in same for url in one.urls))
    bar = bars.bar(same[0].name, same[0].size)
    try:
        return download(replace(same[0], urls=urls), cache, client, bar)
    finally:
        bar.done()


def _difference(wanted: Wanted, url: str, path: Path, found: Digests) -> str:
    expected = [] if wanted.size is None else [f"{wanted.size} bytes"]
    if wanted.sha256 is not None:
        expected.append(to_sri(Digest("sha256", wanted.sha256)))
    what = digests.described(path, found.size, url)
    if wanted.size == found.size:
        what = f"{found.size} bytes with {to_sri(Digest('sha256', found.sha256))}"
    return f"{url}: found {what}; expected {' with '.join(expected)}"
