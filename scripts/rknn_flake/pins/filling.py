"""Missing hashes, filled in file by file: fetched, held against its witnesses, written at once."""

from __future__ import annotations

import threading
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from rknn_flake.errors import MissingToolError, RknnError
from rknn_flake.pins import digests
from rknn_flake.pins.entries import host
from rknn_flake.pins.nix_prefetch import Prefetcher
from rknn_flake.pins.noting import MeanwhileError, note
from rknn_flake.pins.verdict import sri, verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.nix_prefetch import Fetched
    from rknn_flake.progress import Bars

State = Literal["filled", "refused", "failed"]

CHECK = "check the URLs, and whether a proxy or a login stands between; or correct the witness"
NO_WITNESS = (
    "no witness to hold a download against; note one in the file (git-blob, upstream-md5, "
    "pypi-md5 or pypi-sha256), or spell out --trust-on-first-use"
)


@dataclass(frozen=True)
class Outcome:
    """What became of one file: `why` in one line; "filled" has the hash (SRI), size and URL too.

    "refused": bytes came that nobody vouches for, or none may be fetched; "failed": no bytes came,
    or they could not be noted. `mirrors` has lines about each URL that was of no use.
    """

    entry: Entry
    state: State
    why: str
    hash: str | None = None
    size: int | None = None
    url: str | None = None
    mirrors: tuple[str, ...] = ()


def fill(  # noqa: PLR0913
    path: Path,
    entries: Sequence[Entry],
    *,
    jobs: int,
    trust: bool,
    bars: Bars,
    prefetcher: Prefetcher | None = None,
) -> list[Outcome]:
    """Fetch `entries` and write hash and size of each that is accepted to `path`, as it comes.

    With `trust` a file that has no witnesses is taken as it comes, and the file says so. Raises
    MissingToolError without Nix, and RknnError as soon as `path` is gone, broken or can't be
    written; what was accepted until then, or until Ctrl-C, is in the file.
    """
    barred = {entry: why for entry in entries if (why := bar_of(entry, trust=trust))}
    if len(barred) < len(entries) and prefetcher is None:
        prefetcher = Prefetcher()
    if prefetcher is None:
        return [Outcome(entry, "refused", barred[entry]) for entry in entries]
    filling = _Filling(path, prefetcher, bars, len(entries) - len(barred))
    with ThreadPoolExecutor(jobs, "prefetch") as pool:
        futures = {
            entry: pool.submit(filling.one, entry) for entry in entries if entry not in barred
        }
        try:
            _await(list(futures.values()))
        except BaseException:
            prefetcher.halt.set()
            pool.shutdown(cancel_futures=True)
            raise
    return [
        Outcome(entry, "refused", barred[entry]) if entry in barred else futures[entry].result()
        for entry in entries
    ]


def bar_of(entry: Entry, *, trust: bool) -> str | None:
    """Return why the entry is not fetched at all; None where it is."""
    if entry.disputes:
        return f"disputed ({'; '.join(entry.disputes)}); judge, and take disputes out of the file"
    if entry.digests or trust:
        return None
    return ("its records are no digests, and it has " if entry.records else "") + NO_WITNESS


def _await(futures: Sequence[Future[Outcome]]) -> None:
    wait(futures, return_when=FIRST_EXCEPTION)
    for future in futures:
        if future.done():
            future.result()


class _Filling:
    """What the threads of one `fill` share."""

    def __init__(self, path: Path, prefetcher: Prefetcher, bars: Bars, count: int) -> None:
        self._path = path
        self._prefetcher = prefetcher
        self._bars = bars
        self._count = count
        self._done = 0
        self._all = bars.bar(f"0 of {count} files", count)
        # Threads would tell each other that another run is changing the file.
        self._writing = threading.Lock()
        self._unwritable: RknnError | None = None

    def one(self, entry: Entry) -> Outcome:
        # The main thread stops the others too, but only after a thread has begun with its next.
        if self._unwritable is not None:
            raise self._unwritable
        outcome = self._tried(entry)
        with self._writing:
            self._done += 1
            self._all.advance(1)
            self._all.text(f"{self._done} of {self._count} files")
        return outcome

    def _tried(self, entry: Entry) -> Outcome:
        """Try one mirror after the other."""
        useless: list[str] = []
        came = False
        for url in entry.urls:
            try:
                fetched = self._fetched(entry, url)
            except MissingToolError:
                raise
            except RknnError as error:
                useless.append(f"{url}: {_without(url, str(error))}")
                continue
            came = True
            differences = verdict(replace(entry, hash=None), fetched.digests).disagreed
            if not differences:
                return self._accepted(entry, url, fetched, tuple(useless))
            what = digests.described(fetched.path, fetched.digests.size, entry.name)
            useless += [f"{url}: found {what}", *(f"  {difference}" for difference in differences)]
        if came:
            why = f"what came is not what was published; {CHECK}"
            return Outcome(entry, "refused", why, mirrors=tuple(useless))
        why = "no mirror gave it; check the network and the URLs, and run it again"
        return Outcome(entry, "failed", why, mirrors=tuple(useless))

    def _fetched(self, entry: Entry, url: str) -> Fetched:
        bar = self._bars.bar(f"{entry.label} from {host(url)}")
        try:
            return self._prefetcher.fetch(url, entry.name)
        finally:
            bar.done()

    def _accepted(
        self, entry: Entry, url: str, fetched: Fetched, useless: tuple[str, ...]
    ) -> Outcome:
        trusted = None if entry.digests else self._trusted(url)
        try:
            with self._writing:
                why = note(self._path, entry, fetched.digests, trusted)
        except MeanwhileError as error:
            return Outcome(entry, "failed", str(error), mirrors=useless)
        except RknnError as error:
            self._unwritable = error
            raise
        found = fetched.digests
        return Outcome(entry, "filled", why, sri(found), found.size, url, useless)

    def _trusted(self, url: str) -> str:
        today = datetime.now(UTC).date()
        return f"{today}: computed by {self._prefetcher.version} from what {host(url)} sent"


def _without(url: str, reason: str) -> str:
    """Return Nix's reason without the URL that stands before it already."""
    return reason.replace(f"unable to download '{url}': ", "")
