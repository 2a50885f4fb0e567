"""Builds the pretend NPU driver of tests/board/driver for the emulated board's kernel."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rknn_flake.console import say
from rknn_flake.lock import exclusive
from rknn_flake.paths import PROJECT, cache_dir
from rknn_flake.process import run, tool
from rknn_flake.sums import intact, keep, remove_stale

if TYPE_CHECKING:
    from rknn_flake.guest_system import Kernel

SOURCE = PROJECT / "tests/board/driver"
CROSS = "aarch64-linux-gnu-"
COMPATIBLE = "rockchip,rk3588-rknpu"
SCRATCH = "driver-"
# What a shell that builds kernels may have set, and what would send our build astray.
UNSET = dict.fromkeys(("MAKEFLAGS", "GNUMAKEFLAGS", "KBUILD_OUTPUT", "KCFLAGS", "LLVM"), "")


@dataclass(frozen=True)
class PretendDriver:
    """Which driver to pretend: its version, the nodes it makes, and the NPU's version register.

    `mode` "drm" makes /dev/dri/cardN and renderDN, "misc" makes /dev/rknpu. `heap` makes
    /dev/dma_heap/system as well, and `accel` /dev/accel/accel0; Debian's kernel has neither.
    """

    version: str = "0.9.8"
    mode: Literal["drm", "misc"] = "drm"
    hw_version: int = 0x46495245
    heap: bool = False
    accel: bool = False

    def parameters(self) -> str:
        """Return the module's parameters as insmod takes them."""
        version = f"driver_version={self.version} hw_version={self.hw_version:#x}"
        return f"{version} mode={self.mode} heap={self.heap:d} accel={self.accel:d}"


def module(kernel: Kernel) -> Path:
    """Return rknpu.ko for `kernel`, built unless the cache has it for this very source."""
    sources = sorted(
        path for path in SOURCE.iterdir() if path.name == "Kbuild" or path.suffix in {".c", ".h"}
    )
    key = hashlib.sha256(str(kernel.headers).encode())
    for source in sources:
        key.update(source.read_bytes())
    made = cache_dir() / "board" / f"rknpu-{kernel.release}-{key.hexdigest()[:16]}.ko"
    made.parent.mkdir(parents=True, exist_ok=True)
    with exclusive(made.parent / "lock", "building the pretend NPU driver"):
        if not intact(made):
            say(f"building the pretend NPU driver for Linux {kernel.release}")
            _build(kernel, sources, made)
    return made


def _build(kernel: Kernel, sources: list[Path], made: Path) -> None:
    tool(f"{CROSS}gcc")
    remove_stale(made.parent, SCRATCH)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=made.parent) as scratch:
        for source in sources:
            shutil.copy(source, scratch)
        target = ("ARCH=arm64", f"CROSS_COMPILE={CROSS}", f"M={scratch}")
        run([tool("make"), "-C", kernel.headers, *target, "modules"], env=UNSET)
        keep(Path(scratch, "rknpu.ko"), made)
