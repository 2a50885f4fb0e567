"""What can be told of a unix socket from outside."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# "AF_UNIX path too long": sun_path has 108 bytes, and the last one is 0.
LONGEST = 107


def identity(path: Path) -> tuple[int, ...] | None:
    """Return what is another when the file was made anew; None: there is none."""
    try:
        told = path.lstat()
    except OSError:
        return None
    return (told.st_dev, told.st_ino, told.st_ctime_ns)


def is_answered(path: Path) -> bool:
    """Say whether a program takes connections there."""
    with socket.socket(socket.AF_UNIX) as tried:
        tried.settimeout(1)
        try:
            tried.connect(str(path))
        except OSError:
            return False
        return True
