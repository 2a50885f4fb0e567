"""The base of NixOS options does with definitions what NixOS does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_expressions import said

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

HELLO = """{
  description = "Say hello";
  documentation = [ "https://example.org/a" "https://example.org/b" ];
  after = [ "a.service" "b.service" ];
  wantedBy = [ "multi-user.target" ];
  unitConfig.ConditionPathExists = "/x";
  serviceConfig = { Type = "oneshot"; RemainAfterExit = true; DeviceAllow = [ "/a" "/b" ]; };
  environment = { GREETING = "hello world"; UNSET = null; };
}"""
HELLO_UNIT = """[Unit]
After=a.service b.service
ConditionPathExists=/x
Description=Say hello
Documentation=https://example.org/a https://example.org/b

[Service]
Environment="GREETING=hello world"
DeviceAllow=/a
DeviceAllow=/b
RemainAfterExit=true
Type=oneshot

[Install]
WantedBy=multi-user.target
"""


def system(package_set: Path, *modules: str, what: str, more: str = "") -> str:
    """Return a Nix expression for `what`, in which s is a system of those modules."""
    listed = " ".join(f"({text})" for text in modules)
    return (
        f"let lib = import {package_set}/lib; s = import {package_set}/nixos "
        f'{{ system = "aarch64-linux"; modules = [ {listed} ]; {more} }}; in {what}'
    )


def setting(nix: Nix, package_set: Path, what: str, *modules: str, more: str = "") -> Any:  # noqa: ANN401  # whatever JSON holds
    expression = system(package_set, *modules, what=f"s.config.{what}", more=more)
    return nix.eval_expression(expression)


def test_a_service_is_a_unit(nix: Nix, package_set: Path) -> None:
    module = f"{{ systemd.services.hello = {HELLO}; }}"
    assert setting(nix, package_set, 'systemd.units."hello.service".text', module) == HELLO_UNIT


def test_a_script_and_a_path(nix: Nix, package_set: Path) -> None:
    module = '{ pkgs, ... }: { systemd.services.a = { script = "x"; path = [ pkgs.git "/y" ]; }; }'
    text = setting(nix, package_set, 'systemd.units."a.service".text', module)
    assert "/bin:/y/bin:" in text, text
    assert "unit-script-a-start" in text, text


def test_settings_of_a_service_merge(nix: Nix, package_set: Path) -> None:
    service = "{ systemd.services.a.serviceConfig = %s; }"
    lists = [service % '{ DeviceAllow = "/a"; }', service % '{ DeviceAllow = [ "/b" ]; }']
    place = "systemd.services.a.serviceConfig"
    assert setting(nix, package_set, place, *lists) == {"DeviceAllow": ["/a", "/b"]}
    two = [service % '{ Type = "simple"; }', service % '{ Type = "oneshot"; }']
    refused = said(nix, system(package_set, *two, what=f"s.config.{place}"))
    assert "The option `systemd.services.a.serviceConfig.Type' has conflicting" in refused


@pytest.mark.parametrize("as_list", ["true", "false"])
def test_kernel_modules_of_either_type_are_a_list(
    nix: Nix, package_set: Path, as_list: str
) -> None:
    modules = ('{ boot.kernelModules = [ "b" ]; }', '{ boot.kernelModules = [ "a" ]; }')
    names = setting(
        nix,
        package_set,
        "boot.kernelModules",
        *modules,
        more=f"kernelModulesAsList = {as_list};",
    )
    assert sorted(names) == ["a", "b"]


def test_only_the_newer_type_drops_one_kernel_module(nix: Nix, package_set: Path) -> None:
    modules = ('{ boot.kernelModules = [ "b" "a" ]; }', "{ boot.kernelModules.a = false; }")
    forced = (modules[0], "{ boot.kernelModules.a = lib.mkForce false; }")
    assert setting(nix, package_set, "boot.kernelModules", *forced) == ["b"]
    older = system(
        package_set,
        *modules,
        what="s.config.boot.kernelModules",
        more="kernelModulesAsList = true;",
    )
    assert "`boot.kernelModules' is not of type `list of string'" in said(nix, older)


def test_the_kernel_is_an_argument_and_patches_add_features(nix: Nix, package_set: Path) -> None:
    patch = '{ boot.kernelPatches = [ { name = "x"; patch = null; features.x = true; } ]; }'
    more = 'kernel = { version = "6.18"; features.y = true; };'
    kernel = setting(nix, package_set, "boot.kernelPackages.kernel", patch, more=more)
    assert kernel["version"] == "6.18"
    assert kernel["features"] == {"x": True, "y": True}
    build = "boot.kernelPackages.callPackage ({ kernel, stdenv }: kernel.modDirVersion) { }"
    assert setting(nix, package_set, build, patch, more=more) == "6.18"
    own = '{ boot.kernelPackages = { kernel.version = "5.10"; }; }'
    assert setting(nix, package_set, "boot.kernelPackages.kernel.version", own) == "5.10"


def test_groups_have_the_members_that_users_name(nix: Nix, package_set: Path) -> None:
    module = '{ users.users.eve = { isNormalUser = true; extraGroups = [ "render" ]; }; }'
    groups = setting(nix, package_set, "users.groups", module)
    assert groups["render"] == {"name": "render", "gid": 303, "members": ["eve"]}
    assert groups["video"]["members"] == []
    assert {"root", "wheel", "users"} <= set(groups)


def test_tmpfiles_settings_are_lines(nix: Nix, package_set: Path) -> None:
    module = '{ systemd.tmpfiles.settings."10-x"."/y" = { "L+".argument = "/a b"; r = { }; }; }'
    text = setting(nix, package_set, 'environment.etc."tmpfiles.d/10-x.conf".text', module)
    assert text == "'L+' '/y' '-' '-' '-' '-' /a\\x20b\n'r' '/y' '-' '-' '-' '-' \n"


def test_every_failed_assertion_stops_the_system(nix: Nix, package_set: Path) -> None:
    module = """{ assertions = [
      { assertion = false; message = "first"; }
      { assertion = true; message = "second"; }
      { assertion = false; message = "third"; }
    ]; }"""
    text = said(nix, system(package_set, module, what="s.config.system.build.toplevel.drvPath"))
    assert "Failed assertions:\n- first\n- third" in text
    assert "second" not in text


def test_warnings_are_printed_and_do_not_stop_it(nix: Nix, package_set: Path) -> None:
    module = '{ warnings = [ "take care" ]; }'
    expression = system(package_set, module, what="s.config.system.build.toplevel.name")
    assert nix.eval_expression(expression) == "nixos-system-nixos"
    assert "take care" in said(nix, expression)
    assert "warning" not in said(nix, expression.replace('"take care"', ""))


def test_an_account_has_to_be_of_a_kind(nix: Nix, package_set: Path) -> None:
    module = '{ users.users.eve.extraGroups = [ "render" ]; }'
    text = said(nix, system(package_set, module, what="s.config.system.build.toplevel.drvPath"))
    assert "Exactly one of users.users.eve.isSystemUser and users.users.eve.isNormalUser" in text
    assert "users.users.root" not in text


def test_packages_from_outside_are_taken_as_they_are(nix: Nix, package_set: Path) -> None:
    overlay = "{ nixpkgs.overlays = [ (_: _: { added = 1; }) ]; }"
    assert nix.eval_expression(system(package_set, overlay, what="s.pkgs.added")) == 1
    outside = system(
        package_set,
        overlay,
        what="s.pkgs ? added",
        more=f'pkgs = import {package_set} {{ system = "x86_64-linux"; }};',
    )
    assert nix.eval_expression(outside) is False


def test_nixpkgs_pkgs_gets_the_overlays(nix: Nix, package_set: Path) -> None:
    modules = (
        f'{{ nixpkgs.pkgs = import {package_set} {{ system = "x86_64-linux"; }}; }}',
        "{ nixpkgs.overlays = [ (_: p: { added = 1; }) ]; }",
        "{ nixpkgs.overlays = lib.mkAfter [ (_: p: { added = p.added + 1; }) ]; }",
    )
    both = "[ s.pkgs.added s.pkgs.stdenv.hostPlatform.system ]"
    found = nix.eval_expression(system(package_set, *modules, what=both))
    assert found == [2, "x86_64-linux"]


def test_an_option_that_the_base_lacks_is_refused(nix: Nix, package_set: Path) -> None:
    module = '{ _file = "1.nix"; hardwear.enable = true; }'
    text = said(nix, system(package_set, module, what="s.config.networking.hostName"))
    assert "The option `hardwear' does not exist. Definition values:\n- In `1.nix':" in text


def test_every_lib_gives_the_same_system(nix: Nix, package_set: Path) -> None:
    module = f"""{{ pkgs, ... }}: {{
      systemd.services.hello = {HELLO};
      environment.systemPackages = [ pkgs.git ];
      environment.etc.x.text = "y";
      programs.nix-ld = {{ enable = true; libraries = [ pkgs.dtc ]; }};
      services.udev = {{ packages = [ pkgs.nix ]; extraRules = "# x"; }};
    }}"""
    what = "s.config.system.build.toplevel.drvPath"
    here = nix.eval_expression(system(package_set, module, what=what))
    assert nix.nixpkgs is not None
    assert here == nix.eval_expression(system(nix.nixpkgs, module, what=what))
