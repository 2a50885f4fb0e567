"""Systems with this project's module, as Nix expressions: many cases in one evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rknn_flake.nix import Nix

# What cases are written in. pkgs are shared by all systems of an evaluation.
PRELUDE = """
let
  lib = import PACKAGE_SET/lib;
  packages = system: overlays: import PACKAGE_SET {
    inherit system overlays;
    config.allowUnfree = true;
  };
  board = packages "aarch64-linux" [ (import PROJECT/overlays) ];
  # The same without the overlay, and a workstation with it.
  bare = packages "aarch64-linux" [ ];
  workstation = packages "x86_64-linux" [ (import PROJECT/overlays) ];
  # A package that stops the evaluation of whoever looks at it.
  planted = what: throw "planted: ${what} was looked at";

  # Rockchip's kernel, and NixOS's.
  vendorKernel = { version = "6.1.115"; src.urls = [ "https://github.com/x/linux.tar.gz" ]; };
  kernelOrg = version: { inherit version; src.urls = [ "mirror://kernel/${version}.xz" ]; };
  system = kernelModulesAsList:
    { pkgs ? board, modules ? [ ], kernel ? vendorKernel, ... }@arguments:
    import PACKAGE_SET/nixos (arguments // {
      inherit pkgs kernel kernelModulesAsList;
      modules = [ PROJECT/modules/rknn.nix ] ++ modules;
    });
  failed = config: map (a: a.message) (builtins.filter (a: !a.assertion) config.assertions);
  stops = config: !(builtins.tryEval config.system.build.toplevel.drvPath).success;
  rulesIn = name: config: (builtins.head
    (builtins.filter (p: p.name == name) config.services.udev.packages)).text;
  rules = rulesIn "72-rknn.rules";
  names = map (p: p.pname or p.name);
  sorted = list: builtins.sort builtins.lessThan (lib.unique list);
  path = config: names config.environment.systemPackages;
  text = builtins.unsafeDiscardStringContext;
  out = package: text package.outPath;
  tmpfiles = config: text config.environment.etc."tmpfiles.d/10-rknn.conf".text;
  exec = config: text config.systemd.services.rknn-ready.serviceConfig.ExecStart;

  # NixOS up to 25.11 has lists of kernel modules, later ones sets.
  styled = kernelModulesAsList:
    let
      evaluate = arguments: (system kernelModulesAsList arguments).config;
      # The module on, with these of its settings, beside these modules.
      onWith = settings: modules: evaluate {
        modules = [ { mySystem.rknn = { enable = true; } // settings; } ] ++ modules;
      };
      on = settings: onWith settings [ ];
      # The same on an Orange Pi 5 Plus with a kernel of kernel.org's.
      onMainlineWith = version: settings: modules: evaluate {
        kernel = kernelOrg version;
        modules = modules ++ [ {
          hardware.deviceTree.name = lib.mkDefault "rockchip/rk3588-orangepi-5-plus.dtb";
          mySystem.rknn = { enable = true; } // settings;
        } ];
      };
      onMainline = settings: onMainlineWith "6.18.5" settings [ ];
    in
    CASES;
in
"""


def expression(package_set: Path, text: str, cases: str = "{ }") -> str:
    """Return a Nix expression for `text`, with the words of the prelude in scope."""
    return (
        (PRELUDE + text)
        .replace("CASES", cases)
        .replace("PACKAGE_SET", str(package_set))
        .replace("PROJECT", str(PROJECT))
    )


def evaluated(
    nix: Nix, package_set: Path, cases: Mapping[str, str], *, enable: bool = True
) -> dict[str, dict[str, Any]]:
    """Return what each case is, by its name, in either style of options: `lists` and `sets`.

    Without `enable` the module is off wherever a case has it on.
    """
    listed = "\n".join(f'"{name}" = {text};' for name, text in cases.items())
    whole = expression(
        package_set, "{ lists = styled true; sets = styled false; }", f"{{\n{listed}\n}}"
    )
    if not enable:
        whole = whole.replace("enable = true", "enable = false")
    return dict(nix.eval_expression(whole))


def refusals(cases: Mapping[str, tuple[str, list[str]]]) -> dict[str, str]:
    """Return, for evaluated(), the messages that each case's system fails with, and if it stops."""
    return {
        name: f"let c = {text}; in [ (failed c) (stops c) ]" for name, (text, _) in cases.items()
    }
