"""A command that is interrupted or takes too long is ended, and given time to end by itself."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import CommandError
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

# Writes that it has started, and on SIGTERM that it was asked to end.
PATIENT = """
import pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
def asked(*_):
    (folder / "asked").touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, asked)
signal.signal(signal.SIGINT, signal.SIG_IGN)
(folder / "started").touch()
time.sleep(float(sys.argv[2]))
(folder / "finished").touch()
"""


def interrupt_once_started(folder: Path) -> None:
    def wait() -> None:
        while not (folder / "started").exists():
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=wait, daemon=True).start()


def test_ctrl_c_asks_the_command_to_end(tmp_path: Path) -> None:
    interrupt_once_started(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", PATIENT, tmp_path, "60"])
    assert (tmp_path / "asked").exists()


def test_without_grace_it_may_finish(tmp_path: Path) -> None:
    interrupt_once_started(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run([sys.executable, "-c", PATIENT, tmp_path, "0.5"], grace=None)
    assert (tmp_path / "finished").exists()
    assert not (tmp_path / "asked").exists()


def test_a_command_that_takes_too_long_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"sleep 60: no end after 0\.2 s"):
        run(["sleep", "60"], timeout=0.2, cwd=tmp_path)


def test_a_variable_can_be_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert run(["sh", "-c", "echo ${GIT_DIR-none}"], env={"GIT_DIR": None}).stdout == "none\n"
    assert run(["sh", "-c", "echo ${GIT_DIR-none}"], env={}).stdout == "/nowhere\n"


def test_one_that_does_not_end_when_asked_is_killed() -> None:
    started = time.monotonic()
    with pytest.raises(CommandError, match=r"no end after 0\.5 s"):
        run(["sh", "-c", 'trap "" TERM; exec sleep 20'], timeout=0.5, grace=0.2)
    assert time.monotonic() - started < 10
