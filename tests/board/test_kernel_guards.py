"""What a user could ask of the kernel driver to crash the kernel is refused before it arrives.

The guards are those of pkgs/rknn/kernel-module, around the driver's own source and a stand-in's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board import driver_board
from board.driver_board import BUFFER, HW, HW_VERSION, MINE, PC, VOLT, DriverBoard, action, job
from rknn_flake.board import Board

if TYPE_CHECKING:
    from kernel_driver import Driver
    from rknn_flake.nix import Nix

pytest_plugins = ["board.driver_board"]
pytestmark = [pytest.mark.board, pytest.mark.nix]

SET_FREQ, SET_VOLT, RESET, NICE = 3, 5, 6, 19
NONBLOCK, FENCE_OUT = 2, 16
# An address in the kernel that is nobody's buffer.
FOREIGN = 0xFFFF_8000_0000_0000


@pytest.mark.parametrize(
    "fields",
    [
        {"task_obj_addr": FOREIGN},
        {"task_obj_addr": 0},
        {"start0": 4096 // 40},
        {"number0": 0x7FFF_FFFF},
        {"number0": 0},
        {"core_mask": 5},
        {"core_mask": 8},
        {"flags": 0},
    ],
    ids=str,
)
def test_a_job_that_lies_is_refused(npu: DriverBoard, fields: dict[str, int]) -> None:
    assert npu.ask(BUFFER, job(**fields))["it"] == {"error": "EINVAL"}


def test_a_job_on_a_buffer_of_another_file_is_refused(npu: DriverBoard) -> None:
    # A pipe keeps the first process, and with it the buffer, until the second has asked.
    first = npu.hold(BUFFER)
    told = npu.ask(BUFFER, job(task_obj_addr=first["buffer"]["obj_addr"]))
    npu.release()
    assert told["it"] == {"error": "EINVAL"}


@pytest.mark.parametrize(
    "fields", [{"offset": 4096, "size": 1}, {"size": 2**64 - 1}, {"size": 4097}]
)
def test_a_sync_beyond_the_buffer_is_refused(npu: DriverBoard, fields: dict[str, int]) -> None:
    told = npu.ask(BUFFER, ("it", "sync", {"flags": 1, "obj_addr": MINE, **fields}))
    assert told["it"] == {"error": "EINVAL"}


@pytest.mark.parametrize("size", [2**40, 2**64 - 1])
def test_a_buffer_larger_than_memory_is_refused(npu: DriverBoard, size: int) -> None:
    assert npu.ask(("it", "create", {"size": size}))["it"] == {"error": "ENOMEM"}


@pytest.mark.parametrize("flag", [NONBLOCK, FENCE_OUT])
def test_a_job_that_nobody_waits_for_is_refused(npu: DriverBoard, flag: int) -> None:
    assert npu.ask(BUFFER, job(flags=PC | flag))["it"] == {"error": "ENOTSUP"}


def test_a_sync_of_nothing_does_nothing(npu: DriverBoard) -> None:
    told = npu.ask(
        BUFFER, ("it", "sync", {"flags": 1, "obj_addr": MINE, "offset": 4096, "size": 0})
    )
    assert "error" not in told["it"], told


@pytest.mark.parametrize("flags", [SET_FREQ, SET_VOLT])
def test_clock_and_voltage_are_not_for_users(npu: DriverBoard, flags: int) -> None:
    assert npu.ask(action(flags, 1_000_000_000))["it"] == {"error": "EINVAL"}


def test_only_root_stops_the_jobs_of_others(npu: DriverBoard) -> None:
    npu.board.check("chmod 666 /dev/dri/renderD128")
    assert npu.ask(action(RESET), user="user")["it"] == {"error": "EPERM"}


@pytest.mark.parametrize(("user", "nice"), [("root", -19), ("user", 0)])
def test_nobody_gets_a_priority_that_is_not_his(npu: DriverBoard, user: str, nice: int) -> None:
    npu.board.check("chmod 666 /dev/dri/renderD128")
    told = npu.ask(action(NICE, 2**32 - 19), ("then", "niceness", {}), user=user)
    # librknnrt asks for it at each start, and gives up where that fails.
    assert "error" not in told["it"], told
    assert told["then"] == {"nice": nice}


def test_without_a_supply_there_is_no_voltage_to_tell(nix: Nix, driver: Driver) -> None:
    with Board(driver_board.spec(nix, driver, supply=False)) as board:
        npu = DriverBoard(board)
        npu.load()
        assert npu.ask(action(VOLT))["it"] == {"error": "ENODEV"}
        assert npu.ask(action(HW))["it"]["value"] == HW_VERSION


def test_the_kernel_is_none_the_worse(npu: DriverBoard) -> None:
    told = npu.ask(BUFFER, job(task_obj_addr=FOREIGN), ("good", *action(HW)[1:]))
    assert told["it"] == {"error": "EINVAL"}
    assert told["good"]["value"] == HW_VERSION
    said = npu.board.check("dmesg").splitlines()
    assert not [line for line in said if "Call trace" in line or "BUG" in line or "Oops" in line]
