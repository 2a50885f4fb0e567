"""Set-up that the folders share: Nix in the project's own store, and package sets."""

from __future__ import annotations

import os
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from rknn_flake.nix import HOSTPKGS, Nix

NIXPKGS_LIB = os.environ.get("NIXPKGS_LIB")

# A shell's background job ignores it, and so would all that the tests start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def nix() -> Nix:
    """Nix on the project's own store, with the package set made of the machine's tools."""
    if shutil.which("nix") is None:
        pytest.skip("no nix on PATH; scripts/test installs it")
    return Nix.private()


@pytest.fixture(scope="session", params=["own-lib", *(["nixpkgs-lib"] if NIXPKGS_LIB else [])])
def package_set(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the package set, with its own lib and with the real one NIXPKGS_LIB names."""
    if request.param == "own-lib" or NIXPKGS_LIB is None:
        return HOSTPKGS
    real = Path(NIXPKGS_LIB)
    real = real / "lib" if (real / "lib").is_dir() else real
    if not (real / "default.nix").is_file():
        pytest.fail(f"NIXPKGS_LIB={NIXPKGS_LIB}: no checkout of nixpkgs' lib (no default.nix)")
    copy = tmp_path_factory.mktemp("nixpkgs-lib") / "hostpkgs"
    shutil.copytree(HOSTPKGS, copy)
    shutil.rmtree(copy / "lib")
    shutil.copytree(real, copy / "lib")
    return copy


@pytest.fixture(scope="session")
def evaluator(nix: Nix, package_set: Path) -> Nix:
    """Nix as `nix`, on each package set there is."""
    return replace(nix, nixpkgs=package_set)
