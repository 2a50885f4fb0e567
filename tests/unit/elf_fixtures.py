"""Small shared libraries, made by whichever C compilers this machine has, and runs of check_elf."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

import check_elf
from rknn_flake.process import run
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MACHINE_OF = {"gcc": platform.machine(), "aarch64-linux-gnu-gcc": "aarch64"}

SOURCE = """
int rknn_init(void) { return 0; }
int rknn_run(void) { return 0; }
int rknn_table[4] = {1, 2, 3, 4};
extern int rknn_elsewhere(void);
int rknn_call(void) { return rknn_elsewhere(); }
__attribute__((visibility("hidden"))) int rknn_secret(void) { return 0; }
"""


@dataclass(frozen=True)
class Compiler:
    """A C compiler and the machine it compiles for."""

    program: str
    machine: str
    folder: Path

    def build(self, name: str, source: str, *flags: str | Path) -> Path:
        """Compile `source` to the file `name` in this test's folder, as `flags` say."""
        code = self.folder / f"{name}.c"
        code.write_text(source, encoding="utf-8")
        made = self.folder / name
        run([self.program, "-nostdlib", "-o", made, code, *flags])
        return made

    def library(self, name: str, source: str, *flags: str | Path) -> Path:
        """Compile `source` to the shared library `name` in this test's folder."""
        return self.build(name, source, "-shared", "-fPIC", *flags)


@pytest.fixture(params=sorted(MACHINE_OF))
def compiler(request: pytest.FixtureRequest, tmp_path: Path) -> Compiler:
    """Return each compiler in turn; skip those this machine lacks."""
    if shutil.which(request.param) is None:
        pytest.skip(f"no {request.param} on this machine")
    return Compiler(request.param, MACHINE_OF[request.param], tmp_path)


@pytest.fixture
def library(compiler: Compiler) -> Path:
    """Return a librknnrt.so with three functions, an object, and no needed library."""
    return compiler.library("librknnrt.so", SOURCE, "-Wl,-soname,librknnrt.so")


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return check_elf as a function of its arguments; usage errors are outcomes too."""
    return command(check_elf.main, capsys)
