"""rknn-ready.service tells the journal what the NPU's users will find, or what is in the way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from board.binding_board import DEFAULT
from board.systemd_board import READY, journal, shown
from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from board.binding_board import BindingBoard
    from rknn_flake.board import Board

pytestmark = pytest.mark.board

WAITED = 10.0


def started(board: Board, unit: str) -> int:
    """Return when the unit's program was started, in µs since the boot."""
    return int(shown(board, unit, "ExecMainStartTimestampMonotonic").popitem()[1])


def finished(board: Board, unit: str) -> int:
    """Return when the unit's program ended, in µs since the boot."""
    return int(shown(board, unit, "ExecMainExitTimestampMonotonic").popitem()[1])


def result(board: Board, unit: str = READY) -> tuple[str, str]:
    """Return the unit's state and how its last run ended."""
    said = shown(board, unit, "ActiveState", "Result")
    return said["ActiveState"], said["Result"]


def test_what_it_found_at_boot(systemd_board: BindingBoard) -> None:
    board = systemd_board.board
    said = journal(board)
    assert result(board) == ("active", "success"), said
    lines = said.splitlines()
    assert "SoC: rk3588 (xunlong,orangepi-5-plus)" in lines, said
    assert "driver: rknpu 0.9.8" in lines, said
    assert "node: /dev/dri/card1, root:render 0660" in lines, said
    runtime = next(line for line in lines if line.startswith("runtime: "))
    assert runtime.startswith(f"runtime: librknnrt {DEFAULT} (simulator@"), runtime
    assert runtime.endswith(f", {systemd_board.library}"), runtime


def test_others_can_come_after_it(systemd_board: BindingBoard) -> None:
    board = systemd_board.board
    board.check(f"systemctl stop dependent.service ordered.service unordered.service {READY}")
    board.check("systemctl start dependent ordered unordered rknn-ready")
    end = finished(board, READY)
    assert started(board, "ordered") >= end
    assert started(board, "dependent") >= end
    assert started(board, "unordered") < end


def test_without_the_driver(changing_systemd_board: BindingBoard) -> None:
    board = changing_systemd_board.board
    board.check(f"rmmod rknpu; systemctl stop dependent {READY}")
    begun = time.monotonic()
    refused = board.run("systemctl start dependent")
    assert time.monotonic() - begun > WAITED
    assert refused.status != 0
    assert "dependency" in refused.output
    assert result(board, "dependent")[0] == "inactive"
    said = journal(board)
    assert result(board) == ("failed", "exit-code"), said
    assert "rknn-ready: no driver rknpu: boot one of Rockchip's kernels" in said


@pytest.mark.parametrize(("mode", "path"), [("drm", "/dev/dri/card1"), ("misc", "/dev/rknpu")])
def test_a_driver_that_comes_late(
    changing_systemd_board: BindingBoard, mode: str, path: str
) -> None:
    board = changing_systemd_board.board
    board.check(f"rmmod rknpu; systemctl restart --no-block {READY}; sleep 3")
    assert result(board)[0] == "activating"
    board.load_driver(PretendDriver(mode="misc" if mode == "misc" else "drm"))
    board.run(f"systemctl start {READY}")
    said = journal(board)
    assert result(board) == ("active", "success"), said
    assert f"node: {path}, root:render 0660" in said.splitlines(), said


def test_drm_that_comes_late(displayless_board: Board) -> None:
    """A unit that may open nodes by the name of their kind may open none that had no kind yet."""
    board = displayless_board
    board.check(f"rmmod rknpu drm; systemctl restart --no-block {READY}; sleep 3")
    assert result(board)[0] == "activating"
    board.check("insmod /lib/modules/drm.ko")
    board.load_driver(PretendDriver())
    board.run(f"systemctl start {READY}")
    said = journal(board)
    assert result(board) == ("active", "success"), said
    assert "node: /dev/dri/card0, root:render 0660" in said.splitlines(), said


def test_a_node_for_nobody(changing_systemd_board: BindingBoard) -> None:
    board = changing_systemd_board.board
    board.check("chown root:root /dev/dri/card1 && chmod 600 /dev/dri/card1")
    assert board.run(f"systemctl restart {READY}").status != 0
    said = journal(board)
    assert "/dev/dri/card1 is root:root 0600 and can't be opened: Permission denied" in said
    assert "udev has not given it to group render" in said


def test_a_machine_of_another_maker(raspberry: Board) -> None:
    said = journal(raspberry)
    assert result(raspberry) == ("failed", "exit-code"), said
    assert "SoC: none that librknnrt knows (raspberrypi,4-model-b)" in said.splitlines(), said
    assert "rknn-ready: raspberrypi,4-model-b has no SoC that librknnrt knows" in said
    taken = finished(raspberry, READY) - started(raspberry, READY)
    assert taken < WAITED * 1e6, "it waited for a node that cannot come"


def test_a_machine_without_a_device_tree(raspberry: Board) -> None:
    raspberry.check("mount -t tmpfs none /sys/firmware/devicetree/base")
    try:
        raspberry.check(f"systemctl reset-failed {READY}; systemctl start {READY}")
        said = shown(raspberry, READY, "ActiveState", "ConditionResult")
        assert said == {"ActiveState": "inactive", "ConditionResult": "no"}
    finally:
        raspberry.check("umount /sys/firmware/devicetree/base")
    assert raspberry.run(f"systemctl start {READY}").status != 0
