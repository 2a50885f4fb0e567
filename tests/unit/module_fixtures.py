"""Small files with the marks of kernel modules, made by the boards' compiler."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

import check_module
from rknn_flake.process import run
from unit.commands import Outcome, command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMPILER = "aarch64-linux-gnu-gcc"
RELEASE = "6.18.3"
INFO = (
    "version=0.9.8",
    "alias=of:N*T*Crockchip,rk3588-rknpuC*",
    "alias=of:N*T*Crockchip,rk3588-rknpu",
    "alias=rockchip-rknpu",
    "depends=drm",
    f"vermagic={RELEASE} SMP mod_unload aarch64",
)
IN_MODINFO = '#define IN __attribute__((section(".modinfo"), used))\n'
MISSING = """
extern int drm_dev_register(void *, unsigned long);
extern void _printk(void);
extern int maybe(void) __attribute__((weak));
int probe(void) { _printk(); return drm_dev_register(0, 0) + (maybe ? maybe() : 0); }
"""
EXPORTS = ("drm_dev_register", "_printk", "kfree")


@pytest.fixture
def make_module(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that makes a module with these lines in .modinfo; flags go to gcc."""
    if shutil.which(COMPILER) is None:
        pytest.skip(f"no {COMPILER} on this machine")

    def make(*info: str, code: str = MISSING, flags: tuple[str, ...] = ("-c",)) -> Path:
        source, made = tmp_path / "rknpu.c", tmp_path / "rknpu.ko"
        lines = "".join(
            f'static const char m{number}[] IN = "{text}";\n' for number, text in enumerate(info)
        )
        source.write_text(IN_MODINFO + code + lines, encoding="utf-8")
        run([COMPILER, "-nostdlib", *flags, "-o", made, source])
        return made

    return make


@pytest.fixture
def module(make_module: Callable[..., Path]) -> Path:
    """Return a module as the build makes it."""
    return make_module(*INFO)


@pytest.fixture
def symvers(tmp_path: Path) -> Path:
    """Return the list of what the kernel exports."""
    made = tmp_path / "Module.symvers"
    lines = (f"0x00000000\t{name}\tvmlinux\tEXPORT_SYMBOL_GPL\t\n" for name in EXPORTS)
    made.write_text("".join(lines), encoding="utf-8")
    return made


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """Return check_module as a function of its arguments; usage errors are outcomes too."""
    return command(check_module.main, capsys)
