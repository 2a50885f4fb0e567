"""What each choice of mySystem.rknn.driver does to the kernel, its device tree and the packages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_expressions import said
from module_systems import evaluated, expression

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

BOOT = "c.boot.kernelModules c.boot.blacklistedKernelModules (names c.boot.extraModulePackages)"
OVERLAY = "(builtins.head c.hardware.deviceTree.overlays)"
WARNING = (
    "mySystem.rknn: deviceTree.enable gives the NPU all memory without an IOMMU: whoever is in "
    "group render can read and change everything through it; keep to those you trust, such as with "
    'device.group = "npu" and users.groups.npu = { }, and write '
    "mySystem.rknn.deviceTree.acceptNoIsolation = true"
)
# A Mesa of that version.
MESA = '(board // {{ mesa = board.runCommand "mesa-{0}" {{ }} "" // {{ version = "{0}"; }}; }})'

# A Nix expression, and its value.
VALUES: dict[str, tuple[str, Any]] = {
    "kernel": (
        f"let c = on {{ }}; in [ {BOOT} c.hardware.deviceTree.overlays c.boot.kernelParams ]",
        [["rknpu"], ["rocket"], [], [], []],
    ),
    "module": (
        f'let c = onMainline {{ driver = "module"; }}; in [ {BOOT} ]',
        [["rknpu"], ["rocket"], ["rknpu"]],
    ),
    "module is built for the machine's kernel": (
        (
            'let c = onMainline { driver = "module"; }; in '
            "[ c.mySystem.rknn.driverPackage.version c.warnings ]"
        ),
        ["0.9.8-6.18.5", [WARNING]],
    ),
    "module of one's own": (
        (
            'let c = onMainline { driver = "module"; driverPackage = board.git; }; in '
            "names c.boot.extraModulePackages"
        ),
        ["git"],
    ),
    "module, from another flake": (
        (
            'let c = onMainlineWith "6.18.5" { driver = "module"; driverPackage = null; } '
            '[ { boot.extraModulePackages = [ (board.runCommand "rknpu" { } "") ]; } ]; in '
            "[ (failed c) (names c.boot.extraModulePackages) ]"
        ),
        [[], ["rknpu"]],
    ),
    "module changes the board's device tree": (
        (
            f'let c = onMainline {{ driver = "module"; }}; o = {OVERLAY}; in '
            "[ c.mySystem.rknn.deviceTree.board o.name o.filter "
            "(o.dtsText == board.rknn.deviceTree.overlayFor "
            "{ board = ''orangepi-5-plus''; clockRate = 200000000; }) c.boot.kernelParams ]"
        ),
        ["orangepi-5-plus", "rknpu-orangepi-5-plus", None, True, ["cma=256M"]],
    ),
    "what comes out is checked": (
        (
            'let c = onMainline { driver = "module"; }; in '
            "map (check: check.drvPath) c.system.checks == "
            "[ (board.rknn.deviceTree.check { dtbs = c.hardware.deviceTree.package; "
            "board = ''orangepi-5-plus''; clockRate = 200000000; }).drvPath ]"
        ),
        True,
    ),
    "the board by its name": (
        (
            'let c = onMainlineWith "7.1" { driver = "module"; deviceTree.board = "rock-5b"; } '
            f"[ {{ hardware.deviceTree.name = null; }} ]; in [ (failed c) {OVERLAY}.name "
            "(builtins.filter (lib.hasInfix ''not set'') c.warnings) ]"
        ),
        [
            [],
            "rknpu-rock-5b",
            [
                (
                    "mySystem.rknn: hardware.deviceTree.name is not set, and a boot loader may "
                    "take a device tree of the firmware's, where rknpu finds no NPU; write "
                    'hardware.deviceTree.name = "rockchip/rk3588-rock-5b.dtb"'
                )
            ],
        ],
    ),
    "a device tree of one's own is the one that is checked": (
        (
            'let c = onMainlineWith "7.1" { driver = "module"; deviceTree.board = "rock-5b"; } '
            '[ { hardware.deviceTree.name = "my.dtb"; } ]; in map (check: check.drvPath) '
            "c.system.checks == [ (board.rknn.deviceTree.check { dtb = ''my.dtb''; "
            "dtbs = c.hardware.deviceTree.package; board = ''rock-5b''; }).drvPath ]"
        ),
        True,
    ),
    "overlays taken out are noticed": (
        (
            'let c = onMainlineWith "6.18.5" { driver = "module"; } '
            "[ { hardware.deviceTree.overlays = lib.mkForce [ ]; } ]; in "
            "[ c.hardware.deviceTree.overlays (builtins.length c.system.checks) ]"
        ),
        [[], 1],
    ),
    "a board whose regulator goes by its name": (
        (
            "let c = more: onMainlineWith ''7.1'' { driver = ''module''; deviceTree = { "
            "acceptNoIsolation = true; } // more; } [ { hardware.deviceTree.name = "
            "''rockchip/rk3588s-rock-5a.dtb''; } ]; in [ (failed (c { })) (c { }).warnings "
            "(c { acceptUnconfirmedSupply = true; }).warnings ]"
        ),
        [
            [],
            [
                (
                    "mySystem.rknn: Linux itself does not use the NPU of Radxa ROCK 5A yet, and "
                    "that its regulator is vdd_npu_s0 is known by the name only; look it up in the "
                    "schematics before you boot this, then write "
                    "mySystem.rknn.deviceTree.acceptUnconfirmedSupply = true"
                )
            ],
            [],
        ],
    ),
    "deviceTree.cma": (
        (
            'map (cma: (onMainline { driver = "module"; deviceTree.cma = cma; }).boot.kernelParams)'
            " [ null ''2G'' ]"
        ),
        [[], ["cma=2G"]],
    ),
    "deviceTree.acceptNoIsolation": (
        (
            'let c = onMainline { driver = "module"; deviceTree.acceptNoIsolation = true; }; in '
            "[ (failed c) c.warnings ]"
        ),
        [[], []],
    ),
    "deviceTree.enable": (
        (
            'let c = onMainline { driver = "module"; deviceTree.enable = false; }; in '
            "[ (failed c) c.hardware.deviceTree.overlays c.system.checks c.boot.kernelParams "
            "c.warnings ]"
        ),
        [[], [], [], [], []],
    ),
    "module on a SoC whose device tree is the user's": (
        (
            'let c = onMainlineWith "7.1" { driver = "module"; soc = "rk3566"; } '
            "[ { hardware.deviceTree.name = null; } ]; in "
            "[ (failed c) c.hardware.deviceTree.overlays c.warnings ]"
        ),
        [
            [],
            [],
            [
                (
                    'mySystem.rknn: driver is "module", soc is rk3566, and mainline\'s device '
                    "trees have no NPU for rknpu; write hardware.deviceTree.overlays or a device "
                    "tree of your own that has"
                )
            ],
        ],
    ),
    "a user's own overlays stay": (
        (
            'let c = onMainlineWith "6.18.5" { driver = "module"; } [ { '
            "hardware.deviceTree.overlays = [ { name = ''mine''; dtsText = ''''; } ]; } ]; in "
            "sorted (map (o: o.name) c.hardware.deviceTree.overlays)"
        ),
        ["mine", "rknpu-orangepi-5-plus"],
    ),
    "mainline": (
        f'let c = onMainline {{ driver = "mainline"; }}; in [ {BOOT} (path c) c.warnings ]',
        [["rocket"], ["rknpu"], [], ["rknn-ready"], []],
    ),
    "mainline needs nothing of Rockchip's": (
        (
            'let c = onMainlineWith "6.18.5" { driver = "mainline"; '
            'runtimePackage = planted "the runtime"; toolsPackage = planted "tools"; '
            'toolkitLitePackage = planted "the binding"; } '
            "[ { programs.nix-ld.enable = true; } ]; in [ (failed c) (stops c) ]"
        ),
        [[], False],
    ),
    "mainline, and who asks for rocket at boot": (
        (
            'let c = onMainline { driver = "mainline"; }; s = c.systemd.services.rknn-ready; in '
            "[ (builtins.replaceStrings [ (out board.rknn.ready) ] [ ''READY'' ] (exec c)) "
            "s.serviceConfig.DeviceAllow s.wantedBy ]"
        ),
        [
            "READY/bin/rknn-ready '--wait=10' '--soc=rk3588' '--group=render' '--driver=rocket'",
            ["char-226 rw", "char-10 rw", "char-261 rw"],
            ["multi-user.target"],
        ],
    ),
    "mainline without loading it": (
        f'let c = onMainline {{ driver = "mainline"; loadKernelModule = false; }}; in [ {BOOT} ]',
        [[], ["rknpu"], []],
    ),
    "teflonLibrary": (
        (
            "lib.hasSuffix ''-mesa-26.0.3/lib/libteflon.so'' "
            f"(text (evaluate {{ pkgs = {MESA.format('26.0.3')}; modules = [ {{ mySystem.rknn = {{ "
            "enable = true; driver = ''mainline''; }; } ]; }).mySystem.rknn.teflonLibrary)"
        ),
        True,
    ),
    "a fleet": (
        (
            "map (c: [ (failed c) (stops c) ]) [ (on { }) (onMainline { driver = ''module''; }) "
            "(onMainline { driver = ''mainline''; }) (on { driver = ''none''; }) ]"
        ),
        [[[], False]] * 4,
    ),
    "devfreq": (
        (
            'let c = on { devfreq = { governor = "performance"; minFrequency = 300; '
            "maxFrequency = 600; }; }; in [ (map (p: p.text) (builtins.filter "
            "(p: p.name == ''72-rknn-devfreq.rules'') c.services.udev.packages)) "
            "(lib.hasInfix ''--subsystem-match=devfreq'' "
            "(text c.systemd.services.rknn-udev.serviceConfig.ExecStart)) "
            "(builtins.length c.systemd.services.rknn-udev.restartTriggers) ]"
        ),
        [
            [
                (
                    'SUBSYSTEM=="devfreq", KERNEL=="*.npu", ATTR{governor}="performance", '
                    'ATTR{max_freq}="600000000", ATTR{min_freq}="300000000"\n'
                )
            ],
            True,
            2,
        ],
    ),
    "no devfreq": (
        (
            "let c = on { }; in [ (map (p: p.name) c.services.udev.packages) (lib.hasInfix "
            "''devfreq'' (text c.systemd.services.rknn-udev.serviceConfig.ExecStart)) ]"
        ),
        [["72-rknn.rules"], False],
    ),
}


@pytest.fixture(scope="module")
def values(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    return evaluated(nix, package_set, {name: text for name, (text, _) in VALUES.items()})


@pytest.mark.parametrize("what", VALUES)
def test_driver(values: dict[str, dict[str, Any]], what: str) -> None:
    expected = VALUES[what][1]
    for style, found in values.items():
        assert found[what] == expected, style


def test_teflon_of_a_mesa_without_rocket(nix: Nix, package_set: Path) -> None:
    old = (
        f"(system false {{ pkgs = {MESA.format('25.2.6')}; modules = [ {{ mySystem.rknn.enable = "
        "true; } ]; }).config.mySystem.rknn.teflonLibrary"
    )
    text = said(nix, expression(package_set, old))
    assert "teflonLibrary: Mesa 25.2.6 has no driver for rocket, which came with 25.3" in text, text
