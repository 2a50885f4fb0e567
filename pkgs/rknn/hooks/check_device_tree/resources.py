"""The node's registers, interrupts, clocks, resets and power domains are those of the cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from check_device_tree.blob import Node
    from check_device_tree.tree import Entry, Tree

# What the driver looks its resources up by: rknpu_irqs, dev_pm_domain_attach_by_name(), and the
# first clock by devm_pm_opp_set_clkname().
INTERRUPTS = ("npu0_irq", "npu1_irq", "npu2_irq")
DOMAINS = ("npu0", "npu1", "npu2")
RESETS = ("srst_a0", "srst_a1", "srst_a2", "srst_h0", "srst_h1", "srst_h2")
CLOCK = "scmi_clk"
# What is the cores' own of the addresses: the next core's begin after it.
WINDOW = 0x10000


def check_resources(tree: Tree, node: Node, cores: list[Node], rate: int) -> None:
    """Check that `node` has what the `cores` have, by the names that the driver knows."""
    _registers(tree, node, cores)
    _interrupts(tree, node, cores)
    _clocks(tree, node, cores, rate)
    _same(tree, node, cores, "resets", RESETS)
    _same(tree, node, cores, "power-domains", DOMAINS)


def _windows(tree: Tree, node: Node) -> list[tuple[int, int]]:
    """Return the first address, and the one after the last, of each entry in reg."""
    if node.parent is not None:
        for name in ("#address-cells", "#size-cells"):
            if tree.numbers(node.parent, name, 1) != (2,):
                raise tree.fail(node.parent, f"another {name}", f"{name} = <2>")
    values = tree.numbers(node, "reg")
    if not values or len(values) % 4:
        raise tree.fail(node, f"reg of {len(values)} cells", "2 cells of address, 2 of size each")
    starts = [(values[i] << 32 | values[i + 1], i + 2) for i in range(0, len(values), 4)]
    return [(start, start + (values[i] << 32 | values[i + 1])) for start, i in starts]


def _registers(tree: Tree, node: Node, cores: list[Node]) -> None:
    wanted = []
    for core in cores:
        windows = _windows(tree, core)
        first = min(start for start, _ in windows)
        if max(end for _, end in windows) > first + WINDOW:
            raise tree.fail(core, "registers beyond the core's window", f"{WINDOW:#x} bytes")
        wanted.append((first, first + WINDOW))
    found = _windows(tree, node)
    if found != wanted:
        raise tree.fail(node, f"reg {_ranges(found)}", _ranges(wanted))


def _ranges(windows: list[tuple[int, int]]) -> str:
    return " ".join(f"{start:x}-{end:x}" for start, end in windows)


def _interrupts(tree: Tree, node: Node, cores: list[Node]) -> None:
    found = _lines(tree, node, len(INTERRUPTS))
    wanted = tuple(line for core in cores for line in _lines(tree, core, 1))
    _named(tree, node, "interrupt-names", INTERRUPTS)
    if found != wanted:
        raise tree.fail(node, f"interrupts {_shown(found)}", _shown(wanted))


def _lines(tree: Tree, node: Node, count: int) -> tuple[Entry, ...]:
    """Return the controller and the cells of each of a node's interrupts."""
    above: Node | None = node
    while above is not None and "interrupt-parent" not in above.properties:
        above = above.parent
    if above is None:
        raise tree.fail(node, "no interrupt-parent", "one, here or above")
    (handle,) = tree.numbers(above, "interrupt-parent", 1)
    controller = tree.target(above, "interrupt-parent", handle)
    (size,) = tree.numbers(controller, "#interrupt-cells", 1)
    values = tree.numbers(node, "interrupts")
    if len(values) != count * size:
        found = f"interrupts of {len(values)} cells"
        raise tree.fail(node, found, f"{count * size}, {size} for each of {count}")
    return tuple(
        (controller.path, *map(str, values[i : i + size])) for i in range(0, len(values), size)
    )


def _clocks(tree: Tree, node: Node, cores: list[Node], rate: int) -> None:
    found = tree.references(node, "clocks", "#clock-cells")
    names = tree.names(node, "clock-names")
    wanted = {}
    for core in cores:
        listed = tree.references(core, "clocks", "#clock-cells")
        wanted.update(dict(zip(listed, tree.names(core, "clock-names"), strict=False)))
    lacking = [clock for clock in wanted if clock not in found]
    if lacking:
        raise tree.fail(node, f"clocks without {_shown(lacking)}", "all clocks of the cores")
    if len(names) != len(found) or names[:1] != (CLOCK,) or wanted.get(found[0]) != "npu":
        raise tree.fail(node, f"clocks {_shown(found)} named {names}", f"the NPU's first, {CLOCK}")
    if tree.references(node, "assigned-clocks", "#clock-cells") != found[:1]:
        raise tree.fail(node, "other assigned-clocks", _shown(found[:1]))
    (assigned,) = tree.numbers(node, "assigned-clock-rates", 1)
    if assigned != rate:
        raise tree.fail(node, f"assigned-clock-rates = <{assigned}>", f"<{rate}>")


def _same(tree: Tree, node: Node, cores: list[Node], name: str, names: tuple[str, ...]) -> None:
    """Check that the list `name` has what the cores have, kind by kind, core by core."""
    size = f"#{name.removesuffix('s')}-cells"
    found = tree.references(node, name, size)
    each = [tree.references(core, name, size) for core in cores]
    wanted = tuple(entry for kind in zip(*each, strict=False) for entry in kind)
    _named(tree, node, f"{name.removesuffix('s')}-names", names)
    if found != wanted:
        raise tree.fail(node, f"{name} {_shown(found)}", _shown(wanted))


def _named(tree: Tree, node: Node, name: str, wanted: tuple[str, ...]) -> None:
    found = tree.names(node, name)
    if found != wanted:
        raise tree.fail(node, f"{name} {' '.join(found)}", " ".join(wanted))


def _shown(entries: Iterable[Entry]) -> str:
    return ", ".join(f"<{' '.join(entry)}>" for entry in entries)
