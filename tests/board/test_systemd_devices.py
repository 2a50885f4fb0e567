"""systemd-udevd gives the NPU's nodes to group render, and leaves the display's as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from board.systemd_board import DRIVER, Node, node

if TYPE_CHECKING:
    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

OURS = Node("root", "render", 0o660)
# What systemd's own rules say of a display.
CARD = Node("root", "video", 0o660)
RENDER_NODE = Node("root", "render", 0o660)
KERNELS = Node("root", "root", 0o600)
RULES = "/etc/udev/rules.d/60-rknn.rules"
DISPLAYS = {"card0": CARD, "renderD128": RENDER_NODE}
NPUS = ("card1", "renderD129")
OTHERS = ("/dev/dma_heap/system", "/dev/accel/accel0")


def test_the_display_has_the_first_numbers(systemd_board: BindingBoard) -> None:
    board = systemd_board.board
    assert board.check("ls /dev/dri | grep -v by-path").split() == sorted((*DISPLAYS, *NPUS))
    for name in (*DISPLAYS, *NPUS):
        said = board.check(f"cat /sys/class/drm/{name}/device/uevent").split()
        assert ("DRIVER=RKNPU" in said) == (name in NPUS), f"{name}: {said}"


@pytest.mark.parametrize("name", NPUS)
def test_nodes_of_the_npu(systemd_board: BindingBoard, name: str) -> None:
    assert node(systemd_board.board, f"/dev/dri/{name}") == OURS


@pytest.mark.parametrize("name", DISPLAYS)
def test_nodes_of_the_display(systemd_board: BindingBoard, name: str) -> None:
    assert node(systemd_board.board, f"/dev/dri/{name}") == DISPLAYS[name]


@pytest.mark.parametrize("path", OTHERS)
def test_dma_heap_and_rocket(systemd_board: BindingBoard, path: str) -> None:
    assert node(systemd_board.board, path) == OURS


@pytest.mark.parametrize("mode", ["drm", "misc"])
def test_a_driver_that_comes_later(changing_systemd_board: BindingBoard, mode: str) -> None:
    board = changing_systemd_board.board
    made = ("rknpu",) if mode == "misc" else tuple(f"dri/{name}" for name in NPUS)
    board.check("rmmod rknpu; udevadm settle")
    assert board.run(f"ls {' '.join(f'/dev/{name}' for name in made)} 2>/dev/null").output == ""
    board.load_driver(replace(DRIVER, mode="misc" if mode == "misc" else "drm"))
    for path in (*(f"/dev/{name}" for name in made), *OTHERS):
        assert node(board, path) == OURS, path
    for name, theirs in DISPLAYS.items():
        assert node(board, f"/dev/dri/{name}") == theirs, name


def test_without_the_rules(changing_systemd_board: BindingBoard) -> None:
    board = changing_systemd_board.board
    board.check(f"mv {RULES} /run && udevadm control --reload")
    try:
        board.load_driver(DRIVER)
        assert node(board, "/dev/dri/card1") == CARD
        for path in OTHERS:
            assert node(board, path) == KERNELS, path
        board.load_driver(replace(DRIVER, mode="misc"))
        assert node(board, "/dev/rknpu") == KERNELS
    finally:
        board.check(f"mv /run/60-rknn.rules {RULES} && udevadm control --reload")


def test_udev_has_no_complaint(systemd_board: BindingBoard) -> None:
    said = systemd_board.board.check(
        "journalctl --sync; journalctl --no-pager -o cat -u systemd-udevd"
    )
    assert "Using default interface naming scheme" in said, said
    assert "rknn" not in said
    assert "Unknown group 'render'" not in said
