"""One holder at a time, for work that two runs must not do at once.

Imported before the private environment exists: standard library only.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rknn_flake.console import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Names the run that already holds the lock to the programs it starts, which would wait for it
# for ever: scripts/test runs a test that runs scripts/demo.
HELD = "RKNN_FLAKE_LOCKS_HELD"


@contextmanager
def exclusive(path: Path, what: str) -> Iterator[None]:
    """Hold the lock file `path` while the block runs; wait, and say for whom, if another has it.

    `what` is what the holder is doing, shown to whoever waits. The kernel drops the lock with its
    holder, so one that was killed blocks nobody.
    """
    held = os.environ.get(HELD, "")
    if str(path) in held.split(os.pathsep):
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()} {what}\n".encode(), 0)
        os.environ[HELD] = os.pathsep.join(filter(None, (held, str(path))))
        try:
            yield
        finally:
            os.environ[HELD] = held
            os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _take(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid, _, doing = os.pread(descriptor, 400, 0).decode(errors="replace").strip().partition(" ")
        say(f"waiting for process {pid or 'unknown'} ({doing or 'starting'}), which holds {path}")
        fcntl.flock(descriptor, fcntl.LOCK_EX)
