"""Fixtures for the tests of the simulator; a test module names this file in pytest_plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.process import run
from unit.simulator_lib import SOURCES, Simulator

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

VERSION = "2.3.2"
STRICT = "-O1 -g -Werror"


@pytest.fixture(scope="session")
def build_simulator(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return a function that builds the library with the given CFLAGS and returns its path."""

    def build(cflags: str = STRICT, sources: Path = SOURCES) -> Path:
        folder = tmp_path_factory.mktemp("simulator")
        settings = {"VERSION": VERSION, "CC": "gcc", "CFLAGS": cflags, "PREFIX": folder / "out"}
        words = [f"{key}={value}" for key, value in settings.items()]
        run(["make", "-s", "-C", sources, *words, f"BUILD={folder / 'build'}", "install"])
        return folder / "out" / "lib" / "librknnrt.so"

    return build


@pytest.fixture(scope="session")
def simulator_path(build_simulator: Callable[..., Path]) -> Path:
    """Return the path of the library, built once."""
    return build_simulator()


@pytest.fixture
def simulator(simulator_path: Path, monkeypatch: pytest.MonkeyPatch) -> Simulator:
    """Return the library, set to run without a device and to log errors and warnings."""
    monkeypatch.setenv("RKNN_SIMULATOR_DEVICE", "none")
    monkeypatch.setenv("RKNN_LOG_LEVEL", "1")
    monkeypatch.delenv("RKNN_SIMULATOR_SOC", raising=False)
    return Simulator(simulator_path)
