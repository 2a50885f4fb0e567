"""RK3588 boards' device trees of Debian's newest kernel, with labels, and overlays laid on them.

Debian's own DTBs have no labels, save those that it lays overlays on itself; nixpkgs' have. So they
are made of Debian's source of the kernel, as the kernel's Makefile does with DTC_FLAGS=-@.
"""

from __future__ import annotations

import re
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake import debian
from rknn_flake.process import run, tool

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

WANTED = re.compile(
    "[^/]+/(?:"
    "arch/arm(?:64)?/boot/dts/rockchip/.*|"
    "include/dt-bindings/.*|"
    r"include/uapi/linux/input-event-codes\.h|"
    "scripts/dtc/include-prefixes/(?:arm|arm64|dt-bindings)"
    ")"
)
PREPROCESSOR = ("-nostdinc", "-undef", "-D__DTS__", "-x", "assembler-with-cpp")


def _unpack(root: Path) -> None:
    """Keep of the kernel's source what device trees are made of, as `root`/linux-source-7.2."""
    (archive,) = root.glob("usr/src/linux-source-*.tar.xz")
    with tarfile.open(archive, "r|xz") as source:
        for member in source:
            if WANTED.fullmatch(member.name):
                source.extract(member, root)
    archive.unlink()


SOURCE = debian.Request(
    "device-trees",
    ("linux-source",),
    only=r"linux-source-\d.*",
    keep=("usr/src/linux-source-*.tar.xz",),
    finish=_unpack,
    suite="sid",
    recipe=2,
)

# What Debian's kernel package itself has: files below usr/lib/modules/*/… or usr/lib/linux-image-*.
BINARIES = debian.Request(
    "device-tree-binaries",
    ("linux-base-arm64",),
    only=r"linux-base-\d.*",
    keep=("*/rockchip/rk3588*.dtb",),
    suite="trixie-backports",
)


@dataclass(frozen=True)
class Kernel:
    """A kernel's source as far as device trees need it, and the folder for what is made of it."""

    source: Path
    made: Path

    @property
    def version(self) -> str:
        """The folder's name, as in linux-source-7.2."""
        return self.source.name

    @property
    def boards(self) -> list[str]:
        """The RK3588 boards, as in rockchip/rk3588-orangepi-5-plus.dtb."""
        found = (self.source / "arch/arm64/boot/dts/rockchip").glob("rk3588*.dts")
        return sorted(f"rockchip/{path.stem}.dtb" for path in found)

    def dtb(self, name: str) -> Path:
        """Return the device tree `name`, with labels."""
        source = self.source / "arch/arm64/boot/dts" / name
        return self._compiled(source.with_suffix(".dts"), self.made / "dtbs" / name)

    def overlay(self, name: str, text: str) -> Path:
        """Return the overlay `text`, compiled as NixOS does."""
        written = self.made / "overlays" / f"{name}.dts"
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(text)
        return self._compiled(written, written.with_suffix(".dtbo"))

    def _compiled(self, source: Path, made: Path) -> Path:
        if made.suffix == ".dtb" and made.exists():
            return made
        made.parent.mkdir(parents=True, exist_ok=True)
        includes = self.source / "scripts/dtc/include-prefixes"
        text = run([tool("cpp"), *PREPROCESSOR, f"-I{includes}", source]).stdout
        run([tool("dtc"), "-q", "-@", "-I", "dts", "-O", "dtb", "-o", made, "-"], stdin=text)
        return made


def merged(tree: Path, overlays: Iterable[Path], made: Path) -> Path:
    """Return `tree` with the overlays applied."""
    run([tool("fdtoverlay"), "-i", tree, "-o", made, *overlays])
    return made
