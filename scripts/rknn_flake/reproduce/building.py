"""One round: everything of the plan is built in a store of its own, under its conditions."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rknn_flake.errors import CommandError, RknnError
from rknn_flake.process import tail
from rknn_flake.reproduce import conditions as varying
from rknn_flake.reproduce import probe as probing
from rknn_flake.reproduce import stores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rknn_flake.nix import Nix
    from rknn_flake.progress import Bars
    from rknn_flake.reproduce.conditions import Conditions
    from rknn_flake.reproduce.plan import Plan, Target

FULL = "No space left on device"


@dataclass(frozen=True)
class Built:
    """What one build came to: output name -> NAR hash, or the end of the log of a failure."""

    hashes: dict[str, str]
    seconds: float
    error: str | None = None


@dataclass(frozen=True)
class Round:
    """A round: its store, target -> what it came to, what the probe saw, all that was built."""

    conditions: Conditions
    nix: Nix
    built: dict[str, Built]
    seen: probing.Seen
    hashes: dict[str, str]


def run_round(  # noqa: PLR0913
    planner: Nix,
    plan: Plan,
    probe: Target,
    conditions: Conditions,
    *,
    place: Path,
    seeds: Sequence[str | Path],
    bars: Bars,
) -> Round:
    """Build the plan's targets in a new store below `place`; `planner` has the derivations."""
    folder = place / f"round-{conditions.number}" / ("deeper" * conditions.number)
    nix = replace(
        planner,
        store=folder / "store",
        build_dir=conditions.build_dir,
        settings=varying.settings(conditions, folder / "conditions"),
        host_tools=plan.uses_host,
    )
    drvs = [target.drv for target in (*plan.targets, probe)]
    nix.call("copy", "--no-check-sigs", "--derivation", "--from", planner.store, *drvs)
    for seed in seeds:
        stores.seed(nix, seed, plan.seedable)
    with varying.processors(conditions.cpus):
        seen = _probe(nix, probe)
        built = {}
        for target in plan.targets:
            bar = bars.bar(f"round {conditions.number}: {target.name}", None)
            built[target.name] = _build(nix, target)
            bar.done()
    everything = nix.path_info("--all")
    hashes = {
        path: str(known["narHash"]) for path, known in everything.items() if known.get("ultimate")
    }
    return Round(conditions, nix, built, seen, hashes)


def _build(nix: Nix, target: Target) -> Built:
    started = time.monotonic()
    done = nix.call("--realise", target.drv, program="nix-store", check=False)
    seconds = time.monotonic() - started
    if done.status != 0:
        if FULL in done.stderr:
            raise RknnError(
                f"{nix.store}: the disk is full while building {target.name}; free some, "
                "or name another folder in RKNN_FLAKE_CACHE"
            )
        return Built({}, seconds, tail(done).strip("\n"))
    known = nix.path_info(*target.outputs.values())
    for path in target.outputs.values():
        if not known[path].get("ultimate") and not known[path].get("ca"):
            raise RknnError(
                f"{target.name}: {path} came from a binary cache or with --seed, so nothing was "
                "built; --against compares with another store or cache"
            )
    return Built(
        {name: str(known[path]["narHash"]) for name, path in target.outputs.items()}, seconds
    )


def _probe(nix: Nix, probe: Target) -> probing.Seen:
    made = _build(nix, probe)
    if made.error is not None:
        raise CommandError(
            f"what a build sees cannot be told: the probe's build failed\n{made.error}"
        )
    return probing.read(nix.physical(probe.outputs["out"]).read_text())
