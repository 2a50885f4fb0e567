"""The overlays go onto the files of Debian's kernel package too, those of them that have labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from check_device_tree.errors import TreeError
from check_device_tree.fits import check_fits
from check_device_tree.npu import check
from check_device_tree.tree import Tree
from device_tree_table import BOARDS, expected
from device_trees import BINARIES, merged
from rknn_flake import debian
from rknn_flake.errors import MissingToolError

if TYPE_CHECKING:
    from pathlib import Path

    from device_trees import Kernel

pytest_plugins = ["device_tree_kernels"]
pytestmark = pytest.mark.nix


@pytest.fixture(scope="module")
def files() -> list[Path]:
    """Return the RK3588 device trees of Debian's newest kernel package."""
    try:
        return sorted(debian.tree(BINARIES).rglob("rk3588*.dtb"))
    except MissingToolError as error:
        pytest.skip(f"no device trees of Debian's: {error}")


def test_overlays_fit_every_file_with_labels(
    kernel: Kernel, overlay_texts: dict[str, str], files: list[Path], tmp_path: Path
) -> None:
    done = []
    for file in files:
        tree = Tree.read(file)
        root = tree.names(tree.root, "compatible")
        board = next((key for key, one in BOARDS.items() if one["compatible"] in root), None)
        if board and tree.symbols:
            overlay = kernel.overlay(board, overlay_texts[board])
            check(Tree.read(merged(file, [overlay], tmp_path / file.name)), expected(board))
            done.append(board)
    assert {"rock-5b", "tiger-haikou"} <= set(done)


def test_a_file_without_labels_is_refused(
    kernel: Kernel, overlay_texts: dict[str, str], files: list[Path]
) -> None:
    (file,) = (file for file in files if file.name == "rk3588-orangepi-5-plus.dtb")
    tree = Tree.read(file)
    if tree.symbols:
        pytest.skip(f"{file.name} of Debian's has labels now: it can take the place of ours")
    overlay = Tree.read(kernel.overlay("orangepi-5-plus", overlay_texts["orangepi-5-plus"]))
    with pytest.raises(TreeError, match="found no labels, expected those that the overlay names"):
        check_fits(tree, overlay)
