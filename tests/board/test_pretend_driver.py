"""The pretend driver shows what Rockchip's shows: nodes, names, versions, refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake import guest_system, pretend_driver, sums
from rknn_flake.board import PretendDriver
from rknn_flake.errors import BoardError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_flake.board import Board

pytestmark = pytest.mark.board

RK3588 = 0x46495245
# Opens a node as librknnrt does and prints the answer to one ACTION request, or the error.
ASK = """
import fcntl, os, struct
node = os.open({node!r}, os.O_RDWR)
request = 3 << 30 | 8 << 16 | {kind} << 8 | {number}
try:
    print(struct.unpack("II", fcntl.ioctl(node, request, struct.pack("II", {flags}, 0)))[1])
except OSError as error:
    print(error.strerror)
"""


def ask(board: Board, node: str, flags: int) -> str:
    """Return what the driver answers to ACTION with `flags` on `node`."""
    kind, number = (ord("d"), 0x40) if "dri" in node else (ord("r"), 0)
    script = ASK.format(node=node, kind=kind, number=number, flags=flags)
    return board.check(f"python3 -c '{script.replace(chr(39), chr(34))}'").strip()


@pytest.fixture
def reloading_board(npu_board: Board) -> Iterator[Board]:
    """Yield the board, for a test that loads the driver in other ways."""
    yield npu_board
    npu_board.load_driver(PretendDriver())


def test_makes_card_and_render_node(npu_board: Board) -> None:
    assert npu_board.check("ls /dev/dri").split() == ["card0", "renderD128"]
    for name in ("card0", "renderD128"):
        uevent = npu_board.check(f"cat /sys/class/drm/{name}/device/uevent").split()
        assert "DRIVER=RKNPU" in uevent
        assert "OF_COMPATIBLE_0=rockchip,rk3588-rknpu" in uevent
    assert "Initialized rknpu 0.9.8 20240828" in npu_board.check("dmesg")


def test_no_node_without_the_driver(other_board: Board) -> None:
    assert other_board.run("ls -d /dev/dri /dev/rknpu /sys/module/rknpu 2>/dev/null").output == ""


@pytest.mark.parametrize("node", ["/dev/dri/card0", "/dev/dri/renderD128"])
def test_answers_versions_on_both_nodes(npu_board: Board, node: str) -> None:
    assert int(ask(npu_board, node, 0)) == RK3588
    assert ask(npu_board, node, 1) == "908"
    assert ask(npu_board, node, 99) == "Invalid argument"


def test_nodes_are_closed_to_others(npu_board: Board) -> None:
    refused = npu_board.run("su user -c 'cat /dev/dri/card0'")
    assert refused.status != 0
    assert "Permission denied" in refused.output


def test_reports_an_old_version(reloading_board: Board) -> None:
    reloading_board.load_driver(PretendDriver(version="0.7.2", hw_version=0))
    assert ask(reloading_board, "/dev/dri/card0", 1) == "702"
    assert ask(reloading_board, "/dev/dri/card0", 0) == "0"
    assert reloading_board.check("cat /sys/module/rknpu/version").strip() == "0.7.2"
    assert reloading_board.check("cat /sys/kernel/debug/rknpu/version") == "RKNPU driver: v0.7.2\n"


def test_misc_mode_makes_the_other_node(reloading_board: Board) -> None:
    reloading_board.load_driver(PretendDriver(mode="misc"))
    assert reloading_board.run("ls /dev/dri").status != 0
    assert ask(reloading_board, "/dev/rknpu", 1) == "908"
    assert ask(reloading_board, "/dev/rknpu", 99) == "Invalid argument"


def test_nodes_with_nothing_behind_them(reloading_board: Board) -> None:
    nodes = "/dev/dma_heap/system /dev/accel/accel0"
    assert reloading_board.run(f"ls {nodes} 2>/dev/null").output == ""
    reloading_board.load_driver(PretendDriver(heap=True, accel=True))
    assert reloading_board.check(f"ls {nodes}").split() == sorted(nodes.split())
    parent = reloading_board.check("readlink /sys/class/accel/accel0/device").strip()
    assert parent.endswith("/rknn"), parent
    reloading_board.load_driver(PretendDriver())
    assert reloading_board.run(f"ls {nodes} 2>/dev/null").output == ""


@pytest.mark.parametrize("wrong", ["driver_version=newest", "driver_version=0.9", "mode=both"])
def test_refuses_what_it_cannot_pretend(reloading_board: Board, wrong: str) -> None:
    reloading_board.check("rmmod rknpu")
    refused = reloading_board.run(f"insmod /lib/modules/rknpu.ko {wrong}")
    assert refused.status != 0
    assert f"rknpu: {wrong}: must be" in reloading_board.check("dmesg | grep rknpu: | tail -1")


def test_a_driver_that_does_not_load_is_an_error(reloading_board: Board) -> None:
    with pytest.raises(BoardError, match=r"(?s)insmod .*Invalid argument"):
        reloading_board.load_driver(PretendDriver(version="newest"))


def test_damaged_module_is_built_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kernel = guest_system.kernel()
    made = pretend_driver.module(kernel)
    whole = made.stat().st_size
    made.write_bytes(made.read_bytes()[:100])
    left = made.parent / "driver-killed"
    left.mkdir()
    capsys.readouterr()
    # With this, make only shows what it would do.
    monkeypatch.setenv("MAKEFLAGS", "n")
    assert pretend_driver.module(kernel) == made
    assert sums.intact(made)
    assert made.stat().st_size == pytest.approx(whole, rel=0.01)
    assert not list(made.parent.glob("driver-*")), "half-built modules were left behind"
    assert pretend_driver.module(kernel) == made
    assert capsys.readouterr().err.count("building the pretend NPU driver") == 1


def test_debugfs_has_the_vendors_form(npu_board: Board) -> None:
    assert npu_board.check("cat /sys/kernel/debug/rknpu/load") == (
        "NPU load:  Core0:  0%, Core1:  0%, Core2:  0%,\n"
    )
    npu_board.check("echo 7,50,100 >/sys/module/rknpu/parameters/load")
    assert npu_board.check("cat /sys/kernel/debug/rknpu/load") == (
        "NPU load:  Core0:  7%, Core1: 50%, Core2: 100%,\n"
    )
    assert npu_board.check("cat /sys/kernel/debug/rknpu/freq") == "1000000000\n"
