"""The binding is there for each Python Rockchip has a wheel for, and refuses the others by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rknn_flake.errors import CommandError

if TYPE_CHECKING:
    from rknn_flake.nix import Nix

pytestmark = pytest.mark.nix

PKGS = "legacyPackages.aarch64-linux"


@pytest.mark.parametrize(("python", "tag"), [("python311", "cp311"), ("python312", "cp312")])
def test_wheel_of_the_interpreter_is_used(evaluator: Nix, python: str, tag: str) -> None:
    name = evaluator.eval(f"{PKGS}.{python}Packages.rknn-toolkit-lite2.src.name")
    assert f"-{tag}-{tag}-" in name


def test_default_is_312(evaluator: Nix) -> None:
    default = evaluator.eval(f"{PKGS}.rknn.toolkit-lite.drvPath")
    assert default == evaluator.eval(f"{PKGS}.python312Packages.rknn-toolkit-lite2.drvPath")


def test_a_python_without_a_wheel_is_refused_with_what_to_use(evaluator: Nix) -> None:
    with pytest.raises(CommandError) as caught:
        evaluator.eval(f"{PKGS}.python313Packages.rknn-toolkit-lite2.drvPath")
    message = str(caught.value)
    assert "Rockchip has no wheel for cpython 3.13" in message
    assert "use python312Packages.rknn-toolkit-lite2" in message


def test_the_attribute_is_there_even_without_a_wheel(evaluator: Nix) -> None:
    names = evaluator.eval(
        f"{PKGS}.python313Packages", "--apply", "ps: builtins.hasAttr ''rknn-toolkit-lite2'' ps"
    )
    assert names is True


def test_dependencies_are_the_wheels_own(evaluator: Nix) -> None:
    names = evaluator.eval(
        f"{PKGS}.rknn.toolkit-lite.propagatedBuildInputs", "--apply", "map (p: p.pname)"
    )
    assert sorted(names) == ["numpy", "psutil", "ruamel-yaml"]


def test_environments_cover_the_pythons_of_the_package_set(evaluator: Nix) -> None:
    names = evaluator.eval(f"{PKGS}.rknn.envs", "--apply", "builtins.attrNames")
    assert names == ["python311", "python312"]
