"""The device plugin finds kubelet, tells it of itself, and waits quietly where it can't."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest

from unit.device_plugin_boards import TURN, faults
from unit.fake_kubelet import Kubelet, until
from unit.unprivileged import own_folder, unprivileged

if TYPE_CHECKING:
    from pathlib import Path

    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]

NAME = "rockchip.com/npu"


def errors(capfd: pytest.CaptureFixture[str], seen: list[str]) -> list[str]:
    """Return the faults that were printed since the test began."""
    seen.extend(faults(capfd.readouterr().err))
    return seen


def test_what_kubelet_is_told(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    kubelet = board.serve()
    [request] = kubelet.told
    assert (request.version, request.resource_name) == ("v1beta1", NAME)
    assert (board.settings.kubelet / request.endpoint).is_socket(), request
    for options in (request.options, kubelet.options):
        assert options.get_preferred_allocation_available
        assert not options.pre_start_required
    board.stop()
    printed = capfd.readouterr()
    assert printed.out.splitlines() == [f"kubelet has {NAME}: 3 cores of rk3588, 1 pod each"]
    assert faults(printed.err) == []


@pytest.mark.parametrize("folder_is_there", [True, False])
def test_kubelet_comes_later(
    board: Running,
    capfd: pytest.CaptureFixture[str],
    folder_is_there: bool,  # noqa: FBT001
) -> None:
    lines: list[str] = []
    if folder_is_there:
        board.settings.kubelet.mkdir()
    board.start()
    until(lambda: errors(capfd, lines), "a line")
    threading.Event().wait(TURN * 10)
    assert not board.kubelet.told
    board.kubelet.start()
    board.kubelet.until_registered()
    # The folder may be there a moment before the socket is.
    assert 1 <= len(errors(capfd, lines)) <= 1 + (not folder_is_there), lines
    for line in lines:
        assert "waiting for kubelet" in line, line
        assert str(board.settings.kubelet) in line, line


def test_another_version_of_kubelet(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    strange = Kubelet(board.settings.kubelet, version="v2")
    strange.start()
    board.start()
    until(lambda: errors(capfd, lines), "a line")
    threading.Event().wait(1.5)
    strange.stop()
    [line] = [one for one in errors(capfd, lines) if "(UNKNOWN)" in one]
    assert 'requested API version "v1beta1" is not supported' in line, line
    assert strange.told == []
    board.kubelet.start()
    board.kubelet.until_registered()


def test_a_kubelet_that_knows_no_plugins(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    board.settings.kubelet.mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(board.settings.kubelet / "kubelet.sock"))
        listening.listen()
        listening.settimeout(20)
        board.start()
        answered, _ = listening.accept()
        with answered:
            answered.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            until(lambda: errors(capfd, lines), "a line", 30)
    board.stop()
    assert len(lines) == 1, lines
    assert f"kubelet did not take {NAME}" in lines[0]


def test_no_kubelet_behind_its_socket(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    board.settings.kubelet.mkdir()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(board.settings.kubelet / "kubelet.sock"))
    board.start()
    until(lambda: errors(capfd, lines), "a line")
    threading.Event().wait(1.5)
    [line] = errors(capfd, lines)
    assert "(UNAVAILABLE)" in line, line
    board.kubelet.start()
    board.kubelet.until_registered()


def test_a_folder_that_can_not_be_written(
    board: Running, capfd: pytest.CaptureFixture[str]
) -> None:
    with own_folder() as folder:
        kubelet = Kubelet(folder)
        kubelet.start()
        board.root.parent.chmod(0o755)
        folder.chmod(0o555)
        with unprivileged():
            board.start(kubelet=folder)
            board.stop()
        kubelet.stop()
        assert kubelet.told == []
        assert faults(capfd.readouterr().err) == [f"{folder} can't be written: run as root"]


def test_another_plugin_for_the_npu(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    folder = board.settings.kubelet
    board.kubelet.start()
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(folder / "rockchip.com-npu.sock"))
        other.listen()
        board.start()
        lines: list[str] = []
        until(lambda: errors(capfd, lines), "a line")
        assert board.kubelet.told == []
        assert (folder / "rockchip.com-npu.sock").is_socket()
    # Nobody answers there now.
    board.kubelet.until_registered()
    [line] = errors(capfd, lines)
    assert "another program serves" in line, line


def test_a_socket_that_can_not_be_made(board: Running, capfd: pytest.CaptureFixture[str]) -> None:
    taken = board.settings.kubelet / "rockchip.com-npu.sock"
    taken.mkdir(parents=True)
    board.kubelet.start()
    board.start()
    lines: list[str] = []
    until(lambda: errors(capfd, lines), "a line")
    threading.Event().wait(TURN * 10)
    taken.rmdir()
    board.kubelet.until_registered()
    [line] = errors(capfd, lines)
    assert line == f"can't serve {taken}: Failed to bind to address unix:{taken}", line


def test_a_socket_left_by_a_plugin_that_was_killed(board: Running, short: Path) -> None:
    board.kubelet.start()
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(short / "kubelet/rockchip.com-npu.sock"))
    board.start()
    board.kubelet.until_registered()
