"""What every command says the same way: lines on stderr, and one line for an expected failure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rknn_flake.errors import RknnError

if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED = 130


def say(line: str) -> None:
    """Write one line to stderr at once."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def guarded(name: str, work: Callable[[], int]) -> int:
    """Return what `work` returns; an RknnError or Ctrl-C is one `name: …` line and a status."""
    try:
        return work()
    except RknnError as error:
        say(f"{name}: {error}")
        return error.exit_status
    except KeyboardInterrupt:
        say(f"{name}: interrupted")
        return INTERRUPTED
