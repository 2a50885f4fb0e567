"""While it is off, the module changes nothing, looks at no package and costs next to nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from module_expressions import said
from module_systems import evaluated, expression

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

PLANTED = (
    '{ rknn = planted "rknn"; python312 = planted "python312"; '
    'python312Packages = planted "python312Packages"; }'
)
# Where Avalanche's base modules go: Raspberry Pis and PCs, with and without the overlay.
HOSTS = {
    "an aarch64 host without the overlay": "bare",
    "an aarch64 host with it": "board",
    "an x86_64 host with it": "workstation",
    "an x86_64 host without it": '(packages "x86_64-linux" [ ])',
}
TOPLEVEL = (
    "(import PACKAGE_SET/nixos { pkgs = %s; modules = [ %s ]; }).config.system.build.toplevel"
)
SETTINGS = "{ mySystem.rknn = { enable = false; soc = ''rk3566''; users = [ ''ghost'' ]; }; }"

# The share of function calls that importing the module may add to a host where it is off.
LIMIT = 0.02
# What a k3s node's own configuration has. NixOS comes to this: hello alone is some 141,000 calls in
# nixpkgs (https://github.com/NixOS/nixpkgs/pull/513858), a quarter of what all of this host is
# here. So on a real system the share is smaller.
HOST = """{ lib, ... }:
let many = count: make: builtins.listToAttrs
  (builtins.genList (n: { name = "x${toString n}"; value = make n; }) count);
in {
  users.users = many 40 (_: { isNormalUser = true; extraGroups = [ "video" "render" ]; });
  environment.etc = many 150 (n: { text = "file ${toString n}"; });
  systemd.services = many 100 (n: {
    description = "Service ${toString n}";
    wantedBy = [ "multi-user.target" ];
    after = [ "network.target" ];
    environment.N = toString n;
    serviceConfig = { Type = "oneshot"; ExecStart = "/bin/run ${toString n}"; DynamicUser = true; };
  });
}"""
# What a careless module would do: look at the packages it has options for, on or not.
CARELESS = """({ lib, pkgs, ... }: {
  environment.etc.careless = lib.mkIf (lib.any (p: p.drvPath == "") (
    with pkgs.rknn; [ all simulated.all envs.python311 envs.python312 ready ]
  )) { text = ""; };
})"""
OURS = "PROJECT/modules/rknn.nix"


@pytest.mark.parametrize("host", HOSTS)
def test_the_system_is_the_same(nix: Nix, package_set: Path, host: str) -> None:
    pkgs = f"({HOSTS[host]} // {PLANTED})"
    without, imported, off = nix.eval_expression(
        expression(
            package_set,
            f"map (s: s.drvPath) [ ({TOPLEVEL % (pkgs, '')}) ({TOPLEVEL % (pkgs, OURS)}) "
            f"({TOPLEVEL % (pkgs, f'{OURS} {SETTINGS}')}) ]",
        )
    )
    assert without == imported == off


def test_switched_on_it_does_look(nix: Nix, package_set: Path) -> None:
    on = "{ mySystem.rknn.enable = true; }"
    text = f"({TOPLEVEL % (f'(bare // {PLANTED})', f'{OURS} {on}')}).drvPath"
    assert "planted: rknn was looked at" in said(nix, expression(package_set, text))


# Off; on without the overlay; on a PC. NixOS's own assertions look at units and packages before the
# module's are printed, so where it can't work there are none of either.
IDLE = {
    "off": "evaluate { pkgs = bare; }",
    "on, without the overlay": (
        "evaluate { pkgs = bare; modules = [ { mySystem.rknn.enable = true; } ]; }"
    ),
    "on, on a PC": (
        "evaluate { pkgs = workstation; modules = [ { mySystem.rknn = "
        "{ enable = true; enableHeaders = true; linkUsrLib = true; }; } ]; }"
    ),
}


@pytest.mark.parametrize("what", IDLE)
def test_nothing_is_defined(nix: Nix, package_set: Path, what: str) -> None:
    text = f"""let c = {IDLE[what]}; in [
      c.warnings (path c) c.boot.kernelModules c.boot.blacklistedKernelModules
      c.services.udev.packages (builtins.attrNames c.systemd.services)
      (builtins.attrNames c.systemd.tmpfiles.settings) (builtins.length (failed c)) ]"""
    found = evaluated(nix, package_set, {"c": text})
    expected: list[object] = [[], [], [], [], [], [], [], 0 if what == "off" else 1]
    assert found["lists"] == found["sets"] == {"c": expected}


def calls(nix: Nix, package_set: Path, folder: Path, *modules: str) -> int:
    """Return how often Nix calls a function to make the host with `modules` beside it."""
    text = f"({TOPLEVEL % ('board', ' '.join((f'({HOST})', *modules)))}).drvPath"
    nix.call(
        "eval",
        "--impure",
        "--expr",
        expression(package_set, text),
        env={"NIX_SHOW_STATS": "1", "NIX_SHOW_STATS_PATH": str(folder / "stats.json")},
    )
    return int(json.loads((folder / "stats.json").read_text())["nrFunctionCalls"])


def test_it_costs_next_to_nothing(nix: Nix, package_set: Path, tmp_path: Path) -> None:
    without = calls(nix, package_set, tmp_path)
    added = calls(nix, package_set, tmp_path, OURS) - without
    assert 0 < added < LIMIT * without, f"{added} more than {without} calls"


def test_a_module_that_looks_at_packages_costs_more(
    nix: Nix, package_set: Path, tmp_path: Path
) -> None:
    without = calls(nix, package_set, tmp_path)
    added = calls(nix, package_set, tmp_path, CARELESS) - without
    assert added > LIMIT * without, f"{added} more than {without} calls"
