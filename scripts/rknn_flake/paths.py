"""Where the project's files are, and where what it fetches and builds is kept."""

from __future__ import annotations

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def cache_dir() -> Path:
    """Return the folder for everything that can be made again; RKNN_FLAKE_CACHE overrides it."""
    named = os.environ.get("RKNN_FLAKE_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "rknn-flake"
