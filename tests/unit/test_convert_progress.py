"""A bar on the terminal while the toolkit works, gone afterwards; it never goes back."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pexpect
from hypothesis import given
from hypothesis import strategies as st

from rknn_convert.noise import Mark
from rknn_convert.progress import STEPS, Drawn

if TYPE_CHECKING:
    from pathlib import Path

    from unit.convert_toolkit import Toolkit

pytest_plugins = ["unit.convert_fixtures"]

ERASE_LINE = "\x1b[2K"
NAMES = [*STEPS, "OpFusing 0", "OpFusing 2", "SessionPreparing"]


def on_terminal(tmp_path: Path, stand_in: Toolkit, text: str, *words: str) -> pexpect.spawn[str]:
    (tmp_path / "m.onnx").write_text(text)
    path = os.pathsep.join([str(stand_in.path), *filter(None, sys.path)])
    output = str(tmp_path / "out.rknn")
    return pexpect.spawn(
        sys.executable,
        [
            "-m",
            "rknn_convert.cli",
            str(tmp_path / "m.onnx"),
            "-o",
            output,
            "--target=rk3588",
            *words,
        ],
        env={**os.environ, "PYTHONPATH": path, "TERM": "xterm"},
        encoding="utf-8",
        timeout=60,
        dimensions=(24, 200),
    )


def test_bar_comes_and_goes(tmp_path: Path, stand_in: Toolkit) -> None:
    child = on_terminal(tmp_path, stand_in, "fine")
    child.expect("out.rknn: rk3588")
    drawn = str(child.before)
    assert "starting the toolkit" in drawn
    assert ERASE_LINE in drawn, "the bar was left standing"
    assert "rknn building" not in drawn
    child.expect(pexpect.EOF)


def test_interrupted(tmp_path: Path, stand_in: Toolkit) -> None:
    child = on_terminal(tmp_path, stand_in, "waits")
    child.expect("compiling for the NPU")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert str(child.before).rstrip().endswith("rknn-convert: interrupted")
    assert "Traceback" not in str(child.before)


def test_quiet_draws_nothing(tmp_path: Path, stand_in: Toolkit) -> None:
    child = on_terminal(tmp_path, stand_in, "fine", "--quiet")
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, child.before) == (0, "")


class Shown:
    """Stands for rich's display: the places that it was moved to."""

    def __init__(self) -> None:
        self.places: list[float] = []

    def add_task(self, *_: object, **__: object) -> int:
        """Give a task's number."""
        return 0

    def update(self, _: int, *, description: str, completed: float) -> None:
        """Take how far it is."""
        assert description in dict(STEPS.values())
        self.places.append(completed)


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.floats(0, 1))))
def test_it_never_goes_back(marks: list[tuple[str, float]]) -> None:
    shown = Shown()
    drawn = Drawn(shown)  # type: ignore[arg-type]
    for name, done in marks:
        drawn.step(name)
        drawn.mark(Mark(name, done))
    assert shown.places == sorted(shown.places)
    assert all(0 <= place <= 100 for place in shown.places)
