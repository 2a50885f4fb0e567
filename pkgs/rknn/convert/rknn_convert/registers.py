"""The registers' records of an .rknn body, and which of their bytes the compiler never sets.

For each input, and each task that reads it, a body has two tables, one in the graph's slot 8 and
one in slot 9, of pairs {u32 value, u32 which of the command words it belongs in}: what a runtime
patches when the input comes in another layout. Each SoC has but some of the registers. The pairs
of the others are what the stack held, pointers included, in the vendor's own published models too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_convert.flat import Flat, LayoutError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rknn_convert.flat import Table

# Found with valgrind's memcheck, which knows of each byte of a file whether it was ever set.
COMPILERS = ("2.3.0", "2.3.2", "2.5.0")
COMPILER = re.compile(rb"\(compiler version: ([0-9.]+)")


@dataclass(frozen=True)
class Unset:
    """The slots of pairs that are not set, in the records of the graph's slot 8 and of slot 9."""

    in_8: frozenset[int] = frozenset()
    in_9: frozenset[int] = frozenset()


RK3566 = Unset(in_9=frozenset({5, 6, 7, 8, 9}))
SOCS = {
    b"rk3562": Unset(),
    b"rk3566": RK3566,
    b"rk3568": RK3566,
    b"rk3576": Unset(in_9=frozenset({11, 12})),
    b"rk3588": Unset(in_8=frozenset({2}), in_9=frozenset({6, 7, 8, 11, 12})),
}
# Slots of the root table, of a graph, of an input's entry.
GRAPHS, COMPILED_BY, SOC, BUFFERS = 2, 7, 8, 20
TENSORS, ENTRIES_8, ENTRIES_9 = 0, 8, 9
RECORDS = 1
TENSOR_NAME, TENSOR_BUFFER = 5, 18
COMMANDS = b"regcmd"
COMMAND_BYTES = 8
PAIR_BYTES = 8
# What follows the pairs of slot 8's records are no pairs.
PAIRS_8, PAIRS_9 = 7, 13


def unset(body: memoryview) -> list[int]:
    """Return where in `body`, a flatbuffer, the pairs are that were never set.

    Raises LayoutError where anything is otherwise than in the files that this was found in.
    """
    flat = Flat(body)
    root = flat.root()
    compiler = COMPILER.search(bytes(flat.data(root, COMPILED_BY)))
    if not compiler or compiler[1].decode() not in COMPILERS:
        found = compiler[1].decode() if compiler else "not named"
        raise LayoutError(f"its compiler is {found}; known are {', '.join(COMPILERS)}")
    soc = bytes(flat.data(root, SOC))
    if soc not in SOCS:
        known = b", ".join(SOCS).decode()
        raise LayoutError(f"it is for {soc.decode(errors='replace')}; known are {known}")
    return [
        pair
        for graph in flat.tables(root, GRAPHS)
        for pair in _graph(flat, graph, SOCS[soc], _words(flat, root, graph))
    ]


def _words(flat: Flat, root: Table, graph: Table) -> int:
    """Return how many command words the graph has."""
    buffers = flat.tables(root, BUFFERS)
    for tensor in flat.tables(graph, TENSORS):
        if bytes(flat.data(tensor, TENSOR_NAME)) == COMMANDS:
            number = flat.number("I", tensor.fields.get(TENSOR_BUFFER, -1))
            if number < len(buffers):
                return len(flat.data(buffers[number], 0)) // COMMAND_BYTES
    return 0


def _graph(flat: Flat, graph: Table, soc: Unset, words: int) -> Iterator[int]:
    for entries, pairs, is_unset in (
        (ENTRIES_8, PAIRS_8, soc.in_8),
        (ENTRIES_9, PAIRS_9, soc.in_9),
    ):
        for entry in flat.tables(graph, entries):
            for record in flat.tables(entry, RECORDS):
                for slot in range(pairs):
                    at = record.fields.get(slot, -1)
                    if at != record.at + 4 + PAIR_BYTES * slot or at + PAIR_BYTES > record.end:
                        raise LayoutError(f"the record at byte {record.at} has no pair {slot}")
                    if slot in is_unset:
                        yield at
                    elif not 0 < flat.number("I", at + 4) < words:
                        raise LayoutError(f"pair {slot} at byte {at} is of no command word")
