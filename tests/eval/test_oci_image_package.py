"""The container image as a package: of which library it is, by which name it is allowed."""

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

SWAP = "(_: prev: { rknn = prev.rknn.overrideScope (_: p: { runtime = p.simulator; }); })"


def allowing(package_set: Path, *names: str) -> str:
    """Return an expression for the package set of somebody who allowed these unfree packages."""
    allowed = " ".join(f'"{name}"' for name in names)
    return f"""import {package_set} {{
      system = "aarch64-linux";
      overlays = [ (import {PROJECT}/overlays) ];
      config.allowUnfreePredicate = p: builtins.elem p.pname [ {allowed} ];
    }}"""


@pytest.mark.parametrize(
    ("scope", "library"), [("rknn", "rknn-runtime"), ("rknn.simulated", "rknn-simulator")]
)
def test_it_has_the_library_of_its_scope(evaluator: Nix, scope: str, library: str) -> None:
    image = f"legacyPackages.aarch64-linux.{scope}.oci-image"
    assert evaluator.eval(f"{image}.runtime.pname") == library
    assert evaluator.eval(f"{image}.toolkit-lite.runtime.pname") == library


def test_what_an_overlay_replaces_is_replaced_in_it(nix: Nix, package_set: Path) -> None:
    expressions = (
        f"({pkgs_expression(package_set)}).rknn.simulated.oci-image.drvPath",
        f"({pkgs_expression(package_set, overlays=SWAP)}).rknn-oci-image.drvPath",
    )
    simulated, swapped = (nix.eval_expression(expression) for expression in expressions)
    assert simulated == swapped


@pytest.mark.parametrize("attr", ["name", "imageName", "imageTag", "pname", "version"])
def test_names(evaluator: Nix, attr: str) -> None:
    expected = {
        "name": "rknn.tar.gz",
        "imageName": "rknn",
        "imageTag": "2.3.2",
        "pname": "rknn-oci-image",
        "version": "2.3.2",
    }
    assert evaluator.eval(f"packages.aarch64-linux.rknn-oci-image.{attr}") == expected[attr]


def test_it_is_allowed_by_its_name_beside_what_is_in_it(nix: Nix, package_set: Path) -> None:
    inside = ("rknn-runtime", "rknn-toolkit-lite2", "rknn-headers")
    leave = allowing(package_set, "rknn-oci-image", *inside)
    assert str(nix.eval_expression(f"({leave}).rknn-oci-image.drvPath")).endswith(".drv")
    with pytest.raises(CommandError) as caught:
        nix.eval_expression(f"({allowing(package_set, *inside)}).rknn-oci-image.drvPath")
    assert "has an unfree license" in str(caught.value)
