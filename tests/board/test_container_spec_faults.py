"""podman takes no device from a spec that rknn-cdi check finds a fault in."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from board.container_board import ALL, SPEC

if TYPE_CHECKING:
    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

DEVICE = {"name": "all", "containerEdits": {"env": ["RKNN_CORES=0"]}}
WHOLE = {"cdiVersion": "0.7.0", "kind": "rockchip.com/npu", "devices": [DEVICE]}
GROUPS = {"containerEdits": {"additionalGids": [105]}}
FAULTS = {
    "half": json.dumps(WHOLE)[:-1],
    "empty edits": json.dumps({**WHOLE, "devices": [{**DEVICE, "containerEdits": {}}]}),
    "unknown field": json.dumps({**WHOLE, "node": "/dev/rknpu"}),
    "more than its version": json.dumps({**WHOLE, **GROUPS, "cdiVersion": "0.6.0"}),
}


def attempt(board: ContainerBoard, text: str) -> tuple[int, Container]:
    """Put a spec there; return what rknn-cdi's check ends with, and a container that wants it."""
    board.board.check(f"echo {shlex.quote(text)} >{SPEC}")
    checked = board.board.run(f"{board.root}/cdi/bin/rknn-cdi check {SPEC}")
    return checked.status, board.podman("--device", ALL, command=("/bin/env",))


def test_a_whole_one_is_taken(other_spec_board: ContainerBoard) -> None:
    checked, container = attempt(other_spec_board, json.dumps({**WHOLE, **GROUPS}))
    assert checked == 0
    assert container.status == 0, container.said
    assert "RKNN_CORES=0" in container.said.splitlines()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_one_is_not(other_spec_board: ContainerBoard, fault: str) -> None:
    checked, container = attempt(other_spec_board, FAULTS[fault])
    assert checked == 1
    assert container.status != 0, container.said
    assert f"unresolvable CDI devices {ALL}" in container.said
