"""The overlay is an ordinary function: order does not matter, and twice is as once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

ALL = (
    "[ p.rknn.all.drvPath p.rknn-simulator.drvPath p.python311Packages.rknn-toolkit-lite2.drvPath ]"
)
OTHER = '(final: prev: { other = final.writeText "other" "x"; })'


def drv_paths(nix: Nix, expression: str) -> object:
    return nix.eval_expression(f"let p = {expression}; in {ALL}")


def test_applied_twice_changes_nothing(nix: Nix, package_set: Path) -> None:
    once = drv_paths(nix, pkgs_expression(package_set))
    twice = drv_paths(nix, pkgs_expression(package_set, overlays=f"(import {PROJECT}/overlays)"))
    assert twice == once


def test_order_beside_another_overlay_does_not_matter(nix: Nix, package_set: Path) -> None:
    first = drv_paths(nix, pkgs_expression(package_set, overlays=OTHER))
    last = drv_paths(
        nix,
        pkgs_expression(package_set, overlays=OTHER).replace(
            f"(import {PROJECT}/overlays) {OTHER}", f"{OTHER} (import {PROJECT}/overlays)"
        ),
    )
    assert first == last


def test_a_later_overlay_reaches_everything_built_on_what_it_replaces(
    nix: Nix, package_set: Path
) -> None:
    swap = "(final: prev: { rknn = prev.rknn.overrideScope (_: p: { runtime = p.simulator; }); })"
    expression = pkgs_expression(package_set, overlays=swap)
    library = nix.eval_expression(
        f"let p = {expression}; in p.python311Packages.rknn-toolkit-lite2.rknnRuntimeLibrary"
    )
    assert "rknn-simulator" in str(library)


def test_flat_names_are_the_scopes_packages(nix: Nix, package_set: Path) -> None:
    pairs = nix.eval_expression(
        f"let p = {pkgs_expression(package_set)}; in map (n: [ p.${{''rknn-${{n}}''}}.drvPath "
        "p.rknn.${n}.drvPath ]) "
        '[ "cdi" "convert" "device-plugin" "npu-load" "oci-image" "ready" "runtime" "simulator" '
        '"toolkit" "toolkit-lite" "tools" ]'
    )
    for flat, scoped in pairs:
        assert flat == scoped
