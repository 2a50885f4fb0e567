"""Bytes of the .rknn shape whose graphs have registers' records; no network inside.

A layout is nested: Table(slot -> layout), list (a vector of tables), bytes (a vector of bytes),
int (u32), Pairs (a table of pairs). It is written parents first, as offsets point forwards.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

from unit.rknn_file import container

COMPILER = "2.3.2(compiler version: 2.3.2 (e045de294f@2025-04-07T19:48:25))"
PAIRS_8, PAIRS_9 = 7, 13
WORDS = 40


@dataclass(frozen=True)
class Pairs:
    """A record: `pairs` of u32, each beginning behind the one before."""

    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Table:
    """A table of offsets and of u32 numbers by slot."""

    fields: dict[int, Layout] = field(default_factory=dict)


Layout = Table | Pairs | list["Table"] | list[Pairs] | bytes | int


def flatbuffer(root: Table) -> bytes:
    """Return the flatbuffer with `root`."""
    content = bytearray(b"\0\0\0\0RKNN")
    _link(content, 0, root)
    return bytes(content)


def _link(content: bytearray, place: int, layout: Layout) -> None:
    """Append `layout`, and have the offset at `place` lead to it."""
    content += bytes(-len(content) % 4)
    at = _append(content, layout)
    struct.pack_into("<I", content, place, at - place)


def _append(content: bytearray, layout: Layout) -> int:
    at = len(content)
    if isinstance(layout, bytes):
        content += struct.pack("<I", len(layout)) + layout + b"\0"
    elif isinstance(layout, list):
        content += struct.pack("<I", len(layout)) + bytes(4 * len(layout))
        for number in range(len(layout)):
            _link(content, at + 4 + 4 * number, layout[number])
    elif isinstance(layout, Pairs):
        at = _places(content, {slot: 4 + 8 * slot for slot in range(len(layout.pairs))}, 8)
        content += b"".join(struct.pack("<II", *pair) for pair in layout.pairs)
    elif isinstance(layout, Table):
        at = _places(content, {s: 4 + 4 * n for n, s in enumerate(sorted(layout.fields))}, 4)
        content += bytes(4 * len(layout.fields))
        for number, slot in enumerate(sorted(layout.fields)):
            inner = layout.fields[slot]
            if isinstance(inner, int):
                struct.pack_into("<I", content, at + 4 + 4 * number, inner)
            else:
                _link(content, at + 4 + 4 * number, inner)
    return at


def _places(content: bytearray, places: dict[int, int], each: int) -> int:
    """Append a table's list of places and the number that leads back to it; return its start."""
    slots = max(places, default=-1) + 1
    row = [4 + 2 * slots, 4 + each * len(places), *(places.get(slot, 0) for slot in range(slots))]
    content += struct.pack(f"<{len(row)}H", *row) + bytes(2 * (len(row) % 2))
    at = len(content)
    content += struct.pack("<i", 2 * (len(row) + len(row) % 2))
    return at


def registers_file(  # noqa: PLR0913 - what a file may differ in
    in_8: tuple[tuple[int, int], ...],
    in_9: tuple[tuple[int, int], ...],
    *,
    soc: str = "rk3588",
    compiler: str = COMPILER,
    version: int = 6,
    weights: bytes = b"",
) -> bytes:
    """Return a file of one graph, one input and two tasks whose records hold these pairs."""

    def entry(pairs: tuple[tuple[int, int], ...]) -> Layout:
        return [Table({0: b"x", 1: [Pairs(pairs), Pairs(pairs)]})]

    tensors = [Table({5: b"w", 18: 0}), Table({5: b"regcmd", 18: 1})]
    graph = Table({0: tensors, 8: entry(in_8), 9: entry(in_9)})
    buffers = [Table({0: weights}), Table({0: bytes(8 * WORDS)})]
    root = Table({2: [graph], 7: compiler.encode(), 8: soc.encode(), 20: buffers})
    return container(version, flatbuffer(root), b"{}")
