"""A driver that can't work on this kernel or board stops the system, word for word why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_systems import evaluated, refusals

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

KERNEL = (
    'kernel = { version = "%s"; %s }; modules = [ { mySystem.rknn = { enable = true; %s }; } ];'
)
FROM_KERNEL_ORG = 'src.urls = [ "mirror://kernel/linux/kernel/v6.x/linux-6.6.127.tar.xz" ];'
FROM_GIT = 'src.urls = [ "https://github.com/x/linux-rockchip/archive/6.6.tar.gz" ];'
CONFIGURED = "config.isEnabled = name: name == ''%s'';"
FEATURE = "features.rknpu = true;"
# A driver's package that is for every kernel.
MODULE = 'driver = "module"; driverPackage = board.git;'
MAINLINE = (
    'driver is "kernel", and kernel %s is a mainline kernel, which has no rknpu (Rockchip\'s 5.10, '
    '6.1 and 6.6 have); write driver = "module" for the driver outside of the kernel, or '
    '"mainline" for Mesa on rocket. If a patch of yours adds it: boot.kernelPatches = [ { '
    'name = "rknpu"; patch = null; features.rknpu = true; } ]'
)
TWO_ON = (
    'driver is "mainline", whose rocket librknnrt can\'t use, and %s true; take that out and use '
    "Mesa's Teflon (teflonLibrary), or write another driver"
)


def loading(*names: str, place: str = "boot.kernelModules") -> str:
    return f"[ {{ {place} = [ {' '.join(f'{name!r}' for name in names)} ]; }} ]".replace("'", '"')


# A configuration, and the messages it fails with, without "mySystem.rknn: ".
CASES: dict[str, tuple[str, list[str]]] = {
    "rocket beside rknpu": (
        f"onWith {{ }} {loading('rocket')}",
        [
            (
                'driver is "kernel", and boot.kernelModules has rocket, which takes the NPU from '
                'rknpu; take rocket out, or write driver = "none"'
            )
        ],
    ),
    "rocket in the initrd, which has no rknpu": (
        (
            f"onMainlineWith ''6.18.5'' {{ {MODULE} loadKernelModule = false; }} "
            f"{loading('rocket', place='boot.initrd.kernelModules')}"
        ),
        [
            (
                'driver is "module", and boot.initrd.kernelModules has rocket, which takes the NPU '
                "from "
                'rknpu; take rocket out, or write driver = "none"'
            )
        ],
    ),
    "both, by somebody else": (
        f'onWith {{ driver = "none"; }} {loading("rknpu", "rocket")}',
        [
            (
                "boot.kernelModules has rknpu and rocket, which fight over the same hardware; "
                "take one of them out"
            )
        ],
    ),
    "neither of them, by somebody else": (f'onWith {{ driver = "none"; }} {loading("dm-mod")}', []),
    "rknpu blacklisted": (
        f"onWith {{ }} {loading('rknpu', place='boot.blacklistedKernelModules')}",
        [
            (
                'driver is "kernel", and boot.blacklistedKernelModules has rknpu; take it out, or '
                'write driver = "none"'
            )
        ],
    ),
    "a mainline kernel by its version": (
        f"evaluate {{ {KERNEL % ('6.18.5', '', '')} }}",
        [MAINLINE % "6.18.5"],
    ),
    "a mainline kernel by its source": (
        f"evaluate {{ {KERNEL % ('6.6.127', FROM_KERNEL_ORG, '')} }}",
        [MAINLINE % "6.6.127"],
    ),
    "Rockchip's kernel": (f"evaluate {{ {KERNEL % ('6.6.89', FROM_GIT, '')} }}", []),
    "a mainline kernel without a driver": (
        f"evaluate {{ {KERNEL % ('7.1', '', 'driver = %s;')} }}" % '"none"',
        [],
    ),
    "a mainline kernel with rknpu patched in": (
        (
            'evaluate { kernel.version = "6.18.5"; modules = [ { mySystem.rknn.enable = true; '
            f'boot.kernelPatches = [ {{ name = "rknpu"; patch = null; {FEATURE} }} ]; }} ]; }}'
        ),
        [],
    ),
    "a mainline kernel of one's own configuration with rknpu patched in": (
        (
            "evaluate { kernel = { version = ''6.18.5''; config.isEnabled = _: false; }; "
            "modules = [ { mySystem.rknn.enable = true; "
            f"boot.kernelPatches = [ {{ name = ''rknpu''; patch = null; {FEATURE} }} ]; }} ]; }}"
        ),
        [],
    ),
    "Rockchip's driver in a newer kernel of one's own configuration": (
        f"evaluate {{ {KERNEL % ('6.12.20-rk', CONFIGURED % 'ROCKCHIP_RKNPU', '')} }}",
        [],
    ),
    "a kernel of one's own configuration without it": (
        f"evaluate {{ {KERNEL % ('6.12.20', CONFIGURED % 'DRM_ACCEL_ROCKET', '')} }}",
        [MAINLINE % "6.12.20"],
    ),
    "NixOS's own kernel": (
        (
            "(import PACKAGE_SET/nixos { pkgs = board; inherit kernelModulesAsList; modules = "
            "[ PROJECT/modules/rknn.nix { mySystem.rknn.enable = true; } ]; }).config"
        ),
        [MAINLINE % "6.18.5"],
    ),
    "the module": ('onMainline { driver = "module"; }', []),
    "the module of one's own": (f"onMainline {{ {MODULE} }}", []),
    "the module, and a kernel that is too old": (
        'onMainlineWith "6.6.127" { driver = "module"; deviceTree.enable = false; } [ ]',
        [
            (
                "rknpu: Linux 6.6.127 is older than 6.12, the first that the driver is for; take a "
                "newer boot.kernelPackages, or a vendor kernel, which has the driver itself "
                '(mySystem.rknn.driver = "kernel")'
            )
        ],
    ),
    "the module of one's own, and any kernel": (
        f'onMainlineWith "6.6.127" {{ {MODULE} deviceTree.enable = false; }} [ ]',
        [],
    ),
    "the module for a kernel that has it": (
        (
            "evaluate { kernel = kernelOrg ''6.19'' // { features.rknpu = true; }; modules = [ { "
            f"mySystem.rknn = {{ enable = true; {MODULE} "
            'deviceTree.board = "orangepi-5-plus"; }; } ]; }'
        ),
        [
            (
                'driver is "module", and kernel 6.19 has rknpu of its own (features.rknpu); '
                'write driver = "kernel"'
            )
        ],
    ),
    "no module, and none from elsewhere": (
        'onMainline { driver = "module"; driverPackage = null; }',
        [
            (
                'driver is "module", and neither driverPackage nor boot.extraModulePackages has '
                "it; take driverPackage = null out, or write the package that has rknpu.ko for "
                "kernel 6.18.5"
            )
        ],
    ),
    "no module, beside another": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; driverPackage = null; } '
            "[ { boot.extraModulePackages = [ board.git ]; } ]"
        ),
        [
            (
                'driver is "module", and neither driverPackage nor boot.extraModulePackages has '
                "it; take driverPackage = null out, or write the package that has rknpu.ko for "
                "kernel 6.18.5"
            )
        ],
    ),
    "a module that is not asked for": (
        "on { driverPackage = board.git; }",
        [
            (
                'driverPackage is set, and driver is "kernel"; write driver = "module", or take '
                "driverPackage out"
            )
        ],
    ),
    "a device tree without an NPU": (
        'onMainlineWith "6.12.60" { driver = "module"; } [ ]',
        [
            (
                "deviceTree.enable is true, and the device trees of kernel 6.12.60 have no NPU: "
                "they do from 6.18 on; write boot.kernelPackages = pkgs.linuxPackages_6_18, or "
                "deviceTree.enable = false and a device tree of your own"
            )
        ],
    ),
    "a device tree of one's own": (
        'onMainlineWith "6.12.60" { driver = "module"; deviceTree.enable = false; } [ ]',
        [],
    ),
    "a board that is not known": (
        'onMainline { driver = "module"; deviceTree.board = "orangepi-6"; }',
        ["deviceTree.board is orangepi-6; write one of BOARDS"],
    ),
    "a device tree that is not known": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; } '
            '[ { hardware.deviceTree.name = "rockchip/rk3588-mine.dtb"; } ]'
        ),
        [
            (
                "deviceTree.enable needs to know the board, and hardware.deviceTree.name is "
                "rockchip/rk3588-mine.dtb; write deviceTree.board, a name in "
                "pkgs.rknn.deviceTree.boards such as orangepi-5-plus"
            )
        ],
    ),
    "a board without a regulator": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; } '
            '[ { hardware.deviceTree.name = "rockchip/rk3588-armsom-w3.dtb"; } ]'
        ),
        [
            (
                "deviceTree.enable is true, and rockchip/rk3588-armsom-w3.dtb can't be changed for "
                "rknpu: no regulator for the NPU; write another driver, or deviceTree.enable = "
                "false and a device tree of your own"
            )
        ],
    ),
    "no device tree named": (
        ('onMainlineWith "6.18.5" { driver = "module"; } [ { hardware.deviceTree.name = null; } ]'),
        [
            (
                "deviceTree.enable needs to know the board, and hardware.deviceTree.name is not "
                "set; write deviceTree.board, a name in pkgs.rknn.deviceTree.boards such as "
                "orangepi-5-plus"
            )
        ],
    ),
    "overlays that nobody applies": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; } '
            "[ { hardware.deviceTree.enable = false; } ]"
        ),
        [
            (
                "deviceTree.enable is true, and hardware.deviceTree.enable is false, so that no "
                "overlay is applied; take one of them out"
            )
        ],
    ),
    **{
        f"a clock of {megahertz} MHz": (
            f'onMainline {{ driver = "module"; clock.frequency = {megahertz}; }}',
            [
                (
                    f"clock.frequency is {megahertz}: above 200 MHz the board can hang before the "
                    "driver starts, and below the firmware has none; take it out"
                )
            ],
        )
        for megahertz in (100, 201, 600)
    },
    "a clock for Rockchip's kernel": (
        "on { clock.frequency = 600; }",
        [('clock.frequency is 600: it is not for driver = "kernel"; write devfreq.maxFrequency')],
    ),
    "another board than the device tree's": (
        'onMainline { driver = "module"; deviceTree.board = "rock-5b"; }',
        [
            (
                "deviceTree.board is rock-5b, and hardware.deviceTree.name is "
                "rockchip/rk3588-orangepi-5-plus.dtb, of orangepi-5-plus; take one of them out"
            )
        ],
    ),
    "a board with a device tree of one's own": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; deviceTree.board = "rock-5b"; } '
            '[ { hardware.deviceTree.name = "my.dtb"; } ]'
        ),
        [],
    ),
    "a board on another SoC": (
        (
            'onMainlineWith "7.1" { driver = "module"; soc = "rk3576"; deviceTree = { '
            'enable = true; board = "rock-5b"; }; } [ { hardware.deviceTree.name = null; } ]'
        ),
        [
            (
                "deviceTree.enable is true, and soc is rk3576; its boards are those with rk3588: "
                "write deviceTree.enable = false and a device tree of your own"
            )
        ],
    ),
    "a board that the kernel does not know yet": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; } '
            '[ { hardware.deviceTree.name = "rockchip/rk3588s-orangepi-5-pro.dtb"; } ]'
        ),
        [
            (
                "deviceTree.board is orangepi-5-pro, whose device tree came with Linux 7.3, and "
                "the kernel is 6.18.5; write a newer boot.kernelPackages"
            )
        ],
    ),
    "memory for the NPU, said twice": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; } '
            '[ { boot.kernelParams = [ "cma=64M" ]; } ]'
        ),
        [
            (
                "boot.kernelParams has cma=256M, cma=64M; write deviceTree.cma, or deviceTree.cma "
                "= null to leave it to boot.kernelParams"
            )
        ],
    ),
    "memory for the NPU, said elsewhere": (
        (
            'onMainlineWith "6.18.5" { driver = "module"; deviceTree.cma = null; } '
            '[ { boot.kernelParams = [ "cma=64M" ]; } ]'
        ),
        [],
    ),
    "the module of another kernel": (
        (
            'onMainline { driver = "module"; driverPackage = board.git // '
            '{ modDirVersion = "6.19.2"; }; }'
        ),
        [
            (
                "driverPackage is for kernel 6.19.2, and boot.kernelPackages has 6.18.5; write "
                "driverPackage = pkgs.rknn.kernelModuleFor config.boot.kernelPackages"
            )
        ],
    ),
    "the module, and a kernel that is too new": (
        'onMainlineWith "9.1" { driver = "module"; } [ ]',
        [
            (
                "rknpu: Linux 9.1 is newer than 7.3, the last that the driver was compiled for; "
                "take an older boot.kernelPackages, or try it: mySystem.rknn.driverPackage = "
                "(pkgs.rknn.kernelModuleFor config.boot.kernelPackages).override "
                "{ allowNewerKernel = true; }"
            )
        ],
    ),
    "the module, and a kernel that is too new, tried": (
        (
            'evaluate { kernel = kernelOrg "9.1"; modules = [ ({ config, pkgs, ... }: { '
            'hardware.deviceTree.name = "rockchip/rk3588-orangepi-5-plus.dtb"; '
            'mySystem.rknn = { enable = true; driver = "module"; driverPackage = '
            "(pkgs.rknn.kernelModuleFor config.boot.kernelPackages).override "
            "{ allowNewerKernel = true; }; }; }) ]; }"
        ),
        [],
    ),
    "the module on Rockchip's kernel": (
        'on { driver = "module"; driverPackage = board.git; deviceTree.enable = false; }',
        [],
    ),
    "rocket on Rockchip's kernel": (
        'on { driver = "mainline"; }',
        [
            (
                'driver is "mainline", and kernel 6.1.115 has no rocket, which came with Linux '
                "6.18; write boot.kernelPackages = pkgs.linuxPackages_6_18, or driver = "
                '"kernel" where it has rknpu'
            )
        ],
    ),
    "a device tree for rocket": (
        'onMainline { driver = "mainline"; deviceTree.enable = true; }',
        [
            (
                'deviceTree.enable is true, and driver is "mainline", which has the kernel\'s own '
                'device tree; write driver = "module", or take deviceTree.enable out'
            )
        ],
    ),
    "a device tree for another driver": (
        "on { deviceTree.enable = true; deviceTree.board = ''orangepi-5-plus''; }",
        [
            (
                'deviceTree.enable is true, and driver is "kernel", which has the kernel\'s own '
                'device tree; write driver = "module", or take deviceTree.enable out'
            ),
            (
                "deviceTree.enable is true, and the device trees of kernel 6.1.115 have no NPU: "
                "they do from 6.18 on; write boot.kernelPackages = pkgs.linuxPackages_6_18, or "
                "deviceTree.enable = false and a device tree of your own"
            ),
        ],
    ),
    "rocket": ('onMainline { driver = "mainline"; }', []),
    "rocket, and what it can't serve": (
        'onMainline { driver = "mainline"; enableRuntime = true; }',
        [TWO_ON % "enableRuntime is"],
    ),
    "rocket, and more that it can't serve": (
        'onMainline { driver = "mainline"; enableToolkitLite = true; linkUsrLib = true; }',
        [TWO_ON % "enableToolkitLite, linkUsrLib are"],
    ),
    "rocket on another SoC": (
        (
            'onMainlineWith "7.1" { driver = "mainline"; soc = "rk3576"; } '
            "[ { hardware.deviceTree.name = null; } ]"
        ),
        [
            (
                'driver is "mainline", and soc is rk3576: rocket serves rk3588 only; write another '
                "driver"
            )
        ],
    ),
    "rocket before there was one": (
        'onMainlineWith "6.12.60" { driver = "mainline"; } [ ]',
        [
            (
                'driver is "mainline", and kernel 6.12.60 has no rocket, which came with Linux '
                "6.18; write boot.kernelPackages = pkgs.linuxPackages_6_18, or driver = "
                '"kernel" where it has rknpu'
            )
        ],
    ),
    "rknpu beside rocket": (
        f'onMainlineWith "6.18.5" {{ driver = "mainline"; }} {loading("rknpu")}',
        [
            (
                'driver is "mainline", and boot.kernelModules has rknpu, which takes the NPU from '
                'rocket; take rknpu out, or write driver = "none"'
            )
        ],
    ),
    "rocket blacklisted": (
        (
            'onMainlineWith "6.18.5" { driver = "mainline"; } '
            f"{loading('rocket', place='boot.blacklistedKernelModules')}"
        ),
        [
            (
                'driver is "mainline", and boot.blacklistedKernelModules has rocket; take it out, '
                'or write driver = "none"'
            )
        ],
    ),
    "limits of a clock that does not change": (
        'onMainline { driver = "module"; devfreq.governor = "performance"; }',
        [('devfreq is for driver = "kernel", and driver is "module"; take devfreq out')],
    ),
    "limits of a clock": ("on { devfreq = { minFrequency = 300; maxFrequency = 300; }; }", []),
    "limits of a clock the wrong way round": (
        "on { devfreq = { minFrequency = 900; maxFrequency = 300; }; }",
        [
            (
                "devfreq.minFrequency is 900, above devfreq.maxFrequency, which is 300; write them "
                "the other way round"
            )
        ],
    ),
}


@pytest.fixture(scope="module")
def found(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    boards = 'lib.concatStringsSep ", " (builtins.attrNames board.rknn.deviceTree.boards)'
    return evaluated(nix, package_set, {**refusals(CASES), "BOARDS": boards})


@pytest.mark.parametrize("what", CASES)
def test_guard(found: dict[str, dict[str, Any]], what: str) -> None:
    for style, cases in found.items():
        messages = [
            f"mySystem.rknn: {message}".replace("BOARDS", cases["BOARDS"])
            for message in CASES[what][1]
        ]
        assert cases[what] == [messages, bool(messages)], style
