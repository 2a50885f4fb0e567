"""The spec follows the NPU's nodes; where there are none, no container starts without saying so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.container_board import ALL, SPEC
from rknn_flake.board import PretendDriver

if TYPE_CHECKING:
    from board.container_board import ContainerBoard

pytestmark = pytest.mark.board


def test_of_a_driver_that_is_gone(changing_container_board: ContainerBoard) -> None:
    board = changing_container_board
    board.board.check("rmmod rknpu")
    stale = board.podman("--device", ALL, command=("/bin/ls",))
    assert stale.status != 0, stale.said
    assert 'failed to stat CDI host device "/dev/dri/card1": no such file' in stale.said
    written = board.write_spec()
    assert written.status == 1, written.output
    assert "rknn-cdi: no driver rknpu" in written.output
    assert board.board.run(f"test -e {SPEC}").status == 1
    container = board.podman("--device", ALL, command=("/bin/ls",))
    assert container.status != 0, container.said
    assert f"unresolvable CDI devices {ALL}" in container.said


def test_of_a_driver_for_dma_heaps(changing_container_board: ContainerBoard) -> None:
    board = changing_container_board
    board.board.load_driver(PretendDriver(mode="misc", heap=True))
    board.permit("/dev/rknpu /dev/dma_heap/system")
    written = board.write_spec()
    assert written.status == 0, written.output
    container = board.podman("--device", ALL)
    nodes = container.seen["nodes"]
    assert nodes.keys() == {"/dev/dma_heap/system", "/dev/dri/renderD129", "/dev/rknpu"}, nodes
    # Nothing, under the name that rknnlite asks for.
    assert nodes["/dev/dri/renderD129"].startswith("1:3 "), nodes
    assert container.seen["opened"] == ["/dev/rknpu"], container.seen
    assert container.seen["outputs"] == [[[1, 8, 1, 1], "float32"]], container.said
