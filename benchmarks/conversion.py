"""Wall time and memory of `rknn-convert` against the plain toolkit script, on one network."""

from __future__ import annotations

import json
import platform
import time
from dataclasses import asdict
from typing import Any

from expressions import pkgs_expression
from rknn_flake.errors import RknnError
from rknn_flake.nix import Nix
from rknn_flake.paths import PROJECT

from .report import Report, ratio, sample

NEEDS = ("nix", "build")
SYSTEM = "x86_64-linux"
RUNS = 5
TARGET = 1.05
SIDES = ("plain", "rknn-convert")
# What the sandbox gets.
FILES = (
    "benchmarks/conversion_sandbox.py",
    "benchmarks/conversion_plain.py",
    "tests/graphs.py",
    "tests/graph_parts.py",
    "tests/graph_images.py",
    "tests/graph_joints.py",
    "tests/graph_vectors.py",
)
# Both sides have the same Python, toolkit and libraries. The stamp makes it a new derivation:
# Nix would hand out what was measured before.
MEASURED = """
let
  pkgs = {pkgs};
  toolkit = pkgs.python311Packages.rknn-toolkit2;
  convert = pkgs.rknn.convert.override {{ inherit toolkit; }};
  env = pkgs.python311.withPackages (_: [ toolkit ]);
in pkgs.runCommand "measured-conversions" {{ stamp = "{stamp}"; }} ''
  {copies}
  ${{env}}/bin/python3 conversion_sandbox.py {runs} $out \\
    ${{convert}}/bin/rknn-convert ${{env}}/bin/python3 conversion_plain.py
''
"""
HOW = (
    "plain: RKNN, config, load_onnx, build, export_rknn, release, its output in a file; both in "
    "Nix's sandbox with the same Python and libraries, and without torch"
)


def measure(runs: int = RUNS) -> Report:
    """Convert in turn in Nix's sandbox, and compare medians."""
    if platform.machine() != "x86_64":
        raise RknnError(f"convert: this machine is {platform.machine()}; run it on x86_64")
    nix = Nix.private()
    out = nix.build_expression(expression(runs, time.time_ns()))["out"]
    return report(json.loads(nix.physical(out).read_text()))


def expression(runs: int, stamp: int) -> str:
    """Return a Nix expression for the JSON file of what was measured."""
    copies = "\n  ".join(f"cp ${{{PROJECT / name}}} {name.rpartition('/')[2]}" for name in FILES)
    pkgs = pkgs_expression(system=SYSTEM)
    return MEASURED.format(pkgs=pkgs, stamp=stamp, copies=copies, runs=runs)


def report(
    measured: dict[str, Any],
    name: str = "convert",
    how: str = HOW,
    *,
    memory_target: float | None = None,
) -> Report:
    """Turn the measured runs of both sides into a report."""
    samples = {
        side: {what: sample([run[what] for run in measured[side]]) for what in measured[side][0]}
        for side in SIDES
    }
    plain, ours = (samples[side] for side in SIDES)
    ratios = {what: ratio(ours[what].median, plain[what].median, what) for what in plain}
    shortest = [min(run["seconds"] for run in measured[side]) for side in SIDES]
    sizes = [sorted({run["size"] for run in measured[side]}) for side in SIDES]
    failures = []
    if sizes[0] != sizes[1]:
        failures.append(f"files of {sizes[1]} bytes, those of the plain script have {sizes[0]}")
    if memory_target is not None and ratios["peak"] > memory_target:
        failures.append(f"memory is to be at most {memory_target} of the plain script's")
    wall = (
        f"rknn-convert {ours['seconds'].median:.2f} s, plain script {plain['seconds'].median:.2f} "
        f"s, for {measured['model'] / 1e6:.1f} MB of ONNX; processor time "
        f"{ours['cpu'].median:.2f} s and {plain['cpu'].median:.2f} s: {ratios['cpu']:.3f}"
    )
    memory = (
        f"most memory resident, added up over a side's processes: {ours['peak'].median / 1e6:.0f} "
        f"MB and {plain['peak'].median / 1e6:.0f} MB: {ratios['peak']:.3f}"
    )
    taken = (
        f"medians of {plain['seconds'].runs} runs each, in turn, after a warm-up; wall time, "
        f"spread (max - min) / median: {ours['seconds'].spread:.0%} and "
        f"{plain['seconds'].spread:.0%}; the shortest: {shortest[1]:.2f} s and "
        f"{shortest[0]:.2f} s: {shortest[1] / shortest[0]:.3f}"
    )
    return Report(
        name,
        ratios["seconds"],
        TARGET,
        (wall, memory, taken, how),
        {
            "samples": {
                side: {what: asdict(one) for what, one in found.items()}
                for side, found in samples.items()
            },
            "ratios": ratios,
            "shortest": dict(zip(SIDES, shortest, strict=True)),
        },
        tuple(failures),
    )
