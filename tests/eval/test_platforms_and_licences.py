"""Wrong platforms and unfree files that nobody allowed are refused, as nixpkgs refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import CommandError
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix


def without_leave(package_set: Path) -> str:
    """Return an expression for the package set of somebody who has not allowed unfree packages."""
    overlays = f"[ (import {PROJECT}/overlays) ]"
    return f'import {package_set} {{ system = "aarch64-linux"; overlays = {overlays}; }}'


@pytest.mark.parametrize(
    "name", ["runtime", "toolkit-lite", "benchmark", "tools", "all", "oci-image"]
)
def test_board_packages_refuse_x86_64(evaluator: Nix, name: str) -> None:
    with pytest.raises(CommandError) as caught:
        evaluator.eval(f"legacyPackages.x86_64-linux.rknn.{name}.drvPath")
    assert "is not available on the requested hostPlatform" in str(caught.value)


@pytest.mark.parametrize("name", ["cdi", "device-plugin", "simulator", "npu-load", "maintenance"])
def test_what_runs_on_x86_64_is_there_under_its_own_name(evaluator: Nix, name: str) -> None:
    path = evaluator.eval(f"packages.x86_64-linux.rknn-{name}.drvPath")
    assert path.endswith(".drv")


@pytest.mark.parametrize("name", ["runtime", "headers", "toolkit-lite", "oci-image"])
def test_vendor_files_are_unfree_and_need_leave(nix: Nix, package_set: Path, name: str) -> None:
    bare = without_leave(package_set)
    assert nix.eval_expression(f"({bare}).rknn.{name}.meta.license.free") is False
    with pytest.raises(CommandError) as caught:
        nix.eval_expression(f"({bare}).rknn.{name}.drvPath")
    assert "has an unfree license" in str(caught.value)


def test_our_own_programs_need_no_leave(nix: Nix, package_set: Path) -> None:
    bare = without_leave(package_set)
    for name in ("cdi", "device-plugin", "simulator", "npu-load", "maintenance"):
        assert str(nix.eval_expression(f"({bare}).rknn.{name}.drvPath")).endswith(".drv")


@pytest.mark.parametrize("name", ["runtime", "toolkit-lite", "oci-image"])
def test_vendor_binaries_say_so(evaluator: Nix, name: str) -> None:
    provenance = evaluator.eval(
        f"legacyPackages.aarch64-linux.rknn.{name}.meta.sourceProvenance",
        "--apply",
        "map (s: s.shortName)",
    )
    assert provenance == ["binaryNativeCode"]
