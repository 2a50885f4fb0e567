"""rknn-ready waits for a node that may still come, and for none that can't."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from rknn_ready import cli
from rknn_ready.finding import Expected
from unit.ready_roots import BOARD, COMPATIBLE, ROCKET, fill, without

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from unit.commands import Outcome

pytest_plugins = ["unit.ready_fixtures"]

NO_NODE = without(BOARD, "dev/", "sys/class/drm/")
LONG = 60.0


def seconds(work: Callable[[], object]) -> float:
    begun = time.monotonic()
    work()
    return time.monotonic() - begun


def test_a_node_that_comes_later(ready: Callable[..., Outcome], tmp_path: Path) -> None:
    fill(tmp_path, NO_NODE)
    node = threading.Timer(0.5, fill, (tmp_path, without(BOARD, *NO_NODE)))
    node.start()
    outcome = ready({}, f"--wait={LONG:g}")
    node.join()
    assert (outcome.status, outcome.err) == (0, ""), outcome


def test_the_time_is_over(tmp_path: Path) -> None:
    fill(tmp_path, NO_NODE)
    assert seconds(lambda: cli.waited(tmp_path, Expected(), 0.5)) >= 0.5


@pytest.mark.parametrize(
    "files",
    [
        BOARD,
        {**NO_NODE, COMPATIBLE: "raspberrypi,4-model-b\0"},
        without(NO_NODE, COMPATIBLE),
        {**without(BOARD, "sys"), **ROCKET},
    ],
    ids=["it is there", "another SoC", "no device tree", "rocket has it"],
)
def test_no_need_to_wait(tmp_path: Path, files: dict[str, str]) -> None:
    fill(tmp_path, files)
    assert seconds(lambda: cli.waited(tmp_path, Expected("rk3588"), LONG)) < LONG / 2


@pytest.mark.parametrize("wrong", ["soon", "-1", "nan", "86401"])
def test_wrong_usage(ready: Callable[..., Outcome], wrong: str) -> None:
    outcome = ready(BOARD, f"--wait={wrong}")
    assert outcome.status == 2
    assert outcome.err == (
        f"rknn-ready: argument --wait: {wrong!r} is no number between 0 and 86400 "
        "(--help lists the options)\n"
    )
