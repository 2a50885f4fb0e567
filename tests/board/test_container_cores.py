"""A container that was given one core is told which, and its binding keeps to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.container_board import ALL

if TYPE_CHECKING:
    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

SAID = "rknn_set_core_mask: core mask"


def test_one_core(container_board: ContainerBoard) -> None:
    container = container_board.podman("--device", "rockchip.com/npu=core2")
    environment = container.seen["environment"]
    assert environment["RKNN_CORES"] == "2", environment
    assert container.seen["init"] == 0, container.said
    assert f"{SAID} 4" in container.said


def test_all_of_them(npu_container: Container) -> None:
    environment = npu_container.seen["environment"]
    assert environment.keys() == {"RKNN_DEVICE_COMPATIBLE_NODE"}, environment
    assert npu_container.seen["init"] == 0, npu_container.said
    assert SAID not in npu_container.said


def test_two_that_the_container_was_told_of(container_board: ContainerBoard) -> None:
    # By kubelet, for the device plugin: the spec must not say anything else.
    told = {"RKNN_CORES": "0,1", "RKNN_CORE_MASK": "3"}
    options = [word for name, value in told.items() for word in ("--env", f"{name}={value}")]
    container = container_board.podman("--device", ALL, *options)
    assert told.items() <= container.seen["environment"].items(), container.seen
    assert f"{SAID} 3" in container.said


def test_a_core_that_is_not_there(container_board: ContainerBoard) -> None:
    container = container_board.podman("--device", "rockchip.com/npu=core3", command=("/bin/ls",))
    assert container.status != 0, container.said
    assert "unresolvable CDI devices rockchip.com/npu=core3" in container.said
