"""The overlay brings no complaint of the kernel's schemas but that none knows rknpu's node.

DT_SCHEMA is what `dt-mk-schema -j Documentation/devicetree/bindings` of PyPI's dtschema prints, in
two minutes, of the kernel's source.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from device_trees import merged
from expressions import pkgs_expression
from rknn_flake.process import run

if TYPE_CHECKING:
    from pathlib import Path

    from device_trees import Kernel
    from rknn_flake.nix import Nix

pytest_plugins = ["device_tree_kernels"]
pytestmark = pytest.mark.nix

BOARD = "orangepi-5-plus"
UNKNOWN = "/rknpu@fdab0000: failed to match any schema with compatible: ['rockchip,rk3588-rknpu']"


@pytest.fixture(scope="module")
def schema() -> str:
    """Return the file of the kernel's schemas, made into one."""
    if shutil.which("dt-validate") is None:
        pytest.skip("no dt-validate on PATH: dtschema from PyPI, which needs swig")
    named = os.environ.get("DT_SCHEMA")
    if named is None:
        pytest.skip("DT_SCHEMA is not set: what dt-mk-schema made of the kernel's schemas")
    return named


def complaints(schema: str, tree: Path) -> set[str]:
    """Return what dt-validate says of a tree, without the tree's name."""
    done = run(["dt-validate", "-m", "-s", schema, tree], check=False)
    said = (done.stdout + done.stderr).splitlines()
    return {line.removeprefix(f"{tree}: ") for line in said}


def test_the_node_is_all_that_the_schemas_do_not_know(
    nix: Nix, kernel: Kernel, schema: str, tmp_path: Path
) -> None:
    text = nix.eval_expression(
        f'({pkgs_expression()}).rknn.deviceTree.overlayFor {{ board = "{BOARD}"; }}'
    )
    before = kernel.dtb(f"rockchip/rk3588-{BOARD}.dtb")
    after = merged(before, [kernel.overlay("validated", str(text))], tmp_path / "merged.dtb")
    assert complaints(schema, after) - complaints(schema, before) == {UNKNOWN}
    wrong = tmp_path / "wrong.dtb"
    shutil.copy(after, wrong)
    run(["fdtput", "-t", "s", wrong, "/npu@fdab0000", "reset-names", "other", "srst_h"])
    said = " ".join(complaints(schema, wrong))
    assert "'srst_a' was expected" in said, "dt-validate sees no fault"
