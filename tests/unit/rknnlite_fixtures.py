"""An unpacked wheel shaped like rknn-toolkit-lite2's, with a runtime module in plain Python."""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import patch_rknnlite
from rknn_flake.process import Completed, run
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DIST_INFO = "rknn_toolkit_lite2-2.3.2.dist-info"

# The order of init_runtime's steps and its two ways of refusing, as the real wheels show them.
RUNTIME = """
import ctypes
import os

DEVICE_COMPATIBLE_NODE = "/proc/device-tree/compatible"
LIBRKNNRT_PATH = "/usr/lib/librknnrt.so"


class RKNNRuntime:
    def __init__(self, target=None):
        self.target = target
        self._get_target_soc()
        self.lib = ctypes.CDLL(self._get_rknn_api_lib_path())
        self.lib.rknn_init

    def set_core_mask(self, core_mask):
        print("core mask", core_mask)

    def _get_target_soc(self):
        if self.target is None and not self._is_npu_self():
            raise Exception("Please specify the target in init_runtime!")

    def _is_npu_self(self):
        try:
            with open(DEVICE_COMPATIBLE_NODE) as node:
                return "rk3588" in node.read()
        except OSError:
            return False

    def _get_rknn_api_lib_path(self):
        if self.target is not None:
            raise Exception("Unsupported run platform: Linux aarch64")
        raise Exception("Can not find dynamic library on {}!".format("RK3588"))
"""

LITE = """
import traceback
from .rknn_runtime import RKNNRuntime


class RKNNLite:
    def init_runtime(self, target=None, core_mask=None):
        try:
            self.rknn_runtime = RKNNRuntime(target)
        except:
            print(traceback.format_exc())
            return -1
        if core_mask is not None:
            self.rknn_runtime.set_core_mask(core_mask)
        return 0
"""


@dataclass(frozen=True)
class Tree:
    """An unpacked wheel, a library for it to open, and files that name an SoC."""

    root: Path
    library: Path
    board: Path

    def record(self) -> Path:
        """Return the wheel's RECORD."""
        (path,) = self.root.glob("*.dist-info/RECORD")
        return path

    @staticmethod
    def record_line(name: str, data: bytes) -> str:
        """Return the line of RECORD for a file."""
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        return f"{name},sha256={digest},{len(data)}"

    def contents(self) -> dict[str, bytes]:
        """Return every file of the wheel, by its name in RECORD."""
        files = (path for path in self.root.rglob("*") if path.is_file())
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in files}

    def python(self, code: str, **environment: str | Path) -> Completed:
        """Run `code` with the wheel on Python's path, no bytecode written."""
        variables = {name: str(value) for name, value in environment.items()}
        return run(
            [sys.executable, "-B", "-c", code], env={"PYTHONPATH": str(self.root), **variables}
        )

    def on_board(self, code: str, **environment: str | Path) -> Completed:
        """Run `code` where the file that names the SoC is a board's."""
        return self.python(code, **{"RKNN_DEVICE_COMPATIBLE_NODE": self.board, **environment})


@pytest.fixture
def wheel(tmp_path: Path) -> Tree:
    """Return a wheel as it is unpacked, nothing patched; its SoC file is that of a board."""
    root = tmp_path / "site-packages"
    files = {
        "rknnlite/__init__.py": b"",
        "rknnlite/api/__init__.py": b"from rknnlite.api.rknn_lite import RKNNLite",
        "rknnlite/api/rknn_lite.py": LITE.encode(),
        "rknnlite/api/rknn_runtime.py": RUNTIME.encode(),
        f"{DIST_INFO}/METADATA": b"Name: rknn-toolkit-lite2\nVersion: 2.3.2\n",
    }
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    lines = [Tree.record_line(name, data) for name, data in files.items()]
    (root / DIST_INFO / "RECORD").write_text(
        "\n".join([*lines, f"{DIST_INFO}/RECORD,,", ""]), encoding="utf-8"
    )
    board = tmp_path / "compatible"
    board.write_bytes(b"xunlong,orangepi-5-plus\0rockchip,rk3588\0")
    library = tmp_path / "lib" / "librknnrt.so"
    library.parent.mkdir()
    library.write_bytes(b"not an ELF file, but a file")
    return Tree(root, library, board)


@pytest.fixture
def patch(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return patch_rknnlite as a function of its arguments; usage errors are outcomes too."""
    return command(patch_rknnlite.main, capsys)


@pytest.fixture
def patched(wheel: Tree, patch: Callable[..., Outcome]) -> Tree:
    """Return the wheel, patched to open its library."""
    outcome = patch(wheel.root, "--library", wheel.library)
    assert outcome.status == 0, outcome
    return wheel


@pytest.fixture
def build(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Return a maker of libraries from C source; skip where there is no compiler."""
    if shutil.which("gcc") is None:
        pytest.skip("no gcc on this machine")

    def make(path: Path, source: str) -> Path:
        code = tmp_path / "library.c"
        code.write_text(source, encoding="utf-8")
        path.unlink(missing_ok=True)
        run(["gcc", "-shared", "-fPIC", "-nostdlib", "-o", path, code])
        return path

    return make
