"""Set-up that the folders share: Nix in the project's own store, package sets, what the user may lend."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from rknn_flake.nix import HOSTPKGS, Nix
from rknn_flake.paths import PROJECT


def named_by(variable: str, what: str) -> Path:
    """Return the folder that an environment variable names, or skip and say what it would bring."""
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set: {what}")
    path = Path(value)
    if not path.exists():
        pytest.fail(f"{variable}={value}: no such folder")
    return path


@pytest.fixture(scope="session")
def nix() -> Nix:
    """Nix on the project's own store, with the package set made of the machine's tools."""
    if shutil.which("nix") is None:
        pytest.skip("no nix on PATH; scripts/test installs it")
    return Nix.private()


@pytest.fixture(scope="session", params=["hostpkgs", "nixpkgs-lib"])
def package_set(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the package set: with its own lib, and with the real one where NIXPKGS_LIB names it."""
    if request.param == "hostpkgs":
        return HOSTPKGS
    real = named_by("NIXPKGS_LIB", "a checkout of nixpkgs' lib to evaluate with as well")
    copy = tmp_path_factory.mktemp("hostpkgs") / "hostpkgs"
    shutil.copytree(HOSTPKGS, copy)
    shutil.rmtree(copy / "lib")
    shutil.copytree(real / "lib" if (real / "lib").is_dir() else real, copy / "lib")
    return copy


@pytest.fixture(scope="session")
def evaluator(nix: Nix, package_set: Path) -> Nix:
    """Nix as `nix`, on each package set there is."""
    return replace(nix, nixpkgs=package_set)


def pkgs_expression(
    package_set: Path = HOSTPKGS, *, system: str = "aarch64-linux", overlays: str = "", more: str = ""
) -> str:
    """Return a Nix expression for the package set with this project's overlay on it."""
    return (
        f"import {package_set} {{ system = {system!r}; "
        f"overlays = [ (import {PROJECT}/overlays) {overlays} ]; "
        f"config.allowUnfree = true; {more} }}"
    ).replace("'", '"')
