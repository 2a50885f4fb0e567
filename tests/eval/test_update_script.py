"""What keeps a package up to date is there for whoever asks, and costs nobody else anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import CommandError
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

RKNN = PROJECT / "pkgs" / "rknn"
PINNED = ("runtime", "headers", "toolkit-lite", "benchmark", "runtime_2_3_0")
UNUSED = """(final: prev: {
  rknn = prev.rknn.overrideScope (_: _: {
    maintenance = throw "maintenance is evaluated";
    updateScript = throw "updateScript is evaluated";
  });
})"""


@pytest.mark.parametrize("name", PINNED)
def test_update_script_is_rknn_pins(nix: Nix, package_set: Path, name: str) -> None:
    pkgs = pkgs_expression(package_set)
    script = nix.eval_expression(f"map toString ({pkgs}).rknn.{name}.updateScript")
    package = nix.eval_expression(f"({pkgs}).rknn.maintenance.outPath")
    assert script == [f"{package}/bin/rknn-pins", "update", "--write", "--default"]


def test_of_every_python(nix: Nix, package_set: Path) -> None:
    pkgs = pkgs_expression(package_set)
    packages = "p.python311Packages.rknn-toolkit-lite2.updateScript == p.rknn.runtime.updateScript"
    assert nix.eval_expression(f"let p = {pkgs}; in {packages}") is True


def test_a_cross_built_package_is_updated_from_the_workstation(nix: Nix, package_set: Path) -> None:
    pkgs = pkgs_expression(package_set, system="x86_64-linux")
    cross = f"({pkgs}).pkgsCross.aarch64-multiplatform.rknn.runtime"
    script = nix.eval_expression(f"map toString {cross}.updateScript")
    assert script[0] == nix.eval_expression(f"({pkgs}).rknn.maintenance + ''/bin/rknn-pins''")


def test_it_needs_no_overlay(nix: Nix, package_set: Path) -> None:
    scope = f"(import {package_set} {{ system = ''aarch64-linux''; }}).callPackage {RKNN} {{ }}"
    script = nix.eval_expression(f"map toString ({scope}).updateScript")
    pkgs = pkgs_expression(package_set)
    assert script[0] == nix.eval_expression(f"({pkgs}).rknn.maintenance + ''/bin/rknn-pins''")


@pytest.mark.parametrize("name", [*PINNED, "tools", "all", "npu-load", "simulator"])
def test_unused_it_is_not_even_evaluated(nix: Nix, package_set: Path, name: str) -> None:
    plain = nix.eval_expression(f"({pkgs_expression(package_set)}).rknn.{name}.drvPath")
    without = pkgs_expression(package_set, overlays=UNUSED)
    assert nix.eval_expression(f"({without}).rknn.{name}.drvPath") == plain


def test_used_it_is_evaluated(nix: Nix, package_set: Path) -> None:
    without = pkgs_expression(package_set, overlays=UNUSED)
    with pytest.raises(CommandError) as caught:
        nix.eval_expression(f"({without}).rknn.runtime.updateScript")
    assert "updateScript is evaluated" in str(caught.value)
