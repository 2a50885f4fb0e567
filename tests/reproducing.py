"""Rounds of builds for several tests: of expressions, or of the flake's packages."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.nix import HOSTPKGS, Nix
from rknn_flake.progress import SILENT
from rknn_flake.reproduce import conditions, plan, probe, running, stores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rknn_flake.reproduce.comparing import Verdict

IMPURITIES = Path(__file__).parent / "build" / "impurities.nix"

FLAKE = f"""
{{
  inputs.nixpkgs.url = "path:{HOSTPKGS}";
  outputs = {{ self, nixpkgs }}: {{
    legacyPackages = nixpkgs.legacyPackages;
    packages = builtins.mapAttrs
      (_: pkgs: pkgs.callPackage ./impurities.nix {{ }} // {{ default = throw "not asked for"; }})
      nixpkgs.legacyPackages;
  }};
}}
"""


@dataclass(frozen=True)
class Told:
    """What rounds came to, by the targets' names."""

    result: running.Result
    verdicts: Mapping[str, Verdict]

    def contents(self, name: str) -> str:
        """Return the lines on how a target differs."""
        return "\n".join(str(one) for unlike in self.verdicts[name].unlike for one in unlike.shown)


def need_compiler() -> None:
    """Skip where the clock cannot be moved."""
    if not conditions.can_preload():
        pytest.skip("no cc on PATH; scripts/test installs gcc")


def compare(
    nix: Nix,
    targets: Sequence[plan.Target],
    place: Path,
    rounds: int = 2,
    *,
    ours: str = "",
) -> Told:
    """Build the targets in several rounds, in stores below `place`, which are gone afterwards.

    With `ours` what needs no derivation of such a name is built once, as if a cache had it.
    """
    need_compiler()
    packages = pkgs_expression(system="x86_64-linux")
    probing = plan.from_expression(nix, "probe", probe.expression(packages, tools=True))
    wanted = plan.Plan.of(nix, targets).along_with(nix, probing)
    result = running.run_rounds(
        nix,
        wanted,
        probing,
        conditions.vary(rounds),
        place=place,
        seed=_others(nix, wanted, ours, place).store if ours else nix.store,
        keep=False,
        bars=SILENT,
    )
    stores.remove(place)
    return Told(result, {verdict.target.name: verdict for verdict in result.verdicts})


def _others(nix: Nix, wanted: plan.Plan, ours: str, place: Path) -> Nix:
    """Return a store with what needs nothing of ours; copied, so that it counts as not built."""
    own = {
        drv
        for path, drv in wanted.makers.items()
        # Downloads are nobody's build.
        if ours in drv and not wanted.outputs[path]
    }
    own |= {target.drv for target in wanted.targets}
    others = {drv for drv in wanted.derivations if drv not in own and not wanted.needs(drv) & own}
    nix.call("--realise", *sorted(others), program="nix-store")
    made = [path for path, drv in wanted.makers.items() if drv in others]
    store = Nix(place / "others")
    store.copy_from(nix, *made)
    return store


def impure(nix: Nix, *names: str) -> list[plan.Target]:
    """Return targets of impurities.nix."""
    packages = f"({pkgs_expression()}).callPackage {IMPURITIES} {{ }}"
    return [plan.from_expression(nix, name, f"({packages}).{name}") for name in names]


def make_flake(folder: Path) -> Path:
    """Make a flake of the packages in impurities.nix."""
    folder.mkdir()
    shutil.copy(IMPURITIES, folder)
    (folder / "flake.nix").write_text(FLAKE)
    return folder
