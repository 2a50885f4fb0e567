"""The infrastructure flake of docs/integration works as it stands, with this flake as its input."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from rknn_flake.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

INTEGRATION = PROJECT / "docs" / "integration"

# Flakes as Nix calls them: outputs get their inputs, and are an input with the folder's path.
FLAKES = """
let
  called = folder: inputs:
    let self = (import (folder + "/flake.nix")).outputs (inputs // { inherit self; })
      // { outPath = toString folder; inherit inputs; };
    in self;
  nixpkgs = called PACKAGE_SET { };
  rknn = called PROJECT { inherit nixpkgs; };
  kernel.overlays.default = final: _: {
    linuxPackages_rockchip = lib.makeScope final.newScope (_: {
      kernel = { version = "6.1.115"; src.urls = [ "https://github.com/x/linux.tar.gz" ]; };
    });
    # nixpkgs has it.
    linuxPackages_6_18 = lib.makeScope final.newScope (_: {
      kernel = {
        version = "6.18.5";
        modDirVersion = "6.18.5";
        dev = final.hello-npu;
        src.urls = [ "mirror://kernel/linux-6.18.5.tar.xz" ];
        moduleBuildDependencies = [ ];
      };
      kernelModuleMakeFlags = [ ];
    });
  };
  hosts = (called INTEGRATION { inherit nixpkgs rknn kernel; }).nixosConfigurations;
  inherit (nixpkgs) lib;
  failed = config: map (a: a.message) (builtins.filter (a: !a.assertion) config.assertions);
  names = map (p: p.pname or p.name);
in
"""


def found(nix: Nix, package_set: Path, text: str) -> Any:  # noqa: ANN401  # whatever JSON holds
    return nix.eval_expression(
        (FLAKES + text)
        .replace("PACKAGE_SET", str(package_set))
        .replace("INTEGRATION", str(INTEGRATION))
        .replace("PROJECT", str(PROJECT))
    )


def test_every_host_is_a_system(nix: Nix, package_set: Path) -> None:
    systems = found(
        nix, package_set, "builtins.mapAttrs (_: h: h.config.system.build.toplevel.name) hosts"
    )
    hosts = ("opi01", "opi02", "opi03", "opi04", "opi05", "raccoon00", "shadowfax")
    assert systems == {name: f"nixos-system-{name}" for name in hosts}


def test_the_board_has_the_npu(nix: Nix, package_set: Path) -> None:
    board = found(
        nix,
        package_set,
        """with hosts.opi01; {
          failed = failed config;
          inherit (config.mySystem.rknn) soc driver;
          inherit (config.boot) kernelModules;
          members = config.users.groups.render.members;
          packages = names config.environment.systemPackages;
          rules = names config.services.udev.packages;
          after = config.systemd.services.detector.after;
          python = config.systemd.services.detector.serviceConfig.ExecStart
            == "${config.mySystem.rknn.python}/bin/python3 /var/lib/detector/detect.py";
          hello = pkgs.hello-npu.text;
        }""",
    )
    assert board == {
        "failed": [],
        "soc": "rk3588",
        "driver": "kernel",
        "kernelModules": ["ledtrig-netdev", "rknpu"],
        "members": ["operator"],
        "packages": ["rknn-runtime", "rknn-python", "rknn-tools"],
        "rules": ["72-rknn.rules"],
        "after": ["rknn-ready.service"],
        "python": True,
        "hello": "2.3.2",
    }


def test_a_fleet_mixes_drivers(nix: Nix, package_set: Path) -> None:
    boards = found(
        nix,
        package_set,
        """map (host: with hosts.${host}.config; [
          boot.kernelModules (names boot.extraModulePackages)
          (map (overlay: overlay.name) hardware.deviceTree.overlays)
          (names environment.systemPackages) (builtins.length warnings)
        ]) [ "opi02" "opi03" ]""",
    )
    assert boards == [
        [
            ["rknpu"],
            ["rknpu"],
            ["rknpu-orangepi-5-plus"],
            ["rknn-runtime", "rknn-python", "rknn-tools"],
            1,
        ],
        [["rocket"], [], [], ["rknn-ready"], 0],
    ]


def test_containers_get_the_npu_by_its_name(nix: Nix, package_set: Path) -> None:
    """As a service and as a quadlet, on the image of this flake, and nothing they could do more."""
    board = found(
        nix,
        package_set,
        """with hosts.opi04; with config.virtualisation; let
          container = oci-containers.containers.detector;
          quadlet = config.environment.etc."containers/systemd/counter.container".text;
          lines = lib.splitString "\\n" (builtins.unsafeDiscardStringContext quadlet);
        in {
          failed = failed config;
          inherit (container) image devices;
          is = container.imageFile == pkgs.rknn.oci-image;
          quadlet = builtins.filter (lib.hasPrefix "AddDevice") lines;
          privilege = builtins.filter (option: lib.hasInfix "privileged" option)
            (container.extraOptions ++ lines);
          before = builtins.elem "podman-detector.service" config.systemd.services.rknn-cdi.before;
          reads = containers.containersConf.settings.engine.cdi_spec_dirs;
        }""",
    )
    assert board == {
        "failed": [],
        "image": "rknn:2.3.2",
        "devices": ["rockchip.com/npu=all"],
        "is": True,
        "quadlet": ["AddDevice=rockchip.com/npu=core1"],
        "privilege": [],
        "before": True,
        "reads": ["/etc/cdi", "/var/run/cdi"],
    }


def test_a_k3s_node_offers_the_npu(nix: Nix, package_set: Path) -> None:
    node = found(
        nix,
        package_set,
        """with hosts.opi05; {
          failed = failed config;
          units = builtins.filter (lib.hasPrefix "rknn-")
            (builtins.attrNames config.systemd.services);
          runtime = config.mySystem.rknn.kubernetes.runtimeEndpoint;
          images = map (image: image.drvPath == pkgs.rknn.oci-image.drvPath)
            config.services.k3s.images;
        }""",
    )
    assert node == {
        "failed": [],
        "units": ["rknn-cdi", "rknn-device-plugin", "rknn-ready", "rknn-udev"],
        "runtime": "unix:///run/k3s/containerd/containerd.sock",
        "images": [True],
    }


@pytest.mark.parametrize("host", ["raccoon00", "shadowfax"])
def test_other_hosts_have_nothing_of_it(nix: Nix, package_set: Path, host: str) -> None:
    other = found(
        nix,
        package_set,
        f"with hosts.{host}.config; [ mySystem.rknn.enable environment.systemPackages "
        "boot.kernelModules services.udev.packages (builtins.attrNames systemd.services) ]",
    )
    assert other == [False, [], [], [], []]


def test_the_role_on_a_pc_is_refused(nix: Nix, package_set: Path) -> None:
    messages = found(
        nix,
        package_set,
        "failed (hosts.shadowfax.extendModules { modules = [ INTEGRATION/role-npu-worker.nix ]; })"
        ".config",
    )
    assert len(messages) == 1, messages
    assert "this configuration is for x86_64-linux" in messages[0]


def test_the_readme_is_a_system(nix: Nix, package_set: Path, tmp_path: Path) -> None:
    """Its flake, with a kernel of Rockchip's where the reader has to have one."""
    blocks = re.findall(r"(?s)```nix\n(.*?)```", (PROJECT / "README.md").read_text())
    [flake] = [text for text in blocks if "nixosConfigurations" in text]
    (tmp_path / "flake.nix").write_text(flake)
    (tmp_path / "linux-rockchip.nix").write_text('{ }: { version = "6.1.115"; }')
    board = found(
        nix,
        package_set,
        f"""let
          hosts = (called {tmp_path} {{ inherit nixpkgs rknn; }}).nixosConfigurations;
          c = hosts.board.config;
        in [ (failed c) c.mySystem.rknn.soc c.users.groups.render.members
             c.system.build.toplevel.name ]""",
    )
    assert board == [[], "rk3588", ["alice"], "nixos-system-nixos"]


def test_the_role_is_two_lines() -> None:
    role = (INTEGRATION / "role-npu-worker.nix").read_text()
    settings = [line for line in role.splitlines() if line.strip().endswith(";")]
    assert len(settings) == 2, settings


def test_overlays_in_any_order_give_the_same_board(nix: Nix, package_set: Path) -> None:
    """Values of a set come in the order of its names, which nobody chose."""
    same = found(
        nix,
        package_set,
        """let
          inputs = { inherit rknn kernel; };
          overlays = builtins.attrValues (import INTEGRATION/overlays.nix { inherit inputs; });
          runtime = overlays: (import nixpkgs {
            system = "aarch64-linux"; config.allowUnfree = true; inherit overlays;
          }).rknn.runtime.drvPath;
          reversed = map (builtins.elemAt overlays) [ 2 1 0 ];
          twice = overlays ++ overlays;
        in runtime overlays == runtime reversed && runtime overlays == runtime twice""",
    )
    assert same is True


def test_the_flake_offers_the_module_under_both_names(nix: Nix, package_set: Path) -> None:
    assert found(nix, package_set, "rknn.nixosModules.default == rknn.nixosModules.rknn") is True
