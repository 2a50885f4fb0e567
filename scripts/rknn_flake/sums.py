"""Files of the cache with their sha256 beside them, and what killed runs left in it."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sha256(path: Path) -> str:
    """Return the sha256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def intact(path: Path) -> bool:
    """Whether `path` is there with the sha256 that `keep` wrote beside it."""
    noted = path.with_name(f"{path.name}.sha256")
    if not (path.is_file() and noted.is_file()):
        return False
    return noted.read_text(errors="replace").split()[:1] == [sha256(path)]


def keep(made: Path, kept: Path) -> None:
    """Move the file `made` to `kept`, on the same file system, with its sha256 beside it."""
    noted = made.with_name(f"{made.name}.sha256")
    noted.write_text(f"{sha256(made)}  {kept.name}\n")
    made.replace(kept)
    noted.replace(kept.with_name(f"{kept.name}.sha256"))


def remove_stale(folder: Path, prefix: str) -> None:
    """Remove the folders PREFIX* of runs that were killed; the caller holds the lock for them."""
    for left in folder.glob(f"{prefix}*"):
        shutil.rmtree(left, ignore_errors=True)
