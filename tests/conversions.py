"""The graphs of graphs.py converted in Nix's sandbox, once for all tests that look at them."""

from __future__ import annotations

import json
import platform
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from expressions import pkgs_expression
from graphs import GRAPHS
from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

KINDS = ("float", "int8")
EVERY = tuple((graph, kind) for graph in GRAPHS for kind in KINDS)
# Python modules that the sandbox gets beside the converter.
MODULES = (
    "graphs.py",
    "graph_parts.py",
    "graph_images.py",
    "graph_joints.py",
    "graph_vectors.py",
    "build/convert_graphs.py",
    "simulate_graphs.py",
)


def is_quantized(graph: str, kind: str, tensor: str) -> bool:
    """Return whether an input or output of the .rknn file is int8; else it is float16."""
    last = {name: node.kind for node in GRAPHS[graph].nodes for name in node.gives}
    # The toolkit lets a softmax compute in float.
    return kind == "int8" and last.get(tensor) != "Softmax"


@dataclass(frozen=True)
class Conversion:
    """What came of one graph, float or int8; `problem` says why something of it is missing.

    `cosines` and `errors` (largest absolute) compare each output in the toolkit's simulator with
    onnxruntime's on the same sample, `others` with that on another; `digests` are of the file and
    of a second one, made under different surroundings; `inspected` is what inspect says of it, and
    `judged`, for some, what compare does.
    """

    graph: str
    kind: str
    problem: str = ""
    seconds: float = 0.0
    size: int = 0
    digests: list[str] = field(default_factory=list)
    inspected: dict[str, Any] = field(default_factory=dict)
    shapes: list[list[int]] = field(default_factory=list)
    cosines: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    judged: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Converted:
    """The folder of GRAPH-KIND.rknn files, and what is known of each."""

    folder: Path
    reports: dict[tuple[str, str], Conversion]

    def file(self, graph: str, kind: str) -> Path:
        """Return a graph's .rknn file."""
        return self.folder / f"{graph}-{kind}.rknn"


def expression(names: tuple[str, ...]) -> str:
    """Return a Nix expression for the folder of converted graphs."""
    copies = "\n".join(
        f"cp ${{{PROJECT}/tests/{module}}} {module.rpartition('/')[2]}" for module in MODULES
    )
    return f"""
      let
        p = {pkgs_expression(system="x86_64-linux")};
        toolkit = p.python311Packages.rknn-toolkit2;
        convert = p.rknn.convert.override {{ inherit toolkit; }};
        env = p.python311.withPackages (_: [ toolkit ]);
      in p.runCommand "converted-graphs" {{ }} ''
        mkdir graphs $out
        cd graphs
        {copies}
        ${{env}}/bin/python3 convert_graphs.py $out {",".join(names)} ${{convert}}/bin/rknn-convert
      ''
    """


@cache
def converted(nix: Nix) -> Converted:
    """Return all graphs converted; skip where the converter can't run in a sandbox."""
    if platform.machine() != "x86_64":
        pytest.skip(f"onnxruntime can't be imported in a sandbox on {platform.machine()}")
    folder = nix.physical(nix.build_expression(expression(tuple(GRAPHS)))["out"])
    found = [Conversion(**one) for one in json.loads((folder / "report.json").read_text())]
    return Converted(folder, {(one.graph, one.kind): one for one in found})
