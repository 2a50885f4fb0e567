"""A command that runs in a thread ends when the main thread says so."""

from __future__ import annotations

import threading
import time

import pytest

from rknn_flake.errors import CommandError
from rknn_flake.process import HALT_SECONDS, run


def test_halt_ends_it_soon() -> None:
    halt = threading.Event()
    threading.Timer(0.3, halt.set).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(["sleep", "60"], halt=halt)
    assert time.monotonic() - started < 10


def test_halted_before_it_began() -> None:
    halt = threading.Event()
    halt.set()
    with pytest.raises(KeyboardInterrupt):
        run(["sleep", "60"], halt=halt)


def test_unhalted_command_loses_no_input_and_no_output() -> None:
    text = "line\n" * 100_000
    script = f"sleep {3 * HALT_SECONDS}; cat; sleep {3 * HALT_SECONDS}; echo end >&2; exit 3"
    done = run(["sh", "-c", script], stdin=text, check=False, halt=threading.Event())
    assert (done.status, done.stdout == text, done.stderr) == (3, True, "end\n"), done.status


def test_timeout_holds_all_the_same() -> None:
    with pytest.raises(CommandError, match=r"no end after 0\.5 s"):
        run(["sleep", "60"], timeout=0.5, halt=threading.Event())


def test_one_that_does_not_end_when_asked_is_killed() -> None:
    halt = threading.Event()
    threading.Timer(0.5, halt.set).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run(["sh", "-c", 'trap "" TERM; exec sleep 20'], halt=halt, grace=0.2)
    assert time.monotonic() - started < 10
