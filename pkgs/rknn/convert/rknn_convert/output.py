"""The file that is written: looked at before the work, and put in its place whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from rknn_convert.errors import ConvertError, UsageError
from rknn_convert.scratch import undisturbed

SUFFIX = ".rknn"
# Not of the output's name, which may be as long as a name can be.
PREFIX = ".rknn-convert-"
CURES = {
    errno.ENOENT: "there is no such folder; make it, or name another output",
    errno.ENOTDIR: "a part of the path is no folder; name another output",
    errno.ENOSPC: "the disk is full; free some space, or name an output elsewhere",
    errno.EDQUOT: "the quota is used up; free some space, or name an output elsewhere",
    errno.EACCES: "no permission to write there; name another output",
    errno.EPERM: "no permission to write there; name another output",
    errno.EROFS: "the file system is read-only; name another output",
    errno.EISDIR: "a folder of that name is there; name a file",
}


def check(path: Path) -> None:
    """Raise what `put` would where that is known beforehand."""
    # What else would be replaced by a slip: -o model.onnx.
    if path.suffix != SUFFIX:
        raise UsageError(f"-o {path}: the output's name has to end in {SUFFIX}")
    try:
        place = _followed(path)
        _mode(place)
        if not os.access(place.parent, os.W_OK | os.X_OK, effective_ids=True):
            _look_closer(place.parent)
    except OSError as error:
        raise refused(path, error) from None


def put(made: Path, path: Path) -> int:
    """Copy the file `made` to `path`, without what the toolkit left to chance; return its size."""
    place = _followed(path)
    written = None
    try:
        mode = _mode(place)
        descriptor, written = tempfile.mkstemp(prefix=PREFIX, dir=place.parent)
        with os.fdopen(descriptor, "wb") as target, made.open("rb") as source:
            os.fchmod(descriptor, mode)
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            import_module("rknn_convert.canonical").canonical_file(Path(written))
            os.fsync(descriptor)
            size = os.fstat(descriptor).st_size
        with undisturbed():
            os.replace(written, place)  # noqa: PTH105  # a text, as mkstemp gives it
            written = None
    except OSError as error:
        raise refused(path, error) from None
    finally:
        if written is not None:
            with suppress(OSError):
                os.unlink(written)  # noqa: PTH108
    _sync_folder(place.parent)
    return size


def refused(path: Path, error: OSError) -> ConvertError:
    """Return the error for an output that can't be written."""
    number = error.errno or 0
    cure = CURES.get(number, "nothing was written; name another output")
    return ConvertError(f"{path}: {os.strerror(number)}: {cure}")


def _followed(path: Path) -> Path:
    # Path.resolve() raises RuntimeError: Symlink loop, up to Python 3.12; open() an OSError.
    return Path(os.path.realpath(path))


def _mode(place: Path) -> int:
    """Return the new file's permissions, the old one's; raise OSError where that is no file."""
    try:
        # A rename would go through: it asks the folder only.
        descriptor = os.open(place, os.O_WRONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
    try:
        mode = os.fstat(descriptor).st_mode
    finally:
        os.close(descriptor)
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "")
    return stat.S_IMODE(mode)


def _look_closer(folder: Path) -> None:
    os.stat(folder)  # noqa: PTH116
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        raise OSError(errno.EROFS, "")
    raise PermissionError(errno.EACCES, "")


def _sync_folder(folder: Path) -> None:
    # The file is in its place by now, and where this is refused nothing else is to be done.
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
