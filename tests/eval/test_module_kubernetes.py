"""mySystem.rknn.kubernetes: the device plugin's service, its words and its folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_systems import evaluated

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

ON = "kubernetes.enable = true;"
KUBELET = "/var/lib/kubelet/device-plugins"
FEATURES = "/etc/kubernetes/node-feature-discovery/features.d"
SPEC = "'--cdi-spec=/run/cdi/rockchip.com-npu.json' "
START = f"PLUGIN/bin/rknn-device-plugin '--kubelet-dir={KUBELET}' {SPEC}'--driver=rknpu' "
LABELS = f"'--features={FEATURES}/rknn' '--runtime=VENDOR'"
TMPFILES = (
    f"'d' '{FEATURES}' ':0755' '-' '-' '-' \n"
    "'r' '/usr/lib/librknnrt.so' '-' '-' '-' '-' \n"
    "'d' '/var/lib/kubelet' ':0750' '-' '-' '-' \n"
    f"'d' '{KUBELET}' ':0750' '-' '-' '-' \n"
)
WORDS = """
  unit = config: config.systemd.services.rknn-device-plugin;
  started = config: builtins.replaceStrings
    (map out [ board.rknn.device-plugin board.rknn.simulator board.rknn.runtime.vendorLibrary ])
    [ "PLUGIN" "SIMULATOR" "VENDOR" ] (text (unit config).serviceConfig.ExecStart);
  kubernetes = settings: on { kubernetes = { enable = true; } // settings; };
"""

VALUES: dict[str, tuple[str, object]] = {
    "by default there is none": (
        (
            "let c = onWith { cdi.enable = true; } [ { services.k3s.enable = true; } ]; in "
            "[ (c.systemd.services ? rknn-device-plugin) (tmpfiles c) ]"
        ),
        [False, "'r' '/usr/lib/librknnrt.so' '-' '-' '-' '-' \n"],
    ),
    "nothing fails": (
        f"let c = on {{ {ON} }}; in [ (failed c) c.warnings (stops c) ]",
        [[], [], False],
    ),
    "pods get the NPU by CDI": (
        f"let c = on {{ {ON} }}; in [ c.mySystem.rknn.cdi.enable (c.systemd.services ? rknn-cdi) ]",
        [True, True],
    ),
    "defaults": ("started (kubernetes { })", f"{START}'--pods-per-core=1' {LABELS}"),
    "podsPerCore": (
        "started (kubernetes { podsPerCore = 4; })",
        f"{START}'--pods-per-core=4' {LABELS}",
    ),
    "kubeletDirectory": (
        (
            "let c = kubernetes { kubeletDirectory = ''/srv/kubelet/plugins''; }; in [ (started c) "
            "(unit c).serviceConfig.ReadWritePaths (unit c).unitConfig.RequiresMountsFor "
            "(lib.hasInfix ''/srv/kubelet/plugins'' (tmpfiles c)) ]"
        ),
        [
            f"{START}'--pods-per-core=1' {LABELS}".replace(KUBELET, "/srv/kubelet/plugins"),
            ["/srv/kubelet/plugins", f"-{FEATURES}"],
            "/srv/kubelet/plugins",
            True,
        ],
    ),
    "nodeFeatures": (
        (
            "let c = kubernetes { nodeFeatures = false; }; in [ (started c) "
            "(unit c).serviceConfig.ReadWritePaths (lib.hasInfix ''features'' (tmpfiles c)) ]"
        ),
        [f"{START}'--pods-per-core=1' '--runtime=VENDOR'", [KUBELET], False],
    ),
    "without a library there is no version of it to tell": (
        (
            "let c = on { kubernetes.enable = true; cdi.library = ''none''; enableRuntime = false; "
            "enableToolkitLite = false; enableTools = false; runtimePackage = planted ''r''; }; in "
            "started c"
        ),
        f"{START}'--pods-per-core=1' '--features={FEATURES}/rknn'",
    ),
    "this system's library": (
        "started (on { kubernetes.enable = true; runtimePackage = board.rknn.simulator; })",
        (
            f"{START}'--pods-per-core=1' '--features={FEATURES}/rknn' "
            "'--runtime=SIMULATOR/lib/librknnrt.so'"
        ),
    ),
    "a static spec": (
        f"let c = on {{ {ON} cdi.static = true; }}; in [ (started c) (failed c) ]",
        [f"{START}'--pods-per-core=1' {LABELS}".replace("/run/cdi", "/etc/cdi"), []],
    ),
    "k3s has a containerd of its own": (
        (
            f"started (onWith {{ {ON} }} [ {{ services.k3s.enable = true; "
            "virtualisation.docker.enable = true; } ])"
        ),
        (
            f"{START}'--pods-per-core=1' {LABELS} "
            "'--runtime-endpoint=unix:///run/k3s/containerd/containerd.sock'"
        ),
    ),
    "NixOS's containerd": (
        (
            "started (evaluate { pkgs = board // { containerd.version = ''2.1.5''; }; modules = [ "
            f"{{ mySystem.rknn = {{ enable = true; {ON} }}; "
            "virtualisation.containerd.enable = true; } ]; })"
        ),
        (
            f"{START}'--pods-per-core=1' {LABELS} "
            "'--runtime-endpoint=unix:///run/containerd/containerd.sock'"
        ),
    ),
    "another runtime": (
        "started (kubernetes { runtimeEndpoint = ''unix:///run/crio/crio.sock''; })",
        f"{START}'--pods-per-core=1' {LABELS} '--runtime-endpoint=unix:///run/crio/crio.sock'",
    ),
    "its folders are there before the kubelet is": (
        f"tmpfiles (on {{ {ON} }})",
        TMPFILES,
    ),
    "it starts by itself, after the spec, and again whenever it ends": (
        (
            f"let u = unit (on {{ {ON} }}); in [ u.wantedBy u.after u.stopIfChanged "
            "u.serviceConfig.Restart u.unitConfig.StartLimitIntervalSec ]"
        ),
        [["multi-user.target"], ["rknn-cdi.service"], False, "always", 0],
    ),
    "it has no privilege, no device and no network": (
        (
            f"let s = (unit (on {{ {ON} }})).serviceConfig; in [ s.CapabilityBoundingSet "
            "s.NoNewPrivileges s.ProtectSystem s.DevicePolicy (s ? DeviceAllow) s.PrivateNetwork "
            "s.RestrictAddressFamilies ]"
        ),
        ["", True, "strict", "closed", False, True, "AF_UNIX"],
    ),
}


@pytest.fixture(scope="module")
def values(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    cases = {name: f"let {WORDS} in {text}" for name, (text, _) in VALUES.items()}
    return evaluated(nix, package_set, cases)


@pytest.mark.parametrize("what", VALUES)
def test_device_plugin(values: dict[str, dict[str, Any]], what: str) -> None:
    expected = VALUES[what][1]
    for style, found in values.items():
        assert found[what] == expected, style
