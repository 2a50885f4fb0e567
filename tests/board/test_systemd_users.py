"""Who is in group render runs a model; who isn't is refused, and reads which group it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import Attempt
from board.systemd_board import DRIVER, MEMBER, OUTSIDER, node
from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

NODES = {"drm": "/dev/dri/card1", "misc": "/dev/rknpu"}


@pytest.fixture(params=NODES)
def npu(changing_systemd_board: BindingBoard, request: pytest.FixtureRequest) -> str:
    """Have the driver make one kind of node; return its path."""
    if request.param == "misc":
        changing_systemd_board.board.load_driver(PretendDriver(mode="misc"))
    path = NODES[request.param]
    assert str(node(changing_systemd_board.board, path)) == "root:render 0660"
    return path


def ready(board: BindingBoard, user: str) -> tuple[int, str]:
    """Run rknn-ready as `user`; return its status and what it printed."""
    done = board.board.run(f"su {user} -c '{board.root}/ready/bin/rknn-ready --soc=rk3588'")
    return done.status, done.output


def test_users_are_in_their_groups(systemd_board: BindingBoard) -> None:
    assert "(render)" in systemd_board.board.check(f"su {MEMBER} -c id")
    assert "(render)" not in systemd_board.board.check(f"su {OUTSIDER} -c id")
    assert DRIVER.mode == "drm"


def test_a_member_runs_a_model(systemd_board: BindingBoard, npu: str) -> None:
    outcome = systemd_board.attempt(Attempt(user=MEMBER))
    assert (outcome.load, outcome.init) == (0, 0), outcome.said
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said
    status, said = ready(systemd_board, MEMBER)
    assert status == 0, said
    assert f"node: {npu}, root:render 0660" in said.splitlines()


def test_somebody_else_is_refused(systemd_board: BindingBoard, npu: str) -> None:
    outcome = systemd_board.attempt(Attempt(user=OUTSIDER))
    assert (outcome.init, outcome.outputs) == (-1, None), outcome.said
    status, said = ready(systemd_board, OUTSIDER)
    assert status == 1, said
    assert (
        f"rknn-ready: {npu} is root:render 0660 and can't be opened: Permission denied: "
        "who uses the NPU has to be in group render"
    ) in said
