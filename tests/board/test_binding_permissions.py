"""An unprivileged user can use the NPU when its node is permitted, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import Attempt
from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.binding_board import BindingBoard

pytestmark = pytest.mark.board

NO_NODE = "failed to open rknpu module, need to insmod rknpu dirver!"


@pytest.fixture
def member_of_render(changing_board: BindingBoard) -> Iterator[BindingBoard]:
    """Yield the board with `user` in the group render."""
    board = changing_board.board
    board.check("cp /etc/group /run/group && sed -i 's/^render:.*/&user/' /etc/group")
    assert "105(render)" in board.check("su user -c id")
    yield changing_board
    board.check("cp /run/group /etc/group")


def test_without_permission_there_is_no_node(changing_board: BindingBoard) -> None:
    status, said = changing_board.rknn_init(user="user")
    assert status == -1, said
    assert NO_NODE in said


def test_the_groups_node_is_enough(member_of_render: BindingBoard) -> None:
    board = member_of_render.board
    board.check("chgrp render /dev/dri/card0 && chmod 660 /dev/dri/card0")
    outcome = member_of_render.attempt(Attempt(user="user"))
    assert outcome.init == 0, outcome.said
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said


def test_the_groups_render_node_is_not(member_of_render: BindingBoard) -> None:
    board = member_of_render.board
    board.check("chgrp render /dev/dri/renderD128 && chmod 660 /dev/dri/renderD128")
    status, said = member_of_render.rknn_init(user="user")
    assert status == -1, said
    assert NO_NODE in said


def test_the_misc_drivers_node(member_of_render: BindingBoard) -> None:
    board = member_of_render.board
    board.load_driver(PretendDriver(mode="misc"))
    board.check("chgrp render /dev/rknpu && chmod 660 /dev/rknpu")
    outcome = member_of_render.attempt(Attempt(user="user"))
    assert outcome.init == 0, outcome.said
    assert outcome.outputs == [[[1, 8, 1, 1], "float32"]], outcome.said


def test_the_misc_drivers_node_without_permission(member_of_render: BindingBoard) -> None:
    member_of_render.board.load_driver(PretendDriver(mode="misc"))
    status, said = member_of_render.rknn_init(user="user")
    assert status == -1, said
    assert NO_NODE in said
