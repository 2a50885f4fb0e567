"""The guest believes to be the board that its device tree names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from rknn_flake.board import Board

pytestmark = pytest.mark.board

COMPATIBLE = "tr '\\0' '\\n' </proc/device-tree/compatible"


def test_orange_pi_says_rk3588(npu_board: Board) -> None:
    assert npu_board.check(COMPATIBLE).split() == ["xunlong,orangepi-5-plus", "rockchip,rk3588"]
    model = npu_board.check("cat /proc/device-tree/model").rstrip("\0")
    assert model == "Xunlong Orange Pi 5 Plus"
    assert npu_board.check("uname -m").strip() == "aarch64"


def test_another_device_tree_does_not(other_board: Board) -> None:
    said = other_board.check(COMPATIBLE)
    assert "rk3588" not in said
    assert said.split() == ["radxa,rock3a", "rockchip,rk3568"]
