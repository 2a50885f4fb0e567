"""Whether an overlay can be applied: fdtoverlay itself says no more than FDT_ERR_NOTFOUND."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from check_device_tree.tree import Tree


def check_fits(tree: Tree, overlay: Tree) -> str:
    """Check that both are for one board, and that the tree has every label that is named."""
    theirs, ours = (frozenset(t.names(t.root, "compatible")) for t in (tree, overlay))
    if not theirs & ours:
        expected = f"one of {' '.join(sorted(ours))}"
        raise tree.fail(tree.root, " ".join(sorted(theirs)), expected, "another board's overlay")
    if not tree.symbols:
        advice = "build the kernel's device trees with DTC_FLAGS=-@, as nixpkgs does"
        raise tree.fail("/__symbols__", "no labels", "those that the overlay names", advice)
    fixups = overlay.at("/__fixups__")
    labels = sorted(fixups.properties) if fixups else []
    lacking = [label for label in labels if label not in tree.symbols]
    if lacking:
        advice = "Linux has the NPU's nodes from 6.18 on" if lacking[0].startswith("rknn_") else ""
        raise tree.fail("/__symbols__", f"no {', '.join(lacking)}", "the overlay's labels", advice)
    return f"has the {len(labels)} labels of {overlay.path.name}"
