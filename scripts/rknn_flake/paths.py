"""Where the project's files are, and where what it fetches and builds is kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

from rknn_flake.errors import UsageError

PROJECT = Path(__file__).resolve().parents[2]

# What a flake's URL, a Nix setting that lists folders and a Nix path can all hold.
NAMEABLE = re.compile(r"[A-Za-z0-9/._+-]+")


def nameable(path: Path, cure: str) -> Path:
    """Return `path`; raise UsageError, with the cure, where Nix has no way to name it."""
    if not NAMEABLE.fullmatch(str(path)):
        raise UsageError(f"{path}: Nix takes letters, digits and ._+- in a path only; {cure}")
    return path


def cache_dir() -> Path:
    """Return the folder for everything that can be made again; RKNN_FLAKE_CACHE overrides it."""
    named = os.environ.get("RKNN_FLAKE_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    # "the path … is a symlink; this is not allowed for the Nix store"
    path = (Path(named) if named else Path(base) / "rknn-flake").resolve()
    return nameable(path, "name another folder in RKNN_FLAKE_CACHE")
