"""The device plugin run on roots like those of boards, in this process or in one of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rknn_device_plugin.journal import PROGRAM, Journal
from rknn_device_plugin.plugin import Plugin, Settings, run
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from unit.fake_kubelet import Kubelet

TURN = 0.02
DRM = ("/dev/dri/card1", "/dev/dri/renderD129")
FOLDERS = [str(PROJECT / "pkgs/rknn" / name) for name in ("device-plugin", "cdi", "ready")]


def cdi_spec(*nodes: str, names: tuple[str, ...] = ("all", "core0", "core1", "core2")) -> str:
    """Return a CDI spec like rknn-cdi's, with these nodes for all of its devices."""
    devices = [{"name": name, "containerEdits": {"env": [f"RKNN_DEVICE={name}"]}} for name in names]
    edits = {"deviceNodes": [{"path": node, "permissions": "rw"} for node in nodes]}
    return json.dumps(
        {
            "cdiVersion": "0.5.0",
            "kind": "rockchip.com/npu",
            "containerEdits": edits,
            "devices": devices,
        }
    )


def faults(text: str) -> list[str]:
    """Return the plugin's own lines of what was on stderr.

    The gRPC of this process, which is kubelet's too, prints some where it was imported first.
    """
    mark = f"{PROGRAM}: "
    return [line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark)]


@dataclass
class Running:
    """A plugin in a thread, its settings, its root, and the kubelet that it serves."""

    settings: Settings
    root: Path
    kubelet: Kubelet
    plugin: Plugin | None = None
    thread: threading.Thread | None = None
    end: threading.Event | None = None

    def start(self, **changed: object) -> None:
        """Start the plugin, with changed settings."""
        self.settings = replace(self.settings, **changed)  # type: ignore[arg-type]
        self.plugin = plugin = Plugin(self.settings, Journal())
        self.end = end = threading.Event()
        self.thread = threading.Thread(target=run, args=(plugin, lambda: end.wait(TURN)))
        self.thread.start()

    def serve(self, **changed: object) -> Kubelet:
        """Start kubelet and the plugin, and wait for them to meet."""
        self.kubelet.start()
        self.start(**changed)
        self.kubelet.until_registered()
        return self.kubelet

    def stop(self) -> None:
        """End the plugin."""
        if self.end and self.thread:
            self.end.set()
            self.thread.join(20)
            assert not self.thread.is_alive(), "the plugin does not end"
        self.end = self.thread = None


@contextmanager
def started(board: Running, *options: str) -> Iterator[subprocess.Popen[str]]:
    """Start the command beside the board's kubelet; it does not outlive a test that fails."""
    words = [sys.executable, "-m", "rknn_device_plugin.cli", "--interval=0.02"]
    one = board.settings
    words += [f"--kubelet-dir={one.kubelet}", f"--cdi-spec={one.spec}", f"--root={one.root}"]
    found = os.pathsep.join([*FOLDERS, *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        [*words, *options],
        env={**os.environ, "PYTHONPATH": found},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as plugin:
        try:
            yield plugin
        finally:
            plugin.kill()
