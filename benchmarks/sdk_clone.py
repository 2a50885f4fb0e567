"""How large a clone of the SDK's repository is: measured by git, or as recorded."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from rknn_flake.console import say
from rknn_flake.errors import CommandError, UsageError
from rknn_flake.paths import cache_dir
from rknn_flake.process import run, tool

# Names the repository to measure.
REPOSITORY = "RKNN_SDK_GIT"


@dataclass(frozen=True)
class Clone:
    """Bytes of git packs, and where the figure is from; at least so many where not `complete`."""

    size: int
    complete: bool
    origin: str


# A complete clone was not at hand: how these were put together is in README.md. Both are low.
RECORD = "recorded 2026-11-22, see benchmarks/README.md"
RECORDED = Clone(1_204_525_375, complete=False, origin=RECORD)
RECORDED_SHALLOW = Clone(583_780_765, complete=False, origin=RECORD)


def best(measured: Clone) -> Clone:
    """Return `measured`, or the record where objects are missing and the record has more."""
    if measured.complete or measured.size >= RECORDED.size:
        return measured
    return replace(RECORDED, origin=f"{RECORDED.origin}; {measured.size} in {measured.origin}")


def clone_of(source: str) -> Clone:
    """Measure a repository: a folder as it is, anything else by cloning it for the moment."""
    if Path(source).is_dir():
        return folder_size(Path(source), source)
    folder = cache_dir() / "benchmark"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        say(f"cloning {source}, to see how large it is")
        git = tool("git")
        # git shows its progress on a terminal by itself.
        words = (git, "clone", "--bare", "--no-local", source, f"{scratch}/clone")
        if run(words, capture=False, check=False).status != 0:
            raise CommandError(f"{REPOSITORY}={source}: git could not clone it; name another")
        return folder_size(Path(scratch, "clone"), f"cloned now from {source}")


def folder_size(folder: Path, origin: str) -> Clone:
    """Return the size of the packs of the repository in `folder`; it may lack objects."""
    git = (tool("git"), "-C", str(folder))
    found = run([*git, "rev-parse", "--git-path", "objects/pack"], check=False)
    if found.status != 0:
        raise UsageError(f"{REPOSITORY}={folder}: no git repository; give one, bare or with a tree")
    packs = folder / found.stdout.strip()
    size = sum(pack.stat().st_size for pack in packs.glob("*.pack"))
    objects = run([*git, "rev-list", "--objects", "--all", "--missing=print"]).stdout.splitlines()
    missing = sum(line.startswith("?") for line in objects)
    if missing:
        origin = f"{origin}, which lacks {missing} of its objects"
    return Clone(size, not missing, origin)
