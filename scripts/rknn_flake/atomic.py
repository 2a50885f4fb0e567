"""Replacing a file: whoever reads it, at any instant, finds the old text or the new one, whole."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import hashlib
import os
import stat
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rknn_flake.console import say
from rknn_flake.errors import RknnError
from rknn_flake.lock import exclusive
from rknn_flake.paths import cache_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PREFIX = ".rknn-"

CURES = {
    errno.ENOSPC: "the disk is full; the file is as it was: free some space and run it again",
    errno.EDQUOT: "the quota is used up; the file is as it was: free some space and run it again",
    errno.EACCES: "no permission to write there; run it as the owner of the file",
    errno.EPERM: "no permission to write there; run it as the owner of the file",
    errno.EROFS: "the file system is read-only; run it on a checkout that can be written",
}


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Let one run at a time replace the file `path`; whoever comes second waits, and is told.

    The lock is on the folder, so nothing is left beside the file, and it ends with its holder;
    where folders can't be locked it is on a file in the cache.
    """
    try:
        folder = os.open(path.resolve().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise _refused(path, error) from error
    try:
        with _locked(folder, path):
            yield
    finally:
        os.close(folder)


def replace(path: Path, text: str) -> None:
    """Put `text` in the place of the file `path`, whose permissions stay; under `changing`.

    Raises RknnError, with the file as it was, when the disk is full or it may not be written.
    """
    path = path.resolve()
    written = None
    try:
        _remove_stale(path)
        before = _before(path)
        descriptor, written = tempfile.mkstemp(prefix=f"{PREFIX}{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            if before is None:
                os.fchmod(descriptor, 0o666 & ~_umask())
            else:
                _take_over(descriptor, before)
            opened.write(text)
            opened.flush()
            os.fsync(descriptor)
        os.replace(written, path)  # noqa: PTH105  # a text, as mkstemp gives it
        written = None
        _sync_folder(path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        if written is not None:
            with contextlib.suppress(OSError):
                os.unlink(written)  # noqa: PTH108


def check_writable(path: Path) -> None:
    """Raise what `replace` would where the file may not be written, before any other work."""
    path = path.resolve()
    try:
        _before(path)
        if not os.access(path.parent, os.W_OK | os.X_OK, effective_ids=True):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except OSError as error:
        raise _refused(path, error) from error


@contextmanager
def _locked(folder: int, path: Path) -> Iterator[None]:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say(f"waiting for another run that is changing {path}")
        fcntl.flock(folder, fcntl.LOCK_EX)
    except OSError:
        # NFS locks files that are open for writing, which no folder ever is: EBADF.
        name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
        with exclusive(cache_dir() / "locks" / name, f"changing {path}"):
            yield
        return
    yield


def _before(path: Path) -> os.stat_result | None:
    """Return what the file is like that is to be replaced; raise OSError if it may not be."""
    try:
        # A rename would go through: it asks the folder only.
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    try:
        return os.fstat(descriptor)
    finally:
        os.close(descriptor)


def _take_over(descriptor: int, before: os.stat_result) -> None:
    """Give the new file the old one's permissions, and its owner where we may."""
    with contextlib.suppress(OSError):
        # A sudo run leaves no file of root's in the checkout.
        os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))


def _remove_stale(path: Path) -> None:
    """Remove what killed runs left half-written."""
    for left in path.parent.glob(f"{PREFIX}{glob.escape(path.name)}.*"):
        left.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    # The new file is in its place by now, and where this is refused nothing else is to be done.
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _refused(path: Path, error: OSError) -> RknnError:
    number = error.errno or 0
    cure = CURES.get(number, "the file is as it was")
    return RknnError(f"{path}: {os.strerror(number)}: {cure}")
