"""containerd gives a pod the NPU that is asked for by its CDI name, as kubelet asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from board.binding_board import PLAIN
from board.container_board import LIBRARY, MASKED, SOC_COPY, Pod
from board.container_engines import CONTAINERD, RENDER_GID, WITHOUT_CDI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from board.container_board import Container, ContainerBoard

pytestmark = pytest.mark.board

RESULT = [[[1, 8, 1, 1], "float32"]]
UNMASKED = tuple(path for path in MASKED if path != "/sys/firmware")
PODS = {
    "npu": Pod(),
    "bare": Pod((), is_tried=False),
    "absent": Pod(("rockchip.com/npu=core3",)),
    "vendor": Pod(release=PLAIN),
    "vendor-unmasked": Pod(release=PLAIN, masked=UNMASKED),
}


@pytest.fixture(scope="module")
def pods(container_board: ContainerBoard) -> Iterator[dict[str, Container]]:
    """Run the pods in containerd with CDI."""
    container_board.start_containerd(CONTAINERD)
    yield container_board.pods(PODS)
    container_board.stop_containerd()


@pytest.fixture
def without_cdi(container_board: ContainerBoard, pods: dict[str, Container]) -> Iterator[Container]:
    """Run a pod that asks for the NPU, and be sure that it is not that which `pods` are."""
    assert pods["npu"].seen["init"] == 0
    container_board.stop_containerd()
    container_board.start_containerd(WITHOUT_CDI)
    yield container_board.pods({"npu": Pod(is_tried=False)})["npu"]
    container_board.stop_containerd()
    container_board.start_containerd(CONTAINERD)


def test_the_binding_runs_a_model(pods: dict[str, Container]) -> None:
    seen = pods["npu"].seen
    assert seen["outputs"] == RESULT, pods["npu"].said
    assert seen["opened"] == ["/dev/dri/card1"], seen
    assert seen["nodes"].keys() == {"/dev/dri/card1", "/dev/dri/renderD129"}
    assert seen["groups"] == [RENDER_GID, 1000], seen


def test_the_pod_has_no_privilege(pods: dict[str, Container]) -> None:
    status = pods["npu"].seen["status"]
    assert int(status["CapBnd"], 16) == 0, status
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2"), status
    mounts = pods["npu"].seen["mounts"]
    assert {"ro", "nosuid", "nodev"} <= set(mounts[LIBRARY]), mounts
    assert mounts.keys() - pods["bare"].seen["mounts"].keys() == {LIBRARY, SOC_COPY}


def test_a_pod_that_does_not_ask(pods: dict[str, Container]) -> None:
    assert pods["bare"].seen["nodes"] == {}
    assert pods["bare"].seen["environment"] == {}


def test_a_device_that_is_not_there(pods: dict[str, Container]) -> None:
    assert pods["absent"].told is None
    assert "unresolvable CDI devices rockchip.com/npu=core3" in pods["absent"].said


def test_the_vendors_binding_is_to_see_the_device_tree(pods: dict[str, Container]) -> None:
    assert pods["vendor"].seen["init"] == -1, pods["vendor"].said
    assert "Please specify the target in init_runtime!" in pods["vendor"].said
    assert pods["vendor-unmasked"].seen["outputs"] == RESULT, pods["vendor-unmasked"].said
    assert pods["vendor-unmasked"].seen["libraries"] == [LIBRARY]


def test_with_cdi_off_the_pod_starts_without_the_npu(without_cdi: Container) -> None:
    assert without_cdi.seen["nodes"] == {}
    assert LIBRARY not in without_cdi.seen["mounts"]
