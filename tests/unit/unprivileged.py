"""What a test does as a user whom the kernel refuses things, where root runs the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = 65534


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be nobody where we are root, who may write anything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def own_folder() -> Iterator[Path]:
    """Give a new folder that `unprivileged` owns; those of pytest are root's alone."""
    folder = Path(tempfile.mkdtemp(prefix="rknn-test-"))
    try:
        folder.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
