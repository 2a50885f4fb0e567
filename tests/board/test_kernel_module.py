"""The kernel driver on the emulated board: it loads, binds, answers, and is taken away.

From its own source where RKNPU_SOURCE names a clone, and from a stand-in's. The NPU is memory:
what the driver writes there nobody reads, and no job ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board import driver_board
from board.driver_board import BUFFER, HW, HW_VERSION, MINE, VERSION, VOLT, DriverBoard, action, job
from rknn_flake.board import Board

if TYPE_CHECKING:
    from kernel_driver import Driver
    from rknn_flake.nix import Nix

pytest_plugins = ["board.driver_board"]
pytestmark = [pytest.mark.board, pytest.mark.nix]


def test_modinfo_says_what_it_is(npu: DriverBoard, driver: Driver) -> None:
    said = dict.fromkeys(npu.board.check("modinfo rknpu").splitlines())
    told = {line.partition(":")[0]: line.partition(":")[2].strip() for line in said}
    assert told["filename"].endswith("/updates/rknpu.ko")
    assert told["version"] == "0.9.8"
    assert told["license"].startswith("GPL")
    assert told["depends"] == "drm"
    assert told["vermagic"].split()[0] == driver.kernel.release


def test_binds_to_the_node(npu: DriverBoard) -> None:
    assert npu.board.check("ls /dev/dri").split() == ["card0", "renderD128"]
    uevent = npu.board.check("cat /sys/class/drm/card0/device/uevent").split()
    assert {"DRIVER=RKNPU", "OF_COMPATIBLE_0=rockchip,rk3588-rknpu"} <= set(uevent)
    assert "Initialized rknpu 0.9.8" in npu.board.check("dmesg")


def test_reads_the_registers(npu: DriverBoard) -> None:
    assert npu.ask(action(HW))["it"]["value"] == HW_VERSION
    assert npu.ask(action(VERSION))["it"]["value"] == 908
    assert npu.ask(action(VOLT))["it"]["value"] == 800_000


def test_a_buffer_is_made_and_mapped(npu: DriverBoard) -> None:
    told = npu.ask(
        BUFFER,
        ("map", "map", {"handle": "$buffer.handle"}),
        ("memory", "mapped", {"offset": "$map.offset"}),
        ("sync", "sync", {"flags": 1, "obj_addr": MINE, "size": 4096}),
        ("gone", "destroy", {"handle": "$buffer.handle"}),
        ("again", "sync", {"flags": 1, "obj_addr": MINE, "size": 4096}),
    )
    assert told["memory"] == {"before": "", "after": "hello"}
    assert "error" not in told["sync"], told
    assert "error" not in told["gone"], told
    assert told["again"] == {"error": "EINVAL"}


def test_a_job_reaches_the_npu_which_does_not_answer(npu: DriverBoard) -> None:
    assert npu.ask(BUFFER, job())["it"] == {"error": "ETIMEDOUT"}
    assert npu.ask(action(HW))["it"]["value"] == HW_VERSION


def test_is_taken_away_and_loaded_again(npu: DriverBoard) -> None:
    npu.board.check("rmmod rknpu")
    assert npu.board.run("ls /dev/dri").status != 0
    npu.load()
    assert npu.ask(action(HW))["it"]["value"] == HW_VERSION
    said = npu.board.check("dmesg")
    assert not [line for line in said.splitlines() if "Call trace" in line or "BUG" in line], said


def test_a_node_of_rockets_is_left_alone(nix: Nix, driver: Driver) -> None:
    other = driver_board.spec(nix, driver, compatible="rockchip,rk3588-rknn-core")
    with Board(other) as board:
        board.check("depmod; modprobe fixed; modprobe rknpu")
        assert board.run("ls /dev/dri").status != 0
        assert board.run("modprobe of:NrknpuT(null)Crockchip,rk3588-rknn-core").status != 0
