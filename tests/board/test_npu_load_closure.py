"""rknn-npu-load, out of its closure, reads the driver of the board it runs on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

DEBUGFS = "/sys/kernel/debug/rknpu/load"


def test_load_as_json(changing_board: BindingBoard) -> None:
    board = changing_board.board
    board.load_driver(PretendDriver(version="0.9.6"))
    board.check("echo 7,50,100 >/sys/module/rknpu/parameters/load")
    told = json.loads(board.check(f"{changing_board.root}/npu-load/bin/rknn-npu-load --json"))
    assert told["cores"] == [
        {"core": 0, "load_percent": 7},
        {"core": 1, "load_percent": 50},
        {"core": 2, "load_percent": 100},
    ]
    assert told["driver"] == {
        "name": "rknpu",
        "version": "0.9.6",
        "source": "/sys/module/rknpu/version",
    }
    assert told["load_source"] == DEBUGFS
    # The pretend driver has no devfreq device.
    assert told["frequency"] is None


def test_one_line_a_sample(changing_board: BindingBoard) -> None:
    said = changing_board.board.check(f"{changing_board.root}/npu-load/bin/rknn-npu-load --count 1")
    assert said.rstrip().endswith("core0 0% core1 0% core2 0%"), said


def test_a_user_may_not_read_it(changing_board: BindingBoard) -> None:
    command = f"su user -c '{changing_board.root}/npu-load/bin/rknn-npu-load --json'"
    refused = changing_board.board.run(command)
    assert refused.status == 1, refused.output
    assert refused.output.startswith(
        f"rknn-npu-load: {DEBUGFS}: permission denied, only root may read it"
    )
    assert len(refused.output.splitlines()) == 1, refused.output


def test_no_driver(changing_board: BindingBoard) -> None:
    changing_board.board.check("rmmod rknpu")
    refused = changing_board.board.run(f"{changing_board.root}/npu-load/bin/rknn-npu-load --json")
    assert refused.status == 1, refused.output
    assert refused.output.startswith("rknn-npu-load: no NPU driver: found neither "), refused.output
    assert len(refused.output.splitlines()) == 1, refused.output
