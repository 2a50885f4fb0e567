"""Each board's overlay goes onto its tree in Debian's newest kernel, and gives the whole NPU.

The check holds what came of it against the kernel's own nodes for the NPU: same registers,
interrupts, clocks, resets, power domains and regulators.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from check_device_tree.fits import check_fits
from check_device_tree.npu import CORES, MMUS, check
from check_device_tree.tree import Tree, enabled, text
from device_tree_table import BOARDS, UNSERVED, expected
from device_trees import merged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from check_device_tree.blob import Node
    from check_device_tree.tree import Entry
    from device_trees import Kernel

pytest_plugins = ["device_tree_kernels"]
pytestmark = pytest.mark.nix

CORE_PATHS = ("/npu@fdab0000", "/npu@fdac0000", "/npu@fdad0000")


@pytest.fixture(params=sorted(BOARDS))
def board(request: pytest.FixtureRequest, kernel: Kernel) -> str:
    """Return each board of the table in turn; skip those that this kernel does not have."""
    key: str = request.param
    if BOARDS[key]["dtb"] not in kernel.boards:
        pytest.skip(f"{kernel.version} has no {BOARDS[key]['dtb']}")
    return key


def clocks(tree: Tree, paths: Sequence[str]) -> set[Entry]:
    """Return the clocks of the nodes at `paths`, each once."""
    nodes = [node for path in paths if (node := tree.at(path))]
    assert len(nodes) == len(paths)
    return {clock for node in nodes for clock in tree.references(node, "clocks", "#clock-cells")}


def outside(tree: Tree) -> dict[str, dict[str, bytes]]:
    """Return the properties of all nodes but the NPU's, labels' and phandles' numbers apart."""
    ours = {tree.labelled(label).path for label in (*CORES, *MMUS)} | {"/rknpu@fdab0000"}
    return {
        node.path: {n: v for n, v in node.properties.items() if n != "phandle"}
        for node in tree.root.walk()
        if node.path not in ours and not node.path.startswith("/__")
    }


def test_the_overlay_gives_the_board_the_whole_npu(
    kernel: Kernel, overlay_texts: dict[str, str], board: str, tmp_path: Path
) -> None:
    before = Tree.read(kernel.dtb(BOARDS[board]["dtb"]))
    overlay = Tree.read(kernel.overlay(board, overlay_texts[board]))
    check_fits(before, overlay)
    after = Tree.read(merged(before.path, [overlay.path], tmp_path / "merged.dtb"))
    assert "supplies vdd_npu_s0, " in check(after, expected(board))
    assert clocks(after, ["/rknpu@fdab0000"]) == clocks(before, CORE_PATHS)
    assert outside(after) == outside(before)


def test_confirmed_is_what_linux_itself_uses(kernel: Kernel, board: str) -> None:
    tree = Tree.read(kernel.dtb(BOARDS[board]["dtb"]))
    core = tree.labelled(CORES[0])
    uses = enabled(core) and "npu-supply" in core.properties
    if uses and not BOARDS[board]["confirmed"]:
        pytest.skip(f"{kernel.version} switches the NPU on: write confirmed = true in boards.toml")
    assert uses == BOARDS[board]["confirmed"]


def test_no_board_takes_anothers_overlay(kernel: Kernel) -> None:
    ours = {board["compatible"]: board["dtb"] for board in BOARDS.values()}
    for name in kernel.boards:
        tree = Tree.read(kernel.dtb(name))
        taken = {ours[one] for one in tree.names(tree.root, "compatible") if one in ours}
        assert taken <= {name}, f"{name} would get the overlay of {taken}"


def test_the_boards_that_are_not_served_have_no_regulator(kernel: Kernel) -> None:
    def says_npu(node: Node) -> bool:
        return "npu" in text(node.properties.get("regulator-name", b""))

    for name in sorted(set(UNSERVED) & set(kernel.boards)):
        tree = Tree.read(kernel.dtb(name))
        assert not [node.path for node in tree.root.walk() if says_npu(node)], name


def test_every_board_of_the_kernel_is_known(kernel: Kernel) -> None:
    known = {board["dtb"] for board in BOARDS.values()} | set(UNSERVED)
    new = sorted(set(kernel.boards) - known)
    if new:
        pytest.skip(f"{kernel.version} has boards that boards.toml does not name: {', '.join(new)}")
