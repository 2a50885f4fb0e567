"""Reads a flattened device tree (DTB or DTBO), version 16 and later.

libfdt's binding is not used: Debian 12's aborts ("Fatal Python error: none_dealloc"), PyPI has no
wheel of it, and of the trees only names and bytes are needed.
https://devicetree-specification.readthedocs.io/en/v0.4/flattened-format.html
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from check_device_tree.errors import failure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = 0xD00DFEED
BEGIN_NODE, END_NODE, PROP, NOP, END = 1, 2, 3, 4, 9


@dataclass(eq=False)
class Node:
    """A node: its full path, its properties' bytes, and the nodes below it by name."""

    path: str
    parent: Node | None
    properties: dict[str, bytes] = field(default_factory=dict)
    children: dict[str, Node] = field(default_factory=dict)

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it."""
        yield self
        for child in self.children.values():
            yield from child.walk()


def read(path: Path) -> Node:
    """Return the root of the tree in the file `path`; raise TreeError if there is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise failure(path, "file", str(error.strerror), "a device tree") from error
    try:
        return parse(data)
    except (struct.error, ValueError) as error:
        found = f"{len(data)} bytes that cannot be read ({error})"
        raise failure(path, "file", found, "a device tree", "the file is damaged") from error


def parse(data: bytes) -> Node:
    """Return the root of the tree in `data`; raise ValueError or struct.error."""
    magic, total, structure, strings = struct.unpack_from(">4I", data)
    if magic != MAGIC:
        raise ValueError(f"begins {data[:4]!r}")
    if total > len(data):
        raise ValueError(f"{total} bytes by its header")
    # The root's name is empty, and so is what it is in.
    top = here = Node("", None)
    for token, name, value in _tokens(data, structure, strings):
        if token == BEGIN_NODE:
            path = f"{here.path.rstrip('/')}/{name}"
            here.children[name] = Node(path, None if here is top else here)
            here = here.children[name]
        elif token == PROP:
            here.properties[name] = value
        elif here is top:
            raise ValueError("a node ends that did not begin")
        else:
            here = here.parent or top
    if here is not top or list(top.children) != [""]:
        raise ValueError("not one root, or a node without end")
    return top.children[""]


def _tokens(data: bytes, at: int, strings: int) -> Iterator[tuple[int, str, bytes]]:
    """Yield the token, name and value of each thing in the structure block that starts `at`."""
    while True:
        (token,) = struct.unpack_from(">I", data, at)
        at += 4
        if token == END:
            return
        if token == BEGIN_NODE:
            name = _text(data, at)
            yield token, name, b""
            at = _aligned(at + len(name.encode()) + 1)
        elif token == PROP:
            length, name_at = struct.unpack_from(">2I", data, at)
            value = data[at + 8 : at + 8 + length]
            if len(value) != length:
                raise ValueError("a property beyond the file")
            yield token, _text(data, strings + name_at), value
            at = _aligned(at + 8 + length)
        elif token == END_NODE:
            yield token, "", b""
        elif token != NOP:
            raise ValueError(f"token {token:#x} at {at - 4}")


def _text(data: bytes, at: int) -> str:
    return data[at : data.index(b"\0", at)].decode()


def _aligned(at: int) -> int:
    return (at + 3) & ~3
