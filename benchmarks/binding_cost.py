"""What importing and opening the patched binding costs against the plain wheel, in instructions."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from rknn_flake import models
from rknn_flake.board import Board, BoardSpec
from rknn_flake.nix import Nix

from . import binding_guest, package_set
from .report import Report, ratio, sample

TARGET = 1.02
RUNS = 7
NEEDS = ("nix", "build", "board")
MODEL = "conv-rk3588"
GUEST_MODEL = "/root/model.rknn"
GUEST_SCRIPT = "/root/binding_guest.py"
# What is judged, and what is told besides.
JUDGED = "all"
PHASES = {"import": "import", "open": "load and init_runtime", "process": "whole process"}
RUN_SECONDS = 60.0
BOOT_SECONDS = 180.0
# The board's clock advances a nanosecond per instruction; what idles is skipped.
COUNTING = ("-icount", "shift=0,sleep=off")
# Otherwise every process lies elsewhere, and so hashes and searches in another order.
SAME_ADDRESSES = "norandmaps"

Counts = dict[str, list[dict[str, int]]]

# The plain side is the wheel as it is, installed by the same builder with the same dependencies:
# no hook of ours, no patchelf. The names are equal, and so are the lengths of all paths.
PACKAGES = """
let
  pkgs = {pkgs};
  python = pkgs.python311Packages;
  patched = pkgs.rknn.simulated.toolkitLiteFor python;
  plain = python.buildPythonPackage {{
    inherit (patched) pname version src;
    format = "wheel";
    dependencies = [ python.numpy python.psutil python.ruamel-yaml ];
    dontStrip = true;
    dontPatchELF = true;
  }};
in {what}
"""
SIDES = ("plain", "patched")
COUNTED = (
    "counted by QEMU (-icount, one processor) on the emulated board, kernel included; "
    "no random hashes or addresses; both open the simulator"
)
COMPARED = (
    "plain: the wheel as PyPI has it, and /usr/lib/librknnrt.so; "
    "patched: this flake's package, and nothing in /usr/lib"
)


def measure(runs: int = RUNS) -> Report:
    """Build both, run them in turn on the counting board, and compare medians."""
    nix = Nix.private()
    environments = {
        side: _build(nix, f"pkgs.python311.withPackages (_: [ {side} ])") for side in SIDES
    }
    library = f"{_build(nix, 'pkgs.rknn.simulator')}/lib/librknnrt.so"
    closure = nix.closure(*environments.values(), str(Path(library).parents[1]))
    sides = [f"{side}={path}/bin/python3" for side, path in environments.items()]
    sides[0] += "=link"
    files = {GUEST_MODEL: models.get(MODEL), GUEST_SCRIPT: Path(binding_guest.__file__)}
    spec = BoardSpec(
        store=nix.store,
        closure=closure,
        files=files,
        append=SAME_ADDRESSES,
        boot_timeout=BOOT_SECONDS,
        processors=1,
        qemu_options=COUNTING,
    )
    with Board(spec) as board:
        words = f"{GUEST_SCRIPT} {runs} {GUEST_MODEL} {library} {' '.join(sides)}"
        seconds = RUN_SECONDS * len(SIDES) * (runs + 1)
        told = board.check(f"/usr/bin/python3 {words}", timeout=seconds)
    return report(json.loads(told.splitlines()[-1]))


def report(counts: Counts) -> Report:
    """Turn the counted runs of both sides into a report."""
    samples = {
        side: {phase: sample([run[phase] for run in runs]) for phase in runs[0]}
        for side, runs in counts.items()
    }
    plain, patched = (samples[side] for side in SIDES)
    ratios = {phase: ratio(patched[phase].median, plain[phase].median, phase) for phase in plain}
    spread = max(side[JUDGED].spread for side in samples.values())
    more = ", ".join(f"{text} {ratios[phase]:.4f}" for phase, text in PHASES.items())
    counted = (
        "import rknnlite.api, load_rknn, init_runtime, release: "
        f"{patched[JUDGED].median / 1e6:.2f} million instructions patched, "
        f"{plain[JUDGED].median / 1e6:.2f} plain; ratios of its parts: {more}"
    )
    taken = (
        f"medians of {plain[JUDGED].runs} runs each, in turn, after a warm-up; "
        f"spread (max - min) / median at most {spread:.2%}"
    )
    return Report(
        "binding",
        ratios[JUDGED],
        TARGET,
        (counted, taken, COUNTED, COMPARED),
        {
            "instructions": {
                side: {phase: asdict(counts) for phase, counts in phases.items()}
                for side, phases in samples.items()
            },
            "ratios": ratios,
        },
    )


def _build(nix: Nix, what: str) -> str:
    expression = PACKAGES.format(pkgs=package_set.expression(), what=what)
    return nix.build_expression(expression)["out"]
