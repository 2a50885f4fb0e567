"""Rounds held against the first: which outputs differ, how, and what was to blame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rknn_flake.reproduce import trees

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rknn_flake.reproduce.building import Round
    from rknn_flake.reproduce.plan import Plan, Target
    from rknn_flake.reproduce.trees import Difference


@dataclass(frozen=True)
class Unlike:
    """How an output of one round differs from the first round's: a screenful, and the count."""

    output: str
    round: int
    shown: tuple[Difference, ...]
    count: int
    diffoscope: tuple[str, ...] = ()


@dataclass(frozen=True)
class Verdict:
    """What the rounds say of one target.

    `status` is same, differs or failed (in every round alike); `errors` are rounds with their
    failures, and `causes` what the target needs that differed by itself.
    """

    target: Target
    status: str
    hashes: dict[str, tuple[str, ...]]
    seconds: tuple[float, ...]
    unlike: tuple[Unlike, ...] = ()
    errors: dict[int, str] = field(default_factory=dict)
    causes: tuple[str, ...] = ()


def unlike_paths(first: Round, other: Round) -> frozenset[str]:
    """Return the store paths that both rounds built, each in another way."""
    return frozenset(
        path for path, found in first.hashes.items() if other.hashes.get(path, found) != found
    )


def unlike_outputs(target: Target, first: Round, other: Round) -> tuple[Unlike, ...]:
    """Return how the target's outputs differ; while both stores are still there."""
    one, two = first.built[target.name].hashes, other.built[target.name].hashes
    found = []
    for output, path in target.outputs.items():
        if output in one and output in two and one[output] != two[output]:
            left, right = first.nix.physical(path), other.nix.physical(path)
            shown, count = trees.screenful(left, right)
            said = tuple(trees.diffoscope(left, right))
            found.append(Unlike(output, other.conditions.number, shown, count, said))
    return tuple(found)


def causes(plan: Plan, target: Target, unlike: frozenset[str]) -> tuple[str, ...]:
    """Return the paths the target needs that differ though all they need themselves agrees."""
    makers = plan.makers
    drvs = {makers[path] for path in unlike if path in makers}
    needed = plan.needs(target.drv)
    roots = {drv for drv in drvs & needed if not plan.needs(drv) & drvs}
    return tuple(sorted(path for path in unlike if makers.get(path) in roots))


def verdict(
    plan: Plan,
    target: Target,
    rounds: Sequence[Round],
    unlike: Sequence[Unlike],
    paths: frozenset[str],
) -> Verdict:
    """Return what all rounds say of the target; `paths` are those that differed in any."""
    built = [one.built[target.name] for one in rounds]
    errors = {
        one.conditions.number: made.error
        for one, made in zip(rounds, built, strict=True)
        if made.error is not None
    }
    hashes = {
        output: tuple(made.hashes.get(output, "") for made in built) for output in target.outputs
    }
    if len(errors) == len(rounds):
        status = "failed"
    elif errors or any(len(set(found)) > 1 for found in hashes.values()):
        status = "differs"
    else:
        status = "same"
    return Verdict(
        target=target,
        status=status,
        hashes=hashes,
        seconds=tuple(made.seconds for made in built),
        unlike=tuple(unlike),
        errors=errors,
        causes=causes(plan, target, paths) if status == "differs" else (),
    )
