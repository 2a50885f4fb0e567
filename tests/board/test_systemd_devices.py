"""systemd-udevd gives the NPU's nodes to group render, and leaves the display's as they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from board.systemd_board import DRIVER, MEMBER, RULES, UDEV, Node, node

if TYPE_CHECKING:
    from board.binding_board import BindingBoard
    from rknn_flake.board import Board

pytestmark = pytest.mark.board

OURS = Node("root", "render", 0o660)
# What systemd's own rules say of a display.
CARD = Node("root", "video", 0o660)
RENDER_NODE = Node("root", "render", 0o660)
KERNELS = Node("root", "root", 0o600)
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


def tags(board: Board, name: str) -> set[str]:
    """Return the tags that the DRM node's udev rules have left on it."""
    said = board.check(f"udevadm settle; udevadm info -q property -n /dev/dri/{name}")
    found = re.search("^CURRENT_TAGS=(.*)$", said, re.MULTILINE)
    return set(found[1].strip(":").split(":")) if found else set()


def test_who_sits_at_the_screen_gets_the_display_only(systemd_board: BindingBoard) -> None:
    """By access lists, which would give the NPU's nodes to whoever logs in."""
    assert tags(systemd_board.board, "card0") >= {"seat", "master-of-seat", "uaccess"}
    for name in NPUS:
        assert tags(systemd_board.board, name) == set(), name


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
        board.check(f"mv /run/72-rknn.rules {RULES} && udevadm control --reload")


def test_rules_that_come_after_the_nodes(changing_systemd_board: BindingBoard) -> None:
    """The first switch of a machine whose kernel has the driver built in."""
    board = changing_systemd_board.board
    board.check(f"mv {RULES} /run && udevadm control --reload")
    try:
        board.load_driver(DRIVER)
        assert node(board, "/dev/dri/card1") == CARD
    finally:
        board.check(f"mv /run/72-rknn.rules {RULES} && systemctl restart systemd-udevd")
    assert node(board, "/dev/dri/card1") == CARD
    ready = f"{changing_systemd_board.root}/ready/bin/rknn-ready --group=render"
    refused = board.run(f"su {MEMBER} -c '{ready}'")
    assert refused.status == 1, refused.output
    assert "root:video 0660 and can't be opened: Permission denied: udev has not" in refused.output
    board.check(f"systemctl restart {UDEV}")
    for path in (*(f"/dev/dri/{name}" for name in NPUS), *OTHERS):
        assert node(board, path) == OURS, path
    for name, theirs in DISPLAYS.items():
        assert node(board, f"/dev/dri/{name}") == theirs, name
    assert board.run(f"su {MEMBER} -c '{ready}'").status == 0


def test_udev_has_no_complaint(systemd_board: BindingBoard) -> None:
    said = systemd_board.board.check(
        "journalctl --sync; journalctl --no-pager -o cat -u systemd-udevd"
    )
    assert "Using default interface naming scheme" in said, said
    assert "rknn" not in said
    assert "Unknown group 'render'" not in said
