"""A toolkit that is ended by a signal is named as such, and what it started is ended too."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from processes import is_running

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome
    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT])
def test_crash(convert: Callable[..., Outcome], tmp_path: Path, number: signal.Signals) -> None:
    outcome = convert(f"signal {int(number)}")
    assert outcome.status == 1
    assert outcome.err == (
        f"rknn-convert: {tmp_path}/model.onnx: the toolkit crashed ({number.name}) while building: "
        "a fault of rknn-toolkit2 2.3.2; try another of its releases, or end the model earlier "
        "(--output-tensor)\n"
    )
    assert not (tmp_path / "out.rknn").exists()


def test_killed(convert: Callable[..., Outcome]) -> None:
    outcome = convert(f"signal {int(signal.SIGKILL)}")
    assert outcome.status == 1
    assert "was killed (SIGKILL) while building: the machine ran out of memory" in outcome.err


def test_what_it_started_does_not_hold_us(
    convert: Callable[..., Outcome], stand_in: Toolkit
) -> None:
    started = time.monotonic()
    outcome = convert(f"leaves {int(signal.SIGSEGV)}")
    assert "crashed (SIGSEGV)" in outcome.err
    assert time.monotonic() - started < 20
    left = int((stand_in.api / "left").read_text())
    assert not is_running(left)
    assert is_running(os.getpid())
