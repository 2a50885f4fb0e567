"""The converter is there for each Python, machine and release that Rockchip has a wheel for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from expressions import pkgs_expression
from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from pathlib import Path

    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

SYSTEMS = ("aarch64-linux", "x86_64-linux")


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("release", ["2.3.0", "2.3.2", "2.5.0"])
@pytest.mark.parametrize("python", ["311", "312"])
def test_the_wheel_is_that_of_python_machine_and_release(
    evaluator: Nix, system: str, release: str, python: str
) -> None:
    made = evaluator.eval(
        f"legacyPackages.{system}.python{python}Packages.rknn-toolkit2",
        "--apply",
        f'p: let t = p.override {{ release = "{release}"; }}; in [ t.src.name t.drvPath ]',
    )
    assert f"-{release}-cp{python}-" in made[0]
    assert system.removesuffix("-linux") in made[0]
    assert made[1].endswith(f"-rknn-toolkit2-{release}.drv")


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_default_is_the_runtimes_release_on_python_312(evaluator: Nix, system: str) -> None:
    pkgs = f"legacyPackages.{system}"
    default = evaluator.eval(f"packages.{system}.rknn-toolkit.drvPath")
    assert default == evaluator.eval(f"{pkgs}.rknn.toolkit_2_3_2.drvPath")
    assert default == evaluator.eval(f"{pkgs}.python312Packages.rknn-toolkit2.drvPath")


def test_a_python_without_a_wheel_is_refused_with_what_to_use(evaluator: Nix) -> None:
    with pytest.raises(CommandError) as caught:
        evaluator.eval("legacyPackages.x86_64-linux.python313Packages.rknn-toolkit2.drvPath")
    message = str(caught.value)
    assert "rknn-toolkit2 2.3.2: Rockchip has no wheel for cpython 3.13" in message
    assert "use python312Packages.rknn-toolkit2" in message


def test_a_machine_without_a_wheel_is_refused_by_name(nix: Nix, package_set: Path) -> None:
    riscv = pkgs_expression(package_set, system="x86_64-linux").replace(
        "config.allowUnfree", 'crossSystem = "riscv64-linux"; config.allowUnfree'
    )
    with pytest.raises(CommandError) as caught:
        nix.eval_expression(f"({riscv}).python312Packages.rknn-toolkit2.drvPath")
    assert "Rockchip has no wheel for riscv64" in str(caught.value)


def test_a_release_that_is_not_there_is_refused_by_name(evaluator: Nix) -> None:
    with pytest.raises(CommandError) as caught:
        evaluator.eval(
            "legacyPackages.x86_64-linux.rknn",
            "--apply",
            'r: (r.toolkit.override { release = "9.9"; }).drvPath',
        )
    assert "sources.toml: no release 9.9; there are 2.3.0, 2.3.2, 2.5.0" in str(caught.value)


def dependencies(nix: Nix, package_set: Path, torch: str) -> tuple[list[str], list[str]]:
    """Return what the package needs, and what its wheel is to do without."""
    needs, without = nix.eval_expression(
        f"""
        let
          p = {pkgs_expression(package_set, system="x86_64-linux")};
          t = p.python312Packages.rknn-toolkit2.override {{ torch = {torch}; }};
        in [ (map (d: d.pname) t.propagatedBuildInputs) t.rknnWithout ]
        """
    )
    return sorted(needs), without


NEEDS = [
    "fast-histogram",
    "flatbuffers",
    "numpy",
    "onnx",
    "onnxruntime",
    "opencv-python",
    "protobuf",
    "psutil",
    "ruamel-yaml",
    "scipy",
    "tqdm",
]


def test_torch_is_needed_where_there_is_one(nix: Nix, package_set: Path) -> None:
    torch = 'p.writeText "torch" "" // { pname = "torch"; }'
    assert dependencies(nix, package_set, torch) == (sorted([*NEEDS, "torch"]), [])


def test_torch_can_be_left_out(nix: Nix, package_set: Path) -> None:
    assert dependencies(nix, package_set, "null") == (NEEDS, ["torch"])


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_is_unfree_vendor_code(evaluator: Nix, system: str) -> None:
    meta = evaluator.eval(
        f"packages.{system}.rknn-toolkit.meta",
        "--apply",
        "m: [ m.license.free (map (s: s.shortName) m.sourceProvenance) m.platforms ]",
    )
    assert meta == [False, ["binaryNativeCode"], list(SYSTEMS)]
