"""Ctrl-C, SIGTERM and SIGHUP end the toolkit at once, and leave everything as it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from processes import is_running

if TYPE_CHECKING:
    from pathlib import Path

    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]


def started(tmp_path: Path, stand_in: Toolkit, text: str) -> tuple[subprocess.Popen[str], Path]:
    """Start a conversion to out.rknn, which exists; return it and its folder for scratch."""
    (tmp_path / "m.onnx").write_text(text)
    (tmp_path / "out.rknn").write_text("old")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    path = os.pathsep.join([str(stand_in.path), *filter(None, sys.path)])
    words = [str(tmp_path / "m.onnx"), "-o", str(tmp_path / "out.rknn"), "--target", "rk3588"]
    child = subprocess.Popen(
        [sys.executable, "-m", "rknn_convert.cli", *words],
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    return child, scratch


def worker(stand_in: Toolkit) -> int:
    """Wait until build() is at work; return its process."""
    file = stand_in.api / "waiting"
    end = time.monotonic() + 30
    while not (file.exists() and file.read_text()):
        assert time.monotonic() < end, "the conversion did not begin"
        time.sleep(0.02)
    return int(file.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends(tmp_path: Path, stand_in: Toolkit, number: signal.Signals) -> None:
    child, scratch = started(tmp_path, stand_in, "waits")
    toolkit = worker(stand_in)
    assert list(scratch.iterdir())
    pressed = time.monotonic()
    child.send_signal(number)
    out, err = child.communicate(timeout=20)
    assert (child.returncode, out, err) == (130, "", "rknn-convert: interrupted\n")
    assert time.monotonic() - pressed < 5
    assert not is_running(toolkit)
    assert list(scratch.iterdir()) == []
    assert (tmp_path / "out.rknn").read_text() == "old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_killed_command_takes_the_toolkit_with_it(tmp_path: Path, stand_in: Toolkit) -> None:
    child, _ = started(tmp_path, stand_in, "waits")
    toolkit = worker(stand_in)
    child.kill()
    child.communicate()
    end = time.monotonic() + 10
    while is_running(toolkit) and time.monotonic() < end:
        time.sleep(0.05)
    assert not is_running(toolkit)
    assert (tmp_path / "out.rknn").read_text() == "old"


def test_undisturbed_it_replaces_the_old_file(tmp_path: Path, stand_in: Toolkit) -> None:
    child, scratch = started(tmp_path, stand_in, "fine")
    _, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, "")
    assert (tmp_path / "out.rknn").read_bytes().startswith(b"RKNN")
    assert list(scratch.iterdir()) == []
