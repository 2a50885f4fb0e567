"""The device plugin is told to kubelet again when kubelet, or its own socket, is made anew."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from rknn_device_plugin import link
from unit.device_plugin_boards import TURN, faults
from unit.fake_kubelet import server, until

if TYPE_CHECKING:
    import pytest

    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]

OWN = "rockchip.com-npu.sock"


def test_kubelet_restarts(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    kubelet = board.serve()
    for times in (2, 3):
        kubelet.restart()
        kubelet.until_registered(times)
        assert kubelet.allocate("core2-0").envs["RKNN_CORES"] == "2"
    board.stop()
    printed = capfd.readouterr()
    assert printed.out.count("kubelet has rockchip.com/npu") == 3, printed
    assert "withdrawn" not in printed.err, printed


def test_no_more_registrations_than_starts(board: Running) -> None:
    kubelet = board.serve()
    threading.Event().wait(TURN * 20)
    assert len(kubelet.told) == 1
    assert len(kubelet.lists) == 1


def test_kubelet_is_away_for_long(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    kubelet = board.serve()
    kubelet.stop()
    threading.Event().wait(TURN * 20)
    kubelet.start()
    kubelet.until_registered(2)
    [fault] = faults(capfd.readouterr().err)
    assert "waiting for kubelet" in fault, fault


def test_our_socket_is_removed(board: Running) -> None:
    kubelet = board.serve()
    (board.settings.kubelet / OWN).unlink()
    kubelet.until_registered(2)
    assert (board.settings.kubelet / OWN).is_socket()


def test_kubelets_socket_alone_is_made_anew(board: Running) -> None:
    kubelet = board.serve()
    own = (board.settings.kubelet / OWN).stat().st_ino
    told: list[bytes] = []

    def register(raw: bytes, _context: object) -> bytes:
        told.append(raw)
        return b""

    path = board.settings.kubelet / "kubelet.sock"
    other = server(path, "v1beta1.Registration", {"Register": register})
    until(lambda: told, "a registration with the other kubelet")
    assert (board.settings.kubelet / OWN).stat().st_ino == own
    board.stop()
    other.stop()
    assert len(told) == 1
    assert len(kubelet.told) == 1


def test_kubelet_forgets_us(
    board: Running, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(link, "PATIENCE", 1.0)
    kubelet = board.serve()
    own = (board.settings.kubelet / OWN).stat().st_ino
    told = len(kubelet.told)
    threading.Event().wait(1.5)
    assert len(kubelet.told) == told, "it was listening"
    kubelet.forget()
    kubelet.until_registered(told + 1)
    assert kubelet.allocate("core1-0").envs["RKNN_CORES"] == "1"
    assert (board.settings.kubelet / OWN).stat().st_ino == own
    board.stop()
    assert set(faults(capfd.readouterr().err)) == {"kubelet listens no more; telling it again"}


def test_the_end_leaves_nothing(board: Running) -> None:
    kubelet = board.serve()
    board.stop()
    assert [path.name for path in board.settings.kubelet.iterdir()] == ["kubelet.sock"]
    board.start()
    kubelet.until_registered(2)
