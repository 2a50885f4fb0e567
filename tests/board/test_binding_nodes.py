"""The simulator leaves /dev alone, where librknnrt as root makes nodes and removes some."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.binding_board import BindingBoard
    from rknn_flake.board import Board

pytestmark = pytest.mark.board


@pytest.fixture
def dead_nodes(changing_board: BindingBoard) -> Iterator[BindingBoard]:
    """Yield the board with card nodes that nothing is behind: not even root can open them."""
    board = changing_board.board
    board.check(
        "rmmod rknpu; mkdir /dev/dri; for n in 0 1 3; do mknod /dev/dri/card$n c 226 $n; done"
    )
    assert "No such device" in board.run("cat /dev/dri/card1").output
    yield changing_board
    board.check("rm -rf /dev/dri")


def nodes(board: Board) -> str:
    """Return names, kinds, owners, modes and numbers of all under /dev that could be an NPU's."""
    return board.run("ls -lan /dev/rknpu /dev/dri /dev/accel").output


def test_nodes_that_do_not_open_stay(dead_nodes: BindingBoard) -> None:
    before = nodes(dead_nodes.board)
    status, said = dead_nodes.rknn_init()
    assert status == -1, said
    assert nodes(dead_nodes.board) == before


def test_missing_nodes_are_not_made(changing_board: BindingBoard) -> None:
    changing_board.board.check("rmmod rknpu")
    before = nodes(changing_board.board)
    status, said = changing_board.rknn_init()
    assert status == -1, said
    assert nodes(changing_board.board) == before
    assert changing_board.board.run("ls /dev/dri").status != 0


@pytest.mark.parametrize("mode", ["drm", "misc"])
def test_nodes_in_use_stay(changing_board: BindingBoard, mode: str) -> None:
    changing_board.board.load_driver(PretendDriver(mode="misc" if mode == "misc" else "drm"))
    before = nodes(changing_board.board)
    status, said = changing_board.rknn_init()
    assert status == 0, said
    assert nodes(changing_board.board) == before


@pytest.mark.parametrize("change", ["rm /dev/dri/card1", "mknod /dev/dri/card2 c 226 2"])
def test_what_librknnrt_does_would_be_seen(dead_nodes: BindingBoard, change: str) -> None:
    before = nodes(dead_nodes.board)
    dead_nodes.board.check(change)
    assert nodes(dead_nodes.board) != before
