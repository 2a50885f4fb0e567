"""Without an NPU the simulator says so in the vendor's words, and leaves /dev as it was.

Real nodes, and drivers too old, are tested on the emulated board.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from unit import simulator_lib as lib
from unit.rknn_file import Model, rknn_bytes

if TYPE_CHECKING:
    from unit.simulator_lib import Simulator

pytest_plugins = ["unit.simulator_fixtures"]

MODEL = rknn_bytes(Model())
NO_NODE = (
    "failed to open rknpu module, need to insmod rknpu dirver!",
    "failed to open rknn device!",
)


def dev_nodes() -> set[tuple[str, int, int]]:
    """Return name, device and mode of every node that librknnrt's libdrm makes or removes."""
    nodes = [Path("/dev"), *Path("/dev").glob("rknpu*"), *Path("/dev").glob("dri/*")]
    return {(str(n), n.lstat().st_rdev, n.lstat().st_mode) for n in nodes}


@pytest.fixture
def without_npu(monkeypatch: pytest.MonkeyPatch, simulator: Simulator) -> Simulator:
    if Path("/dev/rknpu").exists() or list(Path("/dev").glob("dri/card*")):
        pytest.skip("this machine has /dev/rknpu or /dev/dri/card*: it may have an NPU")
    monkeypatch.delenv("RKNN_SIMULATOR_DEVICE")
    return simulator


def test_no_node(without_npu: Simulator, capfd: pytest.CaptureFixture[str]) -> None:
    before = dev_nodes()
    code, handle = without_npu.init(MODEL)
    said = capfd.readouterr().err.splitlines()
    assert (code, handle) == (lib.FAIL, 0)
    errors = [line.split("] ", 1)[1] for line in said if line.startswith("E RKNN: [")]
    assert tuple(errors) == NO_NODE
    assert dev_nodes() == before


def test_the_device_is_looked_for_before_the_model_is_read(without_npu: Simulator) -> None:
    assert without_npu.init(b"not a model")[0] == lib.FAIL


def test_no_device_is_needed_when_told_so(simulator: Simulator) -> None:
    assert simulator.init(MODEL)[0] == lib.OK


def test_another_word_for_the_device_is_refused(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RKNN_SIMULATOR_DEVICE", "nothing")
    assert simulator.init(MODEL)[0] == lib.FAIL
    assert "RKNN_SIMULATOR_DEVICE=nothing is unknown; set it to none" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("level", "letters"), [("", ""), ("0", ""), ("1", "W"), ("2", "IW"), ("5", "IW"), ("x", "")]
)
def test_log_level(
    simulator: Simulator,
    level: str,
    letters: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RKNN_LOG_LEVEL", level)
    assert simulator.init(MODEL)[0] == lib.OK
    said = capfd.readouterr().err
    assert {line[0] for line in said.splitlines()} == set(letters), said


def test_the_log_names_versions_and_target(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RKNN_LOG_LEVEL", "2")
    simulator.init(MODEL)
    said = capfd.readouterr().err
    assert "RKNN Runtime Information, librknnrt version: 2.3.2 (simulator@rknn-flake)" in said
    assert "RKNN Model Information, version: 6, toolkit version: 2.3.2(" in said
    assert "target platform: rk3588, framework name: ONNX" in said
