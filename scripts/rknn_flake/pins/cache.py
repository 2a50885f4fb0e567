"""Files by their sha256: read-only, verified at each use, shared by all runs.

sha256/HEX holds whole files, partial/ what a download has so far (see pins.partial).
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rknn_flake.console import say
from rknn_flake.errors import RknnError
from rknn_flake.paths import cache_dir
from rknn_flake.pins import digests
from rknn_flake.pins.partial import Partial

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_flake.pins.digests import Digests

CURES = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some of the quota",
}
CURE = "make it a folder that can be written"


class Cache:
    """The files below `root`. Raises RknnError, naming `root`, when the disk refuses."""

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or cache_dir() / "pins"

    def get(self, sha256: str) -> Path | None:
        """Return the file with that digest (hexadecimal), read to its end to be sure; or None."""
        found = self.lookup(sha256)
        return None if found is None else found[0]

    def lookup(self, sha256: str) -> tuple[Path, Digests] | None:
        """Return the file and its digests; a damaged one is said, removed and None."""
        path = self._place(sha256)
        with self._guarded():
            try:
                found = digests.read(path)
            except FileNotFoundError:
                return None
            if found.sha256 == sha256:
                return path, found
            say(
                f"{path}: damaged in the cache (found {digests.described(path, found.size)}, "
                "of another sha256); it is removed and fetched again"
            )
            path.unlink(missing_ok=True)
        return None

    def put(self, made: Path, sha256: str) -> Path:
        """Move the file `made`, whose digest is `sha256`, to its place and return that."""
        path = self._place(sha256)
        with self._guarded():
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                made.replace(path)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                self._copy(made, path)
            # Not before: a file that its owner may not write cannot be resumed either.
            path.chmod(0o444)
        return path

    @contextmanager
    def partial(self, url: str) -> Iterator[Partial]:
        """Have what was downloaded from `url` so far, for this thread alone; the rest stays."""
        folder = self.root / "partial"
        with self._guarded():
            folder.mkdir(parents=True, exist_ok=True)
            opened = Partial.take(folder, url)
            try:
                yield opened
            finally:
                opened.close()

    def _place(self, sha256: str) -> Path:
        return self.root / "sha256" / sha256

    def _copy(self, made: Path, path: Path) -> None:
        """Bring a file from another disk in, under its name only when it is whole."""
        scratch = path.with_name(f"{path.name}.{os.getpid()}")
        try:
            shutil.copyfile(made, scratch)
            scratch.replace(path)
        finally:
            scratch.unlink(missing_ok=True)
        made.unlink()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            number = error.errno or 0
            raise RknnError(
                f"{self.root}: {error.strerror or error}: {CURES.get(number, CURE)}, "
                "or name another folder in RKNN_FLAKE_CACHE"
            ) from error
