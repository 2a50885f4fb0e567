"""What is in the way of a spec; exit status 1."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

CURES = {
    errno.EACCES: "no permission to write there; run it as root",
    errno.EPERM: "no permission to write there; run it as root",
    errno.EROFS: "the file system is read-only; name a folder below /run",
    errno.ENOENT: "there is no such folder; make it",
    errno.ENOTDIR: "a part of the path is no folder; name another",
    errno.EEXIST: "a part of the path is no folder; name another",
    errno.EISDIR: "a folder of that name is there; remove it",
    errno.ENOTEMPTY: "a folder of that name is there; remove it",
    errno.ENOSPC: "no space is left; free some",
}


class FaultsError(Exception):
    """Sentences, one a fault; `may_pass` where drivers and udev may be on their way."""

    def __init__(self, *faults: str, may_pass: bool = False) -> None:
        super().__init__(*faults)
        self.faults = faults
        self.may_pass = may_pass


def refused(path: Path, error: OSError) -> FaultsError:
    """Return the fault of a file that can't be written or removed."""
    number = error.errno or 0
    cure = CURES.get(number, "nothing was written")
    return FaultsError(f"{path}: {os.strerror(number)}: {cure}")
