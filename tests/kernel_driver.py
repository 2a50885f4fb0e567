"""The kernel driver's package built for Debian's kernel, from its own source or from a stand-in."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from expressions import pkgs_expression
from rknn_flake import guest_system
from rknn_flake.paths import PROJECT
from rknn_flake.pins import sources

# A clone of github.com/w568w/rknpu-module at the pinned commit.
CLONE = os.environ.get("RKNPU_SOURCE")
KINDS = ["stand-in", *(["real"] if CLONE else [])]
RELEASE = "0.9.8"
STANDIN = PROJECT / "tests" / "build" / "standin_driver"
EMPTY = "/* SPDX-License-Identifier: GPL-2.0-only */\n"


def standin(folder: Path) -> Path:
    """Write a file of ours into `folder` for each of the driver's; most of them are empty."""
    folder.mkdir()
    for entry in sources.read(PROJECT / sources.PLACE).entries:
        if entry.release == RELEASE:
            ours = STANDIN / entry.name
            text = ours.read_text(encoding="utf-8") if ours.exists() else EMPTY
            (folder / entry.name).write_text(text, encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Driver:
    """The driver of `files`, a folder with its files by their names, or a clone where `real`.

    A clone's files must have the pinned hashes. `believed` is what the package set says that the
    kernel is, where that is not what it is. `cross` is whether the package set is a workstation's.
    """

    files: Path
    real: bool = False
    believed: str = ""
    cross: bool = False
    kernel: guest_system.Kernel = field(
        default_factory=lambda: guest_system.kernel(guest_system.KERNEL_6_12)
    )

    def expression(self, package: str = "driver") -> str:
        """Return a Nix expression for `package`, which may name `driver` and its `kernel`."""
        path = f'{self.files} + "/${{name}}"'
        fetched = f"{{ name, ... }}: builtins.path {{ inherit name; path = {path}; }}"
        if self.real:
            after = 'builtins.elemAt (builtins.match ".*/[0-9a-f]{40}(/.*)" (builtins.head urls)) 0'
            fetched = f"""{{ name, urls, hash, ... }}: builtins.path {{
              inherit name;
              recursive = false;
              sha256 = hash;
              path = {self.files} + {after};
            }}"""
        packages = pkgs_expression()
        if self.cross:
            packages = f"({pkgs_expression(system='x86_64-linux')}).pkgsCross.aarch64-multiplatform"
        return f"""
          let
            pkgs = {packages};
            kernelPackages = import {PROJECT}/tests/kernel_packages {{
              inherit pkgs;
              headers = {self.kernel.headers.parents[2]}/headers.tar.gz;
              release = "{self.kernel.release}";
              modDirVersion = "{self.believed or self.kernel.release}";
            }};
            scope = pkgs.rknn.overrideScope (_: prev: {{
              sources = prev.sources.override {{ fetchurl = {fetched}; }};
            }});
            driver = scope.kernelModuleFor kernelPackages;
          in {package}
        """

    def change(self, name: str, pattern: str, text: str) -> None:
        """Replace all that matches `pattern` in one of the stand-in's files; there must be some."""
        file = self.files / name
        changed, count = re.subn(pattern, text, file.read_text(encoding="utf-8"))
        assert count, f"{file}: nothing matches {pattern}"
        file.write_text(changed, encoding="utf-8")


def made(kind: str, folder: Path) -> Driver:
    """Return the driver of one of KINDS; a stand-in's files are written below `folder`."""
    if kind == "stand-in" or CLONE is None:
        return Driver(standin(folder / "files"))
    if not Path(CLONE, "src").is_dir():
        pytest.fail(f"RKNPU_SOURCE={CLONE}: no clone of w568w/rknpu-module (no src)")
    return Driver(Path(CLONE).resolve(), real=True)
