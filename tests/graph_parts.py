"""What the graphs of graphs.py are written in: plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]
SAME = [1, 1, 1, 1]


@dataclass(frozen=True)
class Node:
    """One operation: the tensors it takes and gives, and its attributes."""

    kind: str
    takes: list[str]
    gives: list[str]
    told: dict[str, Any]


def node(kind: str, takes: str, gives: str, **told: object) -> Node:
    """Return an operation; names stand between spaces, and - for one that is left out."""
    names = ["" if name == "-" else name for name in takes.split()]
    return Node(kind, names, gives.split(), told)


@dataclass(frozen=True)
class Graph:
    """Nodes, tensors of float32 by name and shape, weights.

    A weight is a tuple, the shape of random numbers, or is spelt out: a number or a list. A
    `picture` has one input of pixels, of which each channel is made less by `mean` and divided by
    `std` before the graph sees it.
    """

    nodes: list[Node]
    inputs: dict[str, Shape]
    outputs: dict[str, Shape]
    weights: dict[str, Any] = field(default_factory=dict)
    mean: tuple[float, ...] = ()
    std: tuple[float, ...] = ()

    @property
    def is_picture(self) -> bool:
        """Whether the input is pixels."""
        return bool(self.mean)
