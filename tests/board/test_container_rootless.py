"""A user's own podman gives the NPU where that user may have it, and keeps its groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.container_board import ALL
from board.container_engines import OUTSIDER, RENDER_GID, USER

if TYPE_CHECKING:
    from board.container_board import ContainerBoard

pytestmark = pytest.mark.board

KEPT = ("--group-add", "keep-groups")
NO_NODE = "failed to open rknpu module, need to insmod rknpu dirver!"


def test_with_the_users_groups(container_board: ContainerBoard) -> None:
    container = container_board.rootless(USER, "--device", ALL, *KEPT)
    assert container.seen["outputs"] == [[[1, 8, 1, 1], "float32"]], container.said
    assert container.seen["opened"] == ["/dev/dri/card1"], container.seen
    assert container.seen["status"]["Seccomp"] == "2", container.seen
    assert container.seen["soc"] is None, container.seen


def test_the_specs_group_is_another_in_its_namespace(container_board: ContainerBoard) -> None:
    container = container_board.rootless(USER, "--device", ALL)
    assert RENDER_GID in container.seen["groups"], container.seen
    assert container.seen["nodes"]["/dev/dri/card1"] == "226:1 65534:65534 660", container.seen
    assert container.seen["init"] == -1, container.said
    assert NO_NODE in container.said


def test_of_a_user_without_the_group(container_board: ContainerBoard) -> None:
    container = container_board.rootless(OUTSIDER, "--device", ALL, *KEPT)
    assert container.seen["nodes"].keys() == {"/dev/dri/card1", "/dev/dri/renderD129"}
    assert container.seen["init"] == -1, container.said
    assert NO_NODE in container.said
