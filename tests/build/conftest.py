"""A library of our own with the marks of the vendor's, so that the vendor's package builds without it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import pkgs_expression

from rknn_flake.process import run

STANDIN = Path(__file__).parent / "standin"

# (release, compiler flags) -> folder of files to take the place of the downloads.
MakeFiles = Callable[..., Path]


@pytest.fixture
def vendor_files(tmp_path: Path) -> MakeFiles:
    """Return a function that makes the files of a release; flags go to the compiler."""
    if shutil.which("aarch64-linux-gnu-g++") is None:
        pytest.skip("no aarch64-linux-gnu-g++ on PATH; scripts/test installs it")

    def make(release: str = "2.3.2", *flags: str, soname: str = "librknnrt.so") -> Path:
        folder = tmp_path / "vendor"
        folder.mkdir()
        for name in ("rknn_api.h", "rknn_matmul_api.h", "rknn_custom_op.h", "LICENSE"):
            shutil.copy(STANDIN / name, folder)
        run(
            [
                "aarch64-linux-gnu-g++",
                "-shared",
                "-fPIC",
                "-g",
                f"-Wl,-soname,{soname}",
                f'-DVERSION="{release}"',
                *flags,
                STANDIN / "librknnrt.cpp",
                "-o",
                folder / "librknnrt.so",
            ]
        )
        return folder

    return make


def scope_from(files: Path, *, release: str = "2.3.2", build: str = "scope.runtime") -> str:
    """Return a Nix expression for `build`, in which `scope` takes `files` in place of downloads."""
    return f"""
      let
        pkgs = {pkgs_expression()};
        file = name: builtins.path {{ inherit name; path = {files} + "/${{name}}"; }};
        names = {{ librknnrt = "librknnrt.so"; license = "LICENSE"; }};
        scope = pkgs.rknn.overrideScope (_: prev: {{
          sources = prev.sources // {{
            defaults = prev.sources.defaults // {{ runtime = "{release}"; }};
            fetch = {{ component, ... }}: file (names.${{component}} or component);
          }};
        }});
      in {build}
    """
