"""The package set's own lib and nixpkgs' real one give the same packages."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conftest import NIXPKGS_LIB
from expressions import pkgs_expression

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

PACKAGES = (
    "{ inherit (p.rknn) all benchmark headers maintenance npu-load runtime simulator toolkit-lite "
    "tools; "
    "python = p.python311Packages.rknn-toolkit-lite2; "
    "simulated = p.rknn.simulated.toolkit-lite_2_5_0; }"
)

# When the package set's escapeShellArg leaves an argument as it is.
SAFE = 'match "[[:alnum:],._+:@%/-]+" string != null'


def drv_paths(nix: Nix, package_set: Path) -> dict[str, str]:
    expression = (
        f"let p = {pkgs_expression(package_set)}; in builtins.mapAttrs (_: d: d.drvPath) {PACKAGES}"
    )
    return dict(nix.eval_expression(expression))


def test_own_lib_and_real_lib_agree_on_every_derivation(nix: Nix, package_set: Path) -> None:
    if NIXPKGS_LIB is None:
        pytest.skip("NIXPKGS_LIB is not set: a checkout of nixpkgs' lib to evaluate with as well")
    assert drv_paths(nix, package_set) == drv_paths(nix, Path(__file__).parents[1] / "hostpkgs")


def test_another_lib_would_be_seen(nix: Nix, tmp_path: Path) -> None:
    """A lib that quotes more than the real one gives other derivations: the comparison can fail."""
    own = Path(__file__).parents[1] / "hostpkgs"
    other = tmp_path / "hostpkgs"
    shutil.copytree(own, other)
    lib = other / "lib" / "default.nix"
    text = lib.read_text()
    assert text.count(SAFE) == 1
    lib.write_text(text.replace(SAFE, "false"))
    assert drv_paths(nix, other) != drv_paths(nix, own)
