"""Each option of mySystem.rknn has its effect, in both styles of NixOS's options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_systems import evaluated

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

UNTAGGED = 'TAG-="uaccess", TAG-="seat", TAG-="master-of-seat"'
RULES = """\
# rknpu built for DRM; the library opens the card, not the render node
SUBSYSTEM=="drm", KERNEL=="card[0-9]*|renderD[0-9]*", DRIVERS=="RKNPU", {access}, {untagged}
# rknpu built for DMA heaps
SUBSYSTEM=="misc", KERNEL=="rknpu", {access}
# rocket, for Mesa
SUBSYSTEM=="accel", KERNEL=="accel[0-9]*", KERNELS=="rknn", {access}
""".replace("{untagged}", UNTAGGED)
HEAPS = """\
# memory that drivers and programs share
SUBSYSTEM=="dma_heap", {access}
"""
RENDER = 'GROUP="render", MODE="0660"'
LINK = "'{type}' '/usr/lib/librknnrt.so' '-' '-' '-' '-' {argument}\n"

# Spellings of a SoC, and what is understood.
SOCS = {
    "rk3588": "rk3588",
    "RK3588S": "rk3588",
    "Orange Pi 5 Plus": "rk3588",
    "xunlong,orangepi-5-plus": "rk3588",
    "Radxa ROCK 5B+": "rk3588",
    "rock_5b_plus": "rk3588",
    "FriendlyElec NanoPC-T6": "rk3588",
    "turing,rk1": "rk3588",
    "gameforce,ace": "rk3588",
    "indiedroid,nova": "rk3588",
    "rk3582": "rk3588",
    "radxa,zero-3w": "rk3566",
    "NanoPi R5S": "rk3568",
    "rk3576": "rk3576",
    "rk3562": "rk3562",
}

VALUES: dict[str, tuple[str, object]] = {
    "nothing fails": ("let c = on { }; in [ (failed c) c.warnings (stops c) ]", [[], [], False]),
    "enable: packages": ("path (on { })", ["rknn-runtime", "rknn-python", "rknn-tools"]),
    "enableRuntime": ("path (on { enableRuntime = false; })", ["rknn-python", "rknn-tools"]),
    "enableToolkitLite": (
        "path (on { enableToolkitLite = false; })",
        ["rknn-runtime", "rknn-tools"],
    ),
    "enableTools": ("path (on { enableTools = false; })", ["rknn-runtime", "rknn-python"]),
    "enableHeaders": (
        (
            "let c = on { enableHeaders = true; }; in "
            "[ (builtins.elem board.rknn.runtime.dev c.environment.systemPackages) "
            "(builtins.elem board.rknn.runtime.dev (on { }).environment.systemPackages) "
            '(builtins.elem "/include" c.environment.pathsToLink) '
            '(builtins.elem "/include" (on { }).environment.pathsToLink) ]'
        ),
        [True, False, True, False],
    ),
    "python3 on the path stays the machine's": (
        "let p = builtins.elemAt (on { }).environment.systemPackages 1; in p.meta.mainProgram",
        "rknn-python",
    ),
    "only the nodes: no vendor package is looked at": (
        (
            "let c = on { enableRuntime = false; enableToolkitLite = false; enableTools = false; "
            'runtimePackage = planted "r"; toolkitLitePackage = planted "t"; '
            'toolsPackage = planted "o"; pythonPackage = planted "p"; }; '
            "in [ (failed c) (stops c) (rules c == rules (on { })) (path c) ]"
        ),
        [[], False, True, []],
    ),
    "runtimePackage: binding and tools follow it, in its release": (
        (
            "let c = on { runtimePackage = board.rknn.runtime_2_3_0; }; r = c.mySystem.rknn; in "
            "[ (failed c) r.toolkitLitePackage.version r.toolkitLitePackage.runtime.version "
            'r.toolsPackage.version (lib.last (lib.splitString " " (exec c)) == '
            '"\'--runtime=" + out board.rknn.runtime_2_3_0 + "/lib/librknnrt.so\'") ]'
        ),
        [[], "2.3.0", "2.3.0", "2.3.0", True],
    ),
    "runtimePackage: one of a release that is not pinned keeps the tools": (
        (
            "let c = on { runtimePackage = board.rknn.simulator // { version = "
            '"1.9"; }; allowDifferentReleases = true; }; in '
            "[ (failed c) c.mySystem.rknn.toolsPackage.version ]"
        ),
        [[], "2.3.2"],
    ),
    "defaults are the scope's packages": (
        (
            "let r = (on { }).mySystem.rknn; in "
            "[ (r.runtimePackage.drvPath == board.rknn.runtime.drvPath) "
            "(r.toolsPackage.drvPath == board.rknn.tools.drvPath) "
            "(r.toolkitLitePackage.drvPath == board.rknn.toolkit-lite.drvPath) "
            "r.pythonPackage.pythonVersion ]"
        ),
        [True, True, True, "3.12"],
    ),
    "toolkitLitePackage opens runtimePackage": (
        (
            "let c = on { runtimePackage = board.rknn.runtime_2_3_0; "
            "toolkitLitePackage = board.rknn.toolkit-lite_2_3_0; }; in "
            "[ (failed c) (c.mySystem.rknn.toolkitLitePackage.runtime == board.rknn.runtime_2_3_0) "
            "(board.rknn.toolkit-lite_2_3_0.runtime == board.rknn.runtime_2_3_0) ]"
        ),
        [[], True, False],
    ),
    "toolsPackage": (
        "path (on { toolsPackage = board.rknn.npu-load; })",
        ["rknn-runtime", "rknn-python", "rknn-npu-load"],
    ),
    "pythonPackage": (
        (
            "let c = on { pythonPackage = board.python311; }; in "
            "[ (failed c) c.mySystem.rknn.toolkitLitePackage.pythonModule.pythonVersion ]"
        ),
        [[], "3.11"],
    ),
    "allowDifferentReleases": (
        (
            "let c = on { toolkitLitePackage = board.rknn.toolkit-lite_2_5_0; "
            "allowDifferentReleases = true; }; "
            "in [ (failed c) c.mySystem.rknn.toolkitLitePackage.version ]"
        ),
        [[], "2.5.0"],
    ),
    "extraPythonPackages": (
        (
            "let same = a: b: a.mySystem.rknn.python.drvPath == b.mySystem.rknn.python.drvPath; in "
            "[ (same (on { }) (on { extraPythonPackages = _: [ ]; })) "
            "(same (on { }) (on { extraPythonPackages = ps: [ ps.psutil ps.rich ]; })) ]"
        ),
        [True, False],
    ),
    "driver kernel": (
        (
            "let b = (on { }).boot; in "
            "[ b.kernelModules b.blacklistedKernelModules b.extraModulePackages ]"
        ),
        [["rknpu"], ["rocket"], []],
    ),
    "driver none": (
        (
            'let c = on { driver = "none"; }; in '
            "[ (failed c) c.boot.kernelModules c.boot.blacklistedKernelModules ]"
        ),
        [[], [], []],
    ),
    "driver none leaves rocket alone": (
        (
            'let c = onWith { driver = "none"; } [ { boot.kernelModules = [ "rocket" ]; } ]; in '
            "[ (failed c) c.boot.kernelModules c.boot.blacklistedKernelModules ]"
        ),
        [[], ["rocket"], []],
    ),
    "loadKernelModule": (
        (
            "let b = (on { loadKernelModule = false; }).boot; in "
            "[ b.kernelModules b.blacklistedKernelModules ]"
        ),
        [[], ["rocket"]],
    ),
    "udev rules": ("rules (on { })", (RULES + HEAPS).format(access=RENDER)),
    "device.group and device.mode": (
        (
            'let c = onWith { device = { group = "npu"; mode = "0670"; }; users = [ "eve" ]; } '
            "[ { users.groups.npu = { }; users.users.eve.isNormalUser = true; } ]; in "
            "[ (failed c) (rules c) c.users.groups.npu.members "
            "c.systemd.services.rknn-ready.serviceConfig.SupplementaryGroups ]"
        ),
        [[], (RULES + HEAPS).format(access='GROUP="npu", MODE="0670"'), ["eve"], ["npu"]],
    ),
    "device.dmaHeaps": (
        "rules (on { device.dmaHeaps = false; })",
        RULES.format(access=RENDER),
    ),
    "users": (
        (
            'let c = onWith { users = [ "eve" "root" "robot" ]; } [ { users.users = { '
            "eve.isNormalUser = true; mallory.isNormalUser = true; robot = { isSystemUser = true; "
            'group = "users"; }; }; } ]; in [ (failed c) c.users.groups.render.members ]'
        ),
        [[], ["eve", "root", "robot"]],
    ),
    "extraUdevRules": (
        'rules (on { extraUdevRules = \'\'KERNEL=="rga", GROUP="video", MODE="0660"\'\'; })',
        (RULES + HEAPS).format(access=RENDER)
        + '# mySystem.rknn.extraUdevRules\nKERNEL=="rga", GROUP="video", MODE="0660"\n',
    ),
    "linkUsrLib off removes the link": (
        "tmpfiles (on { })",
        LINK.format(type="r", argument=""),
    ),
    "linkUsrLib": (
        (
            'builtins.replaceStrings [ (out board.rknn.runtime) ] [ "OUT" ] '
            "(tmpfiles (on { linkUsrLib = true; }))"
        ),
        LINK.format(type="L+", argument="OUT/lib/librknnrt.so"),
    ),
    "nix-ld has the library when it is on": (
        (
            "map (m: names (onWith { } [ m ]).programs.nix-ld.libraries) "
            "[ { } { programs.nix-ld.enable = true; } ] ++ [ (names (onWith "
            "{ enableRuntime = false; } [ { programs.nix-ld.enable = true; } ])"
            ".programs.nix-ld.libraries) ]"
        ),
        [[], ["rknn-runtime"], []],
    ),
    "readyTimeout and soc": (
        (
            "builtins.replaceStrings [ (out board.rknn.ready) (out board.rknn.runtime) ] "
            '[ "READY" "RUNTIME" ] (exec (on { readyTimeout = 3; soc = "rk3566"; }))'
        ),
        (
            "READY/bin/rknn-ready '--wait=3' '--soc=rk3566' '--group=render' "
            "'--runtime=RUNTIME/lib/librknnrt.so'"
        ),
    ),
    "rknn-ready.service is started, where a device tree is": (
        (
            "let u = (on { }).systemd.services.rknn-ready; in "
            "[ u.wantedBy u.unitConfig.ConditionPathExists u.serviceConfig.Type ]"
        ),
        [["multi-user.target"], "/proc/device-tree/compatible", "oneshot"],
    ),
    "rknn-ready.service is left to others where they bring the driver": (
        (
            'let s = (on { driver = "none"; }).systemd.services; in '
            "[ s.rknn-ready.wantedBy s.rknn-udev.wantedBy ]"
        ),
        [[], ["multi-user.target"]],
    ),
    "new rules are applied, and units that require rknn-ready stay": (
        (
            "let c = on { }; s = c.systemd.services; in "
            "[ (s.rknn-udev.restartTriggers == c.services.udev.packages) s.rknn-udev.before "
            "s.rknn-ready.stopIfChanged ]"
        ),
        [True, ["rknn-ready.service"], False],
    ),
    "no variable names a library": (
        (
            "let s = (on { }).systemd.services; in "
            "map (u: builtins.attrNames s.${u}.environment) (builtins.attrNames s)"
        ),
        [[], []],
    ),
    **{
        f"soc {said}": (f'(on {{ soc = "{said}"; }}).mySystem.rknn.soc', meant)
        for said, meant in SOCS.items()
    },
}


@pytest.fixture(scope="module")
def values(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    return evaluated(nix, package_set, {name: text for name, (text, _) in VALUES.items()})


@pytest.mark.parametrize("what", VALUES)
def test_option(values: dict[str, dict[str, Any]], what: str) -> None:
    expected = VALUES[what][1]
    for style, found in values.items():
        assert found[what] == expected, style
