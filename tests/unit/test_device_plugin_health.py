"""The device plugin withdraws the cores while containers could not be given the NPU."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import grpc
import pytest

from rknn_device_plugin.health import look
from unit.device_plugin_boards import DRM, TURN, cdi_spec, faults
from unit.ready_roots import BOARD, MISC, PLUS, ROCKET, fill, without

if TYPE_CHECKING:
    from pathlib import Path

    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]

CARD = "dev/dri/card1"
TREE = {"proc/device-tree/compatible": PLUS}
HEAP = {"dev/dma_heap/system": ""}


def test_the_node_goes_and_comes_back(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    kubelet = board.serve()
    assert kubelet.lists == [{f"core{core}-0": "Healthy" for core in range(3)}]
    (board.root / CARD).unlink()
    kubelet.until_health("Unhealthy")
    with pytest.raises(grpc.RpcError, match="the NPU is gone: the kernel has /dev/dri/card1"):
        kubelet.allocate("core0-0")
    threading.Event().wait(TURN * 10)
    (board.root / CARD).touch()
    kubelet.until_health("Healthy")
    assert kubelet.allocate("core0-0").envs["RKNN_CORES"] == "0"
    board.stop()
    printed = capfd.readouterr()
    assert [set(one.values()) for one in kubelet.lists] == [
        {"Healthy"},
        {"Unhealthy"},
        {"Healthy"},
    ]
    [fault] = faults(printed.err)
    assert fault.startswith("withdrawn: the kernel has /dev/dri/card1, and /dev has not"), fault
    assert printed.out.splitlines()[1:] == ["the NPU can be used: /dev/dri/card1"]


def test_the_driver_goes_and_comes_back(board: Running) -> None:
    kubelet = board.serve()
    entries = board.root / "sys/class/drm"
    away = entries.rename(entries.with_name("away"))
    kubelet.until_health("Unhealthy")
    away.rename(entries)
    kubelet.until_health("Healthy")


def test_the_spec_goes_and_comes_back(board: Running) -> None:
    kubelet = board.serve()
    text = board.settings.spec.read_text()
    board.settings.spec.unlink()
    kubelet.until_health("Unhealthy")
    board.settings.spec.write_text(text)
    kubelet.until_health("Healthy")


def test_nothing_is_there_at_the_start(board: Running) -> None:
    (board.root / CARD).unlink()
    kubelet = board.serve()
    kubelet.until_health("Unhealthy")
    (board.root / CARD).touch()
    kubelet.until_health("Healthy")


ALL = {"name": "all", "containerEdits": {"deviceNodes": [{"path": "/dev/dri/card1"}]}}
WITHOUT_NODE = {"name": "all", "containerEdits": {"env": ["A=B"]}}
KIND = {"kind": "rockchip.com/npu"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "no CDI spec"),
        ("", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("\xff", "is no JSON"),
        ("[]", "is of kind None"),
        ("{}", "is of kind None"),
        ('{"kind": "nvidia.com/gpu"}', "is of kind 'nvidia.com/gpu', not rockchip.com/npu"),
        (json.dumps(KIND), 'no device "all"'),
        (json.dumps({**KIND, "devices": "all"}), 'no device "all"'),
        (json.dumps({**KIND, "devices": [None, 1]}), 'no device "all"'),
        (json.dumps({**KIND, "devices": [WITHOUT_NODE]}), "gives no node, and the NPU is"),
        (cdi_spec("/dev/dri/card0"), "gives /dev/dri/card0, and the NPU is /dev/dri/card1"),
        (cdi_spec(*DRM, "/dev/rga"), "gives /dev/rga, which is not there"),
    ],
)
def test_a_spec_that_is_of_no_use(board: Running, text: str | None, words: str) -> None:
    spec = board.settings.spec
    spec.unlink()
    if text is not None:
        spec.write_text(text, encoding="latin-1")
    state = look(board.root, "rknpu", spec)
    assert state.node == "/dev/dri/card1"
    assert not state.is_healthy
    assert state.fault
    assert words in state.fault, state.fault
    assert str(spec) in state.fault, state.fault
    assert "\n" not in state.fault


def test_a_spec_that_can_not_be_read(board: Running) -> None:
    board.settings.spec.unlink()
    board.settings.spec.mkdir()
    fault = look(board.root, "rknpu", board.settings.spec).fault
    assert fault
    assert "can't be read: Is a directory" in fault, fault


def test_the_node_of_one_device_alone(board: Running) -> None:
    spec = json.dumps({**KIND, "devices": [ALL]})
    board.settings.spec.write_text(spec, encoding="utf-8")
    state = look(board.root, "rknpu", board.settings.spec)
    assert state.is_healthy, state


def test_another_name_inside(board: Running) -> None:
    nodes = [{"path": "/dev/dri/card0", "hostPath": "/dev/dri/card1"}]
    edits = {"deviceNodes": nodes}
    spec = json.dumps({**KIND, "containerEdits": edits, "devices": [WITHOUT_NODE]})
    board.settings.spec.write_text(spec, encoding="utf-8")
    assert look(board.root, "rknpu", board.settings.spec).is_healthy


@pytest.mark.parametrize(
    ("driver", "files", "nodes"),
    [
        ("rknpu", {**TREE, **MISC, **HEAP}, ("/dev/rknpu", "/dev/dma_heap/system")),
        ("rocket", {**TREE, **ROCKET}, ("/dev/accel/accel0",)),
    ],
)
def test_other_drivers(
    tmp_path: Path, driver: str, files: dict[str, str], nodes: tuple[str, ...]
) -> None:
    root = fill(tmp_path / "root", files)
    spec = tmp_path / "cdi.json"
    spec.write_text(cdi_spec(*nodes, names=("all",)), encoding="utf-8")
    state = look(root, driver, spec)
    assert (state.node, state.fault) == (nodes[0], None)
    other = "rocket" if driver == "rknpu" else "rknpu"
    assert look(root, other, spec).fault
    (root / nodes[-1].lstrip("/")).unlink()
    assert look(root, driver, spec).fault


def test_no_driver(tmp_path: Path) -> None:
    files = without(BOARD, "dev/", "sys/")
    state = look(fill(tmp_path, files), "rknpu", tmp_path / "cdi.json")
    assert state.fault
    assert state.fault.startswith("no driver rknpu"), state
