"""A folder for one run that is gone afterwards, and moments that Ctrl-C may not cut short."""

from __future__ import annotations

import shutil
import signal
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rknn_convert.errors import ConvertError

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "rknn-convert-"
ENDINGS = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder with home/, tmp/ and run/ in it."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
    except OSError as error:
        where = error.filename or "no folder for temporary files"
        raise ConvertError(f"{where}: {error.strerror}; TMPDIR can name another folder") from None
    try:
        for name in ("home", "tmp", "run"):
            (folder / name).mkdir()
        yield folder
    finally:
        with undisturbed():
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C and its like until the block is done."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
