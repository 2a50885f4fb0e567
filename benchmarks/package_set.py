"""The package set that the benchmarks build and evaluate: the one made of the machine's tools."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from rknn_flake.errors import UsageError
from rknn_flake.nix import HOSTPKGS
from rknn_flake.paths import PROJECT

SYSTEM = "aarch64-linux"


def expression(package_set: Path = HOSTPKGS, *, overlay: bool = True) -> str:
    """Return a Nix expression for the package set, with this project's overlay on it or without."""
    overlays = f"(import {PROJECT}/overlays)" if overlay else ""
    return (
        f'import {package_set} {{ system = "{SYSTEM}"; overlays = [ {overlays} ]; '
        "config.allowUnfree = true; }"
    )


def nixpkgs_lib() -> Path | None:
    """Return the folder of nixpkgs' real lib that NIXPKGS_LIB names (a checkout or its lib/)."""
    named = os.environ.get("NIXPKGS_LIB")
    if not named:
        return None
    folder = Path(named).resolve()
    folder = folder / "lib" if (folder / "lib").is_dir() else folder
    if not (folder / "default.nix").is_file():
        raise UsageError(
            f"NIXPKGS_LIB={named}: found no default.nix; give a checkout of nixpkgs' lib"
        )
    return folder


def with_lib(lib: Path, at: Path) -> Path:
    """Copy the package set to `at` with `lib` in place of its own; return `at`."""
    shutil.copytree(HOSTPKGS, at)
    shutil.rmtree(at / "lib")
    shutil.copytree(lib, at / "lib")
    return at
