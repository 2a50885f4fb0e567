"""Boards for the device plugin, each with a kubelet beside it."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rknn_device_plugin.plugin import Settings
from unit.device_plugin_boards import DRM, Running, cdi_spec
from unit.fake_kubelet import Kubelet, until
from unit.ready_roots import BOARD, fill

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def short() -> Iterator[Path]:
    """Give a new folder with a short path: those of pytest are too long for sockets.

    What served and called there has ended: gRPC's threads must not outlive the interpreter.
    """
    before = threading.active_count()
    folder = Path(tempfile.mkdtemp(prefix="rknn-"))
    yield folder
    shutil.rmtree(folder)
    until(lambda: threading.active_count() <= before, "its threads have ended")


@pytest.fixture
def board(short: Path) -> Iterator[Running]:
    """Return an Orange Pi 5 Plus with rknpu and a CDI spec, its plugin not yet started."""
    root = fill(short / "root", BOARD)
    spec = short / "cdi.json"
    spec.write_text(cdi_spec(*DRM), encoding="utf-8")
    folder = short / "kubelet"
    settings = Settings("rk3588", folder, spec, "rknpu", 1, None, None, None, root)
    made = Running(settings, root, Kubelet(folder))
    try:
        yield made
        made.stop()
    finally:
        made.kubelet.stop()
