"""What is to be built: the derivations that package names stand for, and what these need."""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rknn_flake.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rknn_flake.nix import Nix

NAME = re.compile(r"[A-Za-z0-9_+'-]+(\.[A-Za-z0-9_+'-]+)*")

# Follows each path of names from the set, as far as it goes.
FOLLOW = """
  root: map (names:
    let
      step = at: name:
        if at ? stuck then at
        else if builtins.isAttrs at.value && at.value ? ${name} then { value = at.value.${name}; }
        else { stuck = if builtins.isAttrs at.value then builtins.attrNames at.value else [ ]; };
      end = builtins.foldl' step { value = root; } names;
    in
    if end ? stuck then { known = end.stuck; }
    else if (end.value.type or "") == "derivation" then {
      inherit (end.value) drvPath;
      outputs = builtins.listToAttrs
        (map (name: { inherit name; value = end.value.${name}.outPath; }) end.value.outputs);
    }
    else { known = if builtins.isAttrs end.value then builtins.attrNames end.value else [ ]; })
"""

# Those of the paths that lead to a derivation; what throws does not.
DERIVATIONS = """
  root: builtins.filter (names:
    let end = builtins.foldl' (at: name: at.${name} or { }) root names;
    in (builtins.tryEval ((end.type or "") == "derivation")).value)
"""
# How many names that are near are tried.
NEAR = 5


@dataclass(frozen=True)
class Target:
    """A package to build: its derivation, and output name -> store path."""

    name: str
    drv: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """The targets and every derivation that they need, by path, as `nix derivation show` has it."""

    targets: tuple[Target, ...]
    derivations: dict[str, dict[str, Any]] = field(repr=False)

    @classmethod
    def of(cls, nix: Nix, targets: Iterable[Target]) -> Plan:
        """Return the plan for `targets`, whose derivations `nix` has."""
        chosen = tuple(targets)
        return cls(chosen, nix.derivations(*(target.drv for target in chosen)))

    def along_with(self, nix: Nix, other: Target) -> Plan:
        """Return the plan with all that a derivation needs which is no target."""
        return Plan(self.targets, self.derivations | nix.derivations(other.drv))

    @property
    def outputs(self) -> dict[str, bool]:
        """The paths that building makes -> whether their content is known beforehand."""
        return {
            output["path"]: "hash" in output
            for derivation in self.derivations.values()
            for output in derivation["outputs"].values()
            if output.get("path")
        }

    @property
    def seedable(self) -> dict[str, bool]:
        """As `outputs`, without what is to be built in every round."""
        wanted = {path for target in self.targets for path in target.outputs.values()}
        return {path: known for path, known in self.outputs.items() if path not in wanted}

    @property
    def makers(self) -> dict[str, str]:
        """The paths that building makes -> the derivation that makes each."""
        return {
            output["path"]: drv
            for drv, derivation in self.derivations.items()
            for output in derivation["outputs"].values()
            if output.get("path")
        }

    @property
    def uses_host(self) -> bool:
        """Whether builds run the machine's own tools, as those of tests/hostpkgs do."""
        builders = {str(derivation["builder"]) for derivation in self.derivations.values()}
        return any(
            not builder.startswith(("/nix/store/", "builtin:")) and builder != "/bin/sh"
            for builder in builders
        )

    def needs(self, drv: str) -> frozenset[str]:
        """Return the derivations that `drv` needs, itself left out."""
        seen: set[str] = set()
        todo = [drv]
        while todo:
            inputs = self.derivations[todo.pop()]["inputDrvs"]
            todo += [one for one in inputs if one not in seen]
            seen.update(inputs)
        return frozenset(seen)


def package_names(nix: Nix, system: str) -> list[str]:
    """Return the names in the flake's packages.SYSTEM, without `default`."""
    names = nix.eval(f"packages.{system}", "--apply", "builtins.attrNames")
    return [name for name in names if name != "default"]


def from_flake(nix: Nix, system: str, names: Sequence[str]) -> tuple[Target, ...]:
    """Return the packages that `names` stand for, all of packages.SYSTEM if there are none.

    Raises UsageError, with what is near, for a name of nothing.
    """
    offered = package_names(nix, system)
    found = find(nix, system, tuple(dict.fromkeys(names or offered)), offered)
    for name, what in found.items():
        if not isinstance(what, Target):
            near = _near(nix, system, name, what, offered)
            hint = f"did you mean {near}? " if near else ""
            raise UsageError(
                f"{name}: no package of the flake for {system}; {hint}{_offer(offered)}"
            )
    return tuple(what for what in found.values() if isinstance(what, Target))


def find(
    nix: Nix, system: str, names: Sequence[str], offered: Sequence[str]
) -> dict[str, Target | list[str]]:
    """Return the package of each name, or the names there are where one leads nowhere.

    A name is an attribute of packages.SYSTEM, or a path into legacyPackages.SYSTEM; `offered` is
    for the message where a name is none.
    """
    for name in names:
        if not NAME.fullmatch(name):
            raise UsageError(f"{name!r} is no package's name; {_offer(offered)}")
    answers: dict[str, dict[str, Any]] = {}
    for root in ("packages", "legacyPackages"):
        wanted = [name for name in names if "drvPath" not in answers.get(name, {})]
        if wanted:
            told = _apply(nix, f"{root}.{system}", FOLLOW, wanted)
            answers |= zip(wanted, told, strict=True)
    return {
        name: Target(name, answers[name]["drvPath"], answers[name]["outputs"])
        if "drvPath" in answers[name]
        else answers[name]["known"]
        for name in names
    }


def from_expression(nix: Nix, name: str, expression: str) -> Target:
    """Return the derivation that a Nix expression stands for."""
    answer = nix.eval_expression(f"builtins.head (({FOLLOW}) ({expression}) [ [ ] ])")
    return Target(name, answer["drvPath"], answer["outputs"])


def _offer(offered: Sequence[str]) -> str:
    return f"packages here: {' '.join(offered)}"


def _apply(nix: Nix, attr: str, function: str, names: Iterable[str]) -> Any:  # noqa: ANN401
    """Return what `function` makes of the flake's `attr` and of `names`, each split at its dots."""
    paths = [f"[ {' '.join(map(json.dumps, name.split('.')))} ]" for name in names]
    return nix.eval(attr, "--apply", f"root: ({function}) root [ {' '.join(paths)} ]")


def _near(
    nix: Nix, system: str, name: str, known: Sequence[str], offered: Sequence[str]
) -> str | None:
    """Return the package whose name is most like `name`; `known` are those beside it."""
    above, dot, last = name.rpartition(".")
    if not above and (near := difflib.get_close_matches(name, set(offered) - {name}, n=1)):
        return near[0]
    beside = [f"{above}{dot}{one}" for one in difflib.get_close_matches(last, known, n=NEAR)]
    packages = _apply(nix, f"legacyPackages.{system}", DERIVATIONS, beside) if beside else []
    return ".".join(packages[0]) if packages else None
