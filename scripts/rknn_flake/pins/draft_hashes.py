"""Hashes for files that are not in sources.toml yet: filled in a scratch file, then taken over."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from rknn_flake import progress
from rknn_flake.pins import sources
from rknn_flake.pins.draft import Draft, applied
from rknn_flake.pins.prefetching import fill

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_flake.pins.entries import Entry
    from rknn_flake.pins.nix_prefetch import Prefetcher
    from rknn_flake.pins.prefetching import Outcome

EMPTY = "[defaults]\n"


@dataclass(frozen=True)
class Filled:
    """A draft with the hashes that were found, and what became of each of its files.

    `refused` has a line for each file that may not be taken, `missing` for each that did not come,
    `remarks` for each mirror that was of no use where another was.
    """

    draft: Draft
    refused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    fetched: int = 0
    size: int = 0


def filled(draft: Draft, *, jobs: int, trust: bool, prefetcher: Prefetcher) -> Filled:
    """Return `draft` with hash and size of each file that a witness vouches for.

    A file that is pinned already and has gained witnesses is fetched as well: they are to agree
    with what it is pinned to.
    """
    bare = Draft(added=tuple(replace(entry, hash=None) for entry in draft.entries))
    with TemporaryDirectory(prefix="rknn-pins-") as folder:
        path = Path(folder, "sources.toml")
        path.write_text(applied(EMPTY, bare), encoding="utf-8")
        with progress.bars() as bars:
            outcomes = fill(
                path, bare.added, jobs=jobs, trust=trust, bars=bars, prefetcher=prefetcher
            )
        found = {entry.key: entry for entry in sources.read(path).entries}
    return _taken_over(draft, outcomes, [found[entry.key] for entry in draft.entries])


def _taken_over(draft: Draft, outcomes: Sequence[Outcome], found: Sequence[Entry]) -> Filled:
    entries = []
    refused = []
    missing: list[str] = []
    remarks: list[str] = []
    for before, outcome, after in zip(draft.entries, outcomes, found, strict=True):
        entry = replace(after, position=before.position)
        lines = tuple(f"{entry.label}: {line.strip()}" for line in outcome.mirrors)
        if outcome.state == "failed":
            missing += lines or (f"{entry.label}: {outcome.why}",)
            entry = before
        elif outcome.state == "refused":
            refused += [f"{entry.label}: {outcome.why}", *lines]
        elif before.hash not in (None, entry.hash):
            why = f"pinned to {before.hash}, and its new witnesses are for {entry.hash}"
            refused += [f"{entry.label}: {why}; judge"]
        else:
            remarks += lines
        entries.append(entry)
    count = len(draft.added)
    return Filled(
        replace(draft, added=tuple(entries[:count]), extended=tuple(entries[count:])),
        tuple(refused),
        tuple(missing),
        tuple(remarks),
        fetched=sum(outcome.state == "filled" for outcome in outcomes),
        size=sum(outcome.size or 0 for outcome in outcomes),
    )
