"""What evaluating the flake's packages costs, in Nix's own counts, against a plain environment."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import CommandError
from rknn_flake.nix import HOSTPKGS, Nix
from rknn_flake.paths import PROJECT

from . import package_set
from .report import Report, ratio

if TYPE_CHECKING:
    from collections.abc import Mapping

NEEDS = ("nix",)
# The counts are the same in every run on every machine; seconds are told and not compared.
COUNTS = ("nrFunctionCalls", "nrThunks", "nrPrimOpCalls")

# flake.nix itself, given the package set as its input; no lock, no git, no evaluation cache.
PACKAGES = """
let
  nixpkgs = {{ outPath = "{folder}"; lib = import {folder}/lib; }};
  self = (import {project}/flake.nix).outputs {{ inherit self nixpkgs; }};
  packages = removeAttrs self.packages.{system} [ "default" ];
in {what}
"""
PINS = f"self.legacyPackages.{package_set.SYSTEM}.rknn.sources.releases"
# What anybody who uses the binding's dependencies evaluates without this flake.
PLAIN = """
let pkgs = {pkgs};
in (pkgs.python312.withPackages (ps: [ ps.numpy ps.psutil ps.ruamel-yaml ])).drvPath
"""


@dataclass(frozen=True)
class Cost:
    """What Nix counted in one evaluation; `seconds` is processor time."""

    nrFunctionCalls: int  # noqa: N815  # Nix's own names
    nrThunks: int  # noqa: N815
    nrPrimOpCalls: int  # noqa: N815
    seconds: float


@dataclass(frozen=True)
class Measured:
    """The costs on one lib.

    All packages and each alone; what is in each of them, the check of the pins; and the plain
    environment without our overlay and with.
    """

    everything: Cost
    each: Mapping[str, Cost]
    pins: Cost
    plain: Cost
    overlaid: Cost


def measure() -> Report:
    """Evaluate with the package set's own lib and, where NIXPKGS_LIB names it, with nixpkgs'."""
    nix = Nix.private()
    measured = {"own lib": _on(nix, HOSTPKGS)}
    real = package_set.nixpkgs_lib()
    if real:
        with tempfile.TemporaryDirectory() as scratch:
            measured["nixpkgs' lib"] = _on(nix, package_set.with_lib(real, Path(scratch, "set")))
    return report(measured)


def report(measured: Mapping[str, Measured]) -> Report:
    """Turn the costs on each lib into a report; the ratio is that on the first."""
    lines = [line for lib, costs in measured.items() for line in _lines(lib, costs)]
    if len(measured) == 1:
        lines.append("NIXPKGS_LIB is not set: with nixpkgs' real lib not measured")
    lines.append(
        "Nix's counts (NIX_SHOW_STATS) of the drvPaths of flake.nix's packages, no evaluation "
        "cache; plain: python312.withPackages of numpy, psutil and ruamel-yaml, no overlay"
    )
    return Report(
        "evaluation",
        _compared(next(iter(measured.values())))["nrFunctionCalls"],
        None,
        tuple(lines),
        {lib: {**asdict(costs), "ratios": _compared(costs)} for lib, costs in measured.items()},
    )


def cost_of(stats: Mapping[str, Any]) -> Cost:
    """Return the costs among the statistics that Nix wrote; one that is missing is an error."""
    missing = [name for name in (*COUNTS, "cpuTime") if name not in stats]
    if missing:
        raise CommandError(f"NIX_SHOW_STATS: found no {missing[0]}; is this Nix 2.3 or newer?")
    calls, thunks, primops = (int(stats[name]) for name in COUNTS)
    return Cost(calls, thunks, primops, float(stats["cpuTime"]))


def _lines(lib: str, costs: Measured) -> list[str]:
    ratios = _compared(costs)
    unused = ratio(costs.overlaid.nrFunctionCalls, costs.plain.nrFunctionCalls, "plain")
    each = ", ".join(f"{name} {cost.nrFunctionCalls}" for name, cost in costs.each.items())
    everything = (
        f"{lib}: {costs.everything.nrFunctionCalls} function calls for {len(costs.each)} packages "
        f"({ratios['nrFunctionCalls']:.2f} of plain; thunks {ratios['nrThunks']:.2f}, "
        f"primops {ratios['nrPrimOpCalls']:.2f}), {costs.everything.seconds:.2f} s"
    )
    alone = (
        f"{lib}, each alone: {each}; each with {costs.pins.nrFunctionCalls} to check the pins, "
        "done once for all"
    )
    plain = (
        f"{lib}, plain: {costs.plain.nrFunctionCalls}; with the overlay, unused, {unused:.4f} of it"
    )
    return [everything, alone, plain]


def _compared(costs: Measured) -> dict[str, float]:
    return {
        name: ratio(getattr(costs.everything, name), getattr(costs.plain, name), name)
        for name in COUNTS
    }


def _on(nix: Nix, folder: Path) -> Measured:
    def packages(what: str) -> str:
        return PACKAGES.format(folder=folder, project=PROJECT, system=package_set.SYSTEM, what=what)

    def plain(*, overlay: bool) -> Cost:
        return _evaluate(nix, PLAIN.format(pkgs=package_set.expression(folder, overlay=overlay)))

    names: list[str] = nix.eval_expression(packages("builtins.attrNames packages"))
    return Measured(
        _evaluate(nix, packages("builtins.mapAttrs (_: p: p.drvPath) packages")),
        {name: _evaluate(nix, packages(f"packages.{name}.drvPath")) for name in names},
        _evaluate(nix, packages(f"builtins.attrNames {PINS}")),
        plain(overlay=False),
        plain(overlay=True),
    )


def _evaluate(nix: Nix, expression: str) -> Cost:
    with tempfile.TemporaryDirectory() as scratch:
        stats = Path(scratch, "stats.json")
        nix.call(
            "eval",
            *("--impure", "--json", "--option", "eval-cache", "false", "--expr", expression),
            env={"NIX_SHOW_STATS": "1", "NIX_SHOW_STATS_PATH": str(stats)},
        )
        return cost_of(json.loads(stats.read_text()))
