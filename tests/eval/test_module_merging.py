"""What the module adds merges with a user's own, gives way to mkForce, and has a second name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_expressions import said
from module_systems import evaluated, expression

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

RULES = "(board.writeTextDir ''lib/udev/rules.d/70-own.rules'' ''# own'')"

VALUES: dict[str, tuple[str, object]] = {
    "udev rules beside a user's own": (
        (
            "let c = onWith { } [ { services.udev = { "
            f"packages = [ {RULES} ]; extraRules = ''# local''; }}; }} ]; in "
            "[ (sorted (names c.services.udev.packages)) c.services.udev.extraRules ]"
        ),
        [["70-own.rules", "72-rknn.rules"], "# local"],
    ),
    "kernel modules beside a user's own": (
        (
            "let b = (onWith { } [ { boot.kernelModules = [ ''dm-mod'' ''rknpu'' ]; "
            "boot.blacklistedKernelModules = [ ''nouveau'' ]; "
            "boot.extraModulePackages = [ board.git ]; } ]).boot; in [ "
            "(sorted b.kernelModules) (sorted b.blacklistedKernelModules) "
            "(names b.extraModulePackages) ]"
        ),
        [["dm-mod", "rknpu"], ["nouveau", "rocket"], ["git"]],
    ),
    "groups beside a user's own": (
        (
            'let c = onWith { users = [ "eve" ]; } [ { users.users.eve = { isNormalUser = true; '
            'extraGroups = [ "video" "render" ]; }; users.groups.render.gid = lib.mkForce 999; } '
            "]; in [ (sorted c.users.users.eve.extraGroups) c.users.groups.render.gid "
            "c.users.groups.video.members ]"
        ),
        [["render", "video"], 999, ["eve"]],
    ),
    "packages, tmpfiles and libraries of nix-ld beside a user's own": (
        (
            "let c = onWith { } [ { environment.systemPackages = [ board.git ]; "
            'systemd.tmpfiles.settings."10-rknn"."/srv".d = { }; '
            "programs.nix-ld = { enable = true; libraries = [ board.git ]; }; } ]; in "
            '[ (lib.elem "git" (path c)) (builtins.length (lib.splitString "\\n" (tmpfiles c))) '
            "(builtins.length c.programs.nix-ld.libraries) ]"
        ),
        [True, 3, 2],
    ),
    "one kernel module forced away, where these are sets": (
        (
            "let b = (onWith { } (if kernelModulesAsList then [ { boot.kernelModules = "
            "lib.mkForce [ ]; boot.blacklistedKernelModules = lib.mkForce [ ]; } ] else "
            "[ { boot.kernelModules = { rknpu = lib.mkForce false; a = true; }; "
            "boot.blacklistedKernelModules.rocket = lib.mkForce false; } ])).boot; in "
            "[ (builtins.filter (m: m != ''a'') b.kernelModules) b.blacklistedKernelModules ]"
        ),
        [[], []],
    ),
    "all kernel modules forced away": (
        (
            "let c = onWith { } [ { boot.kernelModules = lib.mkForce [ ]; "
            "boot.blacklistedKernelModules = lib.mkForce [ ''nouveau'' ]; } ]; in "
            "[ (failed c) c.boot.kernelModules c.boot.blacklistedKernelModules ]"
        ),
        [[], [], ["nouveau"]],
    ),
    "packages and rules forced away": (
        (
            "let c = onWith { } [ { environment.systemPackages = lib.mkForce [ ]; "
            "services.udev.packages = lib.mkForce [ ]; } ]; in "
            "[ (failed c) (stops c) (path c) c.services.udev.packages ]"
        ),
        [[], False, [], []],
    ),
    "the unit forced off, and a setting of it changed": (
        (
            "let c = m: (onWith { } [ { systemd.services.rknn-ready = m; } ]); in "
            '[ (c { enable = lib.mkForce false; }).systemd.units."rknn-ready.service".enable '
            "(c { serviceConfig.UMask = lib.mkForce ''0022''; })"
            ".systemd.services.rknn-ready.serviceConfig.UMask ]"
        ),
        [False, "0022"],
    ),
    "a user forced out of the group": (
        (
            'let c = onWith { users = [ "eve" ]; } [ { users.users.eve.isNormalUser = true; '
            "users.groups.render.members = lib.mkForce [ ]; } ]; in "
            "[ (failed c) c.users.groups.render.members ]"
        ),
        [[], []],
    ),
    "the whole forced off": (
        (
            "let c = onWith { } [ { mySystem.rknn.enable = lib.mkForce false; } ]; in "
            "[ (path c) c.boot.kernelModules (c.systemd.services ? rknn-ready) "
            '(c.environment.etc ? "tmpfiles.d/10-rknn.conf") ]'
        ),
        [[], [], False, False],
    ),
    "defaults of a role give way to the host's": (
        (
            "(onWith { } [ { mySystem.rknn.soc = lib.mkDefault ''rk3566''; } "
            "{ mySystem.rknn.soc = ''Orange Pi 5 Plus''; } ]).mySystem.rknn.soc"
        ),
        "rk3588",
    ),
    "two spellings of one SoC agree": (
        (
            "(onWith { } [ { mySystem.rknn.soc = ''rk3588s''; } "
            "{ mySystem.rknn.soc = ''ROCK 5B''; } ]).mySystem.rknn.soc"
        ),
        "rk3588",
    ),
    "users and rules of two modules add up": (
        (
            "let c = onWith { users = [ ''root'' ]; } [ { mySystem.rknn = { users = [ ''eve'' ]; "
            "extraUdevRules = ''# one''; }; users.users.eve.isNormalUser = true; } "
            "{ mySystem.rknn.extraUdevRules = ''# two''; } ]; in "
            "[ (sorted c.mySystem.rknn.users) "
            '(lib.splitString "\\n" c.mySystem.rknn.extraUdevRules) ]'
        ),
        [["eve", "root"], ["# two", "# one"]],
    ),
    "imported twice, it is there once": (
        "path (onWith { } [ { imports = [ PROJECT/modules/rknn.nix ]; } ])",
        ["rknn-runtime", "rknn-python", "rknn-tools"],
    ),
    "hardware.rknn is the same": (
        (
            "let c = evaluate { modules = [ { hardware.rknn = { enable = true; soc = ''rk3566''; "
            "device.mode = ''0670''; users = [ ''root'' ]; }; } ]; }; r = c.mySystem.rknn; in "
            "[ (failed c) r.enable r.soc r.device.mode r.users c.hardware.rknn.soc (path c) ]"
        ),
        [
            [],
            True,
            "rk3566",
            "0670",
            ["root"],
            "rk3566",
            ["rknn-runtime", "rknn-python", "rknn-tools"],
        ],
    ),
    "hardware.rknn merges with mySystem.rknn": (
        (
            "let c = onWith { users = [ ''root'' ]; soc = lib.mkDefault ''rk3566''; } "
            "[ { hardware.rknn = { users = [ ''eve'' ]; soc = ''rk3588''; }; "
            "users.users.eve.isNormalUser = true; } ]; in "
            "[ (failed c) (sorted c.hardware.rknn.users) c.mySystem.rknn.soc ]"
        ),
        [[], ["eve", "root"], "rk3588"],
    ),
    "hardware.rknn.python can be read": (
        "let c = on { }; in c.hardware.rknn.python.drvPath == c.mySystem.rknn.python.drvPath",
        True,
    ),
    "hardware.rknn has every option": (
        (
            "let o = (system kernelModulesAsList { }).options; "
            "of = t: sorted (lib.concatLists (lib.mapAttrsToList (n: v: "
            "if lib.isOption v then (if v.internal or false then [ ] else [ n ]) "
            "else map (m: ''${n}.${m}'') (of v)) t)); in "
            "of o.hardware.rknn == of o.mySystem.rknn && builtins.length (of o.hardware.rknn) > 20"
        ),
        True,
    ),
}


@pytest.fixture(scope="module")
def values(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    return evaluated(nix, package_set, {name: text for name, (text, _) in VALUES.items()})


@pytest.mark.parametrize("what", VALUES)
def test_merge(values: dict[str, dict[str, Any]], what: str) -> None:
    expected = VALUES[what][1]
    for style, found in values.items():
        assert found[what] == expected, style


# Settings of one module and of another, and what Nix says of them.
REFUSED = {
    "two SoCs": (
        "{ soc = ''rk3588''; } { soc = ''rk3566''; }",
        "The option `mySystem.rknn.soc' has conflicting definition values",
    ),
    "an unknown SoC": (
        "{ soc = ''rk3399''; }",
        (
            'option `mySystem.rknn.soc\' is not of type `(one of "rk3562", "rk3566", '
            '"rk3568", "rk3576", "rk3588") or string convertible to it\''
        ),
    ),
    "an unknown driver": (
        "{ driver = ''rocket''; }",
        (
            'option `mySystem.rknn.driver\' is not of type `one of "kernel", "module", '
            '"mainline", "none"\''
        ),
    ),
    "a mode that is none": (
        "{ device.mode = ''rw-rw----''; }",
        "option `mySystem.rknn.device.mode' is not of type `string matching the pattern",
    ),
    "a group that ends the rule": (
        "{ device.group = ''render\", MODE=\"0666''; }",
        "option `mySystem.rknn.device.group' is not of type `string matching the pattern",
    ),
    "a package that is none": (
        "{ runtimePackage = ''x''; }",
        "option `mySystem.rknn.runtimePackage' is not of type `package'",
    ),
    "the Python, which is made": (
        "{ python = board.python312; }",
        "The option `mySystem.rknn.python' is read-only, but it's set multiple times",
    ),
    "an option that does not exist": (
        "{ enabelTools = true; }",
        "The option `mySystem.rknn.enabelTools' does not exist",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_refused(nix: Nix, package_set: Path, what: str) -> None:
    settings, expected = REFUSED[what]
    text = f"""
      with (system false {{
        modules = map (settings: {{ mySystem.rknn = settings; }}) [ {settings} ];
      }}).config.mySystem.rknn;
      [ soc driver device runtimePackage.name python.name ]"""
    assert expected in said(nix, expression(package_set, text))
