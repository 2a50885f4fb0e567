"""A library of our own with the marks of the vendor's, for the vendor's package to build."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from expressions import STANDIN, MakeFiles
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def vendor_files(tmp_path: Path) -> MakeFiles:
    """Return a function that makes the files of a release; flags go to the compiler."""
    if shutil.which("aarch64-linux-gnu-g++") is None:
        pytest.skip("no aarch64-linux-gnu-g++ on PATH; scripts/test installs it")

    def make(release: str = "2.3.2", *flags: str, soname: str = "librknnrt.so") -> Path:
        folder = tmp_path / "vendor"
        folder.mkdir(exist_ok=True)
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
