"""rknn-device-plugin as a service: signals end it cleanly, and what can't work is one line."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from rknn_device_plugin.cli import main
from unit.commands import command
from unit.device_plugin_boards import started
from unit.ready_roots import BOARD, fill, without

if TYPE_CHECKING:
    from pathlib import Path

    from unit.device_plugin_boards import Running

pytest_plugins = ["unit.device_plugin_fixtures"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(board: Running, short: Path, number: signal.Signals) -> None:
    labels = short / "labels"
    board.kubelet.start()
    with started(board, f"--features={labels}") as plugin:
        board.kubelet.until_registered()
        assert labels.exists()
        plugin.send_signal(number)
        out, err = plugin.communicate(timeout=20)
    assert (plugin.returncode, err) == (0, "")
    assert out.splitlines() == ["kubelet has rockchip.com/npu: 3 cores of rk3588, 1 pod each"]
    assert not labels.exists()
    assert [path.name for path in board.settings.kubelet.iterdir()] == ["kubelet.sock"]


def test_a_signal_while_it_waits_for_kubelet(board: Running) -> None:
    with started(board) as plugin:
        assert plugin.stderr
        assert "waiting for kubelet" in plugin.stderr.readline()
        plugin.terminate()
        plugin.communicate(timeout=20)
    assert plugin.returncode == 0


def test_options_are_heeded(board: Running) -> None:
    board.kubelet.start()
    with started(board, "--pods-per-core=2") as plugin:
        board.kubelet.until_registered()
        assert len(board.kubelet.lists[0]) == 6
        plugin.terminate()
        out, _ = plugin.communicate(timeout=20)
    assert "2 pods each" in out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ([], "--cdi-spec"),
        (["--cdi-spec=a", "--pods-per-core=0"], "'0' is no number between 1 and 100"),
        (["--cdi-spec=a", "--pods-per-core=many"], "'many'"),
        (["--cdi-spec=a", "--interval=0"], "'0'"),
        (["--cdi-spec=a", "--interval=nan"], "'nan'"),
        (["--cdi-spec=a", "--runtime-endpoint=/run/containerd.sock"], "unix:///"),
        (["--cdi-spec=a", "--driver=galcore"], "'galcore'"),
        (["--cdi-spec=a", "--strange"], "--strange"),
    ],
)
def test_wrong_usage(capsys: pytest.CaptureFixture[str], options: list[str], words: str) -> None:
    outcome = command(main, capsys)(*options)
    assert (outcome.status, outcome.out) == (2, ""), outcome
    assert outcome.err.count("\n") == 1, outcome
    assert words in outcome.err


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (without(BOARD, "proc/"), "no device tree"),
        ({"proc/device-tree/compatible": "raspberrypi,4-model-b\0"}, "raspberrypi,4-model-b"),
    ],
)
def test_another_machine(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, files: dict[str, str], words: str
) -> None:
    fill(tmp_path, files)
    outcome = command(main, capsys)("--cdi-spec=a", "--root", tmp_path)
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert outcome.err.count("\n") == 1, outcome
    assert words in outcome.err
    assert "mySystem.rknn.kubernetes.enable = false" in outcome.err


@pytest.mark.parametrize(("length", "fits"), [(107, True), (108, False)])
def test_a_path_that_is_too_long(
    board: Running,
    capsys: pytest.CaptureFixture[str],
    length: int,
    fits: bool,  # noqa: FBT001
) -> None:
    own = len("/rockchip.com-npu.sock")
    folder = board.root.parent / ("k" * (length - own - len(str(board.root.parent)) - 1))
    assert len(f"{folder}/rockchip.com-npu.sock") == length
    if fits:
        board.kubelet.folder = folder
        board.serve(kubelet=folder)
        return
    outcome = command(main, capsys)("--cdi-spec=a", "--kubelet-dir", folder)
    assert (outcome.status, outcome.out) == (1, ""), outcome
    assert outcome.err.count("\n") == 1, outcome
    assert "longer than the 107 bytes of a socket's path" in outcome.err
