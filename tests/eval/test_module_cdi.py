"""mySystem.rknn.cdi: the spec's service, its words and udev rules, and what engines are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_systems import evaluated

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

CDI = "cdi.enable = true;"
WRITE = (
    "CDI/bin/rknn-cdi write '--output=/run/cdi/rockchip.com-npu.json' "
    "'--soc-copy=/run/rknn/compatible' '--wait=10' '--group=render' "
)
REMOVE = (
    "CDI/bin/rknn-cdi remove '--output=/run/cdi/rockchip.com-npu.json' "
    "'--soc-copy=/run/rknn/compatible'"
)
VENDOR = "'--library=VENDOR' '--library-path=/usr/lib/librknnrt.so' "
RENDER = "'--render-node=/dev/dri/renderD129'"
RULES = """\
ACTION!="remove", SUBSYSTEM=="drm", KERNEL=="card[0-9]*", DRIVERS=="RKNPU", {mark}
ACTION!="remove", SUBSYSTEM=="misc", KERNEL=="rknpu", {mark}
ACTION!="remove", SUBSYSTEM=="accel", KERNEL=="accel[0-9]*", KERNELS=="rknn", {mark}
{more}ACTION=="add|remove", ENV{{RKNN_CDI}}=="1", RUN+="{command}"
"""
MARK = 'ENV{RKNN_CDI}="1"'
RESTART = "SYSTEMD/bin/systemctl --no-block restart rknn-cdi.service"
ENGINES = [
    "containerd.service",
    "crio.service",
    "docker.service",
    "k3s.service",
    "kubelet.service",
    "podman.service",
    "podman-restart.service",
    "rke2-agent.service",
    "rke2-server.service",
]
FOLDERS = ["/etc/cdi", "/var/run/cdi"]
# Words of commands, with names for what they say of the store.
WORDS = """
  said = command: builtins.replaceStrings (map out [ board.rknn.cdi board.rknn.runtime
    board.rknn.simulator board.rknn.runtime.vendorLibrary board.systemd ])
    [ "CDI" "RUNTIME" "SIMULATOR" "VENDOR" "SYSTEMD" ] (text command);
  unit = config: config.systemd.services.rknn-cdi;
  started = config: said (unit config).serviceConfig.ExecStart;
  lines = config: said (rulesIn "73-rknn-cdi.rules" config);
  names = builtins.attrNames;
  # NixOS has no option for containerd's package.
  containerd = version: (evaluate {
    pkgs = board // { containerd = { inherit version; }; };
    modules = [ {
      mySystem.rknn = { enable = true; cdi.enable = true; };
      virtualisation.containerd.enable = true;
    } ];
  }).virtualisation.containerd.settings;
"""


def write(words: str, settings: str, *modules: str) -> tuple[str, str]:
    """Return a case: what rknn-cdi is told with these settings."""
    return f"started (onWith {{ {CDI} {settings} }} [ {' '.join(modules)} ])", WRITE + words


VALUES: dict[str, tuple[str, object]] = {
    "by default there is none": (
        (
            "let c = on { }; in [ (c.systemd.services ? rknn-cdi) (c.environment.etc ? "
            '"cdi/rockchip.com-npu.json") (builtins.length c.services.udev.packages) '
            "c.virtualisation.containers.containersConf.settings ]"
        ),
        [False, False, 1, {}],
    ),
    "without the module there is none": (
        (
            "let c = evaluate { modules = [ { mySystem.rknn.cdi.enable = true; "
            "virtualisation.podman.enable = true; } ]; }; in "
            "[ (names c.systemd.services) (failed c) "
            "c.virtualisation.containers.containersConf.settings ]"
        ),
        [[], [], {}],
    ),
    "nothing fails": (
        f"let c = on {{ {CDI} }}; in [ (failed c) c.warnings (stops c) ]",
        [[]] * 2 + [False],
    ),
    "the vendor's library where the runtime has it": write(
        f"'--driver=rknpu' {VENDOR}{RENDER}", ""
    ),
    "this system's library": write(
        "'--driver=rknpu' '--library=RUNTIME/lib/librknnrt.so' CLOSURE "
        f"'--library-path=/usr/lib/librknnrt.so' {RENDER}",
        'cdi.library = "store";',
    ),
    "this system's library where the runtime has no other": write(
        "'--driver=rknpu' '--library=SIMULATOR/lib/librknnrt.so' CLOSURE "
        f"'--library-path=/usr/lib/librknnrt.so' {RENDER}",
        "runtimePackage = board.rknn.simulator;",
    ),
    "no library": write(f"'--driver=rknpu' {RENDER}", 'cdi.library = "none";'),
    "no library, and no runtime is looked at": (
        (
            f'let c = on {{ {CDI} cdi.library = "none"; enableRuntime = false; '
            "enableToolkitLite = false; enableTools = false; runtimePackage = planted ''r''; }; in "
            "[ (failed c) (stops c) ]"
        ),
        [[], False],
    ),
    "nothing of it on the host: containers have it all the same": (
        (
            f"let c = on {{ {CDI} enableRuntime = false; enableToolkitLite = false; "
            "enableTools = false; }; in [ (failed c) (path c) (started c) ]"
        ),
        [[], [], f"{WRITE}'--driver=rknpu' {VENDOR}{RENDER}"],
    ),
    "rocket: a node, and nothing of Rockchip's": (
        (
            f"let c = onMainline {{ {CDI} driver = ''mainline''; "
            "runtimePackage = planted ''r''; }; "
            "in [ (failed c) (stops c) (started c) ]"
        ),
        [[], False, f"{WRITE}'--driver=rocket' {RENDER}"],
    ),
    "another's driver": write(f"{VENDOR}{RENDER}", 'driver = "none";'),
    "rknpu outside of the kernel": (
        f"started (onMainline {{ {CDI} driver = ''module''; }})",
        f"{WRITE}'--driver=rknpu' {VENDOR}{RENDER}",
    ),
    "libraryPaths, renderNode": write(
        "'--driver=rknpu' '--library=VENDOR' '--library-path=/usr/lib/librknnrt.so' "
        "'--library-path=/opt/lib/librknnrt.so' '--render-node=/dev/dri/renderD191'",
        'cdi = { libraryPaths = [ "/usr/lib/librknnrt.so" "/opt/lib/librknnrt.so" ]; '
        'renderNode = "/dev/dri/renderD191"; };',
    ),
    "other heaps": write(
        f"'--driver=rknpu' {VENDOR}{RENDER} '--dma-heap=system' '--dma-heap=linux,cma'",
        'cdi.dmaHeaps = [ "system" "linux,cma" ];',
    ),
    "no heaps": write(f"'--driver=rknpu' {VENDOR}{RENDER} --no-dma-heaps", "cdi.dmaHeaps = [ ];"),
    "extraNodes": write(
        f"'--driver=rknpu' {VENDOR}{RENDER} '--node=/dev/rga' '--node=/dev/mpp_service'",
        'cdi.extraNodes = [ "/dev/rga" "/dev/mpp_service" ];',
    ),
    "no group": write(
        f"'--driver=rknpu' {VENDOR}--without-gids {RENDER}", "cdi.additionalGids = false;"
    ),
    "device.group and readyTimeout": (
        (
            f"started (onWith {{ {CDI} device.group = ''npu''; readyTimeout = 3; }} "
            "[ { users.groups.npu = { }; } ])"
        ),
        WRITE.replace("10", "3").replace("render'", "npu'") + f"'--driver=rknpu' {VENDOR}{RENDER}",
    ),
    "it is removed where the unit stops": (
        f"said (unit (on {{ {CDI} }})).serviceConfig.ExecStop",
        REMOVE,
    ),
    "it starts by itself, before engines and after the nodes' owners are set": (
        (
            f"let u = unit (on {{ {CDI} }}); in [ u.wantedBy u.after u.before u.stopIfChanged "
            "u.unitConfig.ConditionPathExists u.serviceConfig.Type "
            "u.serviceConfig.RemainAfterExit ]"
        ),
        [
            ["multi-user.target"],
            ["rknn-udev.service"],
            ENGINES,
            False,
            "/proc/device-tree/compatible",
            "oneshot",
            True,
        ],
    ),
    "it is tried again, however often nodes come and go": (
        (
            f"let u = unit (on {{ {CDI} }}); in [ u.serviceConfig.Restart "
            "u.unitConfig.StartLimitIntervalSec ]"
        ),
        ["on-failure", 0],
    ),
    "others' specs stay": (
        (
            f"let s = (unit (on {{ {CDI} }})).serviceConfig; in "
            "[ s.RuntimeDirectory s.RuntimeDirectoryPreserve s.ProtectSystem (s ? DynamicUser) ]"
        ),
        [["cdi", "rknn"], True, "strict", False],
    ),
    "it has no privilege, and opens no node": (
        (
            f"let s = (unit (on {{ {CDI} }})).serviceConfig; in [ s.CapabilityBoundingSet "
            "s.NoNewPrivileges s.DevicePolicy (s ? DeviceAllow) s.RestrictAddressFamilies ]"
        ),
        ["", True, "closed", False, "none"],
    ),
    "it follows the nodes": (
        f"lines (on {{ {CDI} }})",
        RULES.format(mark=MARK, more="", command=RESTART),
    ),
    "it follows more nodes": (
        f'lines (on {{ {CDI} cdi.extraNodes = [ "/dev/rga" ]; }})',
        RULES.format(mark=MARK, more=f'ENV{{DEVNAME}}=="/dev/rga", {MARK}\n', command=RESTART),
    ),
    "nodes that are there when it is switched on are known": (
        (
            f"let c = on {{ {CDI} }}; in "
            "builtins.elem (lib.last c.services.udev.packages) "
            "c.systemd.services.rknn-udev.restartTriggers"
        ),
        True,
    ),
    "containers that are services come after it": (
        (
            f"(unit (onWith {{ {CDI} }} [ {{ virtualisation.oci-containers.containers.detector = "
            "{ image = ''rknn''; devices = [ ''rockchip.com/npu=all'' ]; }; } ])).before"
        ),
        [*ENGINES, "podman-detector.service"],
    ),
    "static: a file of the system, and no service": (
        (
            f"let c = on {{ {CDI} cdi.static = true; }}; in [ (failed c) (stops c) "
            "(c.systemd.services ? rknn-cdi) (map (p: p.name) c.services.udev.packages) "
            'c.environment.etc."cdi/rockchip.com-npu.json".source.name ]'
        ),
        [[], False, False, ["72-rknn.rules"], "rockchip.com-npu.json"],
    ),
    "podman reads what is written at boot": (
        (
            f"(onWith {{ {CDI} }} [ {{ virtualisation.podman.enable = true; }} ])"
            ".virtualisation.containers.containersConf.settings"
        ),
        {"engine": {"cdi_spec_dirs": FOLDERS}},
    ),
    "podman reads what a user says": (
        (
            f"(onWith {{ {CDI} }} [ {{ virtualisation = {{ podman.enable = true; "
            "containers.containersConf.settings.engine.cdi_spec_dirs = [ ''/run/cdi'' ]; }; } ])"
            ".virtualisation.containers.containersConf.settings.engine.cdi_spec_dirs"
        ),
        ["/run/cdi"],
    ),
    "docker has CDI on": (
        (
            f"(onWith {{ {CDI} }} [ {{ virtualisation.docker.enable = true; }} ])"
            ".virtualisation.docker.daemon.settings"
        ),
        {"features": {"cdi": True}},
    ),
    "docker has CDI off where a user says so": (
        (
            f"(onWith {{ {CDI} }} [ {{ virtualisation.docker = {{ enable = true; "
            "daemon.settings.features.cdi = false; }; } ]).virtualisation.docker.daemon.settings"
        ),
        {"features": {"cdi": False}},
    ),
    "containerd 1.7 has CDI on": (
        "(containerd ''1.7.28'').plugins",
        {"io.containerd.grpc.v1.cri": {"enable_cdi": True, "cdi_spec_dirs": FOLDERS}},
    ),
    "containerd 2 has it on by itself": (
        "containerd ''2.1.5''",
        {},
    ),
    "an engine that is off is told nothing": (
        (
            f"let v = (on {{ {CDI} }}).virtualisation; in [ v.docker.daemon.settings "
            "v.containers.containersConf.settings v.containerd.settings ]"
        ),
        [{}, {}, {}],
    ),
}


@pytest.fixture(scope="module")
def values(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    cases = {name: f"let {WORDS} in {text}" for name, (text, _) in VALUES.items()}
    return evaluated(nix, package_set, cases)


def without_hashes(value: Any) -> Any:  # noqa: ANN401  # whatever JSON holds
    """Return `value` with a word in place of the closure's file, whose name has a hash."""
    if isinstance(value, list):
        return [without_hashes(one) for one in value]
    if not isinstance(value, str):
        return value
    words = value.split(" ")
    return " ".join("CLOSURE" if is_closure(word) else word for word in words)


def is_closure(word: str) -> bool:
    return word.startswith("'--closure=/nix/store/") and word.endswith("/store-paths'")


@pytest.mark.parametrize("what", VALUES)
def test_spec(values: dict[str, dict[str, Any]], what: str) -> None:
    expected = VALUES[what][1]
    for style, found in values.items():
        assert without_hashes(found[what]) == expected, style
