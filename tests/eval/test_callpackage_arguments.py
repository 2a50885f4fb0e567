"""No optional argument of a package is one that nixpkgs' callPackage would fill with a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

# An argument "file ? ./sources.toml" became nixpkgs' package `file`. These are no packages.
OURS = {
    "allowNewerKernel",
    "contents",
    "extraPythonPackages",
    "imageConfig",
    "pins",
    "release",
}
FILES = [*sorted((PROJECT / "pkgs" / "rknn").glob("*.nix")), PROJECT / "scripts" / "package.nix"]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_optional_arguments_are_our_own(nix: Nix, file: Path) -> None:
    arguments = nix.eval_expression(f"builtins.functionArgs (import {file})")
    optional = {name for name, has_default in arguments.items() if has_default}
    assert optional <= OURS
