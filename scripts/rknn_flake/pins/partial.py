"""What a download has so far: kept when it breaks off, so that the next run can go on from there.

One writer at a time, by flock; a second one for the same URL gets a file of its own. What nobody
has gone on with for weeks is removed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import secrets
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

VALIDATOR = ".validator"
OLD = 28 * 24 * 3600  # seconds


class Partial:
    """An open file of `size` bytes, locked until it is closed.

    `validator` is the ETag or Last-Modified that its bytes came with, for an If-Range header.
    """

    def __init__(self, path: Path, descriptor: int, *, shared: bool) -> None:
        self.path = path
        self.size = os.lseek(descriptor, 0, os.SEEK_END)
        self._descriptor = descriptor
        self._shared = shared
        self._note = path.with_name(path.name + VALIDATOR)
        noted = self._note.read_text(errors="replace") if self._note.exists() else ""
        self.validator = noted or None

    @classmethod
    def take(cls, folder: Path, url: str) -> Self:
        """Open the one for `url` in `folder`; while another has that, one to be thrown away."""
        shared = folder / hashlib.sha256(url.encode()).hexdigest()
        descriptor = _locked(shared)
        if descriptor is not None:
            for left in (*folder.glob(f"{shared.name}-*"), *_old(folder)):
                # One that another user left in a shared folder is for them to remove.
                with contextlib.suppress(OSError):
                    _remove(left)
            return cls(shared, descriptor, shared=True)
        while True:
            own = folder / f"{shared.name}-{secrets.token_hex(8)}"
            descriptor = _locked(own)
            if descriptor is not None:
                return cls(own, descriptor, shared=False)

    def restart(self, validator: str | None) -> None:
        """Begin anew with bytes that come with `validator`."""
        os.ftruncate(self._descriptor, 0)
        os.lseek(self._descriptor, 0, os.SEEK_SET)
        self.size = 0
        self.validator = validator
        # Before the first byte: one that was killed leaves no bytes with another's validator.
        self._note.write_text(validator or "")

    def write(self, chunk: bytes) -> None:
        """Add `chunk` at the end."""
        left = memoryview(chunk)
        while left:
            written = os.write(self._descriptor, left)
            self.size += written
            left = left[written:]

    def close(self) -> None:
        """Give up the lock; what is still there stays for the next run, if that can find it."""
        if not self._shared:
            self.path.unlink(missing_ok=True)
        if not self._shared or not self.size or not self.path.exists():
            self._note.unlink(missing_ok=True)
        os.close(self._descriptor)


def _locked(path: Path) -> int | None:
    """Return a descriptor of the file `path`, made if need be; None while another holds it."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever had it before may have moved it to its place in the cache.
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _old(folder: Path) -> list[Path]:
    """Return what was last written weeks ago; a validator counts where its bytes are gone."""
    oldest = time.time() - OLD
    found = []
    for left in folder.iterdir():
        bytes_ = left.with_name(left.name.removesuffix(VALIDATOR))
        with contextlib.suppress(FileNotFoundError):
            if (left == bytes_ or not bytes_.exists()) and left.lstat().st_mtime < oldest:
                found.append(left)
    return found


def _remove(left: Path) -> None:
    """Remove what nobody is writing, with its validator."""
    path = left.with_name(left.name.removesuffix(VALIDATOR))
    descriptor = _locked(path)
    if descriptor is not None:
        path.unlink(missing_ok=True)
        path.with_name(path.name + VALIDATOR).unlink(missing_ok=True)
        os.close(descriptor)
