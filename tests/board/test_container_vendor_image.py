"""What images with Rockchip's own binding need beside the NPU: to see the device tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import PLAIN
from board.container_board import ALL, LIBRARY

if TYPE_CHECKING:
    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

RESULT = [[[1, 8, 1, 1], "float32"]]
UNMASKED = ("--security-opt", "unmask=/sys/firmware")
# What Docker puts into each of its containers, and what rknnlite takes for a sign of Docker.
DOCKERENV = ("--volume", "/run/dockerenv:/.dockerenv:ro")
MISSING = "Please specify the target in init_runtime!"


def run(board: ContainerBoard, *options: str) -> Container:
    return board.podman(*options, release=PLAIN)


def test_the_mask_is_in_its_way(container_board: ContainerBoard) -> None:
    container = run(container_board, "--device", ALL)
    assert container.seen["init"] == -1, container.said
    assert MISSING in container.said


def test_unmasked_it_opens_the_mounted_library(container_board: ContainerBoard) -> None:
    container = run(container_board, "--device", ALL, *UNMASKED)
    assert container.seen["outputs"] == RESULT, container.said
    assert container.seen["libraries"] == [LIBRARY]
    assert container.seen["opened"] == ["/dev/dri/card1"], container.seen


def test_unmasked_without_the_npu_it_has_no_library(container_board: ContainerBoard) -> None:
    container = run(container_board, *UNMASKED)
    assert "rockchip,rk3588" in container.seen["soc"]
    assert container.seen["init"] == -1, container.said
    assert "Can not find dynamic library on RK3588!" in container.said


def test_in_docker_it_finds_its_files(container_board: ContainerBoard) -> None:
    container = run(container_board, "--device", ALL, *UNMASKED, *DOCKERENV)
    assert container.seen["outputs"] == RESULT, container.said


def test_in_docker_on_a_board_without_display(changing_container_board: ContainerBoard) -> None:
    board = changing_container_board
    board.without_display()
    container = run(board, "--device", ALL, *UNMASKED, *DOCKERENV)
    numbers = {path: node.split()[0] for path, node in container.seen["nodes"].items()}
    assert numbers == {"/dev/dri/card0": "226:0", "/dev/dri/renderD129": "226:128"}
    assert container.seen["outputs"] == RESULT, container.said


def test_in_docker_under_the_nodes_own_name_it_fails(
    changing_container_board: ContainerBoard,
) -> None:
    board = changing_container_board
    board.without_display("--render-node", "/dev/dri/renderD128")
    container = run(board, "--device", ALL, *UNMASKED, *DOCKERENV)
    assert container.seen["nodes"].keys() == {"/dev/dri/card0", "/dev/dri/renderD128"}
    assert container.seen["init"] == -1, container.said
    assert "/dev/dri/renderD129" in container.said
