"""What every command says the same way: lines on stderr, and one line for an expected failure."""

from __future__ import annotations

import os
import signal
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
    for number in (signal.SIGTERM, signal.SIGHUP):
        # Otherwise what we run goes on without us. nohup has it ignored, and that is to stay.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
    try:
        return work()
    except RknnError as error:
        say(f"{name}: {error}")
        return error.exit_status
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = error.filename or "the disk"
        say(f"{name}: {where}: {error.strerror}; RKNN_FLAKE_CACHE can name another folder")
        return 1
    except KeyboardInterrupt:
        say(f"{name}: interrupted")
        return INTERRUPTED
