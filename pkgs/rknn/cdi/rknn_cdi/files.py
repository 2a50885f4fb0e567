"""The files that are written: whole or not at all, and only where something changed."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from rknn_cdi.errors import refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Engines read *.json and *.yaml.
NEW = ".rknn-cdi.new"
MODE = 0o644


def put(path: Path, data: bytes) -> bool:
    """Make `data` the content of the file `path`; return whether it was anything else before."""
    try:
        path.parent.mkdir(mode=0o755, exist_ok=True)
        with _alone(path.parent):
            if _is(path, data):
                return False
            _replace(path, data)
    except OSError as error:
        raise refused(path, error) from None
    return True


def remove(path: Path) -> bool:
    """Remove the file; return whether there was one."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        raise refused(path, error) from None
    return True


def _is(path: Path, data: bytes) -> bool:
    try:
        return not path.is_symlink() and path.read_bytes() == data
    except FileNotFoundError:
        return False


def _replace(path: Path, data: bytes) -> None:
    new = path.parent / NEW
    # What a killed run left.
    new.unlink(missing_ok=True)
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        with os.fdopen(os.open(new, flags, MODE), "wb") as opened:
            os.fchmod(opened.fileno(), MODE)
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs out of the folder; the lock ends with its holder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
