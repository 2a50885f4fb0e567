"""Fill in missing hashes of files that a witness vouches for; Nix downloads them."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

from rknn_flake import progress
from rknn_flake.atomic import check_writable
from rknn_flake.console import say
from rknn_flake.errors import RknnError
from rknn_flake.pins import choosing, sources, tables
from rknn_flake.pins.entries import host
from rknn_flake.pins.filling import Outcome, bar_of, fill
from rknn_flake.pins.nix_prefetch import STORES, Prefetcher

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence
    from pathlib import Path

    from rknn_flake.pins.entries import Entry

__all__ = ["Outcome", "arguments", "fill", "run"]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `prefetch` takes."""
    choosing.argument(parser)
    parser.add_argument(
        "--trust-on-first-use",
        action="store_true",
        help="take a file that has no witness as it comes; sources.toml then says so. "
        "A witness that disagrees is never overridden",
    )
    parser.add_argument(
        "--yes", action="store_true", help="don't ask on a terminal before trusting on first use"
    )
    parser.add_argument(
        "--store",
        choices=STORES,
        default="auto",
        help="where Nix puts the files: the machine's own store, the project's private one, or "
        "(auto, the default) the machine's where it can be used",
    )
    parser.add_argument("--json", action="store_true", help="what became of each, for a machine")


def run(options: argparse.Namespace) -> int:
    """Fill in what is missing among the chosen files; 1 where any was refused or failed."""
    chosen = choosing.chosen(sources.read(options.file), options.selection)
    missing = [entry for entry in chosen if entry.hash is None]
    if any(bar_of(entry, trust=options.trust_on_first_use) is None for entry in missing):
        check_writable(options.file)
    trust = options.trust_on_first_use and (options.yes or _confirmed(missing))
    outcomes = _filled(options, missing, trust=trust) if missing else []
    if options.json:
        tables.show_json([_described(outcome) for outcome in outcomes])
    else:
        _show(outcomes, len(chosen))
    return 1 if any(outcome.state != "filled" for outcome in outcomes) else 0


def _filled(options: argparse.Namespace, missing: Sequence[Entry], *, trust: bool) -> list[Outcome]:
    fetchable = any(bar_of(entry, trust=trust) is None for entry in missing)
    prefetcher = Prefetcher(options.store) if fetchable else None
    try:
        with progress.bars() as bars:
            return fill(
                options.file,
                missing,
                jobs=options.jobs,
                trust=trust,
                bars=bars,
                prefetcher=prefetcher,
            )
    except (KeyboardInterrupt, RknnError):
        # Here, where the bars are gone, which would take the line with them.
        _say_what_is_there(options.file, missing)
        raise


def _say_what_is_there(path: Path, missing: Sequence[Entry]) -> None:
    """Say how many of the hashes that were missing are in the file all the same."""
    wanted = {entry.key for entry in missing}
    with contextlib.suppress(RknnError):
        now = sources.read(path).entries
        there = sum(entry.hash is not None and entry.key in wanted for entry in now)
        say(f"{there} of {len(missing)} hashes are in {path}; the rest is as it was")


def _confirmed(missing: Sequence[Entry]) -> bool:
    """Ask the person at the terminal; in a pipe the option alone has to do."""
    fetched = [entry for entry in missing if entry.urls and not entry.disputes]
    unwitnessed = [entry for entry in fetched if not entry.digests]
    if not unwitnessed or not sys.stdin.isatty():
        return True
    hosts = ", ".join(sorted({host(url) for entry in unwitnessed for url in entry.urls}))
    for entry in unwitnessed:
        sys.stderr.write(f"{tables.clean(entry.label)}: no witness\n")
    sys.stderr.write(f"Take what {tables.clean(hosts)} sends for these. Really? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _show(outcomes: Sequence[Outcome], chosen: int) -> None:
    for outcome in outcomes:
        tables.say(f"{outcome.state:<8} {outcome.entry.label}: {outcome.why}")
        for line in outcome.mirrors:
            tables.say(f"  {line}")
    if not outcomes:
        tables.say(f"nothing to do: all {chosen} files have a hash")
        return
    counts = Counter(outcome.state for outcome in outcomes)
    tables.say(", ".join(f"{counts[state]} {state}" for state in ("filled", "refused", "failed")))


def _described(outcome: Outcome) -> dict[str, Any]:
    entry = outcome.entry
    named = ("release", "component", "arch", "python", "name")
    return {
        **{key: getattr(entry, key) for key in named},
        "state": outcome.state,
        "why": outcome.why,
        "hash": outcome.hash,
        "size": outcome.size,
        "url": outcome.url,
        "mirrors": list(outcome.mirrors),
    }
