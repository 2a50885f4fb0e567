"""An unprivileged user runs a model in a container that was given the NPU, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.container_board import ALL, SOC_COPY

if TYPE_CHECKING:
    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

RESULT = [[[1, 8, 1, 1], "float32"]]
NO_NODE = "failed to open rknpu module, need to insmod rknpu dirver!"


def test_the_binding_runs_a_model(npu_container: Container) -> None:
    seen = npu_container.seen
    assert seen["outputs"] == RESULT, npu_container.said
    assert seen["opened"] == ["/dev/dri/card1"], seen
    assert seen["environment"]["RKNN_DEVICE_COMPATIBLE_NODE"] == SOC_COPY, seen


def test_with_runc_as_with_crun(container_board: ContainerBoard) -> None:
    container = container_board.podman("--device", ALL, runtime="runc")
    assert container.seen["outputs"] == RESULT, container.said
    assert container.seen["opened"] == ["/dev/dri/card1"], container.seen


def test_as_root_of_the_container_too(container_board: ContainerBoard) -> None:
    container = container_board.podman("--device", ALL, "--user", "0:0")
    assert container.seen["outputs"] == RESULT, container.said
    board = container_board.board
    assert board.check("ls /dev/dri").split() == ["card0", "card1", "renderD128", "renderD129"]


def test_without_it_the_soc_is_not_known(bare_container: Container) -> None:
    assert bare_container.seen["init"] == -1, bare_container.said
    assert "SoC file /proc/device-tree/compatible (" in bare_container.said
    assert "RKNN_DEVICE_COMPATIBLE_NODE would set another" in bare_container.said
    assert bare_container.seen["opened"] == [], bare_container.seen


def test_with_the_soc_alone_there_is_no_node(container_board: ContainerBoard) -> None:
    container = container_board.podman(
        *("--volume", f"{SOC_COPY}:{SOC_COPY}:ro"),
        *("--env", f"RKNN_DEVICE_COMPATIBLE_NODE={SOC_COPY}"),
    )
    assert container.seen["init"] == -1, container.said
    assert NO_NODE in container.said


def test_without_the_group_the_node_is_not_permitted(
    other_spec_board: ContainerBoard,
) -> None:
    written = other_spec_board.write_spec("--without-gids")
    assert written.status == 0, written.output
    container = other_spec_board.podman("--device", ALL)
    assert container.seen["nodes"]["/dev/dri/card1"] == "226:1 0:105 660", container.seen
    assert container.seen["init"] == -1, container.said
    assert NO_NODE in container.said
