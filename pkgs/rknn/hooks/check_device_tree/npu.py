"""What the merged tree must say: rocket's nodes off, and one for rknpu with all that they had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from check_device_tree.resources import check_resources
from check_device_tree.tree import enabled

if TYPE_CHECKING:
    from check_device_tree.blob import Node
    from check_device_tree.tree import Tree

COMPATIBLE = "rockchip,rk3588-rknpu"
CORES = ("rknn_core_0", "rknn_core_1", "rknn_core_2")
MMUS = ("rknn_mmu_0", "rknn_mmu_1", "rknn_mmu_2")


@dataclass(frozen=True)
class Expected:
    """What the board and the options say."""

    compatible: str
    supply: str
    mem_supply: str
    clock_rate: int


def check(tree: Tree, expected: Expected) -> str:
    """Check all of it; return what was checked, in words."""
    board = tree.names(tree.root, "compatible")
    if expected.compatible not in board:
        raise tree.fail(tree.root, " ".join(board), expected.compatible, "another board's tree")
    cores = [tree.labelled(label) for label in CORES]
    for node in (*cores, *(tree.labelled(label) for label in MMUS)):
        if enabled(node):
            raise tree.fail(node, "status okay", "disabled", "rocket would take the NPU")
    node = _npu(tree)
    check_resources(tree, node, cores, expected.clock_rate)
    _supply(tree, node, cores, ("rknpu-supply", "npu-supply"), expected.supply)
    _supply(tree, node, cores, ("mem-supply", "sram-supply"), expected.mem_supply)
    if "iommus" in node.properties:
        raise tree.fail(node, "iommus", "none", "mainline's IOMMU serves one core of three")
    return (
        f"{node.path} has the registers, interrupts, clocks ({expected.clock_rate} Hz), resets and "
        f"power domains of {', '.join(CORES)}, which are off; supplies {expected.supply}, "
        f"{expected.mem_supply}"
    )


def _npu(tree: Tree) -> Node:
    """Return the one node of rknpu that is on."""
    found = [
        node
        for node in tree.root.walk()
        if "compatible" in node.properties
        and COMPATIBLE in tree.names(node, "compatible")
        and enabled(node)
    ]
    if len(found) != 1:
        paths = " ".join(node.path for node in found)
        raise tree.fail(COMPATIBLE, f"{len(found)} nodes {paths}".rstrip(), "1 node that is on")
    return found[0]


def _supply(tree: Tree, node: Node, cores: list[Node], names: tuple[str, str], label: str) -> None:
    """Check that a supply is a regulator that is on, the labelled one, and the cores' own."""
    (handle,) = tree.numbers(node, names[0], 1)
    found = tree.target(node, names[0], handle)
    if "regulator-name" not in found.properties:
        raise tree.fail(node, f"{names[0]} {found.path}", "a regulator")
    if not enabled(found):
        raise tree.fail(found, "a status of disabled, here or above", "okay", "no regulator then")
    if found is not tree.labelled(label):
        raise tree.fail(node, f"{names[0]} {found.path}", f"{label}, {tree.symbols[label]}")
    for core in cores:
        if names[1] in core.properties:
            (handle,) = tree.numbers(core, names[1], 1)
            own = tree.target(core, names[1], handle)
            if own is not found:
                raise tree.fail(
                    node, f"{names[0]} {found.path}", f"that of {core.path}, {own.path}"
                )
