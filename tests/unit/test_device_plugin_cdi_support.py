"""The device plugin stays away from kubelet while the container runtime would leave CDI out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from rknn_device_plugin import plugin
from rknn_device_plugin.messages import CRI
from rknn_device_plugin.runtime_status import ask
from unit.device_plugin_boards import TURN, faults
from unit.fake_kubelet import server, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rknn_device_plugin.server import Server
    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]


class Runtime:
    """A container runtime that says what it is told to, and counts how often it is asked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.endpoint = f"unix://{path}"
        self.info: dict[str, str] = {}
        self.version = ("containerd", "2.2.1")
        self.asked = 0
        self._server: Server | None = None

    def start(self, name: str = "runtime.v1.RuntimeService") -> None:
        """Serve."""
        methods = {"Status": self._status, "Version": self._version}
        self._server = server(self.path, name, methods)

    def stop(self) -> None:
        """Serve no more."""
        if self._server:
            self.path.unlink()
            self._server.stop()

    def _status(self, raw: bytes, _context: object) -> bytes:
        self.asked += 1
        assert CRI["StatusRequest"].FromString(raw).verbose
        return bytes(CRI["StatusResponse"](info=self.info).SerializeToString())

    def _version(self, _raw: bytes, _context: object) -> bytes:
        name, number = self.version
        told = CRI["VersionResponse"](runtime_name=name, runtime_version=number)
        return bytes(told.SerializeToString())


@pytest.fixture
def runtime(short: Path) -> Iterator[Runtime]:
    made = Runtime(short / "runtime.sock")
    yield made
    made.stop()


@pytest.mark.parametrize(
    ("config", "name", "version"),
    [
        ('{"enableCDI": true}', "containerd", "1.7.24"),
        # "Not set": containerd 2, which has it on.
        ('{"enableCDI": null}', "containerd", "2.2.1"),
        # containerd 2.3 has no such setting.
        ('{"cdiSpecDirs": []}', "containerd", "2.3.0"),
        # CRI-O.
        ('{"sandboxImage": "pause"}', "cri-o", "1.31.0"),
        (None, "cri-o", "1.0.0"),
        ("", "containerd", "1.6.0"),
        ("no json", "containerd", "2.0"),
        ("[1]", "strange", "of late"),
    ],
)
def test_cdi_is_on_or_nobody_knows(
    runtime: Runtime, config: str | None, name: str, version: str
) -> None:
    runtime.info = {} if config is None else {"config": config}
    runtime.version = (name, version)
    runtime.start()
    told = ask(runtime.endpoint)
    assert (told.fault, told.is_off) == (None, False)


@pytest.mark.parametrize(
    ("config", "version", "words"),
    [
        ('{"enableCDI": false}', "1.7.24", ["switched off", "enable_cdi = true", "restart"]),
        ('{"sandboxImage": "pause"}', "1.6.20~ds1", ["containerd 1.6.20~ds1", "1.7"]),
        ('{"sandboxImage": "pause"}', "v1.6.4", ["containerd v1.6.4", "1.7"]),
    ],
)
def test_cdi_is_off(runtime: Runtime, config: str, version: str, words: list[str]) -> None:
    runtime.info = {"config": config}
    runtime.version = ("containerd", version)
    runtime.start()
    told = ask(runtime.endpoint)
    assert told.is_off
    assert told.fault
    for word in (*words, runtime.endpoint):
        assert word in told.fault, told.fault
    assert "\n" not in told.fault


def test_what_is_no_runtime(runtime: Runtime) -> None:
    runtime.start("another.Service")
    told = ask(runtime.endpoint)
    assert not told.is_off
    assert told.fault
    assert "can't be asked" in told.fault
    assert "UNIMPLEMENTED" in told.fault


def test_no_registration_until_cdi_is_on(
    board: Running,
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(plugin, "ASK_AGAIN", 0.2)
    runtime.info = {"config": '{"enableCDI": false}'}
    runtime.start()
    board.kubelet.start()
    board.start(endpoint=runtime.endpoint)
    until(lambda: runtime.asked > 2, "asked again")
    assert board.kubelet.told == []
    assert not (board.settings.kubelet / "rockchip.com-npu.sock").exists()
    runtime.info = {"config": '{"enableCDI": true}'}
    board.kubelet.until_registered()
    printed = capfd.readouterr()
    [fault] = faults(printed.err)
    assert "switched off" in fault
    assert printed.out.splitlines()[0].endswith("gives CDI devices"), printed


def test_a_runtime_is_asked_once_and_after_a_restart(board: Running, runtime: Runtime) -> None:
    runtime.info = {"config": '{"enableCDI": true}'}
    runtime.start()
    kubelet = board.serve(endpoint=runtime.endpoint)
    threading.Event().wait(TURN * 20)
    assert runtime.asked == 1
    kubelet.restart()
    kubelet.until_registered(2)
    assert runtime.asked == 2


def test_cdi_is_switched_off_at_a_restart(board: Running, runtime: Runtime) -> None:
    runtime.info = {"config": '{"enableCDI": true}'}
    runtime.start()
    kubelet = board.serve(endpoint=runtime.endpoint)
    runtime.info = {"config": '{"enableCDI": false}'}
    kubelet.restart()
    until(lambda: runtime.asked == 2, "asked")
    until(lambda: not (board.settings.kubelet / "rockchip.com-npu.sock").exists(), "no socket")
    assert len(kubelet.told) == 1


def test_no_runtime_there(
    board: Running,
    runtime: Runtime,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(plugin, "ASK_AGAIN", 0.1)
    board.serve(endpoint=runtime.endpoint)
    threading.Event().wait(0.5)
    runtime.start()
    until(lambda: runtime.asked, "asked again")
    board.stop()
    [fault] = faults(capfd.readouterr().err)
    assert fault.startswith(f"the container runtime at {runtime.endpoint} can't be asked: ")


def test_devices_are_withdrawn_when_cdi_turns_out_to_be_off(
    board: Running, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin, "ASK_AGAIN", 0.1)
    board.serve(endpoint=runtime.endpoint)
    own = board.settings.kubelet / "rockchip.com-npu.sock"
    assert own.is_socket()
    runtime.info = {"config": '{"enableCDI": false}'}
    runtime.start()
    until(lambda: not own.exists(), "no socket")
    assert len(board.kubelet.told) == 1
