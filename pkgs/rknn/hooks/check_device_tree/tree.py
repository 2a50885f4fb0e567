"""A tree with its references resolved: labels, phandles, and lists of them with their cells."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from check_device_tree import blob
from check_device_tree.errors import TreeError, failure

if TYPE_CHECKING:
    from pathlib import Path

    from check_device_tree.blob import Node


# A reference: the path of its target, and the cells after it.
Entry = tuple[str, ...]


@dataclass(frozen=True)
class Tree:
    """A device tree and the file that it is from, which every complaint names."""

    path: Path
    root: Node

    @classmethod
    def read(cls, path: Path) -> Tree:
        """Return the tree in the file `path`."""
        return cls(path, blob.read(path))

    def fail(self, where: Node | str, found: str, expected: str, advice: str = "") -> TreeError:
        """Build the one line of a failed check at a node or under a name."""
        place = where if isinstance(where, str) else where.path
        return failure(self.path, place, found, expected, advice)

    def at(self, path: str) -> Node | None:
        """Return the node of a path such as /npu@fdab0000; None if there is none."""
        node: Node | None = self.root
        for name in path.strip("/").split("/"):
            if name and node:
                node = node.children.get(name)
        return node

    @cached_property
    def symbols(self) -> dict[str, str]:
        """The paths of the labels, if the tree was built with them."""
        names = self.at("/__symbols__")
        return {} if names is None else {n: text(v) for n, v in names.properties.items()}

    def labelled(self, label: str) -> Node:
        """Return the node that has a label."""
        node = self.at(self.symbols[label]) if label in self.symbols else None
        if node is None:
            raise self.fail("/__symbols__", f"no {label}", "the label of a node")
        return node

    @cached_property
    def _handles(self) -> dict[int, Node]:
        return {
            cells(node.properties["phandle"])[0]: node
            for node in self.root.walk()
            if len(node.properties.get("phandle", b"")) == 4
        }

    def target(self, node: Node, name: str, handle: int) -> Node:
        """Return the node that the property `name` of `node` refers to as `handle`."""
        found = self._handles.get(handle)
        if found is None:
            raise self.fail(node, f"{name} = <{handle:#x}>", "the phandle of a node")
        return found

    def value(self, node: Node, name: str) -> bytes:
        """Return a property's bytes; raise TreeError if the node has no such property."""
        if name not in node.properties:
            raise self.fail(node, f"no {name}", name)
        return node.properties[name]

    def numbers(self, node: Node, name: str, count: int | None = None) -> tuple[int, ...]:
        """Return a property's 32-bit cells, `count` of them."""
        value = self.value(node, name)
        if len(value) % 4 or count not in {None, len(value) // 4}:
            found = f"{name} of {len(value) / 4:g} cells"
            raise self.fail(node, found, f"{count} cells" if count else "whole cells")
        return cells(value)

    def names(self, node: Node, name: str) -> tuple[str, ...]:
        """Return a property's texts."""
        return tuple(
            part.decode(errors="replace") for part in self.value(node, name).split(b"\0")[:-1]
        )

    def references(self, node: Node, name: str, size: str) -> tuple[Entry, ...]:
        """Return the entries of a list such as clocks: the target's path and the cells after it.

        `size` is the property of the target that says how many cells follow, such as #clock-cells.
        """
        found, left = [], list(self.numbers(node, name))
        while left:
            target = self.target(node, name, left.pop(0))
            (count,) = self.numbers(target, size, 1)
            if len(left) < count:
                raise self.fail(node, f"{name} that ends inside an entry", f"{count} cells more")
            found.append((target.path, *map(str, left[:count])))
            del left[:count]
        return tuple(found)


def cells(value: bytes) -> tuple[int, ...]:
    """Return the 32-bit cells in `value`."""
    return struct.unpack(f">{len(value) // 4}I", value)


def text(value: bytes) -> str:
    """Return a property's one text."""
    return value.rstrip(b"\0").decode(errors="replace")


def enabled(node: Node) -> bool:
    """Say whether a node's status, and that of all nodes above it, lets the kernel use it."""
    above: Node | None = node
    while above is not None:
        if text(above.properties.get("status", b"okay")) not in {"okay", "ok"}:
            return False
        above = above.parent
    return True
