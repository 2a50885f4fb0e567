"""mySystem.rknn.cdi.static: the spec that is part of the system, as Nix builds it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from module_systems import expression
from rknn_flake.errors import CommandError
from rknn_flake.nix import HOSTPKGS

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

SOURCE = '.environment.etc."cdi/rockchip.com-npu.json".source'
# rknn-cdi, but for what it writes.
FAULTY = """
(board // { buildPackages = board // { rknn = board.rknn // { cdi =
  board.runCommand "rknn-cdi" { meta.mainProgram = "rknn-cdi"; } ''
    mkdir -p $out/bin
    cat >$out/bin/rknn-cdi <<'END'
    #!/bin/sh
    if [ "$1" = static ]; then echo '{ "cdiVersion": "0.7.0" }' >"''${2#--output=}"; exit; fi
    exec ${lib.getExe board.rknn.cdi} "$@"
    END
    chmod +x $out/bin/rknn-cdi
  ''; }; }; })
"""


def built(nix: Nix, settings: str = "", pkgs: str = "board") -> dict[str, Any]:
    """Return the spec for these settings."""
    case = (
        f"{{ source = (evaluate {{ pkgs = {pkgs}; modules = [ {{ mySystem.rknn = {{ enable = true; "
        "cdi.enable = true; cdi.static = true; runtimePackage = board.rknn.simulator; "
        f"{settings} }}; }} ]; }}){SOURCE}; }}"
    )
    text = expression(HOSTPKGS, "let inherit (styled false) source; in source", case)
    spec: dict[str, Any] = json.loads(nix.physical(nix.build_expression(text)["out"]).read_text())
    return spec


def nodes(spec: dict[str, Any]) -> dict[str, str]:
    return {node["path"]: node["hostPath"] for node in spec["containerEdits"]["deviceNodes"]}


@pytest.mark.parametrize(("soc", "cores"), [("rk3566", 1), ("rk3576", 2), ("rk3588", 3)])
def test_a_device_for_each_core(nix: Nix, soc: str, cores: int) -> None:
    spec = built(nix, f'soc = "{soc}";')
    assert spec["kind"] == "rockchip.com/npu"
    names = [device["name"] for device in spec["devices"]]
    assert names == ["all", *(f"core{number}" for number in range(cores))]


def test_its_nodes_and_group_are_fixed(nix: Nix) -> None:
    spec = built(nix)
    assert nodes(spec) == {
        "/dev/rknpu": "/dev/rknpu",
        "/dev/dma_heap/system": "/dev/dma_heap/system",
        "/dev/dri/renderD129": "/dev/null",
    }
    assert spec["containerEdits"]["additionalGids"] == [303]
    assert {node["gid"] for node in spec["containerEdits"]["deviceNodes"]} == {303}


def test_options_reach_it(nix: Nix) -> None:
    spec = built(
        nix,
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


def test_the_library_comes_with_what_it_needs(nix: Nix) -> None:
    mounts = built(nix)["containerEdits"]["mounts"]
    outside = {mount["containerPath"]: mount["hostPath"] for mount in mounts}
    library = outside["/usr/lib/librknnrt.so"]
    assert set(nix.closure(library.removesuffix("/lib/librknnrt.so"))) <= set(outside), outside
    assert nix.physical(library).is_file()


def test_the_soc_is_a_file_as_the_device_tree_has_it(nix: Nix) -> None:
    mounts = built(nix, 'soc = "rk3576";')["containerEdits"]["mounts"]
    [copy] = [m["hostPath"] for m in mounts if m["containerPath"] == "/run/rknn/compatible"]
    assert nix.physical(copy).read_bytes() == b"rockchip,rk3576\0"


def test_a_spec_against_the_rules_stops_the_build(nix: Nix) -> None:
    with pytest.raises(CommandError) as caught:
        built(nix, pkgs=FAULTY)
    assert "rockchip.com-npu.json: " in str(caught.value), caught.value
