"""Containers that could not have the NPU stop the system, word for word why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from module_expressions import said
from module_systems import evaluated, expression, refusals

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

CDI = "cdi.enable = true;"
OLD = (
    "cdi.enable is true, and virtualisation.{engine} is {version}, which has no CDI: it takes "
    "{reads}; write a newer package, or cdi.enable = false"
)
OLD_GROUP = (
    "cdi.additionalGids is true, and virtualisation.{engine} is {version}, which reads no spec "
    "with a group in it: it takes {reads}; write a newer package, or cdi.additionalGids = false"
)
K3S = (
    "kubernetes.enable is true, and services.k3s.package is {version}, whose containerd has CDI "
    "off: it takes {reads}; write a newer package, or services.k3s.containerdConfigTemplate with "
    "enable_cdi = true"
)
NUMBERED = (
    "cdi.extraNodes has {nodes}: the NPU's own nodes are found, and others below /dev/dri get "
    "their numbers at boot; take that out"
)


def engine(name: str, version: str, settings: str = "") -> str:
    """Return a configuration with an engine of that version."""
    if name == "containerd":
        return (
            f"evaluate {{ pkgs = board // {{ containerd.version = ''{version}''; }}; modules = [ "
            f"{{ mySystem.rknn = {{ enable = true; {CDI} {settings} }}; "
            "virtualisation.containerd.enable = true; } ]; }"
        )
    return (
        f"onWith {{ {CDI} {settings} }} [ {{ virtualisation.{name} = {{ enable = true; "
        f"package = board.git // {{ version = ''{version}''; }}; }}; }} ]"
    )


def k3s(version: str, more: str = "", settings: str = "kubernetes.enable = true;") -> str:
    """Return a configuration with k3s of that version."""
    return (
        f"onWith {{ {settings} }} [ {{ services.k3s = {{ enable = true; "
        f"package = board.git // {{ version = ''{version}''; }}; {more} }}; }} ]"
    )


def old(name: str, version: str, reads: str, words: str = OLD) -> tuple[str, list[str]]:
    """Return a case: an engine that is too old."""
    return engine(name, version), [words.format(engine=name, version=version, reads=reads)]


# A configuration, and the messages it fails with, without "mySystem.rknn: ".
CASES: dict[str, tuple[str, list[str]]] = {
    "docker without CDI": old("docker", "24.0.9", "25.0"),
    "docker without groups": old("docker", "25.0.14", "26.1.4", OLD_GROUP),
    "docker without groups, for a spec without": (
        engine("docker", "25.0.14", "cdi.additionalGids = false;"),
        [],
    ),
    "docker with groups": (engine("docker", "26.1.4"), []),
    "podman without CDI": old("podman", "4.0.3", "4.1"),
    "podman without groups": old("podman", "4.9.3", "5.1", OLD_GROUP),
    "podman without groups, for a spec without": (
        engine("podman", "4.9.3", "cdi.additionalGids = false;"),
        [],
    ),
    "podman with groups": (engine("podman", "5.1.0"), []),
    "containerd without CDI": old("containerd", "1.6.38", "1.7"),
    "containerd without groups": old("containerd", "1.7.2", "1.7.17", OLD_GROUP),
    "containerd with groups": (engine("containerd", "1.7.28"), []),
    "containerd 2": (engine("containerd", "2.1.5"), []),
    "an old engine, of containers without the NPU": (
        (
            "onWith { } [ { virtualisation.docker = { enable = true; "
            "package = board.git // { version = ''20.10.25''; }; }; } ]"
        ),
        [],
    ),
    "an old engine that is off": (
        f"onWith {{ {CDI} }} [ {{ virtualisation.docker.package = planted ''d''; }} ]",
        [],
    ),
    "rocket, and the library for rknpu": (
        f"onMainline {{ {CDI} driver = ''mainline''; cdi.library = ''store''; }}",
        [
            (
                'cdi.library is "store", and driver is "mainline", whose rocket librknnrt can\'t '
                "use; take cdi.library out"
            )
        ],
    ),
    "the vendor's file of a runtime that is not the vendor's": (
        (
            f"on {{ {CDI} cdi.library = ''vendor''; kubernetes.enable = true; "
            "runtimePackage = board.rknn.simulator; }"
        ),
        [
            (
                'cdi.library is "vendor", and rknn-simulator-2.3.2 has no vendorLibrary, which is '
                'the file as Rockchip ships it; write cdi.library = "store"'
            )
        ],
    ),
    "a SoC that the runtime is not for, for containers alone": (
        (
            f"on {{ {CDI} soc = ''rk3576''; enableRuntime = false; enableToolkitLite = false; "
            "enableTools = false; runtimePackage = board.rknn.runtime // "
            "{ socs = [ ''rk3566'' ''rk3588'' ]; }; }"
        ),
        [
            (
                "soc is rk3576, and rknn-runtime-2.3.2 is for rk3566, rk3588; "
                'write another runtimePackage, or cdi.library = "none"'
            )
        ],
    ),
    "a SoC that the runtime is not for, said once": (
        (
            f"on {{ {CDI} soc = ''rk3576''; runtimePackage = board.rknn.runtime // "
            "{ socs = [ ''rk3566'' ''rk3588'' ]; }; }"
        ),
        [
            (
                "soc is rk3576, and rknn-runtime-2.3.2 is for rk3566, rk3588; "
                "write another runtimePackage"
            )
        ],
    ),
    "a library that goes nowhere": (
        f"on {{ {CDI} cdi.libraryPaths = [ ]; }}",
        [
            (
                'cdi.library is "vendor", and cdi.libraryPaths says no place for it; write one, or '
                'cdi.library = "none"'
            )
        ],
    ),
    "no library, and nowhere for it": (
        f"on {{ {CDI} cdi.libraryPaths = [ ]; cdi.library = ''none''; }}",
        [],
    ),
    "a card by its number": (
        f"on {{ {CDI} cdi.extraNodes = [ ''/dev/rga'' ''/dev/dri/card1'' ''/dev/rknpu'' ]; }}",
        [NUMBERED.format(nodes="/dev/dri/card1, /dev/rknpu")],
    ),
    "static, and a driver whose nodes have numbers": (
        f"onMainline {{ {CDI} driver = ''module''; cdi.static = true; }}",
        [
            (
                'cdi.static is true, and driver is "module", whose nodes get their numbers at '
                "boot; take cdi.static out"
            )
        ],
    ),
    "static, and rocket": (
        f"onMainline {{ {CDI} driver = ''mainline''; cdi.static = true; }}",
        [
            (
                'cdi.static is true, and driver is "mainline", whose nodes get their numbers at '
                "boot; take cdi.static out"
            )
        ],
    ),
    "static, and somebody else's driver": (
        f"on {{ {CDI} driver = ''none''; cdi.static = true; }}",
        [],
    ),
    "static, and a group without a number": (
        (
            f"onWith {{ {CDI} cdi.static = true; device.group = ''npu''; }} "
            "[ { users.groups.npu = { }; } ]"
        ),
        [
            (
                "cdi.static is true, and the spec has to name the number of group npu, which "
                "nobody has set; write users.groups.npu.gid, or take cdi.static out"
            )
        ],
    ),
    "static, and a group with a number": (
        (
            f"onWith {{ {CDI} cdi.static = true; device.group = ''npu''; }} "
            "[ { users.groups.npu.gid = 900; } ]"
        ),
        [],
    ),
    "written at boot, and a group without a number": (
        f"onWith {{ {CDI} device.group = ''npu''; }} [ {{ users.groups.npu = {{ }}; }} ]",
        [],
    ),
    "Kubernetes without CDI": (
        "on { kubernetes.enable = true; cdi.enable = false; }",
        [
            (
                "kubernetes.enable is true, and cdi.enable is false, by which pods get the NPU; "
                "take cdi.enable out"
            )
        ],
    ),
    "Kubernetes and rocket": (
        "onMainline { kubernetes.enable = true; driver = ''mainline''; }",
        [
            (
                'kubernetes.enable is true, and driver is "mainline", whose rocket shares out the '
                "cores itself; take kubernetes.enable out, or write another driver"
            )
        ],
    ),
    "k3s of before containerd 2": (
        k3s("1.31.5+k3s1"),
        [K3S.format(version="1.31.5+k3s1", reads="1.31.6")],
    ),
    "k3s 1.32 of before containerd 2": (
        k3s("1.32.1+k3s1"),
        [K3S.format(version="1.32.1+k3s1", reads="1.32.2")],
    ),
    "k3s of before containerd 2, told to": (
        k3s("1.31.5+k3s1", "containerdConfigTemplate = ''enable_cdi = true'';"),
        [],
    ),
    "k3s 1.31 with containerd 2": (k3s("1.31.6+k3s1"), []),
    "k3s 1.32 with containerd 2": (k3s("1.32.2+k3s1"), []),
    "k3s 1.35": (k3s("1.35.2+k3s1"), []),
    "k3s of before containerd 2, without the plugin": (k3s("1.30.4+k3s1", settings=CDI), []),
}
# Values that no option takes.
REFUSED = {
    "a path in no folder": "cdi.libraryPaths = [ ''librknnrt.so'' ];",
    "a path that leads up": "cdi.libraryPaths = [ ''/usr/../etc/x'' ];",
    "a path with a space": "cdi.libraryPaths = [ ''/usr/a b'' ];",
    "another kind of node": "cdi.renderNode = ''/dev/dri/card1'';",
    "a number that no render node has": "cdi.renderNode = ''/dev/dri/renderD1'';",
    "a node outside of /dev": "cdi.extraNodes = [ ''/etc/passwd'' ];",
    "all of /dev": "cdi.extraNodes = [ ''/dev'' ];",
    "a heap by its path": "cdi.dmaHeaps = [ ''/dev/dma_heap/system'' ];",
    "another library": "cdi.library = ''mine'';",
    "nobody on a core": "kubernetes.podsPerCore = 0;",
    "a folder that is none": "kubernetes.kubeletDirectory = ''device-plugins'';",
    "a socket of the network": "kubernetes.runtimeEndpoint = ''tcp://localhost:1'';",
}


@pytest.fixture(scope="module")
def found(nix: Nix, package_set: Path) -> dict[str, dict[str, Any]]:
    return evaluated(nix, package_set, refusals(CASES))


@pytest.mark.parametrize("what", CASES)
def test_guard(found: dict[str, dict[str, Any]], what: str) -> None:
    messages = [f"mySystem.rknn: {message}" for message in CASES[what][1]]
    for style, cases in found.items():
        assert cases[what] == [messages, bool(messages)], style


@pytest.mark.parametrize("what", REFUSED)
def test_refused(nix: Nix, package_set: Path, what: str) -> None:
    option = REFUSED[what].split(" =")[0]
    text = expression(
        package_set,
        "let inherit (styled true) value; in value",
        f"{{ value = (on {{ {REFUSED[what]} }}).mySystem.rknn.{option}; }}",
    )
    assert "is not of type" in (words := said(nix, text)), words
    assert f"mySystem.rknn.{option}" in words, words


def test_while_it_is_off_nothing_is_looked_at(nix: Nix, package_set: Path) -> None:
    text = (
        "(failed (evaluate { modules = [ { mySystem.rknn = { cdi.enable = true; "
        "kubernetes.enable = true; }; virtualisation.docker = { enable = true; "
        "package = planted ''d''; }; } ]; }))"
    )
    assert evaluated(nix, package_set, {"off": text})["sets"]["off"] == []
