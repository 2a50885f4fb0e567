"""A store for each round, seeded with what was not built here, and gone afterwards."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_flake.console import say
from rknn_flake.lock import exclusive
from rknn_flake.paths import cache_dir

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rknn_flake.nix import Nix

KEPT = ".kept"
# Of nixpkgs a package may need 20 000; the kernel takes 2 MB of words, and Nix 211 bytes a name.
PORTION = 5000


@contextmanager
def workplace(*, keep: bool, folder: Path | None = None) -> Iterator[Path]:
    """Make a folder for the rounds' stores; it is removed afterwards, as are a killed run's."""
    root = folder or cache_dir() / "reproduce"
    with exclusive(root / "lock", "rknn-reproduce"):
        for left in root.glob("run-*"):
            if not (left / KEPT).exists():
                remove(left)
        place = root / f"run-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
        place.mkdir()
        try:
            yield place
        finally:
            if keep:
                (place / KEPT).touch()
                say(f"the stores are kept in {place}; remove it when you have seen enough")
            else:
                remove(place)


def remove(folder: Path) -> None:
    """Remove a folder with stores in it, which are read-only; say so where that fails."""
    if os.geteuid() != 0:
        for inner, _, _ in os.walk(folder):
            with suppress(OSError):
                Path(inner).chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    if os.path.lexists(folder):
        say(f"{folder}: could not be removed; remove it yourself, as who owns what is in it")


def valid(nix: Nix, store: str | Path, paths: Iterable[str]) -> tuple[str, ...]:
    """Return those of `paths` that the store has."""
    words = ("--store", str(store), "--check-validity", "--print-invalid")
    found: set[str] = set()
    for some in _portions(sorted(paths)):
        done = nix.call(*words, *some, program="nix-store")
        found |= set(some) - set(done.stdout.split())
    return tuple(sorted(found))


def _portions(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    return (paths[start : start + PORTION] for start in range(0, len(paths), PORTION))


def seed(nix: Nix, store: str | Path, outputs: dict[str, bool]) -> tuple[str, ...]:
    """Copy from `store` what was not built there, and return it.

    `outputs` are paths that builds could make -> whether their content is known beforehand.
    """
    copied: list[str] = []
    for some in _portions(valid(nix, store, outputs)):
        known = nix.path_info("--store", str(store), *some)
        wanted = [path for path in some if outputs[path] or not known[path].get("ultimate", False)]
        if wanted:
            nix.call("copy", "--no-check-sigs", "--from", str(store), *wanted)
        copied += wanted
    return tuple(copied)
