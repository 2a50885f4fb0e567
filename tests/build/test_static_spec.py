"""mySystem.rknn.cdi.static: the spec that is part of the system, as Nix builds it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from module_systems import expression
from rknn_flake.errors import CommandError
from rknn_flake.nix import HOSTPKGS

if TYPE_CHECKING:
    from cdi_engine import Engine
    from rknn_flake.nix import Nix

pytest_plugins = ["unit.cdi_engine_fixtures"]

pytestmark = pytest.mark.nix

SOURCE = '.environment.etc."cdi/rockchip.com-npu.json".source'
# rknn-cdi, but for what it writes.
FAULTY = """
(checked // { buildPackages = checked // { rknn = checked.rknn // { cdi =
  checked.runCommand "rknn-cdi" { meta.mainProgram = "rknn-cdi"; } ''
    mkdir -p $out/bin
    cat >$out/bin/rknn-cdi <<'END'
    #!/bin/sh
    if [ "$1" = static ]; then echo '{ "cdiVersion": "0.7.0" }' >"''${2#--output=}"; exit; fi
    exec ${lib.getExe checked.rknn.cdi} "$@"
    END
    chmod +x $out/bin/rknn-cdi
  ''; }; }; })
"""


# With CDI's schema as Debian has it.
CHECKED = """
(board.extend (_: prev: { rknn = prev.rknn.overrideScope (_: old: {
  sources = old.sources.override {
    fetchurl = { name, hash, ... }: builtins.path {
      inherit name;
      recursive = false;
      sha256 = hash;
      path = FOLDER + "/${name}";
    };
  };
}); }))
"""


Built = Callable[..., dict[str, Any]]


@pytest.fixture
def built(nix: Nix, engine: Engine) -> Built:
    """Return what makes the spec for some settings."""
    checked = CHECKED.replace("FOLDER", str(engine.folder))

    def build(settings: str = "", pkgs: str = "checked") -> dict[str, Any]:
        case = (
            f"{{ source = (evaluate {{ pkgs = let checked = {checked}; in {pkgs}; modules = [ {{ "
            "mySystem.rknn = { enable = true; cdi.enable = true; cdi.static = true; "
            f"runtimePackage = board.rknn.simulator; {settings} }}; }} ]; }}){SOURCE}; }}"
        )
        text = expression(HOSTPKGS, "let inherit (styled false) source; in source", case)
        made = nix.physical(nix.build_expression(text)["out"])
        spec: dict[str, Any] = json.loads(made.read_text())
        return spec

    return build


def nodes(spec: dict[str, Any]) -> dict[str, str]:
    return {node["path"]: node["hostPath"] for node in spec["containerEdits"]["deviceNodes"]}


@pytest.mark.parametrize(("soc", "cores"), [("rk3566", 1), ("rk3576", 2), ("rk3588", 3)])
def test_a_device_for_each_core(built: Built, soc: str, cores: int) -> None:
    spec = built(f'soc = "{soc}";')
    assert spec["kind"] == "rockchip.com/npu"
    names = [device["name"] for device in spec["devices"]]
    assert names == ["all", *(f"core{number}" for number in range(cores))]


def test_its_nodes_and_group_are_fixed(built: Built) -> None:
    spec = built()
    assert nodes(spec) == {
        "/dev/rknpu": "/dev/rknpu",
        "/dev/dma_heap/system": "/dev/dma_heap/system",
        "/dev/dri/renderD129": "/dev/null",
    }
    assert spec["containerEdits"]["additionalGids"] == [303]
    assert {node["gid"] for node in spec["containerEdits"]["deviceNodes"]} == {303}


def test_options_reach_it(built: Built) -> None:
    spec = built(
        'cdi.extraNodes = [ "/dev/rga" ]; cdi.dmaHeaps = [ ]; cdi.additionalGids = false; '
        'cdi.renderNode = "/dev/dri/renderD128"; cdi.library = "none";',
    )
    assert nodes(spec) == {
        "/dev/rknpu": "/dev/rknpu",
        "/dev/dri/renderD128": "/dev/null",
        "/dev/rga": "/dev/rga",
    }
    assert "additionalGids" not in spec["containerEdits"]
    assert [m["containerPath"] for m in spec["containerEdits"]["mounts"]] == [
        "/run/rknn/compatible"
    ]


def test_the_library_comes_with_what_it_needs(nix: Nix, built: Built) -> None:
    mounts = built()["containerEdits"]["mounts"]
    outside = {mount["containerPath"]: mount["hostPath"] for mount in mounts}
    library = outside["/usr/lib/librknnrt.so"]
    assert set(nix.closure(library.removesuffix("/lib/librknnrt.so"))) <= set(outside), outside
    assert nix.physical(library).is_file()


def test_the_soc_is_a_file_as_the_device_tree_has_it(nix: Nix, built: Built) -> None:
    mounts = built('soc = "rk3576";')["containerEdits"]["mounts"]
    [copy] = [m["hostPath"] for m in mounts if m["containerPath"] == "/run/rknn/compatible"]
    assert nix.physical(copy).read_bytes() == b"rockchip,rk3576\0"


def test_a_spec_against_the_rules_stops_the_build(built: Built) -> None:
    with pytest.raises(CommandError) as caught:
        built(pkgs=FAULTY)
    assert "rockchip.com-npu.json: " in str(caught.value), caught.value
