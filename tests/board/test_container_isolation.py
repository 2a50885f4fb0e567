"""A container with the NPU has the NPU and nothing else that a container hasn't."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.container_board import ALL, LIBRARY, SOC_COPY
from board.container_engines import RENDER_GID

if TYPE_CHECKING:
    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

NODES = {
    "/dev/dri/card1": f"226:1 0:{RENDER_GID} 660",
    "/dev/dri/renderD129": f"226:129 0:{RENDER_GID} 660",
}
READ_ONLY = {
    LIBRARY: ["nodev", "nosuid", "ro"],
    SOC_COPY: ["nodev", "noexec", "nosuid", "ro"],
}
CAPABILITIES = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
SECCOMP_FILTER = "2"


def test_its_nodes_are_the_npus(npu_container: Container, bare_container: Container) -> None:
    assert npu_container.seen["nodes"] == NODES
    assert bare_container.seen["nodes"] == {}


def test_the_displays_node_is_another(container_board: ContainerBoard) -> None:
    assert "vgem" in container_board.board.check("readlink -f /sys/class/drm/card0/device")
    container = container_board.podman("--device", ALL, command=("/bin/ls", "/dev/dri"))
    assert container.said.split() == ["card1", "renderD129"], container.said


def test_its_user_is_in_the_nodes_group(
    npu_container: Container, bare_container: Container
) -> None:
    assert npu_container.seen["groups"] == [RENDER_GID, 1000]
    assert bare_container.seen["groups"] == [1000]


def test_its_mounts_are_the_library_and_the_soc(
    npu_container: Container, bare_container: Container
) -> None:
    mounts, usual = npu_container.seen["mounts"], bare_container.seen["mounts"]
    own = {path: mounts[path] for path in mounts.keys() - usual.keys()}
    told = {path: [word for word in words if word != "relatime"] for path, words in own.items()}
    assert told == READ_ONLY
    assert usual.keys() - mounts.keys() == set()


def test_it_has_no_capability_and_its_calls_are_filtered(
    npu_container: Container, bare_container: Container
) -> None:
    status = npu_container.seen["status"]
    assert {name: int(status[name], 16) for name in CAPABILITIES} == dict.fromkeys(CAPABILITIES, 0)
    assert status["Seccomp"] == SECCOMP_FILTER, status
    assert status == bare_container.seen["status"]


def test_the_device_tree_stays_hidden(
    npu_container: Container, container_board: ContainerBoard
) -> None:
    assert npu_container.seen["soc"] is None
    assert "rockchip,rk3588" in container_board.board.check("cat /proc/device-tree/compatible")


def test_of_the_store_it_has_the_closure(other_spec_board: ContainerBoard) -> None:
    board = other_spec_board
    simulator = board.board.check(f"readlink -f {board.root}/simulator").strip()
    board.board.check(f"echo {simulator} >/run/closure")
    written = board.write_spec("--closure", "/run/closure")
    assert written.status == 0, written.output
    container = board.podman("--device", ALL, command=("/bin/ls", "/nix/store"), mounted=())
    assert container.said.split() == [simulator.removeprefix("/nix/store/")], container.said
