"""The kernel whose device trees the tests of the overlays take, and the overlays' texts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from device_trees import SOURCE, Kernel
from expressions import pkgs_expression
from rknn_flake import debian
from rknn_flake.errors import MissingToolError

if TYPE_CHECKING:
    from rknn_flake.nix import Nix


@pytest.fixture(scope="session")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Kernel:
    """Return the kernel whose source KERNEL_SOURCE names, or the newest in Debian."""
    for program in ("cpp", "dtc", "fdtoverlay"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program} on PATH; scripts/test installs it")
    made = tmp_path_factory.mktemp("device-trees")
    named = os.environ.get("KERNEL_SOURCE")
    if named:
        return Kernel(Path(named), made)
    try:
        (source,) = debian.tree(SOURCE).glob("linux-source-*")
    except MissingToolError as error:
        pytest.skip(f"no device trees to lay overlays on: {error}")
    return Kernel(source, made)


@pytest.fixture(scope="session")
def overlay_texts(nix: Nix) -> dict[str, str]:
    """Return the overlay's text for each board."""
    made: dict[str, str] = nix.eval_expression(
        f"let inherit (({pkgs_expression()}).rknn) deviceTree; in "
        "builtins.mapAttrs (board: _: deviceTree.overlayFor { inherit board; }) deviceTree.boards"
    )
    return made
