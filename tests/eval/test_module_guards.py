"""What can't work stops the system, with what was found and what to write, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_expressions import said
from module_systems import evaluated, expression, refusals

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

DTB = '[ { hardware.deviceTree.name = "%s"; } ]'
FOREIGN = (
    "hardware.deviceTree.name is %s, and librknnrt serves rk3562, rk3566, rk3568, rk3576, rk3588; "
    "write enable = false for this machine"
)
OPEN = (
    "device.mode is %s, which lets everybody open the NPU, and through it memory; write 0660, "
    "and put users into group render"
)
CLOSED = "device.mode is %s, which keeps group render from reading and writing; write 0660"
# A configuration, and the messages it fails with, without "mySystem.rknn: ".
CASES: dict[str, tuple[str, list[str]]] = {
    "a PC": (
        "evaluate { pkgs = workstation; modules = [ { mySystem.rknn.enable = true; } ]; }",
        [
            (
                "this configuration is for x86_64-linux, and Rockchip's library for aarch64-linux "
                "only; write mySystem.rknn.enable = false for this machine"
            )
        ],
    ),
    "no overlay": (
        "evaluate { pkgs = bare; modules = [ { mySystem.rknn.enable = true; } ]; }",
        [
            (
                "pkgs has no rknn; add this flake's overlays.default to nixpkgs.overlays, or to "
                "those of the pkgs you pass in"
            )
        ],
    ),
    "another rknn in pkgs": (
        (
            "evaluate { pkgs = bare // { rknn = { }; }; "
            "modules = [ { mySystem.rknn.enable = true; } ]; }"
        ),
        [
            (
                "pkgs has no rknn; add this flake's overlays.default to nixpkgs.overlays, or to "
                "those of the pkgs you pass in"
            )
        ],
    ),
    "a PC without the overlay, and other faults": (
        (
            'evaluate { pkgs = packages "x86_64-linux" [ ]; modules = [ { mySystem.rknn = '
            '{ enable = true; device.mode = "0666"; users = [ "ghost" ]; }; } ]; }'
        ),
        [
            (
                "this configuration is for x86_64-linux, and Rockchip's library for aarch64-linux "
                "only; write mySystem.rknn.enable = false for this machine"
            ),
            (
                "pkgs has no rknn; add this flake's overlays.default to nixpkgs.overlays, or to "
                "those of the pkgs you pass in"
            ),
        ],
    ),
    "a SoC that the runtime is not for": (
        (
            'on { soc = "rk3576"; runtimePackage = board.rknn.runtime // '
            '{ socs = [ "rk3566" "rk3588" ]; }; }'
        ),
        [
            (
                "soc is rk3576, and rknn-runtime-2.3.2 is for rk3566, rk3588; "
                "write another runtimePackage"
            )
        ],
    ),
    "every SoC that the runtime is for": ('on { soc = "rk3562"; }', []),
    "a runtime that says nothing of SoCs": (
        'on { soc = "rk3562"; runtimePackage = board.rknn.simulator; }',
        [],
    ),
    "another board's device tree": (
        f"onWith {{ }} {DTB % 'rockchip/rk3566-orangepi-3b.dtb'}",
        [
            (
                "soc is rk3588, and hardware.deviceTree.name is rockchip/rk3566-orangepi-3b.dtb; "
                'write soc = "rk3566"'
            )
        ],
    ),
    "the board's device tree": (f"onWith {{ }} {DTB % 'rockchip/rk3588s-orangepi-5.dtb'}", []),
    "a device tree of a SoC by another name": (
        f"onWith {{ }} {DTB % 'rockchip/rk3582-radxa-e52c.dtb'}",
        [],
    ),
    "a device tree in no folder": (f"onWith {{ }} {DTB % 'my-board2.dtb'}", []),
    "another board's device tree in no folder": (
        f"onWith {{ }} {DTB % 'rk3568.dtb'}",
        ['soc is rk3588, and hardware.deviceTree.name is rk3568.dtb; write soc = "rk3568"'],
    ),
    "a device tree of Rockchip's without this NPU": (
        f"onWith {{ }} {DTB % 'rockchip/rk3399-rockpro64.dtb'}",
        [FOREIGN % "rockchip/rk3399-rockpro64.dtb"],
    ),
    "a Raspberry Pi's device tree": (
        f"onWith {{ }} {DTB % 'broadcom/bcm2711-rpi-4-b.dtb'}",
        [FOREIGN % "broadcom/bcm2711-rpi-4-b.dtb"],
    ),
    "binding and runtime of different releases": (
        "on { toolkitLitePackage = board.rknn.toolkit-lite_2_3_0; }",
        [
            (
                "toolkitLitePackage is of release 2.3.0, runtimePackage of 2.3.2; write both of "
                "one release, or allowDifferentReleases = true if you know that they go together"
            )
        ],
    ),
    "a binding and a runtime of the user's own": (
        (
            'on { runtimePackage = board.rknn.runtime // { version = "1.9"; }; '
            "enableTools = false; }"
        ),
        [
            (
                "toolkitLitePackage is of release 2.3.2, runtimePackage of 1.9; write both of one "
                "release, or allowDifferentReleases = true if you know that they go together"
            )
        ],
    ),
    "without the binding, releases are of no matter": (
        ("on { enableToolkitLite = false; toolkitLitePackage = board.rknn.toolkit-lite_2_3_0; }"),
        [],
    ),
    "a binding with a runtime that can't be replaced": (
        (
            "on { toolkitLitePackage = removeAttrs board.rknn.toolkit-lite_2_3_0 "
            '[ "override" ] // { runtime = board.rknn.simulator; }; '
            "allowDifferentReleases = true; }"
        ),
        [
            (
                "toolkitLitePackage opens rknn-simulator-2.3.2 of its own, and has no override to "
                "change that; write one that opens runtimePackage"
            )
        ],
    ),
    "a binding for another Python": (
        "on { pythonPackage = board.python311; toolkitLitePackage = board.rknn.toolkit-lite; }",
        ["toolkitLitePackage is for Python 3.12, pythonPackage is 3.11; write both of one Python"],
    ),
    "a Python without a wheel": (
        (
            'on { pythonPackage = board.python312 // { implementation = "pypy"; '
            'pkgs = board.python312.pkgs // { callPackage = _: _: throw "no wheel"; }; }; }'
        ),
        [
            (
                "pythonPackage is pypy 3.12, for which Rockchip has no wheel of the binding; "
                "write pythonPackage = pkgs.python312"
            )
        ],
    ),
    "an unknown group": (
        'on { device.group = "npu"; }',
        [
            (
                "device.group is npu, and there is no such group; write users.groups.npu = { }, or "
                "another group such as render"
            )
        ],
    ),
    "a group of users": (
        'onWith { device.group = "npu"; } [ { users.groups.npu.gid = 1500; } ]',
        [
            (
                "device.group is npu with gid 1500, and udev gives nodes to system groups; "
                "take the gid out, or write one below 1000"
            )
        ],
    ),
    "a system group": ('onWith { device.group = "npu"; } [ { users.groups.npu = { }; } ]', []),
    "an unknown group, with a user to put into it": (
        (
            'onWith { device.group = "npu"; users = [ "eve" ]; } '
            "[ { users.users.eve.isNormalUser = true; } ]"
        ),
        [
            (
                "device.group is npu, and there is no such group; write users.groups.npu = { }, or "
                "another group such as render"
            )
        ],
    ),
    "users that nobody declares": (
        'on { users = [ "root" "ghost" "elf" ]; }',
        [
            (
                "users names ghost, elf, whom nobody declares; write "
                "users.users.ghost.isNormalUser = true, or take the name out"
            )
        ],
    ),
    "everybody who is declared": (
        (
            "evaluate { modules = [ ({ config, ... }: { mySystem.rknn = { enable = true; users = "
            "builtins.attrNames (lib.filterAttrs (_: u: u.isNormalUser) config.users.users); }; "
            "users.users.eve.isNormalUser = true; }) ]; }"
        ),
        [],
    ),
    "a runtime without a version": (
        'on { runtimePackage = board.runCommand "my-librknnrt" { } ""; enableTools = false; }',
        [
            (
                "runtimePackage is my-librknnrt, which says no version; give it the version of "
                'the SDK that it is from, such as version = "2.3.2"'
            )
        ],
    ),
    "a Python that is none": (
        "on { pythonPackage = board.git; }",
        [
            (
                "pythonPackage is git, which is no Python interpreter; "
                "write pythonPackage = pkgs.python312"
            )
        ],
    ),
    "everybody may write": ('on { device.mode = "0666"; }', [OPEN % "0666"]),
    "everybody may read": ('on { device.mode = "0664"; }', [OPEN % "0664"]),
    "the group may not write": ('on { device.mode = "0640"; }', [CLOSED % "0640"]),
    "the group may nothing, and everybody all": (
        'on { device.mode = "0606"; }',
        [OPEN % "0606", CLOSED % "0606"],
    ),
    "extra rules that let everybody write": (
        'on { extraUdevRules = \'\'KERNEL=="rga"\nKERNEL=="x", MODE:="0666", GROUP="video"\'\'; }',
        [
            (
                'extraUdevRules lets everybody write to a device, in KERNEL=="x", MODE:="0666", '
                'GROUP="video"; write MODE="0660" and a GROUP'
            )
        ],
    ),
    "extra rules that let everybody write, in other spellings": (
        "on { extraUdevRules = ''KERNEL==\"x\", MODE = \"1666\"''; }",
        [
            (
                'extraUdevRules lets everybody write to a device, in KERNEL=="x", MODE = "1666"; '
                'write MODE="0660" and a GROUP'
            )
        ],
    ),
    "a comment on what not to write": (
        "on { extraUdevRules = ''  # not MODE=\"0666\"''; }",
        [],
    ),
    "extra rules that let everybody read": (
        "on { extraUdevRules = ''KERNEL==\"rga\", MODE=\"0664\"''; }",
        [],
    ),
}


@pytest.fixture(scope="module")
def found(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    return evaluated(nix, package_set, refusals(CASES))


@pytest.mark.parametrize("what", CASES)
def test_guard(found: dict[str, dict[str, Any]], what: str) -> None:
    messages = [f"mySystem.rknn: {message}" for message in CASES[what][1]]
    for style, cases in found.items():
        assert cases[what] == [messages, bool(messages)], style


def test_the_system_says_it(nix: Nix, package_set: Path) -> None:
    """Whoever builds the system reads the messages, and no package's own error before them."""
    for settings, message in (
        ("pkgs = workstation;", "this configuration is for x86_64-linux"),
        ("pkgs = bare;", "pkgs has no rknn"),
    ):
        text = said(
            nix,
            expression(
                package_set,
                f"(system false {{ {settings} modules = [ {{ mySystem.rknn.enable = true; }} ]; }})"
                ".config.system.build.toplevel.drvPath",
            ),
        )
        assert f"Failed assertions:\n- mySystem.rknn: {message}" in text, text


def test_none_of_it_is_said_while_the_module_is_off(nix: Nix, package_set: Path) -> None:
    """The same systems, but for `enable`: nothing else in them is at fault."""
    cases = refusals({name: case for name, case in CASES.items() if case[1]})
    off = evaluated(nix, package_set, cases, enable=False)
    quiet = {name: [[], False] for name in cases}
    assert off == {"lists": quiet, "sets": quiet}
