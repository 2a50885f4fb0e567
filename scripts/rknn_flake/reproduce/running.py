"""All rounds, one after the other, and the verdicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rknn_flake.reproduce import building, comparing, conditions, stores

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rknn_flake.nix import Nix
    from rknn_flake.progress import Bars
    from rknn_flake.reproduce.building import Round
    from rknn_flake.reproduce.comparing import Unlike, Verdict
    from rknn_flake.reproduce.plan import Plan, Target

# (target, output) -> NAR hash
Hashes = dict[tuple[str, str], str]


@dataclass(frozen=True)
class Result:
    """What came of the rounds; `others` are paths built on the way that differed."""

    rounds: tuple[Round, ...]
    verdicts: tuple[Verdict, ...]
    others: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether every package was built the same in all rounds."""
        return all(verdict.status == "same" for verdict in self.verdicts)

    @property
    def hashes(self) -> Hashes:
        """What the first round made; an output that it did not is left out."""
        return {
            (name, output): found
            for name, built in self.rounds[0].built.items()
            for output, found in built.hashes.items()
        }


def run_rounds(  # noqa: PLR0913
    planner: Nix,
    plan: Plan,
    probe: Target,
    wanted: Sequence[conditions.Conditions],
    *,
    place: Path,
    seed: str | Path,
    keep: bool,
    bars: Bars,
) -> Result:
    """Build under each of the `wanted` conditions in turn; only the first store stays."""
    rounds: list[Round] = []
    unlike: list[tuple[Target, Unlike]] = []
    paths: frozenset[str] = frozenset()
    for one in wanted:
        seeds = (seed, rounds[0].nix.store) if rounds else (seed,)
        done = building.run_round(planner, plan, probe, one, place=place, seeds=seeds, bars=bars)
        if rounds:
            paths |= comparing.unlike_paths(rounds[0], done)
            for target in plan.targets:
                found = comparing.unlike_outputs(target, rounds[0], done)
                unlike += [(target, each) for each in found]
            if not keep:
                stores.remove(place / f"round-{one.number}")
        rounds.append(done)
    verdicts = tuple(
        comparing.verdict(
            plan, target, rounds, [each for of, each in unlike if of is target], paths
        )
        for target in plan.targets
    )
    known = {path for target in plan.targets for path in target.outputs.values()}
    ours = {*known, *probe.outputs.values()}
    return Result(tuple(rounds), verdicts, tuple(sorted(paths - ours)))
